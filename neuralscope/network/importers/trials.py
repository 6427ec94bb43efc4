"""Labelled images read with each choice that a file leaves open."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from neuralscope.network.evaluation import best_renaming, rename_answers
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.network.importers.choices import Reading, layer_arrays, picture_order
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.short_repr import short_repr

FIRST_IMAGES, FINALISTS, FIRST_MARGIN = 200, 24, 0.1  # so many read all; then the best of them, and those so close


@dataclass(frozen=True, eq=False)
class Trial:
    """A Reading tried: ``right`` (count,) bool, and ``predictions`` (count,), -1 where a sum is not a number."""

    reading: Reading
    right: np.ndarray
    predictions: np.ndarray
    sums: np.ndarray
    __repr__ = short_repr

    @property
    def accuracy(self) -> float:
        """The share read rightly, 0 to 1."""
        return float(self.right.mean())


def try_readings(foreign: ForeignNetwork, readings: list[Reading], images: np.ndarray,
                 labels: np.ndarray) -> Iterator[Trial]:
    """Yield a Trial of each Reading, in their order; images (n, inputs) float32 in [0, 1]."""
    products: dict[tuple, np.ndarray] = {}
    with np.errstate(all="ignore"):  # what is read wrongly may overflow, and so may what is no number
        for reading in readings:
            sums = first_sums(foreign, reading, images, products)
            for number, layer in enumerate(foreign.layers[1:]):
                name = foreign.layers[number].activation or reading.activation
                weights, biases = map(finite, layer_arrays(layer, reading))
                sums = ACTIVATIONS[name].value(sums) @ weights + biases
            predictions = np.where(np.isnan(sums).any(axis=1), -1, sums.argmax(axis=1))
            yield Trial(reading, predictions == labels, predictions, sums)


def first_sums(foreign: ForeignNetwork, reading: Reading, images: np.ndarray,
               products: dict[tuple, np.ndarray]) -> np.ndarray:
    """Return the first layer's sums (n, neurons) float32; ``products`` keeps what Readings have in common."""
    layer, scale = foreign.layers[0], reading.scale
    weights, biases = map(finite, layer_arrays(layer, reading))
    if reading.transposed:
        weights = weights[picture_order(len(weights))]
    own = scale.factor if np.ndim(scale.factor) else None  # each input by its own factor: no product in common
    key = (reading.transposed, reading.other_layout, reading.biases_first, id(own) if own is not None else None)
    if key not in products:
        products[key] = images @ (weights if own is None else finite(weights * own[:, np.newaxis]))
    shift = np.broadcast_to(scale.shift, weights.shape[:1]) @ weights if np.any(scale.shift) else 0
    factor = np.float32(1 if own is not None else scale.factor)
    return products[key] * factor + (shift + biases).astype(np.float32)


def finite(array: np.ndarray) -> np.ndarray:
    """Return an array as float32, with 0 for what is no number or infinite: the rest tells how a network is meant."""
    made = array.astype(np.float32)
    return made if np.isfinite(made).all() else np.where(np.isfinite(made), made, np.float32(0))


def finalists(foreign: ForeignNetwork, readings: list[Reading], images: np.ndarray,
              labels: np.ndarray) -> list[Reading]:
    """Return the Readings, in their order, that do not read a few of the images far worse than the best."""
    if len(readings) <= FINALISTS:
        return readings
    rows = stratified_rows(labels, FIRST_IMAGES)
    rights, _ = comparable(list(try_readings(foreign, readings, images[rows], labels[rows])), labels[rows])
    accuracies = [float(right.mean()) for right in rights]
    limit = min(sorted(accuracies)[-FINALISTS], max(accuracies) - FIRST_MARGIN)
    return [reading for reading, accuracy in zip(readings, accuracies, strict=True)
            if accuracy >= limit or reading is readings[0]]


def comparable(trials: list[Trial], labels: np.ndarray) -> tuple[list[np.ndarray], bool]:
    """Return which images (count,) each Trial read rightly, by its best permutation of the classes where none reads
    better than chance without, and whether that is so."""
    classes = trials[0].sums.shape[1]
    rights = [trial.right for trial in trials]
    if max(right.mean() for right in rights) > min(2 / classes, (1 + 1 / classes) / 2):
        return rights, False
    return [rename_answers(trial.predictions, best_renaming(trial.predictions, labels, classes)) == labels
            for trial in trials], True


def stratified_rows(labels: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of the first ``count`` of ``labels``, as many of each class as there are, in order."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    turn = np.arange(len(labels)) - np.searchsorted(ordered, ordered)  # how many of its class come before
    return np.sort(order[np.argsort(turn, kind="stable")[:count]])
