"""What is found out about the network between events, after the first frame."""

import time

SLICE_S = 0.015  # seconds of work between two events: nobody feels them
SETTLE_MS = 300  # milliseconds for which another network has to stay before work on it begins: a slider passes many
# milliseconds between looks whether a training still runs: nothing is found out about what changes
TRAINING_CHECK_MS = 300


class BackgroundWork:
    """Does the steps of the session's study on a timer of the canvas, and calls ``show()`` when there is news."""

    def __init__(self, session, show):
        """Begin with nothing started."""
        self.session, self.show = session, show
        self.timer = self.analysis = None

    def start(self, canvas):
        """Start on the study that the session has now, once."""
        if self.analysis is self.session.analysis:
            return
        another, self.analysis = self.analysis is not None, self.session.analysis
        self.steps = self.analysis.steps()
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
        end, known = time.monotonic() + SLICE_S, self.analysis.progress
        while time.monotonic() < end:
            if next(self.steps, self) is self:
                self.timer.stop()
                break
        if self.analysis.progress != known:
            self.show()

    def run_to_end(self):
        """Do all of it at once."""
        for _ in self.session.analysis.steps():
            pass

    def stop(self):
        """Work no more."""
        if self.timer:
            self.timer.stop()
