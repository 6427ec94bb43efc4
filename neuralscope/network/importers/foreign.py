"""What any importer returns: a chain of operations, or layers in which the file leaves things open."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from neuralscope.network.inputs import InputScale
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class Dense:
    """``values @ weights + biases``: ``weights`` (inputs, outputs), ``biases`` (outputs,), of whatever dtype."""

    weights: np.ndarray
    biases: np.ndarray
    __repr__ = short_repr


@dataclass(frozen=True)
class Activate:
    """An activation or output function: a name in ACTIVATIONS or HEADS."""

    name: str


@dataclass(frozen=True, eq=False)
class Affine:
    """``values * factor + shift``, float64 () or (features,): Rescaling, Normalization, BatchNormalization.

    ``name``: what the file calls it.
    """

    factor: np.ndarray
    shift: np.ndarray
    name: str
    __repr__ = short_repr


Operation = Dense | Activate | Affine  # Dropout and Flatten are left out by the importer, which says so in a notice


class Ends(NamedTuple):
    """What is known of a network before its file is read: how many inputs and outputs, or None, and its layout.

    ``layout``: "in-out" or "out-in", how the file's weights lie, or "".
    """

    inputs: int | None = None
    outputs: int | None = None
    layout: str = ""


NO_ENDS = Ends()


@dataclass(frozen=True, eq=False)
class ForeignLayer:
    """A layer as a file has it: ``weights`` (inputs, outputs) and ``biases`` (outputs,), floats that hold them exactly.

    ``may_be_transposed``: square, and the file does not say which way. ``biases_may_be_first``: they were the last of
    the rows (inputs + 1) of one array, and may as well be the first. ``activation``: a name in ACTIVATIONS or, of the
    last, HEADS; None where the file does not say.
    """

    weights: np.ndarray
    biases: np.ndarray
    activation: str | None = None
    may_be_transposed: bool = False
    biases_may_be_first: bool = False
    __repr__ = short_repr


@dataclass(frozen=True, eq=False)
class ForeignNetwork:
    """A network as a file or an object has it, before what it leaves open is settled.

    ``format``: as "safetensors" or "MLPClassifier". ``scale``: how it was fed, where that is known; None: to be found.
    ``raw_scores``: whether it answers scores, so that the softmax is ours. ``notices``: what was folded in or left out.
    ``layout``: how the file's weights lie, "in-out" or "out-in", or "" where that means nothing. ``file_scale``:
    that of a mean and deviation found beside the weights, by which it may have been fed, or None.
    """

    layers: tuple[ForeignLayer, ...]
    format: str
    scale: InputScale | None = None
    raw_scores: bool = False
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    feature_names: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    layout: str = ""
    file_scale: InputScale | None = None
    __repr__ = short_repr
