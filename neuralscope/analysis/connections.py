"""The connections between two layers, by their contributions for one image."""

from dataclasses import dataclass

import numpy as np

from neuralscope.analysis.attribution import check_single_image
from neuralscope.network.functions import check_index
from neuralscope.network.model import Network, Trace
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class Connections:
    """The strongest connections into one layer, the largest contribution by its size first.

    ``sources`` and ``targets`` (shown,): from which neuron (pixel) to which neuron (class) each leads; ``values`` and
    ``weights`` (shown,): what the source gives, and the weight of the connection. Of all connections into the outputs,
    or into those neurons of a hidden layer that are not at 0: ``contributing_count``, how many are not 0, nor NaN, and
    ``total``, the sum of the sizes of their contributions.
    """

    sources: np.ndarray
    targets: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    contributing_count: int
    total: float
    __repr__ = short_repr

    @property
    def contributions(self) -> np.ndarray:
        """What each adds to its target's sum, (shown,): activation × weight, as in an `Attribution`."""
        return self.values * self.weights

    @property
    def covered(self) -> float:
        """The sum of the sizes of the contributions shown, a part of ``total``."""
        return float(np.abs(self.contributions).sum(dtype=np.float64))

    def index_of(self, source: int, target: int) -> int | None:
        """Return the rank of a connection among those shown, or None."""
        found = np.flatnonzero((self.sources == source) & (self.targets == target))
        return int(found[0]) if len(found) else None


def layer_inputs(trace: Trace, layer: int) -> np.ndarray:
    """Return what enters ``layer``, counted from 0, at the one image of a trace: activations, or pixels, (neurons,)."""
    check_single_image(trace)
    return (trace.activations[layer - 1] if layer else trace.images)[0]


def strongest_connections(network: Network, trace: Trace, layer: int, count: int) -> Connections:
    """Return the ``count`` strongest Connections into ``layer``, counted from 0, at the one image of a trace.

    What leads to a hidden neuron at 0 ends there, and is none of them. There are fewer where fewer contribute at all.
    Raises InputError for a layer out of range.
    """
    check_index(layer, len(network.layers), "layer")
    inputs, weights = layer_inputs(trace, layer), network.layers[layer].weights
    is_last = layer == len(network.layers) - 1
    active = np.flatnonzero(inputs)
    reached = np.arange(weights.shape[1]) if is_last else np.flatnonzero(trace.activations[layer][0])
    sizes = np.abs(weights[active].take(reached, axis=1) * inputs[active, None])
    sizes = np.where(np.isfinite(sizes), sizes, 0)  # what is no number has no size to compare
    contributing_count = int(np.count_nonzero(sizes != 0))
    found = largest_indices(sizes, min(count, contributing_count))
    sources, targets = active[found // max(1, len(reached))], reached[found % max(1, len(reached))]
    return Connections(sources, targets, inputs[sources], weights[sources, targets], contributing_count,
                       float(sizes.sum(axis=1).sum(dtype=np.float64)))


def largest_indices(sizes: np.ndarray, count: int) -> np.ndarray:
    """Return where the ``count`` largest of ``sizes`` (rows, columns) are, counted along the rows, largest first.

    Of equal ones the first comes first. None is smaller than the ``count``-th largest of the rows' own largest ones:
    what is, need not be sorted.
    """
    if not count:
        return np.empty(0, np.int64)
    highest, flat = sizes.max(axis=1), sizes.ravel()
    least = np.partition(highest, -count)[-count] if count < len(highest) else 0
    found = np.flatnonzero(flat >= least)
    return found[np.argsort(-flat[found], kind="stable")[:count]]
