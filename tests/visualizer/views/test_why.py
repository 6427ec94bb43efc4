"""The why view: what its artists show is what the accounts say, and it adds up as printed."""

import re

import numpy as np
import pytest

from neuralscope.analysis.attribution import attribution, gradient, local_linear_map
from neuralscope.formatting import key_end, number, percent, signed
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.visualizer.drawing.theme import THEMES, color_values
from neuralscope.visualizer.views.why.pixel_maps import ink_and_constant_formula
from tests.helpers.networks import model_of
from tests.helpers.views import every_third, figure, middle


@pytest.mark.parametrize("keys", [(), ("3",), ("v", "0"), ("v", "v"), ("5", "v", "7")])
def test_the_rows_are_the_ledger_and_add_up_as_printed(open_window, press, keys):
    window = open_window()
    for _ in range(8):
        press(window, "enter", "w", *keys)
        session, panel = window.session, window.view.attribution_table
        account = attribution(session.network, session.trace, session.selected_class, session.contrast_class)
        rows = [row for row in panel.rows if row.contribution.text]
        pushes = [figure(row.contribution.text) for row in rows]
        assert round(sum(pushes[:-1]), 2) == pushes[-1] == figure(rows[-1].total.text)
        assert figure(rows[0].contribution.text) == pytest.approx(account.bias, abs=0.00501)
        for row in rows[1:-2]:
            neuron = int(re.fullmatch(r"neuron (\d+)", row.name.text)[1])
            assert row.contribution.text == signed(float(account.contributions[neuron]))
            if row.factors.text:
                one, other = map(figure, row.factors.text.split(" × "))
                assert number(one * other) == number(figure(row.contribution.text))
        written = panel.sum_line.text.split("  =  ")
        assert round(sum(figure(part.split()[-1]) for part in written[0].split("  +  ")), 2) == figure(written[1])


def test_the_total_is_the_difference_of_the_scores_that_explore_prints(open_window, press):
    window = open_window()
    for _ in range(10):
        press(window, "enter", "e")
        outputs = window.view.outputs
        scores = [figure(line.text) for line in outputs.scores]
        press(window, "w")
        session = window.session
        total = figure(
            [row for row in window.view.attribution_table.rows if row.contribution.text][-1].contribution.text
        )
        assert total == pytest.approx(scores[session.selected_class] - scores[session.contrast_class], abs=1e-9)
        said = f"reads {session.selected_class}, not {session.contrast_class} by {number(total)}"
        assert window.headline.verdict.text.startswith(said)


def test_bars_run_from_the_total_before_to_the_total_after(open_window, press):
    window = open_window()
    press(window, "w")
    panel = window.view.attribution_table
    origin, stretch = panel.axis.bounds[0], None
    for row, step in zip(panel.rows, panel.steps, strict=False):
        color = THEMES["dark"].negative if step.contribution < 0 else THEMES["dark"].positive
        assert np.allclose(row.bar.color, [int(color[at:at + 2], 16) / 255 for at in (1, 3, 5)])
        if step.contribution:
            stretch = stretch or row.bar.bounds[2] / abs(step.contribution)
            ends = sorted([step.total - step.contribution, step.total])
            assert row.bar.bounds[0] == pytest.approx(origin + ends[0] * stretch, abs=0.01)
            assert row.bar.bounds[2] == pytest.approx(abs(step.contribution) * stretch, abs=0.01)


@pytest.mark.parametrize("hidden", [(), (30,), (30, 20)])
@pytest.mark.parametrize("activation", ["relu", "leaky-relu"])
def test_templates_and_evidence_are_shown_and_their_captions_add_up(open_window, press, shipped, hidden, activation):
    window = open_window(model_of(shipped, *hidden, activation=activation))
    press(window, "w")
    session, view = window.session, window.view
    found = local_linear_map(session.network, session.trace)
    top = figure(view.contrast_class.key.top.text)
    for panel, k in ((view.selected_class, session.selected_class), (view.contrast_class, session.contrast_class)):
        wanted = color_values(THEMES["dark"].signed, found.weights[k].reshape(28, 28), top, signed=True)
        assert (panel.picture.cells == wanted).all()
        ink, sign, _, constant, _, score = re.fullmatch(
            r"ink (\S+) ([+−]) (constant) (\S+) (=) (\S+)", panel.caption.text).groups()
        assert figure(ink) + figure(constant) * (1 if sign == "+" else -1) == pytest.approx(figure(score), abs=1e-9)
        assert score == number(float(session.trace.sums[-1][0, k]))
    one, other = (re.fullmatch(r"ink (\S+) ([+−]) constant (\S+) = (\S+)", panel.caption.text).groups()
                  for panel in (view.selected_class, view.contrast_class))
    both = re.fullmatch(r"ink (\S+) ([+−]) constant (\S+) = (\S+)", view.pixel_contributions.caption.text).groups()
    parts = [(figure(ink), figure(sign + constant), figure(total)) for ink, sign, constant, total in (both, one, other)]
    assert parts[0] == pytest.approx([minuend - subtrahend for minuend, subtrahend in zip(*parts[1:], strict=True)])
    difference = (found.weights[session.selected_class] - found.weights[session.contrast_class]) * session.trace.images[
        0
    ]
    top = figure(view.pixel_contributions.key.top.text)
    assert key_end(top) == view.pixel_contributions.key.top.text.removeprefix("+")
    wanted = color_values(THEMES["dark"].signed, difference.reshape(28, 28), top, signed=True)
    assert (view.pixel_contributions.picture.cells == wanted).all()
    assert (view.pixel_contributions.picture.cells[14, 14] == THEMES["dark"].signed[255]).all() or difference[
        14 * 28 + 14
    ]


@pytest.mark.parametrize("activation", every_third(name for name, one in ACTIVATIONS.items()
                                                   if not one.piecewise_linear))
def test_where_no_template_holds_the_gradient_has_its_own_name(open_window, press, mouse, shipped, activation):
    window = open_window(model_of(shipped, 30, activation=activation))
    press(window, "w")
    view, session = window.view, window.session
    every = " ".join(line.text for panel in (view.selected_class, view.contrast_class, view.pixel_contributions)
                     for line in (panel.title, panel.caption))
    assert "template for" not in every
    assert "gradient" in every
    assert f"{activation} bends" in every
    assert "does not add up" in every
    weights = gradient(session.network, session.trace)[session.selected_class].reshape(28, 28)
    wanted = color_values(THEMES["dark"].signed, weights, figure(view.contrast_class.key.top.text), signed=True)
    assert (view.selected_class.picture.cells == wanted).all()
    mouse(window, *middle(view.selected_class.picture.cell_bounds(3, 3)))
    assert "gradient for" in window.readout.line.text


def test_the_stroke_is_outlined(open_window, press):
    window = open_window()
    press(window, "w")
    ink = window.session.trace.images[0].reshape(28, 28)
    assert (window.view.pixel_contributions.outline.mask == (ink >= 0.25)).all()
    single = np.zeros((28, 28), bool)
    single[5, 7] = True
    window.view.pixel_contributions.outline.set_mask(single)
    edges = {tuple(map(tuple, edge)) for edge in window.view.pixel_contributions.outline.segments}
    assert edges == {((7, 5), (8, 5)), ((7, 6), (8, 6)), ((7, 5), (7, 6)), ((8, 5), (8, 6))}


def test_guesses_are_ranked_and_a_click_asks_about_one(open_window, press, mouse):
    window = open_window()
    press(window, "w")
    panel = window.view.ranked_classes
    while len(panel.ranked) < 4:
        press(window, "f")
    outputs = window.session.trace.outputs[0]
    assert panel.ranked == [int(one) for one in np.argsort(-outputs, kind="stable")][:len(panel.ranked)]
    assert panel.rest.text == f"the other {10 - len(panel.ranked)}: < 0.1 % each"
    assert all(outputs[one] < 0.0005 for one in range(10) if one not in panel.ranked)
    for guess, one in zip(panel.ranked_classes, panel.ranked, strict=False):
        assert guess.text == f"{one} {percent(outputs[one])}"
    third = panel.ranked[2]
    mouse(window, *middle(panel.ranked_classes[2].bounds()), click=True)
    assert window.session.selected_class == third
    assert f"{third} against {window.session.trace.predictions[0]}" in window.headline.verdict.text


def test_versus_takes_a_digit_a_click_none_or_the_strongest(open_window, press, mouse):
    window = open_window()
    press(window, "w")
    while len(window.view.ranked_classes.ranked) < 4:
        press(window, "f")
    session, answer = window.session, int(window.session.trace.predictions[0])
    runner_up = session.contrast_class
    press(window, "v", "0")
    assert (session.selected_class, session.contrast_class) == (answer, 0 if answer else runner_up)
    press(window, "v")
    assert "not which class?" in window.readout.line.text
    fourth = window.view.ranked_classes.ranked[3]
    mouse(window, *middle(window.view.ranked_classes.ranked_classes[3].bounds()), click=True)
    assert (session.selected_class, session.contrast_class, window.prompt) == (answer, fourth, None)
    press(window, "v", "v")
    assert session.contrast_class is None
    assert not window.view.selected_class.picture.get_visible()
    press(window, "v", "enter")
    assert session.contrast_class == runner_up
    press(window, "v", "escape")
    assert session.contrast_class == runner_up
    press(window, "enter")
    assert session.selected_class == session.trace.predictions[0]


def test_a_row_chooses_its_neuron_and_once_more_opens_it(open_window, press, mouse):
    window = open_window()
    press(window, "w")
    neuron = window.view.attribution_table.steps[3].neuron
    at = middle(window.view.attribution_table.rows[3].tile.bounds())
    mouse(window, *at, click=True)
    assert window.session.neuron == neuron
    assert f"neuron {neuron} " in window.readout.line.text
    mouse(window, *at, click=True)
    assert window.view.title == "neuron"
    assert window.headline.verdict.text.startswith(f"neuron {neuron} ")


def test_the_readout_of_a_row_says_the_push_as_the_row_does(open_window, press, mouse):
    window = open_window()
    press(window, "w")
    for place, step in enumerate(window.view.attribution_table.steps):
        left, _, width, _ = window.view.attribution_table.box
        mouse(window, left + width / 2, window.view.attribution_table.middle(place))
        assert signed(step.contribution) in window.readout.line.text, step


def test_every_pixel_of_the_evidence_says_its_push(open_window, press, mouse):
    window = open_window()
    press(window, "w")
    session = window.session
    found = local_linear_map(session.network, session.trace)
    worth = (found.weights[session.selected_class] - found.weights[session.contrast_class]) * session.trace.images[0]
    for pixel in np.flatnonzero(session.trace.images[0])[::9]:
        row, column = divmod(int(pixel), 28)
        mouse(window, *middle(window.view.pixel_contributions.picture.cell_bounds(row, column)))
        said = window.readout.line.text
        assert f"pixel row {row}, column {column} " in said
        product, push = re.search(r"pushes (\S+ × \S+) = (\S+) to", said).groups()
        one, other = map(figure, product.split(" × "))
        assert number(one * other, len(push.split(".")[1])) == number(figure(push), len(push.split(".")[1]))
        assert figure(push) == pytest.approx(worth[pixel], abs=0.00501)


@pytest.mark.parametrize("hidden", [(), (1,), (2048,)])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_every_spot_has_an_account_in_networks_of_every_size(open_window, press, shipped, hidden, head):
    window = open_window(model_of(shipped, *hidden, head=head))
    press(window, "w", "tab")
    for part in window.view.parts():
        rows, columns = part.grid(window.session) or (0, 0)
        for row in range(0, rows, 5):
            runs, _ = part.describe(window.session, row, columns // 2)
            assert len(runs) > 1


def test_a_digit_without_ink_is_all_bias(open_window, press, embedded, shipped):
    from dataclasses import replace

    blank = replace(embedded.test, pixels=np.zeros_like(embedded.test.images))
    window = open_window(dataset=replace(embedded, test=blank))
    press(window, "w")
    assert window.view.pixel_contributions.caption.text.startswith("ink 0.00 ")
    assert not len(window.view.pixel_contributions.outline.segments)
    assert len(window.view.attribution_table.steps) > 2  # biases of the hidden layer still make neurons fire
    window.figure.canvas.draw()


def test_with_all_neurons_silenced_only_the_bias_is_left(open_window, press):
    window = open_window()
    for neuron in range(256):
        window.session.ablation.toggle(0, neuron)
    press(window, "w")
    assert {step.kind for step in window.view.attribution_table.steps} <= {"bias", "rounding"}
    assert "256 neurons silenced" in window.headline.ablated.text
    assert window.readout.line.text
    press(window, "X")
    assert window.headline.ablated.text == ""


@pytest.mark.parametrize("hidden", [(30,), (30, 20)])
def test_tiles_show_what_the_neurons_named_look_for_on_the_scale_that_is_printed(open_window, press, shipped, hidden):
    window = open_window(model_of(shipped, *hidden))
    press(window, "w")
    panel, session = window.view.attribution_table, window.session
    weights = gradient(session.network, session.trace, len(hidden) - 1)
    shown = [(row, step.neuron) for row, step in zip(panel.rows, panel.steps, strict=False) if step.kind == "neuron"]
    top = figure(panel.heads[0].text.removeprefix("tiles full at ±"))
    for row, neuron in shown:
        wanted = color_values(THEMES["dark"].signed, weights[neuron].reshape(28, 28), top, signed=True)
        assert (row.tile.cells == wanted).all()
    full = np.mean(np.abs(weights[[neuron for _, neuron in shown]]) > top)
    assert full < 0.02


def test_the_axis_of_the_waterfall_is_zero(open_window, press):
    window = open_window()
    for _ in range(10):
        press(window, "enter", "w", "v", "v", "0")
        panel = window.view.attribution_table
        lowest = min([0.0, *(step.total for step in panel.steps)])
        total = panel.rows[len(panel.steps)].bar.bounds
        end = panel.steps[-1].total
        left = panel.axis.bounds[0]
        assert min(abs(total[0] - left), abs(total[0] + total[2] - left)) < 0.51  # the sum's bar begins at zero
        assert (total[0] + total[2] / 2 > left) == (end > 0)
        assert panel.axis.bounds[0] >= min(row.bar.bounds[0] for row in panel.rows[:len(panel.steps)]) or lowest == 0


def test_the_neuron_that_is_told_of_is_the_one_that_x_silences_and_n_opens(open_window, press):
    window = open_window()
    for _ in range(15):
        press(window, "X", "enter", "w")
        told = window.readout.line.text.split(" bias")[0]
        press(window, "x")
        assert window.readout.line.text.startswith(f"{told} is silenced")
        assert window.readout.line.text
        press(window, "n")
        assert window.headline.verdict.text.startswith(told + " ")
        window.session.selection.neurons.clear()


def test_while_a_class_is_awaited_a_row_of_a_neuron_cannot_be_clicked(open_window, press, mouse):
    window = open_window()
    press(window, "w", "v")
    at = middle(window.view.attribution_table.rows[3].tile.bounds())
    mouse(window, *at, click=True)
    mouse(window, *at, click=True)
    assert window.view.title == "why"
    assert window.prompt
    press(window, "escape")
    assert window.prompt is None


def test_a_mixture_of_activations_names_the_one_that_bends(open_window, press, shipped):
    from dataclasses import replace

    from neuralscope.network.model import Layer, Network

    layers = list(model_of(shipped, 20, 10).network.layers)
    layers[1] = Layer(layers[1].weights, layers[1].biases, "sigmoid")
    window = open_window(replace(shipped, network=Network(layers)))
    press(window, "w")
    assert window.view.selected_class.caption.text.startswith("sigmoid bends")


@pytest.mark.parametrize(("constant", "words"), [
    (1.5, "ink 3.00 + constant 1.50 = 4.50"), (-1.5, "ink 3.00 − constant 1.50 = 4.50"),
    (-0.001, "ink 3.00 + constant 0.00 = 4.50")])
def test_the_constant_is_added_or_taken_away(constant, words):
    assert ink_and_constant_formula(3.0, constant, "4.50").text == words
