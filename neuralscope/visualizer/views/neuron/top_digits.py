"""The test digits that move a neuron most."""

import math

import numpy as np

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.views.neuron.class_table import no_ablation_note
from neuralscope.visualizer.widgets.confusion_text import digit_runs, figure_run
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS
from neuralscope.visualizer.widgets.heatmap_panel import inputs_picture, show_inputs
from neuralscope.visualizer.widgets.panel import Panel

MIN_TILE_FOR_NUMBER = 80  # units of a tile in whose corner a number may stand
TILE_GAP = 4


class TopDigits(Panel):
    """The nine test digits that move the neuron most, three by three, how strongly in the corner."""

    def __init__(self, surface, inputs):
        """Make nine tiles of `Inputs`."""
        super().__init__(surface)
        self.inputs = inputs
        self.tiles = [self.add(inputs_picture(self.theme, inputs)) for _ in range(9)]
        for tile in self.tiles:
            tile.set_cells(np.zeros((*inputs.shape, 4), np.uint8))
        self.gaps = [[self.add(Block(self.theme.background, zorder=1.5)) for _ in "|-"] for _ in "12"]
        self.strengths = [self.add(Line()) for _ in range(9)]
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, side):
        """Put the tiles into a square, side by side."""
        self.tiles[0].room = (left, top, side / 3 + 1e-3, side / 3 + 1e-3)
        _, _, size, down = self.tiles[0].bounds()
        self.with_strengths = size >= MIN_TILE_FOR_NUMBER
        for index, (tile, strength) in enumerate(zip(self.tiles, self.strengths, strict=True)):
            row, column = divmod(index, 3)
            tile.room = (left + column * size, top - row * down, size + 1e-3, down + 1e-3)
            strength.inlaid = True
        for index, (upright, level) in enumerate(self.gaps, 1):  # lines over the margins of the digits
            upright.set_bounds(left + index * size - TILE_GAP / 2, top - 3 * down, TILE_GAP, 3 * down)
            level.set_bounds(left, top - index * down - TILE_GAP / 2, 3 * size, TILE_GAP)
        self.title.x = self.caption.x = left
        self.title.max_width = self.caption.max_width = side

    def label(self, below):
        """Put name and caption below a height."""
        self.title.y, self.caption.y = below - 24 * self.surface.leading, below - 42 * self.surface.leading

    def update(self, session, trace):
        """Show the digits; where fewer move it, fewer."""
        profile = session.analysis.test_set.neuron_profile(session.layer, session.neuron)
        self.indices, self.values = profile.top_images, profile.strengths
        write = ACTIVATION_TEXTS[session.network.layers[session.layer].activation].write
        for index, (tile, strength) in enumerate(zip(self.tiles, self.strengths, strict=True)):
            has_digit = index < len(profile.top_images)
            ink = session.digits.images[profile.top_images[index]] if has_digit else np.zeros(self.inputs.count)
            show_inputs(tile, self.theme, self.inputs, ink)
            words = write(float(profile.strengths[index])) if has_digit and self.with_strengths else ""
            strength.set_runs((self.run(words, mono=True),) if words else ())
            self._find_corner(tile, strength, ink.reshape(self.inputs.shape))
        count = len(profile.top_images)
        sample = f"test {self.inputs.sample}"
        names = {0: (f"no {sample} moves it",), 9: (f"the nine {sample}s that move it most", "they move it most")}
        words = names.get(count, (f"only {count} {sample}s move it", f"only {count} move it"))
        self.title.set_runs(*(self.name(wording) for wording in words))
        where = "in the corner" if self.with_strengths else "under the cursor"
        self.caption.set_runs((self.run(f"{where}: its activation{no_ablation_note(session)}"),),
                              (self.run(f"its activation{no_ablation_note(session)}"),), (self.run("its activation"),))

    def _find_corner(self, tile, strength, ink):
        """Put a number into the corner of its tile with the least ink, the upper left one where it can be."""
        left, bottom, width, height = tile.bounds()
        _, _, length, size = strength.bounds()
        rows, columns = self.inputs.shape
        across, down = math.ceil((length + 5) / width * columns), math.ceil((size + 5) / height * rows)
        corners = [(left + 4, bottom + height - 13 * self.surface.leading, "left", ink[:down, :across]),
                   (left + width - 4, bottom + height - 13 * self.surface.leading, "right", ink[:down, -across:]),
                   (left + 4, bottom + 5, "left", ink[-down:, :across]),
                   (left + width - 4, bottom + 5, "right", ink[-down:, -across:])]
        strength.x, strength.y, strength.align, _ = min(corners, key=lambda corner: np.abs(corner[3]).sum())

    def grid(self, session):
        """Return three rows of three, or fewer."""
        count = len(self.indices)
        return (-(-count // 3), min(3, count)) if count else None

    def cell_at(self, session, x, y):
        """Return the tile at a point."""
        for index, tile in enumerate(self.tiles[:len(self.indices)]):
            if tile.cell_at(x, y):
                return divmod(index, 3)
        return None

    def choose(self, session, row, column):
        """Show a digit, and why it is read as it is."""
        if 3 * row + column >= len(self.indices):
            return None
        session.digit_history.go_to(int(self.indices[3 * row + column]))
        return OpenView("w")

    def describe(self, session, row, column):
        """Say which digit it is, how strongly it moves the neuron, and what the network reads."""
        index = 3 * row + column
        if index >= len(self.indices):
            return None
        digit, *verdict = digit_runs(self, session, int(self.indices[index]))
        write = ACTIVATION_TEXTS[session.network.layers[session.layer].activation].write
        runs = digit, self.run("activation", gap=2), figure_run(self, write(float(self.values[index])), 1.5), *verdict
        return runs, self.tiles[index].bounds()
