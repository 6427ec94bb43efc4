"""What a caller names, opened: a network of whatever kind, and the rows that it is looked at with."""

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neuralscope.api.foreign import UNSAVED, open_foreign
from neuralscope.api.rows import network_rows
from neuralscope.api.training import Training
from neuralscope.data_loader import Dataset
from neuralscope.errors import InputError, sentence
from neuralscope.network import nonfinite, storage
from neuralscope.network.importers.choices import Choices
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs.network_data import load_network_data


def open_network(model: Any = None, X: Any = None, y: Any = None, *, class_names: Sequence[Any] | None = None,  # noqa: N803
                 image_shape: tuple[int, int] | None = None, feature_names: Sequence[str] | None = None,
                 **reading: Any) -> tuple[SavedNetwork, Dataset, str]:
    """Return a network, the Dataset whose test part is all rows of X, and in a line what was assumed, or "".

    ``model``: a Network, what ``train`` returned, a file's path, arrays, an object of scikit-learn, PyTorch or Keras;
    None: the network that the window opens by itself. Without X: the rows that a ``train`` learned from, or MNIST.
    ``reading``: what is known of a network from elsewhere, by the names of `Choices`. Raises InputError.
    """
    if strangers := [name for name in reading if name not in Choices.__dataclass_fields__]:
        raise InputError(f"there is no option {strangers[0]!r}",
                         f"of networks from elsewhere there are {', '.join(Choices.__dataclass_fields__)}")
    saved, data = own_network(model)
    described = {"class_names": class_names, "image_shape": image_shape, "feature_names": feature_names}
    if saved is None:
        saved, data, notice = open_foreign(model, X, y, described, reading)
    else:
        data = own_rows(saved, data, X, y, described, reading)
        notice = data.notice
    return saved, data, sentence(notice, condition_text(saved.network, data))


def own_rows(saved: SavedNetwork, data: Dataset | None, X: Any, y: Any, described: dict[str, Any],  # noqa: N803
             reading: dict[str, Any]) -> Dataset:
    """Return the rows to look at a network of NeuralScope's own with; ``data``: what it learned from, or None."""
    if reading:
        raise InputError(f"{next(iter(reading))} is of networks from elsewhere, and this one is NeuralScope's own",
                         "leave it out")
    if X is not None:
        return network_rows(saved.network.sizes, saved.metadata, X, y, described)
    return data or load_network_data(saved, "auto")[0]


def condition_text(network: Network, data: Dataset) -> str:
    """Return which weights are no numbers, or that the network's sums overflow on some rows; "" where all is well."""
    damaged = nonfinite.text(nonfinite.locate(network))
    return damaged or nonfinite.overflow_text(network, data.test.images, data.name)


def own_network(model: Any) -> tuple[SavedNetwork | None, Dataset | None]:
    """Return a network of NeuralScope's own, and what it learned from where that is at hand; None: it is another's."""
    if model is None:
        return storage.load(storage.find_weights()), None
    if isinstance(model, SavedNetwork):
        return model, None
    if isinstance(model, Training):
        return in_memory(model.network, model.history.dataset), model.history.dataset
    if isinstance(model, Network):
        return in_memory(model), None
    if isinstance(getattr(model, "network_", None), Network):  # the estimator
        saved = in_memory(model.network_)
        return dataclasses.replace(saved, metadata={"class_names": list(map(str, model.classes_.tolist()))}), None
    if isinstance(model, (str, os.PathLike)):
        from neuralscope.runs.open_network import is_foreign

        if not is_foreign(Path(model)):
            return storage.load(model), None
    return None, None


def in_memory(network: Network, data: Dataset | None = None) -> SavedNetwork:
    """Return a SavedNetwork of a network that is in no file."""
    metadata: dict[str, Any] = {}
    if data:
        metadata["class_names"] = list(data.class_names)
        if data.image_shape:
            metadata["image_shape"] = list(data.image_shape)
        elif data.feature_names:
            metadata["feature_names"] = list(data.feature_names)
    return SavedNetwork(UNSAVED, network, metadata, {}, {})
