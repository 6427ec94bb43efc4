"""The cursor's ring."""

import numpy as np

from neuralscope.visualizer.drawing.focus_ring import FocusRing, QuadBounds


def drawn(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


def test_the_ring_is_cased_and_leaves_the_cell_free(figure):
    figure.set_facecolor("#ffffff")
    ring = figure.add_artist(FocusRing("#ff0000", "#000000"))
    assert (drawn(figure) == 255).all()
    ring.around = (50, 40, 20, 20)
    shown = drawn(figure)
    assert (shown[42:58, 52:68] == 255).all()
    across = {tuple(map(int, color)) for color in shown[50, 40:50]}
    assert (255, 0, 0) in across
    assert (0, 0, 0) in across


def test_it_follows_the_edges_of_what_does_not_stand_upright_and_stays_in_its_room(figure):
    figure.set_facecolor("#ffffff")
    ring = figure.add_artist(FocusRing("#ff0000", "#000000"))
    corners = np.array([[40.0, 20], [80, 40], [80, 80], [40, 60]])
    ring.around = QuadBounds(corners, (0, 0, 200, 100))
    assert ring.around == (40, 20, 40, 60)
    shown = drawn(figure)
    for one, other in zip(corners, np.roll(corners, 1, axis=0), strict=True):
        x, y = (one + other) / 2
        assert tuple(map(int, shown[99 - int(y), int(x)])) == (255, 0, 0) or tuple(
            map(int, shown[100 - int(y), int(x) - 1])) == (255, 0, 0)
    assert (shown[48:52, 56:64] == 255).all()  # its middle stays free
    ring.around = QuadBounds(corners, (0, 0, 60, 100))
    assert (drawn(figure)[:, 61:] == 255).all()


def test_along_a_line_it_is_two_wide_and_cased(figure):
    figure.set_facecolor("#ffffff")
    ring = figure.add_artist(FocusRing("#ff0000", "#000000"))
    ring.around = QuadBounds(np.array([[40.0, 50], [160, 50]]), (0, 0, 200, 100))
    column = drawn(figure)[:, 100].astype(int)
    red = np.flatnonzero(column[:, 0] - column[:, 1] > 100)
    dark = np.flatnonzero(column.max(axis=1) < 130)
    assert len(red) in (2, 3)
    assert dark.min() < red.min()
    assert dark.max() > red.max()


def test_a_line_may_be_pointed_at_beside_its_middle():
    ends = np.array([[10.0, 10], [50, 30]])
    assert QuadBounds(ends, (0, 0, 100, 100)) == (10, 10, 40, 20)
    assert QuadBounds(ends, (0, 0, 100, 100), (20, 15)) == (19, 14, 2, 2)
