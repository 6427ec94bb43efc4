"""A weighted sum as three pictures: inputs × weights = contributions."""

import math

import numpy as np

from neuralscope.analysis.attribution import MIN_STROKE_INK, Attribution, attribution
from neuralscope.formatting import decimals_needed, number, product_factors, sheet_shape, sign_word, signed, thousands
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.drawing.shapes import Outline
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, largest_size
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.panel import Panel

INPUTS, WEIGHTS, PRODUCTS = "inputs", "weights", "products"


def sum_attribution(session):
    """Return the attribution of the selected neuron's sum; without a hidden layer, of the selected class's score."""
    if not session.layers:
        return attribution(session.network, session.trace, session.selected_class)
    layer, neuron, trace = session.network.layers[session.layer], session.neuron, session.trace
    inputs = (trace.activations[session.layer - 1] if session.layer else trace.images)[0]
    return Attribution(inputs, layer.weights[:, neuron], float(layer.biases[neuron]),
                       float(trace.sums[session.layer][0, neuron]))


def unit_name(session):
    """Name what adds up: the selected neuron, or without a hidden layer the selected class's score."""
    if session.layers:
        return neuron_name(session, session.layer, session.neuron)
    return f"the score of {session.dataset.class_names[session.selected_class]}"


def input_name(session, input_index):
    """Return what an input of the sum is called: a pixel, or a neuron of the layer before."""
    if session.layer:
        return neuron_name(session, session.layer - 1, input_index)
    return session.inputs.name(input_index)


def stroke_mask(session):
    """Return which cells of the digit shown are the stroke, (rows, columns); none of what is no picture."""
    inputs, images = session.inputs, session.trace.images
    return images[0].reshape(inputs.shape) >= MIN_STROKE_INK if inputs.is_picture else np.zeros((1, 1), bool)


def input_runs(panel, session, input_index):
    """Return the runs that say what an input adds to the sum."""
    attribution, figures = sum_attribution(session), {"color": "text", "mono": True, "gap": 1.5}
    value, weight = float(attribution.inputs[input_index]), float(attribution.weights[input_index])
    runs = [panel.run(input_name(session, input_index), color="text", bold=True),
            panel.run("activation" if session.layer else session.inputs.quantity, gap=2),
            panel.run(number(value, decimals_needed(value)), **figures), panel.run("weight", gap=2),
            panel.run(signed(weight, decimals_needed(weight, 3)), **figures)]
    if session.layer and session.is_ablated(session.layer - 1, input_index):
        return (*runs, panel.run("but it is silenced: held at 0, it adds nothing", color="text", gap=2))
    contribution = value * weight
    if not contribution:
        return (*runs, panel.run("so it adds nothing to the sum", gap=2))
    color = {**figures, "color": sign_word(contribution)}
    return (*runs, panel.run("adds", gap=2), panel.run(f"{product_factors(value, weight)} =", **figures),
            panel.run(signed(contribution, decimals_needed(contribution)), **color), panel.run("to the sum", gap=2))


class Factor(HeatmapPanel):
    """One of the three pictures: ``quantity`` it shows are the inputs, the weights or the products."""

    def __init__(self, surface, quantity, inputs, key_width=0, shape=(1, 1)):
        """Make the picture; its shape becomes that of the layer that goes in, or that of the `Inputs`."""
        super().__init__(surface, surface.theme.signed, shape, key_width, signed=True, inputs=inputs)
        self.quantity = quantity
        self.outline = self.add(Outline(self.picture, surface.theme.muted))

    def update(self, session, trace):
        """Show the inputs of the neuron selected, its weights, or their products."""
        attribution, size = sum_attribution(session), self.inputs.count
        self.order = session.order(session.layer - 1) if session.layer else np.arange(size)
        self.shape = sheet_shape(len(self.order)) if session.layer else self.inputs.shape
        self.picture.as_bars = not session.layer and not self.inputs.is_picture
        values = self.values(session, attribution)
        self._color(session)
        scale = f"{self.quantity} {session.layer}"
        is_input = self.quantity == INPUTS and not session.layer
        top = float(self.inputs.sizes[0]) if is_input else session.top(scale, largest_size(values))
        if is_input and not self.inputs.is_picture:
            values, top = self.inputs.relative(values), 1
        self.show(*self._cells(values), top)
        of_its_own = is_input and not self.inputs.is_picture  # each bar is on a scale of its own: none has a key
        for artist in self.key.artists:
            artist.set_visible(self.with_key and not of_its_own)
        for line, style, wordings in zip((self.title, self.caption), (self.name, lambda text: (self.run(text),)),
                                         self.wordings(session, attribution), strict=True):
            line.set_runs(*map(style, wordings))

    def values(self, session, attribution):
        """Return the values of an `Attribution` that are shown, a number for each input."""
        quantities = {INPUTS: attribution.inputs, WEIGHTS: attribution.weights, PRODUCTS: attribution.contributions}
        return quantities[self.quantity]

    def show(self, cells, empty, top):
        """Show cells of any shape: the labels follow where it is another."""
        if self.picture.cells.shape[:2] != self.shape:
            self.picture.set_cells(np.zeros((*self.shape, 4), np.uint8))
            self.label(self.picture.bounds()[1])
        super().show(cells, top, empty)

    def _cells(self, values):
        """Return ``(rows, columns)`` values in the session's order of neurons, and which cells are empty."""
        cells = np.zeros(math.prod(self.shape), values.dtype)
        cells[:len(values)] = values[self.order]
        return cells.reshape(self.shape), (np.arange(len(cells)) >= len(values)).reshape(self.shape)

    def _color(self, session):
        """Take the colours of ink, of activations or of what has a sign; outline the stroke on the latter."""
        words = ACTIVATION_TEXTS[session.network.layers[session.layer - 1].activation] if session.layer else None
        self.signed = self.quantity != INPUTS or (words.signed if words else self.inputs.signed)
        plain = self.theme.activations if words else self.theme.ink
        self.table = self.theme.signed if self.signed else plain
        outlined = not words and self.quantity != INPUTS
        self.outline.set_mask(stroke_mask(session) if outlined else np.zeros((1, 1), bool))

    def wordings(self, session, attribution):
        """Return wordings, longest first, of what the picture shows and of how it is counted."""
        pixels, acting = not session.layer, thousands(int(np.count_nonzero(attribution.inputs)))
        count, unit, layer = thousands(len(attribution.inputs)), unit_name(session), f"layer {session.layer}"
        inputs = session.inputs
        each = f"each {inputs.noun}" if pixels else "each neuron"
        of_inputs = (f"{count} pixels, {acting} with ink", f"{acting} with ink") if inputs.is_picture else (
            f"{count} features, each by its largest", f"{count} features")
        return {
            INPUTS: ((inputs.subject,) if pixels else (f"what {layer} did", layer),
                     of_inputs if pixels else (f"{count} neurons, {acting} not at 0", f"{count} neurons")),
            WEIGHTS: ((f"weights of {unit}", "its weights"), (f"one for {each}", count)),
            PRODUCTS: ((f"{inputs.quantity} × weight" if pixels else "activation × weight", "× weight"),
                       (f"what {each} adds to its sum", "what each adds")),
        }[self.quantity]

    def describe(self, session, row, column):
        """Say what the input in a cell adds."""
        cell, bounds = row * self.shape[1] + column, self.picture.cell_bounds(row, column)
        if cell >= len(self.order):
            return (self.run("an empty cell", color="text", bold=True),
                    self.run("the layer has no neuron for it", gap=2)), bounds
        return self.runs(session, int(self.order[cell])), bounds

    def zero_runs(self, session):
        """Return the runs that say that all is 0."""
        return (self.run(unit_name(session), color="text", bold=True),
                self.run("no input adds anything to the sum: its bias alone is left", gap=2))

    def runs(self, session, input_index):
        """Return the runs that say what an input adds."""
        return input_runs(self, session, input_index)

    def choose(self, session, row, column):
        """Select the neuron of the layer before in a cell; pixels cannot be selected."""
        cell = row * self.shape[1] + column
        if session.layer and cell < len(self.order):
            session.selection.select_neuron(session.layer - 1, int(self.order[cell]))


class WeightedSum(Panel):
    """Pictures with the signs between them, by default three: inputs × weights = what each adds."""

    def __init__(self, surface, inputs, factors=None):
        """Make the signs, and the pictures unless they are given."""
        super().__init__(surface)
        self.factors = factors or [Factor(surface, quantity, inputs) for quantity in (INPUTS, WEIGHTS, PRODUCTS)]
        self.signs = [self.add(Line(align="center")) for _ in range(2)]

    def place(self, left, top, side, gap):
        """Put the pictures side by side, with gaps for the signs."""
        self.top, self.side, self.gap = top, side, gap
        for count, factor in enumerate(self.factors):
            factor.place(Box.hanging(left + count * (side + gap), top, side, side), side + gap - 12)

    def update(self, session, trace):
        """Show the three; the signs stand at the middle of the pictures."""
        for factor in self.factors:
            factor.update(session, trace)
        for factor, sign, text in zip(self.factors, self.signs, "×=", strict=False):
            left, bottom, width, height = factor.picture.bounds()
            right = left + max(width, self.side)
            sign.x, sign.y = right + self.gap / 2, bottom + height / 2 - 9 * self.surface.scale
            sign.set_runs((self.run(text, HEADLINE_PT),))

    def largest_part(self, session):
        """Describe the input of the largest value in the last picture, if any has one."""
        last = self.factors[-1]
        values = last.values(session, sum_attribution(session))
        if not values.any():
            return last.zero_runs(session), None
        input_index = int(np.abs(np.nan_to_num(values)).argmax())
        cell = int(np.flatnonzero(last.order == input_index)[0])
        return last.describe(session, *divmod(cell, last.shape[1]))

    def parts(self):
        """Return the pictures."""
        return self.factors

    def close(self):
        """Take the pictures off the figure."""
        for factor in self.factors:
            factor.close()
        super().close()
