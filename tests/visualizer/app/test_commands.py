"""What the window's own keys do in every view."""

from dataclasses import replace

import numpy as np
import pytest

from neuralscope.visualizer.drawing.theme import THEMES, look_up
from neuralscope.visualizer.views import VIEWS
from tests.visualizer.views.test_explore import model_of
from tests.visualizer.views.test_why import figure, middle


def test_neurons_are_arranged_once_the_order_is_found_and_a_goes_back(open_scope, press, mouse):
    scope = open_scope()
    sheet, values = scope.view.hidden.sheets[0], scope.session.trace.activations[0][0]

    def shown():
        wanted = look_up(THEMES["dark"].activations, values[sheet.order], figure(sheet.top.text))
        return (sheet.picture.cells.reshape(-1, 4) == wanted).all()

    assert (sheet.order == np.arange(256)).all()
    assert shown()
    scope.work_through()
    assert sorted(sheet.order) == list(range(256))
    assert (sheet.order != np.arange(256)).mean() > 0.9
    assert shown()
    assert "arranged" in sheet.caption.text
    cell = sheet.cell_of(42)
    mouse(scope, *middle(sheet.picture.cell_bounds(*cell)))
    assert scope.readout.line.text.startswith("neuron 42 ")  # numbers stay the file's
    press(scope, "a")
    assert (sheet.order == np.arange(256)).all()
    assert "order of their numbers" in scope.readout.line.text
    assert shown()
    press(scope, "a")
    assert sheet.cell_of(42) == cell


def test_a_held_scale_compares_digits_and_says_where_it_is_full(open_scope, press):
    scope = open_scope()
    sheet = scope.view.hidden.sheets[0]
    top = figure(sheet.top.text)
    press(scope, "c")
    largest = []
    for _ in range(30):
        press(scope, "enter")
        values = scope.session.trace.activations[0][0]
        largest.append(values.max())
        assert figure(sheet.top.text.replace("≥ ", "")) == top
        assert sheet.top.text.startswith("≥") == (values.max() > top)
        wanted = look_up(THEMES["dark"].activations, values[sheet.order], top)
        assert (sheet.picture.cells.reshape(-1, 4) == wanted).all()
        assert "scale held" in sheet.caption.text
    assert min(largest) < top < max(largest)
    press(scope, "c")
    assert figure(sheet.top.text) >= largest[-1]
    assert "scale held" not in sheet.caption.text


@pytest.mark.parametrize("key", "0123456789")
def test_figures_choose_the_class_in_every_view_and_it_stays(open_scope, press, key):
    scope = open_scope()
    for view in VIEWS:
        scope.session._asked = None
        press(scope, view.key, key)
        assert scope.session.chosen == int(key)
    press(scope, "e")
    pushes = scope.readout.line.text
    assert f"pushes {key} against {scope.session.versus} by" in pushes
    asked = scope.view.outputs.asked
    assert bool(asked.text) == (int(key) != scope.session.trace.predictions[0])
    assert asked.y == scope.view.outputs.labels[int(key)].y


def test_a_class_that_is_not_there_is_said(open_scope, press, embedded, shipped):
    few = replace(embedded, class_names=tuple("abc"), test=replace(
        embedded.test, images=embedded.test.images[embedded.test.labels < 3],
        labels=embedded.test.labels[embedded.test.labels < 3]))
    scope = open_scope(model_of(shipped, 20, classes=3), dataset=few)
    press(scope, "7")
    assert scope.readout.line.text == "there is no class 7: they go from 0 to 2"
    for view in VIEWS:
        press(scope, view.key, "2")
        assert scope.session.chosen == 2
    press(scope, "v", "9")
    assert scope.entry
    press(scope, "1")
    assert (scope.session.versus, scope.entry) == (1, None)


@pytest.mark.parametrize("keys", [("[", "]"), ("pageup", "pagedown")])
def test_layers_are_chosen_and_their_ends_said(open_scope, press, shipped, keys):
    scope = open_scope(model_of(shipped, 20, 10))
    assert scope.readout.line.text.startswith("layer 2 neuron")
    press(scope, keys[0])
    assert scope.readout.line.text == f"layer 1 of 2: the neuron chosen is {scope.session.neuron}"
    press(scope, keys[0])
    assert scope.readout.line.text == "hidden layers go from 1 to 2"
    press(scope, keys[1], keys[1])
    assert scope.session.layer == 1


def test_x_silences_the_neuron_chosen_in_any_view_and_it_is_crossed_out(open_scope, press, mouse):
    scope = open_scope()
    sheet = scope.view.hidden.sheets[0]
    mouse(scope, *middle(sheet.picture.cell_bounds(4, 4)), click=True)
    neuron = scope.session.neuron
    press(scope, "x")
    assert np.flatnonzero(sheet.picture.crossed) == [4 * 16 + 4]
    assert f"neuron {neuron} is silenced" in scope.readout.line.text
    mouse(scope, *middle(sheet.picture.cell_bounds(4, 4)))
    assert "silenced: held at 0" in scope.readout.line.text
    press(scope, "X")
    assert not sheet.picture.crossed.any()
    press(scope, "X")
    assert scope.readout.line.text == "no neuron is silenced"


def test_what_is_chosen_stays_when_the_view_changes(open_scope, press):
    scope = open_scope()
    scope.session.choose_neuron(0, 33)
    press(scope, "4", "v", "9", "x")

    def choices(session):
        return session.neuron, session.silenced, session.index, session.chosen, session.versus

    for view in [*VIEWS, *VIEWS]:
        press(scope, view.key)
        told = choices(scope.session)[:2 if scope.session.own else None]  # another digit is drawn, or none yet
        assert told == (33, {0: frozenset({33})}, 7, 4, 9)[:len(told)]


@pytest.mark.parametrize(("size", "few", "many"), [
    ((900, 600), "3 silenced", "256 silenced"),
    ((1400, 800), "3 neurons silenced: 0, 1, 2", "256 neurons silenced")], ids=str)
def test_all_silenced_neurons_are_named_where_there_is_room(open_scope, press, size, few, many):
    scope = open_scope(size=size)
    for neuron in range(3):
        scope.session.toggle(0, neuron)
    scope.refresh()
    assert scope.headline.silenced.text == f"✕ {few} X wakes all"
    for neuron in range(3, 256):
        scope.session.toggle(0, neuron)
    scope.refresh()
    assert scope.headline.silenced.text == f"✕ {many} X wakes all"
