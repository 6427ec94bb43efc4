"""Keeping snapshots: at which epochs, how large, written whole, continued, and none that would be wrong."""

import dataclasses
import os
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from neuralscope.data_loader import Digits
from neuralscope.errors import InputError
from neuralscope.network import Network, TrainingOptions
from neuralscope.runs import snapshot_writer
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import read_snapshots, snapshots_path

OPTIONS = TrainingOptions(epochs=10, hidden=(4,))
TEST = Digits(np.random.default_rng(0).random((30, 6), np.float32), np.arange(30) % 3)
ABOUT = {"options": {"seed": 0}, "test_sha256": "x"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.checkpoint.epochs.npz"


def recording(path, options=OPTIONS, about=ABOUT, epochs=()):
    made = SnapshotWriter(path, options, TEST, about)
    for epoch in epochs:
        made.add(epoch, network(epoch), {"loss": epoch / 10, "seconds": 3})
    return made


def network(seed):
    return Network.random((6, 4, 3), rng=np.random.default_rng(seed))


@pytest.mark.parametrize("most", [2, 3, 8, 40])
@pytest.mark.parametrize("epochs", [1, 2, 3, 38, 39, 40, 41, 100, 300, 10_000, 2**63 - 1])
def test_the_first_the_early_and_the_last_epochs_are_kept(epochs, most):
    kept = snapshot_writer.epochs_to_keep(epochs, most)
    assert (kept[0], kept[-1], len(kept)) == (0, epochs, min(most, epochs + 1))
    assert sorted(set(kept)) == list(kept)
    steps = np.diff(np.array(kept, float))
    assert (steps[1:-1] >= steps[:-2] - 1).all()  # early ones lie closest; rounding may cost one


def test_of_300_epochs_each_early_one_and_then_one_in_eight():
    kept = snapshot_writer.epochs_to_keep(300)
    assert kept[:13] == tuple(range(13))
    assert all(1.1 < later / earlier < 1.16 for earlier, later in pairwise(kept[20:]))


@pytest.mark.parametrize(("hidden", "count", "most"), [
    ((256,), 40, 17e6), ((128, 64), 40, 20e6), ((2048, 2048), 8, 1e8), ((30_000, 1000), 2, 3e8)])
def test_a_large_network_gets_fewer(hidden, count, most):
    test = Digits(np.empty((10_000, 784), np.float32), np.arange(10_000) % 10)
    made = SnapshotWriter("x.npz", TrainingOptions(hidden=hidden), test, {})
    assert len(made.kept_epochs) == count
    assert made.is_due(0)
    assert made.is_due(300)
    assert made.size <= most


def test_300_epochs_of_the_default_network_take_less_than_20_mb(path, monkeypatch):
    judged = SimpleNamespace(loss=0.5, accuracy=0.75, predictions=np.arange(10_000) % 10)
    monkeypatch.setattr(snapshot_writer, "evaluate", lambda *_: judged)  # which takes its time
    test = Digits(np.zeros((10_000, 784), np.float32), np.arange(10_000) % 10)
    made = SnapshotWriter(path, TrainingOptions(), test, ABOUT)
    default = TrainingOptions().network(784, 10, np.random.default_rng(0))
    for epoch in range(301):
        if made.is_due(epoch):
            made.add(epoch, default)
    made.write()
    assert len(made.snapshots) == 40
    assert made.size < path.stat().st_size <= 20e6
    assert path.stat().st_size < made.size + 10_000  # the frame


def test_what_there_is_now_stays_as_it_is(path):
    made = recording(path, epochs=(0, 1))
    before = made.snapshots
    made.add(2, network(2), {"loss": 0.2})
    assert (len(before), before.predictions.shape, before.history["loss"].shape) == (2, (2, 30), (2,))
    assert (len(made.snapshots), made.snapshots.predictions.shape) == (3, (3, 30))
    assert made.snapshots.networks[1] is before.networks[1]


def test_an_epoch_is_wanted_once(path):
    made = recording(path)
    assert [epoch for epoch in range(12) if made.is_due(epoch)] == list(range(11))
    made.add(4, network(4))
    assert not made.is_due(4)
    assert made.is_due(5)


def test_a_weight_beyond_float16_is_told_and_no_snapshot_of_it_kept(path):
    made = recording(path, epochs=(0,))
    arrays = {name: array.copy() for name, array in network(1).parameters.items()}
    arrays["b1"][2] = -70_000
    with pytest.raises(InputError, match=r"no snapshot of epoch 1: its largest weight, 7e\+04, is beyond the 65504"):
        made.add(1, network(1).with_parameters(arrays))
    assert made.snapshots.epochs.tolist() == [0]
    arrays["b1"][2] = -65_504
    made.add(1, network(1).with_parameters(arrays))
    assert made.snapshots.network(1).parameters["b1"][2] == -65_504


def test_it_writes_what_is_new_and_nothing_else(path):
    made = recording(path)
    made.write()
    assert not path.exists()
    made.add(0, network(0))
    made.write()
    before = os.stat(path)
    made.write()
    assert os.stat(path) == before
    made.add(1, network(1))
    made.write()
    assert read_snapshots(path).epochs.tolist() == [0, 1]


def test_where_it_cannot_be_written_the_file_stays_whole_and_it_is_tried_again(path, monkeypatch):
    made = recording(path, epochs=(0,))
    made.write()
    good = path.read_bytes()
    made.add(1, network(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(InputError, match=r"cannot be written .No space left on device.; make room"):
            made.write()
    assert os.listdir(path.parent) == [path.name]
    assert path.read_bytes() == good
    made.write()
    assert read_snapshots(path).epochs.tolist() == [0, 1]


# Going on


def test_it_goes_on_with_what_was_written_and_drops_what_lies_beyond(path):
    recording(path, epochs=range(6)).write()
    made = recording(path)
    made.resume(3)
    assert made.snapshots.epochs.tolist() == [0, 1, 2, 3]
    assert made.snapshots.predictions.shape == (4, 30)
    assert made.snapshots.history["loss"][1:].tolist() == [0.1, 0.2, 0.3]
    assert [epoch for epoch in range(12) if made.is_due(epoch)] == list(range(4, 11))
    made.add(4, network(7))
    made.write()
    assert read_snapshots(path).epochs.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(read_snapshots(path).network(4).layers[0].weights,
                                  network(7).layers[0].weights.astype(np.float16))


def test_what_was_gone_on_with_is_moved_in_the_end(path):
    recording(path, epochs=range(6)).write()
    made = recording(path)
    made.resume(5)
    made.finish(path.with_name("weights.epochs.npz"))
    assert os.listdir(path.parent) == ["weights.epochs.npz"]


def test_where_nothing_was_written_it_begins(path):
    made = recording(path)
    made.resume(3)
    assert not made.snapshots


@pytest.mark.parametrize(("options", "about"), [
    (OPTIONS, {"options": {"seed": 1}, "test_sha256": "x"}), (dataclasses.replace(OPTIONS, epochs=11), ABOUT)])
def test_the_file_of_another_training_is_not_gone_on_with(path, options, about):
    recording(path, epochs=(0,)).write()
    good = path.read_bytes()
    with pytest.raises(InputError, match="snapshots of another training; remove it, or leave out --snapshots"):
        recording(path, options, about).resume(0)
    assert path.read_bytes() == good


# The end


def test_in_the_end_the_file_is_moved(path):
    there, made = snapshots_path(path.with_name("weights.npz")), recording(path, epochs=(0, 1))
    made.finish(there)
    assert os.listdir(path.parent) == [there.name]
    assert made.snapshots.path == there
    assert read_snapshots(there).epochs.tolist() == [0, 1]


def test_what_was_written_is_moved_where_the_rest_cannot_be(path, monkeypatch):
    there, made = path.with_name("weights.epochs.npz"), recording(path, epochs=(0,))
    made.write()
    made.add(1, network(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(InputError, match="make room"):
            made.finish(there)
    assert os.listdir(path.parent) == [there.name]
    assert read_snapshots(there).epochs.tolist() == [0]


def test_where_it_cannot_be_moved_it_says_where_it_is(path):
    there, made = path.with_name("folder"), recording(path, epochs=(0,))
    there.mkdir()
    with pytest.raises(InputError, match=r"folder: cannot be written .*the snapshots are in .*checkpoint.epochs.npz"):
        made.finish(there)
    assert read_snapshots(path).epochs.tolist() == [0]


def test_the_file_of_another_is_not_moved(path):
    there, made = path.with_name("weights.epochs.npz"), recording(path, epochs=(0,))
    made.write()
    recording(path, about={}, epochs=(0,)).write()
    made.finish(there)
    assert os.listdir(path.parent) == [path.name]
