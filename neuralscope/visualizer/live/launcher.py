"""From a plan to a training that can run, beside the window: reading the digits takes a second, or a download."""

import glob
import os
import re
import threading
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from neuralscope.errors import InputError, sentence
from neuralscope.network import storage
from neuralscope.network.options import OptionError, option_label
from neuralscope.network.trainer_state import CheckpointError
from neuralscope.runs.lock import OutputLock, is_held
from neuralscope.runs.output_paths import (
    check_output,
    checkpoint_path,
    fingerprint,
    max_file_bytes,
    output_path,
    release_output,
    reserve_output,
)
from neuralscope.runs.run import TrainingRun, make_trainer, training_metadata
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import snapshots_path
from neuralscope.visualizer.live.training import LiveTraining

END_TIMEOUT_S = 2
PROGRAM_COMMAND = "python -m neuralscope.visualizer"


class Launcher:
    """Makes the training of ``training_setup`` on a Dataset, on a thread of its own; ``first_action``: the method it
    is told first.

    ``make_training(training_setup, dataset)`` returns it, or raises InputError.
    """

    def __init__(self, setup, dataset, first_action, make_training):
        """Start."""
        self.training_setup, self.dataset, self.first_action, self.make_training = (
            setup,
            dataset,
            first_action,
            make_training,
        )
        self.training, self.error, self.abandoned, self._before = None, None, False, setup.shutdown
        self.thread = threading.Thread(target=self._work, name="launch", daemon=True)
        self.thread.start()

    def _work(self):
        if self._before:
            self._before.result()  # the training before lets go of its files first
        try:
            self.training = self.make_training(self.training_setup, self.dataset)
        except InputError as error:
            self.error = error
        if self.abandoned and self.training:
            end_training(self.training)

    def abandon(self):
        """End the training that nobody waits for any more, if it is there soon: no file of it is left then."""
        self.abandoned = True
        self.thread.join(END_TIMEOUT_S)
        if self.training and not self.thread.is_alive():
            end_training(self.training)  # once more does no harm

    def result(self):
        """Return the training, told to do what it is to do first, once it is there; None before, or where it failed.

        What is wrong is then said by the plan.
        """
        if self.thread.is_alive():
            return None
        self.training_setup.launcher = None
        if isinstance(self.error, OptionError):
            self.training_setup.invalid_options = {self.error.option: self.error.words(option_label)}
        elif self.error:
            self.training_setup.cause, self.training_setup.failure = self.error.cause, str(self.error)
        if self.training:
            getattr(self.training, self.first_action)()
        return self.training


class LaunchError(InputError):
    """Why a training cannot begin, and its ``cause`` in general, which is a heading for it."""

    def __init__(self, cause, problem, remedy=""):
        super().__init__(problem, remedy)
        self.cause = cause


@contextmanager
def with_cause(cause):
    """Say an InputError under the heading of its cause, without the remedies that the command line alone has."""
    try:
        yield
    except OptionError:
        raise
    except InputError as error:
        remedy = "begin with something else" if isinstance(error, CheckpointError) else error.remedy
        raise LaunchError(cause, error.problem, remedy) from error


def make_training(setup, dataset):
    """Return the LiveTraining of a plan on a Dataset, whose training part is read; raises InputError."""
    options = setup.options()
    with with_cause("there are no digits to learn from"):
        digits = dataset.train.images
    with with_cause("it cannot begin"):
        options.check_data(*digits.shape, len(dataset.class_names))
        trainer = make_trainer(options, dataset)
    path, lock = output_path(setup.resume) if setup.resume else reserve_output(setup.output), None
    try:
        with with_cause("its files cannot be written"):
            lock = OutputLock(path)
            metadata = training_metadata(dataset, options, setup.threads) | setup.metadata
            snapshot_writer = SnapshotWriter(snapshots_path(checkpoint_path(path)), options, dataset.test, metadata)
            check_output(path, max_file_bytes(trainer), snapshot_writer.size)
        run = TrainingRun(trainer, path, None, metadata, snapshot_writer)
        with with_cause("it cannot be continued" if setup.resume else "it cannot begin"):
            if setup.resume:
                run.resume()
            return LiveTraining(run, lock)
    except InputError:
        release_output(path)
        if lock:
            lock.release()
        raise


def find_interrupted(output, dataset):
    """Return the checkpoints of trainings on this data that were to go to ``output``, or to it with a number.

    As a list of path and metadata, the newest first.
    """
    name, found = re.compile(re.escape(output.stem) + r"(-\d+)?\.checkpoint\.npz"), []
    for path in map(Path, glob.glob(f"{glob.escape(str(output.with_suffix('')))}*.checkpoint.npz")):
        with suppress(InputError, OSError):
            if not name.fullmatch(path.name) or is_held(output_path(path)):
                continue
            metadata = read_metadata(path, fingerprint(path))
            if metadata.get("dataset") == dataset.name:
                found.append((os.path.getmtime(path), path, metadata))
    return [one[1:] for one in sorted(found, key=lambda one: -one[0])]


@lru_cache
def read_metadata(path, _fingerprint):
    """Return the metadata of a checkpoint, read once for each file that was ever there."""
    return storage.load_checkpoint_metadata(path)


def end_training(training, again=""):
    """Close a training; return a line on what became of it, or ""; ``again``: how it can be continued, if it can."""
    if training.read_only:
        return ""
    path, epochs = training.close(), training.latest.epochs
    if training.saved:
        line = f"trained all {epochs} epochs; the network is in {path}"
    elif training.failure:  # which says where the last good epoch is
        line = training.failure
    elif path:
        epoch = min(training.steps // training.steps_per_epoch + 1, epochs)
        line = sentence(f"stopped in epoch {epoch} of {epochs}", f"{training.checkpoint_epochs} is in {path}", again)
    else:
        line = "the training is left, and nothing was written" * bool(training.steps)
    return sentence(line, training.notice)


class Shutdown:
    """Ends a training on a thread of its own, since its files may take a while; see `end_training`."""

    def __init__(self, training, again):
        """Start."""
        self.words = None
        self.thread = threading.Thread(target=self._work, args=(training, again), name="farewell", daemon=True)
        self.thread.start()

    def _work(self, training, again):
        self.words = end_training(training, again)

    def result(self):
        """Wait for it, and return the line on what became of the training, or ""."""
        self.thread.join()
        return self.words or ""


def shutdown_message(session):
    """End the session's training; return a line on what became of it, or ""; a server's others do not wait for that.
    """
    if session.shared_training:
        session.shared_training.end_training_of(session)
        return ""
    return shut_down(session)


def shut_down(session):
    """End the session's training; return a line on what became of it, or ""."""
    setup = session.training_setup
    if setup.launcher:
        setup.launcher.abandon()
    training, session.training = session.training, None
    if not training:
        return setup.shutdown.result() if setup.shutdown else ""
    return end_training(training, f"to continue: {PROGRAM_COMMAND} --train --resume --output {training.output}")
