"""How the network in space is looked at."""

import pytest

from neuralscope.visualizer.session.camera import (
    CONNECTION_COUNTS,
    MAX_PITCH_DEGREES,
    MAX_ZOOM,
    MIN_ZOOM,
    Camera,
    CameraDrag,
)


def test_turning_goes_round_and_stops_before_it_stands_on_its_head():
    camera = Camera()
    begun = camera.angles
    for _ in range(36):
        camera.turn(10, 7)
    assert camera.angles == (pytest.approx(begun[0]), MAX_PITCH_DEGREES)
    camera.turn(0, -500)
    assert camera.angles[1] == -MAX_PITCH_DEGREES
    camera.reset()
    assert camera.angles == begun


@pytest.mark.parametrize("factor", [1.2, 0.7])
def test_coming_closer_leaves_the_point_where_it_is(factor):
    camera, point = Camera(), (120.0, -40.0)
    camera.move(15, 5)
    before = [(at - moved) / camera.zoom for at, moved in zip(point, camera.offset, strict=True)]
    camera.zoom_by(factor, *point)
    assert camera.zoom == pytest.approx(factor)
    assert [(at - moved) / camera.zoom for at, moved in zip(point, camera.offset, strict=True)] == pytest.approx(before)


def test_it_comes_neither_too_close_nor_too_far():
    camera = Camera()
    for factor, end in ((2, MAX_ZOOM), (0.5, MIN_ZOOM)):
        for _ in range(9):
            camera.zoom_by(factor)
        assert camera.zoom == end


@pytest.mark.parametrize("gaps", [1, 2, 3, 4, 5])
def test_as_many_connections_are_drawn_as_is_usual_until_others_are_asked_for(gaps):
    camera = Camera()
    assert 100 <= gaps * camera.connection_count(gaps) <= 375
    while camera.step(gaps, 1):
        pass
    assert camera.connection_count(gaps) == CONNECTION_COUNTS[-1]
    while camera.step(gaps, -1):
        pass
    assert camera.connection_count(gaps) == CONNECTION_COUNTS[0]


def test_the_first_button_turns_and_others_move():
    camera = Camera()
    yaw, pitch = camera.angles
    hold = CameraDrag(camera, 100, 100, 1)
    hold.drag(102, 101)
    assert hold.is_click
    assert camera.angles == (yaw, pitch)
    hold.drag(150, 120)
    hold.release()
    assert not hold.is_click
    assert camera.angles[0] > yaw
    assert camera.angles[1] < pitch
    angles, hold = camera.angles, CameraDrag(camera, 100, 100, 3)
    hold.drag(150, 120)
    assert not hold.is_click
    assert camera.angles == angles
    assert camera.offset == (50, 20)
