"""Printed boxes around digits: gone, whatever they look like, while a 0 stays and an empty cell is empty."""

import numpy as np
import pytest

from neuralscope import images
from neuralscope.errors import InputError
from neuralscope.images.components import dilate
from neuralscope.images.outlines import find_outlines
from neuralscope.images.segmentation import cut_digits


def box(side, thickness, inset=0, paper=None):
    """Return a box ``inset`` pixels from the edge of a square paper: (side, side) float32, light ink."""
    picture = np.zeros((side, side) if paper is None else paper, np.float32)
    inner = inset + thickness
    picture[inset:side - inset, inset:side - inset] = 1
    picture[inner:side - inner, inner:side - inner] = 0
    return picture


def digit_of(embedded, label, side):
    """Return an embedded digit's ink, its longer side ``side`` pixels: float32 in [0, 1]."""
    from PIL import Image

    digit = embedded.test.images[embedded.test.labels == label][0].reshape(28, 28)
    rows, columns = (np.flatnonzero(digit.any(axis)) for axis in (1, 0))
    ink = Image.fromarray(digit[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1])
    scale = side / max(ink.size)
    return np.asarray(ink.resize([round(length * scale) for length in ink.size])).clip(0, 1)


def with_ink(picture, ink, top, left):
    """Return a picture with ink put into it."""
    picture = picture.copy()
    part = picture[top:top + ink.shape[0], left:left + ink.shape[1]]
    np.maximum(part, ink, out=part)
    return picture


def scanned(ink, dark, deviation=0.0):
    """Return ink as uint8, dark on light or light on dark, with noise."""
    light = 1 - ink if dark else ink
    noise = np.random.default_rng(0).normal(0, deviation, ink.shape) if deviation else 0
    return np.rint(255 * np.clip(light + noise, 0, 1)).astype(np.uint8)


def answer(picture, shipped):
    """Return what the shipped network reads."""
    return int(shipped.network.forward(images.as_digit(picture)[np.newaxis]).predictions[0])


@pytest.mark.parametrize("inset", [0, 6])
@pytest.mark.parametrize(("side", "thickness"), [(42, 1), (42, 4), (70, 3), (112, 2), (200, 4), (400, 1)])
@pytest.mark.parametrize(("dark", "deviation"), [(True, 0), (False, 0), (True, 0.03)])
def test_a_digit_in_a_box_is_read_and_an_empty_cell_is_empty(embedded, shipped, inset, side, thickness, dark,
                                                             deviation):
    cell = box(side, thickness, inset)
    for label in (0, 5):
        ink = digit_of(embedded, label, min(side // 2, side - 2 * inset - 2 * thickness - 4))
        top = side - inset - thickness - 2 - len(ink)  # near the lower left corner
        picture = scanned(with_ink(cell, ink, top, inset + thickness + 2), dark, deviation)
        assert answer(picture, shipped) == label
        bounds = images.trace(picture).box
        assert max(bounds[2] - bounds[0], bounds[3] - bounds[1]) <= max(ink.shape) + 2 + side // 40
    if not deviation:
        with pytest.raises(InputError, match="empty"):
            images.as_digit(scanned(cell, dark))


@pytest.mark.parametrize(("outline", "ink", "deviation"), [(1, 0.6, 0), (0.25, 1, 0), (0.6, 0.6, 0.05)])
def test_an_outline_may_be_paler_or_darker_than_the_digit_or_noisy(embedded, shipped, outline, ink, deviation):
    picture = with_ink(outline * box(112, 2, 6), ink * digit_of(embedded, 5, 60), 20, 30)
    assert answer(scanned(picture, True, deviation), shipped) == 5


def test_a_pale_outline_in_a_clean_picture_is_no_ink():
    picture = 0.25 * box(112, 2, 6)
    picture[30:80, 40:48] = picture[30:38, 40:70] = 1
    assert images.trace(scanned(picture, dark=True)).box == (40, 30, 70, 80)


@pytest.mark.parametrize("angle", [2, 5])
def test_a_box_may_be_tilted(embedded, shipped, angle):
    from scipy.ndimage import rotate

    picture = np.pad(with_ink(box(112, 2, 6), digit_of(embedded, 5, 60), 20, 30), 10)
    assert answer(scanned(rotate(picture, angle, order=1).clip(0, 1), dark=True), shipped) == 5


def test_a_digit_that_touches_its_box_is_kept(embedded):
    ink = digit_of(embedded, 5, 60)
    picture = with_ink(box(112, 2, 6), ink, 20, 8)
    picture[20 + len(ink) // 2, 8:40] = 1  # it holds on by a hair
    left, top, right, bottom = images.trace(scanned(picture, dark=True)).box
    assert right - left >= 25
    assert abs(top - 20) <= 2
    assert abs(bottom - 80) <= 2


@pytest.mark.parametrize(("gap", "margin"), [(0, 0), (0, 12), (9, 12)])
def test_a_row_of_cells_is_read(embedded, shipped, gap, margin):
    wanted = [3, 1, 2, 0, 5]
    side, thickness = 64, 2
    step = side - thickness + gap
    picture = np.zeros((side, step * len(wanted) + thickness - gap), np.float32)
    for number, label in enumerate(wanted):
        ink = digit_of(embedded, label, 44)
        cell = with_ink(box(side, thickness), ink, 10, 12)
        picture = with_ink(picture, cell, 0, step * number)
    for dark in (True, False):
        parts = cut_digits(scanned(np.pad(picture, margin), dark)).values()
        assert [answer(part, shipped) for part in parts] == wanted


def test_a_grid_of_cells_is_read_line_by_line(embedded, shipped):
    picture, wanted = np.zeros((126, 186), np.float32), ((1, 2, 3), (5, 6, 7))
    for row in range(2):
        for column in range(3):
            cell = with_ink(box(66, 3), digit_of(embedded, wanted[row][column], 44), 10, 14)
            picture = with_ink(np.pad(picture, ((0, 66), (0, 66))), cell, 60 * row, 60 * column)[:126, :186]
    parts = cut_digits(scanned(np.pad(picture, 8), dark=True)).values()
    assert [answer(part, shipped) for part in parts] == [*wanted[0], *wanted[1]]


def test_a_stroke_that_slants_from_the_top_of_its_box_to_the_bottom_is_ink():
    picture = box(112, 2, 6)
    for row in range(6, 106):
        picture[row, 65 - row // 4:71 - row // 4] = 1
    left, top, right, bottom = images.trace(scanned(picture, dark=True)).box
    assert right - left < 40
    assert bottom - top > 85


def ring(side, thickness, power):
    """Return a ring, round (2) or squarish (4), as a 0 is."""
    rows, columns = np.abs(np.indices((side, side)) - (side - 1) / 2)
    distance = (rows**power + columns**power)**(1 / power)
    return np.abs(distance - side / 2 + thickness) <= thickness / 2


@pytest.mark.parametrize("ink", [
    ring(60, 3, 2), ring(60, 3, 4), np.ones((60, 60), bool), np.ones((60, 8), bool), box(60, 12) > 0, box(10, 1) > 0,
    np.pad(box(60, 2)[:, :-2] > 0, 2),  # open at the right
    (np.random.default_rng(0).random((80, 80)) < 0.7),  # noise that hangs together
], ids=["a round 0", "a squarish 0", "a block", "a bar", "thick strokes", "small", "open", "noise"])
def test_what_is_no_outline(ink):
    assert find_outlines(ink) is None


def test_no_digit_is_taken_for_an_outline(embedded, mnist_dir):
    from neuralscope.data_loader import load

    digits = [*embedded.train.images[:500], *load("mnist", mnist_dir).train.images[:2000]]
    assert not [number for number, digit in enumerate(digits)
                if find_outlines(dilate(digit.reshape(28, 28) > 0.15)) is not None]
