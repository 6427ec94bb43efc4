"""What the hidden neurons did: one sheet of cells for each hidden layer."""

import math

import numpy as np

from neuralscope.network.explain import pushes
from neuralscope.visualizer.panels.captioned import Captioned
from neuralscope.visualizer.panels.formulas import ACTIVATIONS
from neuralscope.visualizer.panels.panel import Panel
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.wording import number, parts_of, round_up, sum_of, thousands

LABELS = 52  # units below a sheet that its name and caption take


def sheet_shape(count):
    """Return ``(rows, columns)`` of a sheet for ``count`` neurons.

    The sides of ``count`` where they are near (none more than twice the other), so 256 is 16 x 16 and 128 is 8 x 16;
    else the smallest near-square that holds it, whose last cells stay empty.
    """
    for rows in range(math.isqrt(count), 0, -1):
        if count % rows == 0 and count // rows <= 2 * rows:
            return rows, count // rows
    columns = math.isqrt(count - 1) + 1
    return -(-count // columns), columns


class Sheet(Captioned):
    """The activations of hidden layer ``layer`` (from 0); empty cells are striped."""

    def __init__(self, painter, layer, layers):
        """Make the sheet; ``layers`` are all hidden layers of the network."""
        self.layer, self.layers = layer, len(layers)
        self.words = ACTIVATIONS[layers[layer].activation]
        table = painter.theme.signed if self.words.signed else painter.theme.activations
        super().__init__(painter, table, sheet_shape(len(layers[layer].biases)), 144 if len(layers) == 1 else 96,
                         self.words.signed)

    def update(self, session, trace):
        """Show the layer's activations."""
        values = trace.activations[self.layer][0]
        rows, columns = self.picture.cells.shape[:2]
        cells = np.zeros(rows * columns, values.dtype)
        cells[:len(values)] = values
        empty = np.arange(rows * columns) >= len(values)
        self.show(cells.reshape(rows, columns), round_up(float(np.abs(values).max())), empty.reshape(rows, columns))
        self._label(len(values))
        self.caption.set_runs(*((self.run(words),) for words in self.words.count(values)))

    def _label(self, count):
        which = f"layer {self.layer + 1}: " if self.layers > 1 else ""
        neurons = f"neuron{'s' if count != 1 else ''}"
        self.title.set_runs(self.name(f"{which}what {thousands(count)} hidden {neurons} did"),
                            self.name(f"{which}{thousands(count)} hidden {neurons}"),
                            self.name(f"{which}{thousands(count)} {neurons}"), self.name(f"{which}{thousands(count)}"))

    def describe(self, session, x, y):
        """Say what the neuron at a point did."""
        cell = self.picture.cell_at(x, y)
        if cell is None:
            return None
        neuron = cell[0] * self.picture.cells.shape[1] + cell[1]
        if neuron >= session.trace.activations[self.layer].shape[1]:
            return (self.run("an empty cell", color="text", bold=True),
                    self.run("the layer has no neuron for it", gap=2)), self.picture.cell_bounds(*cell)
        return self.account(session, neuron)

    def account(self, session, neuron):
        """Return the runs that say where a neuron's number comes from, and the bounds of its cell."""
        trace, layer = session.trace, self.layer
        total, value = float(trace.sums[layer][0, neuron]), float(trace.activations[layer][0, neuron])
        bias = float(session.network.layers[layer].biases[neuron])
        which = f"layer {layer + 1} neuron {neuron}" if self.layers > 1 else f"neuron {neuron}"
        does, figures, decimals = self.words.account(total, value)
        number_run = {"color": "text", "mono": True, "gap": 1.5}
        runs = [self.run(which, color="text", bold=True), self.run("bias + inputs", gap=2),
                self.run(f"{number(bias)} {sum_of(parts_of(total, bias))} = {number(total)}", **number_run),
                self.run(does, gap=2), self.run(figures, **number_run)]
        if layer == self.layers - 1:
            runs += self._push(session, neuron, value, decimals)
        cell = divmod(neuron, self.picture.cells.shape[1])
        return tuple(runs), self.picture.cell_bounds(*cell)

    def _push(self, session, neuron, value, decimals):
        answer = int(session.trace.predictions[0])
        every = pushes(session.network, session.trace, answer)
        if not value:
            return [self.run("so it pushes nothing", gap=2)]
        weight = float(session.network.layers[-1].weights[neuron, answer])
        runs = self.push_runs(session, answer, value, weight, decimals)
        if neuron == every.argmax():
            runs.append(self.run(f"the largest push of all {thousands(len(every))}", gap=2))
        return runs


class Hidden(Panel):
    """All hidden layers in one square, arranged so that the smallest cell is as large as it can be."""

    def __init__(self, painter, layers):
        """Make a sheet for each of the hidden ``layers``."""
        super().__init__(painter)
        self.sheets = [Sheet(painter, layer, layers) for layer in range(len(layers))]
        self.none = self.add(Line(align="center"))

    def place(self, left, top, side):
        """Share the square, and the room for labels below it, among the sheets."""
        self.none.x, self.none.y, self.none.max_width = left + side / 2, top - side / 2, side
        gap, label = 24 * self.painter.scale, LABELS * self.painter.leading

        def arrange(across):
            down = -(-len(self.sheets) // across)
            width, height = (side - gap * (across - 1)) / across, (side + label) / down - label
            for count, sheet in enumerate(self.sheets):
                row, column = divmod(count, across)
                sheet.place(left + column * (width + gap), top - row * (height + label), width, height)
            return min(sheet.picture.cell for sheet in self.sheets)

        if self.sheets:
            arrange(max(range(1, len(self.sheets) + 1), key=arrange))

    def update(self, session, trace):
        """Show every layer."""
        for sheet in self.sheets:
            sheet.update(session, trace)
        if not self.sheets:
            self.none.set_runs((self.run("this network has no hidden layer: pixels push the outputs directly"),),
                               (self.run("no hidden layer"),))

    def describe(self, session, x, y):
        """Say what is at a point of any sheet."""
        return next(filter(None, (sheet.describe(session, x, y) for sheet in self.sheets)), None)

    def strongest(self, session):
        """Account for the neuron that pushes the answer most."""
        trace = session.trace
        return self.sheets[-1].account(session, int(pushes(session.network, trace, int(trace.predictions[0])).argmax()))

    def close(self):
        """Take all sheets off the board."""
        for sheet in self.sheets:
            sheet.close()
        super().close()
