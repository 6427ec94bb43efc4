"""Any network's file, ours or from elsewhere, opened as a SavedNetwork; what was assumed is said in a line."""

import os
from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from neuralscope.data_loader import Dataset
from neuralscope.datasets.array_pairs import PICTURE_WORDS, name_words
from neuralscope.datasets.class_names import network_class_names
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.network import nonfinite, storage
from neuralscope.network.importers.array_names import WEIGHT, role
from neuralscope.network.importers.choices import NO_CHOICES, Choices
from neuralscope.network.importers.foreign import Ends
from neuralscope.network.importers.formats import FileContent, find_format, look_into
from neuralscope.network.importers.reader import is_own, is_pickled_model, read
from neuralscope.network.importers.settle import LeftOpenError, Settled, settle
from neuralscope.network.importers.text import remedy, settled_parts, undecided_names
from neuralscope.network.inputs import PLAIN_SCALE
from neuralscope.network.storage import SavedNetwork

NETWORK_FORMATS = ("Keras", "HDF5", "safetensors", "ONNX")  # that hold nothing else


class OpenedNetwork(NamedTuple):
    """A SavedNetwork, and in a line what was found out and assumed of it, or ""."""

    saved: SavedNetwork
    notice: str


def open_network(path: str | os.PathLike, load_data: Callable[[], Dataset],
                 choices: Choices = NO_CHOICES) -> OpenedNetwork:
    """Return the OpenedNetwork at ``path``, whatever its format; raises InputError.

    ``load_data()`` returns the Dataset to look at it with, whose training part settles what a file from elsewhere
    leaves open; it is not called for ours.
    """
    path = Path(path)
    if not is_foreign(path):
        if any(choice is not None for choice in astuple(choices)):
            raise InputError(f"{path}: is a network of NeuralScope, whose file says how it was fed",
                             option_remedy="leave out the options for networks from elsewhere")
        saved, notice = storage.load(path), ""
    else:
        saved, notice = open_foreign(path, load_data(), choices)
    return OpenedNetwork(saved, sentence(notice, nonfinite.text(nonfinite.locate(saved.network))))


def open_foreign(path: Path, data: Dataset, choices: Choices) -> OpenedNetwork:
    """Return the OpenedNetwork of a file from elsewhere, settled by a Dataset; raises InputError."""
    ends = Ends(data.test.pixels.shape[1], len(data.class_names), choices.layout or "")
    foreign = read(path, ends)
    outputs = max(2, foreign.layers[-1].weights.shape[1])
    names = foreign.class_names if len(foreign.class_names) == outputs else network_class_names(
        {"class_names": data.class_names}, outputs)
    try:
        images, labels = training_part(data.with_classes(names))
        settled = settle(foreign, images, labels, choices)
    except LeftOpenError as error:
        raise InputError(f"{path}: {error.problem}", option_remedy=remedy(error.names)) from None
    except InputError as error:
        raise error.prefixed(f"{path}: ") from None
    if outputs != len(data.class_names):
        classes = counted(len(data.class_names), "class", "classes")
        note = f"it has {counted(outputs, 'output')}, and {data.name} {classes}"
        settled = replace(settled, foreign=replace(settled.foreign, notices=(note, *settled.foreign.notices)))
    metadata = foreign_metadata(settled, path, names, data)
    saved = SavedNetwork(path, settled.network, metadata, {}, {}, settled_parts(settled))
    return OpenedNetwork(saved, f"{path}: {sentence(*saved.assumed)}")


def training_part(data: Dataset) -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
    """Return the pixels and labels of a Dataset's training part; None for both where there is none."""
    try:
        train = data.train
    except InputError:  # it has none, or its labels are unknown
        return None, None
    return (train.pixels, train.labels) if train.has_labels and len(train) else (None, None)


def foreign_metadata(settled: Settled, path: Path, class_names: tuple[str, ...], data: Dataset) -> dict[str, Any]:
    """Return what is known of a network from elsewhere, as its file would say it."""
    foreign, scale = settled.foreign, settled.reading.scale
    inputs: dict[str, Any] = {"scale": scale.name, "transposed": settled.reading.transposed}
    if not np.any(scale.shift) and np.all(scale.factor == 1):
        inputs["scale"] = PLAIN_SCALE  # nothing is folded in, whatever the inputs are
    elif not np.ndim(scale.factor) and not np.ndim(scale.shift) and scale.factor and scale.name[0] not in "0123456789-":
        inputs |= {"mean": float(-scale.shift / scale.factor), "deviation": float(1 / scale.factor)}
    made = {"class_names": list(class_names), "inputs": inputs,
            "origin": {"file": path.name, "format": foreign.format, "raw_scores": foreign.raw_scores,
                       "undecided": undecided_names(settled)}}
    shape, features = foreign.image_shape or data.image_shape, foreign.feature_names or data.feature_names
    return made | ({"image_shape": list(shape)} if shape else {}) | (
        {"feature_names": list(features)} if features and not shape else {})


def is_foreign(path: Path) -> bool:
    """Whether a file is readable and not one of NeuralScope's own, which may say itself what is wrong with it."""
    try:
        content = look_into(path)
    except (InputError, OSError):
        return False
    return not (is_own(content) or (content.head[:2] == b"PK" and any_own(content)))


def any_own(content: FileContent) -> bool:
    """Whether an archive has a member that only NeuralScope's files have."""
    return any(name in ("format_version.npy", "activations.npy") or name.startswith(("history_", "state_"))
               for name in content.members)


def is_network_file(path: str | os.PathLike) -> bool:
    """Whether a file, which may be a picture's or a table's too, is a network's by content and arrays' names."""
    try:
        content = look_into(path)
    except (InputError, OSError):
        return False
    if is_pickled_model(Path(path), content) or is_own(content) or any_own(content):
        return True
    row = find_format(content)
    if row is None or row.name in NETWORK_FORMATS:
        return row is not None
    if row.name == "npz":
        names = [name.removesuffix(".npy") for name in content.members]
        return any(role(name) == WEIGHT for name in names) or not any(
            {*name_words(name)} & {*PICTURE_WORDS} for name in names)
    return row.name == "JSON" and any(role(word) == WEIGHT for word in content.text.split('"')[1::2])
