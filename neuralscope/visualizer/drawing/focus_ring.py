"""The cursor's ring, around what stands upright and around what does not.

Positions are in units: hundredths of an inch from the window's lower left corner.
"""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from neuralscope.visualizer.drawing.plain_artist import PlainArtist
from neuralscope.visualizer.drawing.shapes import clipped_context, in_units
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH


class QuadBounds(tuple):
    """The bounds (left, bottom, width, height) of what does not stand upright, for the cursor's ring.

    ``points`` (n, 2): its corners, or of a line the two ends, in units. ``room``: bounds outside of which nothing of it
    is drawn. ``point``: where it is pointed at, by default its middle: then the bounds are around it.
    """

    def __new__(cls, points, room, point=None):
        """Find the bounds."""
        low, high = (points.min(axis=0), points.max(axis=0)) if point is None else np.add(point, ((-1, -1), (1, 1)))
        frame = super().__new__(cls, map(float, (*low, *(high - low))))
        frame.points, frame.room = points, room
        return frame


class FocusRing(PlainArtist):
    """The cursor: a ring two units wide around a cell, cased in the background so that it shows on every colour.

    Around a `QuadBounds` it follows its edges.
    """

    def __init__(self, accent, background):
        """Make a ring around nothing."""
        super().__init__()
        self.zorder = 3
        self.around = None
        self.colors = (background, accent, background)

    def draw(self, renderer):
        """Draw it as three frames, outermost first."""
        if self.around is None or not self.get_visible():
            return
        if isinstance(self.around, QuadBounds):
            self._follow(renderer, self.around)
            return
        left, bottom, width, height = self.around
        for color, grow, line in zip(self.colors, (4, 2.5, 1), (1.5, 2, 1), strict=True):
            frame = Rectangle((left - grow, bottom - grow), width + 2 * grow, height + 2 * grow, fill=False,
                              edgecolor=color, linewidth=line * 72 / UNITS_PER_INCH, joinstyle="miter")
            frame.set_figure(self.figure)
            frame.set_transform(in_units(self.figure))
            frame.draw(renderer)
        self.stale = False

    def _follow(self, renderer, frame):
        """Draw a line along the points of a `QuadBounds`, on a wider line."""
        points = frame.points if len(frame.points) == 2 else frame.points[[*range(len(frame.points)), 0, 1]]
        for color, width in zip(self.colors, (5, 2), strict=False):
            context = clipped_context(renderer, self.figure, frame.room)
            context.set_foreground(color)
            context.set_linewidth(renderer.points_to_pixels(width * 72 / UNITS_PER_INCH))
            context.set_joinstyle("miter")
            renderer.draw_path(context, Path(points), in_units(self.figure))
            context.restore()
        self.stale = False
