"""Fields: a name and a value each, with a step down and a step up beside it; a wrong value is said where it stands."""

from neuralscope.formatting import truncated
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel, inside

STEP_DOWN_SIGN, STEP_UP_SIGN = "◂", "▸"


class Form(Panel):
    """A row for each of ``fields``, as in `controls`: ``name``, ``help``, ``widest`` (texts that should fit),
    ``text()``,
    ``note()``, ``refusal()`` (words or ""), ``step(direction)`` and ``choose()``: what choosing the value itself does.
    """

    def __init__(self, surface, fields):
        """Make the lines."""
        super().__init__(surface)
        self.fields = fields
        self.names, self.downs, self.values, self.ups, self.notes = (
            [self.add(Line(align=align)) for _ in fields] for align in ("left", "left", "center", "right", "left"))

    def place(self, box, values=0.3):
        """Share the height among the rows; ``values``: the share of the width that arrows and value take."""
        left, _, width, height = box
        self.row, self.left, self.top, self.width = height / len(self.fields), left, box.top, width
        measure = self.names[0].measure
        names = max(measure((self.run(field.name, READOUT_PT),)) for field in self.fields) + 14
        widest = max(measure((self.run(text, READOUT_PT, mono=True),)) for field in self.fields
                     for text in field.widest)
        wide = max(values * width, widest + 48)
        self.start, self.end = left + names, left + names + wide
        for row in range(len(self.fields)):
            y = box.top - (row + 0.5) * self.row - 4.5 * self.surface.leading
            for lines, x in ((self.names, left), (self.downs, self.start), (self.values, self.start + wide / 2),
                             (self.ups, self.end), (self.notes, self.end + 14)):
                lines[row].x, lines[row].y = x, y
            self.values[row].max_width = wide - 40
            self.notes[row].max_width = left + width - self.end - 14

    def update(self, session, trace):
        """Show the values."""
        for row, field in enumerate(self.fields):
            refusal = field.refusal()
            self.names[row].set_runs((self.run(field.name, READOUT_PT),))
            self.downs[row].set_runs((self.run(STEP_DOWN_SIGN, READOUT_PT),))
            self.ups[row].set_runs((self.run(STEP_UP_SIGN, READOUT_PT),))
            color = "wrong" if refusal else "text"
            text = field.text()
            self.values[row].set_runs(*((self.run(part, READOUT_PT, color, mono=True),) for part in truncated(text)))
            words = truncated(f"✗ {refusal}") if refusal else (field.note(), "")
            self.notes[row].set_runs(*((self.run(part, color="wrong" if refusal else None),) for part in words))

    def grid(self, session):
        """Return for each field a step down, the value, and a step up."""
        return (len(self.fields), 3) if self.names[0].get_visible() else None

    def first_cell(self, session):
        """Begin with the first value."""
        return 0, 1

    def bounds(self, row, column):
        """Return the bounds of a cell."""
        height = min(self.row, 24 * self.surface.leading)
        bottom = self.top - (row + 0.5) * self.row - height / 2
        starts = self.start - 6, self.start + 16, self.end - 16, self.end + 6
        return starts[column], bottom, starts[column + 1] - starts[column], height

    def cell_at(self, session, x, y):
        """Return the cell at a point; on the name and the note, the value."""
        if not self.grid(session) or not inside((self.left, self.top - self.row * len(self.fields), self.width,
                                                 self.row * len(self.fields)), x, y):
            return None
        row = min(int((self.top - y) / self.row), len(self.fields) - 1)
        return row, next((column for column in (0, 2) if inside(self.bounds(row, column), x, y)), 1)

    def choose(self, session, row, column):
        """Step, or choose the value."""
        if column == 1:
            return self.fields[row].choose()
        return self.fields[row].step(column - 1)

    def describe(self, session, row, column):
        """Say what the option is, but first what is wrong with it."""
        field = self.fields[row]
        refusal = field.refusal()
        runs = (self.run(field.name, color="text", bold=True, gap=2),
                self.run(field.text(), color="text", mono=True, gap=2), self.run(field.help, gap=2))
        return ((self.run(refusal, color="wrong"),) if refusal else ()) + runs, self.bounds(row, column)
