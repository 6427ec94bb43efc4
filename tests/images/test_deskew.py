"""What a weights file may ask for: digits set upright."""

import numpy as np
import pytest

from neuralscope import images
from neuralscope.errors import InputError


def slant(digits):
    """Return the sideways lean of each digit's ink, in pixels a pixel."""
    grid = np.arange(28)
    leans = []
    for picture in digits.reshape(-1, 28, 28).astype(float):
        ink = picture / picture.sum()
        y, x = grid[:, np.newaxis] - (ink.sum(axis=1) @ grid), grid - (ink.sum(axis=0) @ grid)
        leans.append((ink * y * x).sum() / (ink * y**2).sum())
    return np.array(leans)


def test_deskewed_digits_lean_neither_way_and_stay_in_place(embedded):
    before = embedded.test.images
    after = images.deskew_digits(before)
    assert np.abs(slant(before)).mean() > 0.05
    assert np.abs(slant(after)).mean() < 0.01
    grid = np.arange(28)
    for axis in (1, 2):
        places = [part.reshape(-1, 28, 28).sum(axis=axis) @ grid / part.sum(axis=1) for part in (before, after)]
        np.testing.assert_allclose(*places, atol=0.3)
    assert after.dtype == np.float32
    assert after.min() >= 0
    assert after.max() <= 1


def test_a_slanted_bar_is_set_upright():
    rows = np.arange(6, 22)
    leaning, upright = np.zeros((2, 28, 28), np.float32)
    leaning[rows, 14 + (rows - 14) // 2] = leaning[rows, 15 + (rows - 14) // 2] = 1
    upright[rows, 13:15] = 1
    widths = [(picture.reshape(28, 28).sum(axis=0) > 0.5).sum() for picture in
              (leaning, images.deskew_digits(leaning.reshape(1, 784)))]
    assert widths[0] >= 8
    assert widths[1] <= 4


def test_pictures_without_ink_stay_dark():
    np.testing.assert_array_equal(images.deskew_digits(np.zeros((2, 784), np.float32)), 0)


def test_preparations_by_name(embedded):
    digits = embedded.test.images[:5]
    assert images.prepare(digits, None) is digits
    np.testing.assert_array_equal(images.prepare(digits, "deskew"), images.deskew_digits(digits))
    with pytest.raises(InputError, match="prepared by 'blur', and this NeuralScope knows only deskew"):
        images.prepare(digits, "blur")
