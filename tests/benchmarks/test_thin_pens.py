"""Digits as a thin pen writes them: lines of one pixel in one piece, and drawings along them as wide as the pen."""

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt, label

from benchmarks.thin_pens import DRAWING_SIDE, drawing, thin_lines, thin_pen_pictures, thinned


def test_a_thick_bar_becomes_its_middle_line():
    bar = np.zeros((1, 20, 20), bool)
    bar[0, 2:18, 8:13] = True
    line = thinned(bar)[0]
    rows, columns = np.nonzero(line)
    assert set(columns[(rows > 5) & (rows < 14)]) == {10}
    assert 10 <= line.sum() <= 16


def test_lines_are_one_pixel_wide_and_hang_together_as_the_digits_do(embedded):
    digits = embedded.test.images[:40]
    lines = thin_lines(digits, 1)
    for digit, line in zip(digits.reshape(-1, 28, 28) > 0.5, lines, strict=True):
        assert not (line & ~digit).any()
        assert label(line, np.ones((3, 3)))[1] == label(digit, np.ones((3, 3)))[1]
        squares = line[1:, 1:] & line[:-1, 1:] & line[1:, :-1] & line[:-1, :-1]
        assert squares.sum() <= 1


@pytest.mark.parametrize("width", [5, 9])
def test_a_drawing_is_as_wide_as_its_pen(embedded, width):
    [line] = thin_lines(embedded.test.images[:1], 4)
    picture = drawing(line, width)
    assert picture.shape == (DRAWING_SIDE, DRAWING_SIDE)
    reaches = distance_transform_edt(picture < 128)
    assert np.median(reaches[reaches == reaches.max()]) == pytest.approx(width / 2, abs=2)


def test_every_pen_writes_every_digit(embedded):
    for name, pictures in thin_pen_pictures(embedded.test.images[:2]):
        made = list(pictures)
        assert len(made) == 2, name
        assert all(picture.dtype == np.uint8 and np.ptp(picture) == 255 for picture in made)
