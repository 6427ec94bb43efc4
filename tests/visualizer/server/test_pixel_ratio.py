"""How many pixels a window has: fewer while its frames are slow, as many as asked for once they are cheap."""

import pytest

from neuralscope.visualizer.server.pixel_ratio import (
    CHEAP_FRAME_S,
    CHEAP_FRAMES,
    PIXEL_SHARES,
    SLOW_FRAME_S,
    SLOW_FRAMES,
    PixelRatio,
)

SLOW, MIDDLING, CHEAP = 1000, 0.07, 0.01


def frames(ratio, seconds, count):
    """Let so many frames take so long; return how often the ratio changed."""
    return sum(ratio.add_frame(seconds) for _ in range(count))


@pytest.fixture
def ratio():
    """Return a PixelRatio of which 2 is asked for and the first frame was shown."""
    made = PixelRatio()
    made.ask(2)
    made.add_frame(SLOW)
    return made


def test_it_is_what_the_page_asks_for_while_frames_are_quick_enough(ratio):
    assert not frames(ratio, MIDDLING, 100)
    assert not frames(ratio, CHEAP, 100)
    assert ratio.value == 2


def test_it_falls_with_slow_frames_to_a_bound_and_rises_with_cheap_ones(ratio):
    for share in PIXEL_SHARES[1:]:
        assert frames(ratio, SLOW, SLOW_FRAMES) == 1
        assert ratio.value == pytest.approx(2 * share)
        assert not ratio.add_frame(SLOW)  # the first one renders all text anew
    assert not frames(ratio, SLOW, 10)
    assert not frames(ratio, MIDDLING, 100)
    for share in PIXEL_SHARES[-2::-1]:
        assert frames(ratio, CHEAP, CHEAP_FRAMES) == 1
        assert ratio.value == pytest.approx(2 * share)
        ratio.add_frame(SLOW)


def test_one_slow_frame_or_a_few_cheap_ones_change_nothing(ratio):
    for _ in range(10):
        assert not frames(ratio, SLOW, SLOW_FRAMES - 1) + frames(ratio, MIDDLING, 1)
    frames(ratio, SLOW, SLOW_FRAMES)
    for _ in range(10):
        assert not frames(ratio, CHEAP, CHEAP_FRAMES - 1) + frames(ratio, MIDDLING, 1)


def test_a_page_of_another_size_begins_where_the_one_before_was(ratio):
    frames(ratio, SLOW, SLOW_FRAMES)
    ratio.ask(1)
    assert ratio.value == PIXEL_SHARES[1]
    assert not ratio.add_frame(SLOW)
    assert frames(ratio, SLOW, SLOW_FRAMES) == 1


def test_a_change_from_cheap_to_slow_and_back_is_no_swing():
    """A step up doubles the pixels: what was cheap before it is not slow after it."""
    steps = [(PIXEL_SHARES[level] / PIXEL_SHARES[level + 1]) ** 2 for level in range(len(PIXEL_SHARES) - 1)]
    assert CHEAP_FRAME_S * max(steps) < SLOW_FRAME_S
