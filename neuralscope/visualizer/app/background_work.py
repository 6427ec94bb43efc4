"""What is found out about the network between events, after the first frame."""

import time

SLICE = 0.015  # seconds of work between two events: nobody feels them
PATIENCE = 300  # milliseconds for which another network has to stay before work on it begins: a slider passes many
REST = 300  # milliseconds between looks whether a training still runs: nothing is found out about what changes


class Chores:
    """Does the steps of the session's study on a timer of the canvas, and calls ``show()`` when there is news."""

    def __init__(self, session, show):
        """Begin with nothing started."""
        self.session, self.show = session, show
        self.timer = self.study = None

    def start(self, canvas):
        """Start on the study that the session has now, once."""
        if self.study is self.session.study:
            return
        another, self.study = self.study is not None, self.session.study
        self.steps = self.study.steps()
        if self.timer is None:
            self.timer = canvas.new_timer(callbacks=[(self.work_on, (), {})])
        self.timer.interval = PATIENCE if another else 1
        self.timer.start()

    def work_on(self):
        """Work for a moment."""
        training = self.session.training
        learning = training is not None and training.running
        self.timer.interval = REST if learning else 1
        if learning:
            return
        end, known = time.monotonic() + SLICE, self.study.found
        while time.monotonic() < end:
            if next(self.steps, self) is self:
                self.timer.stop()
                break
        if self.study.found != known:
            self.show()

    def work_through(self):
        """Do all of it at once."""
        for _ in self.session.study.steps():
            pass

    def stop(self):
        """Work no more."""
        if self.timer:
            self.timer.stop()
