"""Drawing on a pad: ink where the hand was, at once; undo, redo and clear to the byte."""

import math

import numpy as np
import pytest

from neuralscope.visualizer.session import strokes as module
from neuralscope.visualizer.session.strokes import Strokes

SIDE = 280


def draw(pad, points, width=0.08, erases=False):
    pad.begin(*points[0], width, erases)
    for point in points[1:]:
        pad.move(*point)
    pad.end()


def circle(count, radius=0.3):
    return [(0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle))
            for angle in np.linspace(0, 2 * math.pi, count + 1)]


def ink(pad):
    """Return the area of the ink in pixels."""
    return pad.picture.sum() / 255


def reached(pad, points):
    """Say of each point whether the ink is full there."""
    return [pad.picture[int(y * SIDE), int(x * SIDE)] == 255 for x, y in points]


def script(rng, count):
    """Return strokes at random: points, width and whether they erase."""
    for _ in range(count):
        steps = rng.normal(0, 0.05, (int(rng.integers(6)), 2))
        points = np.cumsum([rng.uniform(-0.1, 1.1, 2), *steps], axis=0)
        yield points.tolist(), rng.uniform(0, 0.15), bool(rng.integers(3) == 0)


@pytest.mark.parametrize(("end", "width"), [((0.8, 0.5), 0.08), ((0.25, 0.85), 0.08), ((0.7, 0.71), 0.02),
                                            ((0.35, 0.5), 0.2)])
def test_a_straight_stroke_covers_its_width_times_its_length_and_two_half_discs(end, width):
    pad = Strokes(SIDE)
    draw(pad, [(0.3, 0.5), end], width)
    length, wide = math.dist((0.3, 0.5), end) * SIDE, width * SIDE
    assert ink(pad) == pytest.approx(length * wide + math.pi * wide**2 / 4, rel=0.02)
    rows, columns = np.indices(pad.picture.shape) + 0.5
    centre = (rows * pad.picture).sum() / pad.picture.sum(), (columns * pad.picture).sum() / pad.picture.sum()
    assert centre == pytest.approx(((0.5 + end[1]) / 2 * SIDE, (0.3 + end[0]) / 2 * SIDE), abs=0.05)


@pytest.mark.parametrize("width", [0.02, 0.1, 0.5])
def test_a_dot_is_round(width):
    pad = Strokes(SIDE)
    draw(pad, [(0.5, 0.4)], width)
    distance = np.hypot(*(np.indices(pad.picture.shape) + 0.5 - np.reshape((0.4 * SIDE, 0.5 * SIDE), (2, 1, 1))))
    assert (pad.picture[distance < width * SIDE / 2 - 0.5] == 255).all()
    assert not pad.picture[distance > width * SIDE / 2 + 0.5].any()
    assert ink(pad) == pytest.approx(math.pi * (width * SIDE / 2) ** 2, rel=0.02)


def test_rims_are_antialiased():
    pad = Strokes(SIDE)
    draw(pad, [(0.21, 0.2), (0.83, 0.66)])
    assert len(np.unique(pad.picture)) > 100


def test_no_stroke_is_thinner_than_a_pixel():
    pad = Strokes(SIDE)
    draw(pad, [(0.2, 0.5), (0.7, 0.5)], 0)
    assert ink(pad) == pytest.approx(0.5 * SIDE, rel=0.02)


def test_x_runs_to_the_right_and_y_down():
    pad = Strokes(100)
    draw(pad, [(0.9, 0.2)], 0.05)
    rows, columns = np.nonzero(pad.picture)
    assert (rows.mean(), columns.mean()) == pytest.approx((19.5, 89.5))


@pytest.mark.parametrize(("count", "deviation"), [(8, 0.012), (12, 0.005), (200, 0.003)])
def test_few_points_of_a_fast_hand_make_a_circle_not_a_polygon(count, deviation):
    pad = Strokes(SIDE)
    draw(pad, circle(count), 0.02)
    rows, columns = np.nonzero(pad.picture > 127)
    distance = np.hypot(rows + 0.5 - SIDE / 2, columns + 0.5 - SIDE / 2) / (0.3 * SIDE)
    half = 0.01 / 0.3
    assert 1 - half - deviation < distance.min()
    assert distance.max() < 1 + half + deviation


@pytest.mark.parametrize("smoothing", [0, 0.5, 1])
def test_a_hand_seen_often_or_seldom_draws_the_same(smoothing):
    pads = []
    for count in (24, 300):
        pad = Strokes(SIDE)
        pad.smoothing = smoothing
        draw(pad, circle(count))
        pads.append(pad.picture.astype(float))
    assert np.abs(pads[0] - pads[1]).sum() < 0.05 * pads[1].sum()


@pytest.mark.parametrize("smoothing", [0, 0.5, 1])
@pytest.mark.parametrize("count", [8, 100])
def test_the_last_point_is_in_the_picture_at_once_and_lifting_the_pen_changes_nothing(smoothing, count):
    pad = Strokes(SIDE)
    pad.smoothing = smoothing
    points = circle(count)
    pad.begin(*points[0], 0.04)
    for point in points[1:]:
        pad.move(*point)
        assert reached(pad, [point]) == [True]
    before = pad.picture.copy()
    pad.end()
    np.testing.assert_array_equal(pad.picture, before)


def test_the_provisional_end_is_replaced_and_the_way_to_it_hardly_moves():
    pad, points = Strokes(SIDE), circle(40)
    pad.begin(*points[0], 0.08)
    worst = 0
    for point in points[1:]:
        before = pad.picture.astype(int)
        pad.move(*point)
        worst = max(worst, (before - pad.picture).clip(0).sum() / 255)
    assert worst < 2  # pixels of ink taken away; the stroke has 22 pixels across
    pad.clear()
    pad.begin(0.5, 0.1, 0.02)  # up to the top, straight down, and off at a right angle
    pad.move(0.5, 0.7)
    straight = pad.picture.copy()
    pad.move(0.9, 0.9)
    gone = (straight > 0) & (pad.picture == 0)
    assert gone.any()  # the straight piece became the beginning of a curve


def test_smoothing_steadies_a_shaky_hand_and_keeps_its_last_place():
    rng = np.random.default_rng(3)
    hand = [(x, 0.5 + rng.normal(0, 0.006)) for x in np.linspace(0.1, 0.9, 160)]
    roughness, spread = [], []
    for smoothing in (0, 0.4, 1):
        pad = Strokes(SIDE)
        pad.smoothing = smoothing
        draw(pad, hand, 0.04)
        assert reached(pad, hand[-1:]) == [True]
        middle = np.argmax(pad.picture > 127, axis=0)[40:230]  # the upper rim
        roughness.append(np.abs(np.diff(middle)).sum())
        spread.append(middle.std())
    assert roughness[0] > 1.4 * roughness[1] > 4 * roughness[2]
    assert spread[0] > 1.4 * spread[1] > 2 * spread[2]


def test_smoothing_is_that_of_the_beginning():
    pads = [Strokes(SIDE), Strokes(SIDE)]
    for pad in pads:
        pad.begin(0.2, 0.2, 0.05)
    pads[1].smoothing = 1
    for point in circle(20):
        for pad in pads:
            pad.move(*point)
    np.testing.assert_array_equal(pads[0].picture, pads[1].picture)


def test_crossing_ink_does_not_add_up():
    pad = Strokes(SIDE)
    draw(pad, [(0.2, 0.2), (0.8, 0.7)])
    once = pad.picture.copy()
    draw(pad, [(0.2, 0.2), (0.8, 0.7)])
    np.testing.assert_array_equal(pad.picture, once)


def test_the_eraser_takes_away_what_it_covers():
    pad, alone = Strokes(SIDE), Strokes(SIDE)
    draw(pad, [(0.2, 0.5), (0.8, 0.5)])
    before = pad.picture.copy()
    draw(pad, [(0.5, 0.2), (0.5, 0.8)], 0.1, erases=True)
    draw(alone, [(0.5, 0.2), (0.5, 0.8)], 0.1)
    np.testing.assert_array_equal(pad.picture, np.minimum(before, 255 - alone.picture))


def test_the_hand_may_leave_the_pad_and_come_back():
    pad, paper = Strokes(100), Strokes(200)
    points = [(0.5, 0.5), (1.2, 0.6), (1.3, 0.8), (0.6, 0.9), (0.2, 1.2)]
    draw(pad, points, 0.1)
    draw(paper, [(x / 2, y / 2) for x, y in points], 0.05)  # the same on paper that is large enough
    np.testing.assert_array_equal(pad.picture, paper.picture[:100, :100])


@pytest.mark.parametrize("far", [(1e300, 0.5), (-7, -9), (0.5, 1e9)])
def test_a_hand_far_away_does_no_harm(far):
    pad = Strokes(SIDE)
    draw(pad, [(0.5, 0.5), far, (0.6, 0.5)])
    assert reached(pad, [(0.5, 0.5), (0.6, 0.5)]) == [True, True]
    draw(pad, [far])
    assert len(pad) == 2


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_places_that_are_no_numbers_are_ignored(bad):
    pad, clean = Strokes(SIDE), Strokes(SIDE)
    for place in ((bad, 0.5, 0.1), (0.5, bad, 0.1), (0.5, 0.5, bad)):
        pad.begin(*place)
        assert not pad.drawing
    assert pad.empty
    pad.begin(0.2, 0.2, 0.1)
    for place in ((0.5, 0.5), (bad, 0.1), (0.1, bad), (0.9, 0.3)):
        pad.move(*place)
    pad.end()
    draw(clean, [(0.2, 0.2), (0.5, 0.5), (0.9, 0.3)], 0.1)
    np.testing.assert_array_equal(pad.picture, clean.picture)


@pytest.mark.parametrize("smoothing", [0, 1])
def test_points_on_top_of_each_other_are_as_good_as_one(smoothing):
    pad, once = Strokes(SIDE), Strokes(SIDE)
    pad.smoothing = once.smoothing = smoothing
    draw(pad, [(0.0, 0.0), (0.0, 0.0), (1e-200, 0.0), (0.0, 1e-12), (0.4, 0.4), (0.4, 0.4)])
    draw(once, [(0.0, 0.0), (0.4, 0.4)])
    np.testing.assert_array_equal(pad.picture, once.picture)


def test_two_buttons_at_once_make_two_strokes():
    pad = Strokes(SIDE)
    pad.begin(0.2, 0.5, 0.1)
    pad.move(0.6, 0.5)
    pad.begin(0.4, 0.2, 0.1, erases=True)
    pad.move(0.4, 0.8)
    pad.end()
    pad.end()
    assert len(pad) == 2
    assert reached(pad, [(0.2, 0.5), (0.4, 0.5)]) == [True, False]


def test_nothing_happens_without_a_stroke():
    pad = Strokes(SIDE)
    pad.move(0.5, 0.5)
    pad.end()
    pad.clear()
    assert not pad.undo()
    assert not pad.redo()
    assert (len(pad), pad.empty, pad.drawing) == (0, True, False)


def test_what_there_is_is_counted():
    pad = Strokes(SIDE)
    for count in (1, 2, 3):
        pad.begin(0.5, 0.3 * count, 0.1, erases=count == 2)
        assert (len(pad), pad.drawing, pad.empty) == (count, True, False)
        pad.end()
        assert (len(pad), pad.drawing) == (count, False)
    pad.clear()
    assert (len(pad), pad.empty) == (0, True)
    assert pad.undo()
    assert (len(pad), pad.empty) == (3, False)
    draw(pad, [(0.5, 0.5)], 3, erases=True)
    assert (len(pad), pad.empty) == (4, True)


@pytest.mark.parametrize("action", ["undo", "redo", "clear"])
def test_a_stroke_going_on_ends_first(action):
    pad = Strokes(SIDE)
    draw(pad, [(0.2, 0.2), (0.2, 0.8)])
    pad.undo()
    pad.begin(0.5, 0.5, 0.1)
    pad.move(0.7, 0.5)
    drawn = pad.picture.copy()
    getattr(pad, action)()
    assert not pad.drawing
    pad.move(0.9, 0.9)
    assert pad.empty == (action != "redo")
    if action == "undo":
        assert pad.redo()
    elif action == "clear":
        assert pad.undo()
    np.testing.assert_array_equal(pad.picture, drawn)


def test_a_thousand_strokes_are_undone_and_redone_to_the_byte():
    rng, pad = np.random.default_rng(0), Strokes(140)
    pictures = [pad.picture.copy()]
    for points, width, erases in script(rng, 1000):
        if rng.integers(100) == 0 and len(pad):
            pad.clear()
        else:
            draw(pad, points, width, erases)
        pictures.append(pad.picture.copy())
    for picture in pictures[-2::-1]:
        assert pad.undo()
        np.testing.assert_array_equal(pad.picture, picture)
    assert not pad.undo()
    for picture in pictures[1:]:
        assert pad.redo()
        np.testing.assert_array_equal(pad.picture, picture)
    assert not pad.redo()


def test_drawing_undoing_redoing_and_clearing_at_random_is_a_history():
    rng, pad = np.random.default_rng(1), Strokes(100)
    past, future = [(pad.picture.copy(), 0)], []
    for points, width, erases in script(rng, 1000):
        action = rng.choice(["draw", "undo", "redo", "clear"], p=[0.5, 0.25, 0.2, 0.05])
        if action == "draw" or (action == "clear" and past[-1][1]):
            if action == "draw":
                draw(pad, points, width, erases)
            else:
                pad.clear()
            past.append((pad.picture.copy(), past[-1][1] + 1 if action == "draw" else 0))
            future.clear()
        elif action == "undo":
            assert pad.undo() == (len(past) > 1)
            if len(past) > 1:
                future.append(past.pop())
        elif action == "redo":
            assert pad.redo() == bool(future)
            if future:
                past.append(future.pop())
        np.testing.assert_array_equal(pad.picture, past[-1][0])
        assert len(pad) == past[-1][1]


def test_the_oldest_strokes_can_no_longer_be_undone_where_memory_is_short(monkeypatch):
    monkeypatch.setattr(module, "MAX_HISTORY_BYTES", 30_000)
    rng, pad = np.random.default_rng(0), Strokes(SIDE)
    pictures = {0: pad.picture.copy()}
    for points, width, erases in script(rng, 150):
        draw(pad, points, width, erases)
        pictures[len(pad)] = pad.picture.copy()
    assert len(pad) == 150
    while pad.undo():
        np.testing.assert_array_equal(pad.picture, pictures[len(pad)])
    assert 50 < len(pad) < 150
    pad.clear()
    assert pad.empty
    assert pad.undo()
    assert not pad.empty


def test_the_picture_is_one_array_that_only_the_hand_changes():
    pad = Strokes(64)
    picture = pad.picture
    assert (picture.shape, picture.dtype) == ((64, 64), np.uint8)
    with pytest.raises(ValueError, match="read-only"):
        picture[0, 0] = 1
    draw(pad, [(0.5, 0.5)])
    assert pad.picture is picture
    assert picture[32, 32] == 255
