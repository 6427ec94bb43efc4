"""What a caller's y is: whole numbers, words, truth values or one-hot rows, as places among the names of classes."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from neuralscope.datasets.array_values import as_array
from neuralscope.errors import InputError
from neuralscope.formatting import counted


def read_labels(y: Any, count: int, class_names: Sequence[Any] | None = None,
                name: str = "y") -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the labels of ``count`` rows, (count,) int64 places, and the classes' names; raises InputError.

    ``class_names``: what whole numbers are places in, and what words must be among; None: the values that there are,
    in their order. One-hot rows are places.
    """
    values = label_values(as_array(y, name), name)
    if len(values) != count:
        raise InputError(f"X has {counted(count, 'row')} and {name} has {counted(len(values), 'label')}",
                         "give one label for each row")
    if class_names is None:
        kinds, places = np.unique(values, return_inverse=True)
        return places.astype(np.int64), tuple(str(kind) for kind in kinds.tolist())
    names = checked_names(class_names)
    if values.dtype.kind in "iu":
        return places_in(values, names, name), names
    return places_of(values, names, name), names


def called_by_name(y: Any, names: Sequence[str], name: str = "y") -> Any:
    """Return whole numbers as words where a network's classes are called by other numbers than their places."""
    places = tuple(map(str, range(len(names))))
    if y is None or tuple(names) == places or not all(each.lstrip("-").isdecimal() for each in names):
        return y
    array = as_array(y, name)
    values = label_values(array, name) if array.ndim == 1 or array.shape[1:] == (1,) else array
    return values.astype(str) if values.dtype.kind in "iu" else y


def label_values(array: np.ndarray, name: str) -> np.ndarray:
    """Return labels (n,) as whole numbers, truth values or words; one-hot rows by their places."""
    if array.ndim == 2 and array.shape[1] > 1:
        return one_hot_places(array, name)
    if array.ndim > 2:
        raise InputError(f"{name} has shape {array.shape}", "give one label for each row")
    values = array.reshape(-1)
    if values.dtype.kind == "O":
        values = without_objects(values, name)
    if values.dtype.kind == "f":
        if not (np.isfinite(values) & (values == np.rint(values))).all():
            row = int(np.flatnonzero(~(np.isfinite(values) & (values == np.rint(values))))[0])
            raise InputError(f"{name}[{row}] is {values[row]}, which is no class", "give whole numbers or words")
        return values.astype(np.int64)
    if values.dtype.kind not in "biuUS":
        raise InputError(f"{name} holds {values.dtype} values, which are no classes", "give whole numbers or words")
    return np.char.decode(values) if values.dtype.kind == "S" else values


def without_objects(values: np.ndarray, name: str) -> np.ndarray:
    """Return Python's objects (n,) as words, truth values or numbers; raises InputError where one is missing."""
    for row, value in enumerate(values):
        if value is None or value != value:  # NaN
            raise InputError(f"{name}[{row}] is {value}: a label is missing", "leave those rows out")
    kinds = {type(value) for value in values}
    if all(issubclass(kind, str) for kind in kinds):
        return values.astype(str)
    made = np.array(values.tolist())
    return made if made.dtype.kind in "biuf" else np.array([str(value) for value in values])


def one_hot_places(array: np.ndarray, name: str) -> np.ndarray:
    """Return the place of the one in each row (n,); raises InputError where a row is not one-hot."""
    fits = array.dtype.kind in "biuf" and ((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all()
    if not fits:
        raise InputError(f"{name} has shape {array.shape} and is not one-hot (a 1 and else 0 in each row)",
                         "give one label for each row")
    return array.argmax(axis=1)


def checked_names(class_names: Sequence[Any]) -> tuple[str, ...]:
    """Return the names of classes as words; raises InputError where two are the same."""
    if not isinstance(class_names, Iterable):
        raise InputError(f"class_names is {class_names!r}", "give a name for each class")
    names = tuple(map(str, class_names))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"class_names has {twice!r} twice", "give each class a name of its own")
    return names


def places_in(values: np.ndarray, names: tuple[str, ...], name: str) -> np.ndarray:
    """Return whole numbers as places among names; raises InputError for the first that is none."""
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high < len(names):
        return values.astype(np.int64)
    begins_at_1 = low == 1 and high == len(names)
    raise InputError(f"{name} goes from {low} to {high}, and there {counted_classes(len(names))}, numbered from 0",
                     f"give {name} - 1" if begins_at_1 else "give one name for each class, and labels from 0")


def places_of(values: np.ndarray, names: tuple[str, ...], name: str) -> np.ndarray:
    """Return words or truth values as places among names; raises InputError for the first that is none."""
    kinds, places = np.unique(values, return_inverse=True)
    words = [str(kind) for kind in kinds.tolist()]
    if values.dtype.kind == "b" and len(names) == 2 and not set(words) <= set(names):
        return values.astype(np.int64)
    if strangers := [word for word in words if word not in names]:
        raise InputError(f"{name} holds {strangers[0]!r}, which is none of the {len(names)} classes "
                         f"({', '.join(names[:3])}{', ...' if len(names) > 3 else ''})", "name all classes")
    return np.array([names.index(word) for word in words], np.int64)[places]


def counted_classes(count: int) -> str:
    """Return "are 10 classes"."""
    return f"{'is' if count == 1 else 'are'} {counted(count, 'class', 'classes')}"
