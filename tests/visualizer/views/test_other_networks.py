"""Any network in every view: it opens, and no key, no cell and no point of it raises or says what is no number."""

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from neuralscope.analysis.ablation import ablate
from neuralscope.errors import InputError
from neuralscope.formatting import number
from neuralscope.network.presets import PRESETS
from neuralscope.visualizer.__main__ import parser
from neuralscope.visualizer.input.keys import active_bindings
from neuralscope.visualizer.input.results import Focus
from neuralscope.visualizer.live.cli_options import setup_from_arguments
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.views.how.sum_waterfall import SumWaterfall
from neuralscope.visualizer.widgets.key_help import loaded_facts
from tests.helpers.networks import snapshots_of
from tests.helpers.other_networks import OTHER_NETWORKS, dataset_of, few, random_model
from tests.helpers.trainings import poll, wait_until_idle
from tests.helpers.views import middle

NOT_A_NUMBER = re.compile(r"\bnan\b|\binf\b")
DIGIT = re.compile(r"\bdigits?\b")
LEAVING_KEYS = {"q", "f11", "s"}  # what leaves the window, or writes a file
TRAINING_KEYS = {" ", "j", "J", "r", "k", "u"}  # of train and fine-tuning: tests of their own run trainings


def told(window):
    """Return what the readout says."""
    return window.readout.line.text


def walk(window, press):
    """Stand the cursor in every panel and move it about; return what is said."""
    said = []
    for part in window.view.parts():
        grid = part.grid(window.session)
        if not grid:
            continue
        window.apply(Focus(part))
        said.append(told(window))
        for key in ("right", "down", "left", "up", "home"):
            press(window, key)
            said.append(told(window))
        rows, columns = grid
        for row, column in {(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)}:
            with window.session.arithmetic():
                described = part.describe(window.session, row, column)
            said.append(" ".join(run.text for run in described[0]) if described else "")
    return said


def point_everywhere(window, mouse):
    """Move the mouse over a grid of points; return what is said."""
    said = []
    width, height = window.figure.get_size_inches() * 100
    for x, y in product(range(20, int(width), int(width) // 18), range(20, int(height), int(height) // 12)):
        mouse(window, x, y)
        said.append(told(window))
    return said


def press_all(window, press):
    """Press each key of the view and the window's that do not leave; return what is said."""
    said, view = [], window.view
    for binding in active_bindings([view.bindings]):
        for key in binding.keys:
            if not (view.shows_training and key in TRAINING_KEYS):
                press(window, key)
                said.append(told(window))
                press(window, "escape")
    for key in ("enter", "backspace", "f", "1", "v", "0", "]", "[", "x", "X", "a", "c", "?", "escape"):
        press(window, key)
        said.append(told(window))
    return said


QUICK = {("30 standardized features", "e"), ("30 features", "n"), ("12x20", "w"), ("NaN into a neuron", "h"),
         ("infinite outputs", "m")}
CASES = [pytest.param(name, view.key, marks=() if (name, view.key) in QUICK else pytest.mark.slow)
         for name in OTHER_NETWORKS for view in VIEWS]


@pytest.mark.parametrize(("name", "key"), CASES)
def test_a_view_lives_with_any_network(open_window, shipped, embedded, press, mouse, name, key):
    model, dataset = OTHER_NETWORKS[name](shipped, embedded)
    window = open_window(model, dataset, view=key, size=(1000, 640), snapshots=lambda *_: snapshots_of(model, dataset))
    window.run_to_end()
    window.figure.canvas.draw()
    said = walk(window, press) + point_everywhere(window, mouse) + press_all(window, press)
    assert len(set(said)) > 1
    assert not [words for words in said if NOT_A_NUMBER.search(words)]
    if window.session.inputs.sample == "row":
        assert not [words for words in said if DIGIT.search(words.replace(PRESETS["classical"].description, ""))]


@pytest.fixture
def working_folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def open_other(lay_out, shipped, embedded):
    """Return a function that opens a window on one of OTHER_NETWORKS, which is laid out and never drawn."""
    def open_other(name, **options):
        return lay_out(*OTHER_NETWORKS[name](shipped, embedded), snapshots=None, **options)

    return open_other


def test_features_are_bars_with_their_names_and_the_readout_tells_value_and_formula(open_other, mouse):
    window = open_other("30 features, no hidden layer")
    digit, session = window.view.digit, window.session
    assert [line.text for line in digit.bar_names] == list(session.dataset.feature_names)
    mouse(window, *middle(digit.picture.cell_bounds(3, 0)))
    value, weight = session.image[0, 3], session.network.layers[0].weights[3] @ (-1, 1)
    assert told(window).startswith(f"mean area value {number(value)} pushes")
    product = float(told(window).rpartition("= ")[2].replace("−", "-"))
    assert product == pytest.approx(value * weight * (1 if session.selected_class else -1), abs=0.006)
    share = session.image[0] / np.abs(session.digits.images).max(axis=0)
    np.testing.assert_allclose(digit.picture.lengths, share, rtol=1e-5)
    assert digit.picture.signed


def test_features_have_room_for_names_in_the_smallest_window_and_many_have_none(open_other, lay_out, shipped):
    small = open_other("30 features", size=(900, 600)).view.digit
    assert small.bar_names[0].text == "mean radius"
    tables = dataset_of("wide", np.random.default_rng(0).random((80, 300)), np.arange(80) % 2, "ab", None)
    window = lay_out(random_model(shipped, tables, 4), tables, snapshots=None)
    assert not window.view.digit.bar_names
    assert window.session.inputs.names[299] == "feature 299"


def test_where_nothing_can_be_drawn_the_view_says_so_and_leads_elsewhere(open_other, mouse):
    window = open_other("12x20", view="d")
    empty = window.view.empty_state
    assert empty.lines[0].text == "this network reads pictures of 12 × 20, and a drawing becomes 28 × 28 pixels"
    with pytest.raises(InputError, match="reads pictures of 12 × 20"):
        window.session.open(np.zeros((28, 28)), "mine.png", ())
    mouse(window, *middle(empty.lines[1].bounds()), click=True)
    assert window.view.key == "e"


def test_what_is_no_number_is_hatched_said_and_located(open_other):
    window = open_other("NaN into a neuron")
    headline, sheet = window.headline, window.view.hidden.sheets[0]
    assert headline.verdict.text.startswith("✗ no answer: the scores are not numbers train it anew")
    assert headline.ablated.text == "✗ W1 has 12 NaN, all into neuron 7"
    assert np.argwhere(sheet.picture.hatched).tolist() == [list(sheet.cell_of(7))]
    finite = np.delete(window.session.trace.activations[0][0], 7)
    assert float(sheet.key.top.text) == pytest.approx(finite.max(), rel=0.5)  # the scale ignores it
    assert {line.text for line in window.view.outputs.values} == {"NaN"}
    assert not any(bar.bounds[2] for bar in window.view.outputs.bars)
    window.run_to_end()
    assert window.footer.loaded.text.endswith("✗ no answer to 60")


@pytest.mark.parametrize("size", [(900, 600), (945, 540), (800, 1000), (1400, 800), (1920, 1080)])
def test_names_of_views_and_what_is_broken_share_a_line(open_other, press, size):
    window = open_other("nothing but NaN", size=size)
    assert window.headline.ablated.bounds()[0] >= window.tab_bar.names[-1].bounds()[0] + window.tab_bar.names[
        -1].bounds()[2]
    press(window, "n")
    press(window, "x")
    left, _, width, _ = window.tab_bar.names[-1].bounds()
    assert window.headline.ablated.text.startswith("✕ 1")
    assert window.headline.ablated.bounds()[0] >= left + width


@pytest.mark.parametrize("size", [(900, 600), (1400, 800)])
def test_a_long_sum_leaves_room_for_its_name_and_its_bar(lay_out, shipped, size):
    pictures = dataset_of("large", 200 * np.random.default_rng(0).random((40, 64)), np.arange(40) % 10, "0123456789",
                          (8, 8))
    model = random_model(shipped, pictures, 32, 16)
    network = model.network.with_parameters({name: 20 * array for name, array in model.network.parameters.items()})
    window = lay_out(replace(model, network=network), pictures, snapshots=None, view="h", size=size)
    waterfall = next(panel for panel in window.view.panels if isinstance(panel, SumWaterfall))
    assert max(len(row.total.text) for row in waterfall.rows) > len("−00.00")
    for row in waterfall.rows:
        assert row.name.bounds()[0] + row.name.bounds()[2] <= row.contribution.bounds()[0]
        assert row.bar.bounds[0] + row.bar.bounds[2] <= row.total.bounds()[0]


def test_silencing_the_neuron_that_is_no_number_mends_the_network(open_other, press, shipped):
    window = open_other("NaN into a neuron", view="n")
    session = window.session
    assert session.neuron == 7
    assert session.evaluation.errors == session.evaluation.unanswered_count == 60
    press(window, "x")
    whole = ablate(shipped.network, {0: [7]}).forward(session.image)
    np.testing.assert_allclose(session.trace.outputs, whole.outputs, rtol=1e-4)
    assert session.evaluation.unanswered_count == 0
    assert window.view.all.single_ablations.errors[7] == session.evaluation.errors < 20
    assert not session.non_finite_texts


def test_a_network_that_is_no_number_cannot_be_taught_in_words(open_other, press):
    window = open_other("NaN in an output", view="l")
    press(window, "enter")
    assert told(window).startswith("W2 has 3 NaN, all into neuron 2, so that no step leads to numbers")


def test_the_footer_and_the_list_of_keys_say_whose_network_it_is(open_window, shipped, embedded, press):
    assumed = "inputs -1..1, relu: 97 %", "softmax assumed"
    model = replace(random_model(shipped, few(embedded), 12), assumed=assumed, metadata={
        "origin": {"file": "my_net.json", "format": "JSON", "raw_scores": True},
        "inputs": {"scale": "mean and deviation", "mean": 0.13066, "deviation": 0.30811, "transposed": False}})
    window = open_window(model, few(embedded), size=(1900, 900))
    assert "yours: my_net.json; inputs by mean 0.1307 and deviation 0.3081, folded in" in window.footer.loaded.text
    window.apply(Focus(window.view.outputs))
    assert told(window).endswith("the softmax is ours: the file's network answers the scores")
    facts = loaded_facts(window.session)
    assert facts[1:6] == [
        ("from elsewhere", "my_net.json, JSON"), ("read as", "inputs -1..1, relu: 97 %"), ("", "softmax assumed"),
        ("folded in", "inputs by mean 0.1307 and deviation 0.3081"),
        ("", "fine-tuning (l) moves the weights as they are shown")]


def test_a_training_on_what_cannot_be_warped_begins_without_warps(open_other, press):
    window = open_other("30 features", view="t")
    setup = window.session.training_setup
    assert setup.values["augment"] == "none"
    setup.apply_preset("default")
    assert setup.is_preset("default")
    assert setup.values["augment"] == "none"


@pytest.mark.parametrize(("name", "words"), [("30 features", "these have 30"), ("12x20", "these have 240")])
def test_warps_that_are_asked_for_and_cannot_be_are_refused(shipped, embedded, name, words):
    dataset = OTHER_NETWORKS[name](shipped, embedded)[1]
    with pytest.raises(InputError, match=words):
        setup_from_arguments(parser().parse_args(["--train", "--augment", "elastic"]), dataset)
    setup_from_arguments(parser().parse_args(["--train"]), dataset)
    setup_from_arguments(parser().parse_args(["--train", "--augment", "none"]), dataset)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["30 standardized features", "12x20"])
@pytest.mark.usefixtures("working_folder")
def test_a_training_on_other_inputs_is_watched(open_window, shipped, embedded, press, mouse, name):
    window = open_window(*OTHER_NETWORKS[name](shipped, embedded), view="t", snapshots=None, size=(1000, 640))
    for option, value in {"epochs": 2, "hidden": (7,)}.items():
        window.session.training_setup.set(option, value)
    press(window, "J")
    poll(window, lambda: wait_until_idle(window))
    state = window.session.training.state
    assert not state.failure
    window.figure.canvas.draw()
    said = walk(window, press) + point_everywhere(window, mouse)
    assert not [words for words in said if NOT_A_NUMBER.search(words)]
    panels = window.view.training_panels
    assert panels.weight_grid.shape == window.session.inputs.tile_shape
    assert panels.live_prediction.picture.cells.shape[:2] == window.session.inputs.shape
    for key in "ewnmpbho":
        press(window, key)
    assert window.session.base_network.sizes[1] == 7
