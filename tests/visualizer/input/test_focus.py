"""The keyboard's cursor: it goes through every panel, and says and does what the mouse does."""

import pytest

from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.views.draw.pad import Pad


def at(part, session, spot, ring):
    """Return a point at which the mouse finds a spot of a panel, or None: in the ring around it, else on a grid."""
    figure = part.painter
    if ring:
        point = ring[0] + ring[2] / 2, ring[1] + ring[3] / 2
        return point if part.spot_at(session, *point) == spot else None
    for y in range(60, int(figure.height) - 60, 5):
        for x in range(10, int(figure.width), 5):
            if part.spot_at(session, x, y) == spot:
                return x + 0.5, y + 0.5
    return None


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.title)
def test_tab_goes_through_all_panels_and_back_and_mouse_and_cursor_agree(open_scope, press, mouse, view):
    scope = open_scope()
    scope.work_through()
    press(scope, view.key, "escape" if scope.view.cursor else "f12")
    parts = [part for part in scope.view.parts() if part.grid(scope.session)]
    first = scope.view.cursor.panel if scope.view.cursor else parts[-1]
    start = parts.index(first)
    assert len(parts) >= 2
    for count in range(1, len(parts) + 1):
        press(scope, "tab")
        panel = scope.view.cursor.panel
        assert panel is parts[(start + count) % len(parts)]
        said, ring = scope.readout.line.text, scope.readout.ring.around
        assert said
        if isinstance(panel, Pad):
            continue  # what is under the mouse there is drawn on
        point = at(panel, scope.session, scope.view.cursor.spot, ring)
        assert point, type(panel)
        mouse(scope, *point)
        assert (scope.readout.line.text, scope.readout.ring.around) == (said, ring)
    press(scope, "shift+tab")
    assert scope.view.cursor.panel is parts[(start - 1) % len(parts)]


@pytest.mark.parametrize("spelled", ["shift+iso_left_tab", "shift+backtab", "shift+tab"])
def test_shift_tab_as_the_toolkits_spell_it(open_scope, press, spelled):
    scope = open_scope()
    press(scope, "tab", "tab", spelled)
    assert scope.view.cursor.panel is scope.view.parts()[0]


def test_arrows_move_within_the_picture_and_not_over_its_edge(open_scope, press):
    scope = open_scope()
    press(scope, "tab")
    assert scope.view.cursor.spot == (14, 14)
    press(scope, "up", "left", "left")
    assert scope.view.cursor.spot == (13, 12)
    assert "pixel row 13, column 12" in scope.readout.line.text
    press(scope, *["left"] * 30, *["down"] * 30)
    assert scope.view.cursor.spot == (27, 0)
    assert scope.session.index == 7  # no arrow went on to another digit
    press(scope, "escape", "right")
    assert scope.view.cursor is None
    assert scope.session.index != 7


def test_enter_chooses_and_once_more_opens(open_scope, press):
    scope = open_scope()
    press(scope, "tab", "tab", "down", "enter")
    sheet = scope.view.hidden.sheets[0]
    neuron = sheet.neuron_at(*scope.view.cursor.spot)
    assert scope.session.has_chosen(0, neuron)
    press(scope, "enter")
    assert scope.view.title == "neuron"
    press(scope, "escape", "tab", "tab", "tab")
    chosen = scope.view.cursor.spot[0]
    assert chosen == scope.session.chosen
    press(scope, "down" if chosen < 9 else "up", "enter")
    assert scope.session.chosen == scope.view.cursor.spot[0] != chosen
    press(scope, "enter")
    assert scope.view.title == "why"


def test_the_mouse_takes_over_and_the_keys_take_it_back(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "tab")
    left, bottom, *_ = scope.view.digit.picture.cell_bounds(3, 3)
    mouse(scope, left + 1, bottom + 1)
    assert "row 3, column 3" in scope.readout.line.text
    press(scope, "up")
    assert "row 13, column 14" in scope.readout.line.text
    mouse(scope, 2, 2)
    assert "row 13, column 14" in scope.readout.line.text  # on nothing: the cursor counts


def test_a_cursor_stays_inside_what_becomes_smaller(open_scope, press, shipped):
    from tests.visualizer.views.test_explore import model_of

    scope = open_scope(model_of(shipped, 20))
    press(scope, "w", "tab", "tab", "tab", "tab", "tab", *["down"] * 20)
    assert scope.view.cursor.panel is scope.view.ledger
    for neuron in range(20):
        scope.session.toggle(0, neuron)
    scope.refresh()
    assert scope.view.cursor.within() == (len(scope.view.ledger.steps), 0)
    assert scope.readout.line.text
