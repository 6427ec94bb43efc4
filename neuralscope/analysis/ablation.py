"""What becomes of a network's answers without some of its neurons. Layers and neurons are numbered from 0."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neuralscope.network.functions import ACTIVATIONS, check_index
from neuralscope.network.model import Layer, Network
from neuralscope.short_repr import short_repr

# images at a time where whole layers have to be computed, so that they stay in the processor's cache
PART_IMAGES = 1000
NO_ANSWER = 255  # stands among answers for that of a network whose outputs are no numbers


@dataclass(frozen=True, eq=False)
class AblatedAnswers:
    """What a network answers without each single neuron of a layer.

    ``before`` (count,): what the whole network answers; ``after`` (neurons, count) uint8: what it answers without the
    neuron; NO_ANSWER for none.
    """

    before: np.ndarray
    after: np.ndarray
    __repr__ = short_repr

    @cached_property
    def costs(self) -> np.ndarray:
        """What the loss of each neuron costs, (neurons,): the number of images that are read otherwise."""
        return np.count_nonzero(self.after != self.before.astype(np.uint8), axis=1)

    @cached_property
    def ranks(self) -> np.ndarray:
        """The place of each neuron, (neurons,): 0 where its loss costs the most; the lower number first."""
        ranks = np.empty(len(self.after), np.int64)
        ranks[np.argsort(-self.costs, kind="stable")] = np.arange(len(ranks))
        return ranks


@dataclass(frozen=True, eq=False)
class SingleAblations(AblatedAnswers):
    """The same for labelled images: ``labels`` (count,): the right classes."""

    labels: np.ndarray
    __repr__ = short_repr

    @cached_property
    def errors_before(self) -> int:
        """The number of images that the whole network misreads."""
        return int(np.count_nonzero(self.before != self.labels))

    @cached_property
    def errors(self) -> np.ndarray:
        """The number of images misread without each neuron, (neurons,)."""
        return np.count_nonzero(self.after != self.labels.astype(np.uint8), axis=1)

    @cached_property
    def costs(self) -> np.ndarray:
        """What the loss of each neuron costs, (neurons,): the errors more, or below 0 fewer."""
        return self.errors - self.errors_before

    def newly_wrong(self, neuron: int) -> np.ndarray:
        """Return the indices of the images misread only without ``neuron``."""
        return np.flatnonzero((self.before == self.labels) & (self.after[neuron] != self.labels))

    def newly_right(self, neuron: int) -> np.ndarray:
        """Return the indices of the images read rightly only without ``neuron``."""
        return np.flatnonzero((self.before != self.labels) & (self.after[neuron] == self.labels))


def ablate(network: Network, ablated: Mapping[int, Collection[int]]) -> Network:
    """Return the network with neurons held at 0; the same network where ``ablated`` names none.

    ``ablated``: hidden layer -> numbers of its neurons. Their weights into the next layer become 0, so their own sums
    and activations still show what they would do, unless these are made of what is no number. Raises InputError for a
    layer or neuron out of range.
    """
    layers = list(network.layers)
    for layer, neurons in ablated.items():
        rows = checked_neurons(network, layer, neurons)
        if rows:
            next_layer = layers[layer + 1]
            weights = next_layer.weights.copy()
            weights[rows] = 0
            layers[layer + 1] = Layer(weights, next_layer.biases, next_layer.activation)
            layers[layer] = without_non_finite(layers[layer], rows)
    return network if tuple(layers) == network.layers else Network(tuple(layers))


def without_non_finite(layer: Layer, neurons: list[int]) -> Layer:
    """Return a layer in which those of ``neurons`` that weights or a bias make no number have none: NaN times 0 is NaN.
    """
    found = [neuron for neuron in neurons
             if not (np.isfinite(layer.weights[:, neuron]).all() and np.isfinite(layer.biases[neuron]))]
    if not found:
        return layer
    weights, biases = layer.weights.copy(), layer.biases.copy()
    weights[:, found], biases[found] = 0, 0
    return Layer(weights, biases, layer.activation)


@np.errstate(invalid="ignore", over="ignore")  # NO_ANSWER tells
def ablate_each(network: Network, layer: int, activations: np.ndarray, neurons: Iterable[int]) -> np.ndarray:
    """Return the answers without each single one of ``neurons`` of hidden ``layer``, (len(neurons), count) uint8.

    ``activations`` (count, neurons of the layer). They are those of ``ablate``, but the next layer's sums are computed
    once, and less one outer product for each neuron. Raises InputError for a layer or neuron out of range.
    """
    neurons = checked_neurons(network, layer, neurons)
    next_layer, later_layers = network.layers[layer + 1], network.layers[layer + 2:]
    answers = np.empty((len(neurons), len(activations)), np.uint8)
    part = PART_IMAGES if later_layers else max(len(activations), 1)
    for start in range(0, len(activations), part):
        values = activations[start:start + part]
        sums = (values @ next_layer.weights + next_layer.biases).T.copy()  # class by class: rows are long
        unablated = predictions_from_sums(network, layer, sums)
        for neuron, row in zip(neurons, answers[:, start:start + part], strict=True):
            row[:] = unablated
            active, weights = np.flatnonzero(values[:, neuron]), next_layer.weights[neuron]
            if np.isfinite(values[:, neuron]).all() and np.isfinite(weights).all():
                changed = sums.take(active, axis=1)
                changed -= np.multiply.outer(weights, values[active, neuron])
            else:  # what is no number cannot be taken off again
                others = np.arange(values.shape[1]) != neuron
                changed = (values[active][:, others] @ next_layer.weights[others] + next_layer.biases).T.copy()
            row[active] = predictions_from_sums(network, layer, changed)
    return answers


def predictions_from_sums(network: Network, layer: int, sums: np.ndarray) -> np.ndarray:
    """Return the answers (count,) uint8 where the layer after hidden ``layer`` has ``sums`` (its outputs, count)."""
    next_layer, later_layers = network.layers[layer + 1], network.layers[layer + 2:]
    if later_layers:
        trace = Network(later_layers).forward(ACTIVATIONS[next_layer.activation].value(sums.T))
        return np.where(np.isfinite(trace.outputs).all(axis=1), trace.predictions, NO_ANSWER)
    answers, largest = np.zeros(sums.shape[1], np.uint8), sums[0].copy()
    for number, row in enumerate(sums[1:], 1):  # NumPy's argmax across rows takes several times as long
        np.copyto(answers, number, where=row > largest)  # the first of equal ones, as argmax
        np.maximum(largest, row, out=largest)
    unknown = ~np.isfinite(largest) if network.head.sums_to_one else np.isnan(largest)
    answers[unknown] = NO_ANSWER
    return answers


def checked_neurons(network: Network, layer: int, neurons: Iterable[int]) -> list[int]:
    """Return the neurons as a list; raises InputError for a hidden layer or neuron that is not there."""
    check_index(layer, len(network.layers) - 1, "hidden layer")
    neurons = list(neurons)
    for neuron in neurons:
        check_index(neuron, network.sizes[layer + 1], f"neuron of hidden layer {layer} with the number")
    return neurons
