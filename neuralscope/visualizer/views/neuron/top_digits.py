"""The test digits that move a neuron most."""

import math

import numpy as np

from neuralscope.visualizer.drawing.heatmap import Picture
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import look_up
from neuralscope.visualizer.views.neuron.class_table import all_awake
from neuralscope.visualizer.widgets.confusion_text import digit_runs, figure
from neuralscope.visualizer.widgets.function_text import ACTIVATIONS
from neuralscope.visualizer.widgets.panel import Panel

WIDE = 80  # units of a tile in whose corner a number may stand
GAP = 4


class Strongest(Panel):
    """The nine test digits that move the neuron most, three by three, how strongly in the corner."""

    def __init__(self, painter, pixels):
        """Make nine tiles of ``pixels`` cells."""
        super().__init__(painter)
        self.side = int(pixels**0.5)
        self.tiles = [self.add(Picture()) for _ in range(9)]
        for tile in self.tiles:
            tile.set_cells(np.zeros((self.side, self.side, 4), np.uint8))
        self.gaps = [[self.add(Block(self.theme.background, zorder=1.5)) for _ in "|-"] for _ in "12"]
        self.strengths = [self.add(Line()) for _ in range(9)]
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, side):
        """Put the tiles into a square, side by side."""
        self.tiles[0].room = (left, top, side / 3 + 1e-3, side / 3 + 1e-3)
        size = self.tiles[0].bounds()[2]
        self.with_strengths = size >= WIDE
        for place, (tile, strength) in enumerate(zip(self.tiles, self.strengths, strict=True)):
            row, column = divmod(place, 3)
            tile.room = (left + column * size, top - row * size, size + 1e-3, size + 1e-3)
            strength.inlaid = True
        for place, (upright, level) in enumerate(self.gaps, 1):  # lines over the margins of the digits
            upright.set_bounds(left + place * size - GAP / 2, top - 3 * size, GAP, 3 * size)
            level.set_bounds(left, top - place * size - GAP / 2, 3 * size, GAP)
        self.title.x = self.caption.x = left
        self.title.max_width = self.caption.max_width = side

    def label(self, below):
        """Put name and caption below a height."""
        self.title.y, self.caption.y = below - 24 * self.painter.leading, below - 42 * self.painter.leading

    def update(self, session, trace):
        """Show the digits; where fewer move it, fewer."""
        found = session.study.survey.dossier(session.layer, session.neuron)
        self.indices, self.values = found.strongest, found.strengths
        write = ACTIVATIONS[session.network.layers[session.layer].activation].write
        for place, (tile, strength) in enumerate(zip(self.tiles, self.strengths, strict=True)):
            there = place < len(found.strongest)
            ink = session.digits.images[found.strongest[place]] if there else np.zeros(self.side**2)
            tile.set_cells(look_up(self.theme.ink, ink.reshape(self.side, self.side), 1))
            words = write(float(found.strengths[place])) if there and self.with_strengths else ""
            strength.set_runs((self.run(words, mono=True),) if words else ())
            self._find_corner(tile, strength, ink.reshape(self.side, self.side))
        count = len(found.strongest)
        names = {0: ("no test digit moves it",), 9: ("the nine test digits that move it most", "they move it most")}
        words = names.get(count, (f"only {count} test digits move it", f"only {count} move it"))
        self.title.set_runs(*(self.name(one) for one in words))
        where = "in the corner" if self.with_strengths else "under the cursor"
        self.caption.set_runs((self.run(f"{where}: its activation{all_awake(session)}"),),
                              (self.run(f"its activation{all_awake(session)}"),), (self.run("its activation"),))

    def _find_corner(self, tile, strength, ink):
        """Put a number into the corner of its tile with the least ink, the upper left one where it can be."""
        left, bottom, width, height = tile.bounds()
        _, _, length, size = strength.bounds()
        across, down = (math.ceil((room + 5) / width * self.side) for room in (length, size))
        corners = [(left + 4, bottom + height - 13 * self.painter.leading, "left", ink[:down, :across]),
                   (left + width - 4, bottom + height - 13 * self.painter.leading, "right", ink[:down, -across:]),
                   (left + 4, bottom + 5, "left", ink[-down:, :across]),
                   (left + width - 4, bottom + 5, "right", ink[-down:, -across:])]
        strength.x, strength.y, strength.align, _ = min(corners, key=lambda corner: corner[3].sum())

    def grid(self, session):
        """Return three rows of three, or fewer."""
        count = len(self.indices)
        return (-(-count // 3), min(3, count)) if count else None

    def spot_at(self, session, x, y):
        """Return the tile at a point."""
        for place, tile in enumerate(self.tiles[:len(self.indices)]):
            if tile.cell_at(x, y):
                return divmod(place, 3)
        return None

    def choose(self, session, row, column):
        """Show a digit, and why it is read as it is."""
        if 3 * row + column >= len(self.indices):
            return None
        session.go_to(int(self.indices[3 * row + column]))
        return "w"

    def account(self, session, row, column):
        """Say which digit it is, how strongly it moves the neuron, and what the network reads."""
        place = 3 * row + column
        if place >= len(self.indices):
            return None
        digit, *verdict = digit_runs(self, session, int(self.indices[place]))
        write = ACTIVATIONS[session.network.layers[session.layer].activation].write
        runs = digit, self.run("activation", gap=2), figure(self, write(float(self.values[place])), 1.5), *verdict
        return runs, self.tiles[place].bounds()
