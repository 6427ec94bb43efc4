"""Bars: as long as their values, from one line, whatever the size of the window."""

import numpy as np
import pytest

from neuralscope.visualizer.drawing.bars import Bars
from neuralscope.visualizer.drawing.heatmap import Heatmap

GROUND, AXIS, COLOR = (1, 2, 3), (9, 9, 9), (200, 100, 50)


def bars_of(lengths, signed, **masks):
    made = Bars(GROUND, AXIS)
    made.set_lengths(lengths, signed)
    made.set_cells(np.full((len(lengths), 1, 4), (*COLOR, 255), np.uint8), **masks)
    return made


@pytest.mark.parametrize("signed", [False, True])
def test_bars_are_as_long_as_their_values(signed):
    lengths = np.array([1, 0.5, 0, -1, -0.25]) if signed else np.array([1, 0.5, 0, 0.25, 2])
    pixels = bars_of(lengths, signed).pixels(201, 50)
    reach = 100 if signed else 201
    filled = (pixels[..., :3] == COLOR).all(axis=2)
    for row, length in enumerate(lengths):
        assert filled[10 * row + 4].sum() == pytest.approx(abs(np.clip(length, -1, 1)) * reach, abs=1.5)
        assert not filled[10 * row + 9].any()  # a gap
    assert (pixels[:, 100 if signed else 0, :3] == AXIS).all()
    if signed:
        assert not filled[31:39, 101:].any()


def test_what_is_no_number_has_no_bar_and_is_hatched():
    hatched = np.array([[False], [True]])
    pixels = bars_of(np.array([0.5, np.nan]), True, hatched=hatched, cross=(7, 7, 7)).pixels(101, 40)
    assert not (pixels[20:, :, :3] == COLOR).all(axis=2).any()
    assert (pixels[20:39, :, :3] == 7).all(axis=2).mean() == pytest.approx(0.2, abs=0.02)
    assert not (pixels[:20, :, :3] == 7).all(axis=2).any()


def test_more_bars_than_pixels_are_drawn_as_far_as_there_is_room():
    assert bars_of(np.linspace(-1, 1, 1000), True).pixels(60, 40).shape == (40, 60, 4)


def test_every_bar_is_found_where_it_stands(figure):
    made = figure.add_artist(bars_of(np.zeros(7), True))
    made.room = (10, 90, 70, 63)
    for row in range(7):
        left, bottom, width, height = made.cell_bounds(row, 0)
        assert made.cell_at(left + width / 2, bottom + height / 2) == (row, 0)
    assert made.cell_at(9, 50) is None


def test_a_picture_of_more_cells_than_pixels_stays_in_its_room(figure):
    heatmap = figure.add_artist(Heatmap())
    heatmap.room = (10, 90, 28, 28)
    cells = np.zeros((100, 100, 4), np.uint8)
    cells[..., 3], cells[50:, :, 0] = 255, 255
    heatmap.set_cells(cells)
    assert heatmap.bounds() == pytest.approx((10, 62, 28, 28))
    figure.canvas.draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())
    assert (drawn[26:37, 12:36, 0] == 255).all()
    assert (drawn[12:23, 12:36, 0] == 0).all()
