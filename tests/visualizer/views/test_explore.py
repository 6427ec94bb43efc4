"""The explore view: what its artists show is what the network did."""


import re

import numpy as np
import pytest

from neuralscope.formatting import number, percent, sheet_shape
from neuralscope.visualizer.drawing.theme import THEMES, color_values
from tests.helpers.networks import model_of


@pytest.mark.parametrize(("count", "shape"), [
    (256, (16, 16)), (128, (8, 16)), (100, (10, 10)), (1, (1, 1)), (2, (1, 2)), (3, (2, 2)), (37, (6, 7)),
    (300, (15, 20)), (10, (3, 4)), (2048, (32, 64)), (31, (6, 6)), (997, (32, 32))])
def test_a_sheet_holds_its_neurons_with_near_sides(count, shape):
    assert sheet_shape(count) == shape


def test_every_sheet_holds_its_neurons_and_wastes_less_than_a_row():
    for count in range(1, 1500):
        rows, columns = sheet_shape(count)
        assert 0 <= rows * columns - count < columns
        assert rows <= columns <= 2 * rows


def test_the_digit_is_shown_pixel_by_pixel(open_window):
    window = open_window()
    cells = window.view.digit.picture.cells
    wanted = color_values(THEMES["dark"].ink, window.session.digits.images[7].reshape(28, 28), 1)
    assert (cells == wanted).all()


@pytest.mark.parametrize("hidden", [(256,), (37,), (128, 64), (20, 10, 5)])
def test_every_hidden_layer_has_a_sheet_with_its_activations(open_window, shipped, hidden):
    window = open_window(model_of(shipped, *hidden))
    trace = window.session.trace
    assert len(window.view.hidden.sheets) == len(hidden)
    for sheet, values in zip(window.view.hidden.sheets, trace.activations, strict=False):
        top = float(sheet.key.top.text)
        assert values.max() <= top + 1e-6
        shown = sheet.picture.cells.reshape(-1, 4)
        assert (shown[:values.size] == color_values(THEMES["dark"].activations, values[0], top)).all()
        assert (sheet.picture.empty.ravel() == (np.arange(len(shown)) >= values.size)).all()
        assert f"{np.count_nonzero(values > 0)} fire" in sheet.caption.text


def test_the_colour_key_is_true(open_window):
    sheet = open_window().view.hidden.sheets[0]
    bar, top = sheet.key.bar.cells[0], float(sheet.key.top.text)
    values = np.linspace(0, top, len(bar))
    assert (bar == color_values(THEMES["dark"].activations, values, top)).all()
    assert sheet.key.low.text == "0"


@pytest.mark.parametrize("dpi", [100, 104, 125, 150, 175, 200])
@pytest.mark.parametrize("size", [(900, 600), (1400, 800)])
def test_the_colour_key_is_as_wide_as_its_labels(open_window, dpi, size):
    window = open_window(size=size, dpi=dpi)
    for panel in (window.view.digit, window.view.hidden.sheets[0]):
        left, _, width, height = panel.key.bar.bounds()
        assert left == pytest.approx(panel.key.low.x, abs=1)
        assert left + width == pytest.approx(panel.key.top.x, abs=1)
        assert height == pytest.approx(6, abs=1)


def test_a_silent_neuron_pushes_nothing(open_window, mouse):
    window = open_window()
    silent = int(np.flatnonzero(window.session.trace.activations[0][0] == 0)[0])
    left, bottom, width, height = window.view.hidden.sheets[0].picture.cell_bounds(*divmod(silent, 16))
    mouse(window, left + width / 2, bottom + height / 2)
    assert window.readout.line.text.endswith("fires 0.00 so it pushes nothing")


def test_a_network_without_hidden_layer_says_so(open_window, shipped):
    window = open_window(model_of(shipped))
    assert "no hidden layer" in window.view.hidden.empty_line.text
    pixels, weights = window.session.trace.images[0], window.session.network.layers[0].weights
    strongest = int(
        (pixels * (weights[:, window.session.selected_class] - weights[:, window.session.contrast_class])).argmax()
    )
    row, column = divmod(strongest, 28)
    assert f"pixel row {row}, column {column}" in window.readout.line.text
    assert "pushes" in window.readout.line.text


def test_bars_labels_and_figures_are_those_of_the_trace(open_window, press):
    window = open_window()
    for _ in range(20):
        press(window, "enter")
        trace, view = window.session.trace, window.view.outputs
        for row in range(10):
            assert view.bars[row].bounds[2] == pytest.approx(view.length * trace.outputs[0, row])
            assert view.values[row].text == percent(trace.outputs[0, row])
            assert view.scores[row].text == number(trace.sums[-1][0, row])
            assert view.labels[row].runs()[0].bold == (row == trace.predictions[0])


def test_the_headline_says_answer_probability_and_verdict(open_window, press):
    window = open_window()
    verdicts = set()
    for keys in (["enter"] * 5, ["f"] * 3):
        for key in keys:
            press(window, key)
            trace, truth = window.session.trace, window.session.truth
            answer = int(trace.predictions[0])
            verdict = "✓ right" if answer == truth else "✗ wrong"
            verdicts.add(verdict)
            assert window.headline.verdict.text == (
                f"reads {answer} {percent(trace.outputs[0, answer])} {verdict} the truth is {truth}")
            assert window.headline.subject.text == f"test digit {window.session.index} of {len(window.session.digits)}"
    assert verdicts == {"✓ right", "✗ wrong"}


@pytest.mark.parametrize("key", ["enter", "f"])
def test_the_truth_is_marked_by_shape_and_word_in_its_row(open_window, press, key):
    window = open_window()
    press(window, key)
    outputs = window.view.outputs
    assert outputs.truth.text == "◆ truth"
    assert abs(outputs.truth.y - outputs.middle(window.session.truth)) < outputs.row / 2


def test_the_mouse_asks_a_pixel_for_its_ink(open_window, mouse):
    window = open_window()
    ink = window.session.digits.images[7].reshape(28, 28)
    row, column = map(int, np.argwhere(ink > 0.4)[3])
    left, bottom, width, height = window.view.digit.picture.cell_bounds(row, column)
    mouse(window, left + width / 2, bottom + height / 2)
    assert f"pixel row {row}, column {column}" in window.readout.line.text
    assert number(ink[row, column]) in window.readout.line.text
    assert window.readout.ring.around == (left, bottom, width, height)


def test_the_mouse_asks_a_neuron_where_its_number_comes_from(open_window, mouse):
    window = open_window()
    sheet, trace = window.view.hidden.sheets[0], window.session.trace
    for neuron in range(0, 256, 7):
        left, bottom, width, height = sheet.picture.cell_bounds(*divmod(neuron, 16))
        mouse(window, left + width / 2, bottom + height / 2)
        said = window.readout.line.text.replace("−", "-")
        assert said.startswith(f"neuron {neuron} bias + inputs ")
        figures = said.split("bias + inputs ")[1].split(" fires")[0]
        left_side, total = figures.split(" = ")
        assert eval(left_side) == pytest.approx(float(total), abs=1e-9)  # the figures printed add up as printed
        assert float(total) == pytest.approx(trace.sums[0][0, neuron], abs=0.00501)


def test_the_mouse_asks_an_output_where_its_probability_comes_from(open_window, mouse):
    window = open_window()
    outputs, trace = window.view.outputs, window.session.trace
    for row in range(10):
        mouse(window, outputs.box[0] + 20, outputs.middle(row))
        said = window.readout.line.text.replace("−", "-").replace(",", "")
        sum_side, total = said.split("bias + pushes ")[1].split(" probability")[0].split(" = ")
        assert eval(sum_side) == pytest.approx(float(total), abs=1e-9)
        result = percent(trace.outputs[0, row])
        part, whole = re.search(r"probability (\S+) / (\S+) ", said).groups()
        assert percent(float(part) / float(whole)) == result
        shifted = np.exp(trace.sums[-1][0].astype(float) - trace.sums[-1][0].max())
        assert float(whole) == pytest.approx(shifted.sum(), abs=0.0051)


def test_the_readout_rests_on_the_neuron_that_pushes_most(open_window, mouse):
    window = open_window()
    trace, network = window.session.trace, window.session.network
    weights = (
        network.layers[-1].weights[:, trace.predictions[0]]
        - network.layers[-1].weights[:, window.session.contrast_class]
    )
    pushes = trace.activations[0][0] * weights
    at_rest = window.readout.line.text
    assert at_rest.startswith(f"neuron {pushes.argmax()} ")
    said = at_rest.replace("−", "-").split(" by ")[1].split(" the largest")[0]
    factors, push = said.split(" = ")
    assert number(eval(factors.replace("×", "*"))) == push.lstrip("+") == number(pushes.max())
    assert float(factors.split("×")[1]) == pytest.approx(weights[pushes.argmax()], abs=0.00051)
    assert "the largest push of all 256" in at_rest
    mouse(window, *window.view.digit.picture.cell_bounds(14, 14)[:2])
    mouse(window, 1, 1)
    assert window.readout.line.text == at_rest


def test_an_empty_cell_says_that_it_is_empty(open_window, shipped, mouse):
    window = open_window(model_of(shipped, 37))
    left, bottom, width, height = window.view.hidden.sheets[0].picture.cell_bounds(5, 6)
    mouse(window, left + width / 2, bottom + height / 2)
    assert window.readout.line.text.startswith("an empty cell")
