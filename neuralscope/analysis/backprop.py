"""Backpropagation of one decision: from its loss to what every sum and every parameter has to do with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.analysis.ablation import checked_neurons
from neuralscope.network.model import Network, Trace
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class Backpropagation:
    """What backpropagation finds, in the network's dtype.

    ``trace``: what the network did; ``targets`` (batch, classes): what its outputs should have been; ``loss``: the
    batch's mean loss; ``deltas``: its derivatives by the sums, one array (batch, neurons) a layer, of the last one the
    output deltas; ``gradients``: its derivatives by the parameters, by name.
    """

    trace: Trace
    targets: np.ndarray
    loss: float
    deltas: tuple[np.ndarray, ...]
    gradients: dict[str, np.ndarray]
    __repr__ = short_repr


def backpropagate(network: Network, trace: Trace, targets: ArrayLike,
                  ablated: Mapping[int, Collection[int]] | None = None) -> Backpropagation:
    """Return the Backpropagation of a trace, with the figures of ``Network.deltas`` and ``Network.gradients``.

    ``targets`` (batch, classes) as ``one_hot`` makes them. ``ablated``: hidden layer -> neurons that ``ablate`` holds
    at 0 in ``network``; what they would do goes nowhere, so no weight out of them has a gradient. Raises InputError for
    a layer or neuron out of range.
    """
    targets = np.asarray(targets, network.dtype)
    gradients = network.gradients(trace, targets)
    for layer, neurons in (ablated or {}).items():
        gradients[f"W{layer + 2}"][checked_neurons(network, layer, neurons)] = 0
    loss = float(network.head.losses(trace.outputs, targets).mean())
    return Backpropagation(trace, targets, loss, network.deltas(trace, targets), gradients)
