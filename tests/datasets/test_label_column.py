"""The label's column: what the rule takes for one, and that it takes no column of pixels."""

import numpy as np
import pytest

from neuralscope.data_loader import load
from neuralscope.datasets.label_column import are_labels_by_value, is_label_like
from neuralscope.datasets.table import Table

PARTS = [slice(None), slice(1000), slice(100), slice(30), slice(1000, 1100)]


def taken(pixels):
    """Return the columns of pixels that would be taken for labels, were they the first or the last one."""
    table, places = Table(pixels), np.arange(pixels.shape[1])
    return [column for column in places if is_label_like(table, column, places)]


@pytest.mark.parametrize("rows", PARTS)
def test_no_column_of_the_embedded_digits_is_taken_for_a_label(embedded, rows):
    assert taken(embedded.train.pixels[rows]) == []


@pytest.mark.parametrize("greys", [2, 4, 16])
def test_no_column_of_few_greys_is_taken_for_a_label(embedded, greys):
    assert taken(embedded.train.pixels[:100] // (256 // greys)) == []


@pytest.mark.slow
@pytest.mark.parametrize("rows", PARTS)
def test_no_column_of_mnist_is_taken_for_a_label(mnist_dir, rows):
    dataset = load("mnist", mnist_dir)
    for part in (dataset.train, dataset.test):
        assert taken(part.pixels[rows]) == []


@pytest.mark.parametrize(("values", "are_labels"), [
    ([0, 1, 0, 1], True),
    ([1, 2, 3, 2], True),
    ([3, 1, 0, 2], True),
    ([0, 1, 2, 3], False),  # they count the rows
    ([1, 2, 3, 4], False),
    ([0, 2, 0, 2], False),  # a gap
    ([2, 3, 2, 3], False),  # neither from 0 nor from 1
    ([5, 5, 5, 5], False),
    ([0, 0.5, 1, 1], False),
    ([0] * 90 + [1] * 10, False),  # as a pixel near the edge
    ([0] * 70 + [1] * 30, True),
    ([*range(1001), *range(1001)], False),
    ([*range(1000), *range(1000)], True),
])
def test_labels_run_without_a_gap_and_none_is_much_the_most(values, are_labels):
    assert are_labels_by_value(np.array(values)) == are_labels


def test_the_labels_of_the_embedded_digits_are_labels(embedded):
    for rows in PARTS:
        assert are_labels_by_value(embedded.train.labels[rows])
