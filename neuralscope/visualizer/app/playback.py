"""Playing the snapshots of a training, one after the other."""
import time

SNAPSHOT_INTERVAL_MS = 200  # milliseconds between two snapshots


class Player:
    """Takes a session from snapshot to snapshot, and stops at the last; ``tell()`` is called after each."""

    def __init__(self, canvas, session, tell):
        """Play nothing yet."""
        self.session, self.tell, self.running = session, tell, False
        self.timer = canvas.new_timer(interval=SNAPSHOT_INTERVAL_MS, callbacks=[(self.work_on, (), {})])

    @property
    def place(self):
        """The snapshot that is shown."""
        return self.session.past.place_of(self.session.whole) or 0

    def start(self):
        """Play on, from the first snapshot where the last is shown."""
        if self.place == len(self.session.past) - 1:
            self.session.go_to_snapshot(0)
        self.running = True
        self.timer.start()

    def work_on(self):
        """Go to the next snapshot."""
        newest = len(self.session.past) - 1
        self.session.go_to_snapshot(min(self.place + 1, newest))
        if self.place == newest:
            self.stop()
        self.tell()

    def stop(self):
        """Stay where it is; say whether it was playing."""
        was, self.running = self.running, False
        self.timer.stop()
        return was


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
