"""A chain of operations, as other libraries have it, folded exactly into the layers of a network.

What scales and shifts goes into the weights and biases of the layer beside it, in float64; what has no place in a
chain of fully connected layers is refused by the name that its file gives it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.network.importers.foreign import Affine, Dense, ForeignLayer, ForeignNetwork, Operation

REFUSED_REMEDY = "only chains of fully connected layers are read"


class Folding:
    """The layers so far, and what waits for the next one."""

    def __init__(self) -> None:
        self.layers: list[ForeignLayer] = []
        self.waiting: list[Affine] = []  # after an activation, or before the first layer
        self.folded: list[str] = []

    def add(self, operation: Operation) -> None:
        """Fold in what follows; raises InputError."""
        if isinstance(operation, Dense):
            self.add_dense(operation)
        elif isinstance(operation, Affine):
            self.add_affine(operation)
        elif operation.name != "identity":
            self.add_activation(operation.name)

    def add_dense(self, dense: Dense) -> None:
        """Begin a layer, with what waits for it before it."""
        weights = np.asarray(dense.weights, np.float64)
        biases = np.asarray(dense.biases, np.float64)
        number = len(self.layers) + 1
        if weights.ndim != 2 or 0 in weights.shape or biases.shape != weights.shape[1:]:
            raise InputError(f"layer {number} has weights of shape {weights.shape} and biases of shape {biases.shape}")
        if self.layers and self.layers[-1].weights.shape[1] != len(weights):
            raise InputError(f"layer {number - 1} has {self.layers[-1].weights.shape[1]} outputs, "
                             f"but layer {number} has {len(weights)} inputs")
        for affine in reversed(self.waiting):
            check_features(affine, len(weights))
            biases = biases + np.broadcast_to(affine.shift, weights.shape[:1]) @ weights
            weights = weights * np.reshape(affine.factor, (-1, 1))
        self.waiting = []
        if self.layers and self.layers[-1].activation is None:
            self.replace_last(activation="identity")
        self.layers.append(ForeignLayer(weights, biases))

    def add_affine(self, affine: Affine) -> None:
        """Fold it into the layer's sums, or let it wait for the next layer."""
        self.folded.append(affine.name)
        if not self.layers or self.layers[-1].activation is not None:
            self.waiting.append(affine)
            return
        last = self.layers[-1]
        check_features(affine, len(last.biases))
        self.replace_last(last.weights * affine.factor, last.biases * affine.factor + affine.shift)

    def add_activation(self, name: str) -> None:
        """Let it follow the last layer's sums."""
        if not self.layers:
            raise InputError(f"{name} stands before the first fully connected layer", REFUSED_REMEDY)
        number, before = len(self.layers), self.layers[-1].activation
        if before is not None:
            between = f" and {self.waiting[-1].name}" if self.waiting else ""
            raise InputError(f"{name} follows {before}{between} after layer {number}, with no layer between",
                             "one activation a layer is read")
        self.replace_last(activation=name)

    def replace_last(self, weights: np.ndarray | None = None, biases: np.ndarray | None = None,
                     activation: str | None = None) -> None:
        """Put other arrays or an activation into the last layer."""
        last = self.layers[-1]
        self.layers[-1] = ForeignLayer(last.weights if weights is None else weights,
                                       last.biases if biases is None else biases, activation)


def check_features(affine: Affine, features: int) -> None:
    """Raise InputError where an Affine is of another count of features."""
    sizes = {np.size(affine.factor), np.size(affine.shift)}
    if not sizes <= {1, features} or np.ndim(affine.factor) > 1 or np.ndim(affine.shift) > 1:
        raise InputError(f"{affine.name} is of {max(sizes)} features, but stands among {features}")


@np.errstate(all="ignore")  # what is not finite is shown where it is
def fold(operations: Sequence[Operation], format: str, notices: Sequence[str] = (), **fields: Any) -> ForeignNetwork:
    """Return the ForeignNetwork of a chain of operations, from the inputs on.

    ``fields``: what else ForeignNetwork has, as ``image_shape``. Raises InputError for what is no such network.
    """
    folding = Folding()
    for operation in operations:
        folding.add(operation)
    if not folding.layers:
        raise InputError("it has no fully connected layer", REFUSED_REMEDY)
    if folding.waiting:
        raise InputError(f"{folding.waiting[-1].name} follows the last layer's {folding.layers[-1].activation}",
                         "nothing may follow the output function")
    for number, layer in enumerate(folding.layers[:-1], 1):
        if layer.activation not in ACTIVATIONS:
            raise InputError(f"{layer.activation} follows layer {number}, which is not the last",
                             f"after such a layer are read: {', '.join(ACTIVATIONS)}")
    head, raw_scores, head_notices = settle_head(folding.layers[-1])
    folded = [f"{', '.join(dict.fromkeys(folding.folded))} folded in"] if folding.folded else []
    return ForeignNetwork((*folding.layers[:-1], head), format, raw_scores=raw_scores,
                          notices=(*notices, *folded, *head_notices), **fields)


def settle_head(layer: ForeignLayer) -> tuple[ForeignLayer, bool, list[str]]:
    """Return the last layer with a name in HEADS, whether it answers raw scores, and what is to be said of it.

    Raises InputError where its output function is none that is read.
    """
    raw_scores, name, notices = layer.activation is None, layer.activation or "softmax", []
    if name not in HEADS:
        raise InputError(f"{name} follows the last layer", f"as output function are read: {', '.join(HEADS)}, or none")
    weights, biases = layer.weights, layer.biases
    if len(biases) == 1:
        if layer.activation == "softmax":
            raise InputError("softmax of a single output is always 1")
        notices.append("its one output is the second of two classes")
        weights, biases, name = two_class_head(weights, biases)
    if raw_scores:
        notices.append("it answers raw scores; the softmax of them is NeuralScope's")
    return ForeignLayer(weights, biases, name), raw_scores, notices


def two_class_head(weights: np.ndarray, biases: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Return weights (inputs, 2), biases and the output function that answer what one sigmoid output says.

    The softmax of 0 and a sum is 1 minus the sum's sigmoid, and its sigmoid.
    """
    return np.pad(weights, ((0, 0), (1, 0))), np.pad(biases, (1, 0)), "softmax"
