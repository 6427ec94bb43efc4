"""The window: real key and mouse events through the canvas."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from matplotlib.backend_bases import LocationEvent, ResizeEvent
from matplotlib.figure import Figure

from neuralscope.visualizer.input import keys
from neuralscope.visualizer.input.focus import Cursor
from neuralscope.visualizer.input.prompts import Entry, Versus
from neuralscope.visualizer.views import VIEWS


def resize(scope, width, height):
    """Resize the figure as a toolkit does."""
    scope.figure.set_size_inches(width / 100, height / 100, forward=False)
    ResizeEvent("resize_event", scope.figure.canvas)._process()


@pytest.mark.parametrize("key", ["enter", " ", "right"])
def test_enter_space_and_right_show_another_digit(open_scope, press, key):
    scope = open_scope()
    before = scope.view.digit.picture.cells.copy()
    press(scope, key)
    assert scope.session.index != 7
    assert (scope.view.digit.picture.cells != before).any()


@pytest.mark.parametrize("key", ["left", "backspace"])
def test_left_and_backspace_go_back_and_right_forward(open_scope, press, key):
    scope = open_scope()
    press(scope, "enter", "enter")
    seen = list(scope.session.seen)
    press(scope, key)
    assert scope.session.index == seen[1]
    press(scope, key, key)
    assert scope.session.index == seen[0]
    assert "first digit" in scope.readout.line.text
    press(scope, "right", "right")
    assert scope.session.index == seen[2]
    assert scope.session.seen == seen


def test_g_goes_to_a_number(open_scope, press):
    scope = open_scope()
    press(scope, "g", "4", "2", "5", "backspace")
    assert "go to test digit: 42_" in scope.readout.line.text
    press(scope, "enter")
    assert scope.session.index == 42
    assert "42" in scope.headline.which.text


def test_g_then_escape_leaves_without_going(open_scope, press):
    scope = open_scope()
    press(scope, "g", "4", "escape")
    assert scope.session.index == 7
    assert scope.entry is None
    press(scope, "g", "enter")
    assert scope.session.index == 7


def test_while_a_number_is_typed_letters_do_nothing(open_scope, press):
    left = []
    scope = open_scope(quit=lambda: left.append(True))
    press(scope, "g", "q", "f", "?", "right", "1")
    assert (scope.entry.typed, scope.session.index, scope.overlay, left) == ("1", 7, None, [])


@pytest.mark.parametrize("typed", ["360", "99999999999999999999"])
def test_a_number_that_is_too_large_is_said(open_scope, press, typed):
    scope = open_scope()
    press(scope, "g", *typed, "enter")
    assert scope.session.index == 7
    assert "there is no test digit" in scope.readout.line.text
    assert f"0 to {len(scope.session.digits) - 1}" in scope.readout.line.text
    press(scope, "enter")
    assert "there is no" not in scope.readout.line.text


def test_f_shows_a_misread_digit(open_scope, press):
    scope = open_scope()
    press(scope, "f")
    assert scope.session.trace.predictions[0] != scope.session.truth
    assert "✗ wrong" in scope.headline.verdict.text


def test_question_mark_lists_every_key_in_force_and_escape_closes_it(open_scope, press):
    scope = open_scope()
    artists = len(scope.figure.artists)
    press(scope, "?")
    listed = [(one.text, two.text) for one, two in scope.overlay.rows[:len(scope.overlay.listed)]]
    tables = [VIEWS[0].bindings, scope.commands.bindings]
    assert listed == [(binding.label, binding.help) for binding in keys.in_force(tables)]
    facts = " ".join(two.text for _, two in scope.overlay.rows)
    assert "784-256-10 relu" in facts
    assert "trained_weights.npz" in facts
    press(scope, "escape")
    assert scope.overlay is None
    assert len(scope.figure.artists) == artists


def test_every_action_of_the_tables_is_a_method(open_scope):
    scope = open_scope()
    for binding in [*scope.commands.bindings, *keys.HELP, *keys.ENTRY, *keys.ANSWER, *keys.VERSUS, *keys.CURSOR]:
        assert any(callable(getattr(owner, binding.action, None))
                   for owner in (scope.commands, Entry, Versus, Cursor))
    for view in VIEWS:
        for binding in view.bindings:
            assert callable(getattr(view, binding.action))


def test_with_the_list_open_a_key_still_does_what_it_says(open_scope, press):
    scope = open_scope()
    press(scope, "?", "f")
    assert scope.overlay is None
    assert "✗ wrong" in scope.headline.verdict.text


def test_escape_with_nothing_open_stays(open_scope, press):
    left = []
    scope = open_scope(quit=lambda: left.append(True))
    press(scope, "escape")
    assert not left
    press(scope, "q")
    assert left == [True]


def test_f11_asks_for_the_full_screen(open_scope, press):
    asked = []
    press(open_scope(full_screen=lambda: asked.append(True)), "f11")
    assert asked == [True]


def test_keys_that_mean_nothing_do_nothing(open_scope, press):
    scope = open_scope()
    press(scope, "l", "k", "ctrl+alt+x", None, "shift", "f5", "é")
    assert scope.session.index == 7


def test_every_word_of_the_footer_can_be_clicked(open_scope, mouse):
    scope = open_scope()
    words = [line.text for line in scope.footer.words]
    assert words == ["Enter next", "← back", "0–9 class", "v versus", "Tab cursor", "g go to", "f misread", "s save",
                     "? keys", "q quit"]
    for word, check in ((0, lambda: scope.session.index != 7), (1, lambda: scope.session.index == 7),
                        (5, lambda: scope.entry.typed == "")):
        left, bottom, width, height = scope.footer.words[word].bounds()
        mouse(scope, left + width / 2, bottom + height / 2, click=True)
        assert check(), words[word]


def test_a_word_for_ten_keys_says_what_to_press(open_scope, mouse):
    scope = open_scope()
    chosen = scope.session.chosen
    left, bottom, width, height = scope.footer.words[2].bounds()
    mouse(scope, left + width / 2, bottom + height / 2, click=True)
    assert scope.session.chosen == chosen
    assert scope.readout.line.text == "press one of 0–9: the class asked about"


@pytest.mark.parametrize("view", [pytest.param(view, marks=[pytest.mark.slow] * (view.key not in "en"), id=view.title)
                                  for view in VIEWS])
def test_with_the_list_open_every_row_does_what_it_says(open_scope, press, view, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = open_scope()
    press(scope, view.key, "tab", "?")
    rows = scope.overlay.listed
    scope.painter.redraw = lambda: None  # frames would be most of the time
    for binding in rows:
        for key in binding.keys:
            press(scope, "escape", "escape", "escape", view.key, "tab", "?", key)
            assert scope.view


def test_every_row_of_the_list_can_be_clicked(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "?")
    row = next(number for number, binding in enumerate(scope.overlay.listed) if binding.action == "next_digit")
    left, bottom, _, height = scope.overlay.rows[row][1].bounds()
    mouse(scope, left + 5, bottom + height / 2, click=True)
    assert scope.session.index != 7
    assert scope.overlay is None


def test_the_bar_names_the_views_and_opens_them(open_scope, mouse):
    scope = open_scope()
    for place, view in [*enumerate(VIEWS)][::-1]:
        assert scope.bar.names[place].text == view.title
        left, bottom, width, height = scope.bar.names[place].bounds()
        mouse(scope, left + width / 2, bottom + height / 2, click=True)
        assert type(scope.view) is view


def test_letters_open_views_and_escape_leads_back(open_scope, press):
    scope = open_scope()
    for view in VIEWS[1:]:
        press(scope, view.key, view.key)  # once more changes nothing
        assert type(scope.view) is view
    for view in VIEWS[-2::-1]:
        press(scope, "escape")
        assert type(scope.view) is view
    press(scope, "escape")
    assert type(scope.view) is VIEWS[0]


def test_s_saves_a_picture_and_never_over_another(open_scope, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = open_scope()
    press(scope, "s", "s")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["neuralscope-digits-7-explore-2.png", "neuralscope-digits-7-explore.png"]
    assert str(tmp_path / names[0]) in scope.message
    assert (tmp_path / names[0]).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_picture_that_cannot_be_saved_is_said(open_scope, press, tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    scope = open_scope()
    folder.rmdir()
    press(scope, "s")
    assert scope.message.startswith("not saved")


def test_leaving_the_window_forgets_the_mouse(open_scope, mouse):
    scope = open_scope()
    at_rest = scope.readout.line.text
    left, bottom, *_ = scope.view.digit.picture.cell_bounds(10, 10)
    mouse(scope, left + 1, bottom + 1)
    assert scope.readout.line.text != at_rest
    LocationEvent("figure_leave_event", scope.figure.canvas, 0, 0)._process()
    assert scope.readout.line.text == at_rest


def test_moving_within_a_cell_asks_for_no_frame(open_scope, mouse, monkeypatch):
    scope = open_scope()
    left, bottom, *_ = scope.view.digit.picture.cell_bounds(10, 10)
    mouse(scope, left + 1, bottom + 1)
    frames = []
    monkeypatch.setattr(scope.painter, "redraw", lambda: frames.append(1))
    mouse(scope, left + 3, bottom + 3)
    assert not frames
    mouse(scope, left + 30, bottom + 3)
    assert frames == [1]


def test_accuracy_is_counted_after_the_first_frame_and_shown(open_scope):
    scope = open_scope()
    assert not scope.session.evaluated
    assert "right" not in scope.footer.loaded.text
    scope.work_through()
    right = 100 * np.mean(scope.session.evaluation.predictions == scope.session.digits.labels)
    assert scope.footer.loaded.text.endswith(f"{right:.2f} % right")


def test_the_footer_says_what_the_network_learned_on_when_it_is_other_data(open_scope):
    scope = open_scope(size=(1800, 800))
    assert "784-256-10 relu" in scope.footer.loaded.text
    assert "learned on" in scope.footer.loaded.text
    assert scope.session.dataset.source in scope.footer.loaded.text


def test_a_closed_window_leaves_nothing_behind(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "?", "enter")
    figure, others = scope.figure, Figure()
    scope.close()
    assert not figure.artists
    left = {name: len(found) for name, found in figure.canvas.callbacks.callbacks.items()}
    assert left == {name: len(found) for name, found in others.canvas.callbacks.callbacks.items()}


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS[1:], ids=lambda view: view.title)
def test_views_opened_a_hundred_times_leave_nothing_behind(open_scope, press, view):
    scope = open_scope()
    scope.work_through()
    press(scope, view.key, "tab", "down", "escape", "escape")  # what is made once and kept for good

    def left_over():
        gc.collect()
        handlers = sum(map(len, scope.figure.canvas.callbacks.callbacks.values()))
        return len(scope.figure.artists), handlers, len(scope.trail)

    before, seen, redraw = left_over(), [], scope.painter.redraw
    for number in range(100):
        scope.painter.redraw = redraw if number % 10 == 0 else lambda: None  # a frame takes longer than all the rest
        if number == 70:
            tracemalloc.start()
        press(scope, view.key, "tab", "4")
        seen.append(weakref.ref(scope.view))
        press(scope, "escape", "escape")
        if number == 71:
            gc.collect()
            level = tracemalloc.get_traced_memory()[0]  # with one view of each kind that was made since
    assert left_over() == before
    assert not any(one() for one in seen)
    assert tracemalloc.get_traced_memory()[0] < level + 100_000
    tracemalloc.stop()


def test_the_mouse_ends_a_message(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "left")
    assert "first digit" in scope.readout.line.text
    mouse(scope, 3, 3)  # on nothing: the message stays
    assert "first digit" in scope.readout.line.text
    left, bottom, *_ = scope.view.digit.picture.cell_bounds(10, 10)
    mouse(scope, left + 1, bottom + 1)
    assert "pixel row 10" in scope.readout.line.text


def test_while_a_number_is_typed_the_mouse_opens_no_view(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "g", "4")
    view = scope.view
    left, bottom, width, height = scope.bar.names[0].bounds()
    mouse(scope, left + width / 2, bottom + height / 2, click=True)
    assert scope.view is view
    assert scope.entry.typed == "4"


def test_what_a_window_cannot_do_is_not_listed(open_scope, press):
    scope = open_scope()
    press(scope, "?")
    assert "full_screen" not in [binding.action for binding in scope.overlay.listed]


def test_a_window_that_closes_before_it_counted_does_not_count(open_scope):
    scope = open_scope()
    scope.figure.canvas.draw()
    stopped = []
    scope.chores.timer.stop = lambda: stopped.append(True)
    scope.close()
    assert stopped


def test_resizing_lays_out_anew(open_scope):
    scope = open_scope()
    before = scope.view.digit.picture.bounds()
    resize(scope, 900, 600)
    after = scope.view.digit.picture.bounds()
    assert after[2] < before[2]
    resize(scope, 1400, 800)
    assert scope.view.digit.picture.bounds() == before


@pytest.mark.parametrize("size", [(120, 90), (1, 1), (5000, 100), (100, 3000)])
def test_a_window_of_any_size_is_drawn(open_scope, press, size):
    scope = open_scope()
    resize(scope, *size)
    press(scope, "?", "escape", "enter")
    scope.figure.canvas.draw()
