"""A session's way through the epochs of the training that its network comes from."""

from functools import cached_property

from neuralscope.visualizer.session.training_history import Past


class Travel:
    """Where snapshots come from, and how the session goes to one of them: by its ``take(network, stage)``."""

    training = None  # the one that runs in the window: its ``snapshots`` count while there are any
    trainings = None  # where many windows share one
    _past = None

    def look_for_snapshots(self):
        """Return the Snapshots beside the file, or None, and why there are none; who opens a file replaces this."""
        return None, ""

    @cached_property
    def _files_snapshots(self):
        return self.look_for_snapshots()[0]

    @cached_property
    def no_snapshots(self):
        """Why there are none, in words."""
        return self.look_for_snapshots()[1]

    @property
    def snapshots(self):
        """The network at epochs of its training: of the one that runs here, else those beside the file, or None."""
        return (self.training and self.training.snapshots) or self._files_snapshots

    @snapshots.setter
    def snapshots(self, snapshots):
        self._files_snapshots = snapshots

    def forget_snapshots(self):
        """Forget those of a training, so that they are looked for beside the file again."""
        self.__dict__.pop("_files_snapshots", None)
        self._past = None

    @property
    def past(self):
        """What the snapshots tell: a `Past`, the same until there are other snapshots."""
        now = self.snapshots
        if self._past is None or (self._past.snapshots is not now and self._past.snapshots.networks != now.networks):
            self._past = Past(now, self.digits, self._past)
        return self._past

    def go_to_snapshot(self, place):
        """Look at the network as it was at a snapshot."""
        self.take(self.past.network(place), self.past.stage(place))
