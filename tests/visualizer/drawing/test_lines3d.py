"""Lines and discs that glow."""

import numpy as np
import pytest

from neuralscope.visualizer.drawing.lines3d import Dots, Lines3D

ROOM = 10, 10, 160, 80


def drawn(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].astype(int)


@pytest.fixture
def strands(figure):
    """Return three lines: a red one over a blue one, both level, and a faint green one that leaves the room."""
    made = figure.add_artist(Lines3D())
    made.room = ROOM
    ends = np.array([[[20.0, 50], [150, 50]], [[20, 50], [150, 50]], [[100, 20], [195, 20]]])
    made.set_lines(ends, np.array([[0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 0.5]]), np.array([2.0, 2, 2]))
    return made


def test_the_last_lies_on_top_and_all_glow_and_none_leaves_the_room(figure, strands):
    shown = drawn(figure)
    assert tuple(shown[50, 80]) == pytest.approx((255, 0, 0), abs=40)
    assert 0 < shown[53, 80, 0] < 100
    assert (shown[60:, :] == 0).all()
    assert 90 < shown[20, 140, 1] < 170
    assert (shown[:, 171:] == 0).all()


def test_a_dashed_one_has_gaps_and_glows_all_along(figure, strands):
    strands.set_lines(strands.ends[:2], strands.colors[[1, 1]], strands.widths[:2], np.array([True, True]))
    reds = drawn(figure)[50, 22:148, 0]
    assert reds.max() > 200
    assert 20 < np.count_nonzero(reds < 100) < 60
    assert reds.min() > 0


def test_they_grow_from_their_first_end(figure, strands):
    strands.light = 0.5
    shown = drawn(figure)
    assert shown[50, 80, 0] > 200
    assert (shown[50, 90:] == 0).all()
    strands.light = 0
    assert (drawn(figure) == 0).all()


def test_a_point_finds_the_closest_line_within_reach_and_inside_the_room(strands):
    assert strands.nearest_line(60, 51, 4) in (0, 1)
    assert strands.nearest_line(60, 56, 4) is None
    assert strands.nearest_line(153, 50, 4) in (0, 1)
    assert strands.nearest_line(156, 50, 4) is None
    assert strands.nearest_line(150, 22, 4) == 2
    assert strands.nearest_line(180, 20, 4) is None
    strands.set_lines(np.zeros((0, 2, 2)), np.zeros((0, 4)), np.zeros(0))
    assert strands.nearest_line(60, 50, 4) is None


def test_a_disc_is_as_large_and_glows_as_it_should(figure):
    dots = figure.add_artist(Dots())
    dots.room = (0, 0, 200, 100)
    dots.set_dots(np.array([[50.0, 50], [150, 50]]), np.array([6.0, 6]), np.ones((2, 3)), np.array([0.0, 1]))
    shown = drawn(figure)[..., 0]
    assert shown[50, 50] == shown[50, 150] == 255
    assert shown[50, 60] == 0
    assert 0 < shown[50, 165] < shown[50, 160] < 200
