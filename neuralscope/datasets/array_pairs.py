"""NumPy's files with pictures and labels: an .npz as Keras' mnist.npz, or an .npy of pictures with one of labels.

What an array holds is in its name: x, images, data or pixels; y, labels or targets; train or test.
"""

import os
import re
import zipfile
import zlib

import numpy as np

from neuralscope.datasets.array_files import NPY_DAMAGE_ERRORS, damaged_npy
from neuralscope.datasets.table import Table, compacted
from neuralscope.errors import InputError
from neuralscope.formatting import counted, there_are
from neuralscope.images.augmentation import IMAGE_PIXELS

PICTURE_WORDS = "x", "images", "image", "data", "pixels", "features"
LABEL_WORDS = "y", "labels", "label", "targets", "target"
ZIP_DAMAGE_ERRORS = zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError
NPZ_HINT = "an .npz holds x_train, y_train, x_test and y_test, or x and y"


def name_words(name: str) -> list[str]:
    """Return the words in a name, in small letters: x and train of X_train."""
    return re.findall(r"[a-z]+", name.lower())


def names_part(name: str) -> str:
    """Return which part of a data set a name says, "train" or "test", or ""."""
    words = name_words(name)
    return "test" if {"test", "testing"} & {*words} else "train" if {"train", "training"} & {*words} else ""


def read_npz(path: str | os.PathLike) -> dict[str, Table]:
    """Return the Tables in an .npz file by their part: "train" and "test", or "" for the only one.

    A label is the first column, and is named so. Raises InputError, without the file's name, or OSError.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            names = {(names_part(name), kind): name for name in archive.files if "val" not in name_words(name)
                     for kind, words in (("x", PICTURE_WORDS), ("y", LABEL_WORDS)) if {*name_words(name)} & {*words}}
            arrays = {key: archive[name] for key, name in names.items()}
    except (*NPY_DAMAGE_ERRORS, *ZIP_DAMAGE_ERRORS):
        raise InputError("is damaged, or holds a pickle of objects, which can run any program when it is read",
                         "where you trust it, convert it in Python: f = numpy.load(FILE, allow_pickle=True); "
                         "numpy.savez('mnist.npz', x=numpy.array([*f['x']]), y=numpy.array([*f['y']]))") from None
    tables = {part: array_table(arrays[part, "x"], arrays.get((part, "y"))) for part in ("", "train", "test")
              if (part, "x") in arrays}
    if not tables:
        raise InputError("holds no arrays of pictures by their names", NPZ_HINT)
    return tables


def read_npy(path: str | os.PathLike) -> Table:
    """Return the Table in an .npy file of pictures, labels, or both; raises InputError or OSError."""
    try:
        with open(path, "rb") as file:
            values = np.load(file, allow_pickle=False)
    except NPY_DAMAGE_ERRORS:
        raise damaged_npy(path) from None
    return array_table(values)


def array_table(values: np.ndarray, labels: np.ndarray | None = None) -> Table:
    """Return the Table of an array with a row for each picture, and of one with their labels; raises InputError."""
    values = np.asarray(values)
    if values.ndim == 0 or not values.size or values.dtype.kind not in "biufU":
        raise InputError(f"holds an array of shape {values.shape!s:.40} and kind {values.dtype!s:.20}, which is no "
                         "pictures", f"pictures are (count, 28, 28) or (count, {IMAGE_PIXELS})")
    rows = values.reshape(len(values), -1)
    if rows.dtype.kind == "U":
        table = Table(np.zeros((len(rows), 1), np.uint8), words={0: rows[:, 0]})
    else:
        table = Table(compacted(rows))
    return table if labels is None else with_labels(table, array_table(labels))


def with_labels(table: Table, labels: Table) -> Table:
    """Return the Table of pictures with the labels of another one in front; raises InputError where these are none."""
    if len(labels) != len(table):
        raise InputError(f"{there_are(len(labels), 'label')} to {counted(len(table), 'picture')}", "bring one for each")
    if table.words or table.column_count != IMAGE_PIXELS:
        raise InputError(f"pictures of {counted(table.column_count, 'value')} were found beside a file of labels",
                         f"a picture of 28x28 has {IMAGE_PIXELS}")
    found = one_label_column(labels)
    values = found.numbers[:, 0]
    numbers = np.column_stack([values, table.numbers])
    names = ("label", *(f"pixel{number}" for number in range(IMAGE_PIXELS)))
    return Table(numbers, names, {0: found.words[0]} if found.words else {}, table.first_line)


def one_label_column(labels: Table) -> Table:
    """Return the Table of a single column that labels are in, which may be one-hot, or beside an index."""
    from neuralscope.datasets.label_column import index_columns, is_one_hot

    places = np.arange(labels.column_count)
    rest = places[~np.isin(places, index_columns(labels, places))]
    if len(rest) == 1:
        place = rest[0]
        words = {0: labels.words[place]} if place in labels.words else {}
        return Table(labels.numbers[:, [place]], words=words)
    if not labels.words and is_one_hot(labels.numbers[:, rest]):
        return Table(labels.numbers[:, rest].argmax(axis=1)[:, np.newaxis])
    raise InputError(f"the labels are in {len(rest)} columns", "bring one label for each picture")
