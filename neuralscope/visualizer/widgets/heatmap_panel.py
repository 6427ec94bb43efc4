"""A picture with its name and caption below it, like a museum label, and its colour key."""

import numpy as np

from neuralscope.formatting import key_end
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import color_values, rgb
from neuralscope.visualizer.widgets.color_key import ColorKey
from neuralscope.visualizer.widgets.panel import Panel


class HeatmapPanel(Panel):
    """A picture of cells coloured with ``table`` from 0 to a printed upper end, if ``signed`` from as far below 0."""

    def __init__(self, surface, table, shape, key_width, signed=False, with_key=True):
        """Make the picture of ``shape`` (rows, columns); ``key_width`` is the colour key's, in units at full size."""
        super().__init__(surface)
        self.with_key = with_key
        self.table, self.key_width, self.signed = table, key_width, signed
        self.picture = self.add(self.make_picture())
        self.picture.set_cells(np.zeros((*shape, 4), np.uint8))
        self.key = ColorKey(self)
        self.title, self.caption = self.add(Line()), self.add(Line())
        self.show_if(True)

    def make_picture(self):
        """Return what shows the cells."""
        return Heatmap()

    def show_if(self, visible):
        """Show the panel, or nothing of it; the colour key only where the panel has one."""
        for artist in self.artists:
            artist.set_visible(visible and (self.with_key or artist not in self.key.artists))

    def place(self, box, labels=None):
        """Put the picture into the upper left corner of a box, and the labels below it.

        ``labels``: how wide these may be, beside a colour key that stands below them; else it stands beside them.
        """
        self.picture.room, self.labels = (box.left, box.top, box.width, box.height), labels
        self.label(self.picture.bounds()[1])

    def label(self, below):
        """Put name, caption and colour key below a height."""
        left, _, width, _ = self.picture.bounds()
        if self.labels:
            self._label_small(left, below, width)
            return
        width = max(width, min(self.picture.room[2], 300 * self.surface.scale))  # a narrow picture's label is wider
        lead, key_width = self.surface.leading, min(self.key_width * self.surface.scale, 0.4 * width)
        self._place_key(left + width, below - 16 * lead, key_width)
        self.title.x = self.caption.x = left
        self.title.y, self.caption.y = below - 24 * lead, below - 42 * lead
        self.title.max_width = self.caption.max_width = width - self.key.width - 12

    def _label_small(self, left, below, width):
        """Put the labels of a small picture closer, and the key below them."""
        lead = self.surface.leading
        for line, down in ((self.title, 19), (self.caption, 37)):
            line.x, line.y, line.max_width = left, below - down * lead, self.labels
        self._place_key(left + width, below - 47 * lead, width)

    def _place_key(self, right, top, width):
        self.key.place(right, top, width, self.table, self.signed, align="right")

    def show(self, values, top, empty=None, crossed=None):
        """Colour ``(rows, columns)`` values; ``top`` is the key's upper end, which says so where a value is beyond."""
        cells = self._colors(values, top)
        if empty is not None:
            cells[empty, :3] = rgb(self.theme.hairline)
        self.picture.set_cells(cells, empty, crossed, rgb(self.theme.text))
        self.key.label("1" if top == 1 else key_end(top), self.signed, full=bool(np.abs(values).max() > top))

    def _colors(self, values, top):
        return color_values(self.table, values, top, self.signed)

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        return self.picture.cell_at(x, y) if self.picture.get_visible() else None

    def grid(self, session):
        """Return the rows and columns of cells."""
        return self.picture.cells.shape[:2] if self.picture.get_visible() else None

    def first_cell(self, session):
        """Begin in the middle."""
        rows, columns = self.grid(session)
        return rows // 2, columns // 2


def align_labels(panels, top):
    """Put the labels of pictures side by side on one height, and return it: that of the lowest picture.

    Cells are whole pixels wide: a smaller picture stands in the middle.
    """
    bottoms = [panel.picture.bounds()[1] for panel in panels]
    for panel, bottom in zip(panels, bottoms, strict=True):
        panel.picture.room = (panel.picture.room[0], top - (bottom - min(bottoms)) / 2, *panel.picture.room[2:])
        panel.label(min(bottoms))
    return min(bottoms)
