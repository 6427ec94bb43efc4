"""The readout: one line, always in the same place, that says what the cursor is on and where its number comes from."""

from dataclasses import replace

from neuralscope.formatting import shortened
from neuralscope.visualizer.drawing.focus_ring import Ring
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT
from neuralscope.visualizer.widgets.panel import Panel


class Readout(Panel):
    """A line on a ground of its own, and the ring around what it speaks of."""

    def __init__(self, painter):
        """Make the line, its ground and the ring."""
        super().__init__(painter)
        self.ground = self.add(Block(self.theme.panel, zorder=0.5))
        self.edge = self.add(Block(self.theme.accent))
        self.line = self.add(Line())
        self.ring = self.add(Ring(self.theme.accent, self.theme.background))

    def place(self):
        """Stand at the same height in every view."""
        left, bottom, width, height = self.painter.box(0.029, 0.08, 0.943, 0.055)
        self.ground.set_bounds(left, bottom, width, height)
        self.edge.set_bounds(left, bottom, 3, height)
        self.line.x, self.line.y = left + 20 * self.painter.scale, bottom + height / 2 - 4.5 * self.painter.leading
        self.line.max_width = width - 28 * self.painter.scale

    def say(self, runs, around=None):
        """Show ``runs``, and the ring around a cell's bounds; statements that do not fit are left off at the end.

        A statement begins with a gap of two spaces, its figures follow closer: none is shown without them.
        """
        runs = tuple(replace(run, size=self.painter.points(READOUT)) for run in runs)
        ends = (end for end in range(len(runs) - 1, 0, -1) if runs[end].gap >= 2)
        self.line.set_runs(runs, *(runs[:end] for end in ends))
        self.ring.around = around

    def tell(self, text):
        """Show a sentence."""
        self.line.set_runs(*((self.run(part, READOUT, "text"),) for part in shortened(text)))
        self.ring.around = None
