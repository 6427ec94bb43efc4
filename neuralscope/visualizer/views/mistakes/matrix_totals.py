"""The sums of the confusion matrix: the mistakes of each row and each column, and all."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.shapes import Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import rgb
from neuralscope.visualizer.widgets.panel import Panel

MAX_BAR_LENGTH = 90  # units: the bar of the class with most mistakes


class MatrixTotals(Panel):
    """Behind each row its mistakes, a bar for them and the digits of the class; below each column its mistakes."""

    def __init__(self, surface, classes, most):
        """Make the artists of so many classes, which have ``most`` digits."""
        super().__init__(surface)
        self.most = most
        self.bars = self.add(Blocks())
        self.errors, self.totals = ([self.add(Line(align="right")) for _ in range(classes)] for _ in range(2))
        self.columns = [self.add(Line(align="center")) for _ in range(classes)]
        self.head, self.in_all = self.add(Line()), self.add(Line())

    def room(self):
        """Return how much room they need at the right of the cells."""
        scale = self.surface.scale
        return (15 + 16) * scale + max(2 * self.widest([self.most]) + 14 * scale, MAX_BAR_LENGTH * scale)

    def place(self, box, cell):
        """Stand at the right of a ``box`` of cells, and below it."""
        left, bottom, width, height = box
        lead = self.surface.leading
        self.left = left + width + 15 * self.surface.scale
        for number, column in enumerate(self.columns):
            column.x, column.y, column.max_width = left + (number + 0.5) * cell, bottom - 22 * lead, cell - 2
            for line in (self.errors[number], self.totals[number]):
                line.y = bottom + height - (number + 0.5) * cell - 4.5 * lead
        self.head.x = self.in_all.x = self.left
        self.head.y, self.in_all.y = bottom + height + 10 * lead, bottom - 22 * lead

    def show(self, wrong, totals):
        """Show counts of mistakes, (classes, classes), and how many digits of each class there are, (classes,)."""
        errors, scale = wrong.sum(axis=1), self.surface.scale
        ends = self.left + self.widest(errors), self.left + self.widest(errors) + 14 * scale + self.widest(totals)
        self.width = max(MAX_BAR_LENGTH * scale, ends[1] - self.left)
        bars, reach = [], MAX_BAR_LENGTH * scale / max(1, int(errors.max()))
        for number, (count, total) in enumerate(zip(map(int, errors), map(int, totals), strict=True)):
            self.errors[number].x, self.totals[number].x = ends
            self.errors[number].set_runs((self.run(thousands(count), color="text", mono=True),) if total else ())
            self.totals[number].set_runs((self.run(thousands(total), mono=True) if total else self.run("none"),))
            bars.append((self.left, self.errors[number].y - 9 * scale, reach * count, 3 * scale))
            below = int(wrong[:, number].sum())
            self.columns[number].set_runs(*((self.run(write(below), mono=True),) for write in (thousands, str)))
        self.bars.set_blocks(bars, [(*rgb(self.theme.others), 255)] * len(bars))
        self.head.set_runs((self.run("errors of"),))
        self.in_all.set_runs((self.run(thousands(int(errors.sum())), color="text", mono=True),
                              self.run("in all", gap=1)))

    def widest(self, counts):
        """Return how wide the widest of counts is."""
        return max(self.head.measure((self.run(thousands(int(count)), mono=True),)) for count in counts)
