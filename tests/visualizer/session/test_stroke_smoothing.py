"""The way of a pen: a curve through the points, settled piece by piece."""

import numpy as np
import pytest

from neuralscope.visualizer.session.stroke_smoothing import MIN_SPACING_PIXELS, StrokeSmoother, catmull_rom


def follow(points, slack=0.0):
    """Return the whole way as it is at the end: what was settled, and the tail."""
    trail = StrokeSmoother(points[0], slack)
    settled = [point for hand in points[1:] for point in trail.follow(hand)]
    return settled, trail.tail()


@pytest.fixture
def hand():
    rng = np.random.default_rng(0)
    return np.cumsum(rng.normal(0, 12, 40) + 1j * rng.normal(0, 12, 40)).tolist()


def test_the_curve_goes_through_every_point_that_is_not_too_close(hand):
    settled, tail = follow(hand)
    way = settled + tail
    for point in hand:
        assert min(abs(point - other) for other in way) < MIN_SPACING_PIXELS
    assert way[0] == hand[0]
    assert way[-1] == pytest.approx(hand[-1])


def test_pieces_join_without_a_gap(hand):
    trail, last = StrokeSmoother(hand[0], 0), hand[0]
    for point in hand[1:]:
        settled = trail.follow(point)
        if settled:
            assert settled[0] == pytest.approx(last)
            last = settled[-1]
        assert trail.tail()[0] == pytest.approx(last)


def test_a_curve_turns_without_corners():
    settled, tail = follow([60 * np.exp(1j * angle) for angle in np.arange(0, 6, 0.7)])
    way = np.array([*settled, *tail])
    steps = np.diff(way)
    steps = steps[np.abs(steps) > 1e-9]
    turns = np.angle(steps[1:] / steps[:-1])
    assert np.abs(turns).max() < 0.25


@pytest.mark.parametrize("before", [None, -30 + 0j, -2 + 0j])
@pytest.mark.parametrize("after", [None, 60 + 0j, 90 + 0j])
def test_points_on_a_line_make_a_line(before, after):
    points = catmull_rom(before, 0j, 30 + 0j, after)
    assert points[-1] == pytest.approx(30)
    assert {point.imag for point in points} == {0}
    assert (np.diff(np.real(points)) > 0).all()
    assert len(points) == 1 or {before, after} & {-2, 90}  # pieces only where the speed changes


@pytest.mark.parametrize("close", [1e-9, 0.5])
def test_a_curve_does_not_loop_where_points_lie_unevenly(close):
    for before, after in ((-close, 50 + 40j), (-50 + 40j, 30 + close)):
        points = np.array([0, *catmull_rom(before + 0j, 0j, 30 + 0j, after + 0j)])
        assert (np.diff(points.real) > 0).all()
        assert np.abs(points.imag).max() < 8


def test_the_pen_follows_the_same_however_often_the_hand_is_seen():
    ways = []
    for count in (1, 7, 500):
        trail = StrokeSmoother(0j, 15.0)
        for goal, start in ((60, 0), (60 + 40j, 60)):
            for part in np.linspace(0, 1, count + 1)[1:]:
                trail.follow(start + part * (goal - start))
        ways.append(trail.pen)
    np.testing.assert_allclose(ways, ways[0])
    assert abs(ways[0] - (60 + 40j)) == pytest.approx(15, rel=0.1)  # as far behind as its slack


def test_a_pen_without_slack_is_where_the_hand_is(hand):
    trail = StrokeSmoother(hand[0], 0)
    for point in hand:
        trail.follow(point)
        assert trail.pen == point


def test_a_thousand_points_leave_four():
    trail = StrokeSmoother(0j, 0)
    for place in range(1000):
        trail.follow(complex(5 * place, place % 7))
    assert len(trail.knots) == 4
