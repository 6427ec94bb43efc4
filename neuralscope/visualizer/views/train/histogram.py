"""A histogram of many values around zero, its horizontal axis the colour key."""

import numpy as np

from neuralscope.formatting import key_end, number, round_up, scientific, share, thousands
from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import color_values, rgb
from neuralscope.visualizer.widgets.panel import Panel, inside

NEAR_ZERO_SHARE = 1 / 8  # of the axis around zero where bars would hardly be seen
BIN_COUNT = 41  # an odd number, so that zero has a bin of its own around it where values have signs


class Histogram(Panel):
    """How many of some values lie where; ``title_wordings`` they are stands above, with how many are 0."""

    def __init__(self, surface):
        """Make the artists."""
        super().__init__(surface)
        self.title, self.note = self.add(Line()), self.add(Line(align="right"))
        self.bars, self.axis = self.add(Blocks()), self.add(Block(self.theme.hairline))
        self.ends = [self.add(Line(align=align)) for align in ("left", "center", "right")]
        self.values, self.counts = None, None

    def place(self, box):
        """Put the name above and the numbers of the axis below."""
        lead, (left, bottom, width, _) = self.surface.leading, box
        self.box, self.title.x, self.note.x = box, left, box.right
        self.title.y = self.note.y = box.top + 13 * lead
        self.axis.set_bounds(left, bottom, width, 1)
        for line, x in zip(self.ends, (left, left + width / 2, box.right), strict=True):
            line.x, line.y = x, bottom - 14 * lead
        self.values = None

    def show(self, values, title_wordings, signed):
        """Count the values, an array; ``title_wordings``: of what they are, ``signed``: whether they may be below 0."""
        if values is self.values:
            return
        self.values, self.title_wordings, self.signed = values, title_wordings, signed
        self.count, self.zeros = values.size, values.size - int(np.count_nonzero(values))
        self.top = round_up(float(max(values.max(), -values.min())))
        self.low = -self.top if signed else 0.0
        self.edges = np.linspace(self.low, self.top, BIN_COUNT + 1)
        bins = ((values.ravel() - values.dtype.type(self.low)) * (BIN_COUNT / (self.top - self.low))).astype(np.intp)
        self.counts = np.bincount(np.clip(bins, 0, BIN_COUNT - 1), minlength=BIN_COUNT)
        self._show()

    def _show(self):
        left, bottom, width, height = self.box
        counts = self.counts.copy()
        counts[BIN_COUNT // 2 if self.signed else 0] -= self.zeros  # they are told, and would dwarf all else
        heights = counts / max(1, counts.max()) * height
        step = width / BIN_COUNT
        centres = (self.edges[:-1] + self.edges[1:]) / 2
        table = self.theme.signed if self.signed else self.theme.activations
        colors = color_values(table, centres, self.top, self.signed)
        # zero's own colour is the ground's
        colors[np.abs(centres) < NEAR_ZERO_SHARE * self.top] = *rgb(self.theme.faint), 255
        self.bars.set_blocks([(left + index * step, bottom + 1, step - 1, tall) for index, tall in enumerate(heights)],
                             colors)
        deviation = float(self.values.std(dtype=np.float64))
        zeros = f"{share(self.zeros, self.count, 0)} at 0"
        words = (
            [f"sd {short_number(deviation)}"] if not self.zeros else [f"{zeros}, sd {short_number(deviation)}", zeros]
        )
        self.note.set_runs(*((self.run(text),) for text in words))
        self.title.max_width = self.box[2] - self.note.measure((self.run(words[-1]),)) - 12
        self.title.set_runs(*((self.run(text, color="text"),) for text in self.title_wordings))
        self.note.max_width = self.box[2] - self.title.bounds()[2] - 12
        ends = (f"−{key_end(self.top)}", "0", key_end(self.top)) if self.signed else ("0", "", key_end(self.top))
        for line, text in zip(self.ends, ends, strict=True):
            line.set_runs(self.key_end(text))

    def grid(self, session):
        """Return a cell for each bar, and below them one for what is said of all values."""
        return (2, BIN_COUNT) if self.counts is not None and self.title.get_visible() else None

    def first_cell(self, session):
        """Begin with the highest bar."""
        return 0, int(self.counts.argmax())

    def cell_at(self, session, x, y):
        """Return the bar at a point, or what is said of all."""
        if not self.grid(session):
            return None
        if any(inside(line.bounds(), x, y) for line in (self.title, self.note, *self.ends)):
            return 1, 0
        return None if not inside(self.box, x, y) else (0, int((x - self.box[0]) / self.box[2] * BIN_COUNT))

    def describe(self, session, row, column):
        """Say how many values a bar stands for."""
        figure, step = {"color": "text", "mono": True, "gap": 1.5}, self.box[2] / BIN_COUNT
        if row:
            return self._describe_all(figure), self.note.bounds()
        zeros = self.zeros if column == (BIN_COUNT // 2 if self.signed else 0) else 0
        runs = [self.run(self.title_wordings[0], color="text", bold=True),
                self.run(f"{thousands(int(self.counts[column]) - zeros)} of {thousands(self.count)}", **figure),
                self.run("from", gap=1), self.run(short_number(self.edges[column]), **figure),
                self.run("to", gap=1), self.run(short_number(self.edges[column + 1]), **figure)]
        if zeros:
            runs.append(self.run(f"and {thousands(zeros)} that are exactly 0, which have no bar", gap=2))
        return tuple(runs), (self.box[0] + column * step, self.box[1], step - 1, self.box[3])

    def _describe_all(self, figure):
        mean, deviation = (float(found(dtype=np.float64)) for found in (self.values.mean, self.values.std))
        return (self.run(self.title_wordings[0], color="text", bold=True),
                self.run("standard deviation (sd)", gap=2), self.run(short_number(deviation), **figure),
                self.run("around a mean of", gap=1), self.run(short_number(mean), **figure),
                self.run(f"{thousands(self.zeros)} of {thousands(self.count)} are exactly 0", gap=2),
                self.run("axis from", gap=2), self.run(short_number(self.low), **figure),
                self.run("to", gap=1), self.run(short_number(self.top), **figure))


def short_number(value):
    """Write a number of any size in a few characters."""
    if value == 0 or 0.01 <= abs(value) < 1000:
        return number(value, 2 if abs(value) >= 0.1 or not value else 3)
    return scientific(value, 2)
