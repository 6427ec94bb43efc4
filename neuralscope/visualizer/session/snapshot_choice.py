"""Where the snapshots of a network's training come from, and what they tell."""

import copy
from functools import cached_property

from neuralscope.visualizer.session.training_history import TrainingHistory


class SnapshotChoice:
    """The snapshots of the training that runs in a session's window, while there are any, else those beside the file.
    """

    def __init__(self, session):
        """Look for none yet."""
        self.session, self._history = session, None

    def look_for_snapshots(self):
        """Return the Snapshots beside the file, or None, and why there are none; who opens a file replaces this."""
        return None, ""

    @cached_property
    def file_snapshots(self):
        """The Snapshots beside the file, or None; looked for when somebody asks."""
        return self.look_for_snapshots()[0]

    @cached_property
    def no_snapshots_reason(self):
        """Why there are none, an InputError, or ""."""
        return self.look_for_snapshots()[1]

    @property
    def snapshots(self):
        """The Snapshots that there are, or None."""
        training = self.session.training
        return (training and training.state.snapshots) or self.file_snapshots

    def forget(self):
        """Forget those of a training, so that they are looked for beside the file again."""
        self.__dict__.pop("file_snapshots", None)
        self._history = None

    @property
    def history(self):
        """What the snapshots tell: a `TrainingHistory`, the same until there are other snapshots."""
        now, known = self.snapshots, self._history
        if known is None or (known.snapshots is not now and known.snapshots.networks != now.networks):
            self._history = TrainingHistory(now, self.session.digits, known)
        return self._history

    def fork(self, session):
        """Return the choice of another session, which has no training, of the snapshots that there are now."""
        fork = copy.copy(self)
        fork.session, fork.file_snapshots = session, self.snapshots
        return fork
