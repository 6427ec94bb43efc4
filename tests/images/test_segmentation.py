"""Where the digits in a picture stand, in reading order, and each of them by itself."""

import numpy as np
import pytest

from neuralscope import images
from neuralscope.images import segmentation as module
from neuralscope.images.segmentation import cut_digits

ONE_EACH = [3, 1, 4, 0, 5, 9, 2, 6]


def read(picture, network):
    """Return what a network reads in a picture, in order."""
    return [int(network.forward(images.as_digit(part)[np.newaxis]).predictions[0])
            for part in cut_digits(picture).values()]


def row(digits, wanted, gap=4):
    """Return a picture of digits side by side, one for each label wanted: the second one of its kind."""
    pictures = [digits.images[digits.labels == label][1].reshape(28, 28) for label in wanted]
    return np.hstack([np.pad(picture, ((0, 0), (0, gap))) for picture in pictures])


@pytest.mark.parametrize("count", range(1, 9))
def test_a_row_is_read_from_left_to_right(embedded, shipped, count):
    assert read(row(embedded.test, ONE_EACH[:count]), shipped.network) == ONE_EACH[:count]


def test_lines_are_read_one_after_the_other_dark_on_paper_too(embedded, shipped):
    upper, lower = row(embedded.test, ONE_EACH[:4]), row(embedded.test, ONE_EACH[4:])
    lower = np.roll(lower, 5, axis=1)
    page = np.vstack([upper, np.zeros((8, upper.shape[1])), lower])
    page[:28, 32:64] = np.roll(page[:28, 32:64], 3, axis=0)  # nobody writes quite straight
    assert read(page, shipped.network) == ONE_EACH
    assert read(0.9 - 0.6 * page, shipped.network) == ONE_EACH
    larger = images.find_digits(np.kron(page, np.ones((5, 5))))
    np.testing.assert_allclose(larger, 5 * np.array(images.find_digits(page)), atol=5)  # a pixel of the small one


@pytest.mark.parametrize("slope", [-0.18, -0.1, 0.1, 0.18])
def test_a_line_may_rise_or_fall(embedded, shipped, slope):
    line = row(embedded.test, ONE_EACH)
    page = np.zeros((2 * 28 + int(abs(slope) * line.shape[1]) + 40, line.shape[1]))
    for number in range(len(ONE_EACH)):
        digit, drop = line[:, 32 * number:32 * number + 32], int(slope * 32 * number)
        for top in (0, 36):
            page[top + drop - min(0, int(slope * line.shape[1])):, 32 * number:32 * number + 32][:28] += digit
    assert read(page, shipped.network) == 2 * ONE_EACH


def blocks(*boxes, shape=(40, 90)):
    """Return a picture with light blocks (left, top, right, bottom)."""
    picture = np.zeros(shape, np.float32)
    for left, top, right, bottom in boxes:
        picture[top:bottom, left:right] = 1
    return picture


@pytest.mark.parametrize(("parts", "wanted"), [
    ([(10, 14, 24, 34), (11, 8, 25, 11), (50, 8, 60, 34)], [(10, 8, 25, 34), (50, 8, 60, 34)]),  # a bar above
    ([(10, 8, 20, 34), (22, 9, 28, 13), (50, 8, 60, 34)], [(10, 8, 28, 34), (50, 8, 60, 34)]),  # and one beside it
    ([(10, 8, 20, 34), (50, 8, 60, 34), (80, 2, 82, 4)], [(10, 8, 20, 34), (50, 8, 60, 34)]),  # dust
    ([(10, 8, 20, 34), (23, 8, 26, 34)], [(10, 8, 20, 34), (23, 8, 26, 34)]),  # two that are close
    ([(10, 8, 20, 34), (22, 9, 25, 13), (28, 8, 40, 34)], [(10, 8, 25, 34), (28, 8, 40, 34)]),  # a flag between two
    ([(10, 2, 20, 18), (10, 20, 20, 38)], [(10, 2, 20, 18), (10, 20, 20, 38)]),  # two lines that are close
    ([(10, 8, 20, 34), (19, 8, 30, 34)], [(10, 8, 30, 34)]),  # two that touch
    ([(10, 8, 26, 20), (24, 22, 40, 30), (50, 8, 60, 38)], [(10, 8, 26, 20), (24, 22, 40, 30), (50, 8, 60, 38)]),
])
def test_broken_strokes_belong_together_and_dust_to_nothing(parts, wanted):
    assert images.find_digits(blocks(*parts)) == wanted


def test_what_is_cut_holds_no_ink_of_a_neighbour():
    lying = [(10, 30, 40, 36), (10, 8, 14, 30), (44, 8, 48, 36)]  # an L, and what stands where its box is empty
    picture = blocks(*lying, (30, 6, 34, 12))
    picture[6:20, 30:60] = 0
    picture[8:22, 30:34] = 1
    boxes = images.find_digits(picture)
    for box in boxes:
        left, top, right, bottom = box
        part = images.cut_digit(picture, box)
        rows, columns = np.nonzero(part)
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (bottom - top, right - left)
        assert min(rows.min(), columns.min()) >= 2
    assert sum((images.cut_digit(picture, box) > 0).sum() for box in boxes) == (picture > 0).sum()


def test_rows_of_mnist_are_found_and_read(mnist_dir, shipped):
    from benchmarks.strangers import row_length_rows
    from neuralscope.data_loader import load

    *_, (_, rows, digits, _) = row_length_rows(shipped.network, load("mnist", mnist_dir).test, 100, 0)
    assert rows == 100
    assert float(digits) >= 97


def test_of_specks_as_large_the_first_ones_are_looked_at(monkeypatch):
    monkeypatch.setattr(module, "MAX_COMPONENTS", 60)
    large = np.random.default_rng(0).random((10, 10)) < 0.3
    picture = np.kron(np.ones((10, 10)), np.pad(np.ones((4, 2)), 4))
    for row, column in np.argwhere(~large):
        picture[12 * row + 4:12 * row + 6, 10 * column:10 * column + 10] = 0
    looked_at = np.zeros((10, 10), bool)
    for left, top, _, _ in cut_digits(picture):
        looked_at[top // 12, left // 10] = True
    small = np.flatnonzero(~large)[:60 - large.sum()]
    assert large.sum() < 60
    np.testing.assert_array_equal(np.flatnonzero(looked_at), np.sort([*np.flatnonzero(large), *small]))
