"""Lines from point to point, each in a colour and width of its own, with a glow around them."""

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from neuralscope.visualizer.drawing.plain_artist import PlainArtist
from neuralscope.visualizer.drawing.shapes import clipped_context, in_units
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH

GLOW_WIDTH_FACTOR, GLOW_OPACITY = 4.0, 0.14  # the glow beside its line
DASH_POINTS = 5.0, 3.0  # points on and off
GLOW_RINGS = (*((wider, 0.045) for wider in (4.4, 3.9, 3.4, 2.9, 2.4, 2.0, 1.6)), (1, 1))  # around a disc, and the disc


class Lines3D(PlainArtist):
    """Any number of lines, drawn as one; ``room``: left, bottom, width, height outside of which nothing is drawn.

    ``light``: from 0 to 1, how far they have grown. Not two of Matplotlib's `LineCollection`, for glow and lines: for
    300 lines these are as fast (1.0 of the time, the same pixels if each dash is divided by its line's width) until the
    scene turns and all lines change; then they make a path of each, and take 1.2 times as long.
    """

    def __init__(self, glows=True):
        """Make none."""
        super().__init__()
        self.passes = [(GLOW_WIDTH_FACTOR, GLOW_OPACITY)] * glows + [(1, 1)]
        self.room, self.light = (0.0, 0.0, 1.0, 1.0), 1.0
        self.set_lines(np.zeros((0, 2, 2)), np.zeros((0, 4)), np.zeros(0))

    def set_lines(self, ends, colors, widths, dashed=None):
        """Set ``(n, 2, 2)`` ends and ``(n,)`` widths in units, and ``(n, 4)`` colours 0 to 1; the last lies on top.

        ``dashed`` (n,): which are, default none.
        """
        self.ends, self.colors, self.widths = ends, colors, widths
        self.dashed = np.zeros(len(ends), bool) if dashed is None else dashed
        self.stale = True

    def nearest_line(self, x, y, reach):
        """Return the number of the line closest to a point, or None where none is within reach."""
        left, bottom, width, height = self.room
        if not len(self.ends) or not (left <= x < left + width and bottom <= y < bottom + height):
            return None
        start, along = self.ends[:, 0], self.ends[:, 1] - self.ends[:, 0]
        length = np.maximum((along**2).sum(axis=1), 1e-9)
        at = np.clip((((x, y) - start) * along).sum(axis=1) / length, 0, 1)
        distances = np.hypot(*(start + at[:, None] * along - (x, y)).T)
        found = int(distances.argmin())
        return found if distances[found] <= reach else None

    def draw(self, renderer):
        """Draw the glow of all, then all lines, as one piece moved and stretched."""
        if not self.get_visible() or not len(self.ends) or self.light <= 0:
            return
        transforms = np.zeros((len(self.ends), 3, 3))
        along = (self.ends[:, 1] - self.ends[:, 0]) * min(self.light, 1.0)
        transforms[:, 0, 0], transforms[:, 1, 1], transforms[:, 2, 2] = along[:, 0], along[:, 1], 1
        transforms[:, :2, 2] = self.ends[:, 0]
        context, piece = clipped_context(renderer, self.figure, self.room), [Path([[0, 0], [1, 1]])]
        styles = [(0, DASH_POINTS if dashed else None) for dashed in self.dashed]
        for wider, fainter in self.passes:
            renderer.draw_path_collection(
                context, in_units(self.figure), piece, transforms, np.zeros((len(along), 2)), IdentityTransform(),
                np.zeros((0, 4)), self.colors * (1, 1, 1, fainter), self.widths * wider * 72 / UNITS_PER_INCH,
                styles if wider == 1 else [(0, None)], [True], [None], "screen")
        context.restore()
        self.stale = False


class Dots(PlainArtist):
    """Discs, some with a glow around them; ``room`` as of `Lines3D`.

    Not eight of Matplotlib's `EllipseCollection`, one for each ring: the same pixels in 1.3 times the time.
    """

    def __init__(self):
        """Make none."""
        super().__init__()
        self.room = (0.0, 0.0, 1.0, 1.0)
        self.set_dots(np.zeros((0, 2)), np.zeros(0), np.zeros((0, 3)), np.zeros(0))

    def set_dots(self, points, radii, colors, glow):
        """Set ``(n, 2)`` points, ``(n,)`` radii, ``(n, 3)`` colours, and ``(n,)`` how much each glows, from 0 to 1."""
        self.points, self.radii, self.colors, self.glow = points, radii, colors, glow
        self.stale = True

    def draw(self, renderer):
        """Draw the glow in rings of falling size, then the discs."""
        if not self.get_visible() or not len(self.points):
            return
        context = clipped_context(renderer, self.figure, self.room)
        for wider, alpha in GLOW_RINGS:
            transforms = np.zeros((len(self.points), 3, 3))
            transforms[:, 0, 0] = transforms[:, 1, 1] = self.radii * wider
            transforms[:, :2, 2], transforms[:, 2, 2] = self.points, 1
            shades = np.ones(len(self.points)) if wider == 1 else alpha * self.glow
            renderer.draw_path_collection(
                context, in_units(self.figure), [Path.unit_circle()], transforms, np.zeros((len(shades), 2)),
                IdentityTransform(), np.concatenate([self.colors, shades[:, None]], axis=1), np.zeros((0, 4)), [0.0],
                [(0, None)], [True], [None], "screen")
        context.restore()
        self.stale = False
