"""How a network was fed: the scale of its inputs, which folds into the first layer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neuralscope.short_repr import short_repr

CHUNK_IMAGES = 200  # of which moments are taken at a time, few enough for a processor's cache
PLAIN_SCALE = "0..1"  # ink as it is: nothing to fold


@dataclass(frozen=True, eq=False)
class InputScale:
    """What a network was fed with: ``ink * factor + shift``, ink (n, inputs) in [0, 1].

    ``name``: one of INPUT_SCALES. ``factor``, ``shift``: float64, () or (inputs,).
    """

    name: str
    factor: np.ndarray
    shift: np.ndarray
    __repr__ = short_repr

    def apply(self, images: np.ndarray) -> np.ndarray:
        """Return what the network was fed with for ``images`` (n, inputs) in [0, 1]: float64."""
        return np.asarray(images, np.float64) * self.factor + self.shift

    def fold(self, weights: np.ndarray, biases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first layer's weights (inputs, outputs) and biases that give the same sums for ink: float64."""
        weights = np.asarray(weights, np.float64)
        if not np.any(self.shift):  # 0 times an infinite weight is no number
            return weights * np.reshape(self.factor, (-1, 1)), biases
        shift = np.broadcast_to(self.shift, weights.shape[:1])
        known = np.where(np.isnan(weights), 0, weights)  # what is no number stays so in the weights alone
        return weights * np.reshape(self.factor, (-1, 1)), biases + shift @ known


def standardization(mean: np.ndarray, deviation: np.ndarray, name: str) -> InputScale:
    """Return the scale ``(ink - mean) / deviation``; a deviation of 0 counts as 1, as libraries have it."""
    factor = 1 / np.where(deviation == 0, 1, deviation)
    return InputScale(name, factor, -mean * factor)


def fixed(name: str, factor: float, shift: float = 0.0) -> Callable[[np.ndarray], InputScale]:
    """Return what gives this scale whatever the training images are."""
    return lambda images: InputScale(name, np.array(factor, float), np.array(shift, float))


def moments(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each input's mean and variance over images (n, inputs), of which never more than a few are copied."""
    count, first = len(images), images[:1].astype(np.float64)
    sums = np.zeros((2, images.shape[1]))
    for start in range(0, count, CHUNK_IMAGES):
        part = images[start:start + CHUNK_IMAGES] - first  # so that the squares of what hardly varies lose nothing
        ones = np.ones(len(part))
        sums[0] += ones @ part
        sums[1] += ones @ np.multiply(part, part, out=part)
    mean, square = sums / count
    scale = 255.0 if images.dtype == np.uint8 else 1.0
    return (first[0] + mean) / scale, np.maximum(square - mean**2, 0) / scale**2


def images_alike(images: np.ndarray) -> np.ndarray:
    """Return two images (2, inputs) float64 with the mean and deviation of many, for scales to be made of them."""
    means, variances = moments(images)
    return means + np.outer([-1, 1], np.sqrt(variances))


def by_mean_and_deviation(images: np.ndarray) -> InputScale:
    """Return the scale by one mean and one deviation of all pixels of the training images."""
    means, variances = moments(images)
    mean = means.mean()
    return standardization(mean, np.sqrt(np.mean(variances + (means - mean)**2)), "mean and deviation")


def by_feature(images: np.ndarray) -> InputScale:
    """Return the scale by each input's own mean and deviation over the training images."""
    means, variances = moments(images)
    return standardization(means, np.sqrt(variances), "each input by its mean and deviation")


INPUT_SCALES = {  # by name: from training images (n, inputs) in [0, 1], or uint8 of 0..255, to the InputScale
    PLAIN_SCALE: fixed(PLAIN_SCALE, 1),
    "0..255": fixed("0..255", 255),
    "-1..1": fixed("-1..1", 2, -1),
    "0.01..1": fixed("0.01..1", 0.99, 0.01),
    "mean and deviation": by_mean_and_deviation,
    "each input by its mean and deviation": by_feature,
}
