"""How the network in space is looked at."""

import pytest

from neuralscope.visualizer.session.camera import COUNTS, FARTHEST, NEAREST, STEEPEST, Gaze, Hold


def test_turning_goes_round_and_stops_before_it_stands_on_its_head():
    gaze = Gaze()
    begun = gaze.angles
    for _ in range(36):
        gaze.turn(10, 7)
    assert gaze.angles == (pytest.approx(begun[0]), STEEPEST)
    gaze.turn(0, -500)
    assert gaze.angles[1] == -STEEPEST
    gaze.reset()
    assert gaze.angles == begun


@pytest.mark.parametrize("factor", [1.2, 0.7])
def test_coming_closer_leaves_the_point_where_it_is(factor):
    gaze, point = Gaze(), (120.0, -40.0)
    gaze.move(15, 5)
    before = [(at - moved) / gaze.zoom for at, moved in zip(point, gaze.moved, strict=True)]
    gaze.come(factor, *point)
    assert gaze.zoom == pytest.approx(factor)
    assert [(at - moved) / gaze.zoom for at, moved in zip(point, gaze.moved, strict=True)] == pytest.approx(before)


def test_it_comes_neither_too_close_nor_too_far():
    gaze = Gaze()
    for factor, end in ((2, NEAREST), (0.5, FARTHEST)):
        for _ in range(9):
            gaze.come(factor)
        assert gaze.zoom == end


@pytest.mark.parametrize("gaps", [1, 2, 3, 4, 5])
def test_as_many_connections_are_drawn_as_is_usual_until_others_are_asked_for(gaps):
    gaze = Gaze()
    assert 100 <= gaps * gaze.shown(gaps) <= 375
    while gaze.step(gaps, 1):
        pass
    assert gaze.shown(gaps) == COUNTS[-1]
    while gaze.step(gaps, -1):
        pass
    assert gaze.shown(gaps) == COUNTS[0]


def test_the_first_button_turns_and_others_move():
    gaze = Gaze()
    yaw, pitch = gaze.angles
    hold = Hold(gaze, 100, 100, 1)
    hold.drag(102, 101)
    assert hold.is_click
    assert gaze.angles == (yaw, pitch)
    hold.drag(150, 120)
    hold.release()
    assert not hold.is_click
    assert gaze.angles[0] > yaw
    assert gaze.angles[1] < pitch
    angles, hold = gaze.angles, Hold(gaze, 100, 100, 3)
    hold.drag(150, 120)
    assert not hold.is_click
    assert gaze.angles == angles
    assert gaze.moved == (50, 20)
