"""The confusion matrix: how often each class was read as each other, with its sums."""

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.focus_ring import FocusRing
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.drawing.shapes import Blocks
from neuralscope.visualizer.drawing.text import Line, TextRun
from neuralscope.visualizer.drawing.theme import LABEL_PT, READOUT_PT, UNITS_PER_INCH, black_or_white, color_values
from neuralscope.visualizer.input.results import Focus
from neuralscope.visualizer.views.mistakes.matrix_totals import MatrixTotals
from neuralscope.visualizer.widgets.color_key import ColorKey
from neuralscope.visualizer.widgets.confusion_text import (
    answer_runs,
    cell_runs,
    selected_cell,
    total_runs,
    truth_runs,
    worst_cell_of_answer,
    worst_cell_of_truth,
    wrong_counts,
)
from neuralscope.visualizer.widgets.panel import Panel

MIN_CLASSES = 6  # classes for which the room is shared: with fewer the matrix is smaller
MAX_SHORT_NAME = 2  # letters of a class name above which columns have numbers


class ConfusionMatrix(Panel):
    """Rows are the truth, columns what it was read as; behind the last ones stand the sums of the mistakes."""

    selects_class = True

    def __init__(self, surface, class_names, most, gallery):
        """Make the artists; a class has ``most`` digits; those of a cell are in the panel ``gallery``."""
        super().__init__(surface)
        self.names, self.gallery = class_names, gallery
        self.size = len(class_names)
        classes = range(self.size)
        self.blocks = self.add(Blocks())
        self.counts = [[self.add(Line(align="center")) for _ in classes] for _ in classes]
        self.truths = [self.add(Line(align="right")) for _ in classes]
        self.answers = [self.add(Line(align="center")) for _ in classes]
        self.truth, self.read_as, self.caption = (self.add(Line()) for _ in range(3))
        self.sums = MatrixTotals(surface, self.size, most)
        self.key = ColorKey(self)
        self.ring = self.add(FocusRing(self.theme.accent, self.theme.background))

    # Where things stand

    def place(self, box, cells_left):
        """Stand in a box, the cells from ``cells_left`` on if the labels leave them there."""
        (left, _, _, height), top, right = box, box.top, box.right
        scale, lead = self.surface.scale, self.surface.leading
        labels = max(self.truth.measure(self._label(number, True)) for number in range(self.size))
        self.truth.set_runs((self.run("truth"),))
        before = max(labels, self.truth.bounds()[2]) + 12 * scale
        self.left, self.upper = max(cells_left, left + before), top
        pixel = self.surface.figure.dpi / UNITS_PER_INCH
        room = min(right - self.left - self.sums.room(), height) / max(self.size, MIN_CLASSES)
        self.cell = max(1, int(room * pixel + 1e-6)) / pixel
        self.box = Box.hanging(self.left, top, self.size * self.cell, self.size * self.cell)
        half, rise = self.cell / 2, 4.5 * lead
        for number in range(self.size):
            x, y = self.left + number * self.cell + half, top - number * self.cell - half
            for row in range(self.size):
                self.counts[row][number].x, self.counts[number][row].y = x, y - rise
            self.answers[number].x, self.answers[number].y = x, top + 10 * lead
            self.truths[number].x, self.truths[number].y = self.left - 14 * scale, y - rise
        self.sums.place(self.box, self.cell)
        self._place_around(left, right, lead)

    def _place_around(self, left, right, lead):
        """Put the heads above and the key below."""
        below = self.box[1] - 36 * lead
        self.truth.x, self.truth.y = left, self.upper + 10 * lead
        self.read_as.x, self.read_as.y = self.left, self.upper + 32 * lead
        self.read_as.set_runs((self.run("read as"),))
        self.key.place(self.left, below, 0.4 * self.box.width, self.theme.activations)
        self.caption.x, self.caption.y = self.key.top.x + 20 * self.surface.scale, below - 9 * lead
        self.caption.max_width = right - 16 * self.surface.scale - self.caption.x

    # What they show

    def update(self, session, trace):
        """Show the counts of what the network answers now."""
        confusion, self.wrong = session.evaluation.confusion, wrong_counts(session)
        largest = int(self.wrong.max())
        end = session.top("mistakes", largest)
        self._show_cells(confusion, end, selected_cell(session))
        self._show_labels(*selected_cell(session))
        self.sums.show(self.wrong, session.evaluation.label_counts)
        self.key.label(thousands(int(end)), full=largest > end)
        held = "; scale held" if session.holds_color_scales else ""
        self.caption.set_runs(*((self.run(words + held),) for words in (
            "mistakes in a cell; the diagonal is right", "mistakes; the diagonal is right", "mistakes in a cell")))
        self.ring.around = self.bounds_of(*selected_cell(session))

    def _show_cells(self, confusion, end, selected):
        """Fill and number the cells; the diagonal is text without a ground."""
        colors = color_values(self.theme.activations, self.wrong, end)
        off = [divmod(at, self.size) for at in range(self.size**2) if at % (self.size + 1)]
        bounds = [self.bounds_of(*cell) for cell in off]
        self.blocks.set_blocks([(x + 1, y + 1, width - 2, height - 2) for x, y, width, height in bounds],
                               [colors[cell] for cell in off])
        size = self.surface.points(READOUT_PT)
        for row, column in off:
            count = int(self.wrong[row, column])
            color = black_or_white(colors[row, column])
            line, style = self.counts[row][column], {"mono": True, "bold": (row, column) == selected}
            line.max_width = self.cell - 3
            line.set_runs(*((TextRun(write(count), size, color, **style),) for write in (thousands, str) if count))
        right = np.diag(confusion)
        fits = [write for write in (thousands, str) if self._widest(write, right) <= self.cell - 1]
        for number, count in enumerate(map(int, right)):
            self.counts[number][number].set_runs((self.run(fits[0](count), mono=True),) if fits and count else ())

    def _widest(self, write, counts):
        return max(self.caption.measure((self.run(write(int(count)), mono=True),)) for count in counts)

    def _label(self, number, bold):
        """Return the runs of a row's label: the name, and where names are long the number that columns have."""
        style = {"color": "text", "bold": True} if bold else {}
        if self.has_long_names:
            return self.run(self.names[number], **style), self.run(str(number), LABEL_PT, mono=True, gap=1.2, **style)
        return (self.run(self.names[number], LABEL_PT, mono=True, **style),)

    @property
    def has_long_names(self):
        """Whether a class name is too long to stand above a column."""
        return max(map(len, self.names)) > MAX_SHORT_NAME

    def _show_labels(self, truth, answer):
        for number in range(self.size):
            self.truths[number].set_runs(self._label(number, number == truth))
            self.answers[number].set_runs(self._label(number, number == answer)[-1:])

    # Cells: the cells, and behind the last row and column the sums

    def bounds_of(self, row, column):
        """Return the bounds of a cell or a sum."""
        lead, left = self.surface.leading, self.left + column * self.cell
        bottom = self.upper - (row + 1) * self.cell
        width, height = self.cell, self.cell
        if column == self.size:
            left, width = self.sums.left - 4, self.sums.width + 8
        if row == self.size:
            bottom, height = self.box[1] - 28 * lead, 22 * lead
        return left, bottom, width, height

    def grid(self, session):
        """Return the rows and columns of cells, and one more for sums."""
        return self.size + 1, self.size + 1

    def first_cell(self, session):
        """Begin at the chosen cell."""
        return selected_cell(session)

    def cell_at(self, session, x, y):
        """Return the cell or the sum at a point; a label stands for the sum of its row or column."""
        lead = self.surface.leading
        row, column = int((self.upper - y) // self.cell), int((x - self.left) // self.cell)
        across, down = 0 <= column < self.size, 0 <= row < self.size
        if self.truth.x <= x < self.left or self.sums.left - 4 <= x < self.sums.left + self.sums.width + 4:
            column, across = self.size, True
        if self.box[1] - 28 * lead <= y < self.box[1] or self.upper < y < self.upper + 24 * lead:
            row, down = self.size, True
        if row == column == self.size and (y > self.upper or x < self.left):
            return None
        return (row, column) if across and down else None

    def focus_moved(self, session, row, column):
        """Choose the cell that the cursor has moved to."""
        if row < self.size and column < self.size:
            session.cell = row, column

    def choose(self, session, row, column):
        """Choose a cell, or the most frequent mistake of a sum, and go to its digits."""
        session.selection.awaits_contrast_class = False
        if row < self.size and column < self.size:
            session.cell = row, column
        elif row < self.size:
            session.cell = worst_cell_of_truth(session, row)
        else:
            session.cell = worst_cell_of_answer(session, column) if column < self.size else None
        return Focus(self.gallery if self.gallery.grid(session) else self)

    def describe(self, session, row, column):
        """Say what is counted there."""
        if row < self.size:
            runs = cell_runs(self, session, row, column) if column < self.size else truth_runs(self, session, row)
        else:
            runs = answer_runs(self, session, column) if column < self.size else total_runs(self, session)
        return runs, self.bounds_of(row, column)

    def close(self):
        """Take everything off the figure."""
        self.sums.close()
        super().close()
