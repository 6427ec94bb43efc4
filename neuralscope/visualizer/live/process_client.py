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
from neuralscope.runs.lock import Lock
from neuralscope.runs.output_paths import checkpoint_of, fingerprint, release
from neuralscope.runs.snapshots import digest
from neuralscope.visualizer.live.launcher import LaunchError, facts_of
from neuralscope.visualizer.live.process_worker import GONE, work
from neuralscope.visualizer.live.protocol import FACE

PATIENCE = 60  # seconds to end in: the step at work, and a file
ENDED = "the process that learned was ended from outside"


class RemoteTraining:
    """The training of ``plan`` on a Dataset that can be loaded ``again``; raises InputError where there can be none.

    Beside what is in FACE it has what a LiveTraining is told with, and is ``over`` where nothing more is to come.
    """

    muted = ""

    def __init__(self, plan, dataset):
        """Start the process, and wait until it could make the training."""
        self._asked, self._going, self._closing, self._talking = 0, False, False, threading.Lock()
        self._pipe, self._process = begin(plan, dataset)
        try:
            first = self._pipe.recv()
        except GONE:
            first = LaunchError("it cannot begin", "the process that was to learn has ended; try again")
        if isinstance(first, InputError):
            self._let_go()
            raise first
        self._now, self.pace, self._rate = first, first["pace"], first["learning_rate"]  # these two change here alone
        self._reader = threading.Thread(target=self._read, name="training", daemon=True)
        self._reader.start()

    def __getattr__(self, name):
        """Return what the process said last."""
        if name not in FACE:
            raise AttributeError(name)
        return self._now[name]

    # Told by the window

    def start(self):
        """Learn until it is paused, or to the end."""
        self._go(True, "start")

    def pause(self):
        """Stop after the step at work."""
        self._go(False, "pause")

    def take_step(self):
        """Take one step, and no more."""
        self._go(True, "take_step")

    def take_epoch(self):
        """Go on to the end of this epoch, and no further."""
        self._go(True, "take_epoch")

    def look(self):
        """Ask for a new Moment, after the next step; at rest the last one is of now."""
        self._tell("look")

    def check_gradients(self):
        """Ask for a new Moment, with derivatives compared again."""
        self._go(self.running, "check_gradients")

    def set_pace(self, pace):
        """Take so many steps a second from now on; None: as many as there can be."""
        self.pace = pace
        self._tell("set_pace", pace)

    def close(self):
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
        self._closing = True
        self._tell("close")
        self._reader.join(PATIENCE)
        if self._reader.is_alive():
            self._process.kill()
            self._reader.join()
        return self.file

    @property
    def at_rest(self):
        """Whether no step is at work, nor anything that it was told."""
        return not self._unanswered() and self._now["at_rest"]

    @property
    def running(self):
        """Whether it takes steps, or will as soon as it is heard."""
        if self._unanswered():
            return self._going and not (self.finished or self.failure)
        return self._now["running"]

    @property
    def learning_rate(self):
        """The learning rate, which the schedule multiplies, of the steps to come; to set it raises OptionError."""
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self._rate = dataclasses.replace(self.options, learning_rate=rate).learning_rate
        self._tell("learning_rate", self._rate)

    @property
    def over(self):
        """Whether nothing more is to come."""
        return bool(self.closed or self.failure or self.saved)

    def _go(self, going, name):
        self._going = going
        self._tell(name)

    def _tell(self, *message):
        self._asked += 1
        with self._talking, suppress(OSError):  # it has ended, which the reading thread says
            self._pipe.send(message)

    def _unanswered(self):
        return self._now["answered"] != self._asked and self._reader.is_alive()

    # The reading thread's own

    def _read(self):
        with suppress(*GONE):
            while True:
                self._take(self._pipe.recv())
        self._let_go()
        ended = {"running": False, "at_rest": True, "closed": True}
        if self.saved:
            ended["file"] = self.output
        elif not (self._closing and self.closed):
            ended["failure"] = what_is_left(self.output)
        self._now = self._now | ended

    def _take(self, changed):
        if changed.get("snapshots") and self.snapshots:
            before = self.snapshots.networks
            changed["snapshots"] = dataclasses.replace(changed["snapshots"],
                                                       networks=before + changed["snapshots"].networks)
        self._now = self._now | changed

    def _let_go(self):
        with self._talking:
            self._pipe.close()
        self._process.join()


def begin(plan, dataset):
    """Start the process that makes the training of a plan on a Dataset; return a pipe to it, and itself."""
    plan = copy.copy(plan)
    plan.launch = plan.farewell = None
    vars(plan).pop("make", None)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, plan, dataset.again, digest(dataset.test)), daemon=True)
    try:
        with interrupts_held():
            process.start()
    except OSError as error:
        ours.close()
        raise LaunchError("it cannot begin", f"no process can be started ({error.strerror}); end others") from error
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


def what_is_left(output):
    """Say what is there of a training that did not end by itself, and give its name free where there is nothing."""
    with suppress(InputError):  # as where another one has begun there
        Lock(output).free()
    release(output)
    path = checkpoint_of(output)
    try:
        epochs = facts_of(path, fingerprint(path))["epochs_run"]
    except (InputError, OSError, KeyError):
        return f"{ENDED}; nothing of it was kept"
    return f"{ENDED}; epoch {epochs} is in {path}"
