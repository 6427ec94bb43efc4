"""What is checked: a network from wherever it comes, and images in whatever form somebody has them."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.checkup.study import CheckData, Study
from neuralscope.data_loader import NO_LABEL, Digits
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.network import storage
from neuralscope.network.inputs import INPUT_SCALES
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork


def open_file(path: str | os.PathLike) -> SavedNetwork:
    """Return what is in a network's file: the one place where check-ups open any. Raises InputError."""
    return storage.load(path)


def open_network(model: Any) -> tuple[Network, str]:
    """Return the network that somebody names, and what it is called.

    ``model``: a Network, a SavedNetwork or a file's path. Raises InputError for anything else.
    """
    if isinstance(model, Network):
        return model, "network"
    if isinstance(model, SavedNetwork):
        return model.network, model.path.name
    if isinstance(model, str | os.PathLike):
        return open_file(model).network, Path(model).name
    raise InputError(f"a {type(model).__name__} is no network", "give a Network, or the path of its file")


def make_study(network: Network, data: CheckData, gradients: Mapping[str, ArrayLike] | None = None) -> Study:
    """Return the Study of a network on some data; raises InputError where the two do not go together."""
    inputs, classes = data.test.pixels.shape[1], network.sizes[-1]
    if network.sizes[0] != inputs:
        raise InputError(f"the network takes {counted(network.sizes[0], 'input')}, but an image has {inputs}",
                         "check it with the images that it learned")
    if data.test.has_labels and int(data.test.labels.max()) >= classes:
        raise InputError(f"there is a label {int(data.test.labels.max())}, but the network has "
                         f"{counted(classes, 'output')}, numbered from 0", "give labels from 0 to "
                         f"{classes - 1}")
    checked = None if gradients is None else checked_gradients(network, gradients)
    return Study(network, data, data.fed, gradients=checked)


def checked_gradients(network: Network, gradients: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    """Return gradients as arrays by name; raises InputError where one cannot be its parameter's."""
    found = {}
    for name, given in gradients.items():
        if name not in network.parameters:
            raise InputError(f"gradients name {name!r}, which is no parameter",
                             f"name some of {', '.join(network.parameters)}")
        if given is None:
            raise InputError(f"the gradient of {name} is None", "leave it out, or give an array")
        array = np.asarray(given)
        shape = network.parameters[name].shape
        if array.shape != shape or array.dtype.kind not in "fiu":
            raise InputError(f"the gradient of {name} is {array.dtype} of shape {array.shape}, and {name} has {shape}",
                             "give it that shape")
        if not np.isfinite(array).all():
            raise InputError(f"the gradient of {name} holds values that are infinite or not a number")
        found[name] = array
    if not found:
        raise InputError("gradients are given, but there is none among them", "name them W1, b1, ...")
    return found


def data_of_arrays(images: ArrayLike, labels: ArrayLike | None, train: tuple[ArrayLike, ArrayLike] | None = None,
                   class_names: Sequence[str] | None = None, image_shape: tuple[int, int] | None = None,
                   classes: int = 0) -> CheckData:
    """Return the CheckData of arrays: images (n, inputs) or (n, height, width), labels (n,) of whole numbers from 0.

    Bytes are ink of 0 to 255, which a network gets as 0 to 1; of floats up to 255 that go beyond 1 too, but as they
    are. ``classes``: how many the network has. Raises InputError.
    """
    pixels, shape = image_rows(images, image_shape, "images")
    fed, knows_ink, pixels = read_ink(pixels)
    test = Digits(pixels, label_row(labels, len(pixels), "labels"))
    names = tuple(map(str, class_names)) if class_names is not None else tuple(map(str, range(classes)))
    if class_names is not None and len(names) != classes:
        raise InputError(f"there are {counted(len(names), 'name')} for {counted(classes, 'class', 'classes')}",
                         "give as many class_names as the network has outputs")
    read_train = None
    if train is not None:
        learned, _ = image_rows(train[0], image_shape, "training images")
        if learned.shape[1] != pixels.shape[1]:
            raise InputError(f"training images have {learned.shape[1]} inputs, and the others {pixels.shape[1]}")
        if learned.dtype != np.uint8 and fed.name == "0..255":
            learned = (learned / 255).astype(np.float32)
        digits = Digits(learned, label_row(train[1], len(learned), "training labels"))
        read_train = lambda: digits  # noqa: E731
    return CheckData("", test, names, read_train, shape, fed, knows_ink)


def image_rows(images: ArrayLike, image_shape: tuple[int, int] | None,
               noun: str) -> tuple[np.ndarray, tuple[int, int] | None]:
    """Return images as rows, and the shape of a picture where they are pictures; raises InputError."""
    array = np.asarray(images)
    if array.dtype.kind not in "fiub" or array.ndim not in (2, 3) or not array.size:
        raise InputError(f"{noun} are {array.dtype} of shape {array.shape}", "give numbers (n, inputs) or "
                         "(n, height, width)")
    shape = image_shape or (array.shape[1:] if array.ndim == 3 else square_shape(array.shape[1]))
    rows = array.reshape(len(array), -1)
    if shape and shape[0] * shape[1] != rows.shape[1]:
        raise InputError(f"a picture of {shape[0]} x {shape[1]} has {shape[0] * shape[1]} inputs, but {noun} have "
                         f"{rows.shape[1]}", "give another image_shape")
    if not np.isfinite(rows).all():
        raise InputError(f"{noun} hold values that are infinite or not a number")
    return (rows if rows.dtype == np.uint8 else rows.astype(np.float32)), shape and (int(shape[0]), int(shape[1]))


def square_shape(inputs: int) -> tuple[int, int] | None:
    """Return the shape of a square picture of so many pixels, from 8 x 8 on; None where it is none."""
    side = round(inputs**0.5)
    return (side, side) if side * side == inputs and side >= 8 else None


def read_ink(pixels: np.ndarray) -> tuple[Any, bool, np.ndarray]:
    """Return the scale in which pixels are fed, whether they are ink, and as ink of 0 to 1, or bytes of it."""
    fed = "0..1"
    low, high = float(pixels.min()), float(pixels.max())
    if pixels.dtype != np.uint8 and low >= 0 and 1 < high <= 255:
        pixels, fed, low, high = (pixels / 255).astype(np.float32), "0..255", low / 255, high / 255
    knows_ink = pixels.dtype == np.uint8 or (low >= 0 and high <= 1)
    return INPUT_SCALES[fed](pixels), knows_ink, pixels


def label_row(labels: ArrayLike | None, count: int, noun: str) -> np.ndarray:
    """Return labels as (count,) int64; of nobody's NO_LABEL. Raises InputError."""
    if labels is None:
        return np.full(count, NO_LABEL, np.int64)
    array = np.asarray(labels)
    if array.shape != (count,):
        raise InputError(f"{noun} have shape {array.shape}, and there are {counted(count, 'image')}",
                         "give one whole number an image")
    numbers = array.astype(np.int64) if array.dtype.kind in "fiub" and np.isfinite(array).all() else None
    if numbers is None or (numbers != array).any() or numbers.min() < 0:
        raise InputError(f"{noun} are not whole numbers from 0", "give each class's number")
    return numbers
