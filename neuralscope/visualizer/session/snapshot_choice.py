"""A session's way through the epochs of the training that its network comes from."""

from functools import cached_property

from neuralscope.visualizer.session.training_history import TrainingHistory


class SnapshotChoice:
    """Where snapshots come from, and how the session goes to one of them: by its ``show_network(network, label)``."""

    training = None  # the one that runs in the window: its ``snapshots`` count while there are any
    shared_training = None  # where many windows share one
    _training_history = None

    def look_for_snapshots(self):
        """Return the Snapshots beside the file, or None, and why there are none; who opens a file replaces this."""
        return None, ""

    @cached_property
    def _file_snapshots(self):
        return self.look_for_snapshots()[0]

    @cached_property
    def no_snapshots_reason(self):
        """Why there are none, in words."""
        return self.look_for_snapshots()[1]

    @property
    def snapshots(self):
        """The network at epochs of its training: of the one that runs here, else those beside the file, or None."""
        return (self.training and self.training.state.snapshots) or self._file_snapshots

    @snapshots.setter
    def snapshots(self, snapshots):
        self._file_snapshots = snapshots

    def forget_snapshots(self):
        """Forget those of a training, so that they are looked for beside the file again."""
        self.__dict__.pop("_file_snapshots", None)
        self._training_history = None

    @property
    def training_history(self):
        """What the snapshots tell: a `Past`, the same until there are other snapshots."""
        now = self.snapshots
        if self._training_history is None or (
            self._training_history.snapshots is not now and self._training_history.snapshots.networks != now.networks
        ):
            self._training_history = TrainingHistory(now, self.digits, self._training_history)
        return self._training_history

    def go_to_snapshot(self, index):
        """Look at the network as it was at a snapshot."""
        self.show_network(self.training_history.network(index), self.training_history.network_label(index))
