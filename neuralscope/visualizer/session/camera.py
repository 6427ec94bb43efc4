"""From where the network in space is looked at, how close, and how many of its connections."""

import math

START_YAW_DEGREES, START_PITCH_DEGREES = -36.0, 11.0  # degrees: where one begins
MAX_PITCH_DEGREES = 85.0  # degrees up and down
MAX_ZOOM, MIN_ZOOM = 8.0, 0.5  # times the size at which all is to be seen
CONNECTION_COUNTS = 5, 10, 25, 50, 75, 100, 150, 250, 500  # connections between two layers
DEGREES_PER_UNIT = 0.4  # degrees that the mouse turns by a unit
CLICK_TOLERANCE_UNITS = 3  # units that it may move between press and release of a click
DEFAULT_CONNECTIONS = 150  # connections in all that one begins with


class Camera:
    """What turns, zooms and moves the network: ``angles`` (yaw, pitch) in degrees, ``zoom``, and ``offset`` (x, y), by
    how many units; ``count``: how many connections are drawn between two layers, None: as many as is usual.
    """

    count = None

    def __init__(self):
        """Look from where one begins."""
        self.reset()

    def reset(self):
        """Look from there again."""
        self.angles, self.zoom, self.offset = (START_YAW_DEGREES, START_PITCH_DEGREES), 1.0, (0.0, 0.0)

    def turn(self, right, up):
        """Turn the network by so many degrees; up and down it stops before it stands on its head. Say if it turned."""
        before, (yaw, pitch) = self.angles, self.angles
        self.angles = (yaw + right + 180) % 360 - 180, min(max(pitch + up, -MAX_PITCH_DEGREES), MAX_PITCH_DEGREES)
        return self.angles != before

    def move(self, right, up):
        """Move the network by so many units."""
        self.offset = self.offset[0] + right, self.offset[1] + up

    def zoom_by(self, factor, right=0.0, up=0.0):
        """Come closer by a factor; what is so many units beside the middle of the room stays where it is.

        Say if it came closer, or went.
        """
        before, self.zoom = self.zoom, min(max(self.zoom * factor, MIN_ZOOM), MAX_ZOOM)
        kept = self.zoom / before
        self.offset = right - (right - self.offset[0]) * kept, up - (up - self.offset[1]) * kept
        return kept != 1

    def keep_within(self, width, height):
        """Leave some of the network in the middle of a room of that size."""
        self.offset = tuple(min(max(offset, -self.zoom * side / 2), self.zoom * side / 2)
                            for offset, side in zip(self.offset, (width, height), strict=True))

    def connection_count(self, gaps):
        """Return how many connections are drawn in each of so many gaps between layers."""
        return self.count or max(
            count for count in CONNECTION_COUNTS if count * gaps <= math.ceil(DEFAULT_CONNECTIONS * max(1, gaps / 2))
        )

    def step(self, gaps, direction):
        """Draw more connections, or fewer with ``direction`` -1; say whether that can be."""
        at = CONNECTION_COUNTS.index(self.connection_count(gaps)) + direction
        if 0 <= at < len(CONNECTION_COUNTS):
            self.count = CONNECTION_COUNTS[at]
        return 0 <= at < len(CONNECTION_COUNTS)


class CameraDrag:
    """The mouse has hold of what a ``camera`` is on: the first button turns it, others move it."""

    def __init__(self, camera, x, y, button):
        """Begin at a point."""
        self.camera, self.rotates, self.start, self.at = camera, button == 1, (x, y), (x, y)
        self.is_click = self.rotates

    def drag(self, x, y):
        """Turn, or move, as far as the mouse does; the hand's trembling in a click does neither."""
        if max(abs(x - self.start[0]), abs(y - self.start[1])) > CLICK_TOLERANCE_UNITS:
            self.is_click = False
        if self.is_click:
            return
        right, up = x - self.at[0], y - self.at[1]
        self.at = x, y
        if self.rotates:
            self.camera.turn(right * DEGREES_PER_UNIT, -up * DEGREES_PER_UNIT)
        else:
            self.camera.move(right, up)

    def release(self):
        """Leave it as it is."""
