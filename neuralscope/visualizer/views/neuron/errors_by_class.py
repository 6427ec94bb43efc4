"""Errors of each class with a neuron and without it; without labels what is read as each class."""

from neuralscope.formatting import signed_count, thousands
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.panel import Panel, inside


class ErrorsByClass(Panel):
    """Errors of each class, or without labels the digits read as it, before, after, and the change."""

    selects_class = True

    def __init__(self, surface, classes):
        """Make a column for each class."""
        super().__init__(surface)
        self.heads = [self.add(Line()) for _ in range(4)]
        self.cells = [[self.add(Line(align="right")) for _ in range(classes)] for _ in range(4)]
        self.rule = self.add(Block(self.theme.hairline))

    def place(self, left, top, width):
        """Put the rows below each other."""
        lead, classes = self.surface.leading, len(self.cells[0])
        heads = 62 * self.surface.scale + 6
        self.left, self.step, self.heights = left + heads, (width - heads) / classes, [14, 40, 60, 84]
        for row, (head, cells) in enumerate(zip(self.heads, self.cells, strict=True)):
            head.x, head.y = left, top - self.heights[row] * lead
            for column, cell in enumerate(cells):
                cell.x, cell.y = self.left + (column + 1) * self.step, head.y
                cell.max_width = self.step - 3
        self.rule.set_bounds(left, top - 68 * lead, width, 1)
        self.box = self.left, top - 92 * lead, width - heads, 92 * lead

    def show(self, session, effect):
        """Set the figures."""
        names = session.dataset.class_names
        short = names if max(map(len, names)) <= 2 else tuple(map(str, range(len(names))))
        before, after = effect.counts_by_class(effect.before), effect.counts_by_class(effect.after)
        rows = short, before, after, after - before
        writers = str, thousands, thousands, signed_count
        counted = "errors" if effect.has_labels else "read as"
        headings = ("class", None), (counted, None), ("silenced", "text"), ("change", None)
        for head, (words, color) in zip(self.heads, headings, strict=True):
            head.set_runs((self.run(words, color=color),))
        for row, (values, write) in enumerate(zip(rows, writers, strict=True)):
            for column, value in enumerate(values):
                changed = row == 3 and value != 0
                strong = changed or (row == 0 and column == session.selected_class)
                words, color = write(value if row == 0 else int(value)), "text" if strong or row in (0, 2) else None
                self.cells[row][column].set_runs(*((self.run(wording, mono=True, bold=strong, color=color),)
                                                   for wording in (words, words.replace(",", ""))))
        self.values = before, after

    def grid(self, session):
        """Return a column for each class."""
        return 1, len(self.cells[0])

    def cell_at(self, session, x, y):
        """Return the column at a point."""
        return (0, int((x - self.box[0]) / self.step)) if inside(self.box, x, y) else None

    def choose(self, session, row, column):
        """Ask about a class."""
        session.selection.select_class(column)

    def describe(self, session, row, column):
        """Say what becomes of the errors of a class."""
        before, after = (int(values[column]) for values in self.values)
        samples = f"test {session.inputs.sample}s"
        words = f"of {thousands(session.answers.count)} {samples}, read as it"
        if session.has_labels:
            words = f"{thousands(int(session.evaluation.label_counts[column]))} {samples}, misread"
        return (self.run(f"class {session.dataset.class_names[column]}", color="text", bold=True),
                self.run(words, gap=2),
                self.run(f"{thousands(before)} → {thousands(after)}", color="text", mono=True, gap=1.5),
                self.run(f"with this neuron silenced: {signed_count(after - before)}", gap=2)), None
