"""The why view: what its artists show is what the accounts say, and it adds up as printed."""

import re

import numpy as np
import pytest

from neuralscope.analysis.attribution import gradient, ledger, template
from neuralscope.formatting import key_end, number, percent, signed
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.visualizer.drawing.theme import THEMES, look_up
from tests.visualizer.views.test_explore import model_of


def figure(text):
    """Return the number that a text says."""
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def middle(bounds):
    left, bottom, width, height = bounds
    return left + width / 2, bottom + height / 2


@pytest.mark.parametrize("keys", [(), ("3",), ("v", "0"), ("v", "v"), ("5", "v", "7")])
def test_the_rows_are_the_ledger_and_add_up_as_printed(open_scope, press, keys):
    scope = open_scope()
    for _ in range(8):
        press(scope, "enter", "w", *keys)
        session, panel = scope.session, scope.view.ledger
        account = ledger(session.network, session.trace, session.chosen, session.versus)
        rows = [row for row in panel.rows if row.push.text]
        pushes = [figure(row.push.text) for row in rows]
        assert round(sum(pushes[:-1]), 2) == pushes[-1] == figure(rows[-1].total.text)
        assert figure(rows[0].push.text) == pytest.approx(account.bias, abs=0.00501)
        for row in rows[1:-2]:
            neuron = int(re.fullmatch(r"neuron (\d+)", row.name.text)[1])
            assert row.push.text == signed(float(account.pushes[neuron]))
            if row.factors.text:
                one, other = map(figure, row.factors.text.split(" × "))
                assert number(one * other) == number(figure(row.push.text))
        written = panel.written.text.split("  =  ")
        assert round(sum(figure(part.split()[-1]) for part in written[0].split("  +  ")), 2) == figure(written[1])


def test_the_total_is_the_difference_of_the_scores_that_explore_prints(open_scope, press):
    scope = open_scope()
    for _ in range(10):
        press(scope, "enter", "e")
        outputs = scope.view.outputs
        scores = [figure(line.text) for line in outputs.scores]
        press(scope, "w")
        session = scope.session
        total = figure([row for row in scope.view.ledger.rows if row.push.text][-1].push.text)
        assert total == pytest.approx(scores[session.chosen] - scores[session.versus], abs=1e-9)
        said = f"reads {session.chosen}, not {session.versus} by {number(total)}"
        assert scope.headline.verdict.text.startswith(said)


def test_bars_run_from_the_total_before_to_the_total_after(open_scope, press):
    scope = open_scope()
    press(scope, "w")
    panel = scope.view.ledger
    origin, stretch = panel.axis.bounds[0], None
    for row, step in zip(panel.rows, panel.steps, strict=False):
        color = THEMES["dark"].negative if step.push < 0 else THEMES["dark"].positive
        assert np.allclose(row.bar.color, [int(color[at:at + 2], 16) / 255 for at in (1, 3, 5)])
        if step.push:
            stretch = stretch or row.bar.bounds[2] / abs(step.push)
            ends = sorted([step.total - step.push, step.total])
            assert row.bar.bounds[0] == pytest.approx(origin + ends[0] * stretch, abs=0.01)
            assert row.bar.bounds[2] == pytest.approx(abs(step.push) * stretch, abs=0.01)


@pytest.mark.parametrize("hidden", [(), (30,), (30, 20)])
@pytest.mark.parametrize("activation", ["relu", "leaky-relu"])
def test_templates_and_evidence_are_shown_and_their_captions_add_up(open_scope, press, shipped, hidden, activation):
    scope = open_scope(model_of(shipped, *hidden, activation=activation))
    press(scope, "w")
    session, view = scope.session, scope.view
    found = template(session.network, session.trace)
    top = figure(view.compared.top.text)
    for panel, k in ((view.chosen, session.chosen), (view.compared, session.versus)):
        wanted = look_up(THEMES["dark"].signed, found.weights[k].reshape(28, 28), top, signed=True)
        assert (panel.picture.cells == wanted).all()
        ink, sign, _, constant, _, score = re.fullmatch(
            r"ink (\S+) ([+−]) (constant) (\S+) (=) (\S+)", panel.caption.text).groups()
        assert figure(ink) + figure(constant) * (1 if sign == "+" else -1) == pytest.approx(figure(score), abs=1e-9)
        assert score == number(float(session.trace.sums[-1][0, k]))
    one, other = (re.fullmatch(r"ink (\S+) ([+−]) constant (\S+) = (\S+)", panel.caption.text).groups()
                  for panel in (view.chosen, view.compared))
    both = re.fullmatch(r"ink (\S+) ([+−]) constant (\S+) = (\S+)", view.evidence.caption.text).groups()
    parts = [(figure(ink), figure(sign + constant), figure(total)) for ink, sign, constant, total in (both, one, other)]
    assert parts[0] == pytest.approx([minuend - subtrahend for minuend, subtrahend in zip(*parts[1:], strict=True)])
    difference = (found.weights[session.chosen] - found.weights[session.versus]) * session.trace.images[0]
    top = figure(view.evidence.top.text)
    assert key_end(top) == view.evidence.top.text.removeprefix("+")
    wanted = look_up(THEMES["dark"].signed, difference.reshape(28, 28), top, signed=True)
    assert (view.evidence.picture.cells == wanted).all()
    assert (view.evidence.picture.cells[14, 14] == THEMES["dark"].signed[255]).all() or difference[14 * 28 + 14]


@pytest.mark.parametrize("activation", [name for name, one in ACTIVATIONS.items() if not one.piecewise_linear])
def test_where_no_template_holds_the_gradient_has_its_own_name(open_scope, press, mouse, shipped, activation):
    scope = open_scope(model_of(shipped, 30, activation=activation))
    press(scope, "w")
    view, session = scope.view, scope.session
    every = " ".join(line.text for panel in (view.chosen, view.compared, view.evidence)
                     for line in (panel.title, panel.caption))
    assert "template for" not in every
    assert "gradient" in every
    assert f"{activation} bends" in every
    assert "does not add up" in every
    weights = gradient(session.network, session.trace)[session.chosen].reshape(28, 28)
    wanted = look_up(THEMES["dark"].signed, weights, figure(view.compared.top.text), signed=True)
    assert (view.chosen.picture.cells == wanted).all()
    mouse(scope, *middle(view.chosen.picture.cell_bounds(3, 3)))
    assert "gradient for" in scope.readout.line.text


def test_the_stroke_is_outlined(open_scope, press):
    scope = open_scope()
    press(scope, "w")
    ink = scope.session.trace.images[0].reshape(28, 28)
    assert (scope.view.evidence.outline.mask == (ink >= 0.25)).all()
    single = np.zeros((28, 28), bool)
    single[5, 7] = True
    scope.view.evidence.outline.set_mask(single)
    edges = {tuple(map(tuple, edge)) for edge in scope.view.evidence.outline.segments}
    assert edges == {((7, 5), (8, 5)), ((7, 6), (8, 6)), ((7, 5), (7, 6)), ((8, 5), (8, 6))}


def test_guesses_are_ranked_and_a_click_asks_about_one(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "w")
    panel = scope.view.guesses
    while len(panel.ranked) < 4:
        press(scope, "f")
    outputs = scope.session.trace.outputs[0]
    assert panel.ranked == [int(one) for one in np.argsort(-outputs, kind="stable")][:len(panel.ranked)]
    assert panel.rest.text == f"the other {10 - len(panel.ranked)}: < 0.1 % each"
    assert all(outputs[one] < 0.0005 for one in range(10) if one not in panel.ranked)
    for guess, one in zip(panel.guesses, panel.ranked, strict=False):
        assert guess.text == f"{one} {percent(outputs[one])}"
    third = panel.ranked[2]
    mouse(scope, *middle(panel.guesses[2].bounds()), click=True)
    assert scope.session.chosen == third
    assert f"{third} against {scope.session.trace.predictions[0]}" in scope.headline.verdict.text


def test_versus_takes_a_digit_a_click_none_or_the_strongest(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "w")
    while len(scope.view.guesses.ranked) < 4:
        press(scope, "f")
    session, answer = scope.session, int(scope.session.trace.predictions[0])
    runner_up = session.versus
    press(scope, "v", "0")
    assert (session.chosen, session.versus) == (answer, 0 if answer else runner_up)
    press(scope, "v")
    assert "not which class?" in scope.readout.line.text
    fourth = scope.view.guesses.ranked[3]
    mouse(scope, *middle(scope.view.guesses.guesses[3].bounds()), click=True)
    assert (session.chosen, session.versus, scope.entry) == (answer, fourth, None)
    press(scope, "v", "v")
    assert session.versus is None
    assert not scope.view.chosen.picture.get_visible()
    press(scope, "v", "enter")
    assert session.versus == runner_up
    press(scope, "v", "escape")
    assert session.versus == runner_up
    press(scope, "enter")
    assert session.chosen == session.trace.predictions[0]


def test_a_row_chooses_its_neuron_and_once_more_opens_it(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "w")
    neuron = scope.view.ledger.steps[3].neuron
    at = middle(scope.view.ledger.rows[3].tile.bounds())
    mouse(scope, *at, click=True)
    assert scope.session.neuron == neuron
    assert f"neuron {neuron} " in scope.readout.line.text
    mouse(scope, *at, click=True)
    assert scope.view.title == "neuron"
    assert scope.headline.verdict.text.startswith(f"neuron {neuron} ")


def test_the_readout_of_a_row_says_the_push_as_the_row_does(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "w")
    for place, step in enumerate(scope.view.ledger.steps):
        left, _, width, _ = scope.view.ledger.box
        mouse(scope, left + width / 2, scope.view.ledger.middle(place))
        assert signed(step.push) in scope.readout.line.text, step


def test_every_pixel_of_the_evidence_says_its_push(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "w")
    session = scope.session
    found = template(session.network, session.trace)
    worth = (found.weights[session.chosen] - found.weights[session.versus]) * session.trace.images[0]
    for pixel in np.flatnonzero(session.trace.images[0])[::9]:
        row, column = divmod(int(pixel), 28)
        mouse(scope, *middle(scope.view.evidence.picture.cell_bounds(row, column)))
        said = scope.readout.line.text
        assert f"pixel row {row}, column {column} " in said
        product, push = re.search(r"pushes (\S+ × \S+) = (\S+) to", said).groups()
        one, other = map(figure, product.split(" × "))
        assert number(one * other, len(push.split(".")[1])) == number(figure(push), len(push.split(".")[1]))
        assert figure(push) == pytest.approx(worth[pixel], abs=0.00501)


@pytest.mark.parametrize("hidden", [(), (1,), (2048,)])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_every_spot_has_an_account_in_networks_of_every_size(open_scope, press, shipped, hidden, head):
    scope = open_scope(model_of(shipped, *hidden, head=head))
    press(scope, "w", "tab")
    for part in scope.view.parts():
        rows, columns = part.grid(scope.session) or (0, 0)
        for row in range(0, rows, 5):
            runs, _ = part.account(scope.session, row, columns // 2)
            assert len(runs) > 1


def test_a_digit_without_ink_is_all_bias(open_scope, press, embedded, shipped):
    from dataclasses import replace

    blank = replace(embedded.test, images=np.zeros_like(embedded.test.images))
    scope = open_scope(dataset=replace(embedded, test=blank))
    press(scope, "w")
    assert scope.view.evidence.caption.text.startswith("ink 0.00 ")
    assert not len(scope.view.evidence.outline.segments)
    assert len(scope.view.ledger.steps) > 2  # biases of the hidden layer still make neurons fire
    scope.figure.canvas.draw()


def test_with_all_neurons_silenced_only_the_bias_is_left(open_scope, press):
    scope = open_scope()
    for neuron in range(256):
        scope.session.toggle(0, neuron)
    press(scope, "w")
    assert {step.kind for step in scope.view.ledger.steps} <= {"bias", "rounding"}
    assert "256 neurons silenced" in scope.headline.silenced.text
    assert scope.readout.line.text
    press(scope, "X")
    assert scope.headline.silenced.text == ""


@pytest.mark.parametrize("hidden", [(30,), (30, 20)])
def test_tiles_show_what_the_neurons_named_look_for_on_the_scale_that_is_printed(open_scope, press, shipped, hidden):
    scope = open_scope(model_of(shipped, *hidden))
    press(scope, "w")
    panel, session = scope.view.ledger, scope.session
    weights = gradient(session.network, session.trace, len(hidden) - 1)
    shown = [(row, step.neuron) for row, step in zip(panel.rows, panel.steps, strict=False) if step.kind == "neuron"]
    top = figure(panel.heads[0].text.removeprefix("tiles full at ±"))
    for row, neuron in shown:
        wanted = look_up(THEMES["dark"].signed, weights[neuron].reshape(28, 28), top, signed=True)
        assert (row.tile.cells == wanted).all()
    full = np.mean(np.abs(weights[[neuron for _, neuron in shown]]) > top)
    assert full < 0.02


def test_the_axis_of_the_waterfall_is_zero(open_scope, press):
    scope = open_scope()
    for _ in range(10):
        press(scope, "enter", "w", "v", "v", "0")
        panel = scope.view.ledger
        lowest = min([0.0, *(step.total for step in panel.steps)])
        total = panel.rows[len(panel.steps)].bar.bounds
        end = panel.steps[-1].total
        left = panel.axis.bounds[0]
        assert min(abs(total[0] - left), abs(total[0] + total[2] - left)) < 0.51  # the sum's bar begins at zero
        assert (total[0] + total[2] / 2 > left) == (end > 0)
        assert panel.axis.bounds[0] >= min(row.bar.bounds[0] for row in panel.rows[:len(panel.steps)]) or lowest == 0


def test_the_neuron_that_is_told_of_is_the_one_that_x_silences_and_n_opens(open_scope, press):
    scope = open_scope()
    for _ in range(15):
        press(scope, "X", "enter", "w")
        told = scope.readout.line.text.split(" bias")[0]
        press(scope, "x")
        assert scope.readout.line.text.startswith(f"{told} is silenced")
        assert scope.readout.line.text
        press(scope, "n")
        assert scope.headline.verdict.text.startswith(told + " ")
        scope.session._neurons.clear()


def test_while_a_class_is_awaited_a_row_of_a_neuron_cannot_be_clicked(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "w", "v")
    at = middle(scope.view.ledger.rows[3].tile.bounds())
    mouse(scope, *at, click=True)
    mouse(scope, *at, click=True)
    assert scope.view.title == "why"
    assert scope.entry
    press(scope, "escape")
    assert scope.entry is None


def test_a_mixture_of_activations_names_the_one_that_bends(open_scope, press, shipped):
    from dataclasses import replace

    from neuralscope.network.model import Layer, Network

    layers = list(model_of(shipped, 20, 10).network.layers)
    layers[1] = Layer(layers[1].weights, layers[1].biases, "sigmoid")
    scope = open_scope(replace(shipped, network=Network(layers)))
    press(scope, "w")
    assert scope.view.chosen.caption.text.startswith("sigmoid bends")
