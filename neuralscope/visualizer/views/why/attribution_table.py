"""What adds up to the score of a class, as a waterfall from the bias over the largest contributions."""

import numpy as np

from neuralscope.analysis.attribution import gradient
from neuralscope.analysis.waterfall import BIAS_KIND, NEURON_KIND, OTHERS_KIND, ROUNDING_KIND, printed_total, waterfall
from neuralscope.formatting import key_end, number, pixel_name, product_factors, round_up, thousands, truncated
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, color_values, largest_size
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.views.why.attribution_text import row_runs, sum_names
from neuralscope.visualizer.widgets.hidden_layers import neuron_name, neuron_runs
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.waterfall_row import TILE_SIDE, WaterfallRow, draw_waterfall

MIN_ROW_HEIGHT = 30  # units a row takes: a tile stands in it
LONGEST_NAME = pixel_name(27, 27)  # that has room where there is one hidden layer
MAX_ROWS = 14  # rows: bias, eleven neurons, all others, the sum


class AttributionTable(Panel):
    """The rows, their heads and the sum written out."""

    def __init__(self, surface, inputs, layers):
        """Make the rows; a tile is a picture of `Inputs`; ``layers``: how many hidden ones there are."""
        super().__init__(surface)
        self.inputs, self.indent = inputs, TILE_SIDE + 12 if layers else 0
        self.longest = "layer 9 neuron 9999" if layers > 1 else LONGEST_NAME if layers else inputs.longest_name()
        self.rows = [WaterfallRow(surface) for _ in range(MAX_ROWS)]
        self.axis, self.rule = self.add(Block(self.theme.hairline)), self.add(Block(self.theme.hairline))
        self.heads = [self.add(Line(align=align)) for align in ("left", "right", "right", "left", "right")]
        self.sum_line = self.add(Line())

    def place(self, box, sum_baseline):
        """Share the height among as many rows as fit; a narrow table leaves the factors to the readout.

        ``sum_baseline``: of the sum written out.
        """
        scale, measure = self.surface.scale, self.heads[0].measure
        left, _, width, height = box
        self.row = max(MIN_ROW_HEIGHT, height / MAX_ROWS)
        self.count = max(4, min(MAX_ROWS, int(height / self.row)))
        self.box = box.above(box.top - self.count * self.row)
        figure = measure((self.run("−00.00", READOUT_PT, mono=True),))
        name = left + self.indent
        factors = name + measure((self.run(self.longest, READOUT_PT),))
        self.with_factors = width >= 620
        if self.with_factors:
            factors += measure((self.run("0.000 × −0.0000", mono=True),)) + 12
        contribution_x, right = factors + figure + 14 * scale, box.right
        self.bars = contribution_x + 24 * scale, right - figure - 16 * scale
        for index, row in enumerate(self.rows):
            row.place((left, name, factors, contribution_x, right), self.middle(index))
        for head, x in zip(self.heads, (left, factors, contribution_x, self.bars[0], right), strict=True):
            head.x, head.y = x, box.top + 10 * scale
        self.heads[0].max_width = factors - left - 90
        self.sum_line.x, self.sum_line.y = left, sum_baseline
        self.sum_line.max_width = width

    def middle(self, index):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (index + 0.5) * self.row

    def update(self, session, trace):
        """Show the attribution of the class selected, against the contrast class if there is one."""
        self.attribution = session.attribution
        total = printed_total(trace.sums[-1][0], session.selected_class, session.contrast_class)
        self.steps = waterfall(self.attribution, total, self.count - 3)
        for row, step in zip(self.rows, self.steps, strict=False):
            row.show(self.names(session, step), self.factors(step), step.contribution, step.total,
                     indent=step.kind == NEURON_KIND)
        self.rows[len(self.steps)].show(sum_names(session), "", self.steps[-1].total, self.steps[-1].total,
                                        bold=True, indent=False)
        for row in self.rows[len(self.steps) + 1:]:
            row.show()
        self._show_tiles(session)
        self._draw_bars()
        self._head(session)
        self.sum_line.set_runs(*((self.run(words, mono=True),) for words in self.sentences(session)))

    def names(self, session, step):
        """Return what a step is called, longest first."""
        if step.kind == BIAS_KIND:
            return ("bias",)
        if step.kind == NEURON_KIND and session.layers:
            return (neuron_name(session, session.layers - 1, step.neuron),)
        if step.kind == NEURON_KIND:
            return tuple(truncated(self.inputs.name(step.neuron)))
        if step.kind == ROUNDING_KIND:
            return ("rounding",)
        contributions, shown = self.attribution.contributions, sum(other.kind == NEURON_KIND for other in self.steps)
        others = int(np.count_nonzero(contributions)) - shown
        if not session.layers:
            with_ink = " with ink" * self.inputs.is_picture
            return f"all {thousands(others)} others{with_ink}", "others"
        return f"all {thousands(others)} others{' that push' * (len(contributions) > shown + others)}", "others"

    def factors(self, step):
        """Return the product behind a contribution, where there is room."""
        if not self.with_factors or step.kind != NEURON_KIND:
            return ""
        value, weight = (float(of[step.neuron]) for of in (self.attribution.inputs, self.attribution.weights))
        return product_factors(value, weight, result=2)

    def sentences(self, session):
        """Return the sum written out, longest first."""
        shown = [step.contribution for step in self.steps if step.kind == NEURON_KIND]
        parts = [("bias", self.steps[0].contribution)]
        noun = "neuron" if session.layers else self.inputs.noun
        parts += [(f"{len(shown)} {noun}s", round(sum(shown), 2))] if shown else []
        parts += [(step.kind, step.contribution) for step in self.steps if step.kind in (OTHERS_KIND, ROUNDING_KIND)]
        total, scores = number(self.steps[-1].total), session.trace.sums[-1][0]
        shorter = "  +  ".join(f"{name} {number(value)}" for name, value in parts) + f"  =  {total}"
        if session.contrast_class is not None:
            selected, contrast = float(scores[session.selected_class]), float(scores[session.contrast_class])
            yield f"{shorter}  =  score {number(selected)} − score {number(contrast)}"
        yield shorter
        yield f"sum {total}"

    def _show_tiles(self, session):
        """Show what each neuron looks for; all tiles are on one scale."""
        shown = [step.neuron for step in self.steps if step.kind == NEURON_KIND] if session.layers else []
        pictures = gradient(session.network, session.trace, session.layers - 1)[shown] if shown else np.zeros((0, 1))
        top = session.top("tiles", largest_size(pictures, 0.99) if shown else 0)
        indices = [index for index, step in enumerate(self.steps) if step.kind == NEURON_KIND] if shown else []
        for row in self.rows:
            row.tile.set_visible(False)
        for index, values in zip(indices, pictures, strict=True):
            cells = color_values(self.theme.signed, self.inputs.tile(values), top, signed=True)
            self.rows[index].tile.set_cells(cells)
            self.rows[index].tile.set_visible(True)
        self.tiles_full = f"tiles full at ±{key_end(round_up(top))}" if shown else ""

    def _draw_bars(self):
        zero = draw_waterfall(self.rows, self.steps, *self.bars)
        count = len(self.steps) + 1
        self.axis.set_bounds(zero, self.box[1] + self.box[3] - count * self.row, 1, count * self.row)
        above = self.middle(len(self.steps)) + self.row / 2
        self.rule.set_bounds(self.box[0], above, self.heads[2].x - self.box[0], 1)

    def _head(self, session):
        names = session.dataset.class_names
        selected_name = names[session.selected_class]
        against = "away" if session.contrast_class is None else f"to {names[session.contrast_class]}"
        sides = self.run(f"◀ {against}", color="negative"), self.run(f"▶ to {selected_name}", color="positive", gap=2)
        inputs = "activation" if session.layers else self.inputs.quantity
        words = self.tiles_full, f"{inputs} × weight" if self.with_factors else "", "push", sides, "total"
        for head, word in zip(self.heads, words, strict=True):
            head.set_runs(word if isinstance(word, tuple) else (self.run(word),))

    # Cells: the rows

    def grid(self, session):
        """Return a row for each step, and the sum."""
        return len(self.steps) + 1, 1

    def cell_at(self, session, x, y):
        """Return the row at a point."""
        if not inside(self.box, x, y):
            return None
        index = int((self.box[1] + self.box[3] - y) / self.row)
        return (index, 0) if index <= len(self.steps) else None

    def choose(self, session, row, column):
        """Select a neuron; once more: open it."""
        if row >= len(self.steps) or self.steps[row].kind != NEURON_KIND or not session.layers:
            return None
        layer, neuron = session.layers - 1, self.steps[row].neuron
        if session.selection.is_selected(layer, neuron):
            return OpenView("n")
        session.selection.select_neuron(layer, neuron)
        return None

    def describe(self, session, row, column):
        """Say where the number of a row comes from."""
        left, middle = self.box[0], self.middle(row)
        if row < len(self.steps) and self.steps[row].kind == NEURON_KIND and session.layers:
            ring = (left, middle - TILE_SIDE / 2, TILE_SIDE, TILE_SIDE)
            return neuron_runs(self, session, session.layers - 1, self.steps[row].neuron), ring
        return row_runs(self, session, row), None

    def default_description(self, session):
        """Describe the neuron that is selected, wherever it ranks; without a hidden layer the first row."""
        if not session.layers:
            return self.describe(session, min(1, len(self.steps)), 0)
        shown = [step.neuron for step in self.steps] if session.layer == session.layers - 1 else []
        if session.neuron in shown:
            return self.describe(session, shown.index(session.neuron), 0)
        return neuron_runs(self, session, session.layer, session.neuron), None

    def close(self):
        """Take the rows off the figure."""
        for row in self.rows:
            row.close()
        super().close()
