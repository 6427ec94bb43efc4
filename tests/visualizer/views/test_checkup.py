"""The check-up: what the list and its evidence show is what the checks found, in small steps beside the keys."""

import re
import threading
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.checkup.checks import CHECKS
from neuralscope.checkup.network_check import data_of_dataset, run_checks
from neuralscope.checkup.subject import make_study
from neuralscope.formatting import share
from neuralscope.network.model import Network
from neuralscope.visualizer.app import background_work
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import THEMES
from tests.helpers.networks import model_of
from tests.helpers.unlabelled import without_labels
from tests.helpers.views import cell_centre, check_layout, half_of, middle, tick

SIZES = [(900, 600), (945, 540), (800, 1000), (1400, 800), (1920, 1080)]


@pytest.fixture
def open_checkup(open_window, press):
    """Return a function that opens the view and, unless ``run`` is false, checks to the end."""
    def open_checkup(*arguments, run=True, **options):
        window = open_window(*arguments, **options)
        press(window, "K")
        if run:
            for _ in window.session.check_ups.current.steps():
                pass
            window.refresh()
        return window

    return open_checkup


def test_what_comes_in_no_small_steps_is_read_in_a_thread(open_checkup, embedded, shipped):
    readers = []

    def read_train():
        readers.append(threading.current_thread())
        return embedded.train

    window = open_checkup(shipped, replace(embedded, read_train=read_train))
    assert window.session.check_ups.current.done
    assert readers
    assert threading.main_thread() not in readers


def test_a_network_without_an_answer_reads_nothing_rightly(open_checkup, embedded, shipped):
    parameters = {name: array.copy() for name, array in shipped.network.parameters.items()}
    parameters["W1"][:12, 7] = np.nan
    window = open_checkup(replace(shipped, network=shipped.network.with_parameters(parameters)), embedded)
    results = window.session.check_ups.current.results
    assert results[1].remedy.endswith("before 0 %")
    assert window.session.check_ups.current.facts[-1] == "0 % right"


@pytest.fixture
def shifted(shipped):
    """Return the shipped model with its answers one too low, and with a pair of equal neurons."""
    first, last = shipped.network.layers
    weights = first.weights.copy()
    weights[:, 189] = weights[:, 130]
    layers = replace(first, weights=weights), replace(last, weights=np.roll(last.weights, -1, axis=1),
                                                      biases=np.roll(last.biases, -1))
    return replace(shipped, network=Network(layers))


def texts(lines):
    return [line.text for line in lines]


def shown(window):
    return [artist.text for artist in window.figure.artists
            if isinstance(artist, Line) and artist.get_visible() and artist.text]


def place_of(name):
    return next(place for place, check in enumerate(CHECKS) if check.name == name)


def go_to(window, press, name):
    check_ups = window.session.check_ups
    step = place_of(name) - check_ups.index
    press(window, *["down" if step > 0 else "up"] * abs(step))
    assert check_ups.index == place_of(name)


def test_the_list_says_what_the_checks_found(open_checkup, embedded, shifted):
    window = open_checkup(shifted)
    report = run_checks(make_study(shifted.network, data_of_dataset(embedded)), shifted.path.name)
    assert {result.name for result in report.failed} == {"hidden neurons differ", "labels in order"}
    listed = window.view.list
    assert texts(listed.names) == [result.name for result in report.results]
    assert texts(listed.figures) == [result.figure for result in report.results]
    marks = {True: "✓", False: "✗", None: "–"}
    assert texts(listed.marks) == [marks[result.passed] for result in report.results]
    for line, result in zip(listed.remedies, report.results, strict=True):
        expected = f"→ {result.remedy}" if result.passed is False else ""
        assert expected.startswith(line.text.removesuffix(" …"))
        assert bool(line.text) == bool(expected)
    assert report.verdict in window.headline.verdict.text
    assert report.advice in window.headline.verdict.text
    assert window.headline.subject.text == ", ".join(report.facts)


def test_the_first_that_fails_is_chosen_and_shown_at_the_right(open_checkup, press, shifted):
    window = open_checkup(shifted)
    assert window.session.check_ups.index == place_of("hidden neurons differ")
    assert "neuron 130" in shown(window)
    assert "cosine 1.0000" in shown(window)
    go_to(window, press, "labels in order")
    assert {"as it answers", "answers renamed"} <= set(shown(window))
    assert "neuron 130" not in shown(window)
    evaluation = window.session.evaluation
    assert any(text.startswith(share(evaluation.count - evaluation.errors, evaluation.count)) for text in shown(window))
    assert "labels in order" in window.readout.line.text
    assert "each is one too low" in window.readout.line.text


@pytest.mark.parametrize(("name", "words"), [
    ("scale of the inputs", r"0\.\.1 \d\d\.\d\d % \d\d\.\d\d to \d\d\.\d\d"),
    ("hidden neurons alive", r"activations from 0\.00 to [\d.]+ [\d,]+ of 76,032"),
    ("hidden neurons differ", r"pixel row 0, column 0 into neuron 130 . ?0\.\d+ into neuron 189 . ?0\.\d+"),
    ("labels in order", r"0 answered as 0 \d+ of \d+")])
def test_what_is_pointed_at_says_its_number(open_checkup, press, mouse, shifted, name, words):
    window = open_checkup(shifted)
    go_to(window, press, name)
    press(window, "tab", "tab")
    chart = window.view.evidence.shown
    assert window.view.focus.panel is chart
    press(window, *["left"] * 60, *["up"] * 30)
    assert re.fullmatch(words, window.readout.line.text), window.readout.line.text
    said = window.readout.line.text
    point = cell_centre(chart, window.session, (0, 0), window.readout.ring.around)
    mouse(window, *point)
    assert window.readout.line.text == said
    press(window, "escape", "down")
    assert window.session.check_ups.index == place_of(name) + 1


def test_bars_are_as_long_as_what_they_say(open_checkup, press, shipped):
    window = open_checkup(shipped)
    go_to(window, press, "pictures the right way round")
    chart = window.view.evidence.charts[-1]
    accuracies = window.session.check_ups.chosen.details["accuracies"]
    assert texts(chart.names)[:5] == list(accuracies)
    lengths = chart.bars.bounds[:, 2]
    assert lengths / lengths.max() == pytest.approx(np.array(list(accuracies.values())) / max(accuracies.values()),
                                                    abs=0.01)
    printed = [float(text.split()[0]) for text in texts(chart.figures)[:5]]
    assert printed == pytest.approx([100 * value for value in accuracies.values()], abs=0.005)


@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_enter_opens_where_it_shows(open_checkup, press, shifted, name):
    window = open_checkup(shifted)
    go_to(window, press, name)
    press(window, "enter")
    assert window.view.title == CHECKS[place_of(name)].view
    if name == "hidden neurons differ":
        assert window.session.neuron == 130
    if name == "labels in order":
        truth, answer = window.session.cell
        assert window.session.evaluation.confusion[truth, answer] > 20
    press(window, "escape")
    assert window.view.title == "check-up"
    assert window.session.check_ups.index == place_of(name)


def test_a_line_is_chosen_by_a_click_and_opened_by_another(open_checkup, mouse, shifted):
    window = open_checkup(shifted)
    row = middle(window.view.list.rows[place_of("every class is answered")])
    mouse(window, *row, click=True)
    assert window.session.check_ups.index == place_of("every class is answered")
    assert window.view.title == "check-up"
    mouse(window, *row, click=True)
    assert window.view.title == "mistakes"


def test_it_is_done_in_small_steps_while_keys_work(open_window, press, shipped, monkeypatch):
    monkeypatch.setattr(background_work, "SLICE_S", 1e-4)  # for one step, however fast it is done
    window = open_window(shipped)
    press(window, "K")
    window.figure.canvas.draw()
    check_up, timer = window.session.check_ups.current, window.background_work.timer
    assert window.background_work.work is check_up
    assert "0 of 13 done" in window.headline.verdict.text
    press(window, "down", "down")
    seen = set()
    for _ in range(20_000):
        tick(timer)
        seen.add(re.search(r"(\d+) of 13 done|$", window.headline.verdict.text)[1])
        if check_up.done:
            break
    assert check_up.done
    assert len(seen) > 5
    assert "none fails" in window.headline.verdict.text


def test_it_waits_for_a_training_and_is_about_the_network_shown(open_checkup, press, shipped):
    from types import SimpleNamespace

    window = open_checkup(run=False)
    window.session.training = SimpleNamespace(state=SimpleNamespace(running=True))
    window.view.update()
    assert "waits until the training rests" in window.headline.verdict.text
    window.session.training = None
    before = window.session.check_ups.current
    window.session.show_network(model_of(shipped, 20).network, "epoch 3 of 10")
    assert window.session.check_ups.current is not before
    for _ in window.session.check_ups.current.steps():
        pass
    window.refresh()
    assert window.headline.verdict.text.startswith("epoch 3 of 10 ✗")


def test_r_checks_again(open_checkup, press):
    window = open_checkup()
    before = window.session.check_ups.current
    press(window, "r")
    assert window.session.check_ups.current is not before
    assert "0 of 13 done" in window.headline.verdict.text
    window.figure.canvas.draw()
    assert window.background_work.work is window.session.check_ups.current


def test_s_saves_the_report(open_checkup, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    window = open_checkup()
    press(window, "s", "s")
    assert window.message == f"saved {tmp_path / 'neuralscope-digits-check-up-2.txt'}"
    kept = (tmp_path / "neuralscope-digits-check-up.txt").read_text(encoding="utf-8")
    assert kept == window.session.check_ups.current.report.text(80) + "\n"


def test_without_labels_it_says_what_cannot_be_tried(open_checkup, embedded):
    window = open_checkup(dataset=without_labels(embedded))
    marks, sentences = texts(window.view.list.marks), texts(window.view.list.sentences)
    assert marks[place_of("labels in order")] == "–"
    assert sentences[place_of("labels in order")] == "there are no labels to judge by"
    assert marks[place_of("hidden neurons alive")] == "✓"
    assert "✗" not in marks


@pytest.mark.parametrize(("size", "theme"), half_of(SIZES, THEMES))
def test_nothing_overlaps_at_any_size(open_checkup, press, shifted, size, theme):
    window = open_checkup(shifted, size=size, theme=theme)
    window.surface.redraw = lambda: None
    check_layout(window, size)
    press(window, *["up"] * len(CHECKS))
    for _ in CHECKS:
        check_layout(window, size)
        press(window, "down")
    window.figure.canvas.draw()


@pytest.mark.parametrize("hidden", [(), (5,), (20, 12)])
def test_networks_of_other_kinds(open_checkup, press, shipped, hidden):
    window = open_checkup(model_of(shipped, *hidden, activation="tanh", head="sigmoid"))
    press(window, *["up"] * len(CHECKS))
    for _ in CHECKS:
        check_layout(window, (1400, 800))
        press(window, "down")
    assert window.session.check_ups.current.done


@pytest.mark.parametrize("size", [(120, 90), (1, 1), (100, 3000)])
def test_a_window_of_any_size_is_drawn(open_checkup, press, size):
    window = open_checkup(size=size)
    press(window, *["up"] * len(CHECKS))
    for _ in CHECKS:
        press(window, "down")
        window.figure.canvas.draw()


def test_a_network_with_numbers_that_are_none(open_checkup, press, shipped):
    first, last = shipped.network.layers
    weights = first.weights.copy()
    weights[400, 7] = np.nan
    model = replace(shipped, network=Network((replace(first, weights=weights), last)))
    window = open_checkup(model, view="K")
    assert window.session.check_ups.index == place_of("numbers are numbers")
    assert "W1 has 1 NaN, all into neuron 7" in shown(window)
    press(window, *["up"] * len(CHECKS))
    for _ in CHECKS:
        check_layout(window, (1400, 800))
        window.figure.canvas.draw()
        press(window, "down")
