"""The backward view, and the way back in how it works: the figures are the network's gradients, and come out."""

import math
import re

import numpy as np
import pytest

from neuralscope.network.functions import ACTIVATIONS, HEADS, one_hot
from neuralscope.visualizer.drawing.theme import THEMES, look_up
from neuralscope.visualizer.widgets import derivative_text
from neuralscope.visualizer.widgets.significant import read, significant
from neuralscope.visualizer.widgets.weighted_sum import weighted_sum
from tests.visualizer.views.test_explore import model_of
from tests.visualizer.views.test_how import figures, result, scope_of  # noqa: F401
from tests.visualizer.views.test_why import middle

KINDS = pytest.mark.parametrize(("activation", "head"), [(one, other) for one in ACTIVATIONS for other in HEADS])


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
    assert significant(value) == result or value == pytest.approx(read(result), rel=0.005), equation
    return read(result)


def equations(scope):
    """Return the equations in the readout's line, without their words: one statement after the other."""
    statements = [""]
    for run in scope.readout.line.runs():
        statements += [""] * (run.gap >= 2)
        statements[-1] += f" {run.text}" * run.mono
    return [statement.strip() for statement in statements if " = " in statement]


def test_there_are_words_for_every_loss_and_slope():
    assert list(derivative_text.HEADS) == list(HEADS)
    assert list(derivative_text.SLOPES) == list(ACTIVATIONS)


@pytest.mark.parametrize("hidden", [(12, 24, 9)])
@KINDS
def test_all_pictures_are_the_network_s_gradients(scope_of, press, hidden, activation, head):  # noqa: F811
    scope = scope_of(*hidden, activation=activation, head=head)
    press(scope, "b")
    session, view, theme = scope.session, scope.view, THEMES["dark"]
    for keys in ("", "enter", "[", "3"):
        press(scope, *filter(None, [keys]))
        found = wanted(session)
        for layer, sheet in enumerate(view.blame.sheets):
            values = found[f"b{layer + 1}"]  # of one digit, the blame is the bias's gradient
            top = session.top(f"blame {layer}", np.abs(values).max())
            cells = sheet.picture.cells.reshape(-1, 4)[:len(values)]
            assert (cells == look_up(theme.signed, values[sheet.order], top, signed=True)).all()
        gradient = found[f"W{session.layer + 1}"][:, session.neuron][view.gradient.order]
        top = session.top(f"gradient {session.layer}", np.abs(gradient).max())
        cells = view.gradient.picture.cells.reshape(-1, 4)[:len(gradient)]
        assert (cells == look_up(theme.signed, gradient, top, signed=True)).all()
        errors = found[f"b{len(hidden) + 1}"]
        for row, error in enumerate(errors):
            assert read(view.errors.errors[row].text.replace("+", "")) == pytest.approx(error, rel=0.006, abs=1e-300)
            left, _, width, _ = view.errors.bars[row].bounds
            assert width == 0 or (left + width / 2 > view.errors.zero) == (error > 0)


@pytest.mark.parametrize("hidden", [(), (24, 9)])
@KINDS
def test_every_figure_is_told_and_comes_out(scope_of, press, mouse, hidden, activation, head):  # noqa: F811
    scope = scope_of(*hidden, activation=activation, head=head, size=(2400, 1200))
    press(scope, "b")
    session, view, found = scope.session, scope.view, wanted(scope.session)
    scope.painter.redraw = lambda: None
    mouse(scope, *middle(view.headline.verdict.bounds()))
    (loss,) = equations(scope)
    assert check(loss) == pytest.approx(read(scope.headline.verdict.runs()[1].text), rel=0.01)
    for row in range(10):
        mouse(scope, view.errors.box[0] + 30, view.errors.middle(row))
        error = equations(scope)[0]
        way = "raises" if row == session.target else "lowers"
        assert not session.way_back.deltas[-1][0, row] or f"learning {way} its score" in scope.readout.line.text
        assert check(error) == pytest.approx(found[f"b{len(hidden) + 1}"][row], rel=0.006)
    for layer, sheet in enumerate(view.blame.sheets):
        for cell in range(0, hidden[layer], 5):
            mouse(scope, *middle(sheet.picture.cell_bounds(*divmod(cell, sheet.picture.cells.shape[1]))))
            blame = equations(scope)[0]
            assert check(blame) == pytest.approx(found[f"b{layer + 1}"][sheet.order[cell]], rel=0.006)
    unit = session.neuron if hidden else session.chosen
    for cell in range(0, len(view.gradient.order), 7):
        mouse(scope, *middle(view.gradient.picture.cell_bounds(*divmod(cell, view.gradient.shape[1]))))
        gradient = equations(scope)[0]
        one = view.gradient.order[cell]
        assert check(gradient) == pytest.approx(found[f"W{len(hidden) or 1}"][one, unit], rel=0.006)


def test_a_bracket_closes_right_after_what_stands_in_it(scope_of, press, mouse):  # noqa: F811
    scope = scope_of(24, head="sigmoid")
    press(scope, "b")
    mouse(scope, *middle(scope.headline.verdict.bounds()))
    assert " all others) / 2 = " in scope.readout.line.text


def test_the_headline_says_loss_target_and_why_it_is_the_target(open_scope, press):
    scope = open_scope(view="b")
    session = scope.session
    outputs = session.network.astype(np.float64).forward(session.image).outputs[0]
    words = scope.headline.verdict.text
    assert words.startswith(f"loss {significant(-np.log(outputs[session.truth]))} target {session.truth} its truth")
    press(scope, "3")
    assert f"target {session.truth} its truth" in scope.headline.verdict.text  # asking is not teaching


def test_a_digit_of_ones_own_has_the_class_asked_about_as_its_target(open_scope, press, embedded):
    scope = open_scope(view="b")
    session = scope.session
    session.open(embedded.test.images[40].reshape(28, 28), "mine.png", ())
    press(scope, "5")
    scope.refresh()
    assert session.own
    assert "target 5 the class asked about" in scope.headline.verdict.text
    before = scope.headline.verdict.text
    press(scope, "2")
    assert "target 2" in scope.headline.verdict.text != before
    assert session.way_back.deltas[-1][0, 2] < 0


def test_the_layer_is_chosen_by_keys_and_the_neuron_by_a_click(scope_of, press, mouse):  # noqa: F811
    scope = scope_of(24, 9)
    press(scope, "b")
    assert scope.view.gradient.shape == (4, 6)
    press(scope, "[")
    assert scope.view.gradient.shape == (28, 28)
    sheet = scope.view.blame.sheets[0]
    mouse(scope, *middle(sheet.picture.cell_bounds(1, 1)), click=True)
    neuron = sheet.neuron_at(1, 1)
    assert scope.session.has_chosen(0, neuron)
    assert sheet.ring.around == sheet.picture.cell_bounds(1, 1)
    assert scope.view.blame.sheets[1].ring.around is None
    press(scope, "]")
    assert sheet.ring.around is None


def test_a_silenced_neuron_has_no_blame(open_scope, press, mouse):
    scope = open_scope(view="b")
    neuron = scope.session.neuron
    before = scope.session.way_back.deltas[0][0, neuron]
    press(scope, "x")
    assert before
    assert not scope.session.way_back.deltas[0][0, neuron]
    sheet = scope.view.blame.sheets[0]
    mouse(scope, *middle(sheet.picture.cell_bounds(*sheet.cell_of(neuron))))
    assert "blame 0: it is silenced" in scope.readout.line.text
    assert not scope.view.gradient.values(scope.session, None).any()


def test_a_silenced_neuron_is_not_told_as_if_it_fired(scope_of, press, mouse):  # noqa: F811
    scope = scope_of(24)
    session = scope.session
    session.choose_neuron(0, int(session.trace.sums[0][0].argmax()))  # it would fire
    press(scope, "x", "down", "f12")
    steps, words = scope.view.steps, "it is silenced, held at 0: no weight into it has a gradient"
    assert [line.text for line in steps.figures[2:]] == ["0"] * 3
    assert steps.sentences[3].text == "it is silenced: held at 0, whatever its sum"
    assert steps.sentences[4].text == words
    mouse(scope, 1, 1)
    scope.message = None
    scope.refresh()
    assert scope.readout.line.text == f"neuron {session.neuron} {words}"
    assert scope.readout.ring.around is None
    mouse(scope, steps.box[0] + 5, steps.box[1] + steps.row / 2)
    assert scope.readout.line.text == f"neuron {session.neuron} {words}"


def test_of_a_neuron_that_does_not_fire_no_weight_is_chosen(scope_of, press):  # noqa: F811
    scope = scope_of(24)
    session = scope.session
    session.choose_neuron(0, int(session.trace.sums[0][0].argmin()))
    press(scope, "down")
    assert scope.view.steps.sentences[4].text == "no weight into it has a gradient: its blame is 0"
    assert scope.readout.ring.around is None


@pytest.mark.parametrize("hidden", [(24,), (12, 24)])
def test_blame_is_explained_by_what_comes_back_through_the_strongest(scope_of, press, mouse, hidden):  # noqa: F811
    scope = scope_of(*hidden, size=(2400, 1200))
    press(scope, "b")
    session, others = scope.session, 0
    for neuron in range(hidden[-1]):
        sheet = scope.view.blame.sheets[-1]
        mouse(scope, *middle(sheet.picture.cell_bounds(*sheet.cell_of(neuron))))
        blame, returned = equations(scope)
        parts = session.way_back.deltas[-1][0] * session.exact.layers[-1].weights[neuron]
        others += int(np.abs(parts).argmax()) != session.target
        assert f"through output {np.abs(parts).argmax()}" in scope.readout.line.text
        assert check(returned) == pytest.approx(parts.sum(), rel=0.01)
        assert returned.split(" = ")[1] == blame.split(" × ")[0].replace("(", "").replace(")", "")
    assert others


@pytest.mark.parametrize("hidden", [(), (24,)])
def test_the_three_pictures_are_factors_and_their_product(scope_of, press, mouse, hidden):  # noqa: F811
    scope = scope_of(*hidden)
    press(scope, "down", "3")
    session, (digit, blame, gradient) = scope.session, scope.view.product.factors
    assert [sign.text for sign in scope.view.product.signs] == ["×", "="]
    unit = session.neuron if hidden else 3
    values = digit.values(session, weighted_sum(session)) * session.way_back.deltas[0][0, unit]
    np.testing.assert_allclose(gradient.values(session, None), values, rtol=1e-6)
    if not hidden:
        error = session.way_back.deltas[0][0, 3]
        assert blame.title.text == "the error of 3"
        assert read(blame.caption.text.replace("+", "")) == pytest.approx(error, rel=0.006)
        top = session.top("errors", np.abs(session.way_back.deltas[0]).max())
        assert (blame.picture.cells[0, 0] == look_up(THEMES["dark"].signed, error, top, signed=True)).all()
        mouse(scope, *middle(blame.picture.bounds()))
        assert scope.readout.line.text.startswith("output 3 error (d loss / d score)")


@pytest.mark.parametrize(("hidden", "unit"), [((), "output {}"), ((24,), "neuron {}"), ((24, 9), "neuron {}")])
@pytest.mark.parametrize("view", ["h", "b"])
def test_the_gradient_s_name_says_whose_weights_they_are(scope_of, press, hidden, unit, view):  # noqa: F811
    scope = scope_of(*hidden, size=(1000, 700))
    press(scope, *({"h": ["down"], "b": ["b"]}[view]))
    gradient = scope.view.gradient if view == "b" else scope.view.product.factors[-1]
    number = scope.session.neuron if hidden else scope.session.chosen
    assert gradient.title.text.startswith("gradient")
    assert gradient.title.text.endswith(f" {'layer 2 ' * (len(hidden) > 1)}{unit.format(number)}")


@pytest.mark.parametrize("size", [(900, 600), (1400, 800)])
def test_pictures_and_names_side_by_side_stand_on_one_height(open_scope, press, size):
    scope = open_scope(view="b", size=size)
    gradient, blame = scope.view.gradient, scope.view.blame.sheets[0]
    tops = [sum(panel.picture.bounds()[1::2]) for panel in (gradient, blame)]
    assert tops == pytest.approx([scope.view.errors.box[1] + scope.view.errors.box[3]] * 2, abs=1)
    assert gradient.title.y == blame.title.y == scope.view.errors.title.y
    press(scope, "h")
    assert len({factor.title.y for factor in scope.view.product.factors}) == 1


def test_what_was_taught_can_be_asked_in_the_headline(open_scope, press, mouse):
    scope = open_scope(view="b")
    mouse(scope, *middle(scope.headline.which.bounds()))
    assert not scope.readout.line.text.startswith("taught")
    press(scope, "l", "enter", "b")
    mouse(scope, *middle(scope.headline.which.bounds()))
    session = scope.session
    assert scope.readout.line.text.startswith(f"taught 1 step the last: digit {session.index} as {session.truth}")
    press(scope, "tab")
    assert scope.readout.line.text.startswith("loss")
    press(scope, "shift+tab")
    assert scope.readout.line.text.startswith("taught 1 step")


def test_what_a_silenced_neuron_would_add_has_no_gradient(scope_of, press, mouse):  # noqa: F811
    scope = scope_of(24, 9, activation="sigmoid", size=(2400, 1200))
    press(scope, "[", "x", "]", "b")
    session, gradient = scope.session, scope.view.gradient
    (silent,) = session.silenced[0]
    values = gradient.values(session, None)
    assert np.flatnonzero(values == 0).tolist() == [silent]
    cell = int(np.flatnonzero(gradient.order == silent)[0])
    mouse(scope, *middle(gradient.picture.cell_bounds(*divmod(cell, gradient.shape[1]))))
    assert "0 held at 0, it is silenced" in scope.readout.line.text
    assert "learning leaves the weight as it is" in scope.readout.line.text


def test_a_perfect_answer_has_nothing_to_blame(open_scope, shipped, press):
    from dataclasses import replace

    parameters = dict(model_of(shipped, 24).network.parameters)
    parameters["b2"] = np.where(np.arange(10) == 4, 1e6, 0).astype(np.float32)
    model = replace(shipped, network=model_of(shipped, 24).network.with_parameters(parameters))
    scope = open_scope(model, view="b")
    scope.session.go_to(int(np.flatnonzero(scope.session.digits.labels == 4)[0]))
    scope.refresh()
    assert scope.headline.verdict.text.startswith("loss 0 target 4")
    assert not scope.session.way_back.deltas[0].any()
    press(scope, "h", "tab", "tab", "tab", "tab", "down", "down", "down")


@pytest.mark.parametrize("hidden", [(), (1,), (12, 24, 9)])
@KINDS
def test_every_step_of_the_way_back_comes_out_as_printed(scope_of, press, hidden, activation, head):  # noqa: F811
    scope = scope_of(*hidden, activation=activation, head=head)
    press(scope, "down")
    session = scope.session
    for keys in ("", "3", "right", "[", "x", "enter"):
        press(scope, *filter(None, [keys]))
        lines = scope.view.steps.figures
        for line in lines:
            assert line.text
            if "=" in line.text:
                check(figures(line))
        found = session.way_back
        if "=" in lines[0].text:
            assert read(result(lines[0])) == pytest.approx(found.loss, rel=0.006)
        told = re.search(r": ([\d(].* = \S+)$", scope.view.steps.sentences[3].text)
        if told and activation in ("sigmoid", "tanh"):
            check(told[1])
        if hidden and not session.is_silenced(session.layer, session.neuron):
            blame = found.deltas[session.layer][0, session.neuron]
            assert read(result(lines[3])) == pytest.approx(blame, rel=0.006)


def test_each_result_goes_into_the_next_step(open_scope, press):
    scope = open_scope(size=(1900, 1000), view="h")
    press(scope, "down")
    for _ in range(20):
        press(scope, "f")
        lines = scope.view.steps.figures
        error, returned, blame = (result(line) for line in lines[1:4])
        factors = lines[2].text, lines[3].text, lines[4].text.split(" × ")[1]
        for printed, into in zip((error, returned, blame), factors, strict=True):
            assert significant(read(into.split()[0])) == printed  # the same number, to as many figures as it takes


def test_h_after_b_shows_the_way_back_and_a_key_turns_it(open_scope, press):
    scope = open_scope(view="b")
    press(scope, "h")
    count = len(scope.figure.artists)
    assert scope.view.steps.names[0].text.startswith("loss, with target")
    assert scope.headline.verdict.text.startswith(f"loss {significant(scope.session.way_back.loss)} goes back to")
    press(scope, "down", "tab", "up")  # with the cursor out, arrows move it
    assert scope.view.steps.names[0].text == "pixels"
    press(scope, "escape", "up")
    assert len(scope.figure.artists) == count
    assert scope.view.cursor is None
    press(scope, "escape", "e", "h")
    assert scope.view.steps.names[0].text == "pixels"


def test_the_way_back_says_where_its_figures_come_from(scope_of, press, mouse):  # noqa: F811
    scope = scope_of(24)
    press(scope, "down")
    steps = scope.view.steps
    words = []
    for row in range(5):
        mouse(scope, steps.box[0] + 5, steps.box[1] + steps.box[3] - (row + 0.5) * steps.row)
        words.append(scope.readout.line.text)
    assert words[0].startswith("loss (cross-entropy)")
    assert "error (d loss / d score)" in words[1]
    assert words[2] == words[3]
    assert "blame" in words[3]
    assert "gradient (d loss / d weight)" in words[4]
    mouse(scope, steps.box[0] + 5, steps.box[1] + steps.box[3] - steps.row / 2, click=True)
    assert scope.view.title == "backward"
