"""A Network out of arrays or another library's model, with nothing to find out by: what is open must be said."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from neuralscope.errors import InputError
from neuralscope.network.importers.choices import Choices, folded
from neuralscope.network.importers.foreign import Ends, ForeignNetwork
from neuralscope.network.importers.objects import from_object
from neuralscope.network.importers.settle import LeftOpenError, settle
from neuralscope.network.inputs import InputScale
from neuralscope.network.model import Network

ARGUMENTS = {"activation": "activations=", "scale": "inputs=", "transposed": "transposed_images=",
             "other_layout": "layout=", "biases_first": "the biases as arrays of their own"}


def build_network(model: Any, activations: str | Sequence[str] | None = None, inputs: str | InputScale | None = None,
                  output: str | None = None, layout: str | None = None, transposed_images: bool = False,
                  dtype: DTypeLike = np.float32) -> Network:
    """Return the Network of arrays or a model, as `Network.from_arrays` has it; raises InputError."""
    foreign = from_object(model, Ends(layout=layout or ""))
    one = activations if isinstance(activations, str) else None
    if activations is not None and one is None:
        foreign = with_activations(foreign, tuple(activations))
    choices = Choices(one, output, inputs, transposed_images, layout)
    try:
        settled = settle(foreign, choices=choices)
    except LeftOpenError as error:
        raise InputError(error.problem, f"give {', '.join(ARGUMENTS[name] for name in error.names)}") from None
    return folded(settled.foreign, settled.reading, settled.network.layers[-1].activation, np.dtype(dtype))


def with_activations(foreign: ForeignNetwork, names: tuple[str, ...]) -> ForeignNetwork:
    """Return a network whose hidden layers have these activations, or all its layers; raises InputError."""
    hidden = len(foreign.layers) - 1
    if len(names) not in (hidden, hidden + 1):
        raise InputError(f"there are {len(names)} activations, but {hidden} hidden layers", "give one for each")
    for name in names[:hidden]:
        Choices(activation=name)  # which says where there is no such
    if len(names) > hidden:
        Choices(output=names[-1])
    rest = [layer.activation for layer in foreign.layers[len(names):]]
    return replace(foreign, layers=tuple(replace(layer, activation=name) for layer, name in zip(
        foreign.layers, [*names, *rest], strict=True)))
