"""Tests of the colour key: its width in whole pixels, its colours, and the numbers that fit below it."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from neuralscope.visualizer.drawing.surface import Surface
from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.widgets.color_key import ColorKey
from neuralscope.visualizer.widgets.panel import Panel

THEME = THEMES["dark"]


@pytest.fixture
def key():
    return ColorKey(Panel(Surface(Figure(figsize=(14, 8), dpi=100), THEME)))


def test_a_key_of_activations_begins_with_zero_and_ends_with_the_last_colour(key):
    key.place(100, 300, 80.3, THEME.activations)
    assert key.bar.bounds() == pytest.approx((100, 294, 80, 6))
    assert key.bar.cells.shape == (6, 80, 4)
    assert (key.bar.cells[:, 0] == THEME.activations[0]).all()
    assert (key.bar.cells[:, -1] == THEME.activations[-1]).all()
    assert [line.x for line in (key.low, key.middle, key.top)] == [100, 140, 180]
    assert {line.y for line in (key.low, key.middle, key.top)} == {279}


def test_a_signed_key_has_zero_in_the_middle_and_may_end_at_a_position(key):
    key.place(500, 300, 80, THEME.signed, signed=True, align="right")
    assert key.bar.bounds() == pytest.approx((419, 294, 81, 6))  # an odd number of columns
    assert (key.bar.cells[0, [0, 40, 80]] == THEME.signed[[0, 255, 510]]).all()
    key.fill(THEME.activations, False, end=5.0)
    assert (key.bar.cells[0, [0, 80]] == THEME.activations[[0, 255]]).all()
    assert key.bar.cells.shape == (6, 81, 4)


@pytest.mark.parametrize(("width", "signed", "full", "wanted"), [
    (200, False, False, ["0", "", "2.5"]), (200, False, True, ["0", "", "≥ 2.5"]),
    (200, True, False, ["−2.5", "0", "+2.5"]), (200, True, True, ["≤ −2.5", "0", "≥ +2.5"]),
    (70, True, False, ["−2.5", "", "+2.5"]),
    (40, True, False, ["", "", "±2.5"]), (40, True, True, ["", "", "±2.5 full"]),
])
def test_numbers_leave_where_they_do_not_fit(key, width, signed, full, wanted):
    key.place(0, 100, width, THEME.signed, signed)
    key.label("2.5", signed, full)
    assert [line.text for line in (key.low, key.middle, key.top)] == wanted


def test_a_key_of_a_screen_with_finer_pixels_has_more_columns():
    panel = Panel(Surface(Figure(figsize=(14, 8), dpi=200), THEME))
    key = ColorKey(panel)
    key.place(0, 100, 50, THEME.activations)
    assert key.bar.cells.shape == (12, 100, 4)
    assert np.allclose(key.bar.bounds(), (0, 94, 50, 6))
    assert list(key.artists) == panel.artists
