"""Playing the snapshots of a training, one after the other."""

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
