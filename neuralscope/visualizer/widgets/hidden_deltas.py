"""The deltas of the hidden neurons: the derivatives of the loss at this digit by their sums."""

import numpy as np

from neuralscope.formatting import sheet_shape
from neuralscope.visualizer.drawing.focus_ring import FocusRing
from neuralscope.visualizer.widgets.backprop_text import hidden_delta_runs
from neuralscope.visualizer.widgets.function_text import count_signs
from neuralscope.visualizer.widgets.hidden_layers import LayerSheet


class HiddenDeltas(LayerSheet):
    """The derivatives of the loss by the sums of a hidden layer, each neuron where its activation stands."""

    scale = "blame"

    def __init__(self, surface, layer, layers):
        """Make the sheet, and a ring for the neuron selected."""
        super().__init__(surface, layer, layers)
        self.ring = self.add(FocusRing(surface.theme.accent, surface.theme.background))

    def update(self, session, trace):
        """Show the layer, and where the neuron selected stands in it."""
        super().update(session, trace)
        here = session.layer == self.layer
        self.ring.around = self.picture.cell_bounds(*self.cell_of(session.neuron)) if here else None

    def is_signed(self):
        """A delta has a sign, whatever the activations."""
        return True

    def values(self, session, trace):
        """Return the layer's deltas, (neurons,)."""
        return session.backprop.deltas[self.layer][0]

    def count(self, values):
        """Say how many neurons should fall and rise."""
        return count_signs(values)

    def names(self, count, neurons):
        """Return wordings of what is shown."""
        return f"blame of {count} hidden {neurons}", f"blame of {count} {neurons}", f"blame of {count}", "blame", count

    def runs(self, session, neuron):
        """Return the runs that say where a neuron's delta comes from."""
        return hidden_delta_runs(self, session, self.layer, neuron)


class SelectedHiddenDeltas(HiddenDeltas):
    """The deltas of the layer selected."""

    def __init__(self, surface, layers):
        """Make the sheet; ``layers`` are all hidden layers of the network."""
        super().__init__(surface, 0, layers)

    def update(self, session, trace):
        """Follow to the layer; the labels follow the picture."""
        self.layer = session.layer
        shape = sheet_shape(session.network.sizes[self.layer + 1])
        self.picture.set_cells(np.zeros((*shape, 4), np.uint8))
        below, floor = self.picture.bounds()[1], self.picture.room[1] - self.picture.room[3]
        rounded = max(self.picture.cell, shape[1])  # so much is lost where cells are whole pixels wide
        self.label(floor if below - floor < rounded else below)  # beside others: on one height with theirs
        super().update(session, trace)
