"""The weights of a layer's neurons while they are learned: a picture each, page by page, and their biases."""

import numpy as np

from neuralscope.formatting import counted, sheet_shape, signed, thousands
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.shapes import Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, color_values, largest_size, rgb
from neuralscope.visualizer.views.train.weight_legend import WeightLegend
from neuralscope.visualizer.widgets.pager import Pager
from neuralscope.visualizer.widgets.panel import Panel, inside

MAX_TILES, MIN_TILE_GAP, BIAS_HEIGHT = 48, 4, 5  # tiles; units between them at least, and the height of a bias
MIN_WIDTH_FOR_WORDS = 300  # units of width, below which the pager has arrows for words
MAX_GAP_FACTOR = 4  # times GAP, what may lie between columns so that they fill the width
MIN_TILES_ACROSS = 4  # across and down, at least


class WeightGrid(Panel):
    """Neurons of a layer in the order of their numbers: what comes in as a picture, and below it the bias as a bar."""

    words = (("↑ before", "the neurons before"), ("↓ more", "more neurons"))

    def __init__(self, surface):
        """Make the pictures, the bars and the words."""
        super().__init__(surface)
        self.pictures = [self.add(Heatmap()) for _ in range(MAX_TILES)]
        self.biases, self.title = self.add(Blocks()), self.add(Line())
        self.pager, self.legend = Pager(surface, self, self.words), WeightLegend(surface)
        self.first, self.layer, self.network = 0, 0, None
        self.drawn_state = None

    def place(self, box):
        """Take at most this size; name and pager stand above it, the colour key below."""
        self.room = box.left, box.top, box.width, box.height
        lead = self.surface.leading
        self.title.x, self.title.y = box.left, box.top + 13 * lead
        self.drawn_state = None

    def show(self, session, observation, layer):
        """Show a layer of a TrainingObservation's network, from the first neuron of the page on."""
        if (self.layer, self.network) != (layer, observation.network):
            self.drawn_state = None
        if layer != self.layer:
            self.first = 0
        self.layer, self.network, self.epoch = layer, observation.network, observation.step
        weights, biases = observation.network.layers[layer].weights, observation.network.layers[layer].biases
        self.shape = session.inputs.tile_shape if layer == 0 and len(weights) == session.inputs.count else (
            sheet_shape(len(weights)))
        self._arrange(len(biases))
        selected_neuron = session.neuron if session.layer == layer else None
        if self.drawn_state != (self.first, selected_neuron):
            self.drawn_state = self.first, selected_neuron
            self._show(weights, biases, session, selected_neuron)

    def _arrange(self, neurons):
        """Find how many tiles of whole pixels fit, MIN_TILES_ACROSS across at least, and where they stand."""
        width, height = self.room[2:]
        pixel, gap = UNITS_PER_INCH / self.surface.figure.dpi, MIN_TILE_GAP
        rows, columns = self.shape
        across = ((width + gap) / MIN_TILES_ACROSS - gap) / (columns * pixel)
        down = ((height + gap) / MIN_TILES_ACROSS - gap - BIAS_HEIGHT) / (rows * pixel)
        size = max(1, int(min(across, down)))
        self.tile = columns * pixel * size, rows * pixel * size
        self.columns = max(1, min(6, int((width + gap) / (self.tile[0] + gap))))
        fitting = int((height + gap) / (self.tile[1] + gap + BIAS_HEIGHT))
        self.lines = max(1, min(MAX_TILES // self.columns, fitting, -(-neurons // self.columns)))
        spread = (width - self.columns * self.tile[0]) / max(1, self.columns - 1)
        self.gap = spread if spread <= MAX_GAP_FACTOR * MIN_TILE_GAP else MIN_TILE_GAP
        self.neurons = neurons
        self.first = max(0, min(self.first, -(-neurons // self.columns) - self.lines))

    def bounds(self, index):
        """Return where the tile of this index on the page stands."""
        row, column = divmod(index, self.columns)
        left, top = self.room[:2]
        return (left + column * (self.tile[0] + self.gap), top - row * (self.tile[1] + MIN_TILE_GAP + BIAS_HEIGHT)
                - self.tile[1], *self.tile)

    def _show(self, weights, biases, session, selected_neuron):
        start, count = self.first * self.columns, self.columns * self.lines
        top = session.top("training weights", largest_size(weights))
        widest, bars, colors = largest_size(biases), [], []
        for index, picture in enumerate(self.pictures):
            neuron = start + index
            picture.set_visible(index < count and neuron < self.neurons)
            if not picture.get_visible():
                continue
            left, bottom, width, height = self.bounds(index)
            picture.room = left, bottom + height, width, height
            cells = np.zeros(self.shape[0] * self.shape[1])
            cells[:len(weights)] = weights[:, neuron]
            picture.set_cells(color_values(self.theme.signed, cells, top, signed=True).reshape(*self.shape, 4))
            reach = width / 2 * float(biases[neuron]) / (widest or 1)
            bars += [(left, bottom - 3, width, 1), (left + width / 2 + min(0, reach), bottom - 4, abs(reach), 3)]
            sign = self.theme.negative if reach < 0 else self.theme.positive
            colors += [(*rgb(self.theme.hairline), 255), (*rgb(sign), 255)]
            if neuron == selected_neuron:
                bars.append((left, bottom - 6, width, 2))
                colors.append((*rgb(self.theme.accent), 255))
        self.biases.set_blocks(bars, np.array(colors, np.uint8))
        self._label(top, start, count, widest, largest_size(weights) > top)

    def _label(self, top, start, count, widest, full):
        left = self.room[0]
        width = self.bounds(self.columns - 1)[0] + self.tile[0] - left
        self.pager.place(left + width, self.title.y, short=width < MIN_WIDTH_FOR_WORDS)
        self.pager.show(start, start + count, self.neurons)
        self.title.max_width = self.pager.left - left - 12 if count < self.neurons else width
        layer = f"layer {self.layer + 1}: " if len(self.network.layers) > 2 else ""
        quantity = "weights and biases" if self.layer else "what they look for, and biases"
        self.title.set_runs(*(self.name(words) for words in (
            f"{layer}weights of {counted(self.neurons, 'neuron')}", f"{layer}weights", "weights")), ())
        bottom = self.bounds((self.lines - 1) * self.columns)[1]
        self.legend.show(left, bottom, max(width, 0.6 * self.room[2]), quantity, top, widest, full)

    # Cells: all neurons, also those on other pages

    def parts(self):
        """Return the tiles, the way to turn pages, and the colour key."""
        return [self, self.pager, self.legend]

    def turn_pages(self, session, pages):
        """Go some pages on."""
        self.first = max(0, min(self.first + pages * self.lines, -(-self.neurons // self.columns) - self.lines))

    def grid(self, session):
        """Return the rows and columns that all neurons take."""
        return (-(-self.neurons // self.columns), min(self.columns, self.neurons)) if self.title.get_visible() else None

    def first_cell(self, session):
        """Begin with the first in sight."""
        return self.first, 0

    def cell_at(self, session, x, y):
        """Return the tile at a point."""
        if self.title.get_visible():
            for index in range(self.columns * self.lines):
                if self.pictures[index].get_visible() and inside(self.bounds(index), x, y):
                    return self.first + index // self.columns, index % self.columns
        return None

    def focus_moved(self, session, row, column):
        """Bring the cursor's row into sight."""
        self.first = min(max(self.first, row - self.lines + 1), row)

    def go_to(self, session, neuron):
        """Choose a neuron, and bring it into sight."""
        session.selection.select_neuron(self.layer, neuron)
        self.focus_moved(session, neuron // self.columns, 0)

    def choose(self, session, row, column):
        """Choose a neuron; where the session shows another network than the one that learns, it may have none such."""
        neuron = row * self.columns + column
        if self.layer < session.layers and neuron < min(self.neurons, session.base_network.sizes[self.layer + 1]):
            session.selection.select_neuron(self.layer, neuron)

    def describe(self, session, row, column):
        """Say what a neuron's weights are like."""
        neuron = row * self.columns + column
        if neuron >= self.neurons:
            return (self.run("an empty place", color="text", bold=True),), None
        layer = self.network.layers[self.layer]
        neuron_weights, figure = layer.weights[:, neuron], {"color": "text", "mono": True, "gap": 1.5}
        runs = (self.run(f"neuron {thousands(neuron)}", color="text", bold=True),
                self.run(f"{thousands(len(neuron_weights))} weights from", gap=2),
                self.run(signed(neuron_weights.min(), 3), **figure), self.run("to", gap=1),
                self.run(signed(neuron_weights.max(), 3), **figure), self.run("bias", gap=2),
                self.run(signed(layer.biases[neuron], 3), **figure),
                self.run(f"after {counted(self.epoch, 'step')}", gap=2))
        index = (row - self.first) * self.columns + column
        return runs, self.bounds(index) if 0 <= index < self.columns * self.lines else None

    def close(self):
        """Take everything off the figure."""
        self.pager.close()
        self.legend.close()
        super().close()
