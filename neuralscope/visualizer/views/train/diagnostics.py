"""Whether the learning is healthy: silent neurons, the length of a step, and the proof of the derivatives."""

from neuralscope.formatting import rounded_share, thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT
from neuralscope.visualizer.views.train.histogram import short
from neuralscope.visualizer.widgets.panel import Panel, inside

GOOD = 1e-5  # a worst error that proves the derivatives: float64 measures them to about 1e-8
STEP = 22  # units from line to line


class Vitals(Panel):
    """Three lines; the last one is a button that checks again."""

    def __init__(self, painter):
        """Make the lines."""
        super().__init__(painter)
        self.heads, self.values = ([self.add(Line(align=align)) for _ in range(3)] for align in ("left", "right"))
        self.moment = None

    def place(self, left, top, width):
        """Put the lines below each other."""
        self.left, self.top, self.width = left, top, width
        for number, (head, value) in enumerate(zip(self.heads, self.values, strict=True)):
            head.x, value.x = left, left + width
            head.y = value.y = top - (STEP * number + 16) * self.painter.leading

    def show(self, moment, layer, training):
        """Show a Moment's facts about a layer: one of the hidden ones, or the only one."""
        self.moment, self.training = moment, training
        self.hidden = len(moment.network.layers) > 1
        values = moment.trace.activations[layer]
        self.dead = int((values == values[0]).all(axis=0).sum()) if self.hidden else 0
        self.neurons, self.digits = values.shape[1], len(values)
        dead = f"{thousands(self.dead)} of {thousands(self.neurons)}"
        part = f"{dead}, {rounded_share(self.dead, self.neurons)}"
        self.step = moment.updates and moment.updates[layer]
        step = short(ratio(*self.step)) if self.step else "no step yet"
        check = moment.check
        self.proved = check.error < GOOD
        mark, error = "✓" if self.proved else "✗", short(check.error)
        after = f", step {thousands(moment.checked)}"
        rows = ((f"silent for {self.digits} digits", (part, dead), None) if self.hidden else
                ("silent neurons", ("no hidden layer",), None),
                ("update / weight", (step,), None),
                ("gradients checked", (f"{mark} worst error {error}{after}", f"{mark} {error}{after}",
                                       f"{mark} worst error {error}", f"{mark} {error}"),
                 "right" if self.proved else "wrong"))
        for head, value, (name, wordings, color) in zip(self.heads, self.values, rows, strict=True):
            head.set_runs((self.run(name, READOUT),))
            value.max_width = self.width - head.bounds()[2] - 12
            value.set_runs(*((self.run(part, READOUT, color or "text", mono=color is None, bold=color is not None),)
                             for part in wordings))

    def grid(self, session):
        """Return a spot for each line."""
        return (3, 1) if self.moment and self.heads[0].get_visible() else None

    def bounds(self, row):
        """Return the bounds of a line."""
        high = STEP * self.painter.leading
        return self.left - 4, self.heads[row].y - 0.3 * high, self.width + 8, high

    def spot_at(self, session, x, y):
        """Return the line at a point."""
        if not self.grid(session):
            return None
        return next(((row, 0) for row in range(3) if inside(self.bounds(row), x, y)), None)

    def choose(self, session, row, column):
        """Check the derivatives again, now."""
        if row == 2:
            self.training.check_gradients()

    def account(self, session, row, column):
        """Say what a line means."""
        figure = {"color": "text", "mono": True, "gap": 1.5}
        check, step = self.moment.check, self.step
        lengths = f"{short(step[0])} / {short(step[1])} = {short(ratio(*step))}" if step else ""
        words = (
            (self.run("silent neurons", color="text", bold=True),
             self.run(f"give the same for all of {thousands(self.digits)} training digits:", gap=2),
             self.run(f"{thousands(self.dead)} of {thousands(self.neurons)}", **figure),
             self.run("a dead one does so for every digit", gap=2)),
            (self.run("update / weight", color="text", bold=True),
             self.run("length of the last step of this layer's weights over their own", gap=2),
             self.run(lengths, **figure),
             self.run("about 0.001 is healthy", gap=2)),
            (self.run("gradients checked", color="text", bold=True),
             self.run(f"{check.count} derivatives beside differences of the loss, worst {check.parameter}"
                      f"[{', '.join(map(str, check.index))}]", gap=2),
             self.run(f"{check.computed:.9f} ≈ {check.measured:.9f}".replace("-", "−"), **figure),
             self.run(f"after {thousands(self.moment.checked)} steps; a click checks again", gap=2)))[row]
        return words, self.bounds(row)


def ratio(step, weights):
    """Return the length of a step over that of the weights, or of weights that are all 0 the step's alone."""
    return step / (weights or 1.0)
