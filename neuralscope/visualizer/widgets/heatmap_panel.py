"""A picture with its name and caption below it, like a museum label, and its colour key."""

import numpy as np

from neuralscope.formatting import key_end, truncated
from neuralscope.visualizer.drawing.bars import Bars
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import CAPTION_PT, KEY_END_PT, color_values, largest_size, rgb
from neuralscope.visualizer.widgets.color_key import BAR_COLOR, ColorKey
from neuralscope.visualizer.widgets.panel import Panel

MAX_NAMES = 60  # of bars; more never have room
MIN_ROW_FOR_NAME = 1.28  # units of a row to a point of a small name: else names would touch each other
CAPTION_ROW = 14  # units of a row for a name as large as a caption
NAMES_SHARE = 0.42  # of the width
MIN_WIDTH_FOR_NAMES = 200  # units


def inputs_picture(theme, inputs):
    """Return what shows ``inputs``: a picture, or bars."""
    return Heatmap() if inputs is None or inputs.is_picture else Bars(rgb(theme.zero), rgb(theme.faint))


def show_inputs(picture, theme, inputs, values):
    """Show the ``values`` (inputs,) of what a network reads in what `inputs_picture` returned."""
    signed, shares = inputs.signed, inputs.relative(values).reshape(inputs.shape)
    table = theme.signed if signed else theme.ink
    if not inputs.is_picture:
        picture.set_lengths(shares, signed)
        shares = bar_colors(shares)
    picture.set_cells(color_values(table, shares, 1, signed), hatched=not_numbers(shares), cross=rgb(theme.text))


def bar_colors(values):
    """Return what stands for values where their size is told by a bar's length: their sign, as a strong colour."""
    return BAR_COLOR * np.sign(values)


def not_numbers(values):
    """Return which values are NaN or infinite, or None where none is."""
    found = ~np.isfinite(values)
    return found if found.any() else None


class HeatmapPanel(Panel):
    """A picture of cells coloured with ``table`` from 0 to a printed upper end, if ``signed`` from as far below 0."""

    def __init__(self, surface, table, shape, key_width, signed=False, with_key=True, inputs=None):
        """Make the picture of ``shape`` (rows, columns); ``key_width`` is the colour key's, in units at full size.

        ``inputs``: the `Inputs` that the cells stand for, if they do: of what is no picture they are bars.
        """
        super().__init__(surface)
        self.inputs = inputs
        self.with_key = with_key
        self.table, self.key_width, self.signed = table, key_width, signed
        self.picture = self.add(self.make_picture())
        self.picture.set_cells(np.zeros((*shape, 4), np.uint8))
        self.key = ColorKey(self)
        self.title, self.caption = self.add(Line()), self.add(Line())
        names = inputs.names if inputs is not None and inputs.count <= MAX_NAMES else ()
        self.bar_names = [self.add(Line()) for _ in names]
        self.show_if(True)

    def make_picture(self):
        """Return what shows the cells."""
        return inputs_picture(self.theme, self.inputs)

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
        self._name_bars()
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

    def _name_bars(self):
        """Name the bars at their left, where there is room."""
        if not self.bar_names:
            return
        left, _, width, _ = self.picture.bounds()
        smallest = MIN_ROW_FOR_NAME * self.surface.points(KEY_END_PT)
        fits = self.picture.as_bars and self.picture.cell >= smallest and width >= MIN_WIDTH_FOR_NAMES
        size = CAPTION_PT if self.picture.cell >= CAPTION_ROW * self.surface.leading else KEY_END_PT
        wordings = [[(self.run(words, size),) for words in truncated(name)] for name in self.inputs.names]
        longest = max(self.title.measure(words[0]) for words in wordings) + 10
        room = min(longest, NAMES_SHARE * width)
        self.picture.names_width = room if fits else 0.0
        for row, (line, words) in enumerate(zip(self.bar_names, wordings, strict=True)):
            _, bottom, _, height = self.picture.cell_bounds(row, 0)
            line.x, line.y, line.inlaid = left, bottom + height / 2 - 4.5 * self.surface.leading, True
            line.max_width = room - 6
            line.set_runs(*(words if fits else ((),)))

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
        hatched = not_numbers(values)
        as_bars = isinstance(self.picture, Bars) and self.picture.as_bars
        if as_bars:
            self.picture.set_lengths(values / top, self.signed)
        cells = self._colors(bar_colors(values) * top if as_bars else values, top)
        if empty is not None:
            cells[empty, :3] = rgb(self.theme.hairline)
        if hatched is not None:
            cells[hatched, :3] = rgb(self.theme.zero)
        self.picture.set_cells(cells, empty, crossed, rgb(self.theme.text), hatched)
        if self.inputs is not None and not self.inputs.is_picture:
            self.key.fill(self.table, self.signed, steps=as_bars)
        self.key.label("1" if top == 1 else key_end(top), self.signed, full=largest_size(values) > top)

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
