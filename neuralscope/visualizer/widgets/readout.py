"""The readout: one line, always in the same place, that says what the cursor is on and where its number comes from."""

from dataclasses import replace

from neuralscope.formatting import elided
from neuralscope.visualizer.drawing.focus_ring import FocusRing
from neuralscope.visualizer.drawing.layout import READOUT_FOOT, READOUT_TOP
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel


class Readout(Panel):
    """A line on a ground of its own, and the ring around what it speaks of."""

    def __init__(self, surface):
        """Make the line, its ground and the ring."""
        super().__init__(surface)
        self.ground = self.add(Block(self.theme.panel, zorder=0.5))
        self.edge = self.add(Block(self.theme.accent))
        self.line = self.add(Line())
        self.ring = self.add(FocusRing(self.theme.accent, self.theme.background))

    def place(self):
        """Stand at the same height in every view."""
        left, bottom, width, height = self.surface.plate(READOUT_FOOT, READOUT_TOP)
        self.ground.set_bounds(left, bottom, width, height)
        self.edge.set_bounds(left, bottom, 3, height)
        self.line.x, self.line.y = left + 20 * self.surface.scale, bottom + height / 2 - 4.5 * self.surface.leading
        self.line.max_width = width - 28 * self.surface.scale

    def show(self, content, around=None):
        """Show a sentence or runs, and the ring around a cell's bounds; what does not fit is left off at the end.

        Of runs whole statements are: one begins with a gap of two spaces, its figures follow closer.
        """
        self.ring.around = around
        if isinstance(content, str):
            self.line.set_runs(*((self.run(part, READOUT_PT, "text"),) for part in elided(content)))
        else:
            self._show_runs(content)

    def _show_runs(self, runs):
        runs = tuple(replace(run, size=self.surface.points(READOUT_PT)) for run in runs)
        ends = (end for end in range(len(runs) - 1, 0, -1) if runs[end].gap >= 2)
        self.line.set_runs(runs, *(runs[:end] for end in ends))
