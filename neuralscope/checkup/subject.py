"""What is checked: a network, how it learned, and images, which go together."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.checkup.folded import NOTHING_FOLDED, Folded
from neuralscope.checkup.study import CheckData, Study
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.network.model import Network


def make_study(network: Network, data: CheckData, gradients: Mapping[str, ArrayLike] | None = None,
               folded: Folded = NOTHING_FOLDED) -> Study:
    """Return the Study of a network on some data; raises InputError where the two do not go together.

    ``folded``: what is folded into its first layer.
    """
    inputs, classes = data.test.pixels.shape[1], network.sizes[-1]
    if network.sizes[0] != inputs:
        raise InputError(f"the network takes {counted(network.sizes[0], 'input')}, but an image has {inputs}",
                         "check it with the images that it learned")
    if data.test.has_labels and int(data.test.labels.max()) >= classes:
        raise InputError(f"there is a label {int(data.test.labels.max())}, but the network has "
                         f"{counted(classes, 'output')}, numbered from 0", "give labels from 0 to "
                         f"{classes - 1}")
    checked = None if gradients is None else checked_gradients(network, gradients)
    fed = data.fed if folded.name == NOTHING_FOLDED.name else folded.fed
    return Study(network, data, fed, gradients=checked, folded=folded)


def checked_gradients(network: Network, gradients: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    """Return gradients as arrays by name; raises InputError where one cannot be its parameter's."""
    found = {}
    for name, given in gradients.items():
        if name not in network.parameters:
            raise InputError(f"gradients name {name!r}, which is no parameter",
                             f"name some of {', '.join(network.parameters)}")
        if given is None:
            raise InputError(f"the gradient of {name} is None", "leave it out, or give an array")
        array = np.asarray(given)
        shape = network.parameters[name].shape
        if array.shape != shape or array.dtype.kind not in "fiu":
            raise InputError(f"the gradient of {name} is {array.dtype} of shape {array.shape}, and {name} has {shape}",
                             "give it that shape")
        if not np.isfinite(array).all():
            raise InputError(f"the gradient of {name} holds values that are infinite or not a number")
        found[name] = array
    if not found:
        raise InputError("gradients are given, but there is none among them", "name them W1, b1, ...")
    return found
