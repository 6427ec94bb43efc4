"""From a plan to a training that can run, beside the window: reading the digits takes a second, or a download."""

import glob
import os
import re
import threading
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.options import OptionError
from neuralscope.runs.lock import Lock, is_held
from neuralscope.runs.output_paths import (
    check_output,
    checkpoint_of,
    fingerprint,
    make_trainer,
    output_of,
    release,
    reserve,
    room,
)
from neuralscope.runs.run import Run, about
from neuralscope.runs.snapshot_writer import Recorder
from neuralscope.runs.snapshots import path_of
from neuralscope.visualizer.live.training import LiveTraining

SECONDS_TO_END = 2
PROGRAM = "python -m neuralscope.visualizer"


class Launch:
    """Makes the training of ``plan`` on a Dataset, on a thread of its own; ``first``: the method it is told first.

    ``make(plan, dataset)`` returns it, or raises InputError.
    """

    def __init__(self, plan, dataset, first, make):
        """Start."""
        self.plan, self.dataset, self.first, self.make = plan, dataset, first, make
        self.training, self.error, self.abandoned, self._before = None, None, False, plan.farewell
        self.thread = threading.Thread(target=self._work, name="launch", daemon=True)
        self.thread.start()

    def _work(self):
        if self._before:
            self._before.result()  # the training before lets go of its files first
        try:
            self.training = self.make(self.plan, self.dataset)
        except InputError as error:
            self.error = error
        if self.abandoned and self.training:
            end(self.training)

    def abandon(self):
        """End the training that nobody waits for any more, if it is there soon: no file of it is left then."""
        self.abandoned = True
        self.thread.join(SECONDS_TO_END)
        if self.training and not self.thread.is_alive():
            end(self.training)  # once more does no harm

    def result(self):
        """Return the training, told to do what it is to do first, once it is there; None before, or where it failed.

        What is wrong is then said by the plan.
        """
        if self.thread.is_alive():
            return None
        self.plan.launch = None
        if isinstance(self.error, OptionError):
            self.plan.refused = {self.error.option: self.error.words}
        elif self.error:
            self.plan.cause, self.plan.failure = self.error.cause, str(self.error)
        if self.training:
            getattr(self.training, self.first)()
        return self.training


class LaunchError(InputError):
    """Why a training cannot begin, and its ``cause`` in general, which is a heading for it."""

    def __init__(self, cause, words):
        super().__init__(words)
        self.cause = cause


@contextmanager
def said(cause):
    """Say an InputError under the heading of its cause, and in words that the window has, without the command line's.
    """
    try:
        yield
    except OptionError:
        raise
    except InputError as error:
        words = re.sub(r" \([^)]*--[^)]*\)", "", str(error))
        if "--resume" in words:
            words = words.rpartition("; ")[0] + "; begin with something else"
        raise LaunchError(cause, re.sub(r"(?:, or |; )[^;,]* (?:with|out) --[a-z]+$", "", words)) from error


def make(plan, dataset):
    """Return the LiveTraining of a plan on a Dataset, whose training part is read; raises InputError."""
    options = plan.options()
    with said("there are no digits to learn from"):
        digits = dataset.train.images
    with said("it cannot begin"):
        options.check_data(*digits.shape, len(dataset.class_names))
        trainer = make_trainer(options, dataset)
    path, lock = output_of(plan.resume) if plan.resume else reserve(plan.output), None
    try:
        with said("its files cannot be written"):
            lock = Lock(path)
            facts = about(dataset, options, plan.threads) | plan.facts
            recorder = Recorder(path_of(checkpoint_of(path)), options, dataset.test, facts)
            check_output(path, room(trainer), recorder.size)
        run = Run(trainer, path, None, facts, recorder)
        with said("it cannot be continued" if plan.resume else "it cannot begin"):
            if plan.resume:
                run.resume()
            return LiveTraining(run, lock)
    except InputError:
        release(path)
        if lock:
            lock.free()
        raise


def interrupted(output, dataset):
    """Return the checkpoints of trainings on this data that were to go to ``output``, or to it with a number.

    As a list of path and metadata, the newest first.
    """
    name, found = re.compile(re.escape(output.stem) + r"(-\d+)?\.checkpoint\.npz"), []
    for path in map(Path, glob.glob(f"{glob.escape(str(output.with_suffix('')))}*.checkpoint.npz")):
        with suppress(InputError, OSError):
            if not name.fullmatch(path.name) or is_held(output_of(path)):
                continue
            facts = facts_of(path, fingerprint(path))
            if facts.get("dataset") == dataset.name:
                found.append((os.path.getmtime(path), path, facts))
    return [one[1:] for one in sorted(found, key=lambda one: -one[0])]


@lru_cache
def facts_of(path, _fingerprint):
    """Return the metadata of a checkpoint, read once for each file that was ever there."""
    return storage.load_facts(path)


def end(training, again=""):
    """Close a training; return a line on what became of it, or ""; ``again``: how it can be continued, if it can."""
    if training.muted:
        return ""
    path, epochs = training.close(), training.latest.epochs
    if training.saved:
        line = f"trained all {epochs} epochs; the network is in {path}"
    elif training.failure:  # which says where the last good epoch is
        line = training.failure
    elif path:
        epoch = min(training.steps // training.steps_per_epoch + 1, epochs)
        line = f"stopped in epoch {epoch} of {epochs}; {training.kept} is in {path}; {again}"
    else:
        line = "the training is left, and nothing was written" * bool(training.steps)
    return "; ".join(filter(None, (line.removesuffix("; "), training.notice)))


class Farewell:
    """Ends a training on a thread of its own, since its files may take a while; see `end`."""

    def __init__(self, training, again):
        """Start."""
        self.words = None
        self.thread = threading.Thread(target=self._work, args=(training, again), name="farewell", daemon=True)
        self.thread.start()

    def _work(self, training, again):
        self.words = end(training, again)

    def result(self):
        """Wait for it, and return the line on what became of the training, or ""."""
        self.thread.join()
        return self.words or ""


def last_words(session):
    """End the session's training; return a line on what became of it, or ""; a server's others do not wait for that.
    """
    if session.trainings:
        session.trainings.part(session)
        return ""
    return farewell(session)


def farewell(session):
    """End the session's training; return a line on what became of it, or ""."""
    plan = session.plan
    if plan.launch:
        plan.launch.abandon()
    training, session.training = session.training, None
    if not training:
        return plan.farewell.result() if plan.farewell else ""
    return end(training, f"to continue: {PROGRAM} --train --resume --output {training.output}")
