"""Playing the snapshots of a training, one after the other."""
import time

SNAPSHOT_INTERVAL_MS = 200  # milliseconds between two snapshots


class SnapshotPlayback:
    """Takes a session from snapshot to snapshot, and stops at the last; ``notify()`` is called after each."""

    def __init__(self, canvas, session, notify):
        """Play nothing yet."""
        self.session, self.notify, self.running = session, notify, False
        self.timer = canvas.new_timer(interval=SNAPSHOT_INTERVAL_MS, callbacks=[(self.on_timer, (), {})])

    @property
    def index(self):
        """The snapshot that is shown."""
        return self.session.training_history.index_of(self.session.base_network) or 0

    def start(self):
        """Play on, from the first snapshot where the last is shown."""
        if self.index == len(self.session.training_history) - 1:
            self.session.go_to_snapshot(0)
        self.running = True
        self.timer.start()

    def on_timer(self):
        """Go to the next snapshot."""
        newest = len(self.session.training_history) - 1
        self.session.go_to_snapshot(min(self.index + 1, newest))
        if self.index == newest:
            self.stop()
        self.notify()

    def stop(self):
        """Stay where it is; say whether it was playing."""
        was, self.running = self.running, False
        self.timer.stop()
        return was


FRAME_INTERVAL_MS = 30  # milliseconds between two frames
PLAYBACK_S = 1.2  # from the pixels to the outputs
ARRIVAL_SHARE = 0.25  # the last part of the way through a gap, in which the layer behind it comes on


class SignalPlayback:
    """Plays once; ``notify()`` is called for each frame, ``clock()`` says how late it is, in seconds."""

    def __init__(self, canvas, notify, clock=time.monotonic):
        """Stand still, everything lit."""
        self.notify, self.clock, self.started = notify, clock, None
        self.timer = canvas.new_timer(interval=FRAME_INTERVAL_MS, callbacks=[(self.on_timer, (), {})])

    @property
    def playing(self):
        """Whether it plays."""
        return self.started is not None

    def start(self):
        """Play from the pixels on."""
        self.started = self.clock()
        self.timer.start()

    def on_timer(self):
        """Show the next frame; after the last one stand still."""
        if self.playing and self.clock() - self.started >= PLAYBACK_S:
            self.stop()
        self.notify()

    def stop(self):
        """Stand still, everything lit; say whether it was playing."""
        was, self.started = self.playing, None
        self.timer.stop()
        return was

    def lights(self, gaps):
        """Return, from 0 to 1, how far the lines have grown in each gap, and how far the layer behind it has come on.
        """
        if not self.playing:
            return [1.0] * gaps, [1.0] * gaps
        on = gaps * (self.clock() - self.started) / PLAYBACK_S
        grown = [min(max((on - gap) / (1 - ARRIVAL_SHARE), 0.0), 1.0) for gap in range(gaps)]
        return grown, [min(max((on - gap - 1 + ARRIVAL_SHARE) / ARRIVAL_SHARE, 0.0), 1.0) for gap in range(gaps)]
