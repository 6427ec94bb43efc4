"""Tests for boxes and margins: every expected number is worked out by hand."""

import pytest
from matplotlib.figure import Figure

from neuralscope.visualizer.drawing.layout import Box, three_columns
from neuralscope.visualizer.drawing.surface import Surface
from neuralscope.visualizer.drawing.theme import THEMES

BOX = Box(10, 20, 100, 60)  # from 10 to 110, and from 20 up to 80


def surface(width, height):
    return Surface(Figure(figsize=(width / 100, height / 100)), THEMES["dark"])


def test_a_box_has_four_edges_and_unpacks_as_bounds_do():
    assert (BOX.right, BOX.top, BOX.top_left) == (110, 80, (10, 80))
    assert tuple(BOX) == (10, 20, 100, 60)
    assert Box.between(10, 110, 20, 80) == Box.hanging(10, 80, 100, 60) == BOX


def test_a_box_is_cut_at_a_position():
    assert BOX.left_of(40) == (10, 20, 30, 60)
    assert BOX.right_of(40) == (40, 20, 70, 60)
    assert BOX.below(50) == (10, 20, 100, 30)
    assert BOX.above(50) == (10, 50, 100, 30)
    assert BOX.below(90) == (10, 20, 100, 70)  # cutting beyond an edge makes it larger


def test_columns_and_rows_share_what_the_gaps_leave():
    assert BOX.columns(3, gap=5) == [(10, 20, 30, 60), (45, 20, 30, 60), (80, 20, 30, 60)]
    assert BOX.rows(2, gap=10) == [(10, 55, 100, 25), (10, 20, 100, 25)]  # from the top down
    assert BOX.columns(1, gap=5) == BOX.rows(1, gap=5) == [BOX]
    assert BOX.rows(3) == [(10, 60, 100, 20), (10, 40, 100, 20), (10, 20, 100, 20)]


def test_a_square_hangs_from_the_upper_left_corner():
    assert BOX.square() == (10, 20, 60, 60)
    assert BOX.left_of(40).square() == (10, 50, 30, 30)
    assert BOX.square(25) == (10, 55, 25, 25)


def test_a_page_lies_between_the_margins():
    page = surface(1000, 2000).page()
    assert (page.left, page.right, page.bottom, page.top) == pytest.approx((29, 971, 290, 1650))
    assert page == pytest.approx(surface(1000, 2000).page(by_height=True))
    assert surface(1000, 2000).page(foot=0.5, top=0.75) == pytest.approx((29, 1000, 942, 500))
    assert surface(1000, 2000).plate(0.25, 0.5) == pytest.approx((29, 500, 943, 500))


def test_a_share_is_of_the_width_or_of_the_height():
    assert (surface(1000, 2000).x(0.25), surface(1000, 2000).y(0.25)) == (250, 500)
    assert [surface(*size).is_upright for size in ((1000, 2000), (2000, 1000), (900, 900))] == [True, False, False]


@pytest.mark.parametrize(("size", "side"), [((1000, 1000), 320), ((2000, 500), 280)])  # of the width; of the height
def test_three_columns_are_two_squares_and_a_box(size, side):
    width, height = size
    picture, neurons, classes = three_columns(surface(*size))
    assert picture == pytest.approx((0.029 * width, 0.825 * height - side, side, side))
    assert neurons == pytest.approx((0.377 * width, 0.825 * height - side, side, side))
    assert classes == pytest.approx((0.726 * width, 0.265 * height, 0.245 * width, 0.56 * height))
