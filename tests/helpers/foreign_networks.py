"""Networks of other libraries: what one that was read answers, beside what its own library does."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from neuralscope.analysis.attribution import attribution
from neuralscope.errors import sentence
from neuralscope.network.importers.text import settled_parts
from neuralscope.network.model import Layer, Network

SIZES = (12, 7, 7, 5, 4)  # two of them alike, so that a square layer is among them


def settled_text(settled):
    """Return in a line how a network is read."""
    return sentence(*settled_parts(settled))


def random_arrays(sizes=SIZES, seed=3):
    """Return weights (inputs, outputs) and biases, float32, of each layer."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(0, 1 / np.sqrt(inputs), (inputs, outputs)).astype(np.float32),
             rng.normal(0, 0.3, outputs).astype(np.float32)) for inputs, outputs in pairwise(sizes)]


def random_network(*activations, sizes=SIZES):
    """Return a Network float32 with these activations, a head last."""
    return Network(tuple(Layer(*arrays, name) for arrays, name in zip(random_arrays(sizes), activations, strict=True)))


def random_inputs(count=20, features=SIZES[0]):
    """Return rows of numbers (count, features) float32 in [0, 1]."""
    return np.random.default_rng(4).random((count, features), dtype=np.float32)


def exact_network(foreign, activation=None):
    """Return a ForeignNetwork as a Network float64; ``activation``: of the hidden layers that do not say theirs."""
    last = len(foreign.layers) - 1
    layers = [replace(layer, activation=layer.activation or ("softmax" if number == last else activation))
              for number, layer in enumerate(foreign.layers)]
    return Network(tuple(Layer(layer.weights, layer.biases, layer.activation) for layer in layers))


def assert_same_logits(foreign, inputs, expected, activation=None):
    """Assert that a network that was read gives the logits of its own library, and that its accounts add up."""
    network = exact_network(foreign, activation)
    trace = network.forward(inputs)
    np.testing.assert_allclose(trace.sums[-1], expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    one = network.forward(inputs[:1])
    for number in range(network.sizes[-1]):
        account = attribution(network, one, number)
        assert abs(account.contributions.sum() + account.bias - one.sums[-1][0, number]) < 1e-9
