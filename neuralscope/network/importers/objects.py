"""Networks of other libraries as objects, recognised by their classes' modules; the libraries are not imported."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.arrays import network_from_arrays
from neuralscope.network.importers.foreign import NO_ENDS, Ends, ForeignNetwork
from neuralscope.network.importers.formats import HERE, function_of

LIBRARIES = {  # by the first word of a class's module: what reads its objects
    "sklearn": f"{HERE}.scikit_learn:read_model",
    "torch": f"{HERE}.torch_model:read_model",
    "keras": f"{HERE}.keras_model:read_model",
    "tensorflow": f"{HERE}.keras_model:read_model",
    "tf_keras": f"{HERE}.keras_model:read_model",
}


def from_object(model: Any, ends: Ends = NO_ENDS) -> ForeignNetwork:
    """Return the ForeignNetwork of a model of another library, or of arrays: a dict, or a list; raises InputError."""
    arrays = named_arrays(model)
    if arrays is not None:
        return network_from_arrays(arrays, "arrays", ends)
    for kind in type(model).__mro__:  # a class of one's own may inherit from a library's
        library = kind.__module__.partition(".")[0]
        if library in LIBRARIES:
            return function_of(LIBRARIES[library])(model)
    raise InputError(f"{type(model).__name__} is no network that is known",
                     "give arrays, or a model of scikit-learn, PyTorch or Keras")


def named_arrays(value: Any, name: str = "") -> dict[str, np.ndarray] | None:
    """Return the arrays in dicts and lists, also within each other, by the names that lead to them; None for others."""
    if isinstance(value, Mapping):
        items = [(str(part), inner) for part, inner in value.items()]
    elif isinstance(value, list | tuple):
        items = [(str(part), inner) for part, inner in enumerate(value)]
    else:
        return None
    found: dict[str, np.ndarray] = {}
    for part, inner in items:
        path = f"{name}.{part}" if name else part
        nested = None if is_numbers(inner) else named_arrays(inner, path)
        found |= {path: to_array(inner, path)} if nested is None else nested
    return found


def is_numbers(value: Any) -> bool:
    """Whether a value is numbers in lists, as of biases."""
    return isinstance(value, list | tuple) and bool(value) and all(
        isinstance(part, int | float | np.number) or is_numbers(part) for part in value)


def to_array(value: Any, name: str) -> np.ndarray:
    """Return a value as an array of numbers or texts; raises InputError. A tensor is taken from its device."""
    for method in ("detach", "cpu"):
        value = getattr(value, method, lambda value=value: value)()
    try:
        array = np.asarray(value)
    except (ValueError, TypeError) as error:
        raise InputError(f"{name or 'what was given'} is no array of numbers ({error})") from None
    if array.dtype.kind == "O":
        raise InputError(f"{name or 'what was given'} holds objects, not numbers")
    return array
