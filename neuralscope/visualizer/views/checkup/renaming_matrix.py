"""How often each class is read as each: as the network answers, and where that reads more, with its answers renamed."""

import numpy as np

from neuralscope.formatting import share, thousands
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.drawing.shapes import Blocks
from neuralscope.visualizer.drawing.text import Line, TextRun
from neuralscope.visualizer.drawing.theme import KEY_END_PT, black_or_white, color_values
from neuralscope.visualizer.widgets.panel import Panel, inside

MAX_CLASSES = 16  # of more the cells are without numbers and names
LABEL_ROOM = 26  # units for the names of rows and columns


class RenamingMatrix(Panel):
    """One matrix, or two side by side; each row in per cent of its class."""

    def __init__(self, surface, class_names):
        """Make the artists of two."""
        super().__init__(surface)
        self.names, self.size = class_names, len(class_names)
        self.blocks = [self.add(Blocks()) for _ in "12"]
        few = self.size if self.size <= MAX_CLASSES else 0
        self.cells = [[[self.add(Line(align="center")) for _ in range(few)] for _ in range(few)] for _ in "12"]
        self.truths = [[self.add(Line(align="right")) for _ in range(few)] for _ in "12"]
        self.answers = [[self.add(Line(align="center")) for _ in range(few)] for _ in "12"]
        self.titles, self.captions = ([self.add(Line()) for _ in "12"] for _ in "12")
        self.shown = []  # of each matrix: its area, the side of a cell, the counts and the answers of its columns

    def hide(self):
        """Show nothing."""
        for artist in self.artists:
            artist.set_visible(False)

    def show(self, session, result, box):
        """Show a result's confusions in a box; say whether it has them."""
        confusion = result.details.get("confusion")
        if confusion is None or len(confusion) != self.size:
            return False
        for artist in self.artists:
            artist.set_visible(True)
        confusion, meanings = np.asarray(confusion), result.details.get("meanings")
        identity = np.arange(self.size)
        order = identity if meanings is None else np.argsort(meanings)
        columns = box.columns(2, 20 * self.surface.scale) if meanings is not None else (box, None)
        self.shown = []
        for place, (column, answers) in enumerate(zip(columns, (identity, order), strict=True)):
            if column is None:
                for artist in self._artists_of(place):
                    artist.set_visible(False)
                continue
            self._show_matrix(place, column, confusion[:, answers], answers)
        return True

    def _artists_of(self, place):
        rows = [line for row in self.cells[place] for line in row]
        return [self.blocks[place], *rows, *self.truths[place], *self.answers[place], self.titles[place],
                self.captions[place]]

    def _show_matrix(self, place, box, confusion, answers):
        """Show a matrix in a box: its columns are the ``answers``."""
        lead, scale = self.surface.leading, self.surface.scale
        label = LABEL_ROOM * max(scale, 0.8)
        cell = min(box.width - label, box.height - label - 44 * lead) / self.size
        area = Box.hanging(box.left + label, box.top - label, cell * self.size, cell * self.size)
        self.shown.append((area, cell, confusion, answers))
        shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
        colors = color_values(self.theme.activations, shares, 1)
        self.blocks[place].set_blocks(
            [(area.left + column * cell, area.top - (row + 1) * cell, cell - 1, cell - 1)
             for row in range(self.size) for column in range(self.size)], colors.reshape(-1, 4))
        self._show_labels(place, area, cell, answers, shares, colors)
        right = int(np.trace(confusion))
        for line, down in ((self.titles[place], 22), (self.captions[place], 39)):
            line.x, line.y, line.max_width = area.left, area.bottom - down * lead, box.right - area.left
        self.titles[place].set_runs(self.name("answers renamed" if place else "as it answers"))
        words = f"{share(right, int(confusion.sum()))} right"
        self.captions[place].set_runs((self.run(f"{words}; rows are the truth, in per cent"),),
                                      (self.run(f"{words}; rows: truth, %"),), (self.run(words),))

    def _show_labels(self, place, area, cell, answers, shares, colors):
        """Name rows and columns, and number the cells that have room for it."""
        lead, size = self.surface.leading, self.surface.points(KEY_END_PT)
        numbered = cell >= 2.6 * size  # 100 fits
        for number, (truth, answer) in enumerate(zip(self.truths[place], self.answers[place], strict=True)):
            truth.x, truth.y = area.left - 8 * lead, area.top - (number + 0.5) * cell - 4 * lead
            answer.x, answer.y = area.left + (number + 0.5) * cell, area.top + 7 * lead
            truth.set_runs((self.run(self._short(number), mono=True),))
            answer.set_runs((self.run(self._short(int(answers[number])), color="text", mono=True),))
            for other, line in enumerate(self.cells[place][number]):
                line.x, line.y = area.left + (other + 0.5) * cell, truth.y
                per_cent = round(100 * float(shares[number, other]))
                line.set_runs((TextRun(str(per_cent), size, black_or_white(colors[number, other]), mono=True),)
                              if numbered and per_cent else ())

    def _short(self, number):
        """Return a class's name where it is short, else its number."""
        return self.names[number] if len(self.names[number]) <= 2 else str(number)

    # Cells: those of both matrices, side by side

    def grid(self, session):
        """Return the rows and columns of all."""
        return self.size, self.size * len(self.shown)

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        for place, (area, cell, *_) in enumerate(self.shown):
            if cell > 0 and inside(area, x, y):
                row, column = int((area.top - y) // cell), int((x - area.left) // cell)
                return min(row, self.size - 1), min(column, self.size - 1) + place * self.size
        return None

    def describe(self, session, row, column):
        """Say how many of a class are answered as another."""
        place, column = divmod(column, self.size)
        area, cell, confusion, answers = self.shown[place]
        answer, count = int(answers[column]), int(confusion[row, column])
        means = f", renamed {self.names[column]}" if place else ""
        runs = (self.run(f"{self.names[row]} answered as {self.names[answer]}{means}", color="text", bold=True),
                self.run(thousands(count), color="text", mono=True, gap=2),
                self.run(f"of {thousands(int(confusion[row].sum()))}", gap=1))
        return runs, (area.left + column * cell, area.top - (row + 1) * cell, cell - 1, cell - 1)
