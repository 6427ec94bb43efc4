"""What is looked at in a check-up: a network, the images it is given, and what earlier lines mended of the two."""

import dataclasses
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from neuralscope.checkup.folded import NOTHING_FOLDED, Folded
from neuralscope.checkup.layer_statistics import LayerStatistics
from neuralscope.data_loader import Digits
from neuralscope.errors import InputError
from neuralscope.images.pixels import to_unit_range
from neuralscope.network.evaluation import rename_answers
from neuralscope.network.functions import one_hot
from neuralscope.network.inputs import INPUT_SCALES, PLAIN_SCALE, InputScale
from neuralscope.network.model import Network
from neuralscope.short_repr import short_repr

SAMPLE_IMAGES = 2_000  # with which each way round and each scale is tried
TRAIN_IMAGES = 10_000  # of the training images, spread evenly, are looked at
PART_IMAGES = 250  # at a time, so that a window waits for no more than a few milliseconds
Steps = Generator[None, None, Any]  # yields while it works, returns what it found


@dataclass(frozen=True, eq=False)
class CheckData:
    """The images of a check-up: those to judge by, and those that were learned.

    ``test``: Digits whose pixels are bytes or floats; ``read_train()``: the training images as Digits, or raises
    InputError; ``fed``: the scale in which the network gets them, where their ``test.images`` are ink of 0 to 1;
    ``knows_ink``: whether they are; else no other scale can be tried. ``image_shape``: (height, width), or None.
    """

    name: str
    test: Digits
    class_names: tuple[str, ...]
    read_train: Callable[[], Digits] | None = None
    image_shape: tuple[int, int] | None = None
    fed: InputScale = field(default_factory=lambda: INPUT_SCALES[PLAIN_SCALE](np.zeros((1, 1))))
    knows_ink: bool = True
    __repr__ = short_repr

    @property
    def noun(self) -> str:
        """What an image is called."""
        return "image" if self.image_shape else "row"

    @cached_property
    def train(self) -> Digits:
        """Some of the training images, spread evenly over all, as Digits of float32; raises InputError."""
        if self.read_train is None:
            raise InputError("no training images were given")
        digits = self.read_train()
        if not digits.has_labels or not len(digits):
            raise InputError("there are no labelled training images")
        rows = spread(len(digits), TRAIN_IMAGES)
        return Digits(to_unit_range(digits.pixels[rows]), digits.labels[rows])

    @cached_property
    def never_lit(self) -> np.ndarray:
        """Which inputs are 0 in all training images, (inputs,) bool; raises InputError."""
        if self.read_train is None:
            raise InputError("no training images were given")
        return self.read_train().pixels.max(axis=0) == 0

    @cached_property
    def baseline(self) -> dict[str, Any]:
        """What `baseline` keeps of a network without a hidden layer, so that it is trained once."""
        return {}


@dataclass(frozen=True, eq=False)
class Study:
    """A network and how it is given the images; what earlier lines mend is mended in what later lines get.

    ``turn``: what turns pictures (n, inputs) before they are read; ``scale``: in which they are then fed;
    ``meanings``: (classes,) the class that each answer stands for, None: as it is. ``gradients``: some of one's own by
    name, of the mean loss over the test images, to be compared with the right ones. ``mended``: the numbers of the
    lines whose mending this has. ``folded``: how the network learned, where that is folded into its first layer.
    """

    network: Network
    data: CheckData
    scale: InputScale
    turn: Callable[[np.ndarray], np.ndarray] | None = None
    meanings: np.ndarray | None = None
    gradients: Mapping[str, np.ndarray] | None = None
    mended: tuple[int, ...] = ()
    folded: Folded = NOTHING_FOLDED
    known: dict[str, Any] = field(default_factory=dict)
    __repr__ = short_repr

    def with_mended(self, **changes: Any) -> "Study":
        """Return a study in which something is otherwise, of which nothing is known yet."""
        return dataclasses.replace(self, known={}, **changes)

    @property
    def labels(self) -> np.ndarray:
        """The labels of the test images, (count,)."""
        return self.data.test.labels

    @property
    def sample(self) -> np.ndarray:
        """The places of the test images with which ways round and scales are tried."""
        return spread(len(self.data.test), SAMPLE_IMAGES)

    def inputs(self, images: np.ndarray) -> np.ndarray:
        """Return what the network is fed with for images (n, inputs) of ink."""
        images = self.turn(images) if self.turn else images
        if not np.ndim(self.scale.factor) and (self.scale.factor, self.scale.shift) == (1, 0):
            return images
        return self.scale.apply(images).astype(self.network.dtype)

    def predict(self, images: np.ndarray) -> Steps:
        """Return the classes that the network reads in images, (n,), as they are meant; -1: outputs are no numbers."""
        found, answered = [], []
        for start in range(0, len(images), PART_IMAGES):
            with np.errstate(over="ignore", invalid="ignore"):
                trace = self.network.forward(self.inputs(images[start:start + PART_IMAGES]))
            found.append(trace.predictions)
            answered.append(np.isfinite(trace.outputs).all(axis=1))
            yield
        predictions = np.concatenate(found)
        predictions = np.where(np.concatenate(answered), predictions, -1)
        return predictions if self.meanings is None else rename_answers(predictions, self.meanings)

    def losses(self, images: np.ndarray, labels: np.ndarray) -> Steps:
        """Return the loss of each of images (n, inputs) with labels (n,): (n,) float64."""
        targets = one_hot(range(self.network.sizes[-1]), self.network.sizes[-1], self.network.dtype)
        found = []
        for start in range(0, len(images), PART_IMAGES):
            rows = slice(start, start + PART_IMAGES)
            with np.errstate(over="ignore", invalid="ignore"):
                outputs = self.network.forward(self.inputs(images[rows])).outputs
                found.append(self.network.head.losses(outputs, targets[labels[rows]]))
            yield
        return np.concatenate(found).astype(np.float64)

    def right(self, digits: Digits | None = None) -> Steps:
        """Return which test images, or which of some Digits, are read rightly: (count,) bool."""
        if digits is None:
            looked = yield from self.look()
            return (looked.predictions == self.labels) & np.isfinite(looked.output_sums)
        return (yield from self.predict(digits.images)) == digits.labels

    def look(self) -> Steps:
        """Return the LayerStatistics of all test images; computed once."""
        if "look" not in self.known:
            found = LayerStatistics.empty(self.network, len(self.data.test))
            images = self.data.test.images
            for start in range(0, len(images), PART_IMAGES):
                with np.errstate(over="ignore", invalid="ignore"):
                    found.add(self.network.forward(self.inputs(images[start:start + PART_IMAGES])))
                yield
            if self.meanings is not None:
                found.predictions[:] = rename_answers(found.predictions, self.meanings)
            self.known["look"] = found
        return self.known["look"]


def spread(count: int, most: int) -> np.ndarray:
    """Return the places of at most so many of ``count``, evenly apart."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.intp)
