"""The signal's way, played."""

from itertools import pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neuralscope.visualizer.app.playback import PLAYBACK_S, SignalPlayback


@pytest.fixture
def playing():
    """Return a Passage that plays, the list whose last number is its clock's, and what it told."""
    now, told = [5.0], []
    passage = SignalPlayback(FigureCanvasAgg(Figure()), lambda: told.append(now[-1]), clock=lambda: now[-1])
    passage.start()
    return passage, now, told


def test_it_goes_through_the_gaps_one_after_the_other(playing):
    passage, now, _ = playing
    before = [0.0] * 6
    for step in range(61):
        now.append(5 + PLAYBACK_S * step / 60)
        grown, lit = passage.lights(3)
        along = [light for pair in zip(grown, lit, strict=True) for light in pair]
        assert all(0 <= light <= 1 for light in along)
        assert all(one <= other for one, other in zip(before, along, strict=True))
        for reached, behind in pairwise(along):
            assert reached == 1 or behind == 0  # no layer lights up before the lines have arrived
        before = along
    assert before == pytest.approx([1.0] * 6)


def test_it_stops_by_itself_and_everything_is_lit(playing):
    passage, now, told = playing
    now.append(5 + 0.5 * PLAYBACK_S)
    passage.on_timer()
    assert passage.playing
    now.append(5 + 1.01 * PLAYBACK_S)
    passage.on_timer()
    assert not passage.playing
    assert told == now[1:]
    assert passage.lights(2) == ([1.0, 1.0], [1.0, 1.0])
    assert not passage.stop()


def test_it_can_be_stopped(playing):
    passage, _, _ = playing
    stopped = []
    passage.timer.stop = lambda: stopped.append(True)
    assert passage.stop()
    assert stopped
    assert not passage.playing
    assert passage.lights(1) == ([1.0], [1.0])
