"""How it works: the five steps come out as printed, are those of the network, and follow what is chosen."""

import re
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.analysis.attribution import Ledger, ledger
from neuralscope.analysis.waterfall import sides
from neuralscope.formatting import number
from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.visualizer.drawing.theme import THEMES, look_up
from neuralscope.visualizer.widgets import function_text
from tests.visualizer.views.test_explore import model_of
from tests.visualizer.widgets.test_function_text import check

KINDS = pytest.mark.parametrize(("activation", "head"), [(one, other) for one in ACTIVATIONS for other in HEADS])


@pytest.fixture
def scope_of(open_scope, shipped):
    """Return a function that opens the view on a random network with weights ``strength`` times as large."""
    def scope_of(*hidden, strength=1.0, size=(1900, 1000), **names):
        network = model_of(shipped, *hidden, **names).network
        rng, parameters = np.random.default_rng(4), {}
        for name, values in network.parameters.items():
            noise = rng.normal(0, 0.2, values.shape) if name.startswith("b") else 0
            parameters[name] = ((values + noise) * strength).astype(np.float32)
        return open_scope(replace(shipped, network=network.with_parameters(parameters)), size=size, view="h")

    return scope_of


def figures(line):
    """Return the numbers and signs of a line, without its words."""
    return " ".join(run.text for run in line.runs() if run.mono)


def result(line):
    """Return what comes out of a line: what is bold."""
    return next(run.text for run in line.runs() if run.bold)


def check_steps(scope):
    """Assert that all that is printed comes out as printed and is what the network did, and flows on."""
    session, lines = scope.session, scope.view.steps.figures
    for line in lines:
        if re.search("[=<>]", line.text):
            check(figures(line).removesuffix(" 0"))  # where a silenced neuron is held
    trace, chosen = session.trace, session.chosen
    total = trace.sums[session.layer][0, session.neuron] if session.layers else trace.sums[0][0, chosen]
    assert result(lines[1]) == number(float(total))
    assert result(lines[3]) == number(float(trace.sums[-1][0, chosen]))
    written = function_text.HEADS[session.network.layers[-1].activation].write(trace.outputs[0, chosen])
    assert f"{lines[4].text} ".endswith(f" {written} ")
    check(figures_of_addends(scope))


def figures_of_addends(scope):
    """Return the waterfall's column of pushes as a sum, and see that its totals run along with it."""
    *pushes, total = [row.push.text.replace("−", "-") for row in scope.view.addends.rows]
    sofar = 0
    for row, push in zip(scope.view.addends.rows, pushes, strict=False):
        sofar += float(push)
        assert float(row.total.text.replace("−", "-")) == pytest.approx(sofar, abs=1e-9)
    return f"{' + '.join(pushes)} = {float(total):.2f}"


def test_every_step_of_the_shipped_network_comes_out_as_printed(open_scope, press):
    scope = open_scope(size=(1900, 1000), view="h")
    for count in range(60):
        press(scope, "right" if count % 3 else "enter", str(count % 10))
        check_steps(scope)


@pytest.mark.parametrize(("hidden", "strength"), [((), 1), ((1,), 1), ((24,), 0.01), ((24, 9), 1), ((12, 24, 9), 5)])
@KINDS
def test_every_step_of_every_network_comes_out_as_printed(scope_of, press, hidden, activation, head, strength):
    scope = scope_of(*hidden, activation=activation, head=head, strength=strength)
    for keys in ("", "3", "right", "[", "right", "x", "[", "7", "enter"):
        if keys:
            press(scope, keys)
        check_steps(scope)


def test_each_result_goes_into_the_next_step(open_scope, press):
    scope = open_scope(size=(1900, 1000), view="h")
    for _ in range(20):
        press(scope, "enter")
        lines = scope.view.steps.figures
        total, fires, score = (result(line) for line in lines[1:4])
        assert lines[2].text == f"max(0, {total}) = {fires}"
        assert f" {fires} × " in lines[3].text
        assert lines[4].text.startswith(f"e^{score}"[:-1]) or "each e^(score" in lines[4].text
        assert scope.headline.verdict.text.startswith(
            f"784 pixels become {scope.session.chosen} {function_text.percent(scope.session.trace.outputs[0].max())}")


def test_the_pictures_are_inputs_times_weights(open_scope, press):
    scope = open_scope(view="h")
    for keys in ("enter", "right", "left"):
        press(scope, keys)
        session, pictures = scope.session, scope.view.product.factors
        ink, weights = session.trace.images[0], session.network.layers[0].weights[:, session.neuron]
        theme, tops = THEMES["dark"], [float(one.top.text.strip("+")) for one in pictures]
        wanted = (look_up(theme.ink, ink, 1), look_up(theme.signed, weights, tops[1], True),
                  look_up(theme.signed, ink * weights, tops[2], True))
        for picture, cells in zip(pictures, wanted, strict=True):
            assert (picture.picture.cells.reshape(-1, 4) == cells).all()
        assert [one.outline.mask.any() for one in pictures] == [False, True, True]
        assert (pictures[2].outline.mask.ravel() == (ink >= 0.25)).all()


def test_a_later_layer_adds_up_activations_in_their_sheet(scope_of, press):
    scope = scope_of(37, 9, activation="tanh")
    scope.work_through()
    session, inputs = scope.session, scope.view.product.factors[0]
    assert inputs.picture.cells.shape[:2] == (6, 7)
    assert inputs.picture.empty.sum() == 5
    assert (session.order(0) != np.arange(37)).any()
    values = session.trace.activations[0][0][session.order(0)]
    wanted = look_up(THEMES["dark"].signed, values, float(inputs.top.text.strip("+")), True)
    assert (inputs.picture.cells.reshape(-1, 4)[:37] == wanted).all()
    assert scope.view.steps.names[0].text == "activations of layer 1"
    assert scope.view.steps.names[1].text == f"weighted sum of layer 2 neuron {session.neuron}"
    assert "pixel" not in scope.readout.line.text
    press(scope, "[")
    assert inputs.picture.cells.shape[:2] == (28, 28)
    assert scope.view.steps.names[0].text == "pixels"
    assert scope.view.steps.sentences[3].text.startswith("the same again in layer 2, then bias + activation × weight")


def test_every_pixel_says_what_it_adds(open_scope, mouse):
    scope = open_scope(size=(1900, 1000), view="h")
    session = scope.session
    weights = session.network.layers[0].weights[:, session.neuron]
    scope.painter.redraw = lambda: None  # frames would be most of the time
    for pixel in range(0, 784, 3):
        ink = float(session.image[0, pixel])
        row, column = divmod(pixel, 28)
        said = set()
        for picture in scope.view.product.factors:
            left, bottom, width, height = bounds = picture.picture.cell_bounds(row, column)
            mouse(scope, left + width / 2, bottom + height / 2)
            assert scope.readout.ring.around == bounds
            said.add(scope.readout.line.text)
        (words,) = said
        assert words.startswith(f"pixel row {row}, column {column} ink ")
        if ink:
            product = re.search(r"adds (.+) = (\S+) to the sum", words)
            check(f"{product[1]} = {product[2]}")
            assert float(product[2].replace("−", "-")) == pytest.approx(ink * weights[pixel], abs=0.00501)
        else:
            assert words.endswith("so it adds nothing to the sum")


@pytest.mark.parametrize("hidden", [(), (1,), (24,), (24, 9), (2048,)])
def test_mouse_and_cursor_say_the_same_of_every_row(scope_of, press, mouse, hidden):
    scope = scope_of(*hidden)
    for panel in (scope.view.addends, scope.view.steps):
        scope.view.put_cursor(panel)
        press(scope, "up")
        for row in range(panel.grid(scope.session)[0]):
            said = scope.readout.line.text
            assert said
            mouse(scope, panel.box[0] + 5, panel.box[1] + panel.box[3] - (row + 0.5) * panel.row)
            assert scope.readout.line.text == said
            press(scope, "down")


def test_arrows_walk_through_the_neurons_and_steps_open_views(open_scope, press):
    scope = open_scope(view="h")
    first = scope.session.neuron
    press(scope, "right")
    assert scope.session.neuron == first + 1
    assert f"neuron {first + 1}" in scope.view.steps.names[1].text
    press(scope, "left", "left")
    assert scope.session.neuron == first - 1
    scope.session.choose_neuron(0, 255)
    press(scope, "right")
    assert scope.session.neuron == 0
    assert [scope.view.steps.choose(scope.session, row, 0) for row in range(5)] == [None, "n", "n", "w", "w"]


def test_a_neuron_of_the_layer_before_can_be_chosen(scope_of, mouse):
    scope = scope_of(24, 9)
    picture = scope.view.product.factors[2]
    left, bottom, width, height = picture.picture.cell_bounds(1, 2)
    neuron = int(picture.order[picture.shape[1] + 2])
    mouse(scope, left + width / 2, bottom + height / 2, click=True)
    assert (scope.session.layer, scope.session.neuron) == (0, neuron)
    assert scope.view.steps.names[0].text == "pixels"


def test_a_network_without_hidden_layer_has_no_activation(scope_of, press):
    scope = scope_of()
    press(scope, "4")
    assert scope.view.steps.names[1].text == "weighted sum for the score of 4"
    assert "no hidden layer" in scope.view.steps.sentences[2].text
    assert scope.view.steps.figures[2].text == "none"
    assert result(scope.view.steps.figures[1]) == result(scope.view.steps.figures[3])


def test_a_silenced_neuron_is_held_at_0(open_scope, press):
    scope = open_scope(size=(1900, 1000), view="h")
    press(scope, "x")
    assert scope.headline.silenced.text.startswith(f"✕ 1 neuron silenced: {scope.session.neuron}")
    assert scope.view.steps.figures[2].text.endswith("held at 0")
    assert re.search(r"\+ 0\.00 × \S+ this neuron", scope.view.steps.figures[3].text)
    check(figures(scope.view.steps.figures[3]))


def test_all_neurons_silenced_leave_the_bias(scope_of, press):
    scope = scope_of(4)
    for _ in range(4):
        press(scope, "x", "right")
    check_steps(scope)
    chosen = scope.session.chosen
    assert result(scope.view.steps.figures[3]) == number(float(scope.session.network.layers[-1].biases[chosen]))


def test_a_digit_without_ink_leaves_the_bias(open_scope, embedded, press):
    images = embedded.test.images.copy()
    images[7] = 0
    blank = replace(embedded, test=replace(embedded.test, images=images))
    scope = open_scope(dataset=blank, size=(1900, 1000), view="h")
    check_steps(scope)
    names = [row.name.text for row in scope.view.addends.rows[1:3]]
    assert names == ["0 pixels that raise it", "0 pixels that lower it"]
    assert scope.view.steps.figures[0].text.endswith("0 / 255 = 0.00")
    assert "no input adds anything to the sum: its bias alone is left" in scope.readout.line.text
    press(scope, "tab", "right", "enter")


def test_a_class_without_test_digits_can_be_asked_about(open_scope, embedded, press):
    kept = embedded.test.labels != 4
    test = replace(embedded.test, images=embedded.test.images[kept], labels=embedded.test.labels[kept])
    scope = open_scope(dataset=replace(embedded, test=test), size=(1900, 1000), view="h")
    press(scope, "4")
    assert scope.view.steps.names[4].text == "probability of 4 (softmax)"
    check_steps(scope)


@pytest.mark.parametrize("size", [(900, 600), (1400, 800), (1000, 1400)])
def test_five_rows_can_be_read_at_every_size(open_scope, press, size):
    scope = open_scope(size=size, view="h")
    for _ in range(10):
        press(scope, "right")
        steps = scope.view.steps
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
    added = Ledger(inputs, weights, 0.123, float((inputs * weights).sum()) + 0.123)
    bias, raising, lowering = sides(added)
    assert round(bias.push + raising.push + lowering.push, 2) == round(added.total, 2) == lowering.total
    assert bias.push == 0.12
    assert raising.push == pytest.approx(added.pushes[added.pushes > 0].sum(), abs=0.0151)
    assert lowering.push == pytest.approx(added.pushes[added.pushes < 0].sum(), abs=0.0151)


def test_the_score_is_the_ledger_of_the_class(open_scope, press):
    scope = open_scope(size=(1900, 1000), view="h")
    press(scope, "8")
    session = scope.session
    added = ledger(session.network, session.trace, 8)
    bias, _, _, rest = (float(one) for one in re.findall(
        r"[−-]?\d+\.\d+", figures(scope.view.steps.figures[3]).replace("− ", "−").replace("−", "-"))[:4])
    assert bias == pytest.approx(added.bias, abs=0.0051)
    assert rest == pytest.approx(np.delete(added.pushes, session.neuron).sum(), abs=0.0151)
