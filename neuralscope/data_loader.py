"""Where digits come from: published sets, a folder, a table, the cache, or those that scikit-learn embeds."""

import dataclasses
import functools
import gzip
import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from neuralscope.datasets import cache, download, folders, idx, registry, table_formats, table_set
from neuralscope.datasets.class_names import matching_places
from neuralscope.datasets.split import Split
from neuralscope.errors import InputError, sentence
from neuralscope.images import (
    augmentation,
    background,
    blob,
    components,
    deskew,
    frames,
    grayscale,
    outlines,
    placement,
    preprocessing,
    resize,
    stroke_width,
)
from neuralscope.images.pixels import to_unit_range
from neuralscope.short_repr import short_repr

DATASET_NAMES = ("auto", *registry.CLASS_NAMES, "digits")
DOWNLOADED_SOURCE = "downloaded by tensorflow-datasets"  # now or before: the same files, the same words
EMBEDDED_COUNT, EMBEDDED_TRAIN_COUNT = 1797, 1500
NO_LABEL = -1  # the label of every picture of a set that has none
# what makes the embedded digits
EMBEDDED_RECIPE_MODULES = (preprocessing, grayscale, background, frames, outlines, components, placement, resize,
                           stroke_width, blob, augmentation)


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures and what they show.

    ``pixels`` (n, inputs) as they are held: uint8 of 0..255, or float32 in [0, 1]; ``labels`` (n,) int64: a class's
    place in ``Dataset.class_names``, or NO_LABEL for all. ``notice``: what was left out of a training part, or "".
    """

    pixels: np.ndarray
    labels: np.ndarray
    notice: str = ""
    __repr__ = short_repr

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def has_labels(self) -> bool:
        """Whether it is known what the pictures show; of a set either all have a label or none."""
        return not len(self.labels) or self.labels[0] != NO_LABEL

    @functools.cached_property
    def images(self) -> np.ndarray:
        """The pictures (n, inputs) float32 in [0, 1]: of bytes a copy, four times as large, made at first use."""
        return to_unit_range(self.pixels)


@dataclass(frozen=True, eq=False)
class Dataset:
    """One data set: the test part, and the training part for whoever asks for it.

    ``source`` says in words where the test part came from, without paths of this machine; ``notice`` is one line to
    show a person, or ""; ``split``: how the test part of a table was found, None of what has its own. ``reload()``,
    which another process can be given, loads it once more. ``image_shape``: (height, width) of a picture; None where
    the inputs are no pictures but ``feature_names``' measurements.
    """

    name: str
    source: str
    class_names: tuple[str, ...]
    test: Digits
    read_train: Callable[[], Digits]
    notice: str = ""
    reload: Callable[[], "Dataset"] | None = None
    split: Split | None = None
    image_shape: tuple[int, int] | None = (28, 28)
    feature_names: tuple[str, ...] = ()
    __repr__ = short_repr

    @functools.cached_property
    def train(self) -> Digits:
        """The training part as Digits; read, and downloaded where needed, at first use. Raises InputError."""
        return self.read_train()

    def prepared(self, name: str | None) -> "Dataset":
        """Return this data set with its pictures prepared as a weights file may ask for; None: itself.

        ``name`` is one of ``images.PREPARATIONS``, and said in ``source``. Raises InputError for another.
        """
        if name is None:
            return self

        def prepare(digits):
            return dataclasses.replace(digits, pixels=deskew.prepare(to_unit_range(digits.pixels), name))

        return dataclasses.replace(self, test=prepare(self.test), read_train=lambda: prepare(self.train),
                                   source=f"{self.source}; prepared by {name}",
                                   reload=functools.partial(_reload_prepared, self.reload, name))

    def with_classes(self, class_names: tuple[str, ...]) -> "Dataset":
        """Return this data set with labels that are places in ``class_names``, as a network has them.

        Classes are matched by name, numbers by place where the others are words, which the notice says. Raises
        InputError where there is a label that is none of them.
        """
        if class_names == self.class_names:
            return self
        if not self.test.has_labels:
            return dataclasses.replace(self, class_names=class_names,
                                       reload=functools.partial(_reload_with_classes, self.reload, class_names))
        places, notice = matching_places(self.name, self.class_names, class_names)

        def renumber(digits):
            return dataclasses.replace(digits, labels=places[digits.labels]) if digits.has_labels else digits

        return dataclasses.replace(self, class_names=class_names, test=renumber(self.test),
                                   read_train=lambda: renumber(self.train), notice=sentence(self.notice, notice),
                                   reload=functools.partial(_reload_with_classes, self.reload, class_names))


def _reload_prepared(reload, name):
    return reload().prepared(name)


def _reload_with_classes(reload, class_names):
    return reload().with_classes(class_names)


def load(name: str | os.PathLike = "auto", data_dir: str | os.PathLike | None = None,
         label_column: str | None = None, split: Split | None = None) -> Dataset:
    """Return the Dataset ``name``: one of DATASET_NAMES, the path of a table, or a folder of digits. Never prints.

    ``data_dir`` (default: $NEURALSCOPE_DATA_DIR) is a folder with the files of a published set, in itself or in
    ``data_dir/name``; where it is given, nothing is downloaded or cached. "auto" is MNIST or, where that is neither in
    ``data_dir`` nor cached nor downloadable, the embedded digits. Of a table ``label_column`` is the name of the
    labels' column, or its number (1 is the first, -1 the last; default: as its names or values say), and ``split`` how
    its test part is found (default: a file beside it, or else a sixth of each class). Raises InputError.
    """
    data_dir = data_dir or os.path.expanduser(os.environ.get("NEURALSCOPE_DATA_DIR", ""))
    name = os.fspath(name)
    dataset = _load(name, data_dir, label_column, split)
    name = dataset.name if name == "auto" else name  # what can be had may be another one by then
    return dataclasses.replace(dataset, notice=sentence(dataset.notice, cache.missing_notice()),
                               reload=functools.partial(load, name, data_dir, label_column, split))


def _load(name, data_dir, label_column, split):
    for path in (name, os.fspath(data_dir or "")):
        if "\0" in path:
            raise InputError(f"{path!r} holds a NUL character, which no path may", "name another one")
    if table_formats.is_table_name(name) and not os.path.isdir(name):
        return _load_table(name, label_column, split)
    if label_column is not None:
        raise InputError(f"{name} has no columns to name", option_remedy="leave out --label-column")
    if name == "digits":
        return _load_embedded()
    if name in registry.CLASS_NAMES:
        return _load_published(name, data_dir)
    if name != "auto":
        if os.path.isdir(name):
            return _load_folder(name)
        raise InputError(f"there is no data set {name!r}",
                         f"name one of {', '.join(DATASET_NAMES)}, FILE.csv or another table "
                         f"({table_formats.table_kinds()}), or a folder of pictures in folders named 0 to 9")
    if data_dir:
        return _load_published("mnist", data_dir)
    try:
        return _load_published("mnist", None)
    except InputError as error:
        return _load_embedded(f"{error}. Until then: the {EMBEDDED_COUNT:,} digits embedded in scikit-learn")


def _load_published(name, data_dir):
    def read(part):
        if data_dir:
            pixels, labels, source, notice = idx.read_idx_folder(data_dir, name, part)
            return _digits(pixels, labels), source, notice
        table, source = _cached_or_downloaded(name, part)
        return _digits(table[:, 1:], table[:, 0]), source, ""

    test, source, notice = read("test")
    return Dataset(name, source, registry.CLASS_NAMES[name], test, lambda: read("train")[0], notice)


def _cached_or_downloaded(name, part):
    """Return a table (n, 785) uint8, label first, and where it came from."""
    known = registry.file_records(name)
    files = registry.FILE_NAMES[part]
    origin = " ".join(known[file].checksum for file in files if file in known)
    table = cache.read_table(f"{name}-{part}", origin, registry.IMAGE_COUNTS[part])
    if table is not None:
        return table, DOWNLOADED_SOURCE
    try:
        with tempfile.TemporaryDirectory(prefix="neuralscope-", ignore_cleanup_errors=True) as temporary_folder:
            download.fetch(name, files, temporary_folder)
            pixels, labels, *_ = idx.read_idx_folder(temporary_folder, name, part)
    except OSError as error:
        raise InputError(f"{name} cannot be downloaded: {error}", "free the folder for temporary files") from None
    table = np.column_stack([labels, pixels])
    cache.write_table(f"{name}-{part}", origin, table)
    return table, DOWNLOADED_SOURCE


def _load_table(path, label_column, split):
    name, kind = Path(path).name, table_formats.find_format(path)
    found = table_set.read_table_set(path, label_column, split)
    test = _table_digits(found.test)

    def read_train():
        if found.train is None:
            raise InputError(f"{name} has no labels to learn from" if not test.has_labels else
                             f"all rows of {name} are the test part, so there is nothing to learn",
                             "choose another table")
        return _table_digits(found.train)

    article = "an" if kind.name[0] in ".A" else "a"
    return Dataset(name, f"{article} {kind.name} file", found.class_names or registry.DIGIT_NAMES, test, read_train,
                   found.notice, split=found.split)


def _table_digits(table):
    labels = np.full(len(table), NO_LABEL) if table.labels is None else table.labels
    return _digits(table.pixels, labels)


def _load_folder(path):
    folder = folders.open_folder(path)
    return Dataset(folder.name, folder.source, folder.class_names, _digits(*folder.test),
                   lambda: _digits(*folder.read_train()), folder.notice)


def _load_embedded(notice=""):
    """Return scikit-learn's 1,797 digits: the first 1,500 to train, the last 297 (mostly other writers') to test."""
    packed = _embedded_file()
    # Another recipe makes other pictures; what it takes from augmentation.py is part of it.
    recipe = b"".join(Path(module.__file__).read_bytes() for module in EMBEDDED_RECIPE_MODULES)
    origin = hashlib.sha256(packed + recipe).hexdigest()
    table = cache.read_table("digits", origin, EMBEDDED_COUNT)
    if table is None:
        rows = np.loadtxt(gzip.decompress(packed).decode().splitlines(), np.float32, delimiter=",")
        pictures = [preprocessing.as_digit(row[:64].reshape(8, 8) / 16) for row in rows]
        table = np.column_stack([rows[:, 64], np.rint(np.multiply(pictures, 255))]).astype(np.uint8)
        cache.write_table("digits", origin, table)
    everything = _digits(table[:, 1:], table[:, 0])
    train, test = (Digits(everything.pixels[part], everything.labels[part])
                   for part in (slice(EMBEDDED_TRAIN_COUNT), slice(EMBEDDED_TRAIN_COUNT, None)))
    return Dataset("digits", "embedded in scikit-learn", registry.DIGIT_NAMES, test, lambda: train, notice)


def _embedded_file():
    """Return the bytes of scikit-learn's digits.csv.gz; importing scikit-learn for them would take seconds."""
    package = importlib.util.find_spec("sklearn")
    try:
        return (Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz").read_bytes()
    except (AttributeError, OSError):
        raise InputError("scikit-learn, which embeds the digits, is missing or has moved them",
                         "install scikit-learn 1.3 or later") from None


def _digits(pixels, labels, notice=""):
    """Return Digits of uint8 0..255, or of float32 in [0, 1], held as they are."""
    return Digits(np.ascontiguousarray(pixels), labels.astype(np.int64), notice)
