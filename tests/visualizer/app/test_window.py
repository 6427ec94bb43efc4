"""The window: real key and mouse events through the canvas."""

import gc
import sys
import tracemalloc
import weakref

import numpy as np
import pytest
from matplotlib.backend_bases import LocationEvent
from matplotlib.figure import Figure

from neuralscope.visualizer.input import keys
from neuralscope.visualizer.input.focus import Cursor
from neuralscope.visualizer.input.prompts import ContrastClassPrompt, NumberPrompt
from neuralscope.visualizer.views import VIEWS
from tests.helpers.views import resize


@pytest.mark.parametrize("key", ["enter", " ", "right"])
def test_enter_space_and_right_show_another_digit(open_window, press, key):
    window = open_window()
    before = window.view.digit.picture.cells.copy()
    press(window, key)
    assert window.session.index != 7
    assert (window.view.digit.picture.cells != before).any()


@pytest.mark.parametrize("key", ["left", "backspace"])
def test_left_and_backspace_go_back_and_right_forward(open_window, press, key):
    window = open_window()
    press(window, "enter", "enter")
    seen = list(window.session.digit_history.visited)
    press(window, key)
    assert window.session.index == seen[1]
    press(window, key, key)
    assert window.session.index == seen[0]
    assert "first digit" in window.readout.line.text
    press(window, "right", "right")
    assert window.session.index == seen[2]
    assert window.session.digit_history.visited == seen


def test_g_goes_to_a_number(open_window, press):
    window = open_window()
    press(window, "g", "4", "2", "5", "backspace")
    assert "go to test digit: 42_" in window.readout.line.text
    press(window, "enter")
    assert window.session.index == 42
    assert "42" in window.headline.subject.text


def test_g_then_escape_leaves_without_going(open_window, press):
    window = open_window()
    press(window, "g", "4", "escape")
    assert window.session.index == 7
    assert window.prompt is None
    press(window, "g", "enter")
    assert window.session.index == 7


def test_while_a_number_is_typed_letters_do_nothing(open_window, press):
    left = []
    window = open_window(quit=lambda: left.append(True))
    press(window, "g", "q", "f", "?", "right", "1")
    assert (window.prompt.typed, window.session.index, window.overlay, left) == ("1", 7, None, [])


@pytest.mark.parametrize("typed", ["360", "99999999999999999999"])
def test_a_number_that_is_too_large_is_said(open_window, press, typed):
    window = open_window()
    press(window, "g", *typed, "enter")
    assert window.session.index == 7
    assert "there is no test digit" in window.readout.line.text
    assert f"0 to {len(window.session.digits) - 1}" in window.readout.line.text
    press(window, "enter")
    assert "there is no" not in window.readout.line.text


def test_f_shows_a_misread_digit(open_window, press):
    window = open_window()
    press(window, "f")
    assert window.session.trace.predictions[0] != window.session.truth
    assert "✗ wrong" in window.headline.verdict.text


def test_question_mark_lists_every_key_in_force_and_escape_closes_it(open_window, press):
    window = open_window()
    artists = len(window.figure.artists)
    press(window, "?")
    listed = [(one.text, two.text) for one, two in window.overlay.rows[:len(window.overlay.listed)]]
    tables = [VIEWS[0].bindings, window.commands.bindings]
    assert listed == [(binding.label, binding.help) for binding in keys.active_bindings(tables)]
    facts = " ".join(two.text for _, two in window.overlay.rows)
    assert "784-256-10 relu" in facts
    assert "trained_weights.npz" in facts
    press(window, "escape")
    assert window.overlay is None
    assert len(window.figure.artists) == artists


def test_every_action_of_the_tables_is_a_method(open_window):
    window = open_window()
    for binding in [
        *window.commands.bindings,
        *keys.HELP_KEYS,
        *keys.NUMBER_KEYS,
        *keys.PREDICTED_CLASS_KEYS,
        *keys.CONTRAST_CLASS_KEYS,
        *keys.FOCUS_KEYS,
    ]:
        assert any(callable(getattr(owner, binding.action, None))
                   for owner in (window.commands, NumberPrompt, ContrastClassPrompt, Cursor))
    for view in VIEWS:
        for binding in view.bindings:
            assert callable(getattr(view, binding.action))


def test_with_the_list_open_a_key_still_does_what_it_says(open_window, press):
    window = open_window()
    press(window, "?", "f")
    assert window.overlay is None
    assert "✗ wrong" in window.headline.verdict.text


def test_escape_with_nothing_open_stays(open_window, press):
    left = []
    window = open_window(quit=lambda: left.append(True))
    press(window, "escape")
    assert not left
    press(window, "q")
    assert left == [True]


def test_f11_asks_for_the_full_screen(open_window, press):
    asked = []
    press(open_window(full_screen=lambda: asked.append(True)), "f11")
    assert asked == [True]


def test_keys_that_mean_nothing_do_nothing(open_window, press):
    window = open_window()
    press(window, "l", "k", "ctrl+alt+x", None, "shift", "f5", "é")
    assert window.session.index == 7


def test_every_word_of_the_footer_can_be_clicked(open_window, mouse):
    window = open_window()
    words = [line.text for line in window.footer.words]
    assert words == ["Enter next", "← back", "0–9 class", "v versus", "Tab cursor", "g go to", "f misread", "s save",
                     "? keys", "q quit"]
    for word, check in ((0, lambda: window.session.index != 7), (1, lambda: window.session.index == 7),
                        (5, lambda: window.prompt.typed == "")):
        left, bottom, width, height = window.footer.words[word].bounds()
        mouse(window, left + width / 2, bottom + height / 2, click=True)
        assert check(), words[word]


def test_a_word_for_ten_keys_says_what_to_press(open_window, mouse):
    window = open_window()
    chosen = window.session.selected_class
    left, bottom, width, height = window.footer.words[2].bounds()
    mouse(window, left + width / 2, bottom + height / 2, click=True)
    assert window.session.selected_class == chosen
    assert window.readout.line.text == "press one of 0–9: the class asked about"


@pytest.mark.parametrize("view", [pytest.param(view, marks=[pytest.mark.slow] * (view.key != "e"), id=view.title)
                                  for view in VIEWS])
def test_with_the_list_open_every_row_does_what_it_says(open_window, press, view, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    window = open_window()
    press(window, view.key, "tab", "?")
    rows = window.overlay.listed
    window.surface.redraw = lambda: None  # frames would be most of the time
    for binding in rows:
        for key in binding.keys:
            press(window, "escape", "escape", "escape", view.key, "tab", "?", key)
            assert window.view


def test_every_row_of_the_list_can_be_clicked(open_window, press, mouse):
    window = open_window()
    press(window, "?")
    row = next(number for number, binding in enumerate(window.overlay.listed) if binding.action == "next_digit")
    left, bottom, _, height = window.overlay.rows[row][1].bounds()
    mouse(window, left + 5, bottom + height / 2, click=True)
    assert window.session.index != 7
    assert window.overlay is None


def test_the_bar_names_the_views_and_opens_them(open_window, mouse):
    window = open_window()
    for place, view in [*enumerate(VIEWS)][::-1]:
        assert window.tab_bar.names[place].text == view.title
        left, bottom, width, height = window.tab_bar.names[place].bounds()
        mouse(window, left + width / 2, bottom + height / 2, click=True)
        assert type(window.view) is view


def test_the_bar_underlines_the_letter_that_opens_a_view(open_window):
    bar = open_window().tab_bar
    for name, rule, view in zip(bar.names[1:], bar.rules[1:], VIEWS[1:], strict=True):
        if view.key_index is None:  # its key has Shift
            assert rule.bounds[2] == 0
            continue
        assert view.title[view.key_index] == view.key
        before, letter = (name.measure((bar.run(text),)) for text in (view.title[:view.key_index], view.key))
        left, _, width, _ = rule.bounds
        assert (left, width) == (pytest.approx(name.x + before), letter)


def test_letters_open_views_and_escape_leads_back(open_window, press):
    window = open_window()
    for view in VIEWS[1:]:
        press(window, view.key, view.key)  # once more changes nothing
        assert type(window.view) is view
    for view in VIEWS[-2::-1]:
        press(window, "escape")
        assert type(window.view) is view
    press(window, "escape")
    assert type(window.view) is VIEWS[0]


def test_s_saves_a_picture_and_never_over_another(open_window, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    window = open_window()
    press(window, "s", "s")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["neuralscope-digits-7-explore-2.png", "neuralscope-digits-7-explore.png"]
    assert str(tmp_path / names[0]) in window.message
    assert (tmp_path / names[0]).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_picture_that_cannot_be_saved_is_said(open_window, press, tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    window = open_window()
    folder.rmdir()
    press(window, "s")
    assert window.message.startswith("not saved")


def test_leaving_the_window_forgets_the_mouse(open_window, mouse):
    window = open_window()
    at_rest = window.readout.line.text
    left, bottom, *_ = window.view.digit.picture.cell_bounds(10, 10)
    mouse(window, left + 1, bottom + 1)
    assert window.readout.line.text != at_rest
    LocationEvent("figure_leave_event", window.figure.canvas, 0, 0)._process()
    assert window.readout.line.text == at_rest


def test_moving_within_a_cell_asks_for_no_frame(open_window, mouse, monkeypatch):
    window = open_window()
    left, bottom, *_ = window.view.digit.picture.cell_bounds(10, 10)
    mouse(window, left + 1, bottom + 1)
    frames = []
    monkeypatch.setattr(window.surface, "redraw", lambda: frames.append(1))
    mouse(window, left + 3, bottom + 3)
    assert not frames
    mouse(window, left + 30, bottom + 3)
    assert frames == [1]


def test_accuracy_is_counted_after_the_first_frame_and_shown(open_window):
    window = open_window()
    assert not window.session.evaluated
    assert "right" not in window.footer.loaded.text
    window.run_to_end()
    right = 100 * np.mean(window.session.evaluation.predictions == window.session.digits.labels)
    assert window.footer.loaded.text.endswith(f"{right:.2f} % right")


def test_the_footer_says_what_the_network_learned_on_when_it_is_other_data(open_window):
    window = open_window(size=(1800, 800))
    assert "784-256-10 relu" in window.footer.loaded.text
    assert "learned on" in window.footer.loaded.text
    assert window.session.dataset.source in window.footer.loaded.text


def test_a_closed_window_leaves_nothing_behind(open_window, press, mouse):
    window = open_window()
    press(window, "?", "enter")
    figure, others = window.figure, Figure()
    window.close()
    assert not figure.artists
    left = {name: len(found) for name, found in figure.canvas.callbacks.callbacks.items()}
    assert left == {name: len(found) for name, found in others.canvas.callbacks.callbacks.items()}


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS[1:], ids=lambda view: view.title)
def test_views_opened_a_hundred_times_leave_nothing_behind(open_window, press, studied, view):
    window = open_window(analysis=studied)
    press(window, view.key, "tab", "down", "escape", "escape")  # what is made once and kept for good

    def left_over():
        gc.collect()
        handlers = sum(map(len, window.figure.canvas.callbacks.callbacks.values()))
        return len(window.figure.artists), handlers, len(window.view_history)

    before, seen, redraw = left_over(), [], window.figure.canvas.draw
    for number in range(100):
        window.surface.redraw = redraw if number % 10 == 0 else lambda: None  # a frame takes longer than all the rest
        if number == 70:
            tracemalloc.start()
        press(window, view.key, "tab", "4")
        seen.append(weakref.ref(window.view))
        press(window, "escape", "escape")
        if number == 71:
            gc.collect()
            level = tracemalloc.get_traced_memory()[0]  # with one view of each kind that was made since
    assert left_over() == before
    assert not any(one() for one in seen)
    assert tracemalloc.get_traced_memory()[0] < level + 100_000
    tracemalloc.stop()


def test_the_mouse_ends_a_message(open_window, press, mouse):
    window = open_window()
    press(window, "left")
    assert "first digit" in window.readout.line.text
    mouse(window, 3, 3)  # on nothing: the message stays
    assert "first digit" in window.readout.line.text
    left, bottom, *_ = window.view.digit.picture.cell_bounds(10, 10)
    mouse(window, left + 1, bottom + 1)
    assert "pixel row 10" in window.readout.line.text


def test_while_a_number_is_typed_the_mouse_opens_no_view(open_window, press, mouse):
    window = open_window()
    press(window, "g", "4")
    view = window.view
    left, bottom, width, height = window.tab_bar.names[0].bounds()
    mouse(window, left + width / 2, bottom + height / 2, click=True)
    assert window.view is view
    assert window.prompt.typed == "4"


def test_what_a_window_cannot_do_is_not_listed(open_window, press):
    window = open_window()
    press(window, "?")
    assert "full_screen" not in [binding.action for binding in window.overlay.listed]


def test_a_window_that_closes_before_it_counted_does_not_count(open_window):
    window = open_window()
    window.figure.canvas.draw()
    stopped = []
    window.background_work.timer.stop = lambda: stopped.append(True)
    window.close()
    assert stopped


def test_resizing_lays_out_anew(open_window):
    window = open_window()
    before = window.view.digit.picture.bounds()
    resize(window, 900, 600)
    after = window.view.digit.picture.bounds()
    assert after[2] < before[2]
    resize(window, 1400, 800)
    assert window.view.digit.picture.bounds() == before


@pytest.mark.parametrize("size", [(120, 90), (1, 1), (5000, 100), (100, 3000)])
def test_a_window_of_any_size_is_drawn(open_window, press, size):
    window = open_window()
    resize(window, *size)
    for key in ("?", "escape", "enter"):
        press(window, key)
        window.figure.canvas.draw()


def calls_to(window, press, key, ends):
    """Press a key; return the functions of the program through which it comes to those in ``ends``: module.name."""
    found = set()

    def name(frame):
        return f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}".removeprefix("neuralscope.visualizer.")

    def follow(frame, event, _):
        if event != "call" or name(frame) not in ends:
            return
        while frame:
            if frame.f_globals.get("__name__", "").startswith("neuralscope."):
                found.add(name(frame))
            frame = frame.f_back

    sys.setprofile(follow)
    try:
        press(window, key)
    finally:
        sys.setprofile(None)
    return found


def test_from_a_key_to_pixels_are_at_most_ten_calls(open_window, press):
    ends = {"session.digit_history.go_to", "widgets.digit.update", "drawing.surface.redraw"}
    found = calls_to(open_window(), press, "enter", ends)
    assert ends | {"app.window.perform", "app.window.apply"} < found
    assert len(found) <= 10, found
