"""Where things stand: boxes that are split into columns and rows, and the margins of every view, once.

Positions are in units: hundredths of an inch from the window's lower left corner; shares are of the window.
"""

from typing import NamedTuple

# Shares of the window's width or height
LEFT, RIGHT, PLATE_WIDTH = 0.029, 0.971, 0.943  # every view stands between the first two; plates under text are wider
READOUT_FOOT, READOUT_TOP = 0.08, 0.135
TOP, FOOT, DEEP_FOOT = 0.825, 0.145, 0.142  # of a page: below the headline, and above the readout
HEAD_ROW, TAB_ROW, FOOTER_ROW = 0.885, 0.955, 0.035  # baselines of headline, of the views' names, of the last line
SECOND_COLUMN, THIRD_COLUMN, PICTURE_WIDTH, PICTURE_FOOT = 0.377, 0.726, 0.32, 0.265  # of `three_columns`


class Box(NamedTuple):
    """A rectangle; it unpacks to left, bottom, width and height as any bounds do."""

    left: float
    bottom: float
    width: float
    height: float

    @classmethod
    def between(cls, left, right, bottom, top):
        """Return the box with these edges."""
        return cls(left, bottom, right - left, top - bottom)

    @classmethod
    def hanging(cls, left, top, width, height):
        """Return the box with its upper left corner at a point."""
        return cls(left, top - height, width, height)

    @property
    def right(self):
        """Its right edge."""
        return self.left + self.width

    @property
    def top(self):
        """Its upper edge."""
        return self.bottom + self.height

    @property
    def top_left(self):
        """Its upper left corner."""
        return self.left, self.top

    def right_of(self, x):
        """Return the part to the right of ``x``."""
        return Box(x, self.bottom, self.right - x, self.height)

    def left_of(self, x):
        """Return the part to the left of ``x``."""
        return Box(self.left, self.bottom, x - self.left, self.height)

    def above(self, y):
        """Return the part above ``y``."""
        return Box(self.left, y, self.width, self.top - y)

    def below(self, y):
        """Return the part below ``y``."""
        return Box(self.left, self.bottom, self.width, y - self.bottom)

    def columns(self, count, gap=0.0):
        """Return ``count`` boxes of one width side by side, ``gap`` between two."""
        width = (self.width - gap * (count - 1)) / count
        return [Box(self.left + index * (width + gap), self.bottom, width, self.height) for index in range(count)]

    def rows(self, count, gap=0.0):
        """Return ``count`` boxes of one height, from the top down, ``gap`` between two."""
        height = (self.height - gap * (count - 1)) / count
        tops = [self.top - index * (height + gap) for index in range(count)]
        return [Box.hanging(self.left, top, self.width, height) for top in tops]

    def square(self, side=None):
        """Return the square in its upper left corner, as large as it has room for, or with a ``side``."""
        side = min(self.width, self.height) if side is None else side
        return Box(self.left, self.top - side, side, side)


def three_columns(surface):
    """Return two squares for pictures, and a box as high as they may be for the classes at their right."""
    page = surface.page(foot=PICTURE_FOOT, by_height=True)
    picture = page._replace(width=surface.x(PICTURE_WIDTH)).square()
    classes = page._replace(left=surface.x(THIRD_COLUMN), width=surface.x(round(RIGHT - THIRD_COLUMN, 6)))
    return picture, picture._replace(left=surface.x(SECOND_COLUMN)), classes
