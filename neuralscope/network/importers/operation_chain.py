"""A chain of operations in the making, as the readers of other libraries' networks go from layer to layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.functions import LEAKY_SLOPE
from neuralscope.network.importers.foreign import Activate, Affine, Dense, ForeignNetwork, Operation
from neuralscope.network.importers.operations import REFUSED_REMEDY, fold


class OperationChain:
    """The operations so far, and what the next one stands among.

    ``flat``: whether the values are (batch, features) here, as fully connected layers take them, and not pictures.
    ``image_shape``: of the pictures that it takes, or None. ``left_out``: names of what changes nothing in use.
    """

    def __init__(self, input_shape: Sequence[int] = ()) -> None:
        """Begin with the inputs' shape without the batch, () where that is not known; raises InputError."""
        self.operations: list[Operation] = []
        self.left_out: list[str] = []
        self.flat, self.image_shape = True, None
        sides = [side for side in input_shape if side != 1]  # of (28, 28, 1) or (1, 28, 28) the one channel tells none
        if len(input_shape) > 1 and len(sides) != 1:
            self.flat = False
            if len(sides) > 2:
                raise InputError(f"it takes inputs of shape {tuple(input_shape)}",
                                 "pictures of one channel are read, or rows of features")
            self.image_shape = (sides[0], sides[1]) if len(sides) == 2 else None

    def dense(self, weights: np.ndarray, biases: np.ndarray | None, name: str) -> None:
        """Add a fully connected layer, whose weights are (inputs, outputs); raises InputError."""
        if not self.flat:
            raise InputError(f"{name} acts on each row of its pictures", "put a Flatten before it")
        if weights.dtype.kind not in "fiu" or weights.ndim != 2:
            raise InputError(f"the weights of {name} are {weights.dtype} of shape {weights.shape}")
        self.operations.append(Dense(weights, np.zeros(weights.shape[1]) if biases is None else biases))

    def activate(self, name: str) -> None:
        """Add an activation or output function."""
        self.operations.append(Activate("softmax" if name == "log-softmax" else name))

    def rectify(self, slope: float) -> None:
        """Add max(z, slope * z); raises InputError for a slope below 0 that no activation has."""
        if slope and not np.isclose(slope, LEAKY_SLOPE, rtol=1e-6):
            raise InputError(f"its slope below 0 is {slope:g}", f"0 and {LEAKY_SLOPE:g} are read")
        self.activate("leaky-relu" if slope else "relu")

    def elu(self, alpha: float) -> None:
        """Add elu; raises InputError for another alpha than 1."""
        if alpha != 1:
            raise InputError(f"its alpha is {alpha:g}", "1 is read")
        self.activate("elu")

    def affine(self, factor: Any, shift: Any, name: str) -> None:
        """Add what scales and shifts; one value may stand for all features."""
        values = [np.asarray(value, np.float64) for value in (factor, shift)]
        factor, shift = (value.reshape(()) if value.size == 1 else value for value in values)
        self.operations.append(Affine(factor, shift, name))

    def normalize(self, mean: Any, deviation: Any, name: str, gain: Any = 1.0, shift: Any = 0.0) -> None:
        """Add ``(values - mean) / deviation * gain + shift``."""
        factor = np.asarray(gain, np.float64) / np.asarray(deviation, np.float64)
        self.affine(factor, np.asarray(shift, np.float64) - np.asarray(mean, np.float64) * factor, name)

    def flatten(self, name: str) -> None:
        """Add what makes rows of pictures."""
        self.flat = True
        self.leave_out(name)

    def leave_out(self, name: str) -> None:
        """Add what changes nothing in use."""
        self.left_out.append(name)

    def fold(self, format: str) -> ForeignNetwork:
        """Return the ForeignNetwork; raises InputError."""
        left_out = [f"{', '.join(dict.fromkeys(self.left_out))} left out"] if self.left_out else []
        return fold(self.operations, format, left_out, image_shape=self.image_shape)


def refusal(number: int, name: str, details: str = "", remedy: str = REFUSED_REMEDY) -> InputError:
    """Return the InputError for the layer ``number``, from 1, which is a ``name`` and cannot be read."""
    return InputError(f"layer {number} is {name}{details}", remedy)
