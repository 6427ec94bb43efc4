"""Blocks, outlines and curves.

Positions are in units: hundredths of an inch from the window's lower left corner. Each artist says which one of
Matplotlib's could stand in its place, and why it does not. The figures are times of one draw on Agg at 1400 x 800 and
100 dpi, in turns in one process, as Matplotlib's over ours; where it is not said otherwise the pixels are the same.
"""

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from neuralscope.visualizer.drawing.plain_artist import PlainArtist
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, rgb


def in_units(figure):
    """Return the transform from units to the pixels of ``figure``."""
    return Affine2D().scale(1 / UNITS_PER_INCH) + figure.dpi_scale_trans


class Block(PlainArtist):
    """A filled rectangle with square corners; set it with ``set_bounds`` in units.

    Not a `Rectangle` without its edge: that takes 4.4 times as long, and there are dozens in a frame.
    """

    def __init__(self, color, zorder=1.0):
        """Make an invisible block: it has no size yet."""
        super().__init__()
        self.set_zorder(zorder)
        self.bounds = (0.0, 0.0, 0.0, 0.0)
        self.set_facecolor(color)

    def set_bounds(self, left, bottom, width, height):
        """Set where it is and how large, in units."""
        drawable = math.isfinite(left + bottom + width + height)  # what is no number has no bar
        self.bounds = (left, bottom, width, height) if drawable else (0.0, 0.0, 0.0, 0.0)
        self.stale = True

    def set_facecolor(self, color):
        """Set the colour, ``#rrggbb``."""
        self.color = tuple(part / 255 for part in rgb(color))
        self.stale = True

    def draw(self, renderer):
        """Fill it, its edges on whole pixels."""
        left, bottom, width, height = self.bounds
        if not self.get_visible() or width <= 0 or height <= 0:
            return
        context = renderer.new_gc()
        context.set_linewidth(0)
        context.set_snap(True)
        pixel = renderer.points_to_pixels(72) / UNITS_PER_INCH
        transform = Affine2D.from_values(width * pixel, 0, 0, height * pixel, left * pixel, bottom * pixel)
        renderer.draw_path(context, Path.unit_rectangle(), transform, self.color)
        self.stale = False


class Outline(PlainArtist):
    """A line around the cells of a picture that a mask says, so that one sees where the ink is.

    Not a `LineCollection`: that takes 1.7 to 2 times as long and draws the segments one by one, so that 283 of 5,700
    pixels differ.
    """

    def __init__(self, picture, color):
        """Make an outline around nothing, over ``picture``."""
        super().__init__()
        self.set_zorder(1.5)
        self.picture, self.color = picture, color
        self.set_mask(np.zeros((1, 1), bool))

    def set_mask(self, mask):
        """Set which cells ``(rows, columns)`` lie inside."""
        self.mask = mask
        padded = np.pad(mask, 1)
        level = np.argwhere(padded[1:, 1:-1] != padded[:-1, 1:-1])  # (row, column) where an edge begins
        upright = np.argwhere(padded[1:-1, 1:] != padded[1:-1, :-1])
        edges = np.concatenate([np.stack([level, np.add(level, (0, 1))], axis=1),
                                np.stack([upright, np.add(upright, (1, 0))], axis=1)])
        self.segments = edges[..., ::-1]
        self.stale = True

    def draw(self, renderer):
        """Draw all edges as one path, in whole pixels."""
        if not self.get_visible() or not len(self.segments):
            return
        left, bottom, _, height = self.picture.bounds()
        corners = self.segments.reshape(-1, 2) * (1, -1) * self.picture.cell + (left, bottom + height)
        codes = np.tile([Path.MOVETO, Path.LINETO], len(self.segments)).astype(Path.code_type)
        context = renderer.new_gc()
        context.set_foreground(self.color)
        context.set_linewidth(renderer.points_to_pixels(0.75))
        context.set_snap(True)
        renderer.draw_path(context, Path(corners, codes), in_units(self.figure))
        self.stale = False


class Blocks(PlainArtist):
    """Any number of filled rectangles, each in a colour of its own, drawn as one.

    Not a `PolyCollection`: that is as fast (1.1 for 90 rectangles) until they change, as a histogram's do in each frame
    of a training; then it makes a path of each, and takes 1.9 to 3.6 times as long.
    """

    def __init__(self):
        """Make none."""
        super().__init__()
        self.set_zorder(1)
        self.set_blocks(np.zeros((0, 4)), np.zeros((0, 4), np.uint8))

    def set_blocks(self, bounds, colors):
        """Set ``(n, 4)`` left, bottom, width and height in units, and ``(n, 4)`` colours uint8."""
        self.bounds, self.colors = np.asarray(bounds, float).reshape(-1, 4), np.asarray(colors).reshape(-1, 4)
        drawable = np.isfinite(self.bounds).all(axis=1)  # what is no number has no bar
        if not drawable.all():
            self.bounds, self.colors = self.bounds[drawable], self.colors[drawable]
        self.stale = True

    def draw(self, renderer):
        """Draw the rectangles as one unit square, moved and stretched."""
        if not self.get_visible() or not len(self.bounds):
            return
        transforms = np.zeros((len(self.bounds), 3, 3))
        transforms[:, 0, 0], transforms[:, 1, 1], transforms[:, 2, 2] = self.bounds[:, 2], self.bounds[:, 3], 1
        transforms[:, :2, 2] = self.bounds[:, :2]
        edgeless, context = np.zeros((0, 4)), renderer.new_gc()
        context.set_snap(True)
        renderer.draw_path_collection(
            context, in_units(self.figure), [Path.unit_rectangle()], transforms, np.zeros((len(self.bounds), 2)),
            IdentityTransform(), self.colors / 255, edgeless, [0.0], [(0, None)], [False], [None], "screen")
        self.stale = False


class Polyline(PlainArtist):
    """A line through points in units; broken where a point is not finite. ``dashes``: lengths on and off, or None.

    Not a `Line2D`: it takes 0.9 of the time, with new points 1.1, but its width is in points: with the same pixels
    in a window, lines in PDF and SVG files, whose width is in units here, would be two fifths thicker.
    """

    def __init__(self, color, width, dashes=None):
        """Make a line through nothing; ``width`` and ``dashes`` are in units."""
        super().__init__()
        self.set_zorder(1.5)
        self.color, self.width, self.dashes = color, width, dashes
        self.set_points(np.zeros((0, 2)))

    def set_points(self, points):
        """Set ``(n, 2)`` points."""
        self.points = np.asarray(points, float).reshape(-1, 2)
        self.stale = True

    def draw(self, renderer):
        """Draw it as one path."""
        if not self.get_visible() or len(self.points) < 2:
            return
        context, unit = renderer.new_gc(), renderer.points_to_pixels(72) / UNITS_PER_INCH
        context.set_foreground(self.color)
        context.set_linewidth(self.width * unit)
        context.set_joinstyle("round")
        if self.dashes:
            context.set_dashes(0, [length * unit for length in self.dashes])
        renderer.draw_path(context, Path(self.points), in_units(self.figure))
        self.stale = False


def clipped_context(renderer, figure, room):
    """Return a context in which nothing is drawn outside a room, in units."""
    context = renderer.new_gc()
    context.set_clip_rectangle(Bbox.from_bounds(*room).transformed(in_units(figure)))
    return context


DOT_RADIUS = 2.5  # the radius of a dot, in units


@dataclass(frozen=True, eq=False)
class ChartLine:
    """A line through ``points`` (n, 2) in units: ``color`` as ``#rrggbb``, ``width`` in units, with or without dots."""

    points: np.ndarray
    color: str
    width: float = 1.0
    dots: bool = False


class ChartLines(PlainArtist):
    """The curves of a chart, the last one on top.

    Not a `LineCollection`, which has no dots: without them it takes as long (0.9 for ten curves, with new points 1.0).
    With dots it would be a `Line2D` a curve, which takes 1.2 to 1.35 times as long.
    """

    def __init__(self):
        """Make none."""
        super().__init__()
        self.set_zorder(1.2)
        self.set_curves([])

    def set_curves(self, curves):
        """Set the curves."""
        self.curves = list(curves)
        self.stale = True

    def draw(self, renderer):
        """Draw them, one after the other."""
        if not self.get_visible():
            return
        pixel, transform = renderer.points_to_pixels(72) / UNITS_PER_INCH, in_units(self.figure)
        for curve in self.curves:
            context = renderer.new_gc()
            context.set_foreground(curve.color)
            context.set_linewidth(curve.width * pixel)
            context.set_joinstyle("round")
            renderer.draw_path(context, Path(curve.points), transform)
            if curve.dots:
                context.set_linewidth(0)
                renderer.draw_markers(context, Path.unit_circle(), Affine2D().scale(DOT_RADIUS * pixel),
                                      Path(curve.points), transform, tuple(part / 255 for part in rgb(curve.color)))
            context.restore()
        self.stale = False
