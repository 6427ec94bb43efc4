"""The test part of a table: of each class its share, by the seed, and never a class's only row."""

import json

import numpy as np
import pytest

from neuralscope.datasets.split import ALL_ROWS, LAST_ROWS, TEST_FILE, Split
from neuralscope.errors import InputError


def test_each_class_gives_its_share(embedded):
    labels = np.sort(embedded.train.labels)
    chosen = Split().test_rows(labels)
    assert chosen.sum() == 250
    counts, taken = np.bincount(labels), np.bincount(labels[chosen])
    assert abs(taken - counts / 6).max() < 1
    again, other = Split().test_rows(labels), Split(seed=1).test_rows(labels)
    np.testing.assert_array_equal(again, chosen)
    assert other.sum() == 250
    assert not np.array_equal(other, chosen)


def test_the_rows_that_a_seed_chooses_stay_the_same():
    """A file that says by which seed it was parted can be judged by another version of NumPy."""
    assert np.flatnonzero(Split(seed=3).test_rows(np.arange(24) % 2)).tolist() == [0, 7, 9, 20]


@pytest.mark.parametrize(("labels", "test_count"), [
    ([0] * 30 + [1], 5), ([0, 0, 1], 1), ([0, 1, 2, 3, 3], 1), ([0] * 8 + [1] * 7, 2), ([7] * 3 + [8] * 3, 1),
    (list(range(10)) + list(range(5)), 2), ([*range(6), *[6] * 7], 1), ([*range(500), *[500] * 60], 10),
    ([0] * 9 + [1] * 9 + [2], 3),
])
def test_a_class_s_only_row_stays_in_training(labels, test_count):
    labels = np.array(labels)
    chosen = Split().test_rows(labels)
    assert chosen.sum() == test_count
    assert set(labels[~chosen]) == set(labels)


def test_one_row_of_each_class_leaves_nothing_to_test():
    with pytest.raises(InputError, match="one row of each of 3 labels"):
        Split().test_rows(np.arange(3))


@pytest.mark.parametrize("count", [1, 5, 6, 7, 60, 61, 600, 60_000])
def test_older_versions_took_the_last_sixth(count):
    rows = np.flatnonzero(Split(LAST_ROWS).test_rows(np.zeros(count)))
    np.testing.assert_array_equal(rows, np.arange(count - max(1, count // 6), count))


def test_all_rows():
    assert Split(ALL_ROWS).test_rows(np.arange(5)).all()


@pytest.mark.parametrize("split", [Split(), Split(seed=5), Split(LAST_ROWS), Split(ALL_ROWS),
                                   Split(TEST_FILE, file="digits_test.csv")])
def test_it_comes_back_out_of_a_file(split):
    assert Split.from_metadata(json.loads(json.dumps(split.as_metadata()))) == split


@pytest.mark.parametrize("value", [None, 3, {"kind": "other"}, {"kind": 3}, {"seed": -1}, {"seed": True}, {"more": 1},
                                   {"test_share": 0.0}, {"test_share": float("nan")}])
def test_what_is_no_split_is_none(value):
    assert Split.from_metadata(value) is None
