"""Our own network in the form of the person's: its forward pass, and a backward pass whose formulas can be changed.

Arrays are batch first, ``(batch, features)``, float64, and weights ``(inputs, outputs)``, whatever the person's are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from neuralscope.network.functions import ACTIVATIONS, sigmoid, softmax

TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class OutputFunction:
    """``value(z)``: the outputs; ``pull(outputs, z, slope)``: d loss / d z from d loss / d outputs."""

    value: Callable
    pull: Callable


@dataclass(frozen=True)
class OutputLoss:
    """``value(outputs, targets)``: the sum over all rows; ``slope(outputs, targets)``: its derivative."""

    value: Callable
    slope: Callable


@dataclass(frozen=True, eq=False)
class CodeNetwork:
    """The form of a person's network, with its numbers.

    ``weights``, ``biases`` (None where a layer has none): of each layer. ``activations``: of each hidden layer.
    ``head``: a name in OUTPUT_FUNCTIONS. ``loss``: a name in OUTPUT_LOSSES, times ``factor`` (already divided by the
    batch where that is so). ``decay``: the factor on the sum of squares of each of the weights, then of the biases.
    ``masks``: dropout's factors of each hidden layer, or None. ``late_bias``: biases are added after the activation.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray | None, ...]
    activations: tuple[str, ...]
    head: str = "identity"
    loss: str = ""
    factor: float = 1.0
    decay: tuple[tuple[float, float], ...] = ()
    masks: tuple[np.ndarray | None, ...] = ()
    late_bias: bool = False


@dataclass(frozen=True, eq=False)
class CodeTrace:
    """``inputs`` of each layer (masked), ``sums`` of each, and the ``outputs``."""

    inputs: tuple[np.ndarray, ...]
    sums: tuple[np.ndarray, ...]
    outputs: np.ndarray


@dataclass(frozen=True, eq=False)
class Place:
    """Where in the backward pass a formula is asked: the layer from 0, and what has come down to it.

    ``incoming``: for "output delta" the derivative by the outputs; for "error" the delta of the layer above; for
    "slope" the error; for "weights" and "biases" the layer's own delta.
    """

    network: CodeNetwork
    trace: CodeTrace
    targets: np.ndarray
    layer: int
    incoming: np.ndarray

    @property
    def sums(self) -> np.ndarray:
        """The layer's sums."""
        return self.trace.sums[self.layer]

    @property
    def activated(self) -> np.ndarray:
        """What the hidden layer's activation made of the sums, before dropout."""
        return hidden_value(self.network.activations[self.layer], self.sums)

    @property
    def mask(self) -> np.ndarray | float:
        """Dropout's factors of this hidden layer."""
        mask = self.network.masks[self.layer] if self.network.masks else None
        return 1.0 if mask is None else mask


Rule = Callable[[Place], np.ndarray | float]


def hidden_value(name: str, z: np.ndarray) -> np.ndarray:
    """Return a hidden layer's activation of ``z``; softmax is one that people exchange with the outputs'."""
    return softmax(z) if name == "softmax" else ACTIVATIONS[name].value(z)


def forward(network: CodeNetwork, x: np.ndarray) -> CodeTrace:
    """Return the CodeTrace of ``x`` (batch, inputs)."""
    inputs, sums = [x], []
    masks = network.masks or (None,) * len(network.activations)
    values = [*(lambda z, name=name: hidden_value(name, z) for name in network.activations),
              OUTPUT_FUNCTIONS[network.head].value]
    for layer, (weights, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        hidden = layer < len(network.activations)
        late = network.late_bias and hidden and bias is not None
        sums.append(inputs[-1] @ weights + (0.0 if late or bias is None else bias))
        inputs.append(values[layer](sums[-1]) + (bias if late else 0.0))
        if hidden and masks[layer] is not None:
            inputs[-1] = inputs[-1] * masks[layer]
    return CodeTrace(tuple(inputs[:-1]), tuple(sums), inputs[-1])


def loss_of(network: CodeNetwork, outputs: np.ndarray, targets: np.ndarray) -> float:
    """Return the loss of outputs without weight decay."""
    return network.factor * float(OUTPUT_LOSSES[network.loss].value(outputs, targets))


def backward(network: CodeNetwork, trace: CodeTrace, targets: np.ndarray, changes: Mapping[str, Rule] | None = None,
             layers: set[int] | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the gradients of the weights and biases of each layer.

    ``changes``: formulas in place of the right ones in RULES, in ``layers`` alone (None: in all).
    """
    def apply(rule, layer, incoming):
        changed = changes is not None and rule in changes and (layers is None or layer in layers)
        place = Place(network, trace, targets, layer, incoming)
        return changes[rule](place) if changed and changes is not None else RULES[rule](place)

    last = len(network.weights) - 1
    targets = apply("targets", last, targets)
    delta = apply("output delta", last, network.factor * OUTPUT_LOSSES[network.loss].slope(trace.outputs, targets))
    gradients = []
    for layer in range(last, -1, -1):
        gradients.append((apply("weights", layer, delta) + apply("decay", layer, delta),
                          apply("biases", layer, delta) + apply("bias decay", layer, delta)))
        if layer:
            error = apply("error", layer - 1, delta)
            delta = error * apply("mask", layer - 1, error) * apply("slope", layer - 1, error)
    return gradients[::-1]


def slope_of_loss(place: Place) -> np.ndarray:
    """Return d loss / d z of the outputs."""
    return OUTPUT_FUNCTIONS[place.network.head].pull(place.trace.outputs, place.sums, place.incoming)


def decay_of(place: Place, which: int) -> np.ndarray | float:
    """Return the gradient of the weight decay on the layer's weights (0) or biases (1)."""
    array = (place.network.weights, place.network.biases)[which][place.layer]
    factor = place.network.decay[place.layer][which] if place.network.decay else 0.0
    return 2 * factor * array if factor and array is not None else 0.0


RULES: dict[str, Rule] = {
    "targets": lambda at: at.targets,
    "output delta": slope_of_loss,
    "weights": lambda at: at.trace.inputs[at.layer].T @ at.incoming,
    "biases": lambda at: at.incoming.sum(axis=0),
    "error": lambda at: at.incoming @ at.network.weights[at.layer + 1].T,
    "mask": lambda at: at.mask,
    "slope": lambda at: ACTIVATIONS[at.network.activations[at.layer]].slope(at.sums),
    "decay": lambda at: decay_of(at, 0),
    "bias decay": lambda at: decay_of(at, 1),
}


def elementwise(name: str) -> OutputFunction:
    """Return the OutputFunction of an activation."""
    activation = ACTIVATIONS[name]
    return OutputFunction(lambda z: activation.value(z), lambda p, z, slope: slope * activation.slope(z))


def softmax_pull(p: np.ndarray, z: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """Return d loss / d z of a softmax over each row."""
    return p * (slope - (p * slope).sum(axis=1, keepdims=True))


def log_softmax(z: np.ndarray) -> np.ndarray:
    """Return the logarithms of the softmax."""
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


OUTPUT_FUNCTIONS = {
    "softmax": OutputFunction(softmax, softmax_pull),
    "sigmoid": elementwise("sigmoid"),
    "identity": elementwise("identity"),
    "log-softmax": OutputFunction(log_softmax, lambda p, z, s: s - np.exp(p) * s.sum(axis=1, keepdims=True)),
    "tanh": elementwise("tanh"),
    "relu": elementwise("relu"),
    "softmax over the samples": OutputFunction(lambda z: softmax(z.T).T, lambda p, z, s: softmax_pull(p.T, z.T, s.T).T),
}
OUTPUT_LOSSES = {
    "cross-entropy": OutputLoss(lambda p, t: -np.sum(t * np.log(np.maximum(p, TINY))),
                                lambda p, t: -t / np.maximum(p, TINY)),
    "squared error": OutputLoss(lambda p, t: np.sum((p - t)**2), lambda p, t: 2 * (p - t)),
    "binary cross-entropy": OutputLoss(
        lambda p, t: -np.sum(t * np.log(np.maximum(p, TINY)) + (1 - t) * np.log(np.maximum(1 - p, TINY))),
        lambda p, t: (p - t) / np.maximum(p * (1 - p), TINY)),
    "cross-entropy of scores": OutputLoss(lambda z, t: -np.sum(t * log_softmax(z)), lambda z, t: softmax(z) - t),
    "binary cross-entropy of scores": OutputLoss(
        lambda z, t: np.sum(np.logaddexp(0, z) - t * z), lambda z, t: sigmoid(z) - t),
    "cross-entropy of log-probabilities": OutputLoss(lambda z, t: -np.sum(t * z), lambda z, t: -t),
}
