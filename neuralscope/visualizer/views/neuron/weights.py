"""What a neuron looks for, as a picture."""

from neuralscope.analysis.attribution import gradient, is_piecewise_linear
from neuralscope.formatting import decimals_needed, number, product_factors, signed, thousands
from neuralscope.visualizer.drawing.theme import largest_size
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel


class NeuronWeights(HeatmapPanel):
    """The incoming weights of the selected neuron; of an inner layer's, what they amount to at this digit."""

    def __init__(self, surface, inputs):
        """Make a picture of `Inputs`."""
        super().__init__(surface, surface.theme.signed, inputs.shape, key_width=140, signed=True, inputs=inputs)

    def update(self, session, trace):
        """Show the weights."""
        layer, network, sample = session.layer, session.network, session.inputs.sample
        self.values = gradient(network, trace, layer)[session.neuron]
        self.show(self.values.reshape(self.picture.cells.shape[:2]),
                  session.top(f"weights {layer}", largest_size(self.values)))
        bias = signed(float(network.layers[layer].biases[session.neuron]))
        if layer == 0:
            words = f"{thousands(len(self.values))} weights, bias {bias}", f"bias {bias}"
        elif is_piecewise_linear(network, layer):
            words = f"the template in force at this {sample}", "template in force"
        else:
            words = f"the gradient at this {sample}: no template", "the gradient here"
        self.title.set_runs(self.name("what it looks for" if layer == 0 else "what it looks for here"),
                            self.name("looks for"))
        self.caption.set_runs(*((self.run(wording),) for wording in words))

    def describe(self, session, row, column):
        """Say what ink on a pixel does to the neuron's sum."""
        pixel = row * self.picture.cells.shape[1] + column
        weight, ink = float(self.values[pixel]), float(session.trace.images[0, pixel])
        figure, contribution = {"color": "text", "mono": True, "gap": 1.5}, ink * weight
        name = "weight" if session.layer == 0 else "worth"
        runs = [self.run(self.inputs.name(pixel), color="text", bold=True), self.run(name, gap=2),
                self.run(signed(weight, 3), **figure), self.run(f"{self.inputs.quantity} here", gap=2),
                self.run(number(ink), **figure),
                self.run("adds to its sum", gap=2),
                self.run((f"{product_factors(ink, weight)} = {signed(contribution, decimals_needed(contribution))}"
                          if contribution else "nothing"), **figure)]
        return tuple(runs), self.picture.cell_bounds(row, column)
