"""Where the network stands in space, and how it is seen."""

import numpy as np
import pytest

from neuralscope.visualizer.drawing.projection import EYE_DISTANCE, Projection, Scene, map_points
from neuralscope.visualizer.session.camera import Camera

ROOM = 40, 180, 900, 450


@pytest.fixture(params=[[(28, 28)], [(28, 28), (16, 16)], [(28, 28), (8, 16), (32, 64), (6, 7), (1, 1)]], ids=len)
def space(request):
    return Scene(request.param, 10)


@pytest.fixture(params=[(-36, 11), (0, 0), (90, 0), (135, -85), (-179, 60)], ids=str)
def camera(request):
    made = Camera()
    made.angles = request.param
    return made


def test_all_of_it_is_in_the_room_from_wherever_it_is_seen_and_fills_it(space, camera):
    seen = Projection(camera, ROOM, space.corners()).project(space.corners())
    low, high = seen.min(axis=0), seen.max(axis=0)
    assert (low >= np.array(ROOM[:2]) - 1e-6).all()
    assert (high <= np.add(ROOM[:2], ROOM[2:]) + 1e-6).all()
    assert np.isclose(high - low, ROOM[2:]).any()
    assert (low + high) / 2 == pytest.approx(np.add(ROOM[:2], np.divide(ROOM[2:], 2)))


def test_it_comes_closer_around_the_middle_and_is_moved(space, camera):
    before = Projection(camera, ROOM, space.corners()).project(space.corners())
    camera.zoom_by(2.0)
    camera.move(30, -10)
    after = Projection(camera, ROOM, space.corners()).project(space.corners())
    middle = np.add(ROOM[:2], np.divide(ROOM[2:], 2))
    assert after == pytest.approx(2 * (before - middle) + middle + (30, -10))


def test_a_plane_shows_its_cells_where_the_points_in_space_are_seen(space, camera):
    projection = Projection(camera, ROOM, space.corners())
    for sheet, (rows, columns) in enumerate(space.shapes):
        cells = np.arange(rows * columns)
        row, column = np.divmod(cells, columns)
        middles = np.stack([column + 0.5, row + 0.5], axis=1)
        seen = projection.project(space.cells(sheet, cells))
        plane = projection.plane(space.frame(sheet))
        assert map_points(plane, middles) == pytest.approx(seen)
        if camera.angles not in ((0, 0), (-179, 60)):  # there one looks at the sheets' edges
            assert map_points(np.linalg.inv(plane), seen) == pytest.approx(middles, abs=1e-6)


def test_by_hand_from_the_front():
    """From the front x goes to the right, y up, and what is nearer by a quarter of the way is a third larger."""
    camera = Camera()
    camera.angles = 0, 0
    corners = np.array([[-1.0, -1, 0], [1, 1, 0]])
    projection = Projection(camera, (0, 0, 200, 200), corners)
    assert projection.project(np.array([[0.0, 0, 0], [0.5, 0.25, 0], [0.3, 0.6, EYE_DISTANCE / 4]])) == pytest.approx(
        np.array([[100, 100], [150, 125], [100 + 100 * 0.3 * 4 / 3, 100 + 100 * 0.6 * 4 / 3]]))


def test_the_digit_is_not_mirrored_at_first_and_stands_upright():
    space = Scene([(28, 28), (16, 16)], 10)
    projection = Projection(Camera(), ROOM, space.corners())
    first, right, below = projection.project(space.cells(0, np.array([0, 27, 27 * 28])))
    assert right[0] > first[0] + 50
    assert below[1] < first[1] - 50
    assert np.diff(projection.project(space.outputs)[:, 1]).max() < -10


def test_what_is_nearer_comes_later(space, camera):
    projection = Projection(camera, ROOM, space.corners())
    order = projection.order(space.layer_positions)
    distances = np.abs(space.layer_positions[order] - projection.eye[0])
    assert (np.diff(distances) <= 1e-9).all()
    assert sorted(order) == list(range(len(space.layer_positions)))
    turned = Camera()
    assert list(Projection(turned, ROOM, space.corners()).order(space.layer_positions)) == list(
        range(len(space.layer_positions))
    )
    turned.turn(180, 0)
    assert (
        list(Projection(turned, ROOM, space.corners()).order(space.layer_positions))
        == list(range(len(space.layer_positions)))[::-1]
    )


def test_the_eye_is_where_lines_of_sight_meet(camera):
    space = Scene([(28, 28), (16, 16)], 10)
    projection = Projection(camera, ROOM, space.corners())
    point = np.array([0.2, 0.3, -0.1])
    closer = projection.eye + 0.6 * (point - projection.eye)
    assert projection.project(point[None]) == pytest.approx(projection.project(closer[None]))


def test_a_narrow_room_brings_the_layers_together():
    wide, narrow = (Scene([(28, 28), (16, 16)], 10, aspect) for aspect in (3.0, 1.0))
    assert np.ptp(narrow.layer_positions) < 0.6 * np.ptp(wide.layer_positions)


@pytest.mark.parametrize("shape", [(28, 28), (8, 16), (16, 8), (1, 3)])
def test_the_longer_side_of_a_sheet_is_one(shape):
    corners = Scene([shape], 10).corners()[:4]
    assert np.ptp(corners, axis=0) == pytest.approx((0, shape[0] / max(shape), shape[1] / max(shape)))
