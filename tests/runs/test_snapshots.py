"""Snapshots in a file: what is kept is what was, and every other file is refused in words."""

import dataclasses
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import Trainer, TrainingOptions, evaluate, storage, train
from neuralscope.runs import run
from neuralscope.runs.beginning import training_metadata
from neuralscope.runs.output_paths import checkpoint_path
from neuralscope.runs.progress_bar import NoProgress
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import load_snapshots, read_snapshots, save_snapshots, snapshots_path

OPTIONS = TrainingOptions(epochs=5, hidden=(12,), batch_size=250, augment="none", optimizer="momentum",
                          learning_rate=0.2)


def training(embedded, folder, options=OPTIONS):
    """Return a Run on the embedded digits that keeps snapshots, ready to learn."""
    rng, output = np.random.default_rng(options.seed), Path(folder, "weights.npz")
    trainer = Trainer(options.network(784, 10, rng), embedded.train, embedded.test, options, rng)
    about = training_metadata(embedded, options, 1)
    recorder = SnapshotWriter(snapshots_path(checkpoint_path(output)), options, embedded.test, about)
    return run.TrainingRun(trainer, output, None, about, recorder)


@pytest.fixture(scope="module")
def folder(embedded, tmp_path_factory):
    """Return a folder with the files of a training of five epochs."""
    folder = tmp_path_factory.mktemp("kept")
    work = training(embedded, folder)
    assert work.learn(NoProgress(), lambda: False)
    work.finish()
    assert sorted(os.listdir(folder)) == ["weights.epochs.npz", "weights.npz"]
    return folder


@pytest.fixture
def saved(folder):
    return storage.load(folder / "weights.npz")


@pytest.fixture
def kept(folder, saved):
    return load_snapshots(folder / "weights.epochs.npz", saved)


@pytest.mark.parametrize(("weights", "there"), [
    ("trained_weights.npz", "trained_weights.epochs.npz"), ("a/b.v1.npz", "a/b.v1.epochs.npz"),
    ("b.checkpoint.npz", "b.checkpoint.epochs.npz"), ("weights.bin", "weights.bin.epochs.npz")])
def test_where_they_are_is_a_rule_of_names(weights, there):
    assert snapshots_path(weights) == Path(there)


def test_what_is_kept_is_what_was(embedded, kept, saved):
    rng = np.random.default_rng(OPTIONS.seed)
    start = OPTIONS.network(784, 10, rng)
    reports = list(train(Trainer(start, embedded.train, embedded.test, OPTIONS, rng)))
    assert kept.epochs.tolist() == list(range(6))
    assert (len(kept), kept.epoch_count, kept.path) == (6, 5, snapshots_path(saved.path))
    assert kept.metadata["options"]["hidden"] == [12]
    for place, network in enumerate([start, *(report.network for report in reports)]):
        ours = kept.network(place)
        assert ours.dtype == np.float32
        assert ours.architecture == network.architecture
        for name, array in network.parameters.items():
            np.testing.assert_array_equal(ours.parameters[name], array.astype(np.float16))
        judged = evaluate(ours, embedded.test.images, embedded.test.labels)
        np.testing.assert_array_equal(kept.predictions[place], judged.predictions)
        assert kept.history["test_loss"][place] == pytest.approx(judged.loss, rel=1e-6)
        assert kept.history["test_accuracy"][place] == judged.accuracy
    for name in "loss", "train_accuracy":
        np.testing.assert_array_equal(kept.history[name], [np.nan, *(getattr(report, name) for report in reports)])
    assert kept.history["test_accuracy"][-1] > 0.7 > 0.3 > kept.history["test_accuracy"][0]


def test_they_know_their_test_set(kept, embedded):
    assert kept.matches_test_set(embedded.test)
    assert not kept.matches_test_set(embedded.train)
    other = dataclasses.replace(embedded.test, labels=embedded.test.labels[::-1])
    assert not kept.matches_test_set(other)


def test_the_same_snapshots_give_the_same_bytes(kept, tmp_path):
    save_snapshots(dataclasses.replace(kept, path=tmp_path / "again.npz"), deflated=True)
    assert (tmp_path / "again.npz").read_bytes() == kept.path.read_bytes()


# Files that are refused


HOW = "; to keep snapshots of a training: python -m neuralscope.network --snapshots"
REMEDIES = {"there is no ": HOW, "newer": "); update NeuralScope", "cannot be read (": "; see to it that it can be",
            "another training": "; name the weights that it belongs to with --weights, or move it away" + HOW,
            "": "; remove it" + HOW}  # what is damaged, and nothing else, is to be removed


def refused(path, saved):
    """Return the line that a person reads where a file cannot be used, once it ends with what to do."""
    with pytest.raises(InputError) as caught:
        load_snapshots(path, saved)
    line = str(caught.value)
    assert "\n" not in line
    assert str(path) in line
    assert line.endswith(next(remedy for words, remedy in REMEDIES.items() if words in line))
    return line


def test_where_there_are_none_it_says_how_to_get_them(tmp_path, saved):
    assert "there is no " in refused(tmp_path / "weights.epochs.npz", saved)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04\xff" * 9])
def test_what_is_no_npz_is_refused(tmp_path, saved, content):
    (tmp_path / "x.npz").write_bytes(content)
    assert "it is not an .npz file, or a damaged one; remove it" in refused(tmp_path / "x.npz", saved)


def test_what_may_not_be_read_is_refused(kept, saved, monkeypatch):
    monkeypatch.setattr("zipfile.ZipFile", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert "cannot be read (Permission denied)" in refused(kept.path, saved)


def test_what_is_no_file_or_no_snapshots_is_refused(tmp_path, saved):
    assert "it is not a file" in refused(tmp_path, saved)
    assert "it holds no snapshots of a training" in refused(saved.path, saved)
    with pytest.raises(InputError, match="so it is no such file of NeuralScope"):
        storage.load(snapshots_path(saved.path))


@pytest.mark.parametrize("share", np.linspace(0, 1, 7))
def test_damaged_bytes_are_refused(tmp_path, kept, saved, share):
    content, path = bytearray(kept.path.read_bytes()), tmp_path / "damaged.npz"
    with zipfile.ZipFile(kept.path) as archive:
        members = archive.infolist()
    member = members[round(share * (len(members) - 1))]
    name, extra = (int.from_bytes(content[member.header_offset + at:][:2], "little") for at in (26, 28))
    place = member.header_offset + 30 + name + extra + member.compress_size // 2  # in its values: there are idle bytes
    path.write_bytes(content[:place])
    refused(path, saved)
    content[place] ^= 0x55
    path.write_bytes(content)
    refused(path, saved)


WRONG = [
    ("snapshots_version", lambda _: np.array(2), "written by a newer NeuralScope (snapshots 2, this one reads 1)"),
    ("snapshots_version", lambda _: np.array(0), "snapshots_version is 0, and the first was 1"),
    ("snapshots_version", lambda _: np.array(1.0), "snapshots_version is not a single whole number"),
    *((name, None, f"the array {name} is missing") for name in (
        "last", "epochs", "predictions", "activations", "metadata", "W1", "b2", "history_loss", "history_test_loss")),
    ("last", lambda _: np.array(4), "its epochs are not"),
    ("epochs", lambda epochs: epochs[::-1], "its epochs are not"),
    ("epochs", lambda epochs: epochs - 1, "its epochs are not"),
    ("epochs", lambda epochs: epochs * 0, "its epochs are not"),
    ("epochs", lambda epochs: epochs[:0], "its epochs are not"),
    ("epochs", lambda epochs: epochs[:, None], "its epochs are not"),
    ("epochs", lambda epochs: epochs.astype(np.float32), "its epochs are not"),
    ("epochs", lambda epochs: epochs[:4], "is not one finite float16 array an epoch"),
    ("predictions", lambda answers: answers[:4], "its predictions are not"),
    ("predictions", lambda answers: answers[0], "its predictions are not"),
    ("predictions", lambda answers: answers.astype(np.int64), "its predictions are not"),
    ("predictions", lambda answers: np.maximum(answers, 10), "its predictions are not"),
    ("history_loss", lambda column: column[1:], "its history is not"),
    ("history_loss", lambda column: column.astype("U8"), "its history is not"),
    ("history_test_loss", lambda column: column * np.inf, "its history is not"),
    ("W1", lambda weights: weights[:3], "W1 is not one finite float16 array an epoch"),
    ("W1", lambda weights: weights.astype(np.float32), "W1 is not one finite float16 array an epoch"),
    ("W1", lambda weights: weights * np.float16(np.nan), "W1 is not one finite float16 array an epoch"),
    ("b1", lambda biases: biases * 0 + np.float16(np.inf), "b1 is not one finite float16 array an epoch"),
    ("b2", lambda biases: biases[0, 0], "b2 is not one finite float16 array an epoch"),
    ("b2", lambda biases: biases[:, :9], "b2 has shape (9,), but W2 needs (10,)"),
    ("W2", lambda weights: weights[:, :9], "W1 has 12 outputs, but W2 has 9 inputs"),
    ("activations", lambda names: names[:1], "relu"),
    ("activations", lambda names: np.array(["magic", "softmax"]), "magic"),
    ("metadata", lambda _: np.array("{"), "its metadata is not JSON"),
    ("metadata", lambda _: np.array("[]"), "its metadata is not a JSON object"),
]


@pytest.mark.parametrize(("name", "change", "words"), WRONG)
def test_an_array_that_is_missing_or_wrong_is_told(tmp_path, kept, saved, name, change, words):
    with np.load(kept.path) as file:
        arrays = dict(file)
    if change:
        arrays[name] = change(arrays[name])
    else:
        del arrays[name]
    np.savez(tmp_path / "wrong.npz", **arrays)
    assert words in refused(tmp_path / "wrong.npz", saved)


def test_those_of_another_training_are_refused(tmp_path, embedded, kept, saved):
    seeds = dataclasses.replace(OPTIONS, seed=1)
    work = training(embedded, tmp_path, seeds)
    work.learn(NoProgress(), lambda: False)
    work.finish()
    other = storage.load(tmp_path / "weights.npz")
    assert f"holds snapshots of another training than {other.path};" in refused(kept.path, other)
    assert load_snapshots(snapshots_path(other.path), other).metadata["options"]["seed"] == 1
    same_words = dataclasses.replace(other, metadata=saved.metadata)
    assert "of another training" in refused(kept.path, same_words)
    shape = dataclasses.replace(saved, network=dataclasses.replace(OPTIONS, hidden=(3,)).network(
        784, 10, np.random.default_rng(0)))
    assert "of another training" in refused(kept.path, shape)
    assert "of another training" in refused(kept.path, dataclasses.replace(saved, metadata={}))


def test_weights_too_large_for_a_snapshot_are_of_another_training(kept, saved):
    huge = saved.network.with_parameters({name: array * 1e9 for name, array in saved.network.parameters.items()})
    assert "of another training" in refused(kept.path, dataclasses.replace(saved, network=huge))


def test_a_checkpoint_finds_those_of_its_training_though_none_is_of_its_epoch(tmp_path, kept, saved):
    some = dataclasses.replace(kept.up_to(3), path=tmp_path / "some.npz")
    save_snapshots(some)
    assert load_snapshots(some.path, saved).epochs.tolist() == [0, 1, 2, 3]
    assert read_snapshots(some.path).history["loss"].shape == (4,)


def test_the_shipped_network_comes_with_twelve_of_its_epochs():
    saved = storage.load(storage.find_weights())
    path = snapshots_path(saved.path)
    found = load_snapshots(path, saved)
    assert found.epochs.tolist() == [0, 1, 2, 3, 5, 9, 16, 29, 52, 93, 167, 300]
    assert path.stat().st_size < 5e6
    assert (np.diff(found.history["test_accuracy"]) > 0).sum() > 8
