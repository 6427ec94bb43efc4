"""What one hidden neuron does on images of known classes: for what it fires, how often, how strongly."""

from dataclasses import dataclass

import numpy as np

from neuralscope.network.functions import ACTIVATIONS, check_index
from neuralscope.network.model import Network
from neuralscope.short_repr import short_repr

MAX_TOP_IMAGES = 9
HISTOGRAM_BINS = 30


@dataclass(frozen=True, eq=False)
class NeuronProfile:
    """What is known of one neuron: hidden ``layer`` and ``neuron``, both numbered from 0.

    ``weights`` (inputs of the layer,) and ``bias``: what its sum is made with. ``top_images``: the indices of up to
    nine images that excite it most, the strongest first, of those that move it from its resting value (the activation
    function's at 0); ``strengths``: its activations there. ``class_counts`` (classes,): images of each class;
    ``fires`` (classes,): those for which it is above its resting value; ``firing_share``: their share of all, 0 to 1.
    ``mean_activations`` (classes,): its mean activation, NaN for a class of which there is none. ``histogram``
    (classes, 30) int64: its activations where it is not at rest, between ``edges`` (31,), from 0 to the largest, or as
    far below 0 where the function may be negative. ``dead``: its activation is the same for every image.
    ``unknown_count``: images at which its activation is no finite number; they count nowhere else.
    """

    layer: int
    neuron: int
    weights: np.ndarray
    bias: float
    top_images: np.ndarray
    strengths: np.ndarray
    class_counts: np.ndarray
    fires: np.ndarray
    firing_share: float
    mean_activations: np.ndarray
    histogram: np.ndarray
    edges: np.ndarray
    dead: bool
    unknown_count: int = 0
    __repr__ = short_repr


def neuron_profile(network: Network, layer: int, neuron: int, activations: np.ndarray,
                   labels: np.ndarray) -> NeuronProfile:
    """Return the NeuronProfile of ``neuron`` of hidden ``layer``.

    ``activations`` (count, neurons of the layer), at least one row, and ``labels`` (count,). Raises InputError for a
    layer or neuron out of range.
    """
    check_index(layer, len(network.layers) - 1, "hidden layer")
    check_index(neuron, network.sizes[layer + 1], f"neuron of hidden layer {layer} with the number")
    own_layer, classes = network.layers[layer], network.sizes[-1]
    known = np.isfinite(activations[:, neuron])
    values, labels = np.ascontiguousarray(activations[known, neuron]), labels[known]
    value_below, resting_value = ACTIVATIONS[own_layer.activation].value(np.array([-1, 0], values.dtype))
    counts = np.bincount(labels, minlength=classes)
    fires = np.bincount(labels[values > resting_value], minlength=classes)
    with np.errstate(invalid="ignore"):
        means = np.bincount(labels, values, classes) / counts
    moved = np.flatnonzero(values != resting_value)
    top = moved[top_indices(values[moved])]
    places = np.flatnonzero(known)  # of values among all images
    return NeuronProfile(
        layer, neuron, own_layer.weights[:, neuron], float(own_layer.biases[neuron]), places[top], values[top], counts,
        fires, float(fires.sum() / max(1, len(values))), means,
        *class_histograms(values[moved], labels[moved], classes, value_below < 0), bool((values == values[:1]).all()),
        len(known) - len(values))


def top_indices(values: np.ndarray) -> np.ndarray:
    """Return the indices of the up to nine largest values, the largest first, of equal ones the first."""
    if len(values) > MAX_TOP_IMAGES:
        least = np.partition(values, -MAX_TOP_IMAGES)[-MAX_TOP_IMAGES]
        candidates = np.flatnonzero(values >= least)
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(-values[candidates], kind="stable")][:MAX_TOP_IMAGES]


def class_histograms(values: np.ndarray, labels: np.ndarray, classes: int,
                     signed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return how many values of each class lie in each bin, (classes, 30), and the bins' edges (31,)."""
    top = float(np.abs(values).max(initial=0)) or 1.0
    low = -top if signed else 0.0
    bins = ((values - low) * (HISTOGRAM_BINS / (top - low))).astype(np.int64)
    np.minimum(bins, HISTOGRAM_BINS - 1, out=bins)  # the largest value itself belongs to the last bin
    counts = np.bincount(labels * HISTOGRAM_BINS + bins, minlength=classes * HISTOGRAM_BINS).reshape(
        classes, HISTOGRAM_BINS
    )
    return counts, np.linspace(low, top, HISTOGRAM_BINS + 1)
