"""Tables from the training to the prediction: the classes by name, the rows that were kept for the test, all others."""

import dataclasses
import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from neuralscope import predict
from neuralscope.data_loader import load
from neuralscope.datasets.split import LAST_ROWS, Split
from neuralscope.errors import InputError
from neuralscope.network import Network, save, storage
from neuralscope.network.__main__ import main
from neuralscope.runs.digest import digits_sha256
from neuralscope.runs.network_data import load_network_data
from neuralscope.runs.run import TrainingRun
from neuralscope.runs.snapshots import load_snapshots
from tests.helpers.table_files import PIXEL_NAMES, write_table

QUICK = ["--hidden", "12", "--augment", "none", "--learning-rate", "0.01"]
WORDS = np.array(["zero", "one", "two"])


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    """An empty current folder, and digits that are decoded already."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def rows(embedded):
    """Return pixels (n, 784) uint8 and labels (n,) of the digits 0, 1 and 2 among 240, sorted by class."""
    few = np.flatnonzero(embedded.train.labels[:240] < 3)
    few = few[np.argsort(embedded.train.labels[few], kind="stable")]
    return embedded.train.pixels[few], embedded.train.labels[few]


def run(capsys, program, *words):
    assert program([str(word) for word in words]) == 0
    return capsys.readouterr()


def refused(words):
    with pytest.raises(InputError) as caught:
        main(list(words))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def train(capsys, name, *words, epochs=15):
    return run(capsys, main, "--dataset", name, *QUICK, "--epochs", epochs, "--output", "net.npz", *words)


def test_a_table_with_words_behind_its_pixels_trains_is_judged_and_read(capsys, rows):
    pixels, labels = rows
    write_table("words.csv", [*pixels.T, WORDS[labels]])
    err = train(capsys, "words.csv").err
    assert "the last column is taken for the label" in err
    assert f"--batch-size is {len(pixels) - round(len(pixels) / 6)}, for there are no more training images" in err
    metadata = storage.load("net.npz").metadata
    assert metadata["class_names"] == ["one", "two", "zero"]
    assert metadata["split"] == {"kind": "stratified", "seed": 0, "test_share": 1 / 6}
    assert metadata["test_count"] == round(len(pixels) / 6)
    assert metadata["test_accuracy"] > 0.8

    judged, said = run(capsys, main, "--evaluate", "net.npz", "--dataset", "words.csv")
    assert f"{metadata['test_count']} test images (a CSV file)" in judged
    assert f"errors     {metadata['test_errors']} of {metadata['test_count']}" in judged
    assert "all its" not in said

    answers, said = run(capsys, predict.main, "words.csv", "--weights", "net.npz", "--json")
    answers = [json.loads(line) for line in answers.splitlines()]
    assert [answer["label"] for answer in answers] == WORDS[labels].tolist()
    right = sum(answer["label"] == answer["name"] for answer in answers)
    assert "neuralscope.predict: words.csv: the last column is taken for the label" in said.splitlines()[0]
    assert f"{right} of {len(labels)} are right by their labels (" in said.splitlines()[-1]
    assert right > 0.9 * len(labels)


def test_labels_that_a_network_has_no_class_for_are_neither_right_nor_wrong(capsys, rows, shipped):
    pixels, labels = rows
    write_table("words.csv", [*pixels.T, WORDS[labels]])
    answers, said = run(capsys, predict.main, "words.csv", "--weights", str(shipped.path))
    assert len(answers.splitlines()) == len(labels)
    assert said.splitlines()[-1] == (
        f"neuralscope.predict: {len(labels)} have labels that are none of the network's classes")
    assert "right" not in said


def test_another_file_is_judged_by_all_its_rows_and_that_is_said(capsys, rows):
    pixels, labels = rows
    table = write_table("digits.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    train(capsys, "digits.csv", epochs=2)
    write_table("other.csv", [*pixels[::2].T, labels[::2]], [*PIXEL_NAMES, "class"])
    judged, said = run(capsys, main, "--evaluate", "net.npz", "--dataset", "other.csv")
    assert f"other.csv, {len(labels[::2])} test images" in judged
    assert f"other.csv is not what the network learned from: all its {len(labels[::2])} rows are judged" in said
    os.replace("other.csv", table)
    assert "digits.csv is not as it was when the network learned" in run(
        capsys, main, "--evaluate", "net.npz", "--dataset", "digits.csv").err


def test_a_file_with_a_test_part_of_its_own_is_judged_by_it(capsys, rows, shipped):
    pixels, labels = rows
    np.savez("keras.npz", x_train=pixels[9:], y_train=labels[9:], x_test=pixels[:9], y_test=labels[:9])
    judged, said = run(capsys, main, "--evaluate", shipped.path, "--dataset", "keras.npz")
    assert "keras.npz, 9 test images (an .npz file)" in judged
    assert said == ""
    answers, said = run(capsys, predict.main, "keras.npz", "--weights", shipped.path)
    assert len(answers.splitlines()) == 9
    assert "keras.npz: its test part is read" in said


def test_the_digits_of_a_published_set_are_known_in_a_table(capsys, embedded):
    network = Network.random((784, 10), rng=np.random.default_rng(0))
    digits = embedded.train
    save(network, "net.npz", {"dataset": "mnist", "train_count": 60, "train_sha256": digits_sha256(
        dataclasses.replace(digits, pixels=digits.pixels[:60], labels=digits.labels[:60]))})
    write_table("mnist_train.csv", [digits.labels[:60], *digits.pixels[:60].T], ["label", *PIXEL_NAMES])
    assert "learned from all rows of mnist_train.csv" in refused(
        ["--evaluate", "net.npz", "--dataset", "mnist_train.csv"])
    data, learned = load_network_data(storage.load("net.npz"), "mnist_train.csv")
    assert "the network learned from all rows of mnist_train.csv" in data.notice
    assert not learned
    write_table("mnist_test.csv", [digits.labels[60:70], *digits.pixels[60:70].T], ["label", *PIXEL_NAMES])
    assert "10 test images" in run(capsys, main, "--evaluate", "net.npz", "--dataset", "mnist_train.csv").out


def test_the_same_file_elsewhere_is_judged_by_the_rows_that_were_kept(capsys, rows):
    pixels, labels = rows
    write_table("digits.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    train(capsys, "digits.csv", epochs=2)
    Path("folder").mkdir()
    os.replace("digits.csv", "folder/renamed.csv")
    judged, _ = run(capsys, main, "--evaluate", "net.npz", "--dataset", "folder/renamed.csv")
    assert f"{round(len(labels) / 6)} test images" in judged
    # a test file that came later does not move the rows that were kept
    write_table("folder/renamed_test.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    judged, _ = run(capsys, main, "--evaluate", "net.npz", "--dataset", "folder/renamed.csv")
    assert f"{round(len(labels) / 6)} test images" in judged


def test_a_test_file_that_is_gone_is_asked_for(capsys, rows):
    pixels, labels = rows
    write_table("digits.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    write_table("digits_test.csv", [labels[:9], *pixels[:9].T], ["label", *PIXEL_NAMES])
    train(capsys, "digits.csv", epochs=1)
    assert storage.load("net.npz").metadata["split"] == {"kind": "test file", "file": "digits_test.csv"}
    assert "9 test images" in run(capsys, main, "--evaluate", "net.npz", "--dataset", "digits.csv").out
    os.remove("digits_test.csv")
    line = refused(["--evaluate", "net.npz", "--dataset", "digits.csv"])
    assert line == ("net.npz: learned from all rows of digits.csv; put digits_test.csv beside it, or judge it by other "
                    "rows")


def test_a_network_of_an_older_version_is_judged_by_the_last_sixth(capsys, rows):
    pixels, labels = rows
    order = np.random.default_rng(0).permutation(len(labels))
    write_table("digits.csv", [labels[order], *pixels[order].T], ["label", *PIXEL_NAMES])
    old = load("digits.csv", split=Split(LAST_ROWS)).with_classes(tuple("0123456789"))
    network = Network.random((784, 10), rng=np.random.default_rng(0))
    save(network, "net.npz", {"dataset": "digits.csv", "train_sha256": digits_sha256(old.train)})
    judged, said = run(capsys, main, "--evaluate", "net.npz", "--dataset", "digits.csv")
    assert f"{len(labels) // 6} test images" in judged
    assert "all its" not in said


def test_a_table_that_misses_a_class_is_judged_by_the_names_of_the_others(capsys, rows, shipped):
    pixels, labels = rows
    other = np.where(labels == 0, 0, labels + 1)  # 0, 2 and 3: places of their own would be 0, 1 and 2
    write_table("digits.csv", [other, *pixels.T], ["label", *PIXEL_NAMES])
    judged, said = run(capsys, main, "--evaluate", shipped.path, "--dataset", "digits.csv")
    outputs = shipped.network.forward(pixels / np.float32(255)).outputs.argmax(axis=1)
    assert f"errors     {(outputs != other).sum()} of {len(labels)}" in judged
    assert "is not what the network learned from: all its" in said
    for words in (WORDS[labels], np.where(labels == 0, "ten", labels)):  # no word stands for a place
        write_table("digits.csv", [words, *pixels.T], ["label", *PIXEL_NAMES])
        assert "which is none of the network's" in refused(["--evaluate", str(shipped.path), "--dataset", "digits.csv"])
    write_table("digits.csv", [np.where(labels == 0, "x", labels), *pixels.T], ["label", *PIXEL_NAMES])
    line = refused(["--evaluate", str(shipped.path), "--dataset", "digits.csv"])
    assert "digits.csv has the label 'x', which is none of the network's 10 classes (0, 1, 2, ...)" in line


def test_numbers_are_the_places_of_names_and_that_is_said(capsys, rows):
    pixels, labels = rows
    network = Network.random((784, 10), rng=np.random.default_rng(0))
    save(network, "fashion.npz", {"dataset": "fashion_mnist"})
    write_table("fashion.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    said = run(capsys, main, "--evaluate", "fashion.npz", "--dataset", "fashion.csv").err
    assert "labels 0 to 2 are taken for T-shirt/top to Pullover" in said
    answers, said = run(capsys, predict.main, "fashion.csv", "--weights", "fashion.npz", "--json")
    places = [json.loads(line)["digit"] for line in answers.splitlines()]
    assert f"{(np.array(places) == labels).sum()} of {len(labels)} are right" in said


def test_an_unlabelled_table_is_neither_learned_nor_judged_but_read(capsys, rows, shipped):
    pixels, _ = rows
    write_table("bare.csv", pixels.T, PIXEL_NAMES)
    assert "bare.csv has no labels to learn from" in refused(["--dataset", "bare.csv", *QUICK])
    line = refused(["--evaluate", str(shipped.path), "--dataset", "bare.csv"])
    assert line.startswith("bare.csv has no labels to judge by; ")
    capsys.readouterr()
    out, err = run(capsys, predict.main, "bare.csv", "--weights", shipped.path)
    assert len(out.splitlines()) == len(pixels)
    assert err == ""


def test_the_label_column_is_an_option_of_every_program(capsys, rows, shipped):
    pixels, labels = rows
    write_table("two.csv", [labels, *pixels.T[:-1], labels], None)  # a picture's last pixel is like a label
    assert "--label-column" in refused(["--dataset", "two.csv", *QUICK])
    train(capsys, "two.csv", "--label-column", "1", epochs=1)
    assert "test images" in run(
        capsys, main, "--evaluate", "net.npz", "--dataset", "two.csv", "--label-column", "1").out
    assert predict.main(["two.csv", "--weights", str(shipped.path)]) == 2
    assert "--label-column" in capsys.readouterr().err
    assert f"of {len(labels)} are right" in run(
        capsys, predict.main, "two.csv", "--weights", shipped.path, "--label-column", "1").err


def test_one_digit_of_each_class_is_enough_to_judge_by(capsys, embedded, shipped):
    first = [np.flatnonzero(embedded.train.labels == label)[0] for label in range(10)]
    write_table("ten.csv", [range(10), *embedded.train.pixels[first].T], ["label", *PIXEL_NAMES])
    judged, said = run(capsys, main, "--evaluate", shipped.path, "--dataset", "ten.csv")
    assert "ten.csv, 10 test images" in judged
    assert "all its 10 rows are judged" in said
    assert "so there is nothing to learn" in refused(["--dataset", "ten.csv", *QUICK])


@pytest.mark.parametrize("count", [15, 18])
def test_few_images_train(capsys, embedded, count):
    write_table("few.csv", [embedded.train.labels[:count], *embedded.train.pixels[:count].T], ["label", *PIXEL_NAMES])
    err = run(capsys, main, "--dataset", "few.csv", "--epochs", "1", "--hidden", "4", "--output", "net.npz").err
    assert f"--batch-size is {count - round(count / 6)}, " in err
    assert storage.load("net.npz").metadata["options"]["batch_size"] == count - round(count / 6)
    line = refused(["--dataset", "few.csv", "--epochs", "1", "--batch-size", "128", "--output", "net.npz"])
    assert "there are" in line
    assert "choose at most that many, or 0 for all of them" in line


def test_a_checkpoint_of_another_split_is_not_continued(capsys, rows, monkeypatch):
    pixels, labels = rows
    write_table("digits.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    words = ["--dataset", "digits.csv", *QUICK, "--epochs", "9", "--output", "net.npz"]
    learn, stops = TrainingRun.learn, iter([False] * 3)

    def learn_three_steps(run, progress, stop):
        def interrupted():
            if next(stops, True):
                signal.raise_signal(signal.SIGINT)
            return stop()

        return learn(run, progress, interrupted)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "learn", learn_three_steps)
        assert main(words) == 130
    write_table("digits_test.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES])
    line = refused([*words, "--resume"])
    assert 'split {"kind": "stratified"' in line
    assert "'file': 'digits_test.csv'" in line
    os.remove("digits_test.csv")
    assert main([*words, "--resume"]) == 0


def test_three_hundred_classes_train_and_keep_snapshots(capsys, embedded):
    labels = np.arange(900) % 300
    write_table("many.csv", [labels, *embedded.train.pixels[:900].T], ["label", *PIXEL_NAMES])
    run(capsys, main, "--dataset", "many.csv", "--epochs", "1", "--hidden", "4", "--augment", "none", "--output",
        "net.npz", "--snapshots", "2")
    saved = storage.load("net.npz")
    assert len(saved.metadata["class_names"]) == 300
    found = load_snapshots("net.epochs.npz", saved)
    assert found.predictions.dtype == np.uint16
    assert found.matches_test_set(load("many.csv").test)
