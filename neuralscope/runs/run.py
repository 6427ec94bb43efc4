"""`TrainingRun`: a Trainer at work, and when it writes its checkpoint, snapshots, log and output."""

import dataclasses
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numpy as np

from neuralscope import __version__
from neuralscope.data_loader import Dataset, Digits
from neuralscope.datasets.class_names import network_class_names
from neuralscope.errors import InputError, sentence
from neuralscope.network import storage
from neuralscope.network.metadata import check_writable
from neuralscope.network.model import Network
from neuralscope.network.options import TrainingOptions
from neuralscope.network.reports import EpochReport
from neuralscope.network.storage import SavedNetwork
from neuralscope.network.trainer import Trainer, train
from neuralscope.runs.checkpoint import older_digests, read_checkpoint
from neuralscope.runs.continuation import continuation_notice, continued_state, read_finished
from neuralscope.runs.digest import digits_sha256
from neuralscope.runs.disk_space import file_sizes
from neuralscope.runs.epoch_log import EpochLog
from neuralscope.runs.kept_network import find_better, keep_network, remove_names
from neuralscope.runs.output_paths import checkpoint_path, fingerprint, reserve_output, resumed_file
from neuralscope.runs.progress_bar import NoProgress, ProgressBar, ProgressLines
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import snapshots_path
from neuralscope.safe_files import Temporary, hold_space, write_making_room

CHECKPOINT_INTERVAL_S = 10
# of how well a network reads and of how many digits: what a file no longer says of it once it is changed
MEASUREMENT_NAMES = ("train_count", "train_accuracy", "validation_accuracy", "test_accuracy", "test_errors",
                     "test_count")
LOGGED_FIELDS = [field.name for field in dataclasses.fields(EpochReport) if field.name != "network"]


def check_labels(data: Dataset) -> None:
    """Raise InputError where nobody said what the digits of a Dataset show; reading them may say it first."""
    if not (data.train.has_labels and data.test.has_labels):
        raise no_labels_error(data)


def no_labels_error(data: Dataset) -> InputError:
    """Return the InputError for a training on a Dataset of which nobody said what its digits show."""
    return InputError(f"{data.name} has no labels to learn from", "choose a data set with labels")


def training_metadata(data: Dataset, options: TrainingOptions, threads: int, resume: Path | None = None) -> dict:
    """Return what the metadata says of a training before it began; ``data`` is a Dataset. Raises InputError.

    ``resume``: what it is to continue, a checkpoint or a network, whose digests of the same data stay as they are.
    """
    if not data.name.isprintable():
        raise InputError(f"--dataset {data.name!r}: a file cannot say that it learned from this", "rename the data")
    chosen = dataclasses.asdict(options) | {"hidden": list(options.hidden)}  # JSON knows no tuples
    metadata = {
        "dataset": data.name,
        "source": data.source,
        "train_count": len(data.train.labels),
        "train_sha256": digits_sha256(data.train),
        "test_sha256": digits_sha256(data.test),
        "options": chosen,
        "threads": threads,
        "neuralscope": __version__,
        "numpy": np.__version__,
    }
    if data.class_names != network_class_names(metadata, len(data.class_names)) or data.split:
        metadata["class_names"] = list(data.class_names)  # else the data set's name says it
    if data.split:
        metadata["split"] = data.split.as_metadata()
    check_writable(metadata)
    return metadata | older_digests(resume, data, metadata) if resume else metadata


def make_trainer(options: TrainingOptions, data: Dataset) -> Trainer:
    """Return a Trainer for a Dataset with a random network, both from the seed."""
    rng = np.random.default_rng(options.seed)
    network = options.network(data.train.pixels.shape[1], len(data.class_names), rng)
    return Trainer(network, data.train, data.test, options, rng)


class TrainingRun:
    """A Trainer at work on its files.

    ``output``: the path of the network; ``log``: a path or None; ``metadata``: ``training_metadata`` of data and
    options; ``snapshot_writer``: a SnapshotWriter, or None. ``history``: a dict for each epoch; ``write_failures``:
    what could not be written last time, by the method that tried, and why in words; ``rate_changes``: [step, learning
    rate] of each change; ``continued_after``: the epochs after which it went on with a finished network, and the
    optimizer anew; ``kept``: where the network is that the output replaced, or None.
    """

    def __init__(self, trainer: Trainer, output: Path, log: str | os.PathLike | None, metadata: dict,
                 snapshot_writer: SnapshotWriter | None = None) -> None:
        self.trainer, self.output, self.base_metadata, self.snapshot_writer = trainer, output, metadata, snapshot_writer
        self.log = EpochLog(log)
        self.checkpoint = checkpoint_path(output)
        # of the checkpoint that this run wrote or continues; its position: the epoch, and the images learned of it
        self.own_fingerprint: tuple[int, ...] | None = None
        self.checkpoint_epochs: int | None = None
        self.checkpoint_position: tuple[int, int] | None = None
        self.history: list[dict] = []
        self.last_good: tuple[Network, dict] | None = None  # network and state when an epoch last ended
        self.write_failures: dict[str, str] = {}
        self.rate_changes: list[list] = []
        self.continued_after: list[int] = []
        self.room: dict[Path, Temporary | None] = {}  # what is held of the disk, by the file that will take it
        self.gave_way = False  # the snapshots, for room
        self.kept: Path | None = None

    def set_rate(self, rate: float) -> None:
        """Take the steps to come with this learning rate; the metadata then says from which step on."""
        if rate != self.trainer.learning_rate:
            self.trainer.learning_rate, step = rate, self.trainer.steps + 1
            self.rate_changes = [change for change in self.rate_changes if change[0] != step] + [[step, rate]]

    def resume(self) -> str:
        """Take up where the checkpoint is, or a finished network; return a line to say, or "". Raises InputError."""
        if resumed_file(self.output) == self.output:
            return self.continue_finished()
        saved = read_checkpoint(self.checkpoint, self.trainer, self.base_metadata, LOGGED_FIELDS)
        if self.snapshot_writer:
            self.snapshot_writer.resume(int(saved.state["epoch"]))
        self.take_up(saved, saved.state)
        self.note_checkpoint(int(saved.state["epoch"]), saved.state)
        return ""

    def continue_finished(self) -> str:
        """Go on with the network at the output, for more epochs; return a line to say. Raises InputError."""
        saved = read_finished(self.output, self.trainer, self.base_metadata, LOGGED_FIELDS)
        rate = self.trainer.learning_rate
        self.take_up(saved, continued_state(self.trainer, saved))
        self.continued_after.append(self.trainer.epoch)
        if self.rate_changes and self.rate_changes[-1][1] != rate:
            self.rate_changes.append([self.trainer.steps + 1, rate])
        return continuation_notice(self.output, self.trainer.epoch, self.trainer.options.epochs)

    def take_up(self, saved: SavedNetwork, state: dict[str, np.ndarray]) -> None:
        """Go on from a Trainer's ``state``, with the history of a file and what its metadata says of changes."""
        self.trainer.state = state
        self.rate_changes = saved.metadata.get("learning_rates", [])
        self.continued_after = saved.metadata.get("continued_after", [])
        rows = zip(*(saved.history[name].tolist() for name in saved.history), strict=True)
        self.history = [dict.fromkeys(LOGGED_FIELDS) | dict(zip(saved.history, row, strict=True)) for row in rows]

    def hold_space(self) -> None:
        """Hold what output and first checkpoint take of the disk, where the system can do that; raises InputError."""
        sizes = file_sizes(self.trainer, self.base_metadata)
        self.room[self.output] = hold_space(self.output, sizes.network, "--output")
        if not self.own_fingerprint:
            self.room[self.checkpoint] = hold_space(self.checkpoint, sizes.checkpoint, "--output")

    def release_space(self, *paths: Path) -> None:
        """Hold nothing for these files any more; for none: nothing at all."""
        for path in paths or tuple(self.room):
            held = self.room.pop(path, None)
            if held:
                held.close()

    @property
    def checkpoint_is_current(self) -> bool:
        """Whether all that was learned is in the checkpoint."""
        return self.checkpoint_position == (self.trainer.epoch, self.trainer.position)

    def learn(self, progress: NoProgress | ProgressLines | ProgressBar, stop: Callable[[], bool]) -> bool:
        """Train to the end, or until ``stop()``; return whether to the end.

        Short of it the checkpoint holds what was learned, or, with an InputError, the last good epoch.
        """
        def note(words):
            progress.note(f"{words}; the training goes on, and tries again")

        self.begin()
        try:
            for report in train(self.trainer, stop):
                self.record_epoch(report, note)
                progress.show(report)
            return self.save_unfinished()
        except InputError as error:
            raise self.save_last_good(error) from error

    def begin(self) -> None:
        """Begin the log, the snapshots, and the time to the first checkpoint."""
        self.log.write(self.history)
        if not self.trainer.position:
            self.attempt(None, self.take_snapshot)
        self.written = time.monotonic()

    def record_epoch(self, report: EpochReport, note: Callable[[str], None]) -> None:
        """Keep what an epoch brought; ``note(words)`` is called where that cannot be done now, once for all tries."""
        self.last_good = report.network, self.trainer.state
        self.history.append({name: getattr(report, name) for name in LOGGED_FIELDS})
        self.attempt(note, self.write_log)
        self.attempt(note, self.take_snapshot)
        if time.monotonic() - self.written >= CHECKPOINT_INTERVAL_S:
            self.attempt(note, self.write_snapshots)  # first: a checkpoint never is ahead of them
            self.attempt(note, self.write_checkpoint, *self.last_good)
            self.written = time.monotonic()

    def attempt(self, note: Callable[[str], None] | None, action: Callable[..., None], *arguments: Any) -> None:
        """Do what may fail for a while, as on a full disk: that is no reason to stop, and it is tried again."""
        try:
            action(*arguments)
        except InputError as error:
            if note and not self.write_failures:
                note(str(error))
            self.write_failures[action.__name__] = str(error)
        else:
            self.write_failures.pop(action.__name__, None)

    def save_unfinished(self) -> bool:
        """Keep what was learned so far in the checkpoint; return whether there is nothing left to learn."""
        self.trainer.check_finite()
        finished = self.trainer.epoch == self.trainer.options.epochs
        if not finished and self.trainer.steps:
            self.attempt(None, self.write_log)
            self.attempt(None, self.write_snapshots)
            self.write_last_checkpoint(self.trainer.network, self.trainer.state)
        return finished

    def save_last_good(self, error: InputError) -> InputError:
        """Keep the last good epoch in the checkpoint; return the InputError that says so after ``error``."""
        if not (self.last_good or self.own_fingerprint):
            return error
        if self.last_good:
            self.attempt(None, self.write_snapshots)
            self.write_last_checkpoint(*self.last_good)
        return error.followed_by(f"epoch {len(self.history)}, the last good one, is in {self.checkpoint}, "
                                 "which --evaluate reads")

    def write_log(self) -> None:
        """Write the epochs that the log does not have; raises InputError."""
        self.log.write(self.history)

    def take_snapshot(self) -> None:
        """Keep a snapshot, if this epoch is one to keep; raises InputError."""
        epoch, row = len(self.history), self.history[-1] if self.history else {}
        if self.snapshot_writer and self.snapshot_writer.is_due(epoch):
            self.snapshot_writer.add(epoch, self.last_good[0] if self.last_good else self.trainer.network, row)

    def write_snapshots(self) -> None:
        """Write the snapshots that are not written yet; raises InputError."""
        if self.snapshot_writer:
            self.snapshot_writer.write()

    def write_checkpoint(self, network: Network, state: dict[str, np.ndarray]) -> None:
        """Write a network and its Trainer's state; raises InputError, which says what an older checkpoint holds.

        Where another training has written there meanwhile, this one goes on under another name.
        """
        if self.own_fingerprint and fingerprint(self.checkpoint) not in (None, self.own_fingerprint):
            self.output, self.own_fingerprint = reserve_output(self.output, taken=True), None
            self.checkpoint = checkpoint_path(self.output)
        try:
            storage.save(network, self.checkpoint, self.metadata(), self.columns(LOGGED_FIELDS), state,
                         held=self.room.get(self.checkpoint))
        except InputError as error:
            if not self.own_fingerprint or self.own_fingerprint != fingerprint(self.checkpoint):
                raise
            raise error.followed_by(f"epoch {self.checkpoint_epochs} is still in {self.checkpoint}") from error
        self.release_space(self.checkpoint)
        self.note_checkpoint(len(self.history), state)

    def write_last_checkpoint(self, network: Network, state: dict[str, np.ndarray]) -> None:
        """Write the checkpoint that stays; on a full disk the output's room, then the snapshots give way to it."""
        try:
            write_making_room(lambda: self.write_checkpoint(network, state), lambda: self.release_space(self.output),
                              self.give_way)
        finally:
            if self.gave_way:  # maybe there is room for them now
                self.attempt(None, self.write_snapshots)
                self.tell_what_gave_way("write_snapshots")

    def give_way(self) -> None:
        """Remove the snapshots' file, for room."""
        if self.snapshot_writer and self.snapshot_writer.give_way():
            self.gave_way = True

    def tell_what_gave_way(self, action: str) -> None:
        """Say of snapshots that could not be written again by this method that they gave way."""
        if self.gave_way and action in self.write_failures:
            self.write_failures[action] = sentence("the snapshots gave way to what was learned",
                                                   self.write_failures[action])

    def note_checkpoint(self, epochs: int, state: dict[str, np.ndarray]) -> None:
        """Remember which file the checkpoint is, of how many epochs, and where in its epoch ``state`` was read."""
        self.own_fingerprint, self.checkpoint_epochs = fingerprint(self.checkpoint), epochs
        self.checkpoint_position = int(state["epoch"]), int(state["position"])

    def finish(self) -> None:
        """Write the output, move the snapshots beside it, and remove this run's checkpoint, but no other's.

        Raises InputError, with all in the checkpoint where that can be written. Why snapshots could not be is in
        ``write_failures``.
        """
        try:
            self.write_output()
        except InputError as error:
            self.attempt(None, self.write_snapshots)
            self.write_last_checkpoint(self.trainer.network, self.trainer.state)
            raise error.followed_by(f"what was learned is in {self.checkpoint}, "
                                    "and --resume will write it here") from error
        self.write_failures = {}
        self.attempt(None, self.write_log)
        if self.snapshot_writer:
            self.attempt(None, self.snapshot_writer.finish, snapshots_path(self.output))
        if self.own_fingerprint and self.own_fingerprint == fingerprint(self.checkpoint):
            with suppress(OSError):  # it stays where another program has it open
                self.checkpoint.unlink()
        if self.snapshot_writer and "finish" in self.write_failures:  # there is more room now
            self.attempt(None, self.snapshot_writer.finish, snapshots_path(self.output))
            self.tell_what_gave_way("finish")

    def write_output(self) -> None:
        """Write the output into its room, and keep a better network that it replaces; raises InputError.

        Where there is no room the snapshots give way to it.
        """
        # without the seconds, so that the same training gives the same bytes
        metadata, names = self.metadata(), [name for name in LOGGED_FIELDS if name != "seconds"]
        better = find_better(self.output, metadata, cast(Digits, self.trainer.test))
        kept = keep_network(better) if better else []
        try:
            write_making_room(
                lambda: storage.save(self.trainer.network, self.output, metadata, self.columns(names),
                                     held=self.room.get(self.output)), self.give_way)
        except InputError:
            remove_names(kept)
            raise
        self.release_space()
        self.kept, kept_snapshots = (*kept, None, None)[:2]
        if kept_snapshots:  # they have their other name alone
            remove_names([snapshots_path(self.output)])

    def metadata(self) -> dict:
        """Return what a file says of its network beside the numbers."""
        result = {"epochs_run": len(self.history)}
        if self.history:
            last, count = self.history[-1], len(self.trainer.test.labels)
            result |= {name: last[name] for name in ("train_accuracy", "test_accuracy")}
            if last["validation_accuracy"] is not None:
                result["validation_accuracy"] = last["validation_accuracy"]
            result |= {"test_errors": round((1 - last["test_accuracy"]) * count), "test_count": count}
        return self.base_metadata | self.changed_metadata | result

    @property
    def changed_metadata(self) -> dict:
        """What the metadata says of changes during the training: the options alone would mislead."""
        changes = {"learning_rates": self.rate_changes, "continued_after": self.continued_after}
        return {name: value for name, value in changes.items() if value}

    def columns(self, names: Iterable[str]) -> dict[str, np.ndarray]:
        """Return the history as arrays by name, without what was never measured."""
        return {name: np.array([row[name] for row in self.history]) for name in names
                if self.history and self.history[0][name] is not None}
