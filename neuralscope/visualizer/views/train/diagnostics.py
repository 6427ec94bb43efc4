"""Whether the training is healthy: dead neurons, the length of a step, and the gradient check."""

from neuralscope.formatting import counted, number, share, thousands
from neuralscope.visualizer.drawing.formula import Formula
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.views.train.histogram import short_number
from neuralscope.visualizer.widgets.panel import Panel, inside

MAX_GRADIENT_ERROR = 1e-5  # a worst error that proves the derivatives: float64 measures them to about 1e-8
LINE_HEIGHT = 22  # units from line to line


class Diagnostics(Panel):
    """Three lines; the last one is a button that checks again."""

    def __init__(self, surface):
        """Make the lines."""
        super().__init__(surface)
        self.heads, self.values = ([self.add(Line(align=align)) for _ in range(3)] for align in ("left", "right"))
        self.observation = None

    def place(self, left, top, width):
        """Put the lines below each other."""
        self.left, self.top, self.width = left, top, width
        for row, (head, value) in enumerate(zip(self.heads, self.values, strict=True)):
            head.x, value.x = left, left + width
            head.y = value.y = top - (LINE_HEIGHT * row + 16) * self.surface.leading

    def show(self, session, observation, layer):
        """Show a TrainingObservation's facts about a layer: one of the hidden ones, or the only one."""
        self.observation, self.training = observation, session.training
        self.hidden = len(observation.network.layers) > 1
        values = observation.trace.activations[layer]
        self.dead = int((values == values[0]).all(axis=0).sum()) if self.hidden else 0
        self.neurons, self.digits = values.shape[1], len(values)
        dead = f"{thousands(self.dead)} of {thousands(self.neurons)}"
        part = f"{dead}, {share(self.dead, self.neurons, 0)}"
        self.step = observation.update_norms and observation.update_norms[layer]
        step = short_number(update_ratio(*self.step)) if self.step else "no step yet"
        check = observation.check
        self.proved = check.error < MAX_GRADIENT_ERROR
        mark, error = "✓" if self.proved else "✗", short_number(check.error)
        after = f", step {thousands(observation.checked_step)}"
        rows = ((f"silent for {counted(self.digits, session.inputs.sample)}", (part, dead), None) if self.hidden else
                ("silent neurons", ("no hidden layer",), None),
                ("update / weight", (step,), None),
                ("gradients checked", (f"{mark} worst error {error}{after}", f"{mark} {error}{after}",
                                       f"{mark} worst error {error}", f"{mark} {error}"),
                 "right" if self.proved else "wrong"))
        for head, value, (name, wordings, color) in zip(self.heads, self.values, rows, strict=True):
            head.set_runs((self.run(name, READOUT_PT),))
            value.max_width = self.width - head.bounds()[2] - 12
            value.set_runs(*((self.run(part, READOUT_PT, color or "text", mono=color is None, bold=color is not None),)
                             for part in wordings))

    def grid(self, session):
        """Return a cell for each line."""
        return (3, 1) if self.observation and self.heads[0].get_visible() else None

    def bounds(self, row):
        """Return the bounds of a line."""
        high = LINE_HEIGHT * self.surface.leading
        return self.left - 4, self.heads[row].y - 0.3 * high, self.width + 8, high

    def cell_at(self, session, x, y):
        """Return the line at a point."""
        if not self.grid(session):
            return None
        return next(((row, 0) for row in range(3) if inside(self.bounds(row), x, y)), None)

    def choose(self, session, row, column):
        """Check the derivatives again, now."""
        if row == 2:
            self.training.tell(Command.CHECK_GRADIENTS)

    def describe(self, session, row, column):
        """Say what a line means."""
        figure = {"color": "text", "mono": True, "gap": 1.5}
        check, step = self.observation.check, self.step
        lengths = Formula((f"{short_number(step[0])} / {short_number(step[1])}",), "=",
                          short_number(update_ratio(*step))).text if step else ""
        derivatives = Formula((number(check.computed, 9),), "≈", number(check.measured, 9))
        words = (
            (self.run("silent neurons", color="text", bold=True),
             self.run(f"give the same for all of {thousands(self.digits)} training {session.inputs.sample}s:", gap=2),
             self.run(f"{thousands(self.dead)} of {thousands(self.neurons)}", **figure),
             self.run(f"a dead one does so for every {session.inputs.sample}", gap=2)),
            (self.run("update / weight", color="text", bold=True),
             self.run("length of the last step of this layer's weights over their own", gap=2),
             self.run(lengths, **figure),
             self.run("about 0.001 is healthy", gap=2)),
            (self.run("gradients checked", color="text", bold=True),
             self.run(f"{check.count} derivatives beside differences of the loss, worst {check.parameter}"
                      f"[{', '.join(map(str, check.index))}]", gap=2),
             self.run(derivatives.text, **figure),
             self.run(f"after {counted(self.observation.checked_step, 'step')}; a click checks again", gap=2)))[row]
        return words, self.bounds(row)


def update_ratio(step, weights):
    """Return the length of a step over that of the weights, or of weights that are all 0 the step's alone."""
    return step / (weights or 1.0)
