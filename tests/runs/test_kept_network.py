"""A better network is not lost to a worse one: kept under a number, with its snapshots, whenever it is broken off."""

import errno
import os
from pathlib import Path

import pytest

from neuralscope.errors import InputError
from neuralscope.network import load, save
from neuralscope.runs import kept_network
from neuralscope.runs.kept_network import keep_network
from neuralscope.runs.snapshots import load_snapshots
from tests.helpers.command_runs import files, refusal, train, train_once

OUTPUT, SNAPSHOTS = "trained_weights.npz", "trained_weights.epochs.npz"
KEPT, KEPT_SNAPSHOTS = "trained_weights.1.npz", "trained_weights.1.epochs.npz"


@pytest.fixture(autouse=True)
def better(warm, trained, tmp_path, monkeypatch):
    """The bytes of a network of eight epochs in an empty current folder, beside its snapshots."""
    monkeypatch.chdir(tmp_path)
    train_once(trained, "--epochs", "8", "--snapshots")
    return Path(OUTPUT).read_bytes()


def test_a_worse_network_takes_its_name_and_the_better_one_is_kept(better, capsys):
    accuracy = load(OUTPUT).metadata["test_accuracy"]
    train("--epochs", "1")
    out, err = capsys.readouterr()
    assert err.startswith(f"{OUTPUT}, {accuracy * 100:.2f} % of digits, will be replaced at the end, or kept as {KEPT} "
                          "where it is the better one\n")
    assert out.endswith(f"; saved in {OUTPUT}; the network that was there is kept as {KEPT}\n")
    assert Path(KEPT).read_bytes() == better
    assert len(load_snapshots(KEPT_SNAPSHOTS, load(KEPT))) == 9
    assert load(OUTPUT).metadata["epochs_run"] == 1
    assert files() == [KEPT_SNAPSHOTS, KEPT, OUTPUT]


def test_a_network_as_good_and_a_worse_one_are_replaced(better, capsys):
    train("--epochs", "8", "--quiet")
    assert Path(OUTPUT).read_bytes() == better
    train("--epochs", "12")
    out, err = capsys.readouterr()
    assert "will be replaced at the end" in err
    assert "kept" not in out
    assert files() == [SNAPSHOTS, OUTPUT]


def test_one_of_other_data_is_kept_and_one_that_does_not_say_how_well_it_reads(better, capsys):
    saved = load(OUTPUT)
    for change in ({"dataset": "mnist", "test_accuracy": 0.1}, {"test_sha256": "x", "test_accuracy": 0.1}):
        save(saved.network, "other.npz", saved.metadata | change, saved.history)
        train("--epochs", "2", "--output", "other")
        assert ("will be kept as other.1.npz, for it is of other data" in capsys.readouterr().err)
        assert load("other.1.npz").metadata["test_accuracy"] == 0.1
        os.remove("other.1.npz")
    metadata = {name: value for name, value in saved.metadata.items() if name != "test_accuracy"}
    save(saved.network, "other.npz", metadata, saved.history)
    train("--epochs", "2", "--output", "other")
    assert capsys.readouterr().err.startswith("other.npz, a network for digits, will be replaced at the end, or kept")
    assert load("other.1.npz").metadata["epochs_run"] == 8


def test_the_first_free_number_is_taken_of_which_nothing_is_there(better):
    Path(KEPT_SNAPSHOTS).write_bytes(b"mine")
    Path("trained_weights.2.npz").symlink_to("nowhere.npz")
    train("--epochs", "1", "--quiet")
    assert Path("trained_weights.3.npz").read_bytes() == better
    assert Path(KEPT_SNAPSHOTS).read_bytes() == b"mine"


def test_with_snapshots_of_its_own_each_network_has_its_own(better):
    train("--epochs", "1", "--quiet", "--snapshots")
    assert len(load_snapshots(SNAPSHOTS, load(OUTPUT))) == 2
    assert len(load_snapshots(KEPT_SNAPSHOTS, load(KEPT))) == 9


def test_snapshots_that_are_not_its_own_stay_where_they_are(better):
    train("--epochs", "9", "--quiet", "--snapshots", "--output", "another")
    os.replace("another.epochs.npz", SNAPSHOTS)
    train("--epochs", "1", "--quiet")
    assert [name for name in files() if "epochs" in name] == [SNAPSHOTS]


@pytest.mark.parametrize("links", [True, False])
def test_whenever_it_is_killed_both_are_whole(better, links, monkeypatch):
    replace, seen = os.replace, []

    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    def look(source, target):
        if Path(target).name == OUTPUT:
            seen.append((Path(OUTPUT).read_bytes(), Path(KEPT).read_bytes(), Path(KEPT_SNAPSHOTS).exists()))
        replace(source, target)

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "replace", look)
    train("--epochs", "1", "--quiet")
    assert seen == [(better, better, True)]
    assert load(OUTPUT).metadata["epochs_run"] == 1


def test_where_the_output_cannot_be_written_nothing_has_another_name(better, monkeypatch):
    replace = os.replace

    def refuse(source, target):
        if Path(target).name == OUTPUT:
            raise PermissionError(errno.EACCES, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    assert "what was learned is in trained_weights.checkpoint.npz" in refusal("--epochs", "1", "--quiet")
    assert Path(OUTPUT).read_bytes() == better
    assert files() == ["trained_weights.checkpoint.npz", SNAPSHOTS, OUTPUT]


def test_where_it_cannot_be_kept_it_is_not_replaced(better, monkeypatch):
    def refuse(*_):
        raise InputError(f"{KEPT}: cannot be written (Permission denied)")

    monkeypatch.setattr(kept_network, "add_name", refuse)
    assert "what was learned is in trained_weights.checkpoint.npz" in refusal("--epochs", "1", "--quiet")
    assert Path(OUTPUT).read_bytes() == better


def test_a_name_that_is_taken_meanwhile_is_not_written_over(better, monkeypatch):
    monkeypatch.setattr(kept_network, "free_number", lambda path: Path(KEPT))
    Path(KEPT).write_bytes(b"mine")
    with pytest.raises(InputError, match=f"{KEPT}: cannot be written"):
        keep_network(load(OUTPUT))
    assert Path(KEPT).read_bytes() == b"mine"
    Path(KEPT).unlink()
    Path(KEPT_SNAPSHOTS).write_bytes(b"mine")
    with pytest.raises(InputError, match=f"{KEPT_SNAPSHOTS}: cannot be written"):
        keep_network(load(OUTPUT))
    assert not Path(KEPT).exists()


def test_a_link_is_kept_as_what_it_leads_to(better):
    os.mkdir("store")
    os.replace(OUTPUT, "store/real.npz")
    Path(OUTPUT).symlink_to("store/real.npz")
    train("--epochs", "1", "--quiet")
    assert Path(OUTPUT).is_symlink()
    assert Path(KEPT).read_bytes() == better
    assert not Path(KEPT).is_symlink()
    assert load("store/real.npz").metadata["epochs_run"] == 1
