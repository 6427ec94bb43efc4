"""One training at a time for all who look at a server: who began it holds it, the others watch."""

import threading
from dataclasses import replace

from neuralscope.cli import print_message
from neuralscope.visualizer.live.launcher import LaunchError, end_training, shut_down
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.process_client import RemoteTraining
from neuralscope.visualizer.live.server_files import (
    DEFAULT_DISK_BYTES,
    READER_MARK,
    remove_checkpoint,
    remove_old_checkpoints,
    without_folders,
)
from neuralscope.visualizer.live.setup import TrainingSetup

READ_ONLY_TEXT = "another reader's training: you watch it"
CONTINUED_TEXT = "for a day its card continues it"


def reset_training(training, _again=""):
    """End a reader's training as `end_training` does; of less than an epoch nothing is kept."""
    words, state = end_training(training, CONTINUED_TEXT), training.state
    if state.steps < state.steps_per_epoch and not state.saved:
        remove_checkpoint(state.output)
        return "less than an epoch was learned, and nothing of it is kept"
    return without_folders(words, state.output)


class WatchedTraining:
    """A training as those see it who do not hold it: it heeds nobody, and shows a ``session`` snapshots if it follows.
    """

    read_only = READ_ONLY_TEXT

    def __init__(self, training, session):
        """Look at ``training``."""
        self.training, self.session = training, session

    @property
    def state(self):
        """What the training has come to."""
        state = self.training.state
        return state if self.session.follows_training else replace(state, snapshots=None)

    def tell(self, command, value=None):
        """Let it make an observation, and nothing else."""
        if command is Command.OBSERVE:
            self.training.tell(command)

    def close(self):
        """Do nothing."""


class SharedTraining:
    """Has the one training of a server, or None: ``current``."""

    def __init__(self, disk_bytes=DEFAULT_DISK_BYTES):
        """Begin with none; ``disk_bytes``: what the files of all trainings may have together."""
        self.current, self._starting, self._lock, self._shutdown_threads = None, False, threading.Lock(), []
        self.disk_bytes = disk_bytes

    def add_session(self, session):
        """Let a session train here; return it."""
        session.shared_training, session.follows_training = self, False
        session.training_setup = session.training_setup or TrainingSetup()
        setup = session.training_setup
        setup.make_training, setup.close_training = self.make_training, reset_training
        setup.disk_bytes = self.disk_bytes
        remove_old_checkpoints(setup.output)
        return session

    def make_training(self, setup, dataset):
        """Return the training of a setup on a Dataset, on a thread that may wait; raises InputError."""
        with self._lock:
            if self._starting or (self.current and not self.current.state.ended):
                raise LaunchError("one training at a time", "another reader was faster", "you will see that one here")
            self._starting = True
        try:
            if self.current:
                self.current.close()
            remove_old_checkpoints(setup.output)
            setup.metadata = setup.metadata | READER_MARK
            self.current = RemoteTraining(setup, dataset)
            return self.current
        finally:
            self._starting = False

    def update_watching(self, session, shown):
        """Let a session watch what another one's training does, or no more; return what to say of that, or "".

        ``shown``: whether its window shows trainings. It goes on watching elsewhere while it ``follows_training``.
        """
        training = session.training
        if training and training.read_only and (training.state.closed or not (shown or session.follows_training)):
            return self._stop_watching(session)
        current = self.current
        if training or session.training_setup.busy or not (shown and current and not current.state.ended):
            return ""
        session.training, session.follows_training = WatchedTraining(current, session), False
        session.training_setup.failure = ""
        return f"{READ_ONLY_TEXT}; u shows it in the other views too"

    def _stop_watching(self, session):
        watched, session.training = session.training, None
        session.snapshot_choice.forget()
        if session.follows_training:
            session.follows_training = False
            session.show_file_network()
        if not watched.state.closed:
            return ""
        ended = end_training(watched.training, CONTINUED_TEXT)
        return f"what you watched has ended: {without_folders(ended, watched.state.output)}"

    def end_training_of(self, session):
        """End what a session that goes trains, beside the others' windows; the terminal tells what became of it."""
        if not session.training_setup.busy and (not session.training or session.training.read_only):
            return
        thread = threading.Thread(target=lambda: print_message(shut_down(session)), name="shutdown")
        self._shutdown_threads = [other for other in self._shutdown_threads if other.is_alive()] + [thread]
        thread.start()

    def close(self):
        """Wait until all has ended that was to end, and end what is left."""
        for thread in self._shutdown_threads:
            thread.join()
        if self.current and not self.current.state.closed:
            print_message(end_training(self.current))
