"""A picture of any size and shape, fitted into a square of pixels."""

import numpy as np

from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH
from neuralscope.visualizer.widgets.panel import Panel

MAX_UNSMOOTHED_PIXELS = 28  # a picture of so many pixels, or fewer, is shown pixel by pixel


class ImagePanel(Panel):
    """Grey values shown as ink in a square; what is not square stands in the middle of it."""

    def __init__(self, surface):
        """Show nothing."""
        super().__init__(surface)
        self.picture = self.add(Heatmap())
        self.values, self.brightness = np.zeros((1, 1), np.float32), False
        self.drawn_state = None  # for which values, brightness and pixels the cells are

    def place(self, left, top, side):
        """Fill a square of whole pixels."""
        self.pixels = max(1, int(side * self.surface.figure.dpi / UNITS_PER_INCH + 1e-6))
        self.picture.room = (left, top, side, side)
        self.show(self.values, self.brightness)

    def show(self, values, brightness=False):
        """Show ``(height, width)`` values, uint8 or floats in [0, 1]: of ink, or ``brightness`` as it is.

        Whoever changes values in place sets ``drawn_state`` to None.
        """
        if self.drawn_state and self.drawn_state[0] is values and self.drawn_state[1:] == (brightness, self.pixels):
            return
        self.drawn_state = values, brightness, self.pixels
        self.values, self.brightness, ink = values, brightness, self.theme.ink
        if brightness and ink[0, 0] > ink[-1, 0]:  # dark ink on light
            ink = ink[::-1]
        fitted, left, top = self._fit(values)
        cells = np.empty((self.pixels, self.pixels, 4), np.uint8)
        cells[:] = self.theme.ink[0]
        cells[top:top + fitted.shape[0], left:left + fitted.shape[1]] = ink[fitted]  # 256 colours: each has its value
        self.picture.set_cells(cells)

    def _fit(self, values):
        """Return the values in the square's pixels, uint8, and where their upper left corner stands in it."""
        from PIL import Image

        rows, columns = values.shape
        scale = self.pixels / max(rows, columns)
        size = [max(1, round(length * scale)) for length in (columns, rows)]
        cells = Image.Resampling.NEAREST if max(rows, columns) <= MAX_UNSMOOTHED_PIXELS else Image.Resampling.BILINEAR
        how = Image.Resampling.BOX if scale < 1 else cells
        if values.dtype != np.uint8:
            values = np.rint(values * np.float32(255)).astype(np.uint8)
        across, down = ((self.pixels - length) // 2 for length in size)
        return np.asarray(Image.fromarray(values).resize(size, how)), across, down

    def to_units(self, x, y):
        """Return where a point of the values is: ``x`` columns from their left edge, ``y`` rows from the upper one."""
        left, bottom, side, _ = self.picture.bounds()
        rows, columns = self.values.shape
        scale = side / max(rows, columns)
        return (left + (side - columns * scale) / 2 + x * scale,
                bottom + side - (side - rows * scale) / 2 - y * scale)
