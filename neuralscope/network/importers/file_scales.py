"""The mean and deviation by which inputs were scaled, where a file has them beside its weights."""

from collections.abc import Mapping, Sequence

import numpy as np

from neuralscope.network.importers.array_names import words
from neuralscope.network.inputs import InputScale, standardization

MEAN_WORDS, DEVIATION_WORDS = {"mean", "means", "mu"}, {"std", "stds", "sigma", "deviation"}
INPUT_WORDS = {"x", "train", "input", "inputs", "image", "images", "pixel", "pixels", "data", "feature", "features",
               "global", "dataset", "mnist", "norm", "arr", "scaler"}


def find_scale(arrays: Mapping[str, np.ndarray], names: Sequence[str],
               inputs: int) -> tuple[InputScale | None, tuple[str, ...]]:
    """Return the scale that the arrays of these names are, one number or one an input, and which they are; or None.

    A mean above 1 is one of pixels of 0..255.
    """
    mean, deviation = (find(arrays, names, found, inputs) for found in (MEAN_WORDS, DEVIATION_WORDS))
    if mean is None:
        return None, ()
    used = tuple(filter(None, (mean, deviation)))
    values = [flat(arrays[name]) for name in used]
    if not all(np.isfinite(value).all() for value in values) or (values[1:] and values[1].min() < 0):
        return None, ()
    unit = 255 if values[0].max() > 1 else 1
    name = f"{'0..255 ' * (unit > 1)}by {' and '.join(used)}"
    return standardization(values[0] / unit, values[1] / unit if deviation else np.array(1 / unit), name), used


def find(arrays: Mapping[str, np.ndarray], names: Sequence[str], wanted: set[str], inputs: int) -> str | None:
    """Return the one name that says it is what is wanted of the inputs, and has its size; None where there is none."""
    found = [name for name in names if {*words(name)} & wanted and {*words(name)} <= wanted | INPUT_WORDS
             and arrays[name].size in (1, inputs)]
    return found[0] if len(found) == 1 else None


def flat(array: np.ndarray) -> np.ndarray:
    """Return an array's values (inputs,) float64, or () of a single one."""
    values = np.array(array, np.float64).reshape(-1)
    return values[0] if values.size == 1 else values
