"""The key tables and what is made of them."""

from types import SimpleNamespace

import pytest

from neuralscope.visualizer.input import keys
from neuralscope.visualizer.input.keys import Binding, KeyTable


def test_a_key_twice_in_a_table_names_both_rows():
    with pytest.raises(ValueError, match=r"'a'.*'one'.*'two'"):
        KeyTable([Binding(("a",), "one", ""), Binding(("b", "a"), "two", "")])


def test_a_view_may_hide_arrows_but_no_letter_of_the_window():
    keys.check_shadows(KeyTable([Binding(("left", "enter", "z"), "walk", "")]), keys.WINDOW_KEYS)
    with pytest.raises(ValueError, match=r"'g'.*'grow'.*'ask_number'"):
        keys.check_shadows(KeyTable([Binding(("g",), "grow", "")]), keys.WINDOW_KEYS)


def test_views_that_want_the_same_letter_are_refused():
    with pytest.raises(ValueError, match="'q'"):
        keys.window_table([SimpleNamespace(key="q", title="quick")])


def test_the_topmost_table_wins_and_a_modal_one_lets_nothing_through():
    top = KeyTable([Binding(("enter",), "go", "")])
    assert keys.find_binding([top, keys.WINDOW_KEYS], "enter").action == "go"
    assert keys.find_binding([top, keys.WINDOW_KEYS], "q").action == "quit"
    assert keys.find_binding([keys.NUMBER_KEYS, keys.WINDOW_KEYS], "q") is None
    assert keys.find_binding([top, keys.WINDOW_KEYS], "ctrl+alt+w") is None


def test_what_is_in_force_leaves_out_the_keys_that_are_covered():
    top = KeyTable([Binding(("enter", "right"), "go", "")])
    force = {binding.action: binding.keys for binding in keys.active_bindings([top, keys.WINDOW_KEYS])}
    assert force["next_digit"] == (" ",)
    assert "forward" not in force
    assert [binding.action for binding in keys.active_bindings([keys.NUMBER_KEYS, keys.WINDOW_KEYS])] == [
        binding.action for binding in keys.NUMBER_KEYS]


@pytest.mark.parametrize(("spelled", "key"), [
    ("Return", "enter"), ("shift+enter", "enter"), ("shift+ ", " "), ("space", " "), ("escape", "escape"),
    ("X", "X"), ("x", "x"), ("?", "?"), (None, None)])
def test_the_toolkits_spellings_become_one(spelled, key):
    assert keys.canonical_key(spelled) == key


def test_keys_are_shown_as_they_are_printed_on_a_keyboard():
    assert Binding(("left", "backspace"), "back", "").label == "← Backspace"
    assert "| `Enter` `Space` | next random digit |" in keys.as_markdown([keys.WINDOW_KEYS])
