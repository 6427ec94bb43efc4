"""A training in a process of its own, with the face of a LiveTraining: for a server, where it takes no reader along.

Whatever becomes of it, and however long a step or a file takes, the windows go on. Beside frames drawn without a pause
it took 95 steps a second on two busy cores, as a thread did (97), and left 21 frames a second instead of 18. What
crosses over are values, see `worker`; here a thread does nothing but put the new ones in place of the old.
"""

import copy
import dataclasses
import multiprocessing.resource_tracker
import signal
import threading
from contextlib import contextmanager, suppress

from neuralscope.errors import InputError
from neuralscope.runs.lock import OutputLock
from neuralscope.runs.output_paths import checkpoint_path, fingerprint, release_output
from neuralscope.runs.snapshots import digits_sha256
from neuralscope.visualizer.live.launcher import LaunchError, read_metadata
from neuralscope.visualizer.live.process_worker import PIPE_CLOSED_ERRORS, run_worker
from neuralscope.visualizer.live.protocol import TRAINING_FIELDS

END_TIMEOUT_S = 60  # seconds to end in: the step at work, and a file
ENDED_TEXT = "the process that learned was ended from outside"


class RemoteTraining:
    """The training of ``setup`` on a Dataset that can be loaded ``reload``; raises InputError where there can be none.

    Beside what is in FACE it has what a LiveTraining is told with, and is ``ended`` where nothing more is to come.
    """

    read_only = ""

    def __init__(self, setup, dataset):
        """Start the process, and wait until it could make the training."""
        self._sent_count, self._expects_running, self._closing, self._pipe_lock = 0, False, False, threading.Lock()
        self._pipe, self._process = begin_process(setup, dataset)
        try:
            first = self._pipe.recv()
        except PIPE_CLOSED_ERRORS:
            first = LaunchError("it cannot begin", "the process that was to learn has ended", "try again")
        if isinstance(first, InputError):
            self._end_process()
            raise first
        self._state, self.pace, self._rate = first, first["pace"], first["learning_rate"]  # these two change here alone
        self._reader = threading.Thread(target=self._read, name="training", daemon=True)
        self._reader.start()

    def __getattr__(self, name):
        """Return what the process said last."""
        if name not in TRAINING_FIELDS:
            raise AttributeError(name)
        return self._state[name]

    # Told by the window

    def start(self):
        """Learn until it is paused, or to the end."""
        self._send_run(True, "start")

    def pause(self):
        """Stop after the step at work."""
        self._send_run(False, "pause")

    def take_step(self):
        """Take one step, and no more."""
        self._send_run(True, "take_step")

    def take_epoch(self):
        """Go on to the end of this epoch, and no further."""
        self._send_run(True, "take_epoch")

    def observe(self):
        """Ask for a new TrainingObservation, after the next step; at rest the last one is of now."""
        self._send("observe")

    def check_gradients(self):
        """Ask for a new TrainingObservation, with derivatives compared again."""
        self._send_run(self.running, "check_gradients")

    def set_pace(self, pace):
        """Take so many steps a second from now on; None: as many as there can be."""
        self.pace = pace
        self._send("set_pace", pace)

    def close(self):
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
        self._closing = True
        self._send("close")
        self._reader.join(END_TIMEOUT_S)
        if self._reader.is_alive():
            self._process.kill()
            self._reader.join()
        return self.kept_path

    @property
    def idle(self):
        """Whether no step is at work, nor anything that it was told."""
        return not self._unanswered() and self._state["idle"]

    @property
    def running(self):
        """Whether it takes steps, or will as soon as it is heard."""
        if self._unanswered():
            return self._expects_running and not (self.finished or self.failure)
        return self._state["running"]

    @property
    def learning_rate(self):
        """The learning rate, which the schedule multiplies, of the steps to come; to set it raises OptionError."""
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self._rate = dataclasses.replace(self.options, learning_rate=rate).learning_rate
        self._send("learning_rate", self._rate)

    @property
    def ended(self):
        """Whether nothing more is to come."""
        return bool(self.closed or self.failure or self.saved)

    def _send_run(self, going, name):
        self._expects_running = going
        self._send(name)

    def _send(self, *message):
        self._sent_count += 1
        with self._pipe_lock, suppress(OSError):  # it has ended, which the reading thread says
            self._pipe.send(message)

    def _unanswered(self):
        return self._state["answered"] != self._sent_count and self._reader.is_alive()

    # The reading thread's own

    def _read(self):
        with suppress(*PIPE_CLOSED_ERRORS):
            while True:
                self._merge_changes(self._pipe.recv())
        self._end_process()
        ended = {"running": False, "idle": True, "closed": True}
        if self.saved:
            ended["kept_path"] = self.output
        elif not (self._closing and self.closed):
            ended["failure"] = remains_text(self.output)
        self._state = self._state | ended

    def _merge_changes(self, changed):
        if changed.get("snapshots") and self.snapshots:
            before = self.snapshots.networks
            changed["snapshots"] = dataclasses.replace(changed["snapshots"],
                                                       networks=before + changed["snapshots"].networks)
        self._state = self._state | changed

    def _end_process(self):
        with self._pipe_lock:
            self._pipe.close()
        self._process.join()


def begin_process(setup, dataset):
    """Start the process that makes the training of a plan on a Dataset; return a pipe to it, and itself."""
    setup = copy.copy(setup)
    setup.launcher = setup.shutdown = None
    vars(setup).pop("make_training", None)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=run_worker, args=(theirs, setup, dataset.reload, digits_sha256(dataset.test)), daemon=True
    )
    try:
        with interrupts_held():
            process.start()
    except OSError as error:
        ours.close()
        raise LaunchError("it cannot begin", f"no process can be started ({error.strerror})", "end others") from error
    finally:
        theirs.close()
    return ours, process


@contextmanager
def interrupts_held():
    """Hold Ctrl-C back on this thread: a process that is started inherits that until it can ignore it by itself."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    multiprocessing.resource_tracker.ensure_running()  # to start it would let go of the signal again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def remains_text(output):
    """Say what is there of a training that did not end by itself, and give its name free where there is nothing."""
    with suppress(InputError):  # as where another one has begun there
        OutputLock(output).release()
    release_output(output)
    path = checkpoint_path(output)
    try:
        epochs = read_metadata(path, fingerprint(path))["epochs_run"]
    except (InputError, OSError, KeyError):
        return f"{ENDED_TEXT}; nothing of it was kept"
    return f"{ENDED_TEXT}; epoch {epochs} is in {path}"
