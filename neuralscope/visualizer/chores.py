"""What is found out about the network between events, after the first frame."""

import time

SLICE = 0.015  # seconds of work between two events: nobody feels them


class Chores:
    """Does the steps of ``study`` on a timer of the canvas, and calls ``show()`` when there is something new."""

    def __init__(self, study, show):
        """Begin with nothing started."""
        self.study, self.show = study, show
        self.timer = None

    def start(self, canvas):
        """Start, once."""
        if self.timer is None:
            self.steps = self.study.steps()
            self.timer = canvas.new_timer(interval=1, callbacks=[(self.work_on, (), {})])
            self.timer.start()

    def work_on(self):
        """Work for a moment."""
        end, known = time.monotonic() + SLICE, self.study.found
        while time.monotonic() < end:
            if next(self.steps, self) is self:
                self.timer.stop()
                break
        if self.study.found != known:
            self.show()

    def work_through(self):
        """Do all of it at once."""
        for _ in self.study.steps():
            pass

    def stop(self):
        """Work no more."""
        if self.timer:
            self.timer.stop()
