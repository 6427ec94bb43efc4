"""The error at the output asked about as a picture of one cell: in a network without hidden layers, all the blame."""

import numpy as np

from neuralscope.visualizer.widgets.backprop_text import error_runs
from neuralscope.visualizer.widgets.heatmap_panel import Captioned
from neuralscope.visualizer.widgets.significant import direction, significant


class ErrorHere(Captioned):
    """The error at the output of the class asked about, in the colours of the bars of all errors."""

    def __init__(self, painter):
        """Make the cell."""
        super().__init__(painter, painter.theme.signed, (1, 1), 0, signed=True)

    def update(self, session, trace):
        """Show the error."""
        errors, chosen = session.way_back.deltas[-1][0], session.chosen
        self.show(errors[chosen].reshape(1, 1), session.top("errors", np.abs(errors).max()))
        name = session.dataset.class_names[chosen]
        self.title.set_runs(self.name(f"the error of {name}"), self.name(f"error of {name}"), self.name("error"))
        self.caption.set_runs((self.run(direction(significant(errors[chosen])), mono=True),))

    def account(self, session, row, column):
        """Say what the error is."""
        return error_runs(self, session, session.chosen), self.picture.bounds()
