"""Arrays that a caller has, of whatever library, as NumPy's."""

from typing import Any

import numpy as np

from neuralscope.errors import InputError


def as_array(values: Any, name: str) -> np.ndarray:
    """Return what ``name`` stands for, a sequence, DataFrame, sparse matrix or tensor, as an array; raises InputError.

    A tensor may need a gradient or lie on another device; its library is not imported for it.
    """
    for method in ("detach", "cpu", "toarray"):  # of PyTorch's tensors, of SciPy's sparse matrices
        if callable(getattr(values, method, None)):
            values = getattr(values, method)()
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RuntimeError) as error:
        raise InputError(f"{name} is no array ({str(error).partition(chr(10))[0]})",
                         "give rows of equal length") from None
    if not array.ndim or not array.size:
        raise InputError(f"{name} has no rows", f"give {name} as an array")
    return array


def as_numbers(array: np.ndarray, name: str, column_names: tuple[str, ...] = ()) -> np.ndarray:
    """Return an array with numbers as its values: bool, whole or float; raises InputError for the first that is none.
    """
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind != "c":
        try:
            return array.astype(np.float64)
        except (ValueError, TypeError):
            for place in np.ndindex(array.shape):
                check_number(array[place], place, name, column_names)
    raise InputError(f"{name} holds {array.dtype} values, and a network reads real numbers", "convert them")


def check_number(value: Any, place: tuple[int, ...], name: str, column_names: tuple[str, ...]) -> None:
    """Raise InputError where a value at a place is no number."""
    try:
        float(value)
    except (ValueError, TypeError):
        raise InputError(f"{place_name(name, place, column_names)} is {value!r:.40}, no number",
                         "encode it as numbers, or leave it out") from None


def check_finite(array: np.ndarray, name: str, column_names: tuple[str, ...] = ()) -> None:
    """Raise InputError for the first value that is NaN or infinite, with how many there are."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        wrong = ~np.isfinite(array)
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        count = int(wrong.sum())
        raise InputError(f"{place_name(name, place, column_names)} is {array[place]}"
                         + (f", and {count - 1:,} more are NaN or infinite" if count > 1 else ""),
                         "fill in what is missing, or leave those rows out")


def place_name(name: str, place: tuple[int, ...], column_names: tuple[str, ...]) -> str:
    """Return what a value is called, as X[3, 5], with its column's name where there is one."""
    column = f" ({column_names[place[-1]]})" if column_names else ""
    return f"{name}[{', '.join(map(str, place))}]{column}"
