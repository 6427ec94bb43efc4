"""Arrays that a network writes to, so that learning makes them once and not in every step."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class StepBuffers:
    """Arrays that ``forward`` and ``gradients`` write to; None instead of an array lets NumPy make a new one.

    One array a layer in ``sums``, ``activations``, ``slopes`` and ``deltas``; ``gradients`` by parameter name.
    ``masks``: dropout's, one (batch, neurons) a hidden layer, which ``forward`` multiplies its activations by and
    ``gradients`` their derivatives; None for no dropout.
    """

    sums: list
    activations: list
    slopes: list
    deltas: list
    gradients: dict
    masks: list | None = None

    @classmethod
    def empty(cls, network):
        """Return the workspace without arrays."""
        nothing = [None] * len(network.layers)
        return cls(nothing, nothing, nothing, nothing, dict.fromkeys(network.parameters))

    @classmethod
    def allocate(cls, network, batch, gradients, dropout=False):
        """Return arrays for ``batch`` images, and ``gradients``, a dict of arrays, to write the derivatives to."""
        def arrays():
            return [np.empty((batch, size), network.dtype) for size in network.sizes[1:]]

        return cls(arrays(), arrays(), arrays(), arrays(), gradients, arrays()[:-1] if dropout else None)

    def draw_dropout_masks(self, share, rng):
        """Draw new masks: 0 for ``share`` of the neurons, and for the others what makes up for them on average.

        Inverted dropout, after Srivastava et al. 2014: nothing need be scaled when the network is used.
        """
        for mask in self.masks or ():
            rng.random(out=mask, dtype=mask.dtype)
            np.greater_equal(mask, share, out=mask)
            mask *= 1 / (1 - share)

    def first_rows(self, batch):
        """Return the same arrays' first ``batch`` rows."""
        parts = [[array[:batch] for array in arrays]
                 for arrays in (self.sums, self.activations, self.slopes, self.deltas)]
        return StepBuffers(*parts, self.gradients, self.masks and [mask[:batch] for mask in self.masks])


def parameter_views(row, shapes):
    """Return arrays of these shapes, by name, that together are the memory of ``row``."""
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    parts = np.split(row, np.cumsum(sizes)[:-1])
    return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
