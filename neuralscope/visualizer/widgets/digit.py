"""The digit that the network reads."""

import math

import numpy as np

from neuralscope.formatting import number, pixel_name, thousands
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel


class Digit(HeatmapPanel):
    """The test digit as 28 x 28 cells of ink."""

    def __init__(self, surface, pixels, with_key=True):
        """Make a square picture of ``pixels`` cells."""
        side = math.isqrt(pixels)
        super().__init__(surface, surface.theme.ink, (side, side), key_width=96, with_key=with_key)

    def update(self, session, trace):
        """Show the digit."""
        pixels = trace.images[0]
        self.show(pixels.reshape(self.picture.cells.shape[:2]), top=1)
        inked = int(np.count_nonzero(pixels))
        self.title.set_runs(self.name("the digit"))
        self.caption.set_runs((self.run(f"{thousands(len(pixels))} pixels, {thousands(inked)} with ink"),),
                              (self.run(f"{thousands(inked)} pixels with ink"),),
                              (self.run(f"{thousands(inked)} with ink"),))

    def describe(self, session, row, column):
        """Say which pixel it is and how much ink it has; without a hidden layer, what it contributes."""
        pixel = row * self.picture.cells.shape[1] + column
        ink = float(session.trace.images[0, pixel])
        runs = [self.run(pixel_name(row, column), color="text", bold=True), self.run("ink", gap=2),
                self.run(number(ink), color="text", mono=True, gap=1.5),
                self.run(f"{round(ink * 255)} of 255 grey steps", gap=2)]
        if not session.layers and ink:
            weight = float(session.attribution.weights[pixel])
            runs += self.contribution_runs(
                session, session.selected_class, ink, weight, contrast_class=session.contrast_class
            )
        return tuple(runs), self.picture.cell_bounds(row, column)

    def largest_part(self, session):
        """Describe the pixel of the largest contribution to the selected class, in a network without hidden layer."""
        every = session.attribution.contributions
        return self.describe(session, *divmod(int(every.argmax()), self.picture.cells.shape[1]))
