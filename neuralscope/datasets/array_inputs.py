"""What a caller's X is: pictures, brought to ink of 0 to 1, or measurements, which stay as they are."""

import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isqrt, prod
from typing import Any

import numpy as np

from neuralscope.datasets.array_values import as_array, as_numbers, check_finite
from neuralscope.datasets.pixel_scale import MAX_LEVELS
from neuralscope.datasets.table import compacted
from neuralscope.errors import InputError, sentence
from neuralscope.images.pixels import MAX_BYTE
from neuralscope.short_repr import short_repr

MIN_IMAGE_SIDE = 8  # of rows that are taken for square pictures; fewer inputs are measurements


@dataclass(frozen=True, eq=False)
class ArrayInputs:
    """What a network reads of X: ``pixels`` (n, inputs), uint8 of 0..255 or float32, of pictures in [0, 1].

    ``image_shape``: (height, width), or None of measurements; ``feature_names``: their names, or (). ``low`` and
    ``high``: what 0 and 1 were in X, so X is ``low + ink * (high - low)``. ``notice``: what was assumed, or "".
    """

    pixels: np.ndarray
    image_shape: tuple[int, int] | None
    feature_names: tuple[str, ...]
    low: float
    high: float
    notice: str
    __repr__ = short_repr

    def read(self, X: Any) -> np.ndarray:  # noqa: N803  as libraries call it
        """Return more rows of the same kind as (n, inputs) float64, on the same scale; raises InputError."""
        rows, _ = as_rows(X, None, "X")
        inputs = self.pixels.shape[1]
        if rows.shape[1] != inputs:
            raise InputError(f"X has {rows.shape[1]} inputs a row, and the first had {inputs}", "give the same inputs")
        return (rows.astype(np.float64) - self.low) / (self.high - self.low)


def read_inputs(X: Any, image_shape: tuple[int, int] | None = None,  # noqa: N803
                feature_names: Sequence[str] | None = None, name: str = "X") -> ArrayInputs:
    """Return the ArrayInputs of X: (n, inputs), (n, height, width), one row, a DataFrame, a tensor; raises InputError.

    Pictures are what has two dimensions a row, or an ``image_shape``, or a square number of inputs from 8 x 8 without
    names of its own; all else is measurements.
    """
    columns = () if feature_names is not None else column_names(X)
    rows, shape = as_rows(X, image_shape, name, columns)
    if feature_names is not None and not isinstance(feature_names, Iterable):
        raise InputError(f"feature_names is {feature_names!r}", "give a name for each input")
    names = columns if feature_names is None else tuple(map(str, feature_names))
    inputs, said = rows.shape[1], ""
    if names and len(names) != inputs:
        raise InputError(f"feature_names has {len(names)} names, and {name} has {inputs} inputs", "give one for each")
    if shape is None and not names and feature_names is None and isqrt(inputs)**2 == inputs >= MIN_IMAGE_SIDE**2:
        shape = (isqrt(inputs),) * 2
        said = f"rows of {inputs} are read as pictures of {shape[0]} x {shape[1]} (feature_names= makes them a table)"
    if shape is None:
        return ArrayInputs(rows.astype(np.float32), None, names, 0.0, 1.0, "")
    pixels, low, high, scale_said = as_ink(rows, name)
    return ArrayInputs(pixels, shape, (), low, high, sentence(said, scale_said))


def as_rows(X: Any, image_shape: tuple[int, int] | None, name: str,  # noqa: N803
            columns: tuple[str, ...] = ()) -> tuple[np.ndarray, tuple[int, int] | None]:
    """Return X as finite numbers (n, inputs), and the shape of a picture where that is known; raises InputError."""
    array = as_numbers(as_array(X, name), name, columns)
    check_finite(array, name, columns)
    array = without_channel(array)
    if array.ndim > 3:
        raise InputError(f"{name} has shape {array.shape}", "give grey pictures, (n, height, width)")
    given = None if image_shape is None else check_shape(image_shape)
    if array.ndim == 2 and array.shape == given:  # one picture
        array = array[None]
    shape = (array.shape[1], array.shape[2]) if array.ndim == 3 else given
    rows = array.reshape(1, -1) if array.ndim == 1 else array.reshape(len(array), -1)
    if given and (prod(given) != rows.shape[1] or shape != given):
        raise InputError(f"image_shape is {given}, and {name} has shape {array.shape}",
                         "give (height, width), whose product is the number of inputs")
    return rows, shape


def without_channel(array: np.ndarray) -> np.ndarray:
    """Return pictures of one channel, which is first or last, without it; other arrays as they are."""
    if array.ndim == 4 and 1 in (array.shape[1], array.shape[3]):
        return array[:, 0] if array.shape[1] == 1 else array[..., 0]
    return array


def check_shape(image_shape: Any) -> tuple[int, int]:
    """Return a picture's (height, width); raises InputError for what is none."""
    try:
        height, width = (operator.index(side) for side in image_shape)
    except (TypeError, ValueError):
        height = width = 0
    if min(height, width) < 1:
        raise InputError(f"image_shape is {image_shape!r}", "give (height, width)")
    return height, width


def column_names(X: Any) -> tuple[str, ...]:  # noqa: N803
    """Return the names of a DataFrame's columns; () where there are none, or they differ by their numbers alone."""
    names = tuple(map(str, getattr(X, "columns", ())))
    return names if len({re.sub(r"\d+", "", name) for name in names}) > 1 else ()


def as_ink(rows: np.ndarray, name: str) -> tuple[np.ndarray, float, float, str]:
    """Return pixels (n, inputs) as uint8 or float32 in [0, 1], what black and white were, and what was assumed."""
    values = compacted(rows)
    black, white = black_and_white(values)
    said = f"{name} goes from {values.min():g} to {values.max():g}: {black:g} is taken for black, {white:g} for white"
    if values.dtype.kind in "iu" and (black, white) == (0, MAX_BYTE):
        return values.astype(np.uint8, copy=False), black, white, ""
    if black == white:
        raise InputError(f"all of {name} is {black:g}", "give pictures that differ")
    ink = ((values.astype(np.float64) - black) / (white - black)).astype(np.float32)
    return ink, black, white, "" if (black, white) == (0, 1) else said


def black_and_white(values: np.ndarray) -> tuple[float, float]:
    """Return what is black and what is white in compacted pixels: one of the ranges in use, or the ends of theirs."""
    low, high = float(values.min()), float(values.max())
    # a stray -1 is no black: of such pixels there are many, and 0 is a grey that hardly occurs
    if low == -1 and high <= 1 and (values == -1).sum() > (values == 0).sum():
        return -1.0, 1.0
    if low < 0 or high > MAX_BYTE:
        return low, high
    if values.dtype.kind in "iu" and 0 < high <= MAX_LEVELS:
        return 0.0, high
    return 0.0, 1.0 if values.dtype.kind == "f" and high <= 1 else float(MAX_BYTE)
