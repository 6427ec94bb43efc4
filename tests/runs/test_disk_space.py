"""A full disk: refused before the training begins, or else the network is there at its end, whoever fills it."""

import errno
import os
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from neuralscope.errors import InputError
from neuralscope.network import Trainer, load
from neuralscope.network.options import TrainingOptions
from neuralscope.runs import run
from neuralscope.runs.beginning import make_trainer, training_metadata
from neuralscope.runs.disk_space import PlannedFile, check_space, file_sizes
from neuralscope.runs.run import TrainingRun
from neuralscope.runs.run_files import RunFiles
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import read_snapshots
from tests.helpers.command_runs import files, refusal, train, train_and_stop

NETWORK, CHECKPOINT = "trained_weights.npz", "trained_weights.checkpoint.npz"
SNAPSHOTS, UNFINISHED = "trained_weights.epochs.npz", "trained_weights.checkpoint.epochs.npz"
HOLDS_SPACE = pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="no posix_fallocate here")
FULL = OSError(errno.ENOSPC, "No space left on device")


class Disk:
    """A disk of ``size`` bytes, of which others take ``filled``, below the current folder."""

    def __init__(self, monkeypatch, folder):
        self.size, self.filled, self.folder = sys.maxsize, 0, folder
        sync, allocate = os.fsync, getattr(os, "posix_fallocate", None)

        def fsync(file):
            if self.free < 0:
                raise FULL
            sync(file)

        def posix_fallocate(file, start, count):
            allocate(file, start, count)
            if self.free < 0:
                raise FULL

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=self.size, free=max(0, self.free)))
        if allocate:
            monkeypatch.setattr(os, "posix_fallocate", posix_fallocate)

    @property
    def free(self):
        """How many bytes are free; below 0 it is too full."""
        return self.size - self.filled - sum(path.stat().st_size for path in self.folder.iterdir())

    def fill(self, left=0):
        """Let others fill it, but for so many bytes."""
        self.size, self.filled = 10**9, 0
        self.filled = self.free - left


@pytest.fixture
def disk(warm, tmp_path, monkeypatch):
    """A Disk on which the current, empty folder is; checkpoints are written after every epoch."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0)
    return Disk(monkeypatch, tmp_path)


def fill_at(monkeypatch, epoch, fill):
    """Call ``fill`` before the first step of this epoch, from 0."""
    learn = Trainer.learn

    def filling(self, images, labels):
        if (self.epoch, self.position) == (epoch, 0):
            fill()
        return learn(self, images, labels)

    monkeypatch.setattr(Trainer, "learn", filling)


def test_what_would_not_fit_together_is_refused_with_what_it_takes_and_what_is_free(disk):
    disk.size = 250_000
    line = refusal("--epochs", "2", "--snapshots")
    found = re.fullmatch(rf"{NETWORK}: a training's files there take up to ([\d,]+) bytes, and 249,9\d\d are free; "
                         "make room, or write elsewhere with --output", line)
    assert found, line
    assert files() == []
    disk.size = int(found[1].replace(",", "")) + len(str(os.getpid()))  # the lock holds it
    assert train("--epochs", "2", "--snapshots", "--quiet") == 0
    assert files() == [SNAPSHOTS, NETWORK]
    disk.size += sum(path.stat().st_size for path in Path().iterdir()) - 1
    assert "are free" in refusal("--epochs", "2", "--snapshots", "--output", "another")


@pytest.mark.parametrize("options", [{}, {"optimizer": "sgd", "validation": 100}], ids=str)
def test_files_take_no_more_than_was_counted_and_not_much_less(disk, embedded, options):
    options = TrainingOptions(hidden=(12,), batch_size=250, augment="none", epochs=6, **options)
    metadata = training_metadata(embedded, options, 1)
    trainer = make_trainer(options, embedded)
    writer = SnapshotWriter(UNFINISHED, options, embedded.test, metadata)
    work = TrainingRun(trainer, Path(NETWORK), None, metadata, writer)
    planned = file_sizes(trainer, metadata, writer.size)
    work.begin()
    for report in run.train(trainer):
        work.record_epoch(report, lambda words: None)
    assert 0.7 < os.path.getsize(CHECKPOINT) / planned.checkpoint <= 1
    assert 0.7 < os.path.getsize(UNFINISHED) / planned.snapshots <= 1
    work.finish()
    assert 0.6 < os.path.getsize(NETWORK) / planned.network <= 1


def test_what_is_there_and_is_written_again_counts_once(disk):
    Path("a").write_bytes(bytes(100))
    disk.size = 100 + 120 + 20
    check_space([PlannedFile(Path("a"), 120)])  # itself anew, and 20 more than it was
    disk.size -= 1
    with pytest.raises(InputError, match="take up to 140 bytes, and 139 are free"):
        check_space([PlannedFile(Path("a"), 120)])
    disk.size += 100
    with pytest.raises(InputError, match="take up to 240 bytes, and 239 are free"):
        check_space([PlannedFile(Path("a"), 120), PlannedFile(Path("b"), 100, held=True)])
    disk.size = 0  # of which nothing is known
    check_space([PlannedFile(Path("a"), 120)])


@HOLDS_SPACE
@pytest.mark.parametrize("epoch", [0, 2])
def test_whoever_fills_the_disk_the_network_is_there_at_the_end(disk, epoch, monkeypatch, capsys):
    fill_at(monkeypatch, epoch, disk.fill)
    assert train("--epochs", "4", "--snapshots") == 0
    assert load(NETWORK).metadata["epochs_run"] == 4
    assert CHECKPOINT not in files()
    assert "cannot be written (No space left on device)" in capsys.readouterr().err


def give_way_then(monkeypatch, then=lambda: None):
    """Call ``then`` after snapshots have given way; return the list of the files that are left each time."""
    give_way, left = SnapshotWriter.give_way, []

    def recorded(self):
        given = give_way(self)
        left.append(files())
        then()
        return given

    monkeypatch.setattr(SnapshotWriter, "give_way", recorded)
    return left


def fill_at_the_end(monkeypatch, fill):
    """Call ``fill`` once all is learned, and take the checkpoint away."""
    finish = run.TrainingRun.finish

    def fill_and_finish(self):
        self.files.checkpoint.unlink()
        fill()
        finish(self)

    monkeypatch.setattr(run.TrainingRun, "finish", fill_and_finish)


def test_where_no_room_can_be_held_the_snapshots_give_way_to_the_network(disk, monkeypatch, capsys):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    fill_at_the_end(monkeypatch, lambda: disk.fill(30_000))
    left = give_way_then(monkeypatch, lambda: disk.fill(50_000))  # enough for the network, and no more
    assert train("--epochs", "4", "--snapshots") == 0
    assert load(NETWORK).metadata["epochs_run"] == 4
    last = capsys.readouterr().err.splitlines()[-1]
    assert f": the snapshots gave way to what was learned; {UNFINISHED}: cannot be written (No space left " in last
    assert [UNFINISHED in names for names in left] == [False]
    assert files() == [NETWORK]


def test_snapshots_that_gave_way_are_written_where_there_is_room_afterwards(disk, monkeypatch, capsys):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    fill_at_the_end(monkeypatch, lambda: disk.fill(30_000))
    left = give_way_then(monkeypatch)
    assert train("--epochs", "4", "--snapshots") == 0
    assert "gave way" not in capsys.readouterr().err
    assert [UNFINISHED in names for names in left] == [False]
    assert files() == [SNAPSHOTS, NETWORK]
    assert len(read_snapshots(SNAPSHOTS)) == 5


def test_once_the_network_is_there_the_checkpoint_makes_room_for_the_snapshots(disk, monkeypatch):
    finish, deflated = run.TrainingRun.finish, []

    def fill_and_finish(self):
        disk.fill(40_000)
        finish(self)
        deflated.append(os.path.getsize(SNAPSHOTS))

    monkeypatch.setattr(run.TrainingRun, "finish", fill_and_finish)
    assert train("--epochs", "4", "--snapshots", "--quiet") == 0
    assert len(read_snapshots(SNAPSHOTS)) == 5
    assert deflated[0] < 60_000  # written anew, which had no room beside the checkpoint


@HOLDS_SPACE
@pytest.mark.parametrize("refilled", [False, True])
def test_control_c_on_a_full_disk_keeps_what_was_learned_in_the_room_of_the_rest(disk, refilled, monkeypatch, capsys):
    words = "--epochs", "9", "--snapshots"
    train(*words, "--quiet", "--output", "straight")
    fill_at(monkeypatch, 5, lambda: disk.fill(40_000))
    left = give_way_then(monkeypatch, lambda: refilled and disk.fill(200_000))
    take_room = RunFiles.note_checkpoint

    def note_and_fill(self, epochs, state):
        take_room(self, epochs, state)
        if left and refilled:
            disk.fill(0)

    monkeypatch.setattr(RunFiles, "note_checkpoint", note_and_fill)
    assert train_and_stop(33, *words) == 130
    saved = load(CHECKPOINT)
    assert (saved.metadata["epochs_run"], int(saved.state["position"])) == (5, 1000)
    assert [UNFINISHED in names for names in left] == [False]
    assert (UNFINISHED in files()) != refilled
    assert ("the snapshots gave way to what was learned" in capsys.readouterr().err) == refilled
    disk.size, disk.filled = sys.maxsize, 0
    left.clear()
    assert train(*words, "--quiet", "--resume") == 0
    assert Path(NETWORK).read_bytes() == Path("straight.npz").read_bytes()


@HOLDS_SPACE
def test_the_first_checkpoint_has_room_of_its_own(disk, monkeypatch):
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 1e9)
    fill_at(monkeypatch, 1, disk.fill)
    assert train_and_stop(10, "--epochs", "9", "--quiet") == 130
    assert int(load(CHECKPOINT).state["position"]) == 1250
    assert files() == [CHECKPOINT]


def test_where_nothing_makes_enough_room_the_last_checkpoint_is_whole_and_named(disk, monkeypatch):
    fill_at(monkeypatch, 3, disk.fill)
    with pytest.raises(InputError) as caught:
        train_and_stop(20, "--epochs", "9", "--quiet")
    assert str(caught.value).endswith(f"; epoch 3 is still in {CHECKPOINT}")
    assert load(CHECKPOINT).metadata["epochs_run"] == 3
    assert files() == [CHECKPOINT]


def test_what_kills_left_goes_before_it_is_counted_whether_there_are_to_be_snapshots_or_not(disk):
    for name in (NETWORK, CHECKPOINT, SNAPSHOTS, UNFINISHED):
        Path(f".{name}.0a1b.tmp").write_bytes(bytes(300_000))
    disk.size = 1_000_000
    assert train("--epochs", "1", "--quiet") == 0
    assert files() == [NETWORK]
