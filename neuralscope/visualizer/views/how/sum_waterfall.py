"""What the sum of a neuron is made of: its bias, all that raises it, all that lowers it, as a small waterfall."""

import numpy as np

from neuralscope.analysis.waterfall import sides
from neuralscope.formatting import number, signed, sum_of, thousands
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.waterfall_row import Row, draw_waterfall
from neuralscope.visualizer.widgets.weighted_sum import input_runs, unit_name, weighted_sum

ROWS = 4


class Addends(Panel):
    """Three rows and their sum."""

    def __init__(self, painter):
        """Make the rows and what stands above them."""
        super().__init__(painter)
        self.rows = [Row(painter) for _ in range(ROWS)]
        self.axis, self.rule = self.add(Block(self.theme.hairline)), self.add(Block(self.theme.hairline))
        self.heads = [self.add(Line(align=align)) for align in ("left", "right", "right")]

    def place(self, left, top, width, height):
        """Share the height among the rows; names get what bars and figures leave."""
        scale, measure = self.painter.scale, self.heads[0].measure
        self.box, self.row = (left, top - height, width, height), height / ROWS
        figure, right = measure((self.run("−00.00", READOUT, mono=True),)), left + width
        names = min(measure((self.run("128 pixels that lower it", READOUT, bold=True),)), 0.42 * width)
        push = left + names + figure + 8 * scale
        self.bars = push + 20 * scale, right - figure - 14 * scale
        for place, row in enumerate(self.rows):
            row.place((left, left, push, push, right), top - (place + 0.5) * self.row)
            row.name.max_width = names
            row.tile.set_visible(False)
        for head, x in zip(self.heads, (left, push, right), strict=True):
            head.x, head.y = x, top + 10 * scale
        self.heads[0].max_width = names
        self.axis_reach = top - height, height

    def update(self, session, trace):
        """Show the sum of the neuron chosen."""
        self.added = weighted_sum(session)
        self.steps = sides(self.added)
        for row, names, step in zip(self.rows, self.names(session), self.steps, strict=False):
            row.say(names, "", step.push, step.total)
        total, unit = self.steps[-1].total, unit_name(session)
        self.rows[-1].say((f"sum of {unit}" if session.layers else unit, "its sum"), "", total, total, bold=True)
        zero = draw_waterfall(self.rows, self.steps, *self.bars)
        self.axis.set_bounds(zero, self.axis_reach[0], 1, self.axis_reach[1])
        self.rule.set_bounds(self.box[0], self.rows[-1].y + self.row / 2, self.rows[0].push.x - self.box[0], 1)
        for head, word in zip(self.heads, ("all of it added up", "adds", "total"), strict=True):
            head.set_runs((self.run(word),))

    def names(self, session):
        """Return the wordings of the three rows, longest first."""
        what = "neuron" if session.layer else "pixel"
        yield "bias", "bias"
        for side, verb in ((self.added.pushes > 0, "raise"), (self.added.pushes < 0, "lower")):
            count = int(np.count_nonzero(side))
            few = count == 1
            yield (f"{thousands(count)} {what}{'' if few else 's'} that {verb}{'s' if few else ''} it",
                   f"{thousands(count)} {verb}{'s' if few else ''} it")

    def grid(self, session):
        """Return a spot for each row."""
        return ROWS, 1

    def spot_at(self, session, x, y):
        """Return the row at a point."""
        down = self.box[1] + self.box[3] - y
        return (min(int(down / self.row), ROWS - 1), 0) if inside(self.box, x, y) else None

    def account(self, session, row, column):
        """Say what a row adds up, and which input is the strongest in it."""
        name, figures = self.rows[row].name.text, {"color": "text", "mono": True, "gap": 1.5}
        ring = self.rows[row].name.bounds()
        if row == ROWS - 1:
            bias, *rest = (step.push for step in self.steps)
            terms = " ".join([number(bias), *map(sum_of, rest)])
            return (self.run(name, color="text", bold=True), self.run("bias + what raises it + what lowers it", gap=2),
                    self.run(f"{terms} = {number(self.steps[-1].total)}", **figures)), ring
        step, pushes = self.steps[row], self.added.pushes
        runs = [self.run(name, color="text", bold=True), self.run(signed(step.push), **figures)]
        if not row:
            runs.append(self.run(f"what {unit_name(session)} starts from, whatever goes in", gap=2))
        elif step.push:
            one = int((pushes if row == 1 else -pushes).argmax())
            runs += [self.run("most of all", gap=2), *input_runs(self, session, one)]
        return tuple(runs), ring

    def close(self):
        """Take the rows off the board."""
        for row in self.rows:
            row.close()
        super().close()
