"""The neuron view: what its artists show is what dossier and knock-outs say."""

import re
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.analysis.ablation import ablate
from neuralscope.analysis.attribution import gradient, logit_gradient
from neuralscope.formatting import number, share, signed, signed_count
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.visualizer.drawing.theme import THEMES, color_values
from tests.helpers.networks import model_of
from tests.helpers.views import every_third, figure, middle


@pytest.fixture
def view_of(open_window, press):
    def open_view(neuron=None, **options):
        window = open_window(**options)
        if neuron is not None:
            window.session.selection.select_neuron(window.session.layer, neuron)
        press(window, "n")
        return window, window.view

    return open_view


@pytest.mark.parametrize("neuron", [0, 74, 127, 255])
def test_weights_and_strongest_digits_are_those_of_the_dossier(view_of, mouse, neuron):
    window, view = view_of(neuron)
    weights = window.session.network.layers[0].weights[:, neuron]
    top = figure(view.weights.key.top.text)
    wanted = color_values(THEMES["dark"].signed, weights.reshape(28, 28), top, signed=True)
    assert (view.weights.picture.cells == wanted).all()
    activations = window.session.network.forward(window.session.digits.images).activations[0][:, neuron]
    best = [index for index in np.argsort(-activations, kind="stable")[:9] if activations[index]]
    assert len(best) == len(view.strongest.indices)
    for tile, strength, index in zip(view.strongest.tiles, view.strongest.strengths, best, strict=False):
        ink = window.session.digits.images[index].reshape(28, 28)
        assert (tile.cells == color_values(THEMES["dark"].ink, ink, 1)).all()
        assert strength.text == number(float(activations[index]))
        mouse(window, *middle(tile.bounds()))
        assert f"activation {strength.text} " in window.readout.line.text


def test_numbers_on_digits_stand_where_there_is_no_ink(view_of):
    covered = {"left": 0, "right": 0}
    for neuron in range(0, 256, 16):
        _, view = view_of(neuron)
        strongest = view.strongest
        for tile, strength, _ in zip(strongest.tiles, strongest.strengths, strongest.indices, strict=False):
            left, bottom, width, height = tile.bounds()
            at, base, length, size = strength.bounds()
            assert left < at < at + length < left + width
            assert bottom < base < base + size < bottom + height
            top = bottom + height
            rows = slice(*(round((top - y) / height * 28) for y in (base + size, base)))
            columns = slice(*(round((x - left) / width * 28) for x in (at, at + length)))
            ground = color_values(THEMES["dark"].ink, np.zeros(()), 1)
            covered[strength.align] += 1
            free, other = ((cells[rows, columns] == ground).mean() for cells in (tile.cells, tile.cells[:, ::-1]))
            assert free > 0.9
            assert free >= other
    assert min(covered.values()) > 0


@pytest.mark.parametrize("neuron", [3, 127])
def test_the_table_says_how_often_it_fires_and_what_it_says_to_each_class(view_of, neuron):
    window, view = view_of(neuron)
    labels = window.session.digits.labels
    activations = window.session.network.forward(window.session.digits.images).activations[0][:, neuron]
    weights = window.session.network.layers[1].weights[neuron]
    for one in range(10):
        fired = int(np.count_nonzero(activations[labels == one] > 0))
        assert view.class_table.fires[one].text == share(fired, int(np.count_nonzero(labels == one)), 0)
        assert view.class_table.weights[one].text == signed(float(weights[one]))
        left, _, width, _ = view.class_table.bars[one].bounds
        assert (left + width / 2 > view.class_table.zero) == (weights[one] > 0)
    shares = [np.mean(activations[labels == one] > 0) for one in range(10)]
    assert re.search(rf"most for {np.argmax(shares)} and \d", window.headline.verdict.text)


def test_the_histogram_holds_every_digit_that_moves_it(view_of):
    window, view = view_of(127)
    found = window.session.analysis.test_set.neuron_profile(0, 127)
    bounds = view.class_table.histogram.bounds
    assert len(bounds) == np.count_nonzero(found.histogram)
    centres = (found.edges[:-1] + found.edges[1:]) / 2
    wanted = color_values(
        THEMES["dark"].activations,
        np.broadcast_to(centres, found.histogram.shape)[found.histogram > 0],
        figure(view.class_table.key.top.text),
    )
    assert (view.class_table.histogram.colors == wanted).all()
    tallest = 0.8 * view.class_table.row
    assert np.allclose(bounds[:, 3], found.histogram[found.histogram > 0] / found.histogram.max() * tallest)
    assert bounds[:, 0].min() >= view.class_table.start - 1e-6
    assert (bounds[:, 0] + bounds[:, 2]).max() <= view.class_table.start + view.class_table.length + 1e-6
    assert figure(view.class_table.key.top.text) >= found.edges[-1]


def test_silencing_changes_probability_and_errors_at_once_and_waking_brings_them_back(view_of, press):
    window, view = view_of(127)
    session = window.session
    whole = session.model.network
    less = ablate(whole, {0: [127]})
    errors = [int(np.count_nonzero(one.forward(session.digits.images).predictions != session.digits.labels))
              for one in (whole, less)]
    words = [line.text for line in (view.ablated.figures, *view.ablated.lines)]
    assert words[0] == f"{errors[0]} → {errors[1]}"
    outputs = [one.forward(session.image).outputs[0, session.selected_class] for one in (whole, less)]
    from neuralscope.formatting import percent

    assert words[3].endswith(f"{percent(outputs[0])} → {percent(outputs[1])}")
    press(window, "x")
    assert f"neuron 127 is silenced: {errors[0]} → {errors[1]} errors" in window.readout.line.text
    assert [line.text for line in (view.ablated.figures, *view.ablated.lines)] == words
    assert session.evaluation.errors == errors[1]
    assert "1 neuron silenced: 127" in window.headline.ablated.text
    assert f"{100 * (1 - errors[1] / len(session.digits)):.2f} % right" in window.footer.loaded.text
    for key in "ewnmh":
        if key in window.views:
            press(window, key)
            assert "1 neuron silenced: 127" in window.headline.ablated.text, key
    press(window, "n", "x")
    assert f"neuron 127 is awake: {errors[1]} → {errors[0]} errors" in window.readout.line.text
    assert session.evaluation.errors == errors[0]
    assert session.network is whole


def test_a_second_silenced_neuron_counts_beside_the_first(view_of, press):
    window, view = view_of(127)
    press(window, "x", "right")
    images, labels = window.session.digits.images, window.session.digits.labels
    networks = [ablate(window.session.model.network, {0: some}) for some in ([127], [127, 128])]
    errors = [int(np.count_nonzero(one.forward(images).predictions != labels)) for one in networks]
    assert view.ablated.figures.text == f"{errors[0]} → {errors[1]}"
    assert "beside another" in view.ablated.lines[0].text
    press(window, "x", "x")  # the one shown stays the one that is silenced
    assert window.session.neuron == 128


def test_a_click_on_the_figures_silences_and_one_on_the_note_wakes_all(view_of, mouse):
    window, view = view_of(127)
    mouse(window, *middle(view.ablated.figures.bounds()), click=True)
    assert window.session.ablated == {0: frozenset({127})}
    mouse(window, *middle(window.headline.ablated.bounds()), click=True)
    assert window.session.ablated == {}


def test_errors_by_class_add_up_to_the_errors(view_of, press):
    window, view = view_of(127)
    for _ in range(12):
        press(window, "right")
        rows = [[figure(cell.text) for cell in cells] for cells in view.errors_by_class.cells[1:]]
        before, after = map(figure, view.ablated.figures.text.split(" → "))
        assert (sum(rows[0]), sum(rows[1])) == (before, after)
        assert [one - other for one, other in zip(rows[1], rows[0], strict=True)] == rows[2]
        found = re.fullmatch(r"(\d+) newly wrong, (\d+) newly right", view.ablated.lines[1].text)
        wrong, right = map(int, found.groups())
        assert wrong - right == after - before


def test_arrows_walk_by_number_and_by_cost(view_of, press):
    window, view = view_of(255)
    press(window, "right")
    assert window.session.neuron == 0
    press(window, "left", "left")
    assert window.session.neuron == 254
    known = window.session.analysis.test_set.single_ablations(0)
    window.session.selection.select_neuron(0, int(np.argmin(known.ranks)))
    window.refresh()
    costs = []
    for _ in range(256):
        costs.append(int(known.errors[window.session.neuron]))
        press(window, "down")
    assert costs == sorted(known.errors.tolist(), reverse=True)
    assert view.all.label.text == signed_count(costs[0] - known.errors_before)
    press(window, "up")
    assert known.ranks[window.session.neuron] == 255


def test_g_goes_to_a_neuron_and_says_where_they_end(view_of, press):
    window, _ = view_of()
    press(window, "g", "4", "2", "enter")
    assert window.session.neuron == 42
    assert window.headline.verdict.text.startswith("neuron 42 ")
    press(window, "g", "2", "5", "6", "enter")
    assert window.readout.line.text == "there is no neuron 256: they go from 0 to 255"
    assert window.session.neuron == 42


def test_the_bars_are_all_knock_outs_the_costliest_first(view_of, mouse):
    window, view = view_of(127)
    known = window.session.analysis.test_set.single_ablations(0)
    costs = np.sort(known.errors - known.errors_before)[::-1]
    heights = view.all.bars.bounds[:, 3]
    assert np.allclose(heights / heights.max(), np.abs(costs) / np.abs(costs).max())
    left, bottom, width, height = view.all.box
    mouse(window, left + 2.5 * width / 256, bottom + height / 2, click=True)
    neuron = int(np.flatnonzero(known.ranks == 2)[0])
    assert window.session.neuron == neuron
    said = window.readout.line.text
    assert said.startswith(f"neuron {neuron} silenced alone {known.errors_before} → {known.errors[neuron]} errors")
    assert "number 3 of 256" in said


def test_a_digit_that_moves_it_is_shown_and_once_more_explained(view_of, mouse):
    window, view = view_of(127)
    index = int(view.strongest.indices[4])
    mouse(window, *middle(view.strongest.tiles[4].bounds()), click=True)
    assert window.session.index == index
    assert window.view.title == "why"


def test_the_verdict_on_a_digit_is_that_of_the_network_as_it_is_now(view_of, mouse):
    window, view = view_of(127)
    session = window.session
    for neuron in range(0, 250):
        session.ablation.toggle(0, neuron)
    window.refresh()
    wrong = 0
    for tile, index in zip(view.strongest.tiles, view.strongest.indices, strict=False):
        mouse(window, *middle(tile.bounds()))
        answer, truth = session.evaluation.predictions[index], session.digits.labels[index]
        wrong += answer != truth
        assert f"{'✓ right' if answer == truth else '✗ wrong'} reads {answer} " in window.readout.line.text
    assert wrong


def test_figures_of_all_digits_say_so_where_neurons_before_are_silenced(view_of, shipped):
    window, view = view_of(model=model_of(shipped, 30, 20))
    assert "all neurons awake" not in view.strongest.caption.text
    window.session.ablation.toggle(0, 3)
    window.refresh()
    assert "all neurons awake" in view.strongest.caption.text
    assert "all neurons awake" in view.class_table.heads[0].text


def test_a_silenced_neuron_pushes_no_class_but_keeps_its_weights(view_of, press, mouse):
    window, view = view_of(127)
    before = [line.text for line in view.class_table.weights]
    press(window, "x")
    assert [line.text for line in view.class_table.weights] == before
    left, _, width, _ = view.class_table.box
    mouse(window, left + width / 2, view.class_table.middle(4))
    assert "weight to it, silenced" in window.readout.line.text


def test_every_weight_says_what_it_adds_to_the_sum(view_of, mouse):
    window, view = view_of(74, index=2)
    ink = window.session.trace.images[0]
    for pixel in np.flatnonzero(ink)[::7]:
        mouse(window, *middle(view.weights.picture.cell_bounds(*divmod(int(pixel), 28))))
        product, result = re.search(r"adds to its sum (\S+ × \S+) = (\S+)", window.readout.line.text).groups()
        one, other = map(figure, product.split(" × "))
        decimals = len(result.split(".")[1])
        assert signed(one * other, decimals) == result
        assert figure(result) == pytest.approx(ink[pixel] * view.weights.values[pixel], rel=0.51, abs=0.0051)


@pytest.mark.parametrize("activation", every_third(ACTIVATIONS))
def test_inner_layers_show_what_is_in_force_here(view_of, press, shipped, activation):
    window, view = view_of(model=model_of(shipped, 30, 20, activation=activation))
    assert window.headline.subject.text == "layer 2 of 2, neurons 0 to 19"
    session = window.session
    weights = gradient(session.network, session.trace, 1)[session.neuron]
    top = figure(view.weights.key.top.text)
    wanted = color_values(THEMES["dark"].signed, weights.reshape(28, 28), top, signed=True)
    assert (view.weights.picture.cells == wanted).all()
    exact = ACTIVATIONS[activation].piecewise_linear
    assert ("template" if exact else "gradient") in view.weights.caption.text
    press(window, "[")
    assert window.headline.subject.text == "layer 1 of 2, neurons 0 to 29"
    window.run_to_end()
    assert "silenced" in view.all.caption.text
    said = logit_gradient(session.network, session.trace, 0)[session.neuron]
    assert [line.text for line in view.class_table.weights] == [signed(float(one)) for one in said]
    press(window, "[")
    assert window.readout.line.text == "hidden layers go from 1 to 2"


def test_knock_outs_of_an_inner_layer_are_waited_for(view_of, shipped):
    window, view = view_of(model=model_of(shipped, 30, 20))
    window.session.selection.layer = 0
    window.refresh()
    assert "being counted" in view.all.caption.text
    assert view.all.grid(window.session) is None
    window.run_to_end()
    assert view.all.grid(window.session) == (1, 30)


def test_a_large_inner_layer_is_not_counted_neuron_by_neuron_and_says_so(view_of, press, shipped):
    window, view = view_of(model=model_of(shipped, 1000, 200))
    window.run_to_end()
    press(window, "[")
    assert "not counted" in view.all.caption.text
    assert not window.session.analysis.test_set.has_single_ablations(0)
    press(window, "x", "up")
    assert "silenced" in view.ablated.title.text


def test_a_dead_neuron_is_called_dead(view_of, press, shipped):
    network = shipped.network
    biases = network.layers[0].biases.copy()
    biases[5] = -1000
    parameters = dict(network.parameters) | {"b1": biases}
    window, view = view_of(5, model=replace(shipped, network=network.with_parameters(parameters)))
    assert "neuron 5 is dead" in window.headline.verdict.text
    assert view.strongest.title.text == "no test digit moves it"
    assert view.strongest.grid(window.session) is None
    before, after = view.ablated.figures.text.split(" → ")
    assert before == after
    press(window, "tab", "tab", "tab", "x")
    window.figure.canvas.draw()


@pytest.mark.parametrize(("hidden", "last"), [((1,), 0), ((2048,), 2047)])
def test_one_neuron_and_two_thousand(view_of, press, shipped, hidden, last):
    window, view = view_of(model=model_of(shipped, *hidden))
    assert window.headline.subject.text.endswith(f"to {last:,}")
    press(window, "right", "down", "x", "x")
    assert view.all.caption.text
    for part in view.parts():
        rows, columns = part.grid(window.session) or (0, 0)
        if rows:
            assert len(part.describe(window.session, 0, columns - 1)[0]) > 1
    window.figure.canvas.draw()


def test_without_a_hidden_layer_the_view_says_so_and_leads_on(view_of, press, mouse, shipped):
    window, view = view_of(model=model_of(shipped))
    assert window.headline.verdict.text == "no hidden neurons"
    assert "no hidden layer" in view.panels[0].lines[0].text
    press(window, "x")
    assert "no hidden neuron" in window.readout.line.text
    press(window, "a")
    assert "no hidden neurons" in window.readout.line.text
    assert not [word.text for word in window.footer.words if "before" in word.text]
    mouse(window, *middle(view.panels[0].lines[1].bounds()), click=True)
    assert window.view.title == "why"


def test_a_class_of_which_there_is_none(view_of, mouse, embedded):
    keep = embedded.test.labels != 4
    digits = replace(embedded.test, pixels=embedded.test.images[keep], labels=embedded.test.labels[keep])
    window, view = view_of(127, dataset=replace(embedded, test=digits))
    assert view.class_table.fires[4].text == "–"
    assert view.errors_by_class.cells[1][4].text == "0"
    left, _, width, _ = view.class_table.box
    mouse(window, left + width / 2, view.class_table.middle(4))
    assert "no test digit is of this class" in window.readout.line.text
