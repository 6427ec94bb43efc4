"""The arrays of a person's parameters, whatever list, tuple or dict holds them, and gradients that are like them."""

from typing import Any

import numpy as np

from neuralscope.errors import InputError

Path = tuple[Any, ...]  # keys and places that lead to one array


def array_paths(parameters: Any, path: Path = ()) -> dict[Path, np.ndarray]:
    """Return the arrays of numbers in ``parameters`` in float64, each by the keys and places that lead to it.

    Lists, tuples and dicts may hold each other; what is no array, as a name or a count, is no parameter.
    """
    if isinstance(parameters, (list, tuple)) and parameters and not _is_array(parameters):
        parts = list(enumerate(parameters))
    elif isinstance(parameters, dict):
        parts = list(parameters.items())
    else:
        return {path: np.array(parameters, np.float64)} if _is_array(parameters) else {}
    return {found: array for key, part in parts for found, array in array_paths(part, (*path, key)).items()}


def with_arrays(parameters: Any, arrays: dict[Path, np.ndarray], path: Path = ()) -> Any:
    """Return what ``parameters`` is, built anew with copies of ``arrays``, which `array_paths` found in it."""
    if path in arrays:
        return arrays[path].copy()
    if isinstance(parameters, dict):
        return {key: with_arrays(part, arrays, (*path, key)) for key, part in parameters.items()}
    if isinstance(parameters, (list, tuple)):
        parts = [with_arrays(part, arrays, (*path, place)) for place, part in enumerate(parameters)]
        return type(parameters)(*parts) if hasattr(parameters, "_fields") else type(parameters)(parts)
    return parameters


def gradient_arrays(gradients: Any, arrays: dict[Path, np.ndarray],
                    name: str = "gradients") -> dict[Path, np.ndarray]:
    """Return the gradient of each of ``arrays`` in float64, as it came: `check_shapes` says whether it fits.

    In a dict the gradient of "W1" may stand as "dW1". ``name``: of the function that gave them. Raises
    InputError where one is missing, None or no numbers.
    """
    if gradients is None:
        raise InputError(f"{name} returned None", "return one array for each of the parameters, under the same keys")
    found = {path: _follow(gradients, path, name) for path in arrays}
    if isinstance(gradients, (list, tuple)):
        tops = len({path[0] for path in arrays})
        if len(gradients) != tops:
            raise InputError(f"{name} returned {len(gradients)} arrays for {tops} parameters",
                             "return one for each, in their order")
    return found


def array_name(path: Path) -> str:
    """Return how an array is called: its key and what follows it, as W1 or layer1['W'], or else as parameters[0]."""
    first, rest = (path[0], path[1:]) if path and isinstance(path[0], str) else ("parameters", path)
    return first + "".join(f"[{key!r}]" for key in rest)


def _is_array(value):
    """Tell whether a value is an array of numbers, or a list of numbers that stands for one."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and value.dtype.kind in "fiu"
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(each, (float, int, np.number)) or _is_rows(each) for each in value)
    return False


def _is_rows(value):
    """Tell whether a value is a plain list of numbers."""
    return isinstance(value, list) and bool(value) and all(isinstance(each, (float, int)) for each in value)


def _follow(gradients, path, name):
    """Return the gradient at ``path``."""
    value = gradients
    for key in path:
        if isinstance(value, dict) and key not in value and f"d{key}" in value:
            key = f"d{key}"
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            there = f"; it returned {', '.join(map(str, gradients))}" if isinstance(gradients, dict) else ""
            raise InputError(f"{name} returned none for {array_name(path)}{there}",
                             "return one array for each of the parameters, under the same keys") from None
    if value is None:
        raise InputError(f"{name} returned None for {array_name(path)}", "return an array of its shape")
    try:
        return np.array(value, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} returned {type(value).__name__} for {array_name(path)}, which is no array of "
                         "numbers", "return an array of its shape") from None
