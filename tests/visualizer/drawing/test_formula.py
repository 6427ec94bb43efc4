"""A formula is a value: its text, its shorter form and its runs are made from its terms."""

import pytest

from neuralscope.visualizer.drawing.formula import Formula, Word

BRACKETS = Formula(("((0.9 − 1)² + 0.1", Word("all others", in_brackets=True), ") / 2"), "=", "0.055")
SUM = Formula(("0.5", Word("bias"), "+ 1 × 2", Word("this neuron")), "=", "2.5")
HELD = Formula((Word("would be"), "max(0, 3) = 3", Word("but held at")), result="0")
FAR = Formula(("1 / (1 + e^9.00)",), "<", "0.001")


def run(text, size=9, color="muted", **style):
    """Stand in for `Panel.run`."""
    return {"text": text, "size": size, "color": color, **style}


def parts(runs):
    """Return the text and the gap of runs."""
    return [(run["text"], run["gap"]) for run in runs]


@pytest.mark.parametrize(("formula", "text", "figures"), [
    (BRACKETS, "((0.9 − 1)² + 0.1 all others) / 2 = 0.055", "((0.9 − 1)² + 0.1) / 2 = 0.055"),
    (SUM, "0.5 bias + 1 × 2 this neuron = 2.5", "0.5 + 1 × 2 = 2.5"),
    (SUM.named("score"), "score: 0.5 bias + 1 × 2 this neuron = 2.5", "0.5 + 1 × 2 = 2.5"),
    (HELD, "would be max(0, 3) = 3 but held at 0", "max(0, 3) = 3 0"),
    (FAR, "1 / (1 + e^9.00) < 0.001", "1 / (1 + e^9.00) < 0.001"),
    (Formula((Word("none"),)), "none", ""),
    (Formula(result="0"), "0", "0"),
    (Formula(), "", "")])
def test_the_text_and_the_figures_alone(formula, text, figures):
    assert formula.text == text
    assert formula.figures_only().text == figures
    assert formula.wordings == (formula, formula.figures_only())


def test_in_a_line_the_relation_belongs_to_the_figures_before_it():
    assert parts(BRACKETS.line_runs(run)) == [
        ("((0.9 − 1)² + 0.1", 1.5), ("all others", 1), (") / 2 =", 0), ("0.055", 1.5)]
    assert parts(SUM.line_runs(run)) == [
        ("0.5", 1.5), ("bias", 1), ("+ 1 × 2", 1.5), ("this neuron", 1), ("=", 1.5), ("2.5", 1.5)]
    assert [run["text"] for run in SUM.line_runs(run) if run.get("mono")] == ["0.5", "+ 1 × 2", "=", "2.5"]


@pytest.mark.parametrize(("result", "value", "color"), [
    ("2.5", 2.5, "positive"), ("−2.5", -2.5, "negative"), ("0", 0.0, "text"), ("less", -1e-9, "negative")])
def test_in_a_line_a_result_has_the_colour_of_the_sign_of_its_value(result, value, color):
    *terms, last = Formula(("1 × 2", Word("of it")), "=", result, value).line_runs(run)
    assert (last["text"], last["color"]) == (result, color)
    assert [run["color"] for run in terms] == ["text", "muted", "text"]


def test_in_a_line_what_is_no_result_has_no_sign():
    held = Formula(("0", Word("held at 0"))).line_runs(run)
    assert [(run["text"], run["color"]) for run in held] == [("0", "text"), ("held at 0", "muted")]


def test_in_a_row_of_its_own_the_result_is_bold_and_large():
    runs = BRACKETS.row_runs(run)
    assert parts(runs) == [("((0.9 − 1)² + 0.1", 1), ("all others", 1), (") / 2", 0), ("=", 1.5), ("0.055", 1.5)]
    assert [run["text"] for run in runs if run.get("bold")] == ["0.055"]
    assert len({run["size"] for run in runs if run.get("mono")}) == 1
    assert runs[1]["size"] == 9 < runs[0]["size"]
    assert parts(HELD.row_runs(run)) == [("would be", 1), ("max(0, 3) = 3", 1), ("but held at", 1), ("0", 1.5)]
    assert Formula((Word("none"),)).row_runs(run) == [run("none", gap=1)]
