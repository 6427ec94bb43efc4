"""Bars one below the other, each from a line that stands for zero: what a `Heatmap` is for what is no picture.

Positions are in units: hundredths of an inch from the window's lower left corner.
"""

import numpy as np
from matplotlib.transforms import Affine2D

from neuralscope.visualizer.drawing.heatmap import Heatmap, hatching
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH

VECTOR_PIXELS_PER_UNIT = 3  # pixels a unit in a vector file
MIN_GAP_ROW = 4  # pixels of a row, from which on one of them is a gap


class Bars(Heatmap):
    """A row for each of the cells ``(rows, 1)``, with a bar in the cell's colour; it fills its room.

    ``names_width``: units at the left that are left free for names; ``ground`` and ``axis``: the colours around bars
    and of the line that stands for zero. Without ``as_bars`` it is a `Heatmap`.
    """

    def __init__(self, ground, axis):
        """Make one empty row."""
        self.ground, self.axis, self.names_width, self.as_bars = ground, axis, 0.0, True
        self.lengths, self.signed = np.zeros(1), False
        super().__init__()

    def set_lengths(self, lengths, signed):
        """Set how long the bars are, (rows,): 1 is all there is room for, ``signed`` to either side of the line."""
        self.lengths, self.signed = np.asarray(lengths, float).ravel(), signed
        self._made = None, None

    @property
    def cell(self):
        """The height of a row in units, or the side of a cell."""
        return self.room[3] / len(self.cells) if self.as_bars else super().cell

    def bounds(self):
        """Return ``(left, bottom, width, height)`` in units, names included."""
        if not self.as_bars:
            return super().bounds()
        left, top, width, height = self.room
        return left, top - height, width, height

    def cell_bounds(self, row, column):
        """Return ``(left, bottom, width, height)`` of a row in units."""
        if not self.as_bars:
            return super().cell_bounds(row, column)
        left, top, width, _ = self.room
        return left, top - (row + 1) * self.cell, width, self.cell

    def cell_at(self, x, y):
        """Return ``(row, 0)`` of the row at a point in units, or None."""
        if not self.as_bars:
            return super().cell_at(x, y)
        left, bottom, width, height = self.bounds()
        if left <= x < left + width and bottom < y <= bottom + height:
            return min(int((bottom + height - y) / self.cell), len(self.cells) - 1), 0
        return None

    def draw(self, renderer):
        """Hand the pixels over."""
        if not self.as_bars:
            super().draw(renderer)
        if not self.as_bars or not self.get_visible():
            return
        unit = renderer.points_to_pixels(72) / UNITS_PER_INCH
        left, bottom, width, height = self.bounds()
        left, width = left + self.names_width, width - self.names_width
        scale = VECTOR_PIXELS_PER_UNIT if renderer.option_scale_image() else unit
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if self._made[0] != size:
            self._made = size, self.pixels(*size)
        pixels = self._made[1][::-1]
        if renderer.option_scale_image():
            renderer.draw_image(renderer.new_gc(), left * unit, bottom * unit, pixels,
                                Affine2D().scale(width * unit, height * unit))
        else:
            renderer.draw_image(renderer.new_gc(), round(left * unit), round(bottom * unit), pixels)
        self.stale = False

    def pixels(self, width, height):
        """Return the picture, ``(height, width, 4)`` uint8, the first row at the top."""
        count = len(self.cells)
        row = np.arange(height) * count // height
        gap = np.append(row[1:] != row[:-1], True) & (height >= MIN_GAP_ROW * count)
        zero = width // 2 if self.signed else 0
        known = np.isfinite(self.lengths)
        ends = zero + np.rint(np.clip(np.where(known, self.lengths, 0), -self.signed, 1) * (width - zero))
        low, high = np.minimum(ends, zero)[row, None], np.maximum(ends, zero)[row, None]
        across = np.arange(width)
        filled = (across >= low) & (across < high) & ~gap[:, None]
        result = np.empty((height, width, 4), np.uint8)
        result[:] = (*self.ground, 255)
        result[filled] = np.broadcast_to(self.cells[row], result.shape)[filled]
        result[:, zero] = (*self.axis, 255)
        if self.hatched is not None and self.hatched.any():
            result[self.hatched.ravel()[row][:, None] & ~gap[:, None] & hatching(height, width), :3] = self.cross
        return result
