"""Colours and colormaps."""

from itertools import combinations

import numpy as np
import pytest

from neuralscope.visualizer.drawing.theme import THEMES, color_values, oklab, rgb

ON_GROUND = ("text", "muted", "accent", "positive", "negative", "right", "wrong")


def hexes(table, indices):
    return ["#{:02x}{:02x}{:02x}".format(*tuple(table[index][:3])) for index in indices]


def contrast(one, other):
    """WCAG 2.1 contrast ratio."""
    def luminance(color):
        part = np.array(rgb(color)) / 255
        return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
    high, low = sorted((luminance(one) + 0.05, luminance(other) + 0.05), reverse=True)
    return high / low


def test_the_activation_map_has_the_colours_it_was_designed_with():
    quarters = hexes(THEMES["dark"].activations, (0, 64, 128, 191, 255))
    wanted = ["#22262e", "#54356f", "#ad4c88", "#ed925d", "#fff2af"]
    for color, want in zip(quarters, wanted, strict=True):
        assert np.abs(np.subtract(rgb(color), rgb(want))).max() <= 6, (color, want)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_map_begins_at_zero_and_the_signed_one_has_it_in_the_middle(theme):
    assert hexes(theme.ink, [0]) == hexes(theme.activations, [0]) == hexes(theme.signed, [255]) == [theme.zero]
    assert len(theme.signed) == 511


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("name", ["ink", "activations"])
def test_lightness_changes_one_way_and_evenly(theme, name):
    lab = np.array([oklab(color) for color in hexes(getattr(theme, name), range(0, 256, 15))])
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    assert len(set(np.sign(np.diff(lab[:, 0])))) == 1
    assert steps.max() / steps.mean() < 1.25  # 16 % by the design; eight bits a channel add their rounding


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_both_arms_of_the_signed_map_are_equally_light(theme):
    for reach in range(40, 256, 40):
        low, high = (oklab(color)[0] for color in hexes(theme.signed, (255 - reach, 255 + reach)))
        assert abs(low - high) < 0.03


def test_every_text_colour_can_be_read():
    assert not [(name, role, ground) for name, theme in THEMES.items() for role in ON_GROUND
                for ground in (theme.background, theme.panel) if contrast(getattr(theme, role), ground) < 4.5]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_colours_that_mean_something_differ(theme):
    for one, other in combinations(("positive", "negative", "right", "wrong", "accent"), 2):
        assert np.linalg.norm(oklab(getattr(theme, one)) - oklab(getattr(theme, other))) > 0.1


def test_looking_up_puts_zero_first_the_top_last_and_cuts_what_lies_outside():
    table = THEMES["dark"].activations
    found = color_values(table, [[0, 2, 4], [-1, 5, 1e30]], top=4)
    assert (found[0] == table[[0, 128, 255]]).all()
    assert (found[1] == table[[0, 255, 255]]).all()
    assert (color_values(table, [0.0, 0.0], top=0) == table[0]).all()


def test_looking_up_a_signed_value_puts_zero_in_the_middle_and_both_arms_alike():
    table = THEMES["dark"].signed
    found = color_values(table, [[-4, 0, 4], [-1e30, -0.0, 1e30]], top=4, signed=True)
    assert (found == table[[0, 255, 510]]).all()
    sizes = np.linspace(0, 4, 1021)  # halves between two colours among them
    high, low = (color_values(np.arange(-255, 256), side, top=4, signed=True) for side in (sizes, -sizes))
    assert (high == -low).all()
    assert (color_values(table, [1.0, -1.0], top=0, signed=True) == table[255]).all()
