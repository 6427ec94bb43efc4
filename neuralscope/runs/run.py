"""One training and its files: output, checkpoint, snapshots and log; and what Ctrl-C does to them."""

import dataclasses
import signal
import time
from contextlib import contextmanager, suppress

import numpy as np

from neuralscope import __version__
from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.trainer import EpochReport, train
from neuralscope.runs.checkpoint import read_checkpoint
from neuralscope.runs.epoch_log import Log
from neuralscope.runs.output_paths import checkpoint_of, fingerprint, reserve
from neuralscope.runs.snapshots import digest, path_of

SECONDS_BETWEEN_CHECKPOINTS = 10
LOGGED = [field.name for field in dataclasses.fields(EpochReport) if field.name != "network"]


@contextmanager
def interrupts_held():
    """Hold Ctrl-C back, and yield a function that says whether it was pressed."""
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def about(data, options, threads):
    """Return what the metadata says of a training before it began; ``data`` is a Dataset. Raises InputError."""
    if not data.name.isprintable():
        raise InputError(f"--dataset {data.name!r}: a file cannot say that it learned from this; rename the data")
    chosen = dataclasses.asdict(options) | {"hidden": list(options.hidden)}  # JSON knows no tuples
    return {"dataset": data.name, "source": data.source, "train_count": len(data.train.labels),
            "train_sha256": digest(data.train), "test_sha256": digest(data.test), "options": chosen, "threads": threads,
            "neuralscope": __version__, "numpy": np.__version__}


def place(state):
    """Return at which epoch, and after how many of its images, a Trainer's state was read."""
    return int(state["epoch"]), int(state["position"])


class Run:
    """A Trainer at work on its files.

    ``about``: what the metadata says of data and options; ``log``: a path or None; ``recorder``: a Recorder, which
    keeps snapshots, or None. ``history``: a dict for each epoch; ``troubles``: what could not be written last time,
    and why, in words. ``rates``: a step and a learning rate each, of when it was changed.
    """

    def __init__(self, trainer, output, log, about, recorder=None):
        self.trainer, self.output, self.about, self.recorder = trainer, output, about, recorder
        self.log = Log(log)
        self.checkpoint = checkpoint_of(output)
        self.ours = self.kept = None  # the checkpoint that this run wrote or continues: its fingerprint, its epochs
        self.place = None  # and how far into which epoch it is
        self.history = []
        self.good = None  # network and state when an epoch last ended
        self.troubles, self.rates = {}, []

    def set_rate(self, rate):
        """Take the steps to come with this learning rate; the metadata then says from which step on."""
        if rate != self.trainer.learning_rate:
            self.trainer.learning_rate, step = rate, self.trainer.steps + 1
            self.rates = [one for one in self.rates if one[0] != step] + [[step, rate]]

    def resume(self):
        """Take up where the checkpoint is; raises InputError where there is none, or one of another training."""
        saved = read_checkpoint(self.checkpoint, self.trainer, self.about, LOGGED)
        if self.recorder:
            self.recorder.resume(int(saved.state["epoch"]))
        self.trainer.state, self.rates = saved.state, saved.metadata.get("learning_rates", [])
        self.ours, self.kept, self.place = fingerprint(self.checkpoint), int(saved.state["epoch"]), place(saved.state)
        rows = zip(*(saved.history[name].tolist() for name in saved.history), strict=True)
        self.history = [dict.fromkeys(LOGGED) | dict(zip(saved.history, row, strict=True)) for row in rows]

    @property
    def holds_all(self):
        """Whether all that was learned is in the checkpoint."""
        return self.place == (self.trainer.epoch, self.trainer.position)

    def learn(self, progress, stop):
        """Train to the end, or until ``stop()``; return whether to the end.

        Short of it the checkpoint holds what was learned, or, with an InputError, the last good epoch.
        """
        def note(words):
            progress.note(f"{words}; the training goes on, and tries again")

        self.begin()
        try:
            for report in train(self.trainer, stop):
                self.keep(report, note)
                progress.show(report)
            return self.leave()
        except InputError as error:
            raise self.failure(error) from error

    def begin(self):
        """Begin the log, the snapshots, and the time to the first checkpoint."""
        self.log.write(self.history)
        if not self.trainer.position:
            self.attempt(None, self.take_snapshot)
        self.written = time.monotonic()

    def keep(self, report, note):
        """Keep what an epoch brought; ``note(words)`` is called where that cannot be done now, once for all tries."""
        self.good = report.network, self.trainer.state
        self.history.append({name: getattr(report, name) for name in LOGGED})
        self.attempt(note, self.write_log)
        self.attempt(note, self.take_snapshot)
        if time.monotonic() - self.written >= SECONDS_BETWEEN_CHECKPOINTS:
            self.attempt(note, self.write_snapshots)  # first: a checkpoint never is ahead of them
            self.attempt(note, self.write_checkpoint, *self.good)
            self.written = time.monotonic()

    def attempt(self, note, action, *arguments):
        """Do what may fail for a while, as on a full disk: that is no reason to stop, and it is tried again."""
        try:
            action(*arguments)
        except InputError as error:
            if note and not self.troubles:
                note(str(error))
            self.troubles[action.__name__] = str(error)
        else:
            self.troubles.pop(action.__name__, None)

    def leave(self):
        """Keep what was learned so far in the checkpoint; return whether there is nothing left to learn."""
        self.trainer.check_finite()
        finished = self.trainer.epoch == self.trainer.options.epochs
        if not finished and self.trainer.steps:
            self.attempt(None, self.write_log)
            self.attempt(None, self.write_snapshots)
            self.write_checkpoint(self.trainer.network, self.trainer.state)
        return finished

    def failure(self, error):
        """Keep the last good epoch in the checkpoint; return the InputError that says so after ``error``."""
        if not (self.good or self.ours):
            return error
        if self.good:
            self.attempt(None, self.write_snapshots)
            self.write_checkpoint(*self.good)
        return InputError(f"{error}; epoch {len(self.history)}, the last good one, is in {self.checkpoint}, "
                          "which --evaluate reads")

    def write_log(self):
        """Write the epochs that the log does not have; raises InputError."""
        self.log.write(self.history)

    def take_snapshot(self):
        """Keep a snapshot, if this epoch is one to keep; raises InputError."""
        epoch, row = len(self.history), self.history[-1] if self.history else {}
        if self.recorder and self.recorder.wants(epoch):
            self.recorder.add(epoch, self.good[0] if self.good else self.trainer.network, row)

    def write_snapshots(self):
        """Write the snapshots that are not written yet; raises InputError."""
        if self.recorder:
            self.recorder.write()

    def write_checkpoint(self, network, state):
        """Write a network and its Trainer's state; raises InputError, which says what an older checkpoint holds.

        Where another training has written there meanwhile, this one goes on under another name.
        """
        if self.ours and fingerprint(self.checkpoint) not in (None, self.ours):
            self.output, self.ours = reserve(self.output, taken=True), None
            self.checkpoint = checkpoint_of(self.output)
        try:
            storage.save(network, self.checkpoint, self.metadata(), self.columns(LOGGED), state)
        except InputError as error:
            if not self.ours or self.ours != fingerprint(self.checkpoint):
                raise
            raise InputError(f"{error}; epoch {self.kept} is still in {self.checkpoint}") from error
        self.ours, self.kept, self.place = fingerprint(self.checkpoint), len(self.history), place(state)

    def finish(self):
        """Write the output, move the snapshots beside it, and remove this run's checkpoint, but no other's.

        Raises InputError, with all in the checkpoint where it can be; without the snapshots it is in ``troubles`` why.
        """
        network = self.trainer.network
        try:
            timeless = [name for name in LOGGED if name != "seconds"]  # so that the same training gives the same bytes
            storage.save(network, self.output, self.metadata(), self.columns(timeless))
        except InputError as error:
            self.attempt(None, self.write_snapshots)
            self.write_checkpoint(network, self.trainer.state)
            raise InputError(f"{error}; what was learned is in {self.checkpoint}, "
                             "and --resume will write it here") from error
        self.troubles = {}
        self.attempt(None, self.write_log)
        if self.recorder:
            self.attempt(None, self.recorder.finish, path_of(self.output))
        if self.ours and self.ours == fingerprint(self.checkpoint):
            with suppress(OSError):  # it stays where another program has it open
                self.checkpoint.unlink()

    def metadata(self):
        """Return what a file says of its network beside the numbers."""
        result = {"epochs_run": len(self.history)}
        if self.history:
            last, count = self.history[-1], len(self.trainer.test.labels)
            result |= {name: last[name] for name in ("train_accuracy", "test_accuracy")}
            if last["validation_accuracy"] is not None:
                result["validation_accuracy"] = last["validation_accuracy"]
            result |= {"test_errors": round((1 - last["test_accuracy"]) * count), "test_count": count}
        return self.about | self.changes | result

    @property
    def changes(self):
        """What the metadata says of changes on the way: options alone would mislead."""
        return {"learning_rates": self.rates} if self.rates else {}

    def columns(self, names):
        """Return the history as arrays by name, without what was never measured."""
        return {name: np.array([row[name] for row in self.history]) for name in names
                if self.history and self.history[0][name] is not None}
