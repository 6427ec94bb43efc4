"""`TrainingRun`: a Trainer at work, and when it writes its checkpoint, snapshots, log and output."""

import dataclasses
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import numpy as np

from neuralscope.data_loader import Digits
from neuralscope.errors import InputError
from neuralscope.network.model import Network
from neuralscope.network.reports import EpochReport
from neuralscope.network.storage import SavedNetwork
from neuralscope.network.trainer import Trainer, train
from neuralscope.runs.checkpoint import read_checkpoint
from neuralscope.runs.continuation import continuation_notice, continued_state, read_finished
from neuralscope.runs.disk_space import file_sizes
from neuralscope.runs.output_paths import resumed_file
from neuralscope.runs.progress_bar import NoProgress, ProgressBar, ProgressLines
from neuralscope.runs.run_files import RunFiles
from neuralscope.runs.snapshot_writer import SnapshotWriter

CHECKPOINT_INTERVAL_S = 10
LOGGED_FIELDS = [field.name for field in dataclasses.fields(EpochReport) if field.name != "network"]


class TrainingRun:
    """A Trainer at work on its files.

    ``files``: its RunFiles, made of ``output``, ``log`` and ``snapshot_writer``; ``metadata``: ``training_metadata`` of
    data and options. ``history``: a dict for each epoch; ``rate_changes``: [step, learning rate] of each change;
    ``continued_after``: the epochs after which it went on with a finished network, and the optimizer anew.
    """

    def __init__(self, trainer: Trainer, output: Path, log: str | os.PathLike | None, metadata: dict,
                 snapshot_writer: SnapshotWriter | None = None) -> None:
        self.trainer, self.base_metadata, self.files = trainer, metadata, RunFiles(output, log, snapshot_writer)
        self.history: list[dict] = []
        self.last_good: tuple[Network, dict] | None = None  # network and state when an epoch last ended
        self.rate_changes: list[list] = []
        self.continued_after: list[int] = []

    def set_rate(self, rate: float) -> None:
        """Take the steps to come with this learning rate; the metadata then says from which step on."""
        if rate != self.trainer.learning_rate:
            self.trainer.learning_rate, step = rate, self.trainer.steps + 1
            self.rate_changes = [change for change in self.rate_changes if change[0] != step] + [[step, rate]]

    def resume(self) -> str:
        """Take up where the checkpoint is, or a finished network; return a line to say, or "". Raises InputError."""
        if resumed_file(self.files.output) == self.files.output:
            return self.continue_finished()
        saved = read_checkpoint(self.files.checkpoint, self.trainer, self.base_metadata, LOGGED_FIELDS)
        if self.files.snapshot_writer:
            self.files.snapshot_writer.resume(int(saved.state["epoch"]))
        self.take_up(saved, saved.state)
        self.files.note_checkpoint(int(saved.state["epoch"]), saved.state)
        return ""

    def continue_finished(self) -> str:
        """Go on with the network at the output, for more epochs; return a line to say. Raises InputError."""
        saved = read_finished(self.files.output, self.trainer, self.base_metadata, LOGGED_FIELDS)
        rate = self.trainer.learning_rate
        self.take_up(saved, continued_state(self.trainer, saved))
        self.continued_after.append(self.trainer.epoch)
        if self.rate_changes and self.rate_changes[-1][1] != rate:
            self.rate_changes.append([self.trainer.steps + 1, rate])
        return continuation_notice(self.files.output, self.trainer.epoch, self.trainer.options.epochs)

    def take_up(self, saved: SavedNetwork, state: dict[str, np.ndarray]) -> None:
        """Go on from a Trainer's ``state``, with the history of a file and what its metadata says of changes."""
        self.trainer.state = state
        self.rate_changes = saved.metadata.get("learning_rates", [])
        self.continued_after = saved.metadata.get("continued_after", [])
        rows = zip(*(saved.history[name].tolist() for name in saved.history), strict=True)
        self.history = [dict.fromkeys(LOGGED_FIELDS) | dict(zip(saved.history, row, strict=True)) for row in rows]

    def hold_space(self) -> None:
        """Hold what output and first checkpoint take of the disk, where the system can do that; raises InputError."""
        self.files.hold_space(file_sizes(self.trainer, self.base_metadata))

    @property
    def checkpoint_is_current(self) -> bool:
        """Whether all that was learned is in the checkpoint."""
        return self.files.checkpoint_position == (self.trainer.epoch, self.trainer.position)

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
        self.files.write_log(self.history)
        if not self.trainer.position:
            self.files.attempt(None, self.take_snapshot)
        self.written = time.monotonic()

    def record_epoch(self, report: EpochReport, note: Callable[[str], None]) -> None:
        """Keep what an epoch brought; ``note(words)`` is called where that cannot be done now, once for all tries."""
        self.last_good = report.network, self.trainer.state
        self.history.append({name: getattr(report, name) for name in LOGGED_FIELDS})
        self.files.attempt(note, self.files.write_log, self.history)
        self.files.attempt(note, self.take_snapshot)
        if time.monotonic() - self.written >= CHECKPOINT_INTERVAL_S:
            self.files.attempt(note, self.files.write_snapshots)  # first: a checkpoint never is ahead of them
            self.files.attempt(note, self.write_checkpoint, *self.last_good)
            self.written = time.monotonic()

    def save_unfinished(self) -> bool:
        """Keep what was learned so far in the checkpoint; return whether there is nothing left to learn."""
        self.trainer.check_finite()
        finished = self.trainer.epoch == self.trainer.options.epochs
        if not finished and self.trainer.steps:
            self.files.attempt(None, self.files.write_log, self.history)
            self.write_last_checkpoint(self.trainer.network, self.trainer.state)
        return finished

    def save_last_good(self, error: InputError) -> InputError:
        """Keep the last good epoch in the checkpoint; return the InputError that says so after ``error``."""
        if not (self.last_good or self.files.own_fingerprint):
            return error
        if self.last_good:
            self.write_last_checkpoint(*self.last_good)
        return error.followed_by(f"epoch {len(self.history)}, the last good one, is in {self.files.checkpoint}, "
                                 "which --evaluate reads")

    def take_snapshot(self) -> None:
        """Keep a snapshot, if this epoch is one to keep; raises InputError."""
        epoch, row = len(self.history), self.history[-1] if self.history else {}
        writer = self.files.snapshot_writer
        if writer and writer.is_due(epoch):
            writer.add(epoch, self.last_good[0] if self.last_good else self.trainer.network, row)

    def write_checkpoint(self, network: Network, state: dict[str, np.ndarray]) -> None:
        """Write a network and its Trainer's state; raises InputError, which says what an older checkpoint holds."""
        self.files.write_checkpoint(network, self.metadata(), self.columns(LOGGED_FIELDS), state)

    def write_last_checkpoint(self, network: Network, state: dict[str, np.ndarray]) -> None:
        """Do the same for the checkpoint that stays, and the snapshots; what is in its way on a full disk gives way."""
        self.files.write_last_checkpoint(network, self.metadata(), self.columns(LOGGED_FIELDS), state)

    def finish(self) -> None:
        """Write the output, move the snapshots beside it, and remove this run's checkpoint, but no other's.

        Raises InputError, with all in the checkpoint where that can be written. Why snapshots could not be is in the
        ``write_failures`` of its files.
        """
        # without the seconds, so that the same training gives the same bytes
        columns = self.columns(name for name in LOGGED_FIELDS if name != "seconds")
        network, test = self.trainer.network, cast(Digits, self.trainer.test)
        try:
            self.files.write_output(network, self.metadata(), columns, test)
        except InputError as error:
            self.write_last_checkpoint(network, self.trainer.state)
            raise error.followed_by(f"what was learned is in {self.files.checkpoint}, "
                                    "and --resume will write it here") from error
        self.files.finish(self.history)

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
