"""Fields: a name and a value each, with a step down and a step up beside it; a wrong value is said where it stands."""

from neuralscope.formatting import cut
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT
from neuralscope.visualizer.widgets.panel import Panel, inside

DOWN, UP = "◂", "▸"


class Fields(Panel):
    """A row for each of ``fields``, as in `dials`: ``name``, ``help``, ``widest`` (texts that should fit), ``text()``,
    ``note()``, ``refusal()`` (words or ""), ``step(direction)`` and ``choose()``: what choosing the value itself does.
    """

    def __init__(self, painter, fields):
        """Make the lines."""
        super().__init__(painter)
        self.fields = fields
        self.names, self.downs, self.values, self.ups, self.notes = (
            [self.add(Line(align=align)) for _ in fields] for align in ("left", "left", "center", "right", "left"))

    def place(self, left, top, width, height, values=0.3):
        """Share the height among the rows; ``values``: the share of the width that arrows and value take."""
        self.row, self.left, self.top, self.width = height / len(self.fields), left, top, width
        measure = self.names[0].measure
        names = max(measure((self.run(field.name, READOUT),)) for field in self.fields) + 14
        widest = max(measure((self.run(text, READOUT, mono=True),)) for field in self.fields for text in field.widest)
        wide = max(values * width, widest + 48)
        self.start, self.end = left + names, left + names + wide
        for place in range(len(self.fields)):
            y = top - (place + 0.5) * self.row - 4.5 * self.painter.leading
            for lines, x in ((self.names, left), (self.downs, self.start), (self.values, self.start + wide / 2),
                             (self.ups, self.end), (self.notes, self.end + 14)):
                lines[place].x, lines[place].y = x, y
            self.values[place].max_width = wide - 40
            self.notes[place].max_width = left + width - self.end - 14

    def update(self, session, trace):
        """Show the values."""
        for place, field in enumerate(self.fields):
            refusal = field.refusal()
            self.names[place].set_runs((self.run(field.name, READOUT),))
            self.downs[place].set_runs((self.run(DOWN, READOUT),))
            self.ups[place].set_runs((self.run(UP, READOUT),))
            color = "wrong" if refusal else "text"
            text = field.text()
            self.values[place].set_runs(*((self.run(part, READOUT, color, mono=True),) for part in cut(text)))
            words = cut(f"✗ {refusal}") if refusal else (field.note(), "")
            self.notes[place].set_runs(*((self.run(part, color="wrong" if refusal else None),) for part in words))

    def grid(self, session):
        """Return for each field a step down, the value, and a step up."""
        return (len(self.fields), 3) if self.names[0].get_visible() else None

    def first_spot(self, session):
        """Begin with the first value."""
        return 0, 1

    def bounds(self, row, column):
        """Return the bounds of a spot."""
        height = min(self.row, 24 * self.painter.leading)
        bottom = self.top - (row + 0.5) * self.row - height / 2
        starts = self.start - 6, self.start + 16, self.end - 16, self.end + 6
        return starts[column], bottom, starts[column + 1] - starts[column], height

    def spot_at(self, session, x, y):
        """Return the spot at a point; on the name and the note, the value."""
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

    def account(self, session, row, column):
        """Say what the option is, but first what is wrong with it."""
        field = self.fields[row]
        refusal = field.refusal()
        runs = (self.run(field.name, color="text", bold=True, gap=2),
                self.run(field.text(), color="text", mono=True, gap=2), self.run(field.help, gap=2))
        return ((self.run(refusal, color="wrong"),) if refusal else ()) + runs, self.bounds(row, column)
