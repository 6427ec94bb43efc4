"""The signal's way through the layers, played on a timer."""

import time

FRAME_INTERVAL_MS = 30  # milliseconds between two frames
SECONDS = 1.2  # from the pixels to the outputs
ARRIVAL = 0.25  # the last part of the way through a gap, in which the layer behind it comes on


class Passage:
    """Plays once; ``tell()`` is called for each frame, ``clock()`` says how late it is, in seconds."""

    def __init__(self, canvas, tell, clock=time.monotonic):
        """Stand still, everything lit."""
        self.tell, self.clock, self.began = tell, clock, None
        self.timer = canvas.new_timer(interval=FRAME_INTERVAL_MS, callbacks=[(self.work_on, (), {})])

    @property
    def playing(self):
        """Whether it plays."""
        return self.began is not None

    def start(self):
        """Play from the pixels on."""
        self.began = self.clock()
        self.timer.start()

    def work_on(self):
        """Show the next frame; after the last one stand still."""
        if self.playing and self.clock() - self.began >= SECONDS:
            self.stop()
        self.tell()

    def stop(self):
        """Stand still, everything lit; say whether it was playing."""
        was, self.began = self.playing, None
        self.timer.stop()
        return was

    def lights(self, gaps):
        """Return, from 0 to 1, how far the lines have grown in each gap, and how far the layer behind it has come on.
        """
        if not self.playing:
            return [1.0] * gaps, [1.0] * gaps
        on = gaps * (self.clock() - self.began) / SECONDS
        grown = [min(max((on - gap) / (1 - ARRIVAL), 0.0), 1.0) for gap in range(gaps)]
        return grown, [min(max((on - gap - 1 + ARRIVAL) / ARRIVAL, 0.0), 1.0) for gap in range(gaps)]
