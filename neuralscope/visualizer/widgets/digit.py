"""The digit that the network reads."""

import numpy as np

from neuralscope.formatting import number, thousands
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel


class Digit(HeatmapPanel):
    """The test digit as cells of ink; what is no picture, as bars, each against the largest of its feature."""

    def __init__(self, surface, inputs, with_key=True):
        """Make the picture of `Inputs`."""
        table = surface.theme.signed if inputs.signed else surface.theme.ink
        super().__init__(surface, table, inputs.shape, key_width=96, signed=inputs.signed,
                         with_key=with_key and inputs.is_picture, inputs=inputs)

    def update(self, session, trace):
        """Show the digit."""
        pixels, inputs = trace.images[0], self.inputs
        self.title.set_runs(self.name(inputs.subject))
        if not inputs.is_picture:
            self.show(inputs.relative(pixels).reshape(inputs.shape), top=1)
            count = f"{thousands(inputs.count)} values"
            self.caption.set_runs(*((self.run(words),) for words in (
                f"{count}; a full bar: the feature's largest in the test set", f"{count}, each by its largest", count)))
            return
        self.show(pixels.reshape(inputs.shape), top=float(inputs.sizes[0]))
        inked = int(np.count_nonzero(pixels))
        self.caption.set_runs((self.run(f"{thousands(len(pixels))} pixels, {thousands(inked)} with ink"),),
                              (self.run(f"{thousands(inked)} pixels with ink"),),
                              (self.run(f"{thousands(inked)} with ink"),))

    def describe(self, session, row, column):
        """Say which pixel it is and how much ink it has; without a hidden layer, what it contributes."""
        pixel = row * self.picture.cells.shape[1] + column
        ink = float(session.trace.images[0, pixel])
        inputs = self.inputs
        runs = [self.run(inputs.name(pixel), color="text", bold=True), self.run(inputs.quantity, gap=2),
                self.run(number(ink), color="text", mono=True, gap=1.5)]
        runs += [self.run(inputs.grey_text(ink), gap=2)] if inputs.grey_text(ink) else []
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
