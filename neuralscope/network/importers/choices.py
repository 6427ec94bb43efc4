"""What a file leaves open of its network, how each may be chosen, and the network that comes of it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.network.importers.foreign import ForeignLayer, ForeignNetwork
from neuralscope.network.inputs import INPUT_SCALES, PLAIN_SCALE, InputScale, standardization
from neuralscope.network.model import Layer, Network
from neuralscope.short_repr import short_repr

LAYOUTS = ("in-out", "out-in")
BINARY_FUNCTIONS = (None, "sigmoid", "softmax")  # after the one sum of two classes: its sign decides
NO_SCALE = INPUT_SCALES[PLAIN_SCALE](np.empty(0))


@dataclass(frozen=True)
class Choices:
    """What a person says of a network from elsewhere, or None where that is to be found out.

    ``activation``: of the hidden layers, a name in ACTIVATIONS; ``output``: in HEADS; ``scale``: as `parse_scale` has
    it; ``transposed_images``: whether it read pictures column by column; ``layout``: in LAYOUTS, how the file's weights
    lie.
    """

    activation: str | None = None
    output: str | None = None
    scale: str | InputScale | None = None
    transposed_images: bool | None = None
    layout: str | None = None

    def __post_init__(self) -> None:
        for noun, name, known in (("the activation", self.activation, ACTIVATIONS), ("the output function", self.output,
                                  HEADS), ("the layout of the weights", self.layout, LAYOUTS)):
            if name is not None and name not in known:
                raise InputError(f"{noun} {name!r} is not known", f"known are: {', '.join(known)}")
        if self.scale is not None and not isinstance(self.scale, InputScale):
            parse_scale(self.scale)


NO_CHOICES = Choices()


@dataclass(frozen=True, eq=False)
class Reading:
    """One meaning of what a file leaves open.

    ``activation``: of the hidden layers that say none. ``transposed``: whether pictures are read column by column.
    ``other_layout``: whether square weights are the other way round; ``biases_first``: whether biases are the first
    row.
    """

    activation: str
    scale: InputScale
    transposed: bool = False
    other_layout: bool = False
    biases_first: bool = False
    __repr__ = short_repr


def parse_scale(text: str) -> InputScale | str:
    """Return the InputScale that a text says: "MEAN,DEVIATION"; or the text, a name in INPUT_SCALES; InputError."""
    if text in INPUT_SCALES:
        return text
    text = str(text)
    try:
        mean, deviation = (float(part) for part in text.split(","))
        if np.isfinite([mean, deviation]).all() and deviation > 0:
            return standardization(np.array(mean), np.array(deviation), f"({text})")
    except ValueError:
        pass
    raise InputError(f"the scale of inputs {text!r} is not known",
                     f"known are: {', '.join(INPUT_SCALES)}, or MEAN,DEVIATION, as 0.1307,0.3081")


def with_two_outputs(foreign: ForeignNetwork) -> ForeignNetwork:
    """Return a network of one output for two classes with two: softmax of (0, z) is the sigmoid of z."""
    last = foreign.layers[-1]
    if last.activation not in BINARY_FUNCTIONS:
        raise InputError(f"its one output goes through {last.activation}, and that of two classes takes a sigmoid")
    weights = np.hstack([np.zeros_like(last.weights), last.weights])
    widened = replace(last, weights=weights, biases=np.array([0, last.biases[0]]), activation="softmax",
                      may_be_transposed=False, biases_may_be_first=False)
    return replace(foreign, layers=(*foreign.layers[:-1], widened),
                   notices=(*foreign.notices, "its one output for two classes is shown as two"))


def layer_arrays(layer: ForeignLayer, reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (inputs, outputs) and biases of a layer as a Reading has them."""
    weights, biases = layer.weights, layer.biases
    if layer.may_be_transposed and reading.other_layout:
        weights = weights.T
    if layer.biases_may_be_first and reading.biases_first:
        weights, biases = np.vstack([weights[1:], biases]), weights[0]
    return weights, biases


def picture_order(inputs: int, image_shape: tuple[int, int] | None = None) -> np.ndarray | None:
    """Return the place in a transposed picture of each input, (inputs,); None where no picture is square."""
    side = round(inputs**0.5)
    if side * side != inputs or side < 2 or (image_shape is not None and tuple(image_shape) != (side, side)):
        return None
    return np.arange(inputs).reshape(side, side).T.reshape(-1)


def folded(foreign: ForeignNetwork, reading: Reading, output: str, dtype: Any = np.float32) -> Network:
    """Return the Network of a Reading that takes ink 0..1, row by row: scale and transposition folded in."""
    layers = []
    with np.errstate(over="ignore", invalid="ignore"):  # of weights that are huge, infinite or no numbers
        for number, layer in enumerate(foreign.layers):
            weights, biases = layer_arrays(layer, reading)
            if number == 0:
                if reading.transposed:
                    weights = weights[picture_order(len(weights))]
                weights, biases = reading.scale.fold(weights, biases)
            name = layer.activation or reading.activation if number < len(foreign.layers) - 1 else output
            layers.append(Layer(np.ascontiguousarray(weights, dtype), np.asarray(biases, dtype), name))
    return Network(tuple(layers))
