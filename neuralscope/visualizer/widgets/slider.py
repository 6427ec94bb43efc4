"""A slider: a name, a line with a knob, and the number it stands at."""

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.panel import Panel, inside

LINE_THICKNESS, KNOB_SIZE = 3, (8, 16)  # units
POINTING_REACH = 10  # units above and below the line in which the mouse takes hold of the knob


class Slider(Panel):
    """Sets ``label`` between two ends: a share of the session's sketch, an attribute; of others see the methods."""

    attribute = property(lambda self: self.label)  # what is set is called so

    def __init__(self, surface, label, ends, step, binding):
        """Make the line; a key of ``binding`` sets it by a ``step``."""
        super().__init__(surface)
        self.label, self.ends, self.step, self.binding = label, ends, step, binding
        self.name_line, self.value_line = self.add(Line()), self.add(Line(align="right"))
        self.line, self.filled = self.add(Block(self.theme.hairline)), self.add(Block(self.theme.others))
        self.knob = self.add(Block(self.theme.text))

    def place(self, left, y, width, name_width, value_width):
        """Stand with the baseline of its words at ``y``; the line stands between words as wide as these."""
        self.name_line.x, self.value_line.x = left, left + width
        self.name_line.y = self.value_line.y = y
        self.start, self.middle = left + name_width, y + 3.5 * self.surface.leading
        self.length = max(1.0, width - name_width - value_width - KNOB_SIZE[0])
        self.name_line.set_runs((self.run(self.label),))

    def widths(self):
        """Return how much room the name and the widest value take."""
        values = [self.value_line.measure((self.run(self.write(end), mono=True),)) for end in self.ends]
        return self.name_line.measure((self.run(self.label),)) + 10, max(values) + 12

    def update(self, session, trace):
        """Show where it stands."""
        value = getattr(self.holder(session), self.attribute)
        at = self.start + self.length * (value - self.ends[0]) / (self.ends[1] - self.ends[0])
        self.line.set_bounds(self.start, self.middle - LINE_THICKNESS / 2, self.length + KNOB_SIZE[0], LINE_THICKNESS)
        self.filled.set_bounds(self.start, self.middle - LINE_THICKNESS / 2, at - self.start, LINE_THICKNESS)
        self.knob.set_bounds(at, self.middle - KNOB_SIZE[1] / 2, *KNOB_SIZE)
        self.value_line.set_runs((self.run(self.write(value), color="text", mono=True),))

    @staticmethod
    def holder(session):
        """Return what has the attribute."""
        return session.user_digit

    @staticmethod
    def write(value):
        """Return a value in words."""
        return f"{100 * value:.0f} %"

    @staticmethod
    def rounded(value):
        """Return the value that the knob can stand at."""
        return round(value, 4)

    def step_by(self, session, steps):
        """Move it by so many steps."""
        value = getattr(self.holder(session), self.attribute) + steps * self.step
        setattr(self.holder(session), self.attribute, self.rounded(min(max(value, self.ends[0]), self.ends[1])))

    def bounds(self):
        """Return the bounds in which the mouse takes hold."""
        return (
            self.start - POINTING_REACH,
            self.middle - POINTING_REACH,
            self.length + KNOB_SIZE[0] + 2 * POINTING_REACH,
            2 * POINTING_REACH,
        )

    def start_drag(self, session, x, y, button):
        """Take the knob to the point."""
        if button != 1 or not inside(self.bounds(), x, y):
            return None
        self.session = session
        self.drag(x, y)
        return self

    def drag(self, x, y):
        """Take the knob along."""
        share = min(max((x - self.start - KNOB_SIZE[0] / 2) / self.length, 0), 1)
        value = self.ends[0] + share * (self.ends[1] - self.ends[0])
        setattr(self.holder(self.session), self.attribute, self.rounded(value))

    def release(self):
        """Leave the knob where it is."""

    def grid(self, session):
        """Return one cell: the knob."""
        return 1, 1

    def cell_at(self, session, x, y):
        """Return the cell if the point is on the slider."""
        return (0, 0) if inside(self.bounds(), x, y) else None

    def describe(self, session, row, column):
        """Say what it sets."""
        left, bottom, width, height = self.knob.bounds
        runs = (self.run(self.label, color="text", bold=True),
                self.run(self.write(getattr(self.holder(session), self.attribute)), color="text", mono=True, gap=2),
                self.run(self.binding.label, color="text", mono=True, gap=2), self.run(self.binding.help, gap=1))
        return runs, (left - 2, bottom - 2, width + 4, height + 4)
