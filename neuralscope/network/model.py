"""The network as a value: layers, what they compute for a batch of images, and the derivatives of its loss.

Forward and backward stand here as textbooks have them. The Trainer runs the same formulas on arrays made once: see
``buffers``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS, HEADS, INITIALIZERS, Head, look_up_function
from neuralscope.network.importers.formats import function_of
from neuralscope.short_repr import short_repr

BUILDER = "neuralscope.network.importers.build:build_network"  # a place, for it makes Networks itself


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: ``weights (inputs, outputs)``, ``biases (outputs,)``, and the name of what follows the sums.

    ``activation`` is a name in ACTIVATIONS, or in HEADS for the last layer. The arrays are held as read-only views.
    """

    weights: np.ndarray
    biases: np.ndarray
    activation: str
    __repr__ = short_repr

    def __post_init__(self) -> None:
        for name in ("weights", "biases"):
            view = np.asarray(getattr(self, name)).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)


@dataclass(frozen=True, eq=False)
class Trace:
    """All that a network computed for a batch of images.

    ``images`` (batch, inputs); ``sums`` and ``activations``: one array (batch, neurons) a layer, before and after the
    activation function; ``outputs`` (batch, classes): the last of ``activations``, probabilities for softmax;
    ``predictions`` (batch,) int64: the class with the largest output.
    """

    images: np.ndarray
    sums: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]
    outputs: np.ndarray
    predictions: np.ndarray
    __repr__ = short_repr


@dataclass(frozen=True, eq=False)
class Network:
    """Layers that follow each other; the last is the head. Computes in the dtype of its parameters.

    Raises InputError where the layers' shapes do not follow each other or a name is unknown.
    """

    layers: tuple[Layer, ...]
    __repr__ = short_repr

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        if not self.layers:
            raise InputError("a network with no layers computes nothing")
        for number, layer in enumerate(self.layers, 1):
            check_layer(number, layer, last=number == len(self.layers))
        for number, (layer, following) in enumerate(pairwise(self.layers), 1):
            if layer.weights.shape[1] != following.weights.shape[0]:
                raise InputError(f"W{number} has {layer.weights.shape[1]} outputs, "
                                 f"but W{number + 1} has {following.weights.shape[0]} inputs")

    @classmethod
    def random(cls, sizes: Sequence[int], activation: str = "relu", head: str = "softmax", initializer: str = "he", *,
               rng: np.random.Generator) -> "Network":
        """Return a network with random weights and zero biases, float32.

        ``sizes`` are the numbers of inputs, of neurons in each hidden layer, and of classes: at least two numbers.
        Raises InputError for a name that is in no table.
        """
        draw = look_up_function(INITIALIZERS, initializer, "the initialisation")
        names = [activation] * (len(sizes) - 2) + [head]
        gains = [look_up_function(ACTIVATIONS, activation, "the activation").gain] * (len(sizes) - 2) + [1.0]
        return cls(tuple(
            Layer(draw(inputs, outputs, gain, rng), np.zeros(outputs, np.float32), name)
            for (inputs, outputs), gain, name in zip(pairwise(sizes), gains, names, strict=True)))

    @classmethod
    def from_arrays(cls, arrays: Any, **options: Any) -> "Network":
        """Return the network of arrays of any names and order that chain: a list, a dict, or such within each other.

        ``activations``: a name in ACTIVATIONS, or one for each hidden layer; ``output``: in HEADS (default: softmax).
        ``inputs``: how it was fed, a name in INPUT_SCALES that takes no images, "MEAN,DEVIATION", or an InputScale: it
        is folded in, so that the network takes ink in [0, 1]. ``layout``: "in-out" or "out-in", how weights lie, where
        shapes leave that open; ``transposed_images``: whether it read pictures column by column; ``dtype``. Raises
        InputError for what leaves anything open.
        """
        return function_of(BUILDER)(arrays, **options)

    @classmethod
    def from_sklearn(cls, model: Any, **options: Any) -> "Network":
        """Return the network of an MLPClassifier, or of a Pipeline of scalers and one; options as of `from_arrays`."""
        return function_of(BUILDER)(model, **options)

    @classmethod
    def from_torch(cls, model: Any, **options: Any) -> "Network":
        """Return the network of a torch.nn.Sequential or a state dict; options as of `from_arrays`."""
        return function_of(BUILDER)(model, **options)

    @classmethod
    def from_keras(cls, model: Any, **options: Any) -> "Network":
        """Return the network of a Keras Sequential; options as of `from_arrays`."""
        return function_of(BUILDER)(model, **options)

    @cached_property
    def parameters(self) -> dict[str, np.ndarray]:
        """The weights and biases by name: ``W1, b1, W2, b2, ...``; read-only arrays."""
        arrays: dict[str, np.ndarray] = {}
        for number, layer in enumerate(self.layers, 1):
            arrays |= {f"W{number}": layer.weights, f"b{number}": layer.biases}
        return arrays

    def with_parameters(self, parameters: Mapping[str, np.ndarray]) -> "Network":
        """Return a network of the same functions with these arrays (named as in ``parameters``; not copied)."""
        return Network(tuple(Layer(parameters[f"W{number}"], parameters[f"b{number}"], layer.activation)
                             for number, layer in enumerate(self.layers, 1)))

    def astype(self, dtype: DTypeLike) -> "Network":
        """Return a network with copies of the parameters in this dtype."""
        return self.with_parameters({name: array.astype(dtype) for name, array in self.parameters.items()})

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, neurons of each hidden layer, classes: ``(784, 256, 10)``."""
        return (self.layers[0].weights.shape[0], *(layer.weights.shape[1] for layer in self.layers))

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the parameters, in which it computes."""
        return self.layers[0].weights.dtype

    @property
    def head(self) -> Head:
        """The last layer's output function and loss."""
        return HEADS[self.layers[-1].activation]

    @property
    def architecture(self) -> str:
        """The network in a few words: ``784-256-10 relu``, with the head's name where it is not softmax."""
        names = dict.fromkeys(layer.activation for layer in self.layers[:-1])
        if self.layers[-1].activation != "softmax":
            names[f"{self.layers[-1].activation} head"] = None
        return " ".join(filter(None, ("-".join(map(str, self.sizes)), ", ".join(names))))

    @property
    def functions(self) -> tuple[Any, ...]:
        """What follows each layer's sums: an Activation, and after the last layer its Head."""
        return (*(ACTIVATIONS[layer.activation] for layer in self.layers[:-1]), self.head)

    def forward(self, images: ArrayLike) -> Trace:
        """Return the Trace of ``images`` (batch, inputs), or of one, (inputs,), a batch of one; raises InputError."""
        values = images = self.as_batch(images)
        sums, activations = [], []
        for layer, function in zip(self.layers, self.functions, strict=True):
            z = values @ layer.weights + layer.biases
            values = function.value(z)
            sums.append(z)
            activations.append(values)
        return Trace(images, tuple(sums), tuple(activations), values, values.argmax(axis=1))

    def as_batch(self, images: ArrayLike) -> np.ndarray:
        """Return ``images`` (batch, inputs), or one, (inputs,), as a batch in the network's dtype; raises InputError.
        """
        batch, inputs = np.asarray(images, dtype=self.dtype), self.layers[0].weights.shape[0]
        if batch.ndim == 1:
            batch = batch[None]
        if batch.ndim != 2 or batch.shape[1] != inputs:
            raise InputError(f"the images have shape {np.shape(images)}, but the network has {inputs:,} inputs",
                             f"give them as (batch, {inputs})")
        return batch

    def deltas(self, trace: Trace, targets: ArrayLike) -> tuple[np.ndarray, ...]:
        """Return the derivatives of the batch's mean loss by every sum, one array (batch, neurons) a layer.

        ``targets`` (batch, classes) as ``one_hot`` makes them. Backpropagation: Rumelhart, Hinton & Williams 1986.
        """
        delta = self.head.delta(trace.outputs, np.asarray(targets, self.dtype))
        deltas = [delta]
        for number in range(len(self.layers) - 1, 0, -1):  # the layer above, whose weights the delta comes back through
            delta = delta @ self.layers[number].weights.T * self.functions[number - 1].slope(trace.sums[number - 1])
            deltas.insert(0, delta)
        return tuple(deltas)

    def gradients(self, trace: Trace, targets: ArrayLike) -> dict[str, np.ndarray]:
        """Return the derivatives of the batch's mean loss by every parameter, named as these."""
        gradients = {}
        inputs = (trace.images, *trace.activations[:-1])  # of each layer
        for number, (values, delta) in enumerate(zip(inputs, self.deltas(trace, targets), strict=True), 1):
            gradients[f"W{number}"] = values.T @ delta
            gradients[f"b{number}"] = delta.sum(axis=0)
        return gradients


def check_layer(number: int, layer: Layer, last: bool) -> None:
    """Raise InputError where this layer (counted from 1) cannot stand in a network."""
    shape = layer.weights.shape
    if len(shape) != 2 or 0 in shape:
        raise InputError(f"W{number} has shape {shape}", "weights have two dimensions, (inputs, outputs)")
    if layer.biases.shape != shape[1:]:
        raise InputError(f"b{number} has shape {layer.biases.shape}, but W{number} needs {shape[1:]}")
    look_up_function(HEADS if last else ACTIVATIONS, layer.activation, f"layer {number}'s activation")
