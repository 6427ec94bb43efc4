"""A caller's arrays as a Dataset: X and y in whatever form Python has them, parted into what is learned and judged."""

import functools
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from neuralscope.data_loader import NO_LABEL, Dataset, Digits
from neuralscope.datasets.array_inputs import read_inputs
from neuralscope.datasets.array_labels import checked_names, read_labels
from neuralscope.datasets.split import ALL_ROWS, STRATIFIED, TEST_SHARE, Split, check_seed
from neuralscope.errors import InputError, sentence

NAME, SOURCE = "your data", "arrays of yours"


def dataset_from_arrays(X: Any, y: Any = None, X_test: Any = None, y_test: Any = None, *,  # noqa: N803
                        class_names: Sequence[Any] | None = None, image_shape: tuple[int, int] | None = None,
                        feature_names: Sequence[str] | None = None, test_share: float = TEST_SHARE,
                        seed: int = 0) -> Dataset:
    """Return the Dataset of X (n, inputs) or (n, height, width), and y (n,), or None: nobody says what X shows.

    X: numbers of any range, a DataFrame, a tensor; y: whole numbers, words, truth values, or one-hot rows. The test
    part is ``X_test`` with ``y_test``, or else a ``test_share`` of each class, drawn by ``seed``; 1: all rows.
    The notice says what was assumed. Raises InputError.
    """
    check_seed(seed)
    if y_test is not None and X_test is None:
        raise InputError("y_test is given, and X_test is not", "give both, or neither")
    again = functools.partial(
        dataset_from_arrays, X, y, X_test, y_test, class_names=class_names, image_shape=image_shape,
        feature_names=feature_names, test_share=test_share, seed=seed)
    inputs = read_inputs(X, image_shape, feature_names)
    count = len(inputs.pixels)
    names = () if class_names is None else checked_names(class_names)
    labels = np.full(count, NO_LABEL)
    if y is not None:
        labels, names = read_labels(y, count, class_names)
    elif X_test is not None:
        raise InputError("X has no labels, so there is nothing to learn from beside X_test", "give y, or X alone")
    everything = Digits(inputs.pixels, labels)
    train: Digits | None
    if X_test is not None:
        test_pixels = inputs.read(X_test).astype(np.float32)
        test = Digits(test_pixels, test_labels(y_test, len(test_pixels), names, class_names))
        train, split, said = everything, None, ""
    else:
        train, test, split, said = part(everything, test_share, seed)
    return Dataset(NAME, SOURCE, names, test, functools.partial(training_part, train),
                   sentence(inputs.notice, said), again, split, inputs.image_shape, inputs.feature_names)


def part(everything: Digits, test_share: float, seed: int) -> tuple[Digits | None, Digits, Split | None, str]:
    """Return the training part, or None, the test part, how they were parted, and what there is to say of that."""
    if test_share == 1 or not everything.has_labels:
        return None, everything, Split(ALL_ROWS) if everything.has_labels else None, ""
    if not (isinstance(test_share, Real) and 0 < float(test_share) < 1):
        raise InputError(f"test_share is {test_share!r}", "give a share of the rows, above 0 and at most 1")
    split = Split(STRATIFIED, seed, test_share)
    is_test = split.test_rows(everything.labels)
    train, test = (Digits(everything.pixels[rows], everything.labels[rows]) for rows in (~is_test, is_test))
    return train, test, split, (f"{len(test):,} of {len(everything):,} rows, of each class as large a share, "
                                f"are kept for the test (seed {seed})")


def test_labels(y_test: Any, count: int, names: tuple[str, ...], class_names: Sequence[Any] | None) -> np.ndarray:
    """Return the labels of the test part that a caller gives as places in ``names``; raises InputError."""
    if y_test is None:
        raise InputError("X_test has no labels", "give y_test")
    labels, found = read_labels(y_test, count, class_names, "y_test")
    if strangers := [name for name in found if name not in names]:
        raise InputError(f"y_test holds {strangers[0]}, of which y has none", "give rows of it to learn from")
    return np.array([names.index(name) for name in found], np.int64)[labels]


def training_part(train: Digits | None) -> Digits:
    """Return the training part; raises InputError where there is none."""
    if train is None:
        raise InputError("all rows are the test part, so there is nothing to learn", "give rows to learn from")
    return train
