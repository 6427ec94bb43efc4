"""A training in a process of its own, seen as a LiveTraining is: for a server, where it takes no reader along.

Whatever becomes of it, and however long a step or a file takes, the windows go on. Beside frames drawn without a pause
it took 95 steps a second on two busy cores, as a thread did (97), and left 21 frames a second instead of 18. What
crosses over are values, see `process_worker`; here a thread does nothing but put the new ones in place of the old.
"""

import copy
import multiprocessing.resource_tracker
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.machinery import ModuleSpec

from neuralscope.errors import InputError
from neuralscope.runs.digest import digits_sha256
from neuralscope.runs.lock import OutputLock
from neuralscope.runs.output_paths import checkpoint_path, fingerprint, release_output, remove_output_leftovers
from neuralscope.visualizer.live.interrupted import read_metadata
from neuralscope.visualizer.live.launcher import LaunchError
from neuralscope.visualizer.live.phases import STEPPING_PHASES, Command, Event
from neuralscope.visualizer.live.process_worker import PIPE_CLOSED_ERRORS, run_worker
from neuralscope.visualizer.live.protocol import TrainingState
from neuralscope.visualizer.live.server_files import error_without_folders, without_folders

MAIN_SPEC = ModuleSpec("neuralscope.__main__", None)  # multiprocessing runs nothing again that python -m began so
_main_lock = threading.Lock()
END_TIMEOUT_S = 60  # seconds to end in: the step at work, and a file
ENDED_TEXT = "the process that learned was ended from outside"


class RemoteTraining:
    """The training of ``setup`` on a Dataset that can be loaded ``reload``; raises InputError where there can be none.

    Its ``state`` is what the process said last; while that has not answered, it is in the phase that was told.
    """

    read_only = ""

    def __init__(self, setup, dataset):
        """Start the process, and wait until it could make the training."""
        self._sent, self._closing = 0, False
        self._state_lock, self._pipe_lock = threading.Lock(), threading.Lock()
        self._pipe, self._process = begin_process(setup, dataset)
        try:
            first = self._pipe.recv()
        except PIPE_CLOSED_ERRORS:
            first = LaunchError("it cannot begin", "the process that was to learn has ended", "try again")
        self._files = [str(path) for path in (setup.output, setup.resume) if path]
        if isinstance(first, InputError):
            self._end_process()
            raise error_without_folders(first, *self._files)
        self.state = self._received = TrainingState(**self._told(first[1]))
        self._reader = threading.Thread(target=self._read, name="training", daemon=True)
        self._reader.start()

    def tell(self, command, value=None):
        """Let it do something."""
        with self._state_lock:
            self.state = self.state.after_command(command, value)
            self._sent += 1
        with self._pipe_lock, suppress(OSError):  # it has ended, which the reading thread says
            self._pipe.send((command, value))

    def close(self):
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
        self._closing = True
        self.tell(Command.CLOSE)
        self._reader.join(END_TIMEOUT_S)
        if self._reader.is_alive():
            self._process.kill()
            self._reader.join()
        return self.state.kept_path

    # The reading thread's own

    def _read(self):
        with suppress(*PIPE_CLOSED_ERRORS):
            while True:
                self._receive(*self._pipe.recv())
        self._end_process()
        last, failure = self._received, {}
        if not (last.saved or (self._closing and last.closed)):
            failure = self._told({"failure": remains_text(last.output)})
        with self._state_lock:
            self.state = last.after(Event.PROCESS_ENDED, **failure)

    def _receive(self, answered, changes):
        with self._state_lock:
            commanded, state = self.state, self._received.with_changes(self._told(changes))
            self._received = state
            if answered != self._sent:  # what was told since is not in it
                state = replace(state, pace=commanded.pace, learning_rate=commanded.learning_rate,
                                phase=commanded.phase if state.phase in STEPPING_PHASES else state.phase)
            self.state = state

    def _told(self, changes):
        """Return changes of a state as readers are told them."""
        return changes | {name: without_folders(changes[name], *self._files)
                          for name in ("failure", "notice") if changes.get(name)}

    def _end_process(self):
        with self._pipe_lock:
            self._pipe.close()
        self._process.join()


def begin_process(setup, dataset):
    """Start the process that makes the training of a setup on a Dataset; return a pipe to it, and itself."""
    setup = copy.copy(setup)
    setup.launcher = setup.shutdown = None
    for name in ("make_training", "close_training"):
        vars(setup).pop(name, None)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    arguments = theirs, setup, dataset.reload, digits_sha256(dataset.test)
    process = context.Process(target=run_worker, args=arguments, daemon=True)
    try:
        with interrupts_held(), main_left_out():
            process.start()
    except OSError as error:
        ours.close()
        raise LaunchError("it cannot begin", f"no process can be started ({error.strerror})", "end others") from error
    finally:
        theirs.close()
    return ours, process


@contextmanager
def interrupts_held():
    """Hold Ctrl-C and the end of the terminal back on this thread.

    A process that is started inherits that until it can ignore them by itself, as multiprocessing's own one cannot.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        multiprocessing.resource_tracker.ensure_running()  # which lets go of Ctrl-C, but of no other
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def main_left_out():
    """Let a process that is started leave the main module alone, which it has no use for.

    A script that shows a window outside of ``if __name__ == "__main__"`` would show it again there, and where a
    notebook's own ``__file__`` is no Python, nothing could begin.
    """
    main = sys.modules["__main__"]
    with _main_lock:
        before, main.__spec__ = main.__spec__, MAIN_SPEC
        try:
            yield
        finally:
            main.__spec__ = before


def remains_text(output):
    """Say what is there of a training that did not end by itself, and give its name free where there is nothing."""
    with suppress(InputError):  # as where another one has begun there
        OutputLock(output).release()
    remove_output_leftovers(output)
    release_output(output)
    path = checkpoint_path(output)
    try:
        epochs = read_metadata(path, fingerprint(path))["epochs_run"]
    except (InputError, OSError, KeyError):
        return f"{ENDED_TEXT}; nothing of it was kept"
    return f"{ENDED_TEXT}; epoch {epochs} is in {path}"
