"""What is found out about the network between events, after the first frame."""

import time

SLICE_S = 0.015  # seconds of work between two events: nobody feels them
SETTLE_MS = 300  # milliseconds for which another network has to stay before work on it begins: a slider passes many
# milliseconds between looks whether a training still runs: nothing is found out about what changes
TRAINING_CHECK_MS = 300


class BackgroundWork:
    """Does the steps of some work on a timer of the canvas, and calls ``show()`` when there is news.

    The work has ``steps()`` and ``progress``, as the session's analysis and its check-up have.
    """

    def __init__(self, session, show):
        """Begin with nothing started."""
        self.session, self.show = session, show
        self.timer = self.work = None

    def start(self, canvas, work):
        """Start on some work, once; what was begun before is left where it is."""
        if self.work is work:
            return
        another, self.work = self.work is not None, work
        self.steps = work.steps()
        if self.timer is None:
            self.timer = canvas.new_timer(callbacks=[(self.on_timer, (), {})])
        self.timer.interval = SETTLE_MS if another else 1
        self.timer.start()

    def on_timer(self):
        """Work for a moment."""
        training = self.session.training
        learning = training is not None and training.state.running
        self.timer.interval = TRAINING_CHECK_MS if learning else 1
        if learning:
            return
        end, known = time.monotonic() + SLICE_S, self.work.progress
        with self.session.arithmetic():
            while time.monotonic() < end:
                if next(self.steps, self) is self:
                    self.timer.stop()
                    break
        if self.work.progress != known:
            self.show()

    def run_to_end(self, work):
        """Do all of some work at once."""
        with self.session.arithmetic():
            for _ in work.steps():
                pass

    def stop(self):
        """Work no more."""
        if self.timer:
            self.timer.stop()
