"""What the window says of a network with any activation and any head: true, and it comes out as printed."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.network import functions
from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import THEMES, color_values
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.widgets import function_text
from tests.helpers.networks import model_of
from tests.helpers.views import KINDS, check_formula, half_of

STRENGTHS = pytest.mark.parametrize("strength", [0.01, 1, 30])  # sums near zero, as trained, and far beyond


@pytest.fixture
def window_of(open_window, shipped):
    """Return a function that opens a window on a random network with 24 hidden neurons and these functions."""
    def window_of(activation, head, strength=1.0, **options):
        model = model_of(shipped, 24, activation=activation, head=head)
        parameters = model.network.parameters
        biases = np.random.default_rng(4).normal(0, 0.2, 24).astype(np.float32)
        parameters = {**parameters, "W1": parameters["W1"] * np.float32(strength), "b1": biases * np.float32(strength)}
        return open_window(replace(model, network=model.network.with_parameters(parameters)), **options)

    return window_of


def says(window, cell, mouse):
    """Return the whole account of what is at the middle of ``(left, bottom, width, height)``."""
    left, bottom, width, height = cell
    mouse(window, left + width / 2, bottom + height / 2)
    return window.readout.line.text


def sheet_cells(sheet):
    return [sheet.picture.cell_bounds(*divmod(neuron, sheet.picture.cells.shape[1])) for neuron in range(24)]


def test_the_screen_has_words_for_every_function():
    assert set(function_text.ACTIVATION_TEXTS) <= set(ACTIVATIONS)  # others are told by their name
    assert list(function_text.OUTPUT_TEXTS) == list(HEADS)
    for name, activation in ACTIVATIONS.items():
        assert function_text.ACTIVATION_TEXTS[name].signed == (activation.value(np.array([-3.0]))[0] < 0)


@KINDS
def test_only_what_sums_to_one_is_a_probability(window_of, press, activation, head):
    window = window_of(activation, head)
    press(window, "enter")
    panels = [window.headline, window.readout, window.view.outputs, window.view.hidden.sheets[0]]
    said = " ".join(line.text for panel in panels for line in panel.artists if isinstance(line, Line))
    assert ("%" in said) == ("probability" in said) == HEADS[head].sums_to_one
    assert ("output 0." in window.headline.verdict.text) == (not HEADS[head].sums_to_one)
    name = function_text.OUTPUT_TEXTS[head].name
    assert window.view.outputs.heads[0].text == name
    assert window.view.outputs.caption.text.startswith(f"{name} = ")


@pytest.mark.slow
@STRENGTHS
@KINDS
def test_every_output_comes_out_as_printed(window_of, press, mouse, activation, head, strength):
    window = window_of(activation, head, strength)
    view, name = window.view.outputs, function_text.OUTPUT_TEXTS[head].name
    for _ in range(2):
        press(window, "enter")
        trace = window.session.trace
        for row in range(10):
            said = says(window, (view.box[0] + 20, view.middle(row), 0, 0), mouse)
            score, figures = re.search(rf"bias \+ pushes (.+) {name} (.+?)( each .*| whatever .*|$)", said).groups()[:2]
            check_formula(score)
            check_formula(figures)
            printed = view.values[row].text
            assert figures.endswith(printed)
            assert printed == function_text.OUTPUT_TEXTS[head].write(trace.outputs[0, row])
            assert printed.rstrip(" %") not in ("1.000", "0.000", "100.0", "0.0")
            assert view.bars[row].bounds[2] == pytest.approx(view.length * trace.outputs[0, row])


@pytest.mark.slow
@STRENGTHS
@KINDS
def test_every_neuron_comes_out_as_printed(window_of, mouse, activation, head, strength):
    window = window_of(activation, head, strength, size=(1900, 800))
    trace, sheet = window.session.trace, window.view.hidden.sheets[0]
    for neuron, cell in enumerate(sheet_cells(sheet)):
        total, value = trace.sums[0][0, neuron], trace.activations[0][0, neuron]
        said = says(window, cell, mouse)
        figures, told, push = re.fullmatch(
            rf"neuron {neuron} bias \+ inputs (.+?) (?:fires|leaks|sigmoid gives|gives) (.+?) "
            r"(so it pushes nothing|pushes \d against \d by .+?)( the largest push of all 24)?", said).groups()[:3]
        check_formula(figures)
        check_formula(told if "=" in told or "<" in told or ">" in told else f"max({float(total)}, 0) = {told}")
        shown = told.replace("−", "-").split()
        if shown[-2:-1] not in (["<"], [">"]):
            assert float(shown[-1]) == pytest.approx(value, abs=0.00501)
        assert (push == "so it pushes nothing") == (value == 0)
        if value:
            check_formula(push.partition(" by ")[2])
            factor = float(push.partition(" by ")[2].split(" ×")[0].replace("−", "-"))
            assert abs(factor) not in (0, 1) or abs(value) >= 1 or abs(value) < 5e-9
            weights = window.session.network.layers[-1].weights[neuron]
            weight = weights[window.session.selected_class] - weights[window.session.contrast_class]
            assert push.split()[-1][0] == ("+" if value * weight > 0 or abs(value * weight) < 5e-9 else "−")


@STRENGTHS
@pytest.mark.parametrize(("activation", "theme"), half_of(ACTIVATIONS, THEMES))
def test_the_legend_is_true_and_zero_has_one_colour(window_of, activation, strength, theme):
    window = window_of(activation, "softmax", strength, theme=theme)
    sheet, values = window.view.hidden.sheets[0], window.session.trace.activations[0][0]
    signed = function_text.ACTIVATION_TEXTS[activation].signed
    table = THEMES[theme].signed if signed else THEMES[theme].activations
    low, top = (float(line.text.replace("−", "-")) for line in (sheet.key.low, sheet.key.top))
    assert low == (-top if signed else 0)
    assert np.abs(values).max() <= top * (1 + 1e-6)
    assert np.abs(values).max() > 0.5 * top
    bar = sheet.key.bar.cells[0]
    for shown, stood_for in ((bar, np.linspace(low, top, len(bar))), (sheet.picture.cells.reshape(-1, 4), values)):
        wanted = [color_values(table, stood_for * (1 + near), top, signed) for near in (-1e-6, 1e-6)]  # halfway: either
        assert np.logical_or(*((shown == colors).all(axis=1) for colors in wanted)).all()
    zero = bar[len(bar) // 2 if signed else 0]
    assert "#{:02x}{:02x}{:02x}".format(*tuple(zero[:3])) == THEMES[theme].zero
    assert sheet.key.middle.text == ("0" if signed else "")
    assert sheet.key.middle.x == pytest.approx(sheet.key.bar.bounds()[0] + sheet.key.bar.bounds()[2] / 2)


def test_a_narrow_key_prints_both_ends_as_one(open_window, shipped):
    window = open_window(model_of(shipped, 30, 30, 30, 30, activation="tanh"), size=(900, 600))
    for sheet in window.view.hidden.sheets:
        assert sheet.key.top.text.startswith("±")
        assert sheet.key.low.text == sheet.key.middle.text == ""


@KINDS
def test_the_caption_counts_what_neurons_did(window_of, activation, head):
    window = window_of(activation, head)
    values = window.session.trace.activations[0][0]
    above, below = int((values > 0).sum()), int((values < 0).sum())
    high, started = (int((values > least).sum()) for least in (0.5, math.log(2)))
    assert window.view.hidden.sheets[0].caption.text == {
        "relu": f"{above} fire, {24 - above} stay at 0", "leaky-relu": f"{above} fire, {below} leak below 0",
        "sigmoid": f"{high} above 0.5, {24 - high} at or below it",
        "softplus": f"{started} above 0.69 = log 2, {24 - started} at or below it",
    }.get(activation, f"{above} above 0, {below} below")


def test_neurons_at_exactly_zero_are_counted_as_such():
    values = np.array([-1, 0, 0, 0.5], np.float32)
    assert function_text.count_signs(values)[0] == "1 above 0, 1 below, 2 at 0"
    assert function_text.count_leaking(values)[0] == "1 fire, 1 leak below 0, 2 at 0"


def test_layers_may_have_functions_of_their_own(open_window, shipped):
    model = model_of(shipped, 16, 9, head="sigmoid")
    layers = [replace(layer, activation=name)
              for layer, name in zip(model.network.layers, ("tanh", "sigmoid", "sigmoid"), strict=True)]
    window = open_window(replace(model, network=replace(model.network, layers=layers)), size=(1900, 1200))
    first, second = window.view.hidden.sheets
    assert "above 0" in first.caption.text
    assert "above 0.5" in second.caption.text
    assert math.isclose(float(second.key.low.text), 0)


def test_a_statement_that_does_not_fit_goes_whole(window_of, mouse):
    for width in range(600, 900, 60):
        window = window_of("sigmoid", "sigmoid", size=(width, 600))
        for cell in sheet_cells(window.view.hidden.sheets[0]):
            said = says(window, cell, mouse)
            assert re.search(r"(= \S+|[<>] \S+|push of all 24)$", said), said


def test_a_new_activation_is_one_row_and_every_view_tells_of_it(open_window, press, shipped, monkeypatch):
    logaddexp = functions.Activation(
        lambda z, out=None: np.logaddexp(z, 0, out=out),
        lambda z, out=None: np.reciprocal(1 + np.exp(-z), out=out), gain=1.0, piecewise_linear=False)
    monkeypatch.setitem(functions.ACTIVATIONS, "logaddexp", logaddexp)
    assert not function_text.ACTIVATION_TEXTS["logaddexp"].signed
    window = open_window(model_of(shipped, 24, activation="logaddexp"))
    for view in VIEWS:
        press(window, view.key, "tab", "tab", "down")
    press(window, "h")
    (equation,) = (line.text for line in window.view.steps.figures if line.text.startswith("logaddexp("))
    figures = re.fullmatch(r"logaddexp\((.*)\) = (.*)", equation).groups()
    total, value = (float(text.replace("−", "-")) for text in figures)
    assert f"{np.logaddexp(total, 0):.2f}" == f"{value:.2f}"
