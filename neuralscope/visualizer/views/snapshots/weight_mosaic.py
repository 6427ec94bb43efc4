"""The weights of the first layer's neurons, a tile each."""

import numpy as np

from neuralscope.formatting import number, sheet_shape, signed, thousands
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, largest_size
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel

TILE_GAP_CELLS = 1  # cells between two tiles
# the share of weights that the colours tell apart: a few large ones would leave all others dark
SATURATION_QUANTILE = 0.998


class WeightMosaic(HeatmapPanel):
    """What each neuron looks for; without a hidden layer, what each class does. As many as there is room for."""

    def __init__(self, surface, inputs):
        """Make the picture for tiles of `Inputs`."""
        self.tile_inputs, self.side = inputs, max(inputs.tile_shape)
        super().__init__(surface, surface.theme.signed, (1, 1), key_width=140, signed=True)

    def place(self, box, labels=None):
        """Find how many tiles the room has for each side of their square."""
        super().place(box, labels)
        pixels = min(box.width, box.height) * self.surface.figure.dpi / UNITS_PER_INCH
        self.most = max(1, int((pixels + TILE_GAP_CELLS) / (self.side + TILE_GAP_CELLS)))

    def update(self, session, trace):
        """Show the weights."""
        layer, step, (high, wide) = session.network.layers[0], self.side + TILE_GAP_CELLS, self.tile_inputs.tile_shape
        count = len(layer.biases)
        self.order = session.order(0)[:self.most**2] if session.layers else np.arange(count)
        self.rows, self.columns = sheet_shape(len(self.order))
        if self.rows > self.most or self.columns > self.most:
            self.rows = self.columns = self.most
        values = np.zeros((self.rows * step, self.columns * step))
        ground = np.ones(values.shape, bool)
        for index, neuron in enumerate(self.order):
            row, column = (at * step for at in divmod(index, self.columns))
            values[row:row + high, column:column + wide] = self.tile_inputs.tile(layer.weights[:, neuron])
            ground[row:row + high, column:column + wide] = False
        self.show(values, session.top("tiles", largest_size(layer.weights, SATURATION_QUANTILE)))
        self.picture.cells[ground] = 0
        self.label(self.picture.bounds()[1])
        whose = "hidden neurons" if session.layers else "classes"
        some = f"{thousands(len(self.order))} of " * (len(self.order) < count)
        self.title.set_runs(self.name(f"what {some}{thousands(count)} {whose} look for"), self.name("weights"))
        self.caption.set_runs((self.run(f"{thousands(self.tile_inputs.count)} weights each"),), ())

    def cell_at(self, session, x, y):
        """Return the cell at a point on a tile."""
        found = super().cell_at(session, x, y)
        return found if found and self.weight_at(*found) else None

    def weight_at(self, row, column):
        """Return the number of the neuron and of the pixel in a cell, or None between the tiles."""
        (down, row), (across, column) = divmod(row, self.side + TILE_GAP_CELLS), divmod(
            column, self.side + TILE_GAP_CELLS
        )
        index = down * self.columns + across
        high, wide = self.tile_inputs.tile_shape
        pixel = row * wide + column
        if row >= high or column >= wide or index >= len(self.order) or pixel >= self.tile_inputs.count:
            return None
        return int(self.order[index]), pixel

    def describe(self, session, row, column):
        """Say which weight it is."""
        found = self.weight_at(row, column)
        if found is None:
            return (self.run("between the tiles", color="text", bold=True),), self.picture.cell_bounds(row, column)
        neuron, pixel = found
        layer, figure = session.network.layers[0], {"color": "text", "mono": True, "gap": 1.5}
        name = f"neuron {neuron}" if session.layers else session.dataset.class_names[neuron]
        return (self.run(name, color="text", bold=True), self.run(self.tile_inputs.name(pixel), gap=2),
                self.run("weight", gap=2), self.run(signed(float(layer.weights[pixel, neuron]), 3), **figure),
                self.run("bias", gap=2), self.run(number(float(layer.biases[neuron])), **figure)), (
                    self.picture.cell_bounds(row, column))
