"""The keyboard's cursor: it goes through every panel, and says and does what the mouse does."""

import pytest

from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.views.draw.pad import Pad
from tests.helpers.networks import model_of
from tests.helpers.views import cell_centre


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.title)
def test_tab_goes_through_all_panels_and_back_and_mouse_and_cursor_agree(
        open_window, press, mouse, studied, view):
    window = open_window(analysis=studied)
    press(window, view.key, "escape" if window.view.focus else "f12")
    parts = [part for part in window.view.parts() if part.grid(window.session)]
    first = window.view.focus.panel if window.view.focus else parts[-1]
    start = parts.index(first)
    assert len(parts) >= 2 or view.title == "check-up"  # what a check was found by is there once it is done
    for count in range(1, len(parts) + 1):
        press(window, "tab")
        panel = window.view.focus.panel
        assert panel is parts[(start + count) % len(parts)]
        said, ring = window.readout.line.text, window.readout.ring.around
        assert said
        if isinstance(panel, Pad):
            continue  # what is under the mouse there is drawn on
        point = cell_centre(panel, window.session, window.view.focus.cell, ring)
        assert point, type(panel)
        mouse(window, *point)
        assert (window.readout.line.text, window.readout.ring.around) == (said, ring)
    press(window, "shift+tab")
    assert window.view.focus.panel is parts[(start - 1) % len(parts)]


@pytest.mark.parametrize("spelled", ["shift+iso_left_tab", "shift+backtab", "shift+tab"])
def test_shift_tab_as_the_toolkits_spell_it(open_window, press, spelled):
    window = open_window()
    press(window, "tab", "tab", spelled)
    assert window.view.focus.panel is window.view.parts()[0]


def test_arrows_move_within_the_picture_and_not_over_its_edge(open_window, press):
    window = open_window()
    press(window, "tab")
    assert window.view.focus.cell == (14, 14)
    press(window, "up", "left", "left")
    assert window.view.focus.cell == (13, 12)
    assert "pixel row 13, column 12" in window.readout.line.text
    press(window, *["left"] * 30, *["down"] * 30)
    assert window.view.focus.cell == (27, 0)
    assert window.session.index == 7  # no arrow went on to another digit
    press(window, "escape", "right")
    assert window.view.focus is None
    assert window.session.index != 7


def test_enter_chooses_and_once_more_opens(open_window, press):
    window = open_window()
    press(window, "tab", "tab", "down", "enter")
    sheet = window.view.hidden.sheets[0]
    neuron = sheet.neuron_at(*window.view.focus.cell)
    assert window.session.selection.is_selected(0, neuron)
    press(window, "enter")
    assert window.view.title == "neuron"
    press(window, "escape", "tab", "tab", "tab")
    chosen = window.view.focus.cell[0]
    assert chosen == window.session.selected_class
    press(window, "down" if chosen < 9 else "up", "enter")
    assert window.session.selected_class == window.view.focus.cell[0] != chosen
    press(window, "enter")
    assert window.view.title == "why"


def test_the_mouse_takes_over_and_the_keys_take_it_back(open_window, press, mouse):
    window = open_window()
    press(window, "tab")
    left, bottom, *_ = window.view.digit.picture.cell_bounds(3, 3)
    mouse(window, left + 1, bottom + 1)
    assert "row 3, column 3" in window.readout.line.text
    press(window, "up")
    assert "row 13, column 14" in window.readout.line.text
    mouse(window, 2, 2)
    assert "row 13, column 14" in window.readout.line.text  # on nothing: the cursor counts


def test_a_cursor_stays_inside_what_becomes_smaller(open_window, press, shipped):
    window = open_window(model_of(shipped, 20))
    press(window, "w", "tab", "tab", "tab", "tab", "tab", *["down"] * 20)
    assert window.view.focus.panel is window.view.attribution_table
    for neuron in range(20):
        window.session.ablation.toggle(0, neuron)
    window.refresh()
    assert window.view.focus.clamped_cell() == (len(window.view.attribution_table.steps), 0)
    assert window.readout.line.text
