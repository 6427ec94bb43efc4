"""From where the network in space is looked at, how close, and how many of its connections."""

import math

YAW, PITCH = -36.0, 11.0  # degrees: where one begins
STEEPEST = 85.0  # degrees up and down
NEAREST, FARTHEST = 8.0, 0.5  # times the size at which all is to be seen
COUNTS = 5, 10, 25, 50, 75, 100, 150, 250, 500  # connections between two layers
PER_UNIT = 0.4  # degrees that the mouse turns by a unit
STILL = 3  # units that it may move between press and release of a click
USUAL = 150  # connections in all that one begins with


class Gaze:
    """What turns, zooms and moves the network: ``angles`` (yaw, pitch) in degrees, ``zoom``, and ``moved`` (x, y), by
    how many units; ``count``: how many connections are drawn between two layers, None: as many as is usual.
    """

    count = None

    def __init__(self):
        """Look from where one begins."""
        self.reset()

    def reset(self):
        """Look from there again."""
        self.angles, self.zoom, self.moved = (YAW, PITCH), 1.0, (0.0, 0.0)

    def turn(self, right, up):
        """Turn the network by so many degrees; up and down it stops before it stands on its head. Say if it turned."""
        before, (yaw, pitch) = self.angles, self.angles
        self.angles = (yaw + right + 180) % 360 - 180, min(max(pitch + up, -STEEPEST), STEEPEST)
        return self.angles != before

    def move(self, right, up):
        """Move the network by so many units."""
        self.moved = self.moved[0] + right, self.moved[1] + up

    def come(self, factor, right=0.0, up=0.0):
        """Come closer by a factor; what is so many units beside the middle of the room stays where it is.

        Say if it came closer, or went.
        """
        before, self.zoom = self.zoom, min(max(self.zoom * factor, FARTHEST), NEAREST)
        kept = self.zoom / before
        self.moved = right - (right - self.moved[0]) * kept, up - (up - self.moved[1]) * kept
        return kept != 1

    def keep_within(self, width, height):
        """Leave some of the network in the middle of a room of that size."""
        self.moved = tuple(min(max(moved, -self.zoom * side / 2), self.zoom * side / 2)
                           for moved, side in zip(self.moved, (width, height), strict=True))

    def shown(self, gaps):
        """Return how many connections are drawn in each of so many gaps between layers."""
        return self.count or max(count for count in COUNTS if count * gaps <= math.ceil(USUAL * max(1, gaps / 2)))

    def step(self, gaps, direction):
        """Draw more connections, or fewer with ``direction`` -1; say whether that can be."""
        at = COUNTS.index(self.shown(gaps)) + direction
        if 0 <= at < len(COUNTS):
            self.count = COUNTS[at]
        return 0 <= at < len(COUNTS)


class Hold:
    """The mouse has hold of what a ``gaze`` is on: the first button turns it, others move it."""

    def __init__(self, gaze, x, y, button):
        """Begin at a point."""
        self.gaze, self.turns, self.begun, self.at = gaze, button == 1, (x, y), (x, y)
        self.is_click = self.turns

    def drag(self, x, y):
        """Turn, or move, as far as the mouse does; the hand's trembling in a click does neither."""
        if max(abs(x - self.begun[0]), abs(y - self.begun[1])) > STILL:
            self.is_click = False
        if self.is_click:
            return
        right, up = x - self.at[0], y - self.at[1]
        self.at = x, y
        if self.turns:
            self.gaze.turn(right * PER_UNIT, -up * PER_UNIT)
        else:
            self.gaze.move(right, up)

    def release(self):
        """Leave it as it is."""
