"""The formulas of a network, each beside its derivative: activations, heads (output with loss) and initializers.

Arrays are batch first, ``(batch, features)``. ``z`` is a layer's weighted sum, before its activation. What is computed
in every step takes ``out``, an array of the result's shape to write to, as NumPy's own functions do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike

from neuralscope.errors import InputError

Function = TypeVar("Function")
LEAKY_SLOPE = 0.01  # slope of leaky-relu below 0 (Maas, Hannun & Ng 2013)
GELU_TANH_SCALE, GELU_TANH_CUBE = (2 / np.pi) ** 0.5, 0.044715  # of gelu-tanh (Hendrycks & Gimpel 2016)


@dataclass(frozen=True)
class Activation:
    """What a hidden neuron makes of its sum.

    ``value(z, out=None)`` and ``slope(z, out=None)``, its derivative, take ``z`` and return an array of its shape.
    ``gain`` is the factor on the initial weights that keeps a signal's size from layer to layer (He et al. 2015).
    ``piecewise_linear``: whether it is made of straight lines through 0, so that ``value(z)`` is ``slope(z) * z``.
    """

    value: Callable
    slope: Callable
    gain: float
    piecewise_linear: bool


@dataclass(frozen=True)
class Head:
    """The last layer's output function and the loss it is judged by.

    ``loss``: the loss's name. ``value(z, out=None)``: what the network answers, ``(batch, classes)``.
    ``losses(outputs, targets)``: the loss of each row, ``(batch,)``; the loss of a batch is their mean.
    ``delta(outputs, targets, out=None)``: the derivative of the mean loss with respect to ``z``, ``(batch, classes)``.
    ``outputs`` are what ``value`` returned, so that it is computed once; ``targets``, of the same shape, are what it
    should have been: see ``one_hot``. ``sums_to_one``: whether the outputs of a row are probabilities of the classes.
    """

    loss: str
    value: Callable
    losses: Callable
    delta: Callable
    sums_to_one: bool


def one_hot(labels: Sequence[int] | np.ndarray, classes: int, dtype: DTypeLike = np.float32,
            smoothing: float = 0.0) -> np.ndarray:
    """Return targets (batch, classes): 1 for each row's label and 0 elsewhere.

    With ``smoothing`` that share of each 1 is spread evenly over all classes (Szegedy et al. 2016).
    """
    targets = np.full((classes, classes), smoothing / classes, dtype)
    targets[np.diag_indices(classes)] += 1 - smoothing
    return targets.take(labels, axis=0)


def relu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``max(z, 0)``."""
    return np.maximum(z, np.zeros(z.shape[-1:], z.dtype), out=out)  # a row, for a single 0 takes three times as long


def relu_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return 1 where ``z`` is above 0, else 0 (at 0 itself, where there is no derivative, 0)."""
    return np.greater(z, 0, out=np.empty_like(z) if out is None else out)


def leaky_relu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``z`` where it is above 0, else ``LEAKY_SLOPE * z``."""
    out = np.multiply(z, LEAKY_SLOPE, out=out)
    return np.maximum(z, out, out=out)


def leaky_relu_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return 1 where ``z`` is above 0, else ``LEAKY_SLOPE`` (also at 0 itself, where there is no derivative)."""
    out = relu_slope(z, out=out)
    return np.maximum(out, np.asarray(LEAKY_SLOPE, z.dtype), out=out)


def sigmoid(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``1 / (1 + exp(-z))``, as ``(1 + tanh(z / 2)) / 2``: no ``z`` is too large for it."""
    out = np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5
    return out


def sigmoid_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``sigmoid(z) * (1 - sigmoid(z))``."""
    out = sigmoid(z, out=out)
    out *= 1 - out
    return out


def tanh_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``1 - tanh(z)**2``."""
    out = np.tanh(z, out=out)
    out *= out
    return np.subtract(1, out, out=out)


def identity(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``z``."""
    return np.positive(z, out=out)


def identity_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return 1."""
    out = np.empty_like(z) if out is None else out
    out.fill(1)
    return out


def gelu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``z`` times the share of a standard normal distribution below it (Hendrycks & Gimpel 2016)."""
    return np.multiply(z, normal_share_below(z), out=out)


def gelu_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return the share below ``z``, plus ``z`` times the density there."""
    density = np.exp(-z * z / 2) / np.asarray((2 * np.pi) ** 0.5, z.dtype)
    return np.add(normal_share_below(z), z * density, out=out)


def normal_share_below(z: np.ndarray) -> np.ndarray:
    """Return the share of a standard normal distribution below each ``z``."""
    from scipy.special import ndtr  # NumPy has no error function

    return ndtr(z)


def gelu_tanh(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``z * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))) / 2``, which is nearly `gelu`."""
    return np.multiply(z, gelu_tanh_gate(z), out=out)


def gelu_tanh_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return the derivative of `gelu_tanh`."""
    gate = gelu_tanh_gate(z)
    inner_slope = GELU_TANH_SCALE * (1 + 3 * GELU_TANH_CUBE * z * z)
    return np.add(gate, 2 * z * gate * (1 - gate) * inner_slope, out=out)


def gelu_tanh_gate(z: np.ndarray) -> np.ndarray:
    """Return the factor in (0, 1) by which `gelu_tanh` takes each ``z``."""
    z = np.clip(z, -1e3, 1e3)  # where it has long been 0 or 1, and the cube of what is larger may overflow
    return sigmoid(2 * GELU_TANH_SCALE * (z + GELU_TANH_CUBE * z * z * z))


def elu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``z`` where it is above 0, else ``exp(z) - 1`` (Clevert, Unterthiner & Hochreiter 2016)."""
    below = np.expm1(np.minimum(z, 0))
    return np.add(np.maximum(z, 0), below, out=out)


def elu_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return 1 where ``z`` is above 0, else ``exp(z)``."""
    return np.exp(np.minimum(z, 0), out=out)


def silu(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``z * sigmoid(z)`` (Elfwing, Uchibe & Doya 2018)."""
    return np.multiply(z, sigmoid(z), out=out)


def silu_slope(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``sigmoid(z) * (1 + z * (1 - sigmoid(z)))``."""
    share = sigmoid(z)
    return np.multiply(share, 1 + z * (1 - share), out=out)


def softplus(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``log(1 + exp(z))`` (Dugas et al. 2001); no ``z`` is too large for it."""
    return np.add(np.maximum(z, 0), np.log1p(np.exp(-np.abs(z))), out=out)


def softmax(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return probabilities: ``exp(z)`` divided by its sum over the row; any finite ``z`` will do."""
    out = np.subtract(z, z.max(axis=1, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=1, keepdims=True)
    return out


def cross_entropy(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return minus the targets times the logarithms of the outputs, summed over the row.

    An output counts as at least the smallest ordinary number, so that a wrong certainty costs 87 in float32 (which
    knows nothing below exp(-87)) and 708 in float64.
    """
    return -np.einsum("ij,ij->i", targets, np.log(np.maximum(outputs, np.finfo(outputs.dtype).tiny)))


def softmax_cross_entropy_delta(outputs: np.ndarray, targets: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return (probabilities - targets) / batch; the slopes of softmax and logarithm cancel (targets sum to 1)."""
    out = np.subtract(outputs, targets, out=out)
    out *= 1 / len(outputs)
    return out


def squared_error(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return half the squared differences between outputs and targets, summed over the row."""
    differences = outputs - targets
    return np.einsum("ij,ij->i", differences, differences) / 2


def sigmoid_squared_error_delta(outputs: np.ndarray, targets: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return (outputs - targets) * outputs * (1 - outputs) / batch: the error times the sigmoid's slope."""
    out = np.subtract(outputs, targets, out=out)
    out *= outputs
    out *= 1 - outputs
    out *= 1 / len(outputs)
    return out


def he(inputs: int, outputs: int, gain: float, rng: np.random.Generator) -> np.ndarray:
    """Return normal random weights ``(inputs, outputs)`` float32 of deviation gain / sqrt(inputs) (He et al. 2015)."""
    return scaled_normal(gain / np.sqrt(inputs), inputs, outputs, rng)


def xavier(inputs: int, outputs: int, gain: float, rng: np.random.Generator) -> np.ndarray:
    """Return normal random weights of deviation sqrt(2 / (inputs + outputs)) (Glorot & Bengio 2010); no gain."""
    return scaled_normal(np.sqrt(2 / (inputs + outputs)), inputs, outputs, rng)


def normal(inputs: int, outputs: int, gain: float, rng: np.random.Generator) -> np.ndarray:
    """Return normal random weights of deviation 0.01, whatever the layer."""
    return scaled_normal(0.01, inputs, outputs, rng)


def scaled_normal(deviation: float, inputs: int, outputs: int, rng: np.random.Generator) -> np.ndarray:
    """Return normal random numbers ``(inputs, outputs)`` float32 of this deviation."""
    return rng.standard_normal((inputs, outputs), dtype=np.float32) * np.float32(deviation)


def look_up_function(table: Mapping[str, Function], name: str, noun: str) -> Function:
    """Return ``table[name]``; raises InputError, with the names that there are, for another."""
    if name not in table:
        raise InputError(f"{noun} {name!r} is not known", f"known are: {', '.join(table)}")
    return table[name]


def check_index(number: int, count: int, noun: str) -> None:
    """Raise InputError unless ``number`` is one of ``count`` that are numbered from 0."""
    if not (isinstance(number, Integral) and 0 <= number < count):
        choice = f"choose one from 0 to {count - 1}" if count else "there is none at all"
        raise InputError(f"there is no {noun} {number}", choice, joint=": ")


ACTIVATIONS = {
    "relu": Activation(relu, relu_slope, gain=2**0.5, piecewise_linear=True),
    "leaky-relu": Activation(
        leaky_relu, leaky_relu_slope, gain=(2 / (1 + LEAKY_SLOPE**2)) ** 0.5, piecewise_linear=True
    ),
    "sigmoid": Activation(sigmoid, sigmoid_slope, gain=1.0, piecewise_linear=False),
    "tanh": Activation(np.tanh, tanh_slope, gain=1.0, piecewise_linear=False),
    "identity": Activation(identity, identity_slope, gain=1.0, piecewise_linear=True),
    "gelu": Activation(gelu, gelu_slope, gain=2**0.5, piecewise_linear=False),
    "gelu-tanh": Activation(gelu_tanh, gelu_tanh_slope, gain=2**0.5, piecewise_linear=False),
    "elu": Activation(elu, elu_slope, gain=2**0.5, piecewise_linear=False),
    "silu": Activation(silu, silu_slope, gain=2**0.5, piecewise_linear=False),
    "softplus": Activation(softplus, sigmoid, gain=2**0.5, piecewise_linear=False),
}
HEADS = {
    "softmax": Head("cross-entropy", softmax, cross_entropy, softmax_cross_entropy_delta, sums_to_one=True),
    "sigmoid": Head("squared-error", sigmoid, squared_error, sigmoid_squared_error_delta, sums_to_one=False),
}
LOSSES = {head.loss: name for name, head in HEADS.items()}  # each loss has its head
INITIALIZERS = {"he": he, "xavier": xavier, "normal": normal}
