"""How it works: the five steps come out as printed, are those of the network, and follow what is chosen."""

import re
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.analysis.attribution import Attribution, attribution
from neuralscope.analysis.waterfall import side_steps
from neuralscope.formatting import number
from neuralscope.visualizer.drawing.theme import THEMES, color_values
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.widgets import function_text
from tests.helpers.views import KINDS, check_formula, figures, result


def check_steps(window):
    """Assert that all that is printed comes out as printed and is what the network did, and flows on."""
    session, lines = window.session, window.view.steps.figures
    for line in lines:
        if re.search("[=<>]", line.text):
            check_formula(figures(line).removesuffix(" 0"))  # where a silenced neuron is held
    trace, chosen = session.trace, session.selected_class
    total = trace.sums[session.layer][0, session.neuron] if session.layers else trace.sums[0][0, chosen]
    assert result(lines[1]) == number(float(total))
    assert result(lines[3]) == number(float(trace.sums[-1][0, chosen]))
    written = function_text.OUTPUT_TEXTS[session.network.layers[-1].activation].write(trace.outputs[0, chosen])
    assert f"{lines[4].text} ".endswith(f" {written} ")
    check_formula(figures_of_addends(window))


def figures_of_addends(window):
    """Return the waterfall's column of pushes as a sum, and see that its totals run along with it."""
    *pushes, total = [row.contribution.text.replace("−", "-") for row in window.view.sum_panel.rows]
    sofar = 0
    for row, push in zip(window.view.sum_panel.rows, pushes, strict=False):
        sofar += float(push)
        assert float(row.total.text.replace("−", "-")) == pytest.approx(sofar, abs=1e-9)
    return f"{' + '.join(pushes)} = {float(total):.2f}"


def test_every_step_of_the_shipped_network_comes_out_as_printed(open_window, press):
    window = open_window(size=(1900, 1000), view="h")
    for count in range(60):
        press(window, "right" if count % 3 else "enter", str(count % 10))
        check_steps(window)


@pytest.mark.slow
@pytest.mark.parametrize(("hidden", "strength"), [((), 1), ((1,), 1), ((24,), 0.01), ((24, 9), 1), ((12, 24, 9), 5)])
@KINDS
def test_every_step_of_every_network_comes_out_as_printed(window_of, press, hidden, activation, head, strength):
    window = window_of(*hidden, activation=activation, head=head, strength=strength)
    for keys in ("", "3", "right", "[", "right", "x", "[", "7", "enter"):
        if keys:
            press(window, keys)
        check_steps(window)


def test_each_result_goes_into_the_next_step(open_window, press):
    window = open_window(size=(1900, 1000), view="h")
    for _ in range(20):
        press(window, "enter")
        lines = window.view.steps.figures
        total, fires, score = (result(line) for line in lines[1:4])
        assert lines[2].text == f"max(0, {total}) = {fires}"
        assert f" {fires} × " in lines[3].text
        assert lines[4].text.startswith(f"e^{score}"[:-1]) or "each e^(score" in lines[4].text
        assert window.headline.verdict.text.startswith(
            f"784 pixels become {window.session.selected_class} "
            f"{function_text.percent(window.session.trace.outputs[0].max())}"
        )


def test_the_pictures_are_inputs_times_weights(open_window, press):
    window = open_window(view="h")
    for keys in ("enter", "right", "left"):
        press(window, keys)
        session, pictures = window.session, window.view.weighted_sum.factors
        ink, weights = session.trace.images[0], session.network.layers[0].weights[:, session.neuron]
        theme, tops = THEMES["dark"], [float(one.key.top.text.strip("+")) for one in pictures]
        wanted = (color_values(theme.ink, ink, 1), color_values(theme.signed, weights, tops[1], True),
                  color_values(theme.signed, ink * weights, tops[2], True))
        for picture, cells in zip(pictures, wanted, strict=True):
            assert (picture.picture.cells.reshape(-1, 4) == cells).all()
        assert [one.outline.mask.any() for one in pictures] == [False, True, True]
        assert (pictures[2].outline.mask.ravel() == (ink >= 0.25)).all()


def test_a_later_layer_adds_up_activations_in_their_sheet(window_of, press):
    window = window_of(37, 9, activation="tanh")
    window.run_to_end()
    session, inputs = window.session, window.view.weighted_sum.factors[0]
    assert inputs.picture.cells.shape[:2] == (6, 7)
    assert inputs.picture.empty.sum() == 5
    assert (session.order(0) != np.arange(37)).any()
    values = session.trace.activations[0][0][session.order(0)]
    wanted = color_values(THEMES["dark"].signed, values, float(inputs.key.top.text.strip("+")), True)
    assert (inputs.picture.cells.reshape(-1, 4)[:37] == wanted).all()
    assert window.view.steps.names[0].text == "activations of layer 1"
    assert window.view.steps.names[1].text == f"weighted sum of layer 2 neuron {session.neuron}"
    assert "pixel" not in window.readout.line.text
    press(window, "[")
    assert inputs.picture.cells.shape[:2] == (28, 28)
    assert window.view.steps.names[0].text == "pixels"
    assert window.view.steps.sentences[3].text.startswith("the same again in layer 2, then bias + activation × weight")


def test_every_pixel_says_what_it_adds(open_window, mouse):
    window = open_window(size=(1900, 1000), view="h")
    session = window.session
    weights = session.network.layers[0].weights[:, session.neuron]
    window.surface.redraw = lambda: None  # frames would be most of the time
    for pixel in range(0, 784, 3):
        ink = float(session.image[0, pixel])
        row, column = divmod(pixel, 28)
        said = set()
        for picture in window.view.weighted_sum.factors:
            left, bottom, width, height = bounds = picture.picture.cell_bounds(row, column)
            mouse(window, left + width / 2, bottom + height / 2)
            assert window.readout.ring.around == bounds
            said.add(window.readout.line.text)
        (words,) = said
        assert words.startswith(f"pixel row {row}, column {column} ink ")
        if ink:
            product = re.search(r"adds (.+) = (\S+) to the sum", words)
            check_formula(f"{product[1]} = {product[2]}")
            assert float(product[2].replace("−", "-")) == pytest.approx(ink * weights[pixel], abs=0.00501)
        else:
            assert words.endswith("so it adds nothing to the sum")


@pytest.mark.parametrize("hidden", [(), (1,), (24,), (24, 9), (2048,)])
def test_mouse_and_cursor_say_the_same_of_every_row(window_of, press, mouse, hidden):
    window = window_of(*hidden)
    for panel in (window.view.sum_panel, window.view.steps):
        window.view.set_focus(panel)
        press(window, "up")
        for row in range(panel.grid(window.session)[0]):
            said = window.readout.line.text
            assert said
            mouse(window, panel.box[0] + 5, panel.box[1] + panel.box[3] - (row + 0.5) * panel.row)
            assert window.readout.line.text == said
            press(window, "down")


def test_arrows_walk_through_the_neurons_and_steps_open_views(open_window, press):
    window = open_window(view="h")
    first = window.session.neuron
    press(window, "right")
    assert window.session.neuron == first + 1
    assert f"neuron {first + 1}" in window.view.steps.names[1].text
    press(window, "left", "left")
    assert window.session.neuron == first - 1
    window.session.selection.select_neuron(0, 255)
    press(window, "right")
    assert window.session.neuron == 0
    assert [window.view.steps.choose(window.session, row, 0) for row in range(5)] == [
        None, OpenView("n"), OpenView("n"), OpenView("w"), OpenView("w")]


def test_a_neuron_of_the_layer_before_can_be_chosen(window_of, mouse):
    window = window_of(24, 9)
    picture = window.view.weighted_sum.factors[2]
    left, bottom, width, height = picture.picture.cell_bounds(1, 2)
    neuron = int(picture.order[picture.shape[1] + 2])
    mouse(window, left + width / 2, bottom + height / 2, click=True)
    assert (window.session.layer, window.session.neuron) == (0, neuron)
    assert window.view.steps.names[0].text == "pixels"


def test_a_network_without_hidden_layer_has_no_activation(window_of, press):
    window = window_of()
    press(window, "4")
    assert window.view.steps.names[1].text == "weighted sum for the score of 4"
    assert "no hidden layer" in window.view.steps.sentences[2].text
    assert window.view.steps.figures[2].text == "none"
    assert result(window.view.steps.figures[1]) == result(window.view.steps.figures[3])


def test_a_silenced_neuron_is_held_at_0(open_window, press):
    window = open_window(size=(1900, 1000), view="h")
    press(window, "x")
    assert window.headline.ablated.text.startswith(f"✕ 1 neuron silenced: {window.session.neuron}")
    assert window.view.steps.figures[2].text.endswith("held at 0")
    assert re.search(r"\+ 0\.00 × \S+ this neuron", window.view.steps.figures[3].text)
    check_formula(figures(window.view.steps.figures[3]))


def test_all_neurons_silenced_leave_the_bias(window_of, press):
    window = window_of(4)
    for _ in range(4):
        press(window, "x", "right")
    check_steps(window)
    chosen = window.session.selected_class
    assert result(window.view.steps.figures[3]) == number(float(window.session.network.layers[-1].biases[chosen]))


def test_a_digit_without_ink_leaves_the_bias(open_window, embedded, press):
    images = embedded.test.images.copy()
    images[7] = 0
    blank = replace(embedded, test=replace(embedded.test, pixels=images))
    window = open_window(dataset=blank, size=(1900, 1000), view="h")
    check_steps(window)
    names = [row.name.text for row in window.view.sum_panel.rows[1:3]]
    assert names == ["0 pixels that raise it", "0 pixels that lower it"]
    assert window.view.steps.figures[0].text.endswith("0 / 255 = 0.00")
    assert "no input adds anything to the sum: its bias alone is left" in window.readout.line.text
    press(window, "tab", "right", "enter")


def test_a_class_without_test_digits_can_be_asked_about(open_window, embedded, press):
    kept = embedded.test.labels != 4
    test = replace(embedded.test, pixels=embedded.test.images[kept], labels=embedded.test.labels[kept])
    window = open_window(dataset=replace(embedded, test=test), size=(1900, 1000), view="h")
    press(window, "4")
    assert window.view.steps.names[4].text == "probability of 4 (softmax)"
    check_steps(window)


@pytest.mark.parametrize("size", [(900, 600), (1400, 800), (1000, 1400)])
def test_five_rows_can_be_read_at_every_size(open_window, press, size):
    window = open_window(size=size, view="h")
    for _ in range(10):
        press(window, "right")
        steps = window.view.steps
        for line in (*steps.names, *steps.sentences, *steps.figures):
            assert line.text
            assert line.max_width is None or line.measure(line.runs()) <= line.max_width
        assert " this neuron" in steps.figures[3].text
        for upper, lower in zip(steps.sentences, steps.names[1:], strict=False):
            assert upper.bounds()[1] > lower.bounds()[1] + 0.9 * lower.bounds()[3]


@pytest.mark.parametrize("seed", range(40))
def test_sides_add_up_as_printed(seed):
    rng = np.random.default_rng(seed)
    inputs, weights = rng.random(seed // 4).astype(np.float32), rng.normal(0, 0.3, seed // 4).astype(np.float32)
    added = Attribution(inputs, weights, 0.123, float((inputs * weights).sum()) + 0.123)
    bias, raising, lowering = side_steps(added)
    assert (
        round(bias.contribution + raising.contribution + lowering.contribution, 2)
        == round(added.total, 2)
        == lowering.total
    )
    assert bias.contribution == 0.12
    assert raising.contribution == pytest.approx(added.contributions[added.contributions > 0].sum(), abs=0.0151)
    assert lowering.contribution == pytest.approx(added.contributions[added.contributions < 0].sum(), abs=0.0151)


def test_the_score_is_the_ledger_of_the_class(open_window, press):
    window = open_window(size=(1900, 1000), view="h")
    press(window, "8")
    session = window.session
    added = attribution(session.network, session.trace, 8)
    bias, _, _, rest = (float(one) for one in re.findall(
        r"[−-]?\d+\.\d+", figures(window.view.steps.figures[3]).replace("− ", "−").replace("−", "-"))[:4])
    assert bias == pytest.approx(added.bias, abs=0.0051)
    assert rest == pytest.approx(np.delete(added.contributions, session.neuron).sum(), abs=0.0151)
