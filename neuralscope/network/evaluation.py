"""How well a network reads digits: accuracy with its uncertainty, confusions, and the mistakes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np

from neuralscope.network.buffers import StepBuffers
from neuralscope.network.functions import check_index, one_hot
from neuralscope.network.model import Network
from neuralscope.network.pixel_order import SortedImages
from neuralscope.short_repr import short_repr

CHUNK_IMAGES = 1000  # images at a time, so that memory stays small whatever the number of images
NORMAL_95_DEVIATIONS = 1.959963984540054  # 95 % of a normal distribution lie within this many deviations


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network answered for images; of those without labels that is all there is to know.

    ``predictions`` (count,): the classes answered; ``outputs`` (count, classes): the head's, probabilities for softmax.
    """

    predictions: np.ndarray
    outputs: np.ndarray
    __repr__ = short_repr

    @property
    def count(self) -> int:
        """The number of images."""
        return len(self.predictions)

    @cached_property
    def answered(self) -> np.ndarray:
        """Which images got an answer, (count,): none is where an output is no finite number."""
        return np.isfinite(self.outputs).all(axis=1)

    @property
    def unanswered_count(self) -> int:
        """The number of images that got no answer."""
        return self.count - int(np.count_nonzero(self.answered))

    @property
    def class_counts(self) -> np.ndarray:
        """How many images were read as each class, (classes,)."""
        return np.bincount(self.predictions[self.answered], minlength=self.outputs.shape[1])


@dataclass(frozen=True, eq=False)
class Evaluation(Answers):
    """What a network answered for labelled images.

    ``labels`` (count,): the right classes; ``losses`` (count,) float64; ``confusion`` (classes, classes) int64: how
    many of class *row* were read as *column*; an image that got no answer is in none, and counts as read wrongly.
    """

    labels: np.ndarray
    losses: np.ndarray
    confusion: np.ndarray
    __repr__ = short_repr

    @property
    def label_counts(self) -> np.ndarray:
        """How many images there are of each class, (classes,)."""
        return np.bincount(self.labels, minlength=len(self.confusion))

    @property
    def errors(self) -> int:
        """The number of images read wrongly."""
        return self.count - int(np.trace(self.confusion))

    @cached_property
    def wrong(self) -> np.ndarray:
        """Which images are read wrongly, (count,)."""
        return (self.predictions != self.labels) | ~self.answered

    @property
    def accuracy(self) -> float:
        """The share read rightly, 0 to 1."""
        return (self.count - self.errors) / self.count

    @property
    def loss(self) -> float:
        """The mean loss."""
        return float(self.losses.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy: (low, high)."""
        return wilson_interval(self.count - self.errors, self.count)

    @property
    def class_accuracies(self) -> np.ndarray:
        """The share of each class read rightly, (classes,); NaN for a class of which there is none."""
        with np.errstate(invalid="ignore"):
            return np.diag(self.confusion) / self.label_counts

    @cached_property
    def mistakes(self) -> np.ndarray:
        """The indices of the images read wrongly, the greatest loss first."""
        wrong = np.flatnonzero(self.wrong)
        return wrong[np.argsort(-self.losses[wrong], kind="stable")]

    def cell(self, truth: int, answer: int) -> np.ndarray:
        """Return the indices of the images of class ``truth`` read as ``answer``, the surest answers first.

        Where the two are the same, the least sure first. Raises InputError for a class out of range.
        """
        for number in (truth, answer):
            check_index(number, len(self.confusion), "class")
        indices = np.flatnonzero((self.labels == truth) & (self.predictions == answer) & self.answered)
        sureness = self.outputs[indices, answer]
        return indices[np.argsort(sureness if truth == answer else -sureness, kind="stable")]


def evaluate(network: Network, images: np.ndarray | SortedImages, labels: np.ndarray) -> Evaluation:
    """Return the Evaluation of ``network`` on ``images`` (count, inputs), at least one, and ``labels`` (count,).

    ``images``: float32 in [0, 1], uint8 of 0..255, or SortedImages of either, by whoever evaluates on them again.
    """
    classes, count = network.sizes[-1], len(labels)
    answers, losses = answer(network, images), np.empty(count)
    targets = one_hot(range(classes), classes, network.dtype)
    for start in range(0, count, CHUNK_IMAGES):
        rows = slice(start, start + CHUNK_IMAGES)
        with np.errstate(over="ignore", invalid="ignore"):
            losses[rows] = network.head.losses(answers.outputs[rows], targets.take(labels[rows], axis=0))
    cells = (labels * classes + answers.predictions)[answers.answered]
    confusion = np.bincount(cells, minlength=classes**2).reshape(classes, classes)
    return Evaluation(answers.predictions, answers.outputs, labels, losses, confusion)


def answer(network: Network, images: np.ndarray | SortedImages) -> Answers:
    """Return the Answers of ``network`` to ``images`` as `evaluate` takes them, at least one."""
    if not isinstance(images, SortedImages) and images.dtype == np.uint8:
        images = SortedImages(images)
    count = len(images)
    predictions, outputs = np.empty(count, np.int64), np.empty((count, network.sizes[-1]), network.dtype)
    buffers = StepBuffers.allocate(network, min(CHUNK_IMAGES, count), {})
    if isinstance(images, SortedImages):
        network = images.pixel_order.sort_network(network)
    for rows, part in image_chunks(images):
        with np.errstate(over="ignore", invalid="ignore"):  # what huge weights do shows as a loss that is no number
            trace = buffers.first_rows(len(part)).forward(network, part)
        predictions[rows], outputs[rows] = trace.predictions, trace.outputs
    return Answers(predictions, outputs)


def image_chunks(images: np.ndarray | SortedImages) -> Iterator[tuple[slice | np.ndarray, np.ndarray]]:
    """Yield some of ``images`` at a time: which ones, and these, of sorted ones up to their last lit pixel."""
    if isinstance(images, SortedImages):
        yield from images.chunks(CHUNK_IMAGES)
        return
    for start in range(0, len(images), CHUNK_IMAGES):
        rows = slice(start, start + CHUNK_IMAGES)
        yield rows, images[rows]


def mcnemar_p(first_right: np.ndarray, second_right: np.ndarray) -> float:
    """Return how probable it is that two readers as good as each other differ so much: McNemar's exact test, two-sided.

    ``first_right``, ``second_right`` (count,) bool: whether each read an image rightly (McNemar 1947).
    """
    first, second = (int(np.count_nonzero(one & ~other)) for one, other in ((first_right, second_right),
                                                                           (second_right, first_right)))
    tails = 2 * sum(comb(first + second, number) for number in range(min(first, second) + 1))
    return min(1.0, tails / 2**(first + second))


def best_renaming(predictions: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Return (classes,): the class for each answer with which most are right (Kuhn 1955), of all permutations.

    A prediction below 0 is none.
    """
    from scipy.optimize import linear_sum_assignment

    pairs = (predictions * classes + labels)[predictions >= 0]
    counts = np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    answers, meanings = linear_sum_assignment(counts + np.eye(classes) * 1e-6, maximize=True)  # a tie stays as it is
    return meanings[np.argsort(answers)]


def rename_answers(predictions: np.ndarray, meanings: np.ndarray) -> np.ndarray:
    """Return the class that each answer means, by ``meanings`` (classes,); -1, which is no answer, stays so."""
    return np.where(predictions < 0, predictions, meanings[predictions])


def wilson_interval(correct: int, count: int) -> tuple[float, float]:
    """Return (low, high): where the true rate lies with 95 % confidence when ``correct`` of ``count`` were right.

    Wilson 1927; unlike the textbook's normal interval it stays inside 0 to 1 and is honest near the ends.
    """
    z = NORMAL_95_DEVIATIONS
    rate = correct / count
    centre = (rate + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * (rate * (1 - rate) / count + z**2 / (4 * count**2)) ** 0.5
    return max(centre - half, 0.0), min(centre + half, 1.0)
