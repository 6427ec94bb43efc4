"""A training that runs while the window looks on: a worker thread takes the Trainer's steps.

A thread and not the window's timer, by measurement: a full-batch step on MNIST takes 0.7 to 1.6 s and the end of an
epoch 0.1 s, and no event would be answered meanwhile. NumPy lets go of Python's lock in its products, so a frame drawn
beside a step takes about as long as one alone (39 ms against 38 on two busy cores), and `TrainingSync` bounds what
frames cost. Only values cross over: TrainingObservations, made when they are asked for. For windows in the browser it
does the same in another process: see `process_client`.
"""

import dataclasses
import threading
import time
from math import inf

from neuralscope.errors import InputError
from neuralscope.runs.output_paths import release_output
from neuralscope.visualizer.live.observation import Observer
from neuralscope.visualizer.live.protocol import RunDescription
from neuralscope.visualizer.live.save_network import save_last_good_epoch, save_progress

RETRY_INTERVAL_S = 10
FAULT_TEXT = "the training broke off by a fault of this program, which the terminal tells"


class LiveTraining(RunDescription):
    """Takes the steps of ``run``, a Run, when it is told to, to the same bytes however often it is paused.

    ``pace``: steps a second, None: as many as there can be. ``steps`` are taken; ``idle``: none is at work.
    ``finished``: all are taken, and once ``saved`` the output is written. ``failure``: why it cannot go on, in words,
    or ""; ``notice``: what else should be known. ``kept_path``: once it is ``closed``, what holds it, or what could be
    kept.
    """

    def __init__(self, run, lock=None):
        """Make the first observation, and take no step; raises InputError.

        ``lock``: freed when no file is written any more.
        """
        self.run, self.lock, self.pace, self._rate = run, lock, None, run.trainer.learning_rate
        self.failure, self.notice, self.kept_path = "", "", None
        self.finished = self.saved = self.idle = self.closed = False
        self.steps, self.steps_per_epoch = run.trainer.steps, run.trainer.steps_per_epoch
        self.total_steps = run.trainer.options.epochs * self.steps_per_epoch
        self._target_step, self._due, self._closing, self._observation_requested = 0, -inf, False, False
        self._observer = Observer(run)
        run.begin()
        self._observer.observe()
        if not self.latest:
            raise InputError("the sums of this network overflow", "choose another initialisation")
        self._changed = threading.Condition()
        self._worker = threading.Thread(target=self._work, name="training", daemon=True)
        self._worker.start()

    # Told by the window

    def start(self):
        """Learn until it is paused, or to the end."""
        self._set_target_step(self.total_steps)

    def pause(self):
        """Stop after the step at work."""
        self._set_target_step(0)

    def take_step(self):
        """Take one step, and no more."""
        self._set_target_step(min(self.steps + 1, self.total_steps))

    def take_epoch(self):
        """Go on to the end of this epoch, and no further."""
        self._set_target_step(min((self.steps // self.steps_per_epoch + 1) * self.steps_per_epoch, self.total_steps))

    def observe(self):
        """Ask for a new TrainingObservation, after the next step; at rest the last one is of now."""
        self._observation_requested = True

    def check_gradients(self):
        """Ask for a new TrainingObservation, with derivatives compared again."""
        self._observer.check_wanted = True
        self._set_target_step(self._target_step)

    def set_pace(self, pace):
        """Take so many steps a second from now on; None: as many as there can be."""
        self.pace = pace
        self._set_target_step(self._target_step)

    def close(self):
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._worker.join()
        self.run.set_rate(self._rate)
        self.kept_path = self.run.output if self.saved else self._save_progress()
        release_output(self.run.output)
        self.closed = True
        return self.kept_path

    def _save_progress(self):
        if not (self.failure or self.finished):
            self.failure, notice = save_progress(self.run)
            self.notice = notice or self.notice
        if self.lock:
            self.lock.release()
        return self.run.checkpoint if self.run.own_fingerprint else None

    @property
    def running(self):
        """Whether it takes steps."""
        return self._target_step > self.steps and not (self.finished or self.failure or self._closing)

    @property
    def learning_rate(self):
        """The learning rate, which the schedule multiplies, of the steps to come; to set it raises OptionError."""
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self._rate = dataclasses.replace(self.run.trainer.options, learning_rate=rate).learning_rate

    @property
    def latest(self):
        """The last TrainingObservation."""
        return self._observer.latest

    @property
    def report(self):
        """The last EpochReport, or None."""
        return self._observer.report

    def _set_target_step(self, step):
        with self._changed:
            if not (self.failure or self.finished):
                self._target_step, self._due, self.idle = step, -inf, self.idle and step <= self.steps
                self._changed.notify()

    # The worker's own

    def _work(self):
        ended = False
        try:
            while self.steps < self.total_steps and self._wait():
                self._advance()
            self._finish()
            ended = True
        except InputError as error:
            ended, (self.failure, self.notice) = True, save_last_good_epoch(self.run, error)
        finally:
            self.failure, self.idle = self.failure if ended else FAULT_TEXT, True

    def _wait(self):
        """Wait until a step is wanted and due; return whether one is."""
        with self._changed:
            while not self._closing:
                wanted, now = self._target_step > self.steps, time.monotonic()
                if not wanted and (self._observer.check_wanted or self.latest.checked_step != self.steps):
                    self._observer.check_wanted = True
                    self._observer.observe()
                self.idle = not wanted
                rest = self._due + 1 / self.pace - now if self.pace else 0
                if wanted and rest <= 0:
                    self._due = now
                    return True
                self._changed.wait(rest if wanted else None)
        return False

    def _advance(self):
        """Take a step, after the last one of an epoch judge the network, and keep what there is to see."""
        trainer, observer = self.run.trainer, self._observer
        # what is asked for meanwhile is for the next step
        measured = self._observation_requested or self._target_step == self.steps + 1
        before = trainer.network if measured else None
        self.run.set_rate(self._rate)
        report = trainer.step()
        observer.add_loss(report)
        if measured:
            observer.measure(before)
        if trainer.epoch_is_over:
            self._finish_epoch()
        if measured or self._target_step <= report.step:
            self._observation_requested &= not measured
            observer.check_wanted |= self._target_step <= report.step
            observer.observe()
        self.steps = report.step

    def _finish_epoch(self):
        report = self.run.trainer.finish_epoch()
        self.run.record_epoch(report, self._set_notice)
        self._observer.add_epoch(report)
        if not self.run.write_failures:
            self.notice = ""

    def _set_notice(self, words):
        self.notice = f"{words}; the training goes on, and tries again"

    def _finish(self):
        """Write the output, if all is learned; where that fails, try again until it is closed."""
        self.finished = self.steps >= self.total_steps
        while self.finished and not self.saved:
            try:
                self.run.finish()
                release_output(self.run.output)
                if self.lock:
                    self.lock.release()
                self.saved, self.notice = True, "; ".join(self.run.write_failures.values())
            except InputError as error:
                self.notice, self.idle = str(error), True
                with self._changed:
                    if self._closing:
                        break
                    self._changed.wait(RETRY_INTERVAL_S)
