"""Curves: any number of them as one artist.

Positions are in units: hundredths of an inch from the window's lower left corner.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from neuralscope.visualizer.shapes import in_units
from neuralscope.visualizer.style import UNITS, rgb

DOT = 2.5  # the radius of a dot, in units


@dataclass(frozen=True, eq=False)
class ChartLine:
    """A line through ``points`` (n, 2) in units: ``color`` as ``#rrggbb``, ``width`` in units, with or without dots."""

    points: np.ndarray
    color: str
    width: float = 1.0
    dots: bool = False


class Curves(Artist):
    """The curves of a chart, the last one on top."""

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
        pixel, place = renderer.points_to_pixels(72) / UNITS, in_units(self.figure)
        for curve in self.curves:
            context = renderer.new_gc()
            context.set_foreground(curve.color)
            context.set_linewidth(curve.width * pixel)
            context.set_joinstyle("round")
            renderer.draw_path(context, Path(curve.points), place)
            if curve.dots:
                context.set_linewidth(0)
                renderer.draw_markers(context, Path.unit_circle(), Affine2D().scale(DOT * pixel), Path(curve.points),
                                      place, tuple(part / 255 for part in rgb(curve.color)))
            context.restore()
        self.stale = False
