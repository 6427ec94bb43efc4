"""In which layout a person's arrays are: samples as rows or columns, weights (in, out) or (out, in), which biases."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from neuralscope.checkup.code.parameters import Path
from neuralscope.errors import InputError

MAX_CHAINS = 128  # orders in which arrays are tried as layers


@dataclass(frozen=True, eq=False)
class Samples:
    """A batch in the person's layout: ``x`` and ``y``, and along which axis (0 or -1) their samples lie."""

    x: np.ndarray
    y: np.ndarray
    x_axis: int
    y_axis: int

    def __len__(self) -> int:
        """Return how many samples there are."""
        return self.x.shape[self.x_axis]

    @property
    def rows(self) -> np.ndarray:
        """The inputs as (batch, inputs)."""
        return as_rows(self.x, self.x_axis)

    def take(self, places: np.ndarray) -> "Samples":
        """Return some of the samples."""
        return Samples(self.x.take(places, self.x_axis), self.y.take(places, self.y_axis), self.x_axis, self.y_axis)

    def scaled(self, factor: float) -> "Samples":
        """Return them with inputs times ``factor``."""
        return Samples(self.x * factor, self.y, self.x_axis, self.y_axis)


@dataclass(frozen=True)
class LayerArrays:
    """Where a layer's weights stand, whether they are (out, in), and where its bias is, or None."""

    weights: Path
    transposed: bool
    bias: Path | None


Chain = tuple[LayerArrays, ...]


def as_rows(array: np.ndarray, axis: int) -> np.ndarray:
    """Return an array whose samples lie along ``axis`` as (batch, values)."""
    count = array.shape[axis]
    return array.reshape(count, -1) if axis == 0 else array.reshape(-1, count).T


def read_samples(X: np.ndarray, y: np.ndarray) -> list[Samples]:  # noqa: N803
    """Return the Samples that X and y can be, rows first; raises InputError where their counts do not agree."""
    inputs, answers = _numbers("X", X), _numbers("y", y)
    if inputs.ndim < 2 or not answers.ndim or not inputs.size or not answers.size:
        raise InputError(f"X of shape {inputs.shape} and y of shape {answers.shape} are no samples",
                         "give X as (samples, inputs) or (inputs, samples), and a label for each")
    axes = [(0, 0), (-1, 0), (-1, -1), (0, -1)]
    found = [Samples(inputs, answers, *pair) for pair in axes if answers.ndim + pair[1] > -1 and
             inputs.shape[pair[0]] == answers.shape[pair[1]] and not (answers.ndim == 1 and pair[1])]
    if not found:
        raise InputError(f"X of shape {inputs.shape} and y of shape {answers.shape} are not of one length",
                         "give a label for each sample")
    if not np.isfinite(inputs).all():
        raise InputError("X has NaN or infinity in it", "give finite inputs")
    return found


def targets_of(samples: Samples, outputs: int) -> np.ndarray:
    """Return what the outputs should be (batch, outputs); raises InputError for labels beyond them."""
    answers = as_rows(samples.y, samples.y_axis).astype(np.float64)
    if answers.shape[1] == outputs:
        return answers
    if answers.shape[1] != 1:
        raise InputError(f"y has {answers.shape[1]} numbers a sample, and forward returns {outputs}",
                         "give labels, or as many targets as there are outputs")
    labels = answers[:, 0]
    wrong = labels[(labels != np.round(labels)) | (labels < 0) | (labels >= outputs)]
    if len(wrong):
        raise InputError(f"label {wrong[0]:g} is beyond the {outputs} outputs",
                         f"labels are whole numbers from 0 to {outputs - 1}")
    return np.eye(outputs)[labels.astype(int)]


def chains(arrays: dict[Path, np.ndarray], inputs: int, outputs: int) -> list[Chain]:
    """Return the ways to chain all ``arrays`` to layers from ``inputs`` to ``outputs``, the likeliest first."""
    found: dict[Chain, None] = {}
    for first in (False, True):
        for chain in _chains(arrays, tuple(arrays), inputs, outputs, first):
            found[chain] = None
            if len(found) >= MAX_CHAINS * (1 + first):
                break
    return list(found)


def _chains(arrays: dict[Path, np.ndarray], remaining: tuple[Path, ...], width: int, outputs: int,
            first: bool) -> Iterator[Chain]:
    """Yield the chains of the ``remaining`` arrays; ``first``: whether (out, in) is tried before (in, out)."""
    if not remaining and width == outputs:
        yield ()
    for path in remaining:
        for transposed in (first, not first):
            shape = arrays[path].shape[::-1] if transposed else arrays[path].shape
            if len(shape) != 2 or shape[0] != width:
                continue
            others = tuple(other for other in remaining if other != path)
            biases = [other for other in others if arrays[other].size == max(arrays[other].shape) == shape[1]]
            for bias in (*biases, None):
                rest = tuple(other for other in others if other != bias)
                for chain in _chains(arrays, rest, shape[1], outputs, first):
                    yield (LayerArrays(path, transposed, bias), *chain)


def _numbers(name, value):
    """Return an array of numbers in float64, or integers as they are; raises InputError for anything else."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        array = np.array(None)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} is no array of numbers", "give NumPy arrays")
    return array.astype(np.int64 if name == "y" and array.dtype.kind in "biu" else np.float64)
