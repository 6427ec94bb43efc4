"""What the window's own keys do in every view."""

from dataclasses import replace

import numpy as np
import pytest

from neuralscope.visualizer.drawing.theme import THEMES, color_values
from neuralscope.visualizer.views import VIEWS
from tests.helpers.networks import model_of
from tests.helpers.views import figure, middle


def test_neurons_are_arranged_once_the_order_is_found_and_a_goes_back(open_window, press, mouse):
    window = open_window()
    sheet, values = window.view.hidden.sheets[0], window.session.trace.activations[0][0]

    def shown():
        wanted = color_values(THEMES["dark"].activations, values[sheet.order], figure(sheet.key.top.text))
        return (sheet.picture.cells.reshape(-1, 4) == wanted).all()

    assert (sheet.order == np.arange(256)).all()
    assert shown()
    window.run_to_end()
    assert sorted(sheet.order) == list(range(256))
    assert (sheet.order != np.arange(256)).mean() > 0.9
    assert shown()
    assert "arranged" in sheet.caption.text
    cell = sheet.cell_of(42)
    mouse(window, *middle(sheet.picture.cell_bounds(*cell)))
    assert window.readout.line.text.startswith("neuron 42 ")  # numbers stay the file's
    press(window, "a")
    assert (sheet.order == np.arange(256)).all()
    assert "order of their numbers" in window.readout.line.text
    assert shown()
    press(window, "a")
    assert sheet.cell_of(42) == cell


def test_a_held_scale_compares_digits_and_says_where_it_is_full(open_window, press):
    window = open_window()
    sheet = window.view.hidden.sheets[0]
    top = figure(sheet.key.top.text)
    press(window, "c")
    largest = []
    for _ in range(30):
        press(window, "enter")
        values = window.session.trace.activations[0][0]
        largest.append(values.max())
        assert figure(sheet.key.top.text.replace("≥ ", "")) == top
        assert sheet.key.top.text.startswith("≥") == (values.max() > top)
        wanted = color_values(THEMES["dark"].activations, values[sheet.order], top)
        assert (sheet.picture.cells.reshape(-1, 4) == wanted).all()
        assert "scale held" in sheet.caption.text
    assert min(largest) < top < max(largest)
    press(window, "c")
    assert figure(sheet.key.top.text) >= largest[-1]
    assert "scale held" not in sheet.caption.text


@pytest.mark.slow
@pytest.mark.parametrize("key", "0123456789")
def test_figures_choose_the_class_in_every_view_and_it_stays(open_window, press, key):
    window = open_window()
    for view in VIEWS:
        window.session.digit_history.renew()  # nothing is chosen any more
        press(window, view.key, key)
        assert window.session.selected_class == int(key)
    press(window, "e")
    pushes = window.readout.line.text
    assert f"pushes {key} against {window.session.contrast_class} by" in pushes
    asked = window.view.outputs.selected_mark
    assert bool(asked.text) == (int(key) != window.session.trace.predictions[0])
    assert asked.y == window.view.outputs.labels[int(key)].y


def test_a_class_that_is_not_there_is_said(open_window, press, embedded, shipped):
    few = replace(embedded, class_names=tuple("abc"), test=replace(
        embedded.test, pixels=embedded.test.images[embedded.test.labels < 3],
        labels=embedded.test.labels[embedded.test.labels < 3]))
    window = open_window(model_of(shipped, 20, classes=3), dataset=few)
    press(window, "7")
    assert window.readout.line.text == "there is no class 7: they go from 0 to 2"
    for view in VIEWS:
        press(window, view.key, "2")
        assert window.session.selected_class == 2
    press(window, "v", "9")
    assert window.prompt
    press(window, "1")
    assert (window.session.contrast_class, window.prompt) == (1, None)


@pytest.mark.parametrize("keys", [("[", "]"), ("pageup", "pagedown")])
def test_layers_are_chosen_and_their_ends_said(open_window, press, shipped, keys):
    window = open_window(model_of(shipped, 20, 10))
    assert window.readout.line.text.startswith("layer 2 neuron")
    press(window, keys[0])
    assert window.readout.line.text == f"layer 1 of 2: the neuron chosen is {window.session.neuron}"
    press(window, keys[0])
    assert window.readout.line.text == "hidden layers go from 1 to 2"
    press(window, keys[1], keys[1])
    assert window.session.layer == 1


def test_x_silences_the_neuron_chosen_in_any_view_and_it_is_crossed_out(open_window, press, mouse):
    window = open_window()
    sheet = window.view.hidden.sheets[0]
    mouse(window, *middle(sheet.picture.cell_bounds(4, 4)), click=True)
    neuron = window.session.neuron
    press(window, "x")
    assert np.flatnonzero(sheet.picture.crossed) == [4 * 16 + 4]
    assert f"neuron {neuron} is silenced" in window.readout.line.text
    mouse(window, *middle(sheet.picture.cell_bounds(4, 4)))
    assert "silenced: held at 0" in window.readout.line.text
    press(window, "X")
    assert not sheet.picture.crossed.any()
    press(window, "X")
    assert window.readout.line.text == "no neuron is silenced"


def test_what_is_chosen_stays_when_the_view_changes(open_window, press):
    window = open_window()
    window.session.selection.select_neuron(0, 33)
    press(window, "4", "v", "9", "x")

    def choices(session):
        return session.neuron, session.ablated, session.index, session.selected_class, session.contrast_class

    for view in [*VIEWS, *VIEWS]:
        press(window, view.key)
        # another digit is drawn, or none yet
        told = choices(window.session)[:2 if window.session.is_user_digit else None]
        assert told == (33, {0: frozenset({33})}, 7, 4, 9)[:len(told)]


@pytest.mark.parametrize(("size", "few", "many"), [
    ((900, 600), "3 silenced", "256 silenced"),
    ((1400, 800), "3 neurons silenced: 0, 1, 2", "256 neurons silenced")], ids=str)
def test_all_silenced_neurons_are_named_where_there_is_room(open_window, press, size, few, many):
    window = open_window(size=size)
    for neuron in range(3):
        window.session.ablation.toggle(0, neuron)
    window.refresh()
    assert window.headline.ablated.text == f"✕ {few} X wakes all"
    for neuron in range(3, 256):
        window.session.ablation.toggle(0, neuron)
    window.refresh()
    assert window.headline.ablated.text == f"✕ {many} X wakes all"
