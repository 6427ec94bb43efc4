"""Exact accounts of one decision: figures that add up to the one they explain.

All are of a trace of one image, and refuse one of more, in the network's dtype; layers are numbered from 0.
"""

from dataclasses import dataclass

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS, check_index
from neuralscope.network.model import Network, Trace
from neuralscope.short_repr import short_repr

MIN_STROKE_INK = 0.25  # ink from which a pixel belongs to the stroke that is outlined


@dataclass(frozen=True, eq=False)
class Attribution:
    """What a logit, or the difference of two, is the sum of.

    ``inputs`` (neurons,): activations of the last hidden layer, without one the pixels; ``weights`` (neurons,) to the
    class; ``bias`` of the class; ``total``: the logit as the network computed it, which ``contributions`` and ``bias``
    sum to. Of a difference: the weights, bias and logit of one class minus those of the other.
    """

    inputs: np.ndarray
    weights: np.ndarray
    bias: float
    total: float
    __repr__ = short_repr

    @property
    def contributions(self) -> np.ndarray:
        """What each neuron adds to ``total``, (neurons,): direct logit attribution."""
        return self.inputs * self.weights


@dataclass(frozen=True, eq=False)
class LocalLinearMap:
    """The linear map in force at one image: a layer's sums are ``weights @ pixels + constants``.

    ``weights`` (outputs, inputs), ``constants`` (outputs,).
    """

    weights: np.ndarray
    constants: np.ndarray
    __repr__ = short_repr


def attribution(network: Network, trace: Trace, selected_class: int, contrast_class: int | None = None) -> Attribution:
    """Return the Attribution of the logit of class ``selected_class``, or of its lead over that of ``contrast_class``.

    Raises InputError for a class out of range, and for a trace of more than one image.
    """
    check_single_image(trace)
    last, sums = network.layers[-1], trace.sums[-1][0]
    for number in (selected_class,) if contrast_class is None else (selected_class, contrast_class):
        check_index(number, len(sums), "class")
    inputs = (trace.activations[-2] if len(network.layers) > 1 else trace.images)[0]
    weights, bias, total = last.weights[:, selected_class], last.biases[selected_class], sums[selected_class]
    if contrast_class is not None:
        weights = weights - last.weights[:, contrast_class]
        bias, total = bias - last.biases[contrast_class], total - sums[contrast_class]
    return Attribution(inputs, weights, float(bias), float(total))


def contributions(network: Network, trace: Trace, selected_class: int) -> np.ndarray:
    """Return what each neuron of the last hidden layer adds to the logit of a class: ``(neurons,)``."""
    return attribution(network, trace, selected_class).contributions


def is_piecewise_linear(network: Network, layer: int | None = None) -> bool:
    """Whether the sums of ``layer`` (default: the logits) are a piecewise linear function of the pixels.

    Raises InputError for a layer out of range.
    """
    return not smooth_activations(network, resolve_layer(network, layer))


def local_linear_map(network: Network, trace: Trace, layer: int | None = None) -> LocalLinearMap:
    """Return the LocalLinearMap of the sums of ``layer`` (default: the logits), exact for the image.

    Chu et al. 2018, "Exact and consistent interpretation for piecewise linear neural networks" (OpenBox). Raises
    InputError for a layer out of range, or where an activation function before it is smooth.
    """
    layer = resolve_layer(network, layer)
    names = smooth_activations(network, layer)
    if names:
        raise InputError(f"after {' and '.join(names)} no template holds, for the slope is another at every sum",
                         "choose a network of relu or leaky-relu, or look at the gradient", joint=": ")
    return LocalLinearMap(*backward_map(network, trace, layer))


def gradient(network: Network, trace: Trace, layer: int | None = None) -> np.ndarray:
    """Return the derivatives of the sums of ``layer`` (default: the logits) by the pixels, (outputs, inputs).

    Whatever the activation functions; where there is a local linear map, they are its weights. Raises InputError for a
    layer out of range.
    """
    return backward_map(network, trace, resolve_layer(network, layer))[0]


def logit_gradient(network: Network, trace: Trace, layer: int) -> np.ndarray:
    """Return the derivatives of the logits by the activations of hidden ``layer``, (neurons, classes).

    For the last hidden layer they are its outgoing weights. Raises InputError for a layer out of range.
    """
    last = len(network.layers) - 1
    check_index(layer, last, "hidden layer")
    return backward_map(network, trace, last, layer + 1)[0].T


def backward_map(network: Network, trace: Trace, layer: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return (weights, constants) of the sums of ``layer`` as a map, in the slopes in force, of what enters ``first``.

    From the output backwards, for there the rows are few: ``weights`` (outputs, inputs of ``first``).
    """
    check_single_image(trace)
    weights, constants = network.layers[layer].weights.T, network.layers[layer].biases
    for number in range(layer - 1, first - 1, -1):
        before = network.layers[number]
        weights = weights * ACTIVATIONS[before.activation].slope(trace.sums[number][0])
        constants = constants + weights @ before.biases
        weights = weights @ before.weights.T
    return weights, constants


def check_single_image(trace: Trace) -> None:
    """Raise InputError where a trace is not of one image: an account is of one answer."""
    if len(trace.images) != 1:
        raise InputError(f"an account is of one image, and this trace is of {len(trace.images):,}",
                         "give network.forward(images[i]) for the one meant")


def resolve_layer(network: Network, layer: int | None) -> int:
    """Return the number of ``layer``, of the last for None; raises InputError for one out of range."""
    layer = len(network.layers) - 1 if layer is None else layer
    check_index(layer, len(network.layers), "layer")
    return layer


def smooth_activations(network: Network, layer: int) -> list[str]:
    """Return the names of the activation functions before ``layer`` that are not made of straight lines."""
    names = dict.fromkeys(before.activation for before in network.layers[:layer])
    return [name for name in names if not ACTIVATIONS[name].piecewise_linear]
