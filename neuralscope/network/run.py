"""One training and its files: the output, the checkpoint beside it, the log; and what Ctrl-C does to them."""

import dataclasses
import hashlib
import json
import os
import signal
import time
from contextlib import contextmanager, suppress

import numpy as np

from neuralscope import __version__
from neuralscope.errors import InputError
from neuralscope.network import state, storage
from neuralscope.network.options import flag
from neuralscope.network.targets import checkpoint_of, fingerprint
from neuralscope.network.training import EpochReport, train

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


def digest(digits):
    """Return the SHA-256 of images and labels, in hexadecimal digits."""
    result = hashlib.sha256(np.ascontiguousarray(digits.images))
    result.update(np.ascontiguousarray(digits.labels))
    return result.hexdigest()


class Run:
    """A Trainer at work on its files.

    ``about``: what the metadata says of data and options; ``log``: a path or None. ``history``: a dict for each epoch.
    """

    def __init__(self, trainer, output, log, about):
        self.trainer, self.output, self.log, self.about = trainer, output, log, about
        self.checkpoint = checkpoint_of(output)
        self.ours = None  # the checkpoint that this run wrote or continues, by its fingerprint
        self.history = []
        self.good = None  # network and state when an epoch last ended

    def resume(self):
        """Take up where the checkpoint is; raises InputError where there is none, or one of another training."""
        if not os.path.exists(self.checkpoint):
            raise InputError(f"{self.checkpoint}: no such checkpoint to continue; leave out --resume")
        saved = storage.load(self.checkpoint)
        was, now = saved.metadata.get("options", {}), self.about["options"]
        differences = [f"{flag(name)} {json.dumps(was.get(name)):.40}, not {now[name]}"
                       for name in now if was.get(name) != now[name]]
        differences += [f"{name} {json.dumps(saved.metadata.get(name)):.40}, not {self.about[name]}"
                        for name in ("dataset", "train_count", "threads", "neuralscope", "numpy")
                        if saved.metadata.get(name) != self.about[name]]
        differences += [f"other {part} images" for name, part in (("train_sha256", "training"), ("test_sha256", "test"))
                        if saved.metadata.get(name) != self.about[name]]
        if differences:
            raise InputError(f"{self.checkpoint}: was made with {'; '.join(differences)}; give the same again, "
                             "or leave out --resume")
        try:
            state.check(self.trainer, saved.state)
            self.check_history(saved)
        except InputError as error:
            raise InputError(f"{self.checkpoint}: {error}") from error
        self.trainer.state = saved.state
        self.ours = fingerprint(self.checkpoint)
        rows = zip(*(saved.history[name].tolist() for name in saved.history), strict=True)
        self.history = [dict.fromkeys(LOGGED) | dict(zip(saved.history, row, strict=True)) for row in rows]

    def check_history(self, saved):
        """Raise InputError where a checkpoint's history is not that of its epochs."""
        epochs = int(saved.state["epoch"])
        measured = [name for name in LOGGED if name != "validation_accuracy" or self.trainer.options.validation]
        if set(saved.history) != set(measured if epochs else ()) or any(
                len(column) != epochs for column in saved.history.values()):
            raise InputError(f"its history is not that of {epochs} epochs; start again without --resume")

    def learn(self, progress, stop):
        """Train to the end, or until ``stop()``; return whether to the end.

        Short of it the checkpoint holds what was learned, or, with an InputError, the last good epoch.
        """
        self.write_log(self.history, "w")
        written = time.monotonic()
        try:
            for report in train(self.trainer, stop):
                self.good = report.network, self.trainer.state
                self.history.append({name: getattr(report, name) for name in LOGGED})
                self.write_log(self.history[-1:], "a")
                progress.show(report)
                if time.monotonic() - written >= SECONDS_BETWEEN_CHECKPOINTS:
                    self.try_checkpoint(progress)
                    written = time.monotonic()
            self.trainer.check_finite()
        except InputError as error:
            if not (self.good or self.ours):
                raise
            if self.good:
                self.write_checkpoint(*self.good)
            raise InputError(f"{error}; epoch {len(self.history)}, the last good one, is in {self.checkpoint}, "
                             "which --evaluate reads") from error
        finished = self.trainer.epoch == self.trainer.options.epochs
        if not finished and self.trainer.steps:
            self.write_checkpoint(self.trainer.network, self.trainer.state)
        return finished

    def try_checkpoint(self, progress):
        """Write the checkpoint; that it cannot be written now is no reason to stop."""
        try:
            self.write_checkpoint(*self.good)
        except InputError as error:
            progress.note(str(error))

    def write_checkpoint(self, network, state):
        """Write a network and its Trainer's state; raises InputError."""
        storage.save(network, self.checkpoint, self.metadata(), self.columns(LOGGED), state)
        self.ours = fingerprint(self.checkpoint)

    def finish(self):
        """Write the output and remove this run's checkpoint, but no other's.

        Raises InputError, with all in the checkpoint where it can be.
        """
        network = self.trainer.network
        try:
            timeless = [name for name in LOGGED if name != "seconds"]  # so that the same training gives the same bytes
            storage.save(network, self.output, self.metadata(), self.columns(timeless))
        except InputError as error:
            self.write_checkpoint(network, self.trainer.state)
            raise InputError(f"{error}; what was learned is in {self.checkpoint}, "
                             "and --resume will write it here") from error
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
        return self.about | result

    def columns(self, names):
        """Return the history as arrays by name, without what was never measured."""
        return {name: np.array([row[name] for row in self.history]) for name in names
                if self.history and self.history[0][name] is not None}

    def write_log(self, rows, mode):
        """Write rows of the history to the log, if there is to be one; raises InputError."""
        if not self.log:
            return
        try:
            with open(self.log, mode, encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
        except OSError as error:
            raise InputError(f"--log {self.log}: cannot be written ({error.strerror}); name another file") from error
