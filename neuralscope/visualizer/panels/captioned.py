"""A picture with its name and caption below it, like a museum label, and its colour key."""

import numpy as np

from neuralscope.visualizer.panels.panel import Panel
from neuralscope.visualizer.shapes import Picture
from neuralscope.visualizer.style import UNITS, look_up, rgb
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.wording import MINUS, key_end

KEY_HEIGHT = 6


class Captioned(Panel):
    """A picture of cells coloured with ``table`` from 0 to a printed upper end, if ``signed`` from as far below 0."""

    def __init__(self, painter, table, shape, key_width, signed=False):
        """Make the picture of ``shape`` (rows, columns); ``key_width`` is the colour key's, in units at full size."""
        super().__init__(painter)
        self.table, self.key_width, self.signed = table, key_width, signed
        self.picture = self.add(Picture())
        self.picture.set_cells(np.zeros((*shape, 4), np.uint8))
        self.key = self.add(Picture())
        self.low, self.middle, self.top = (self.add(Line(align=align)) for align in ("left", "center", "right"))
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, width, height):
        """Put the picture's upper left corner at a point, in so much room, and the labels below it."""
        self.picture.room = (left, top, width, height)
        self.label(self.picture.bounds()[1])

    def label(self, below):
        """Put name, caption and colour key below a height."""
        left, _, width, _ = self.picture.bounds()
        width = max(width, min(self.picture.room[2], 300 * self.painter.scale))  # a narrow picture's label is wider
        lead, right = self.painter.leading, left + width
        pixel = self.painter.figure.dpi / UNITS
        columns = max(2, round(min(self.key_width * self.painter.scale, 0.4 * width) * pixel))  # one a pixel
        columns |= self.signed  # an odd number has a middle, for zero
        rows, key_width = max(1, round(KEY_HEIGHT * pixel)), columns / pixel
        self.key.room = (right - key_width, below - 16 * lead, key_width, rows / pixel)
        self.key.set_cells(np.broadcast_to(self._colors(np.linspace(-self.signed, 1, columns), 1), (rows, columns, 4)))
        self.low.x, self.middle.x, self.top.x = right - key_width, right - key_width / 2, right
        self.low.y = self.middle.y = self.top.y = below - 37 * lead
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = below - 24 * lead, below - 42 * lead
        self.title.max_width = self.caption.max_width = width - key_width - 12

    def show(self, values, top, empty=None):
        """Colour ``(rows, columns)`` values; ``top`` is the key's upper end."""
        cells = self._colors(values, top)
        if empty is not None:
            cells[empty, :3] = rgb(self.theme.hairline)
        self.picture.set_cells(cells, empty)
        self._label_key("1" if top == 1 else key_end(top))

    def _colors(self, values, top):
        return look_up(self.table, values, top, self.signed)

    def _label_key(self, end):
        """Print the ends of the colour key, with both signs if it has two; where it is narrow, as one ``±`` number."""
        signs = (MINUS + end, "0", "+" + end) if self.signed else ("0", "", end)
        low, middle, top = map(self.key_end, signs)
        needed = [self.low.measure(runs) for runs in (low, middle, top)]
        room = self.key.bounds()[2]
        if room < 2 * max(needed) + needed[1] + 12:
            middle = ()
        if self.signed and room < needed[0] + needed[2] + 6:
            low, top = (), self.key_end("±" + end)
        for line, runs in zip((self.low, self.middle, self.top), (low, middle, top), strict=True):
            line.set_runs(runs)
