"""What an action returns, and what the window does with it."""

import pytest

from neuralscope.visualizer.input.prompts import NumberPrompt
from neuralscope.visualizer.input.results import Ask, Focus, OpenView, Say


def test_each_of_the_four_is_done_and_nothing_else_is_taken(open_window):
    window = open_window()
    window.apply(Say("this is so"))
    assert (window.message, window.readout.line.text) == ("this is so", "this is so")
    window.apply(None)  # as what happens between two events: it stays said
    assert window.message == "this is so"
    window.apply(Focus(window.view.outputs))
    assert window.view.focus.panel is window.view.outputs
    prompt = NumberPrompt("test digit", 9, window.session.digit_history.go_to)
    window.apply(Ask(prompt))
    assert window.prompt is prompt
    prompt.type_digit("4")
    window.apply(prompt.go())
    assert (window.prompt, window.session.index) == (None, 4)
    window.apply(OpenView("w"))
    assert (window.view.key, window.view_history) == ("w", ["e"])
    with pytest.raises(TypeError, match="'e'"):
        window.apply("e")
