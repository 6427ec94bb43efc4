"""Pictures of cells, blocks and outlines."""

import numpy as np
import pytest

from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.shapes import Block, Blocks, Outline


def drawn(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


@pytest.mark.parametrize("dpi", [100, 150, 200])
def test_every_cell_is_equally_wide_and_has_its_own_colour(figure, dpi):
    figure.set_dpi(dpi)
    cells = np.random.default_rng(0).integers(1, 256, (3, 5, 4), dtype=np.uint8)
    cells[..., 3] = 255
    picture = figure.add_artist(Heatmap())
    picture.room = (10, 90, 108, 80)
    picture.set_cells(cells)
    size = int(min(108 / 5, 80 / 3) * dpi / 100)
    pixels = drawn(figure)
    top, left = round(10 * dpi / 100), round(10 * dpi / 100)
    shown = pixels[top:top + 3 * size, left:left + 5 * size]
    assert (shown.reshape(3, size, 5, size, 3) == cells[:, None, :, None, :3]).all()
    assert np.count_nonzero(pixels.any(axis=2)) == 15 * size**2


def test_a_point_finds_its_cell_and_the_cell_its_place(figure):
    picture = figure.add_artist(Heatmap())
    picture.room = (10, 90, 100, 80)
    picture.set_cells(np.zeros((4, 5, 4), np.uint8))
    assert picture.cell_at(10.5, 89.5) == (0, 0)
    assert picture.cell_at(109.5, 10.5) == (3, 4)
    assert picture.cell_at(9, 50) is None
    assert picture.cell_at(50, 91) is None
    left, bottom, width, height = picture.cell_bounds(2, 3)
    assert picture.cell_at(left + width / 2, bottom + height / 2) == (2, 3)


def test_empty_cells_are_striped_and_only_they(figure):
    picture = figure.add_artist(Heatmap())
    picture.room = (0, 100, 100, 100)
    cells = np.full((2, 2, 4), 255, np.uint8)
    picture.set_cells(cells, np.array([[False, False], [False, True]]))
    shown = drawn(figure)[:, :100, 0]
    assert shown[:50].all()
    assert shown[50:, :50].all()
    assert 0.1 < (shown[50:, 50:] > 0).mean() < 0.3


def test_a_picture_with_more_cells_than_pixels_is_drawn(figure):
    picture = figure.add_artist(Heatmap())
    picture.room = (0, 100, 100, 100)
    picture.set_cells(np.full((300, 300, 4), 255, np.uint8))
    assert drawn(figure).any()


def test_a_block_fills_its_bounds(figure):
    block = figure.add_artist(Block("#ffffff"))
    assert not drawn(figure).any()
    block.set_bounds(20, 30, 50, 10)
    shown = drawn(figure)[..., 0] > 0
    assert np.count_nonzero(shown) == 500
    assert shown[60:70, 20:70].all()


def test_crossed_cells_are_crossed_in_the_colour_given_and_only_they(figure):
    picture = figure.add_artist(Heatmap())
    picture.room = (0, 100, 100, 100)
    cells = np.full((2, 2, 4), (0, 0, 255, 255), np.uint8)
    picture.set_cells(cells, crossed=np.array([[False, False], [False, True]]), cross=(255, 255, 0))
    shown = drawn(figure)[:, :100]
    crossed = (shown == (255, 255, 0)).all(axis=2)
    assert not crossed[:50].any()
    assert not crossed[50:, :50].any()
    cell = crossed[50:, 50:]
    assert cell[np.arange(50), np.arange(50)].all()
    assert cell[np.arange(50), 49 - np.arange(50)].all()
    assert not cell[25, :15].any()


def test_an_outline_runs_around_the_cells_of_its_mask(figure):
    picture = figure.add_artist(Heatmap())
    picture.room = (0, 100, 100, 100)
    picture.set_cells(np.full((10, 10, 4), (0, 0, 0, 255), np.uint8))
    outline = figure.add_artist(Outline(picture, "#ffffff"))
    mask = np.zeros((10, 10), bool)
    mask[2:4, 3:7] = True
    outline.set_mask(mask)
    rows, columns = np.nonzero(drawn(figure)[:, :100, 0])
    assert (rows.min(), columns.min()) == pytest.approx((20, 30), abs=1)
    assert (rows.max(), columns.max()) == pytest.approx((40, 70), abs=1)
    assert len(rows) < 400  # a line, not an area
    outline.set_mask(np.zeros((10, 10), bool))
    assert not drawn(figure).any()


def test_many_blocks_are_drawn_each_in_its_place_and_colour(figure):
    blocks = figure.add_artist(Blocks())
    blocks.set_blocks([(10, 10, 20, 30), (50, 20, 10, 10), (100, 0, 5, 100)],
                      [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)])
    pixels = drawn(figure)
    for (left, bottom, width, height), channel in zip(blocks.bounds.astype(int), range(3), strict=True):
        there = np.zeros((100, 200), bool)
        there[100 - bottom - height:100 - bottom, left:left + width] = True
        assert ((pixels[..., channel] == 255) == there).all()
