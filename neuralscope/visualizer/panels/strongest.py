"""The test digits that move a neuron most."""

import numpy as np

from neuralscope.visualizer.panels.formulas import ACTIVATIONS
from neuralscope.visualizer.panels.panel import Panel
from neuralscope.visualizer.picture import Picture
from neuralscope.visualizer.style import look_up
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.wording import thousands

WIDE = 80  # units of a tile in whose corner a number may stand


class Strongest(Panel):
    """The nine test digits that move the neuron most, three by three, how strongly in the corner."""

    def __init__(self, painter, pixels):
        """Make nine tiles of ``pixels`` cells."""
        super().__init__(painter)
        self.side = int(pixels**0.5)
        self.tiles = [self.add(Picture()) for _ in range(9)]
        for tile in self.tiles:
            tile.set_cells(np.zeros((self.side, self.side, 4), np.uint8))
        self.strengths = [self.add(Line()) for _ in range(9)]
        self.title, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, side):
        """Put the tiles into a square, or a little more."""
        lead = self.painter.leading
        self.tiles[0].room = (left, top, side / 3, side / 3 + 1)
        size = self.tiles[0].bounds()[2]
        step = size + max(4, (side - 3 * size) / 2)
        self.with_strengths = size >= WIDE
        for place, (tile, strength) in enumerate(zip(self.tiles, self.strengths, strict=True)):
            row, column = divmod(place, 3)
            tile.room = (left + column * step, top - row * step, size + 1e-3, size + 1e-3)
            strength.x, strength.y = tile.room[0] + 4, tile.room[1] - 13 * lead
            strength.inlaid = True
        self.title.x = self.caption.x = left
        self.title.max_width = self.caption.max_width = side

    def label(self, below):
        """Put name and caption below a height."""
        self.title.y, self.caption.y = below - 24 * self.painter.leading, below - 42 * self.painter.leading

    def update(self, session, trace):
        """Show the digits; where fewer move it, fewer."""
        found = session.study.survey.dossier(session.layer, session.neuron)
        self.indices = found.strongest
        write = ACTIVATIONS[session.network.layers[session.layer].activation].write
        for place, (tile, strength) in enumerate(zip(self.tiles, self.strengths, strict=True)):
            there = place < len(found.strongest)
            ink = session.digits.images[found.strongest[place]] if there else np.zeros(self.side**2)
            tile.set_cells(look_up(self.theme.ink, ink.reshape(self.side, self.side), 1))
            words = write(float(found.strengths[place])) if there and self.with_strengths else ""
            strength.set_runs((self.run(words, mono=True),) if words else ())
        count = len(found.strongest)
        names = {0: ("no test digit moves it",), 9: ("the nine test digits that move it most", "they move it most")}
        words = names.get(count, (f"only {count} test digits move it", f"only {count} move it"))
        self.title.set_runs(*(self.name(one) for one in words))
        where = "in the corner" if self.with_strengths else "under the cursor"
        self.caption.set_runs((self.run(f"{where}: its activation"),), (self.run("its activation"),))

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
        """Show a digit; once more: why it is read as it is."""
        if 3 * row + column >= len(self.indices):
            return None
        index = int(self.indices[3 * row + column])
        if session.index == index:
            return "w"
        session.go_to(index)
        return None

    def account(self, session, row, column):
        """Say which digit it is and what the network reads."""
        if 3 * row + column >= len(self.indices):
            return None
        index, survey = int(self.indices[3 * row + column]), session.study.survey
        names = session.dataset.class_names
        answer, truth = int(survey.evaluation.predictions[index]), int(session.digits.labels[index])
        mark, color = ("✓ right", "right") if answer == truth else ("✗ wrong", "wrong")
        value = float(survey.activations(session.layer)[index, session.neuron])
        runs = (self.run(f"test digit {thousands(index)}", color="text", bold=True),
                self.run(mark, color=color, bold=True, gap=2),
                self.run(f"a {names[truth]}, read as {names[answer]}", gap=2),
                self.run("activation", gap=2),
                self.run(ACTIVATIONS[session.network.layers[session.layer].activation].write(value), color="text",
                         mono=True, gap=1.5),
                self.run("Enter or a click shows it", gap=2))
        return runs, self.tiles[3 * row + column].bounds()
