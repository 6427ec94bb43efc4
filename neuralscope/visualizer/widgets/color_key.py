"""A colour key: the colours of a scale from one end to the other, and its numbers below them."""

import numpy as np

from neuralscope.formatting import MINUS
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, color_values

BAR_HEIGHT, NUMBERS_BELOW = 6, 21  # units
BAR_COLOR = 0.8  # how far up its scale the colour lies of a bar, whose length tells its size


class ColorKey:
    """A bar of colours, with the lines ``low``, ``middle`` and ``top`` of numbers below it; part of a panel."""

    def __init__(self, panel):
        """Add the artists to ``panel``."""
        self.panel, self.surface = panel, panel.surface
        self.bar = panel.add(Heatmap())
        self.low, self.middle, self.top = (panel.add(Line(align=align)) for align in ("left", "center", "right"))
        self.artists = self.bar, self.low, self.middle, self.top

    def place(self, x, top, width, table, signed=False, align="left"):
        """Stand below ``top``, about so wide, with ``x`` as the left or the right edge; colours are those of ``table``.

        A column of cells is one pixel; of a signed scale they are an odd number, so that zero has one in the middle.
        """
        pixel = self.surface.figure.dpi / UNITS_PER_INCH
        self.columns = max(2, round(width * pixel)) | signed
        self.width, rows = self.columns / pixel, max(1, round(BAR_HEIGHT * pixel))
        left = x if align == "left" else x - self.width
        self.bar.room = left, top, self.width, rows / pixel
        self.low.x, self.middle.x, self.top.x = left, left + self.width / 2, left + self.width
        self.low.y = self.middle.y = self.top.y = top - NUMBERS_BELOW * self.surface.leading
        self.fill(table, signed)

    def fill(self, table, signed, end=1.0, steps=False):
        """Set the colours, from that of zero up to that of ``end`` or, ``signed``, from that of minus ``end``.

        ``steps``: of bars, whose colour tells their sign alone.
        """
        rows = max(1, round(BAR_HEIGHT * self.surface.figure.dpi / UNITS_PER_INCH))
        values = np.linspace(-end * signed, end, self.columns)
        colors = color_values(table, BAR_COLOR * end * np.sign(values) if steps else values, end, signed)
        self.bar.set_cells(np.broadcast_to(colors, (rows, self.columns, 4)))

    def label(self, end, signed=False, full=False):
        """Print the ends, with both signs if there are two; where the bar is narrow, as one ``±`` number.

        ``full``: there are values beyond the ends.
        """
        numbers = (MINUS + end, "0", "+" + end) if signed else ("0", "", end)
        if full:
            numbers = (f"≤ {numbers[0]}" if signed else "0", numbers[1], f"≥ {numbers[2]}")
        low, middle, top = map(self.panel.key_end, numbers)
        needed = [self.low.measure(runs) for runs in (low, middle, top)]
        if self.width < 2 * max(needed) + needed[1] + 12:
            middle = ()
        if signed and self.width < needed[0] + needed[2] + 6:
            low, top = (), self.panel.key_end("±" + end + " full" * full)
        for line, runs in zip((self.low, self.middle, self.top), (low, middle, top), strict=True):
            line.set_runs(runs)
