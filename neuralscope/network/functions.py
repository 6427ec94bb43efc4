"""The formulas of a network, each beside its derivative: activations, heads (output with loss) and initializers.

Arrays are batch first, ``(batch, features)``. ``z`` is a layer's weighted sum, before its activation. Every function
takes ``out``, an array of the result's shape to write to, as NumPy's own do.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SMALLEST = np.finfo(np.float32).tiny  # of the ordinary numbers, 1.2e-38


@dataclass(frozen=True)
class Activation:
    """What a hidden neuron makes of its sum.

    ``value(z, out=None)`` and ``slope(z, out=None)``, its derivative, take ``z`` and return an array of its shape.
    ``gain`` is the factor on the initial weights that keeps a signal's size from layer to layer (He et al. 2015).
    """

    value: Callable
    slope: Callable
    gain: float


@dataclass(frozen=True)
class Head:
    """The last layer's output function and the loss it is judged by.

    ``value(z, out=None)``: what the network answers, ``(batch, classes)``.
    ``losses(outputs, labels)``: the loss of each row, ``(batch,)``; the loss of a batch is their mean.
    ``delta(outputs, labels, out=None)``: the derivative of the mean loss with respect to ``z``, ``(batch, classes)``.
    ``outputs`` are what ``value`` returned, so that it is computed once; ``labels`` are ``(batch,)`` whole numbers.
    """

    value: Callable
    losses: Callable
    delta: Callable


def relu(z, out=None):
    """Return ``max(z, 0)``."""
    return np.maximum(z, np.zeros(z.shape[-1:], z.dtype), out=out)  # a row, for a single 0 takes three times as long


def relu_slope(z, out=None):
    """Return 1 where ``z`` is above 0, else 0 (at 0 itself, where there is no derivative, 0)."""
    return np.greater(z, 0, out=np.empty_like(z) if out is None else out)


def softmax(z, out=None):
    """Return probabilities: ``exp(z)`` divided by its sum over the row; any finite ``z`` will do."""
    out = np.subtract(z, z.max(axis=1, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=1, keepdims=True)
    return out


def cross_entropy(outputs, labels):
    """Return minus the logarithm of the label's probability, at most 87: float32 knows nothing below exp(-87)."""
    return -np.log(np.maximum(outputs[np.arange(len(outputs)), labels], SMALLEST))


def softmax_cross_entropy_delta(outputs, labels, out=None):
    """Return (probabilities - one-hot labels) / batch."""
    out = np.divide(outputs, len(outputs), out=out)
    out[np.arange(len(outputs)), labels] -= 1 / len(outputs)
    return out


def he(inputs, outputs, gain, rng):
    """Return normal random weights ``(inputs, outputs)`` float32 of deviation gain / sqrt(inputs) (He et al. 2015)."""
    return rng.standard_normal((inputs, outputs), dtype=np.float32) * np.float32(gain / np.sqrt(inputs))


ACTIVATIONS = {"relu": Activation(relu, relu_slope, gain=2**0.5)}
HEADS = {"softmax": Head(softmax, cross_entropy, softmax_cross_entropy_delta)}
INITIALIZERS = {"he": he}
