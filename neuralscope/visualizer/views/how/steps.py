"""Five steps from pixels to the answer, each with its formula and with this digit's numbers put in."""

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import SUBHEADLINE_PT
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.views.how.steps_text import FORWARD_STEPS, strongest_input
from neuralscope.visualizer.widgets.hidden_layers import neuron_runs
from neuralscope.visualizer.widgets.outputs import output_runs
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.weighted_sum import input_runs

TEXT_SHARE = 0.33  # the share of the width that stays for what a step is


class Steps(Panel):
    """A row for each step: its number, its name over what happens in it, and its formula at the right."""

    steps = FORWARD_STEPS

    def __init__(self, surface):
        """Make the rows."""
        super().__init__(surface)
        self.numbers, self.names, self.sentences = ([self.add(Line()) for _ in self.steps] for _ in range(3))
        self.figures = [self.add(Line(align="right")) for _ in self.steps]
        self.rules = [self.add(Block(self.theme.hairline)) for _ in self.steps]

    def place(self, box):
        """Share the height among the rows."""
        scale, lead = self.surface.scale, self.surface.leading
        self.box, self.row = box, box.height / len(self.steps)
        for index in range(len(self.steps)):
            middle = box.top - (index + 0.5) * self.row
            self.rules[index].set_bounds(box.left, middle + self.row / 2, box.width, 1)
            self.numbers[index].x, self.numbers[index].y = box.left, middle - 6 * lead
            for line, up in ((self.names[index], 4), (self.sentences[index], -14)):
                line.x, line.y = box.left + 34 * scale, middle + up * lead
            self.figures[index].x, self.figures[index].y = box.right, middle - 5 * lead
            self.figures[index].max_width = (1 - TEXT_SHARE) * box.width - 34 * scale

    def update(self, session, trace):
        """Put the numbers in; what happens in a step is said in the room that they leave."""
        for index, step in enumerate(self.steps):
            names, sentences, formulas = step(session)
            self.numbers[index].set_runs((self.run(str(index + 1), SUBHEADLINE_PT, "text", bold=True),))
            self.figures[index].set_runs(*(formula.row_runs(self.run) for formula in formulas))
            room = self.figures[index].bounds()[0] - self.names[index].x - 16
            self.names[index].max_width = self.sentences[index].max_width = room
            self.names[index].set_runs(*map(self.name, names))
            self.sentences[index].set_runs(*((self.run(words),) for words in sentences))

    # Cells: the rows

    def grid(self, session):
        """Return a cell for each step."""
        return len(self.steps), 1

    def cell_at(self, session, x, y):
        """Return the step at a point."""
        down = self.box[1] + self.box[3] - y
        return (min(int(down / self.row), len(self.steps) - 1), 0) if inside(self.box, x, y) else None

    def choose(self, session, row, column):
        """Open the view that says more: of the neuron, or of the score."""
        neuron = OpenView("n" if session.layers else "w")
        return (None, neuron, neuron, OpenView("w"), OpenView("w"))[row]

    def describe(self, session, row, column):
        """Say where the numbers of a step come from."""
        left, bottom, width, height = self.numbers[row].bounds()
        return self.runs(session, row), (left - 4, bottom - 2, width + 8, height + 4)

    def runs(self, session, row):
        """Return the runs that say where the numbers of a step come from."""
        if not row:
            return input_runs(self, session, strongest_input(session))
        if row <= 2 and session.layers:
            return neuron_runs(self, session, session.layer, session.neuron)
        return output_runs(self, session, session.selected_class)
