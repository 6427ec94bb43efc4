"""A training that runs while the window looks on: a worker thread takes the Trainer's steps.

A thread and not the window's timer, by measurement: a full-batch step on MNIST takes 0.7 to 1.6 s and the end of an
epoch 0.1 s, and no event would be answered meanwhile. NumPy lets go of Python's lock in its products, so a frame drawn
beside a step takes about as long as one alone (39 ms against 38 on two busy cores), and `TrainingSync` bounds what
frames cost. Only values cross over: a TrainingState at a time. For windows in the browser it does the same in another
process: see `process_client`.
"""

import threading
import time
from math import inf

from neuralscope.errors import InputError, sentence
from neuralscope.runs.output_paths import release_output
from neuralscope.visualizer.live.observation import Observer
from neuralscope.visualizer.live.phases import Command, Event, Phase
from neuralscope.visualizer.live.protocol import TrainingState
from neuralscope.visualizer.live.save_network import save_last_good_epoch, save_progress

RETRY_INTERVAL_S = 10
FAULT_TEXT = "the training broke off by a fault of this program, which the terminal tells"


class LiveTraining:
    """Takes the steps of ``run``, a TrainingRun, when it is told to, to the same bytes however often it is paused."""

    read_only = ""

    def __init__(self, run, lock=None, notice=""):
        """Make the first observation, and take no step; raises InputError.

        ``lock``: freed when no file is written any more; ``notice``: what is not as it was asked for, or "".
        """
        self.run, self.lock, trainer = run, lock, run.trainer
        self._target_step, self._due, self._closing, self._observation_requested = 0, -inf, False, False
        self._observer = Observer(run)
        run.begin()
        self._observer.observe()
        if not self._observer.latest:
            raise InputError("the sums of this network overflow", "choose another initialisation")
        self.state = TrainingState(
            phase=Phase.PAUSING, steps=trainer.steps, pace=None, learning_rate=trainer.learning_rate, failure="",
            notice=notice, kept_path=None, options=trainer.options, batch_size=trainer.batch_size,
            test_count=len(trainer.test.labels), **self._findings())
        self._changed = threading.Condition()
        self._worker = threading.Thread(target=self._work, name="training", daemon=True)
        self._worker.start()

    # Told by the window

    def tell(self, command, value=None):
        """Let it do something."""
        with self._changed:
            state = self.state = self.state.after_command(command, value)
            if command is Command.OBSERVE:
                self._observation_requested = True
                return
            if command is Command.CHECK_GRADIENTS:
                self._observer.check_wanted = True
            if command is Command.CLOSE:
                self._closing = True
            elif state.failure or state.finished:
                return
            self._target_step = self._wanted_step(command)
            self._due = -inf  # what is told comes at once
            self._changed.notify()

    def _wanted_step(self, command):
        """Return after which step a Command lets it rest."""
        steps, epoch, total = self.state.steps, self.state.steps_per_epoch, self.state.total_steps
        wanted = {Command.START: total, Command.PAUSE: 0, Command.TAKE_STEP: steps + 1,
                  Command.TAKE_EPOCH: (steps // epoch + 1) * epoch}
        return min(wanted.get(command, self._target_step), total)

    def close(self):
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
        self.tell(Command.CLOSE)
        self._worker.join()
        if not self.state.closed:
            self.run.set_rate(self.state.learning_rate)
            kept = {"kept_path": self.run.files.output} if self.state.saved else self._save_progress()
            self.run.files.release_space()
            release_output(self.run.files.output)
            self._report(Event.CLOSED, **kept)
        return self.state.kept_path

    def _save_progress(self):
        """Keep what was learned where that is possible; return what is known then."""
        state, found = self.state, {}
        if not (state.failure or state.finished):
            failure, notice = save_progress(self.run)
            found = {"failure": failure, "notice": notice or state.notice}
        if self.lock:
            self.lock.release()
        return found | {"kept_path": self.run.files.checkpoint if self.run.files.own_fingerprint else None}

    # The worker's own

    def _report(self, event=None, **changes):
        """Let the state be of now, after an Event, if there is one."""
        with self._changed:
            self.state = self.state.after(event, **self._findings() | changes)

    def _findings(self):
        """Return what is known of the run between two steps."""
        run, observer = self.run, self._observer
        kept = "what was learned" if run.checkpoint_is_current else f"epoch {run.files.checkpoint_epochs}"
        return {"latest": observer.latest, "report": observer.report, "output": run.files.output,
                "snapshots": run.files.snapshot_writer and run.files.snapshot_writer.snapshots,
                "metadata": run.base_metadata | run.changed_metadata, "checkpoint_epochs": kept}

    def _work(self):
        ended = False
        try:
            while self.state.steps < self.state.total_steps and self._wait():
                self._advance()
            if self.state.finished:
                self._write()
            ended = True
        except InputError as error:
            failure, notice = save_last_good_epoch(self.run, error)
            self._report(Event.FAILED, failure=failure, notice=notice)
            ended = True
        finally:
            if not ended:
                self._report(Event.FAILED, failure=FAULT_TEXT)

    def _wait(self):
        """Wait until a step is wanted and due; return whether one is."""
        with self._changed:
            while not self._closing:
                wanted, now = self._target_step > self.state.steps, time.monotonic()
                if not wanted:
                    self._rest()
                rest = self._due + 1 / self.state.pace - now if self.state.pace else 0
                if wanted and rest <= 0:
                    self._due = now
                    return True
                self._changed.wait(rest if wanted else None)
        return False

    def _rest(self):
        """Compare derivatives of the network as it is, and be idle."""
        if self._observer.check_wanted or self.state.latest.checked_step != self.state.steps:
            self._observer.check_wanted = True
            self._observer.observe()
        self._report(Event.RESTED if self.state.phase is Phase.PAUSING else None)

    def _advance(self):
        """Take a step, after the last one of an epoch judge the network, and keep what there is to see."""
        trainer, observer = self.run.trainer, self._observer
        # what is asked for meanwhile is for the next step
        measured = self._observation_requested or self._target_step == self.state.steps + 1
        before = trainer.network if measured else None
        self.run.set_rate(self.state.learning_rate)
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
        with self._changed:
            learned, rests = report.step == self.state.total_steps, self._target_step <= report.step
            self._report(Event.LEARNED if learned else Event.PAUSE if rests else None, steps=report.step)

    def _finish_epoch(self):
        report = self.run.trainer.finish_epoch()
        self.run.record_epoch(report, self._note)
        self._observer.add_epoch(report)
        if not self.run.files.write_failures:
            self._report(notice="")

    def _note(self, words):
        self._report(notice=f"{words}; the training goes on, and tries again")

    def _write(self):
        """Write the output; where that fails, try again until it is closed."""
        if self.state.phase is not Phase.WRITING:  # it was continued from its end
            self._report(Event.LEARNED)
        while not self.state.saved:
            try:
                self.run.finish()
                release_output(self.run.files.output)
                if self.lock:
                    self.lock.release()
                kept = f"the network that was there is kept as {self.run.files.kept}" if self.run.files.kept else ""
                notice = sentence(*self.run.files.write_failures.values(), kept)
                self._report(Event.WRITTEN, kept_path=self.run.files.output, notice=notice)
            except InputError as error:
                with self._changed:
                    self._report(Event.NOT_WRITTEN, notice=str(error))
                    if self._closing:
                        break
                    self._changed.wait(RETRY_INTERVAL_S)
