"""The backward view, and the way back in how it works: the figures are the network's gradients, and come out."""

import math
import re

import numpy as np
import pytest

from neuralscope.network.functions import ACTIVATIONS, HEADS, one_hot
from neuralscope.visualizer.drawing.theme import THEMES, color_values
from neuralscope.visualizer.widgets import derivative_text
from neuralscope.visualizer.widgets.significant import significant
from neuralscope.visualizer.widgets.weighted_sum import sum_attribution
from tests.helpers.networks import model_of
from tests.helpers.views import KINDS, figures, middle, result
from tests.visualizer.widgets.test_significant import parse_written


def wanted(session):
    """Return the network's own gradients for the digit shown, in float64."""
    network = session.network.astype(np.float64)
    targets = one_hot([session.target], network.sizes[-1], np.float64)
    return network.gradients(network.forward(session.image), targets)


def check(equation):
    """Assert that what is written, as ``0.5 × (1 − 0.5)² + 1.2e−5 = 0.125``, comes out as printed; return the result.
    """
    formula, result = equation.rsplit(" = ", 1)
    formula = formula.replace("−log", "-1 * math.log").replace("×", "*").replace("²", "**2").replace("−", "-")
    formula = re.sub(r"(?<![\w.)])-([\d.]+(?:e-?\d+)?)\*\*2", r"(-\1)**2", formula)
    value = eval(formula, {"math": math})
    assert significant(value) == result or value == pytest.approx(parse_written(result), rel=0.005), equation
    return parse_written(result)


def equations(window):
    """Return the equations in the readout's line, without their words: one statement after the other."""
    statements = [""]
    for run in window.readout.line.runs():
        statements += [""] * (run.gap >= 2)
        statements[-1] += f" {run.text}" * run.mono
    return [statement.strip() for statement in statements if " = " in statement]


def test_there_are_words_for_every_loss_and_slope():
    assert list(derivative_text.LOSS_TEXTS) == list(HEADS)
    assert set(derivative_text.SLOPE_TEXTS) <= set(ACTIVATIONS)  # of others the slope alone is told


@pytest.mark.parametrize("hidden", [(12, 24, 9)])
@KINDS
def test_all_pictures_are_the_network_s_gradients(window_of, press, hidden, activation, head):
    window = window_of(*hidden, activation=activation, head=head)
    press(window, "b")
    session, view, theme = window.session, window.view, THEMES["dark"]
    for keys in ("", "enter", "[", "3"):
        press(window, *filter(None, [keys]))
        found = wanted(session)
        for layer, sheet in enumerate(view.hidden_deltas.sheets):
            values = found[f"b{layer + 1}"]  # of one digit, the blame is the bias's gradient
            top = session.top(f"blame {layer}", np.abs(values).max())
            cells = sheet.picture.cells.reshape(-1, 4)[:len(values)]
            assert (cells == color_values(theme.signed, values[sheet.order], top, signed=True)).all()
        gradient = found[f"W{session.layer + 1}"][:, session.neuron][view.gradient.order]
        top = session.top(f"gradient {session.layer}", np.abs(gradient).max())
        cells = view.gradient.picture.cells.reshape(-1, 4)[:len(gradient)]
        assert (cells == color_values(theme.signed, gradient, top, signed=True)).all()
        errors = found[f"b{len(hidden) + 1}"]
        for row, error in enumerate(errors):
            assert parse_written(view.output_deltas.output_deltas[row].text.replace("+", "")) == pytest.approx(
                error, rel=0.006, abs=1e-300
            )
            left, _, width, _ = view.output_deltas.bars[row].bounds
            assert width == 0 or (left + width / 2 > view.output_deltas.zero) == (error > 0)


@pytest.mark.parametrize("hidden", [(), (24, 9)])
@KINDS
def test_every_figure_is_told_and_comes_out(window_of, press, mouse, hidden, activation, head):
    window = window_of(*hidden, activation=activation, head=head, size=(2400, 1200))
    press(window, "b")
    session, view, found = window.session, window.view, wanted(window.session)
    window.surface.redraw = lambda: None
    mouse(window, *middle(view.headline.verdict.bounds()))
    (loss,) = equations(window)
    assert check(loss) == pytest.approx(parse_written(window.headline.verdict.runs()[1].text), rel=0.01)
    for row in range(10):
        mouse(window, view.output_deltas.box[0] + 30, view.output_deltas.middle(row))
        error = equations(window)[0]
        way = "raises" if row == session.target else "lowers"
        assert not session.backprop.deltas[-1][0, row] or f"learning {way} its score" in window.readout.line.text
        assert check(error) == pytest.approx(found[f"b{len(hidden) + 1}"][row], rel=0.006)
    for layer, sheet in enumerate(view.hidden_deltas.sheets):
        for cell in range(0, hidden[layer], 5):
            mouse(window, *middle(sheet.picture.cell_bounds(*divmod(cell, sheet.picture.cells.shape[1]))))
            blame = equations(window)[0]
            assert check(blame) == pytest.approx(found[f"b{layer + 1}"][sheet.order[cell]], rel=0.006)
    unit = session.neuron if hidden else session.selected_class
    for cell in range(0, len(view.gradient.order), 7):
        mouse(window, *middle(view.gradient.picture.cell_bounds(*divmod(cell, view.gradient.shape[1]))))
        gradient = equations(window)[0]
        one = view.gradient.order[cell]
        assert check(gradient) == pytest.approx(found[f"W{len(hidden) or 1}"][one, unit], rel=0.006)


def test_a_bracket_closes_right_after_what_stands_in_it(window_of, press, mouse):
    window = window_of(24, head="sigmoid")
    press(window, "b")
    mouse(window, *middle(window.headline.verdict.bounds()))
    assert " all others) / 2 = " in window.readout.line.text


def test_the_headline_says_loss_target_and_why_it_is_the_target(open_window, press):
    window = open_window(view="b")
    session = window.session
    outputs = session.network.astype(np.float64).forward(session.image).outputs[0]
    words = window.headline.verdict.text
    assert words.startswith(f"loss {significant(-np.log(outputs[session.truth]))} target {session.truth} its truth")
    press(window, "3")
    assert f"target {session.truth} its truth" in window.headline.verdict.text  # asking is not teaching


def test_a_digit_of_ones_own_has_the_class_asked_about_as_its_target(open_window, press, embedded):
    window = open_window(view="b")
    session = window.session
    session.open(embedded.test.images[40].reshape(28, 28), "mine.png", ())
    press(window, "5")
    window.refresh()
    assert session.is_user_digit
    assert "target 5 the class asked about" in window.headline.verdict.text
    before = window.headline.verdict.text
    press(window, "2")
    assert "target 2" in window.headline.verdict.text != before
    assert session.backprop.deltas[-1][0, 2] < 0


def test_the_layer_is_chosen_by_keys_and_the_neuron_by_a_click(window_of, press, mouse):
    window = window_of(24, 9)
    press(window, "b")
    assert window.view.gradient.shape == (4, 6)
    press(window, "[")
    assert window.view.gradient.shape == (28, 28)
    sheet = window.view.hidden_deltas.sheets[0]
    mouse(window, *middle(sheet.picture.cell_bounds(1, 1)), click=True)
    neuron = sheet.neuron_at(1, 1)
    assert window.session.selection.is_selected(0, neuron)
    assert sheet.ring.around == sheet.picture.cell_bounds(1, 1)
    assert window.view.hidden_deltas.sheets[1].ring.around is None
    press(window, "]")
    assert sheet.ring.around is None


def test_a_silenced_neuron_has_no_blame(open_window, press, mouse):
    window = open_window(view="b")
    neuron = window.session.neuron
    before = window.session.backprop.deltas[0][0, neuron]
    press(window, "x")
    assert before
    assert not window.session.backprop.deltas[0][0, neuron]
    sheet = window.view.hidden_deltas.sheets[0]
    mouse(window, *middle(sheet.picture.cell_bounds(*sheet.cell_of(neuron))))
    assert "blame 0: it is silenced" in window.readout.line.text
    assert not window.view.gradient.values(window.session, None).any()


def test_a_silenced_neuron_is_not_told_as_if_it_fired(window_of, press, mouse):
    window = window_of(24)
    session = window.session
    session.selection.select_neuron(0, int(session.trace.sums[0][0].argmax()))  # it would fire
    press(window, "x", "down", "f12")
    steps, words = window.view.steps, "it is silenced, held at 0: no weight into it has a gradient"
    assert [line.text for line in steps.figures[2:]] == ["0"] * 3
    assert steps.sentences[3].text == "it is silenced: held at 0, whatever its sum"
    assert steps.sentences[4].text == words
    mouse(window, 1, 1)
    window.message = None
    window.refresh()
    assert window.readout.line.text == f"neuron {session.neuron} {words}"
    assert window.readout.ring.around is None
    mouse(window, steps.box[0] + 5, steps.box[1] + steps.row / 2)
    assert window.readout.line.text == f"neuron {session.neuron} {words}"


def test_of_a_neuron_that_does_not_fire_no_weight_is_chosen(window_of, press):
    window = window_of(24)
    session = window.session
    session.selection.select_neuron(0, int(session.trace.sums[0][0].argmin()))
    press(window, "down")
    assert window.view.steps.sentences[4].text == "no weight into it has a gradient: its blame is 0"
    assert window.readout.ring.around is None


@pytest.mark.parametrize("hidden", [(24,), (12, 24)])
def test_blame_is_explained_by_what_comes_back_through_the_strongest(window_of, press, mouse, hidden):
    window = window_of(*hidden, size=(2400, 1200))
    press(window, "b")
    session, others = window.session, 0
    for neuron in range(hidden[-1]):
        sheet = window.view.hidden_deltas.sheets[-1]
        mouse(window, *middle(sheet.picture.cell_bounds(*sheet.cell_of(neuron))))
        blame, returned = equations(window)
        parts = session.backprop.deltas[-1][0] * session.network_float64.layers[-1].weights[neuron]
        others += int(np.abs(parts).argmax()) != session.target
        assert f"through output {np.abs(parts).argmax()}" in window.readout.line.text
        assert check(returned) == pytest.approx(parts.sum(), rel=0.01)
        assert returned.split(" = ")[1] == blame.split(" × ")[0].replace("(", "").replace(")", "")
    assert others


@pytest.mark.parametrize("hidden", [(), (24,)])
def test_the_three_pictures_are_factors_and_their_product(window_of, press, mouse, hidden):
    window = window_of(*hidden)
    press(window, "down", "3")
    session, (digit, blame, gradient) = window.session, window.view.weighted_sum.factors
    assert [sign.text for sign in window.view.weighted_sum.signs] == ["×", "="]
    unit = session.neuron if hidden else 3
    values = digit.values(session, sum_attribution(session)) * session.backprop.deltas[0][0, unit]
    np.testing.assert_allclose(gradient.values(session, None), values, rtol=1e-6)
    if not hidden:
        error = session.backprop.deltas[0][0, 3]
        assert blame.title.text == "the error of 3"
        assert parse_written(blame.caption.text.replace("+", "")) == pytest.approx(error, rel=0.006)
        top = session.top("errors", np.abs(session.backprop.deltas[0]).max())
        assert (blame.picture.cells[0, 0] == color_values(THEMES["dark"].signed, error, top, signed=True)).all()
        mouse(window, *middle(blame.picture.bounds()))
        assert window.readout.line.text.startswith("output 3 error (d loss / d score)")


@pytest.mark.parametrize(("hidden", "unit"), [((), "output {}"), ((24,), "neuron {}"), ((24, 9), "neuron {}")])
@pytest.mark.parametrize("view", ["h", "b"])
def test_the_gradient_s_name_says_whose_weights_they_are(window_of, press, hidden, unit, view):
    window = window_of(*hidden, size=(1000, 700))
    press(window, *({"h": ["down"], "b": ["b"]}[view]))
    gradient = window.view.gradient if view == "b" else window.view.weighted_sum.factors[-1]
    number = window.session.neuron if hidden else window.session.selected_class
    assert gradient.title.text.startswith("gradient")
    assert gradient.title.text.endswith(f" {'layer 2 ' * (len(hidden) > 1)}{unit.format(number)}")


@pytest.mark.parametrize("size", [(900, 600), (1400, 800)])
def test_pictures_and_names_side_by_side_stand_on_one_height(open_window, press, size):
    window = open_window(view="b", size=size)
    gradient, blame = window.view.gradient, window.view.hidden_deltas.sheets[0]
    tops = [sum(panel.picture.bounds()[1::2]) for panel in (gradient, blame)]
    assert tops == pytest.approx([window.view.output_deltas.box[1] + window.view.output_deltas.box[3]] * 2, abs=1)
    assert gradient.title.y == blame.title.y == window.view.output_deltas.title.y
    press(window, "h")
    assert len({factor.title.y for factor in window.view.weighted_sum.factors}) == 1


def test_what_was_taught_can_be_asked_in_the_headline(open_window, press, mouse):
    window = open_window(view="b")
    mouse(window, *middle(window.headline.subject.bounds()))
    assert not window.readout.line.text.startswith("taught")
    press(window, "l", "enter", "b")
    mouse(window, *middle(window.headline.subject.bounds()))
    session = window.session
    assert window.readout.line.text.startswith(f"taught 1 step the last: digit {session.index} as {session.truth}")
    press(window, "tab")
    assert window.readout.line.text.startswith("loss")
    press(window, "shift+tab")
    assert window.readout.line.text.startswith("taught 1 step")


def test_what_a_silenced_neuron_would_add_has_no_gradient(window_of, press, mouse):
    window = window_of(24, 9, activation="sigmoid", size=(2400, 1200))
    press(window, "[", "x", "]", "b")
    session, gradient = window.session, window.view.gradient
    (silent,) = session.ablated[0]
    values = gradient.values(session, None)
    assert np.flatnonzero(values == 0).tolist() == [silent]
    cell = int(np.flatnonzero(gradient.order == silent)[0])
    mouse(window, *middle(gradient.picture.cell_bounds(*divmod(cell, gradient.shape[1]))))
    assert "0 held at 0, it is silenced" in window.readout.line.text
    assert "learning leaves the weight as it is" in window.readout.line.text


def test_a_perfect_answer_has_nothing_to_blame(open_window, shipped, press):
    from dataclasses import replace

    parameters = dict(model_of(shipped, 24).network.parameters)
    parameters["b2"] = np.where(np.arange(10) == 4, 1e6, 0).astype(np.float32)
    model = replace(shipped, network=model_of(shipped, 24).network.with_parameters(parameters))
    window = open_window(model, view="b")
    window.session.digit_history.go_to(int(np.flatnonzero(window.session.digits.labels == 4)[0]))
    window.refresh()
    assert window.headline.verdict.text.startswith("loss 0 target 4")
    assert not window.session.backprop.deltas[0].any()
    press(window, "h", "tab", "tab", "tab", "tab", "down", "down", "down")


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [(), (1,), (12, 24, 9)])
@KINDS
def test_every_step_of_the_way_back_comes_out_as_printed(window_of, press, hidden, activation, head):
    window = window_of(*hidden, activation=activation, head=head)
    press(window, "down")
    session = window.session
    for keys in ("", "3", "right", "[", "x", "enter"):
        press(window, *filter(None, [keys]))
        lines = window.view.steps.figures
        for line in lines:
            assert line.text
            if "=" in line.text:
                check(figures(line))
        found = session.backprop
        if "=" in lines[0].text:
            assert parse_written(result(lines[0])) == pytest.approx(found.loss, rel=0.006)
        told = re.search(r": ([\d(].* = \S+)$", window.view.steps.sentences[3].text)
        if told and activation in ("sigmoid", "tanh"):
            check(told[1])
        if hidden and not session.is_ablated(session.layer, session.neuron):
            blame = found.deltas[session.layer][0, session.neuron]
            assert parse_written(result(lines[3])) == pytest.approx(blame, rel=0.006)


def test_each_result_goes_into_the_next_step(open_window, press):
    window = open_window(size=(1900, 1000), view="h")
    press(window, "down")
    for _ in range(20):
        press(window, "f")
        lines = window.view.steps.figures
        error, returned, blame = (result(line) for line in lines[1:4])
        factors = lines[2].text, lines[3].text, lines[4].text.split(" × ")[1]
        for printed, into in zip((error, returned, blame), factors, strict=True):
            # the same number, to as many figures as it takes
            assert significant(parse_written(into.split()[0])) == printed


def test_h_after_b_shows_the_way_back_and_a_key_turns_it(open_window, press):
    window = open_window(view="b")
    press(window, "h")
    count = len(window.figure.artists)
    assert window.view.steps.names[0].text.startswith("loss, with target")
    assert window.headline.verdict.text.startswith(f"loss {significant(window.session.backprop.loss)} goes back to")
    press(window, "down", "tab", "up")  # with the cursor out, arrows move it
    assert window.view.steps.names[0].text == "pixels"
    press(window, "escape", "up")
    assert len(window.figure.artists) == count
    assert window.view.focus is None
    press(window, "escape", "e", "h")
    assert window.view.steps.names[0].text == "pixels"


def test_the_way_back_says_where_its_figures_come_from(window_of, press, mouse):
    window = window_of(24)
    press(window, "down")
    steps = window.view.steps
    words = []
    for row in range(5):
        mouse(window, steps.box[0] + 5, steps.box[1] + steps.box[3] - (row + 0.5) * steps.row)
        words.append(window.readout.line.text)
    assert words[0].startswith("loss (cross-entropy)")
    assert "error (d loss / d score)" in words[1]
    assert words[2] == words[3]
    assert "blame" in words[3]
    assert "gradient (d loss / d weight)" in words[4]
    mouse(window, steps.box[0] + 5, steps.box[1] + steps.box[3] - steps.row / 2, click=True)
    assert window.view.title == "backward"
