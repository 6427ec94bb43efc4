"""One training at a time for all who look at a server: who began it holds it, the others watch."""

import threading

from neuralscope.visualizer.desktop import say_last
from neuralscope.visualizer.live.launcher import LaunchError, end, farewell
from neuralscope.visualizer.live.process_client import RemoteTraining

MUTED = "another reader's training: you watch it"


class Watched:
    """A training as those see it who do not hold it: it heeds nobody, and shows a ``session`` snapshots if it follows.
    """

    muted = MUTED

    def __init__(self, training, session):
        """Look at ``training``."""
        self.training, self.session = training, session

    def __getattr__(self, name):
        """Return what the training has."""
        return getattr(self.training, name)

    @property
    def snapshots(self):
        """The Snapshots of its epochs, where they are asked for, or None."""
        return self.training.snapshots if self.session.follows else None

    def heed_not(self, *_):
        """Do nothing."""

    start = pause = take_step = take_epoch = set_pace = check_gradients = close = heed_not


class Trainings:
    """Has the one training of a server, or None: ``current``."""

    def __init__(self):
        """Begin with none."""
        self.current, self._beginning, self._lock, self._leaving = None, False, threading.Lock(), []

    def welcome(self, session):
        """Let a session train here; return it."""
        session.trainings, session.follows, session.plan.make = self, False, self.make
        return session

    def make(self, plan, dataset):
        """Return the training of a plan on a Dataset, on a thread that may wait; raises InputError."""
        with self._lock:
            if self._beginning or (self.current and not self.current.over):
                raise LaunchError("one training at a time", "another reader was faster; you will see that one here")
            self._beginning = True
        try:
            if self.current:
                self.current.close()
            self.current = RemoteTraining(plan, dataset)
            return self.current
        finally:
            self._beginning = False

    def attend(self, session, shown):
        """Let a session watch what another one's training does, or no more; return what to say of that, or "".

        ``shown``: whether its window shows trainings. It goes on watching elsewhere while it ``follows``.
        """
        training = session.training
        if training and training.muted and (training.closed or not (shown or session.follows)):
            return self._leave(session)
        current = self.current
        if training or session.plan.busy or not (shown and current and not current.over):
            return ""
        session.training, session.follows, session.plan.failure = Watched(current, session), False, ""
        return f"{MUTED}; u shows it in the other views too"

    def _leave(self, session):
        watched, session.training = session.training, None
        session.forget_snapshots()
        if session.follows:
            session.follows = False
            session.take_files()
        if not watched.closed:
            return ""
        return f"what you watched has ended: {end(watched.training, 'its card continues it')}"

    def part(self, session):
        """End what a session that goes trains, beside the others' windows; the terminal tells what became of it."""
        if not session.plan.busy and (not session.training or session.training.muted):
            return
        thread = threading.Thread(target=lambda: say_last(farewell(session)), name="farewell")
        self._leaving = [one for one in self._leaving if one.is_alive()] + [thread]
        thread.start()

    def close(self):
        """Wait until all has ended that was to end, and end what is left."""
        for thread in self._leaving:
            thread.join()
        if self.current and not self.current.closed:
            say_last(end(self.current))
