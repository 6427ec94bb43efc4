"""The way back of one decision: from its loss to what every sum and every parameter has to do with it."""

from dataclasses import dataclass

import numpy as np

from neuralscope.analysis.ablation import checked_neurons
from neuralscope.network.buffers import StepBuffers
from neuralscope.network.model import Trace


@dataclass(frozen=True, eq=False)
class Backpropagation:
    """What backpropagation finds, in the network's dtype.

    ``trace``: what the network did; ``targets`` (batch, classes): what its outputs should have been; ``loss``: the
    batch's mean loss; ``deltas``: its derivatives by the sums, one array (batch, neurons) a layer, of the last one the
    outputs' errors; ``gradients``: its derivatives by the parameters, by name.
    """

    trace: Trace
    targets: np.ndarray
    loss: float
    deltas: tuple
    gradients: dict


def backpropagate(network, trace, targets, ablated=None):
    """Return the Backpropagation of a trace, which a window asks for of one image; the figures of
    ``Network.gradients``.

    ``targets`` (batch, classes) as ``one_hot`` makes them. ``ablated``: hidden layer -> neurons that ``silence`` holds
    at 0 in ``network``; what they would do goes nowhere, so no weight out of them has a gradient. Raises InputError for
    a layer or neuron out of range.
    """
    targets = np.asarray(targets, network.dtype)
    gradients = {name: np.empty_like(array) for name, array in network.parameters.items()}
    buffers = StepBuffers.allocate(network, len(trace.images), gradients)  # keeps the deltas too
    network.gradients(trace, targets, buffers)
    for layer, neurons in (ablated or {}).items():
        gradients[f"W{layer + 2}"][checked_neurons(network, layer, neurons)] = 0
    loss = float(network.head.losses(trace.outputs, targets).mean())
    return Backpropagation(trace, targets, loss, tuple(buffers.deltas), gradients)
