"""What one hidden neuron does on labelled images: for what it fires, how often, how strongly."""

from dataclasses import dataclass

import numpy as np

from neuralscope.network.functions import ACTIVATIONS, check_number

STRONGEST = 9
BINS = 30


@dataclass(frozen=True, eq=False)
class Dossier:
    """What is known of one neuron: hidden ``layer`` and ``neuron``, both numbered from 0.

    ``weights`` (inputs of the layer,) and ``bias``: what its sum is made with. ``strongest``: the indices of up to
    nine images that excite it most, the strongest first, of those that move it from its resting value (the activation
    function's at 0); ``strengths``: its activations there. ``counts`` (classes,): images of each class; ``fires``
    (classes,): those for which it is above its resting value; ``firing``: their share of all, 0 to 1. ``means``
    (classes,): its mean activation, NaN for a class of which there is none. ``histogram`` (classes, 30) int64: its
    activations where it is not at rest, between ``edges`` (31,), from 0 to the largest, or as far below 0 where the
    function may be negative. ``dead``: its activation is the same for every image.
    """

    layer: int
    neuron: int
    weights: np.ndarray
    bias: float
    strongest: np.ndarray
    strengths: np.ndarray
    counts: np.ndarray
    fires: np.ndarray
    firing: float
    means: np.ndarray
    histogram: np.ndarray
    edges: np.ndarray
    dead: bool


def dossier(network, layer, neuron, activations, labels):
    """Return the Dossier of ``neuron`` of hidden ``layer``.

    ``activations`` (count, neurons of the layer), at least one row, and ``labels`` (count,). Raises InputError for a
    layer or neuron out of range.
    """
    check_number(layer, len(network.layers) - 1, "hidden layer")
    check_number(neuron, network.sizes[layer + 1], f"neuron of hidden layer {layer} with the number")
    own, classes = network.layers[layer], network.sizes[-1]
    values = np.ascontiguousarray(activations[:, neuron])
    below, rest = ACTIVATIONS[own.activation].value(np.array([-1, 0], values.dtype))
    counts = np.bincount(labels, minlength=classes)
    fires = np.bincount(labels[values > rest], minlength=classes)
    with np.errstate(invalid="ignore"):
        means = np.bincount(labels, values, classes) / counts
    moved = np.flatnonzero(values != rest)
    best = moved[strongest(values[moved])]
    return Dossier(layer, neuron, own.weights[:, neuron], float(own.biases[neuron]), best, values[best],
                   counts, fires, float(fires.sum() / len(values)), means,
                   *histogram(values[moved], labels[moved], classes, below < 0), bool((values == values[0]).all()))


def strongest(values):
    """Return the indices of the up to nine largest values, the largest first, of equal ones the first."""
    if len(values) > STRONGEST:
        least = np.partition(values, -STRONGEST)[-STRONGEST]
        candidates = np.flatnonzero(values >= least)
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(-values[candidates], kind="stable")][:STRONGEST]


def histogram(values, labels, classes, signed):
    """Return how many values of each class lie in each bin, (classes, 30), and the bins' edges (31,)."""
    top = float(np.abs(values).max(initial=0)) or 1.0
    low = -top if signed else 0.0
    bins = ((values - low) * (BINS / (top - low))).astype(np.int64)
    np.minimum(bins, BINS - 1, out=bins)  # the largest value itself belongs to the last bin
    counts = np.bincount(labels * BINS + bins, minlength=classes * BINS).reshape(classes, BINS)
    return counts, np.linspace(low, top, BINS + 1)
