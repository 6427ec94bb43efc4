"""A network from elsewhere opened for a check-up, also where it learned pictures another way round than they are."""

import dataclasses
import os
from collections.abc import Callable
from functools import partial

import numpy as np

from neuralscope.checkup.pictures import turned
from neuralscope.checkup.statistics import is_clear
from neuralscope.checkup.study import SAMPLE_IMAGES, spread
from neuralscope.data_loader import Dataset, Digits
from neuralscope.errors import sentence
from neuralscope.images.pixels import to_unit_range
from neuralscope.network.evaluation import answer
from neuralscope.network.importers.choices import NO_CHOICES, Choices
from neuralscope.network.importers.trials import finite
from neuralscope.network.model import Network
from neuralscope.runs.open_network import OpenedNetwork, open_network

OTHER_WAYS = ("inverted", "mirrored", "upside down")  # in which a network may have learned; importers find transposed


def open_file(path: str | os.PathLike, load_data: Callable[[], Dataset],
              choices: Choices = NO_CHOICES) -> OpenedNetwork:
    """Return the OpenedNetwork at ``path`` as `open_network` does; raises InputError.

    One that is left undecided, and reads next to nothing, is settled by pictures of the other ways round too: the
    check of these then says what is wrong.
    """
    opened = open_network(path, load_data, choices)
    if not opened.saved.metadata.get("origin", {}).get("undecided"):
        return opened
    data = load_data()
    if data.image_shape is None or not data.test.has_labels or reads(opened.saved.network, data.test):
        return opened
    for way in OTHER_WAYS:
        turn = partial(turned, way, data.image_shape)
        other = open_network(path, partial(turned_dataset, data, turn), choices)
        if reads(other.saved.network, data.test, turn):
            return OpenedNetwork(other.saved, sentence(other.notice, f"found with {way} pictures"))
    return opened


def turned_dataset(data: Dataset, turn: Callable[[np.ndarray], np.ndarray]) -> Dataset:
    """Return a Dataset with some of its training pictures turned, and of its test pictures one, which says the size."""
    def some(digits: Digits, most: int) -> Digits:
        rows = spread(len(digits), most)
        return Digits(turn(to_unit_range(digits.pixels[rows])), digits.labels[rows])

    return dataclasses.replace(data, test=some(data.test, 1), read_train=lambda: some(data.train, 5 * SAMPLE_IMAGES))


def reads(network: Network, digits: Digits, turn: Callable[[np.ndarray], np.ndarray] | None = None) -> bool:
    """Say whether a network reads some pictures, turned or as they are, clearly better than by one answer for all.

    What is no number counts as 0.
    """
    rows = spread(len(digits), SAMPLE_IMAGES)
    images, labels = to_unit_range(digits.pixels[rows]), digits.labels[rows]
    numbers = {name: finite(array) for name, array in network.parameters.items()}
    with np.errstate(all="ignore"):
        network = network.with_parameters(numbers)
        return is_clear(answer(network, turn(images) if turn else images).predictions == labels, labels)
