"""The delta of the selected class's output as a picture of one cell, for a network without hidden layers."""

import numpy as np

from neuralscope.visualizer.widgets.backprop_text import output_delta_runs
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel
from neuralscope.visualizer.widgets.significant import signed_significant


class SingleDelta(HeatmapPanel):
    """The delta at the output of the class selected, in the colours of the bars of all output deltas."""

    def __init__(self, surface):
        """Make the cell."""
        super().__init__(surface, surface.theme.signed, (1, 1), 0, signed=True)

    def update(self, session, trace):
        """Show the delta."""
        deltas, selected_class = session.backprop.deltas[-1][0], session.selected_class
        self.show(deltas[selected_class].reshape(1, 1), session.top("errors", np.abs(deltas).max()))
        name = session.dataset.class_names[selected_class]
        self.title.set_runs(self.name(f"the error of {name}"), self.name(f"error of {name}"), self.name("error"))
        self.caption.set_runs((self.run(signed_significant(deltas[selected_class]), mono=True),))

    def describe(self, session, row, column):
        """Say what the delta is."""
        return output_delta_runs(self, session, session.selected_class), self.picture.bounds()
