"""What a check-up is asked about, opened: a network of NeuralScope's, or another's, that gets images as it was fed."""

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from neuralscope.checkup.study import CheckData
from neuralscope.datasets.array_inputs import read_inputs
from neuralscope.datasets.array_values import as_array
from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork


class Opened(NamedTuple):
    """A network, and what it is called; ``class_names``: of its classes, or (), where nobody named them.

    ``reads_ink``: whether it learned by `neuralscope.train`, which brings pictures to ink of 0 to 1 by itself.
    """

    network: Network | ForeignNetwork
    name: str
    class_names: tuple[str, ...] = ()
    reads_ink: bool = False

    @property
    def inputs(self) -> int:
        """How many numbers an image has for it."""
        return self.network.layers[0].weights.shape[0]

    @property
    def outputs(self) -> int:
        """How many classes it tells apart."""
        return max(2, self.network.layers[-1].weights.shape[1])

    def images(self, images: Any, image_shape: tuple[int, int] | None) -> Any:
        """Return images as the network is fed: of another's bytes as numbers, of a network of ``train``'s ink."""
        if self.reads_ink:
            return read_inputs(images, image_shape, None, "images").pixels
        array = as_array(images, "images")
        is_raw = isinstance(self.network, ForeignNetwork) and array.dtype == np.uint8
        return array.astype(np.float32) if is_raw else array


def open_model(model: Any) -> Opened:
    """Return what somebody names, opened: a Network, a SavedNetwork, a file's path, what ``train`` returned, an
    estimator, arrays, or a model of another library. Raises InputError for anything else.
    """
    from neuralscope.network import importers
    from neuralscope.runs.open_network import is_foreign

    if isinstance(model, Network):
        return Opened(model, "network")
    if isinstance(model, SavedNetwork):
        return of_saved(model)
    if isinstance(model, str | os.PathLike):
        path = Path(model)
        if not is_foreign(path):
            return of_saved(storage.load(model))
        foreign = importers.read(path)
        return Opened(foreign, path.name, foreign.class_names)
    for attribute, names in (("network", "history"), ("network_", "classes_")):  # what train returned, an estimator
        network = getattr(model, attribute, None)
        if isinstance(network, Network):
            named = getattr(model, names, ())
            data = getattr(named, "dataset", None)
            return Opened(network, "network", data.class_names if data else tuple(map(str, named)), True)
    foreign = importers.from_object(model)
    return Opened(foreign, foreign.format, foreign.class_names)


def of_saved(saved: SavedNetwork) -> Opened:
    """Return a SavedNetwork as Opened."""
    return Opened(saved.network, saved.path.name, tuple(saved.metadata.get("class_names", ())))


def settled_network(opened: Opened, data: CheckData) -> Network:
    """Return the network; of another's the one that gets the images as they are, and what is open is found by them.

    Raises InputError for what is open and not found.
    """
    if isinstance(opened.network, Network):
        return opened.network
    from neuralscope.network.importers.choices import Choices
    from neuralscope.network.importers.settle import LeftOpenError, settle

    labels = data.test.labels if data.test.has_labels else None
    fed = np.asarray(data.fed.apply(data.test.images), np.float32)
    scale = None if opened.network.scale is not None else "0..1"
    try:
        return settle(opened.network, fed, labels, Choices(scale=scale, transposed_images=False)).network
    except LeftOpenError as error:
        raise InputError(error.problem, "give labels, or a Network.from_arrays that says it") from None
