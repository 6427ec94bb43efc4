"""The two hidden neurons that are most alike, by the weights of the pixels into them."""

import numpy as np

from neuralscope.formatting import number, pixel_name, signed
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import color_values
from neuralscope.visualizer.widgets.panel import Panel


class NeuronPair(Panel):
    """Their weights side by side on one scale, where they come from the pixels of a picture."""

    def __init__(self, surface, session):
        """Make the two pictures."""
        super().__init__(surface)
        self.session = session
        self.weights = self.pair = self.shape = None
        self.pictures = [self.add(Heatmap()) for _ in "12"]
        self.titles, self.captions = ([self.add(Line()) for _ in "12"] for _ in "12")

    def hide(self):
        """Show nothing."""
        for artist in self.artists:
            artist.set_visible(False)

    def show(self, session, result, box):
        """Show a result's pair in a box; say whether it has one."""
        pair, shape = result.details.get("pair"), session.dataset.image_shape
        if not pair or pair[0] != 0 or shape is None:
            return False
        for artist in self.artists:
            artist.set_visible(True)
        lead = self.surface.leading
        weights = session.base_network.layers[0].weights[:, list(pair[1:])]
        self.weights, self.pair, self.shape = weights, pair, shape
        top = float(np.percentile(np.abs(weights), 99)) or 1.0
        room = box.below(box.top - 6 * lead).above(box.bottom + 50 * lead)
        for place, column in enumerate(room.columns(2, 32 * self.surface.scale)):
            cells = color_values(self.theme.signed, weights[:, place].reshape(shape), top, signed=True)
            picture = self.pictures[place]
            picture.set_cells(cells)
            picture.room = (column.left, column.top, column.width, column.height)
            left, bottom, _, _ = picture.bounds()
            for line, down in ((self.titles[place], 22), (self.captions[place], 39)):
                line.x, line.y, line.max_width = left, bottom - down * lead, column.width
            self.titles[place].set_runs(self.name(f"neuron {pair[1 + place]}"))
            self.captions[place].set_runs((self.run(
                f"full at ±{number(top, 2)}" if place else f"cosine {number(result.details['cosine'], 4)}"),))
        return True

    # Cells: the pixels of both, side by side

    def grid(self, session):
        """Return a cell a pixel."""
        return self.shape[0], 2 * self.shape[1]

    def cell_at(self, session, x, y):
        """Return the pixel at a point."""
        for place, picture in enumerate(self.pictures):
            found = picture.cell_at(x, y)
            if found:
                return found[0], found[1] + place * self.shape[1]
        return None

    def describe(self, session, row, column):
        """Say the weight of a pixel into both neurons."""
        place, column = divmod(column, self.shape[1])
        picture = self.pictures[place]
        values = self.weights.reshape(*self.shape, 2)[row, column]
        runs = [self.run(pixel_name(row, column), color="text", bold=True)]
        for neuron, value in zip(self.pair[1:], values, strict=True):
            runs += [self.run(f"into neuron {neuron}", gap=2),
                     self.run(signed(value, 3), color="text", mono=True, gap=1)]
        left, bottom, _, height = picture.bounds()
        side = picture.cell
        return runs, (left + column * side, bottom + height - (row + 1) * side, side, side)
