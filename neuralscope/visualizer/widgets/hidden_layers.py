"""What the hidden neurons did: one sheet of cells for each hidden layer."""

import numpy as np

from neuralscope.formatting import counted, number, printed_remainder, sheet_shape, signed_addend, thousands
from neuralscope.visualizer.drawing.formula import Formula
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import largest_size
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel
from neuralscope.visualizer.widgets.panel import Panel

LABELS_HEIGHT = 52  # units below a sheet that its name and caption take


class LayerSheet(HeatmapPanel):
    """The activations of hidden layer ``layer`` (from 0); empty cells are striped."""

    scale = "layer"  # by which name, and the layer's number, its scale is held

    def __init__(self, surface, layer, layers):
        """Make the sheet; ``layers`` are all hidden layers of the network."""
        self.layer, self.layers = layer, len(layers)
        self.activation_text = ACTIVATION_TEXTS[layers[layer].activation]
        signed = self.is_signed()
        table = surface.theme.signed if signed else surface.theme.activations
        super().__init__(surface, table, sheet_shape(len(layers[layer].biases)), 144 if len(layers) == 1 else 96,
                         signed)

    def is_signed(self):
        """Say whether values may be below 0."""
        return self.activation_text.signed

    def values(self, session, trace):
        """Return what is shown of the layer: its activations, (neurons,)."""
        return trace.activations[self.layer][0]

    def count(self, values):
        """Return wordings, longest first, that say how many neurons did what."""
        return self.activation_text.count(values)

    def update(self, session, trace):
        """Show the layer, the neurons where the session stands them."""
        self.order = session.order(self.layer)
        values = self.values(session, trace)
        rows, columns = self.picture.cells.shape[:2]
        cells = np.zeros(rows * columns, values.dtype)
        cells[:len(values)] = values[self.order]
        empty = np.arange(rows * columns) >= len(values)
        crossed, ablated = np.zeros(rows * columns, bool), np.zeros(len(values), bool)
        ablated[list(session.ablated.get(self.layer, ()))] = True
        crossed[:len(values)] = ablated[self.order]
        self.show(cells.reshape(rows, columns), session.top(f"{self.scale} {self.layer}", largest_size(values)),
                  empty.reshape(rows, columns), crossed.reshape(rows, columns))
        self._label(len(values))
        known = np.isfinite(values)
        counts = self.count(np.where(ablated, 0, values)[known])
        if not known.all():
            unknown = counted(int(np.count_nonzero(~known)), "not a number", "not numbers")
            counts = [f"✗ {unknown}, {words}" for words in counts]
        held = "  ·  scale held" if session.holds_color_scales else ""
        moved = (self.order != np.arange(len(values))).any()
        kinds = ("  ·  arranged by kind", "  ·  arranged") if moved else ("",)
        wordings = [count + kind + held for count in counts for kind in kinds]
        wordings += [counts[-1]]
        self.caption.set_runs(*((self.run(words),) for words in wordings))

    def _label(self, count):
        which = f"layer {self.layer + 1}: " if self.layers > 1 else ""
        neurons = f"neuron{'s' if count != 1 else ''}"
        self.title.set_runs(*(self.name(which + words) for words in self.names(thousands(count), neurons)))

    def names(self, count, neurons):
        """Return wordings, longest first, of what so many ``neurons`` show."""
        return (f"what {count} hidden {neurons} did", f"{count} hidden {neurons}", f"{count} {neurons}", count)

    def neuron_at(self, row, column):
        """Return the neuron that stands in a cell, or None."""
        cell = row * self.picture.cells.shape[1] + column
        return int(self.order[cell]) if cell < len(self.order) else None

    def cell_of(self, neuron):
        """Return the row and the column in which a neuron stands."""
        return divmod(int(np.flatnonzero(self.order == neuron)[0]), self.picture.cells.shape[1])

    def first_cell(self, session):
        """Begin at the neuron selected."""
        return self.cell_of(session.neuron) if session.layer == self.layer else (0, 0)

    def choose(self, session, row, column):
        """Select the neuron in a cell; once more: open it."""
        neuron = self.neuron_at(row, column)
        if neuron is None:
            return None
        if session.selection.is_selected(self.layer, neuron):
            return OpenView("n")
        session.selection.select_neuron(self.layer, neuron)
        return None

    def describe(self, session, row, column):
        """Say where the number of the neuron in a cell comes from."""
        neuron = self.neuron_at(row, column)
        if neuron is None:
            return (self.run("an empty cell", color="text", bold=True),
                    self.run("the layer has no neuron for it", gap=2)), self.picture.cell_bounds(row, column)
        return self.runs(session, neuron), self.picture.cell_bounds(row, column)

    def runs(self, session, neuron):
        """Return the runs that say where a neuron's number comes from."""
        return neuron_runs(self, session, self.layer, neuron)


def neuron_runs(panel, session, layer, neuron):
    """Return the runs that say where a neuron's number comes from, and what it contributes."""
    trace, network = session.trace, session.network
    total, value = float(trace.sums[layer][0, neuron]), float(trace.activations[layer][0, neuron])
    bias = float(network.layers[layer].biases[neuron])
    effect_text, formula, decimals = ACTIVATION_TEXTS[network.layers[layer].activation].describe(total, value)
    silent = session.is_ablated(layer, neuron)
    number_run = {"color": "text", "mono": True, "gap": 1.5}
    sum_formula = Formula((number(bias), signed_addend(printed_remainder(total, bias))), "=", number(total))
    runs = [panel.run(neuron_name(session, layer, neuron), color="text", bold=True),
            panel.run("bias + inputs", gap=2), panel.run(sum_formula.text, **number_run),
            panel.run("would give" if silent else effect_text, gap=2), panel.run(formula.text, **number_run)]
    if silent:
        return (*runs, panel.run("but it is silenced: held at 0, it pushes nothing", color="text", gap=2))
    if layer == session.layers - 1:
        runs += neuron_contribution_runs(panel, session, neuron, value, decimals)
    return tuple(runs)


def neuron_name(session, layer, neuron):
    """Return what a neuron is called: by its number in the file, and its layer if there are several."""
    return f"layer {layer + 1} neuron {neuron}" if session.layers > 1 else f"neuron {neuron}"


def neuron_contribution_runs(panel, session, neuron, value, decimals):
    """Return the runs that say what a neuron of the last hidden layer contributes to the class selected."""
    if not value:
        return [panel.run("so it pushes nothing", gap=2)]
    attribution = session.attribution
    runs = panel.contribution_runs(session, session.selected_class, value, float(attribution.weights[neuron]),
                                   decimals, session.contrast_class)
    if neuron == attribution.contributions.argmax():
        runs.append(panel.run(f"the largest push of all {thousands(len(attribution.contributions))}", gap=2))
    return runs


class HiddenLayers(Panel):
    """All hidden layers in one square, arranged so that the smallest cell is as large as it can be."""

    def __init__(self, surface, layers, selected_only=False, sheet=LayerSheet):
        """Make a ``sheet`` for each of the hidden ``layers``; ``selected_only``: only one is shown."""
        super().__init__(surface)
        self.selected_only = selected_only
        self.sheets = [sheet(surface, layer, layers) for layer in range(len(layers))]
        self.empty_line = self.add(Line(align="center"))

    def place(self, left, top, side):
        """Share the square, and the room for labels below it, among the sheets."""
        self.empty_line.x, self.empty_line.y, self.empty_line.max_width = left + side / 2, top - side / 2, side
        gap, label = 24 * self.surface.scale, LABELS_HEIGHT * self.surface.leading

        def arrange(across):
            down = -(-len(self.sheets) // across)
            width, height = (side - gap * (across - 1)) / across, (side + label) / down - label
            for count, sheet in enumerate(self.sheets):
                row, column = divmod(count, across)
                sheet.place(Box.hanging(left + column * (width + gap), top - row * (height + label), width, height))
            return min(sheet.picture.cell for sheet in self.sheets)

        if self.selected_only:
            for sheet in self.sheets:
                sheet.place(Box.hanging(left, top, side, side))
        elif self.sheets:
            arrange(max(range(1, len(self.sheets) + 1), key=arrange))

    def update(self, session, trace):
        """Show every layer."""
        for sheet in self.sheets:
            sheet.show_if(not self.selected_only or sheet.layer == session.layer)
            if sheet.picture.get_visible():
                sheet.update(session, trace)
        if not self.sheets:
            directly = f"{session.inputs.noun}s push the outputs directly"
            self.empty_line.set_runs((self.run(f"this network has no hidden layer: {directly}"),),
                                     (self.run("no hidden layer"),))

    def parts(self):
        """Return the sheets."""
        return self.sheets

    def default_description(self, session):
        """Describe the neuron that is selected, or contributes most to the class selected."""
        sheet = self.sheets[session.layer]
        return sheet.describe(session, *sheet.cell_of(session.neuron))

    def close(self):
        """Take all sheets off the figure."""
        for sheet in self.sheets:
            sheet.close()
        super().close()
