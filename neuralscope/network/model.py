"""The network as a value: layers, what they compute for a batch of images, and the derivatives of its loss."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.buffers import StepBuffers
from neuralscope.network.functions import ACTIVATIONS, HEADS, INITIALIZERS, look_up_function


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: ``weights (inputs, outputs)``, ``biases (outputs,)``, and the name of what follows the sums.

    ``activation`` is a name in ACTIVATIONS, or in HEADS for the last layer. The arrays are held as read-only views.
    """

    weights: np.ndarray
    biases: np.ndarray
    activation: str

    def __post_init__(self):
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
    sums: tuple
    activations: tuple
    outputs: np.ndarray
    predictions: np.ndarray


@dataclass(frozen=True, eq=False)
class Network:
    """Layers that follow each other; the last is the head. Computes in the dtype of its parameters.

    Raises InputError where the layers' shapes do not follow each other or a name is unknown.
    """

    layers: tuple

    def __post_init__(self):
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
    def random(cls, sizes, activation="relu", head="softmax", initializer="he", *, rng):
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

    @cached_property
    def parameters(self):
        """The weights and biases by name: ``W1, b1, W2, b2, ...``; read-only arrays."""
        arrays = {}
        for number, layer in enumerate(self.layers, 1):
            arrays |= {f"W{number}": layer.weights, f"b{number}": layer.biases}
        return arrays

    def with_parameters(self, parameters):
        """Return a network of the same functions with these arrays (named as in ``parameters``; not copied)."""
        return Network(tuple(Layer(parameters[f"W{number}"], parameters[f"b{number}"], layer.activation)
                             for number, layer in enumerate(self.layers, 1)))

    def astype(self, dtype):
        """Return a network with copies of the parameters in this dtype."""
        return self.with_parameters({name: array.astype(dtype) for name, array in self.parameters.items()})

    @property
    def sizes(self):
        """Inputs, neurons of each hidden layer, classes: ``(784, 256, 10)``."""
        return (self.layers[0].weights.shape[0], *(layer.weights.shape[1] for layer in self.layers))

    @property
    def dtype(self):
        """The dtype of the parameters, in which it computes."""
        return self.layers[0].weights.dtype

    @property
    def head(self):
        """The last layer's output function and loss."""
        return HEADS[self.layers[-1].activation]

    @property
    def architecture(self):
        """The network in a few words: ``784-256-10 relu``, with the head's name where it is not softmax."""
        names = dict.fromkeys(layer.activation for layer in self.layers[:-1])
        if self.layers[-1].activation != "softmax":
            names[f"{self.layers[-1].activation} head"] = None
        return " ".join(filter(None, ("-".join(map(str, self.sizes)), ", ".join(names))))

    def forward(self, images, buffers=None):
        """Return the Trace of ``images`` (batch, inputs)."""
        buffers = buffers or StepBuffers.empty(self)
        values = images = np.asarray(images, dtype=self.dtype)
        sums, activations = [], []
        masks = [*(buffers.masks or [None] * (len(self.layers) - 1)), None]
        for layer, z, a, mask in zip(self.layers, buffers.sums, buffers.activations, masks, strict=True):
            z = np.matmul(values, layer.weights, out=z)
            z += layer.biases
            function = self.head if layer is self.layers[-1] else ACTIVATIONS[layer.activation]
            values = function.value(z, out=a)
            if mask is not None:
                values *= mask
            sums.append(z)
            activations.append(values)
        return Trace(images, tuple(sums), tuple(activations), values, values.argmax(axis=1))

    def gradients(self, trace, targets, buffers=None, scale=1.0):
        """Return ``scale`` times the derivatives of the batch's mean loss by every parameter, named as these.

        ``trace`` is what ``forward`` returned, with the same workspace if any; ``targets`` (batch, classes) as
        ``one_hot`` makes them. Backpropagation: Rumelhart, Hinton & Williams 1986.
        """
        buffers = buffers or StepBuffers.empty(self)
        gradients = {}
        delta = self.head.delta(trace.outputs, np.asarray(targets, self.dtype), out=buffers.deltas[-1])
        delta *= scale  # here it is a few numbers a picture; the gradients are a thousand times as many
        for number in range(len(self.layers), 0, -1):
            inputs = trace.activations[number - 2] if number > 1 else trace.images
            weights, biases = f"W{number}", f"b{number}"
            gradients[weights] = np.matmul(inputs.T, delta, out=buffers.gradients[weights])
            gradients[biases] = np.add.reduce(delta, axis=0, out=buffers.gradients[biases])
            if number > 1:  # the first layer's inputs are the images, which nobody asks to change
                slope = ACTIVATIONS[self.layers[number - 2].activation].slope(
                    trace.sums[number - 2], out=buffers.slopes[number - 2])
                delta = np.matmul(delta, self.layers[number - 1].weights.T, out=buffers.deltas[number - 2])
                delta *= slope
                if buffers.masks:
                    delta *= buffers.masks[number - 2]
        return gradients


def check_layer(number, layer, last):
    """Raise InputError where this layer (counted from 1) cannot stand in a network."""
    shape = layer.weights.shape
    if len(shape) != 2 or 0 in shape:
        raise InputError(f"W{number} has shape {shape}", "weights have two dimensions, (inputs, outputs)")
    if layer.biases.shape != shape[1:]:
        raise InputError(f"b{number} has shape {layer.biases.shape}, but W{number} needs {shape[1:]}")
    look_up_function(HEADS if last else ACTIVATIONS, layer.activation, f"layer {number}'s activation")
