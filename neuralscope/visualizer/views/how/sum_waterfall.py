"""What the sum of a neuron is made of: its bias, all that raises it, all that lowers it, as a small waterfall."""

import numpy as np

from neuralscope.analysis.waterfall import side_steps
from neuralscope.formatting import number, signed, signed_addend, thousands
from neuralscope.visualizer.drawing.formula import Formula
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.waterfall_row import WaterfallRow, draw_waterfall
from neuralscope.visualizer.widgets.weighted_sum import input_runs, sum_attribution, unit_name

ROW_COUNT = 4


class SumWaterfall(Panel):
    """Three rows and their sum."""

    def __init__(self, surface):
        """Make the rows and what stands above them."""
        super().__init__(surface)
        self.rows = [WaterfallRow(surface) for _ in range(ROW_COUNT)]
        self.axis, self.rule = self.add(Block(self.theme.hairline)), self.add(Block(self.theme.hairline))
        self.heads = [self.add(Line(align=align)) for align in ("left", "right", "right")]

    def place(self, box):
        """Share the height among the rows; names get what bars and figures leave."""
        scale, measure = self.surface.scale, self.heads[0].measure
        self.box, self.row, left, right = box, box.height / ROW_COUNT, box.left, box.right
        figure = measure((self.run("−00.00", READOUT_PT, mono=True),))
        names = min(measure((self.run("128 pixels that lower it", READOUT_PT, bold=True),)), 0.42 * box.width)
        contribution_x = left + names + figure + 8 * scale
        self.bars, self.figure = (contribution_x + 20 * scale, right - figure - 14 * scale), figure
        for index, row in enumerate(self.rows):
            row.place((left, left, contribution_x, contribution_x, right), box.top - (index + 0.5) * self.row)
            row.name.max_width = names
            row.tile.set_visible(False)
        for head, x in zip(self.heads, (left, contribution_x, right), strict=True):
            head.x, head.y = x, box.top + 10 * scale
        self.heads[0].max_width = names
        self.axis_reach = box.bottom, box.height

    def update(self, session, trace):
        """Show the sum of the neuron selected."""
        self.attribution = sum_attribution(session)
        self.steps = side_steps(self.attribution)
        for row, names, step in zip(self.rows, self.names(session), self.steps, strict=False):
            row.show(names, "", step.contribution, step.total)
        total, unit = self.steps[-1].total, unit_name(session)
        self.rows[-1].show((f"sum of {unit}" if session.layers else unit, "its sum"), "", total, total, bold=True)
        totals = max(row.total.measure(row.total.runs()) for row in self.rows)
        zero = draw_waterfall(self.rows, self.steps, self.bars[0], self.bars[1] - max(0, totals - self.figure))
        self.axis.set_bounds(zero, self.axis_reach[0], 1, self.axis_reach[1])
        self.rule.set_bounds(self.box[0], self.rows[-1].y + self.row / 2, self.rows[0].contribution.x - self.box[0], 1)
        for head, word in zip(self.heads, ("all of it added up", "adds", "total"), strict=True):
            head.set_runs((self.run(word),))

    def names(self, session):
        """Return the wordings of the three rows, longest first."""
        unit_kind = "neuron" if session.layer else session.inputs.noun
        yield "bias", "bias"
        contributions = self.attribution.contributions
        for side, verb in ((contributions > 0, "raise"), (contributions < 0, "lower")):
            count = int(np.count_nonzero(side))
            few = count == 1
            yield (f"{thousands(count)} {unit_kind}{'' if few else 's'} that {verb}{'s' if few else ''} it",
                   f"{thousands(count)} {verb}{'s' if few else ''} it")

    def grid(self, session):
        """Return a cell for each row."""
        return ROW_COUNT, 1

    def cell_at(self, session, x, y):
        """Return the row at a point."""
        down = self.box[1] + self.box[3] - y
        return (min(int(down / self.row), ROW_COUNT - 1), 0) if inside(self.box, x, y) else None

    def describe(self, session, row, column):
        """Say what a row adds up, and which input is the strongest in it."""
        name, figures = self.rows[row].name.text, {"color": "text", "mono": True, "gap": 1.5}
        ring = self.rows[row].name.bounds()
        if row == ROW_COUNT - 1:
            bias, *rest = (step.contribution for step in self.steps)
            formula = Formula((number(bias), *map(signed_addend, rest)), "=", number(self.steps[-1].total))
            return (self.run(name, color="text", bold=True), self.run("bias + what raises it + what lowers it", gap=2),
                    self.run(formula.text, **figures)), ring
        step, contributions = self.steps[row], self.attribution.contributions
        runs = [self.run(name, color="text", bold=True), self.run(signed(step.contribution), **figures)]
        if not row:
            runs.append(self.run(f"what {unit_name(session)} starts from, whatever goes in", gap=2))
        elif step.contribution:
            input_index = int((contributions if row == 1 else -contributions).argmax())
            runs += [self.run("most of all", gap=2), *input_runs(self, session, input_index)]
        return tuple(runs), ring

    def close(self):
        """Take the rows off the figure."""
        for row in self.rows:
            row.close()
        super().close()
