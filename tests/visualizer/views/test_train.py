"""The view of a training: what it shows is what NumPy finds, and all of it is done with keys and the mouse."""

import gc
import re
import resource
import threading
from dataclasses import replace

import numpy as np
import pytest
import threadpoolctl

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.model import Network
from neuralscope.network.optimizers import SCHEDULES
from neuralscope.visualizer.drawing.theme import look_up, rgb
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.views.train.histogram import BINS
from neuralscope.visualizer.widgets.panel import inside
from tests.visualizer.input.test_focus import at
from tests.visualizer.live.test_training import wait
from tests.visualizer.views.test_overlaps import SIZES, check, lay_out
from tests.visualizer.views.test_why import figure

SMALL = {"epochs": 3, "hidden": (12,), "augment": "none", "batch_size": 200}
__all__ = ["lay_out"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own, with one thread for products, as the program does."""
    monkeypatch.chdir(tmp_path)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield tmp_path


def beat(scope, until=lambda: True):
    """Let the timer beat until something is so and shown."""
    def beaten():
        scope.pulse.rest_until = 0.0
        scope.pulse.began = None
        scope.pulse.beat()
        return until()

    wait(beaten)
    for _ in range(3):
        beaten()


@pytest.fixture
def train(open_scope, press):
    """Return a function that opens the train view with options, presses keys, and waits until nothing goes on."""
    def train(*keys, opened=open_scope, view="t", until=None, **options):
        dataset = {"dataset": options.pop("dataset")} if "dataset" in options else {}
        size = {name: options.pop(name) for name in ("size", "theme", "dpi") if name in options}
        scope = opened(view=view, **size, **dataset)
        for name, value in (SMALL | options).items():
            scope.session.plan.set(name, value)
        scope.refresh()
        for key in keys:
            press(scope, key)
            done = until if key == keys[-1] and until else at_rest
            beat(scope, lambda done=done: done(scope))
        return scope

    return train


def at_rest(scope):
    training, plan = scope.session.training, scope.session.plan
    return not plan.busy and (training is None or (training.at_rest and (training.saved or not training.finished)))


def middle(bounds):
    return bounds[0] + bounds[2] / 2, bounds[1] + bounds[3] / 2


def click_field(scope, mouse, fields, name, column=1):
    row = [field.name for field in fields.fields].index(name)
    mouse(scope, *middle(fields.bounds(row, column)), click=True)


def test_space_starts_and_at_the_end_all_is_told_and_saved(train, folder, mouse):
    scope = train(" ")
    training, view = scope.session.training, scope.view
    assert training.finished
    last = training.latest.rows[-1]
    errors = round((1 - last["test_accuracy"]) * 297)
    assert view.headline.verdict.text == (
        f"epoch 3 of 3 step 24 of 8 × 3 {100 * last['test_accuracy']:.2f} % of test digits right, {errors} errors")
    assert view.headline.which.text == "finished in my-training.npz"
    mouse(scope, *middle(view.headline.verdict.bounds()))
    assert scope.readout.line.text == (
        f"after 24 of 3 × 8 = 24 steps test digits at the end of epoch 3: {297 - errors} of 297 right = "
        f"{100 * last['test_accuracy']:.2f} % 297 − {297 - errors} = {errors} errors")
    assert sorted(path.name for path in folder.iterdir()) == ["my-training.epochs.npz", "my-training.npz"]
    saved = storage.load("my-training.npz")
    np.testing.assert_array_equal(saved.network.layers[0].weights, training.latest.network.layers[0].weights)
    assert scope.close() == "trained all 3 epochs; the network is in my-training.npz"


def test_curves_are_those_of_the_reports(train):
    scope = train(" ")
    learning, rows = scope.view.learning, scope.session.training.latest.rows
    for chart, names in ((learning.loss, ("loss", "test_loss")), (learning.right, ("train_accuracy", "test_accuracy"))):
        left, bottom, width, height = chart.box
        for name in names:
            points = chart.curves[name].points
            np.testing.assert_allclose(points[:, 0], left + width * np.arange(1, 4) / 3)
            heights = chart.axis.heights([row[name] for row in rows])
            np.testing.assert_allclose(points[:, 1], bottom + height * heights)
    assert learning.loss.ends["test_loss"].text == f"test {rows[-1]['test_loss']:.3f}"
    assert learning.right.ends["train_accuracy"].text == f"train {100 * rows[-1]['train_accuracy']:.2f} %"
    losses = scope.session.training.latest.losses
    np.testing.assert_allclose(learning.loss.batches.points[:, 1], learning.loss.box[1] + learning.loss.box[3]
                               * learning.loss.axis.heights(losses))


def test_figures_beside_the_curves_are_whole_and_say_what_they_are_of(train, press, mouse):
    scope = train("J")
    loss, right = scope.view.learning.loss, scope.view.learning.right
    moment = scope.session.training.latest
    row = moment.rows[0] | {"loss": 0.00004, "train_accuracy": 1.0, "test_accuracy": 0.9}
    for chart in (loss, right):
        chart.show(replace(moment, rows=(row,)), True)
    assert loss.ends["loss"].text == "train 4e−5"
    assert right.ends["train_accuracy"].text == "train 100.00 %"
    left, _, width, _ = right.ends["train_accuracy"].bounds()
    assert left + width <= right.note.x
    said = "".join((" " if run.gap else "") + run.text for run in loss.account(scope.session, 0, 0)[0])
    assert "right 100.00 % as it learned, 90.00 % on test gap 100.00 − 90.00 = 10.00" in said
    assert [loss.tick(value) for value in (1000.0, 1e-6)] == ["1,000", "1e−6"]
    scope = train("j")
    moment = scope.session.training.latest
    zeros = {name: array * (name[0] == "W") for name, array in moment.network.parameters.items()}
    tiles = scope.view.learning.tiles
    tiles.show(scope.session, replace(moment, network=moment.network.with_parameters(zeros)), 0)
    assert tiles.legend.caption.text.endswith("below, all 0")


def test_y_changes_the_axis_and_equal_steps_are_as_high(train, press):
    scope = train(" ")
    chart = scope.view.learning.loss
    assert chart.axis.low > 0
    press(scope, "y")
    assert chart.axis.low == 0
    np.testing.assert_allclose(chart.axis.heights([0, chart.axis.high / 2, chart.axis.high]), [0, 0.5, 1])
    assert scope.view.learning.right.axis.high == 1
    press(scope, "y")
    assert chart.axis.low > 0


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_histograms_count_what_numpy_counts(train, activation):
    scope = train("j", "j", activation=activation)
    moment = scope.session.training.latest
    arrays = (moment.trace.sums[0], moment.trace.activations[0], moment.gradients["W1"], moment.gradients["W2"])
    for histogram, values in zip(scope.view.learning.histograms, arrays, strict=True):
        low, high = histogram.edges[[0, -1]]
        wanted, _ = np.histogram(values.astype(float), BINS, (low, high))
        assert np.abs(histogram.counts - wanted).sum() <= values.size / 1000  # float32 puts some on the other side
        assert histogram.counts.sum() == values.size
        assert low <= values.min()
        assert values.max() <= high
        assert histogram.zeros == (values == 0).sum()
        if histogram.signed:
            assert low == -high
            zero = (histogram.edges[BINS // 2] + histogram.edges[BINS // 2 + 1]) / 2
            assert zero == pytest.approx(0, abs=1e-9 * high)
        shown = histogram.counts - np.histogram([0] * histogram.zeros, BINS, (low, high))[0]  # zeros have no bar
        np.testing.assert_allclose(histogram.bars.bounds[:, 3], shown / shown.max() * histogram.box[3], rtol=1e-6)
    assert scope.view.learning.histograms[1].signed == (activation == "tanh")


def test_tiles_are_the_weights_in_signed_colours_and_bars_the_biases(train, press, mouse):
    scope = train("J", hidden=(60,))
    tiles, layer = scope.view.learning.tiles, scope.session.training.latest.network.layers[0]
    top = figure(tiles.legend.top.text)
    page = tiles.columns * tiles.lines
    for place in (0, page - 1):
        wanted = look_up(scope.painter.theme.signed, layer.weights[:, place].reshape(28, 28), top, signed=True)
        np.testing.assert_array_equal(tiles.pictures[place].cells, wanted)
        assert tiles.pictures[place].bounds() == pytest.approx(tiles.bounds(place))
    assert np.abs(layer.weights).max() <= top
    bars = tiles.biases.bounds
    reach = [bar[2] for bar in bars if bar[3] == 3]
    starts, lefts = [bar[0] for bar in bars if bar[3] == 3], [tiles.bounds(place)[0] for place in range(page)]
    to_the_left = np.array(starts) < np.array(lefts) + tiles.tile[0] / 2 - 0.01
    np.testing.assert_array_equal(to_the_left[layer.biases[:page] != 0], (layer.biases[:page] < 0)[
        layer.biases[:page] != 0])
    assert tiles.bounds(tiles.columns - 1)[0] + tiles.tile[0] == pytest.approx(
        tiles.pager.words[1].x, abs=1)  # the pager ends where the pictures do
    mouse(scope, *middle(tiles.legend.key.bounds()))
    assert f"0 in the middle, up to ±{tiles.legend.top.text[1:]}" in scope.readout.line.text
    mouse(scope, *middle(tiles.legend.caption.bounds()))
    assert f"the largest bias is ±{np.abs(layer.biases).max():.4f}" in scope.readout.line.text
    np.testing.assert_allclose(reach, np.abs(layer.biases[:page]) / np.abs(layer.biases).max() * tiles.tile[0] / 2,
                               rtol=1e-5)
    assert tiles.pager.where.text == f"1 to {page} of 60"
    left, bottom, width, height = tiles.pager.words[1].bounds()
    mouse(scope, left + width / 2, bottom + height / 2, click=True)
    assert tiles.first == min(tiles.lines, 60 // tiles.columns - tiles.lines)
    press(scope, "g", "5", "9", "enter")
    assert scope.session.neuron == 59
    place = 59 - tiles.first * tiles.columns
    np.testing.assert_array_equal(tiles.pictures[place].cells, look_up(
        scope.painter.theme.signed, layer.weights[:, 59].reshape(28, 28), top, signed=True))
    mouse(scope, *middle(tiles.bounds(2)), click=True)
    assert scope.session.neuron == 2 + tiles.first * tiles.columns


def test_the_digit_shown_is_judged_by_the_network_as_it_is_now(train, press, mouse):
    scope = train("j")
    judged, session = scope.view.learning.judged, scope.session
    for keys in (["enter"], ["j"], ["f"]):
        press(scope, *keys)
        beat(scope, lambda: at_rest(scope))
        trace = session.training.latest.network.forward(session.image)
        answer = int(trace.predictions[0])
        assert judged.verdict.text.startswith(f"reads {answer} ")
        sure = f"{100 * trace.outputs[0, answer]:.1f} %"
        assert sure in [run.text for run in judged.verdict.wordings[0]]
        assert ("✓ right" in judged.verdict.text) == (answer == session.truth)
        for place in (judged.picture.bounds(), judged.verdict.bounds()):
            mouse(scope, 1, 1)
            mouse(scope, *middle(place))
            assert scope.readout.line.text.startswith(f"output {answer} by the network as it is now")
        np.testing.assert_allclose(judged.bars.bounds[1:, 3], judged.high * trace.outputs[0], rtol=1e-6)


def test_a_step_within_an_epoch_is_told_in_headline_and_readout(train, press, mouse):
    scope = train("J", "j")
    assert scope.view.headline.verdict.text.startswith("epoch 1 of 3 step 9 of 8 × 3 ")
    mouse(scope, 2, 2)
    loss = scope.session.training.latest.losses[-1]
    assert scope.readout.line.text == f"step 9 loss of its images before it {loss:.4f}"
    press(scope, "J")
    beat(scope, lambda: at_rest(scope))
    assert scope.readout.line.text.startswith("epoch 2 loss")


def test_dead_neurons_steps_and_derivatives_are_told(train, press, mouse):
    scope = train("j", hidden=(40,), learning_rate=0.5, optimizer="adam")
    training, vitals = scope.session.training, scope.view.learning.vitals
    press(scope, "j")
    beat(scope, lambda: at_rest(scope))
    values = training.latest.trace.activations[0]
    dead = int((values.max(axis=0) == values.min(axis=0)).sum())
    assert dead > 0
    assert vitals.values[0].text.startswith(f"{dead} of 40")
    step, weights = training.latest.updates[0]
    assert float(vitals.values[1].text.replace("−", "-")) == pytest.approx(step / weights, rel=0.05)
    assert vitals.heads[0].text == "silent for 256 digits"
    assert vitals.values[2].text.startswith("✓ ")
    assert vitals.values[2].text.endswith(", step 2")
    mouse(scope, *middle(vitals.bounds(2)), click=True)
    beat(scope, lambda: training.latest.checked == 2)
    assert "derivatives beside differences" in scope.readout.line.text
    mouse(scope, *middle(vitals.bounds(1)))
    shown = scope.readout.line.text.replace("−", "-")
    found = [float(number) for number in re.findall(r"([\d.e-]+) / ([\d.e-]+) = ([\d.e-]+)", shown)[0]]
    assert found == pytest.approx([step, weights, step / weights], rel=0.05)


def test_a_neuron_that_always_fires_alike_is_silent_too_and_a_bad_check_is_said(train):
    scope = train("j", activation="sigmoid")
    training, vitals = scope.session.training, scope.view.learning.vitals
    moment = training.latest
    assert vitals.values[0].text.startswith("0 of 12")
    assert vitals.values[2].text.startswith("✓")
    for error, mark in ((1e-6, "✓"), (1e-4, "✗")):
        activations = moment.trace.activations[0].copy()
        activations[:, 3] = 1
        trace = replace(moment.trace, activations=(activations, *moment.trace.activations[1:]))
        check = replace(moment.check, error=error)
        vitals.show(replace(moment, trace=trace, check=check), 0, training)
        assert vitals.values[0].text.startswith("1 of 12")
        assert vitals.values[2].text.startswith(mark)


def test_the_rate_of_now_is_what_the_schedule_makes_of_it_within_an_epoch_too(train, press):
    scope = train("j", "j", "j", "j", "j", learning_rate=1.0, epochs=1)
    note = scope.view.dials.notes[0].text
    assert note.startswith("cosine: now ")
    assert float(note.split()[-1]) == pytest.approx(SCHEDULES["cosine"](5 / 8), abs=0.005)


def test_frames_take_a_tenth_of_the_time_at_most(train, monkeypatch):
    pulse = train().pulse
    now = [100.0]
    monkeypatch.setattr("neuralscope.visualizer.app.training_sync.time.perf_counter", lambda: now[0])
    pulse.began, now[0] = 100.0, 100.5
    pulse.drawn()
    assert pulse.rest_until == pytest.approx(105.0)


def test_buttons_do_what_keys_do(train, mouse):
    scope = train()
    session = scope.session
    spots = [middle(ground.bounds) for ground in scope.view.buttons.grounds]
    mouse(scope, *spots[1], click=True)
    beat(scope, lambda: at_rest(scope))
    assert session.training.latest.step == 1
    mouse(scope, *spots[2], click=True)
    beat(scope, lambda: at_rest(scope))
    assert session.training.latest.step == 8
    mouse(scope, *spots[4], click=True)
    kept = "my-training-epoch-1.npz"
    assert scope.readout.line.text == f"kept as {kept}; to look at it: --weights {kept}"
    assert storage.load("my-training-epoch-1.npz").metadata["epochs_run"] == 1
    mouse(scope, *spots[3], click=True)
    assert session.training is None
    assert session.plan.values["seed"] == 1
    assert scope.view.buttons.words[0].text == "▶ Start"


def test_a_reset_keeps_what_was_learned_and_says_where(train, press, folder):
    scope = train("j", "j")
    assert not any(path.stat().st_size for path in folder.iterdir())
    press(scope, "r")
    assert scope.session.training is None
    beat(scope, lambda: at_rest(scope))
    assert scope.readout.line.text.startswith("stopped in epoch 1 of 3; what was learned is in my-training.checkpoint."
                                              "npz; its card continues it")
    assert storage.load("my-training.checkpoint.npz").state["position"] == 400
    _, _, _, choose = scope.view.presets.cards[3]
    choose()
    assert scope.session.plan.resume.name == "my-training.checkpoint.npz"


def test_what_is_begun_right_after_a_reset_waits_until_the_files_are_free(train, press, folder, monkeypatch):
    scope = train("j")
    close, closing = type(scope.session.training).close, threading.Event()
    monkeypatch.setattr(type(scope.session.training), "close", lambda training: closing.wait(10) and close(training))
    first = scope.session.training
    press(scope, "r", "j")
    launch = scope.session.plan.launch
    assert launch.thread.is_alive()
    closing.set()
    beat(scope, lambda: at_rest(scope) and scope.session.training)
    assert scope.session.training is not first
    assert scope.session.training.steps == 1
    assert (folder / "my-training.checkpoint.npz").exists()


def test_after_a_reset_the_past_is_the_files_again(train, press):
    scope = train("J")
    session = scope.session
    assert session.past.snapshots.last == 3
    session.look_for_snapshots = lambda: (None, "none beside the file")
    press(scope, "r")
    beat(scope, lambda: at_rest(scope))
    press(scope, "p")
    assert session.snapshots is None
    assert session.no_snapshots == "none beside the file"
    press(scope, "t", "J")
    beat(scope, lambda: at_rest(scope))
    assert session.past.snapshots is session.training.snapshots


def test_enter_on_a_button_presses_it(train, press):
    scope = train()
    press(scope, "tab", "right", "enter")
    beat(scope, lambda: at_rest(scope))
    assert scope.session.training.latest.step == 1


def test_space_pauses_and_goes_on(train, press):
    scope = train(" ", epochs=1000, until=lambda scope: scope.session.training)
    training = scope.session.training
    beat(scope, lambda: training.latest.step > 2)
    assert training.running
    assert scope.view.buttons.words[0].text == "❚❚ Pause"
    press(scope, " ")
    beat(scope, lambda: at_rest(scope))
    assert not training.running
    assert scope.view.headline.which.text.startswith("paused ")
    assert scope.view.buttons.words[0].text == "▶ Continue"
    steps = training.steps
    assert training.latest.step == steps
    press(scope, " ")
    beat(scope, lambda: training.steps > steps)


def test_a_wrong_value_is_said_at_its_field_and_nothing_starts(train, press, mouse):
    scope = train()
    fields, plan = scope.view.fields, scope.session.plan
    click_field(scope, mouse, fields, "batch size")
    assert scope.readout.line.text.startswith("batch size: _")
    press(scope, "-", "5", "enter")
    assert list(plan.refused) == ["batch_size"]
    row = [field.name for field in fields.fields].index("batch size")
    assert fields.notes[row].text.startswith("✗ choose a number of")
    assert [note.text.startswith("✗") for note in fields.notes].count(True) == 1
    press(scope, " ")
    assert scope.session.training is scope.session.plan.launch is None
    assert scope.readout.line.text == "batch size: choose a number of at least 0"
    click_field(scope, mouse, fields, "batch size", 2)
    press(scope, " ")
    beat(scope, lambda: at_rest(scope))
    assert scope.session.training.finished


@pytest.mark.parametrize("size", [(900, 600), (1400, 800)], ids=str)
@pytest.mark.parametrize("options", [
    {"weight_decay": 5.0, "learning_rate": 0.5}, {"label_smoothing": 0.1, "loss": "squared-error"},
    {"dropout": 0.5, "hidden": ()}], ids=str)
def test_a_refusal_can_be_read_whole_in_the_windows_words(train, press, mouse, size, options):
    scope = train(size=size, **options)
    fields = scope.view.fields
    field = next(field for field in fields.fields if field.refusal())
    assert "--" not in field.refusal()
    mouse(scope, *middle(fields.bounds(fields.fields.index(field), 1)))
    assert scope.readout.line.text.startswith(field.refusal())
    shown = " ".join(line.text for line in scope.view.presets.lines).strip()
    assert shown == f"{field.name}: {field.refusal()}"
    width = scope.view.presets.width
    assert all(line.bounds()[2] <= width for line in scope.view.presets.lines)


def test_a_wrong_value_that_only_the_data_tells_is_said_at_its_field_too(train):
    scope = train(" ", batch_size=2000)
    assert scope.session.training is None
    row = [field.option for field in scope.view.fields.fields].index("batch_size")
    assert scope.view.fields.notes[row].text.startswith("✗ there are 1,500 train")


def test_options_are_chosen_by_mouse_and_keys(train, press, mouse):
    scope = train()
    plan, fields = scope.session.plan, scope.view.fields
    click_field(scope, mouse, fields, "activation")
    assert plan.values["activation"] == "leaky-relu"
    click_field(scope, mouse, fields, "activation", 0)
    assert plan.values["activation"] == "relu"
    click_field(scope, mouse, fields, "hidden", 1)
    press(scope, *"30 20", "enter")
    assert plan.values["hidden"] == (30, 20)
    press(scope, "tab", "tab", "down", "right", "enter")
    assert plan.values["hidden"] == (16,) or plan.values["hidden"] != (30, 20)
    cards = scope.view.presets
    mouse(scope, *middle(cards.bounds(2)), click=True)
    assert plan.options().batch_size == 0
    assert "784-100-10: 79,510 weights and biases" in [line.text for line in cards.lines]
    assert fields.values[[field.option for field in fields.fields].index("batch_size")].text == "all"


@pytest.mark.parametrize(("name", "typed", "value"), [
    ("hidden", "none", ()), ("batch size", "all", 0), ("learning rate", "1e+0", 1.0), ("learning rate", "1e-3", 0.001)])
def test_what_a_field_shows_can_be_typed_and_a_click_elsewhere_takes_it(train, press, mouse, name, typed, value):
    scope = train()
    plan, fields = scope.session.plan, scope.view.fields
    click_field(scope, mouse, fields, name)
    press(scope, *typed)
    click_field(scope, mouse, fields, "epochs", 2)
    assert scope.entry is None
    assert (plan.values[name.replace(" ", "_")], plan.values["epochs"]) == (value, 5)


def test_a_button_is_pressed_while_something_is_typed_and_a_preset_forgets_a_bad_seed(train, press, mouse):
    scope = train()
    plan, fields = scope.session.plan, scope.view.fields
    click_field(scope, mouse, fields, "seed")
    press(scope, "-", "3")
    mouse(scope, *middle(scope.view.presets.bounds(1)), click=True)
    assert plan.values["seed"] == 0
    click_field(scope, mouse, fields, "seed")
    press(scope, "7")
    mouse(scope, *middle(scope.view.presets.bounds(0)), click=True)
    assert plan.values["seed"] == 7
    plan.set("hidden", (5,))
    click_field(scope, mouse, fields, "epochs")
    press(scope, "2")
    mouse(scope, *middle(scope.view.buttons.grounds[1].bounds), click=True)
    beat(scope, lambda: at_rest(scope))
    assert (scope.session.training.latest.step, scope.session.training.latest.epochs) == (1, 2)


def test_the_classical_setup_runs(train, press, mouse):
    scope = train()
    mouse(scope, *middle(scope.view.presets.bounds(2)), click=True)
    press(scope, "J")
    beat(scope, lambda: at_rest(scope))
    moment = scope.session.training.latest
    assert (moment.network.architecture, moment.step, moment.epoch) == ("784-100-10 sigmoid, sigmoid head", 1, 1)


def test_learning_rate_and_speed_change_while_it_runs(train, press, mouse):
    scope = train("j", epochs=1000)
    training, dials = scope.session.training, scope.view.dials
    press(scope, "-", "-")
    assert training.pace == 50
    assert "speed: 50, steps a second" in scope.readout.line.text
    press(scope, "+", "+", "+")
    assert training.pace is None
    press(scope, " ")
    click_field(scope, mouse, dials, "learning rate", 0)
    assert training.learning_rate == 0.001
    click_field(scope, mouse, dials, "learning rate")
    press(scope, *"0.5", "enter")
    assert training.learning_rate == 0.5
    click_field(scope, mouse, dials, "learning rate")
    press(scope, *"0", "enter")
    assert training.learning_rate == 0.5
    assert dials.notes[0].text.startswith("✗ 0: choose a number")
    assert training.running
    press(scope, "r", "j")
    beat(scope, lambda: at_rest(scope))
    assert not dials.fields[0].refusal()


def test_a_rate_is_refused_by_the_rules_of_the_start_and_the_card_says_the_last_one(train, press, mouse):
    scope = train("j", weight_decay=0.5)
    training, dials = scope.session.training, scope.view.dials
    click_field(scope, mouse, dials, "learning rate")
    press(scope, *"3", "enter")
    assert training.learning_rate == 0.002
    assert dials.fields[0].refusal().startswith("3: weight decay times")
    click_field(scope, mouse, dials, "learning rate")
    press(scope, *"0.5", "enter", "j")
    beat(scope, lambda: at_rest(scope))
    assert not dials.fields[0].refusal()
    press(scope, "k")
    assert storage.load("my-training-epoch-0-step-2.npz").metadata["learning_rates"] == [[2, 0.5]]
    scope.close()
    assert any("learning rate 0.5" in line.text for line in train().view.presets.words)


def test_data_that_cannot_be_had_is_said(train, press, embedded):
    def read():
        raise InputError("the training part is missing; get it with --data-dir")

    scope = train(" ", dataset=replace(embedded, read_train=read))
    assert scope.session.training is None
    assert scope.readout.line.text == "the training part is missing; get it with --data-dir"
    assert scope.readout.line.text in [line.text for line in scope.view.presets.lines]
    assert scope.view.headline.which.text == "not started"


def test_divergence_is_said_and_the_picture_stays(train, press):
    scope = train("J", optimizer="momentum", schedule="constant")
    training = scope.session.training
    weights = scope.view.learning.tiles.pictures[0].cells.copy()
    training.learning_rate = 1e35
    press(scope, " ")
    beat(scope, lambda: training.failure)
    assert scope.readout.line.text.startswith("the loss is no longer a number (epoch 2, step ")
    assert scope.view.headline.which.text == "✗ broke off"
    np.testing.assert_array_equal(scope.view.learning.tiles.pictures[0].cells, weights)
    press(scope, " ")
    assert "no longer a number" in scope.readout.line.text
    press(scope, "r")
    beat(scope, lambda: at_rest(scope))
    assert scope.session.training is None
    assert "my-training.checkpoint.npz" in scope.readout.line.text


def test_other_views_say_whether_it_learns_or_is_paused(train, press):
    scope = train("j", epochs=10**5)
    press(scope, "e")
    assert scope.view.headline.which.text.startswith("epoch 0 of 100000, paused")
    scope.session.training.set_pace(0.5)
    scope.session.training.start()
    beat(scope, lambda: scope.session.stage.endswith("learning"))
    assert scope.view.headline.which.text.startswith("epoch 0 of 100000, learning")
    scope.session.training.pause()
    beat(scope, lambda: scope.session.stage.endswith("paused"))
    assert scope.view.headline.which.text.startswith("epoch 0 of 100000, paused")


@pytest.mark.parametrize("hidden", [(12,), (), (9, 7)], ids=str)
@pytest.mark.parametrize("view", [view for view in VIEWS if view.key not in "tp"], ids=lambda view: view.title)
def test_other_views_show_the_network_of_the_last_finished_epoch(train, press, view, hidden):
    scope = train("j", hidden=hidden)
    session, training = scope.session, scope.session.training
    assert session.stage == "epoch 0 of 3, paused"
    press(scope, view.key)
    assert session.whole.sizes == (784, *hidden, 10)
    training.take_epoch()
    beat(scope, lambda: session.stage == "epoch 1 of 3, paused")
    np.testing.assert_array_equal(session.whole.layers[0].weights, training.report.network.layers[0].weights)
    assert "learned on mnist" not in scope.footer.loaded.text
    press(scope, "?")
    assert ("learned on", "digits, epoch 1 of 3, paused") in scope.overlay.facts
    press(scope, "escape")
    assert session.evaluated
    training.start()
    beat(scope, lambda: training.saved)
    beat(scope, lambda: session.stage == "epoch 3 of 3")
    press(scope, "t", "u")
    assert session.whole is session.model.network
    assert session.stage == ""
    assert "trained_weights.npz again" in scope.readout.line.text
    press(scope, "u")
    beat(scope, lambda: session.stage == "epoch 3 of 3")
    press(scope, "u")
    press(scope, view.key, *view.key * (view.key == "t"))


def test_a_view_that_is_open_is_made_anew_for_another_shape(train, press):
    scope = train("j", hidden=(12, 9))
    press(scope, "u", "e")
    assert len(scope.view.hidden.sheets) == 1
    press(scope, "t", "j", "e")
    scope.session.training.take_epoch()
    beat(scope, lambda: scope.session.stage.startswith("epoch 1"))
    assert len(scope.view.hidden.sheets) == 2
    press(scope, "[")
    assert scope.session.layer == 0


def test_layers_are_chosen_as_everywhere(train, press):
    scope = train("j", hidden=(12, 9))
    tiles = scope.view.learning.tiles
    assert (tiles.layer, tiles.neurons, tiles.shape) == (0, 12, (28, 28))
    press(scope, "]")
    assert (tiles.layer, tiles.neurons, tiles.shape) == (1, 9, (3, 4))


def test_leaving_the_view_leaves_nothing_and_coming_back_shows_all_again(train, press):
    scope = train("J")
    press(scope, "e")
    before = len(scope.figure.artists)
    for _ in range(3):
        press(scope, "t")
        assert scope.view.learning.loss.rows
        press(scope, "e")
        assert len(scope.figure.artists) == before


def test_every_figure_is_explained_and_mouse_and_cursor_agree(train, press, mouse):
    scope = train("J")
    parts = [part for part in scope.view.parts() if part.grid(scope.session)]
    assert len(parts) >= 10
    for _ in parts:
        press(scope, "tab")
        said, ring = scope.readout.line.text, scope.readout.ring.around
        assert said
        point = at(scope.view.cursor.panel, scope.session, scope.view.cursor.spot, ring)
        assert point, type(scope.view.cursor.panel)
        mouse(scope, *point)
        assert (scope.readout.line.text, scope.readout.ring.around) == (said, ring)
        rows, columns = scope.view.cursor.panel.grid(scope.session)
        press(scope, *["right"] * min(columns, 3), *["down"] * min(rows, 3))
        assert scope.readout.line.text


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("hidden", [(12,), (), (64, 20), pytest.param((2048, 5), marks=pytest.mark.slow)], ids=str)
def test_nothing_overlaps_in_any_state(train, press, lay_out, size, hidden):
    scope = train(opened=lay_out, size=size, hidden=hidden, epochs=2, batch_size=500)
    check(scope, size)
    scope.session.plan.read("batch_size", "-1")
    scope.refresh()
    check(scope, size)
    scope.session.plan.set("batch_size", 500)
    for key in ("j", "J", "y", " ", "k", "tab", "f12"):
        press(scope, key)
        check(scope, size)
        beat(scope, lambda: at_rest(scope))
        check(scope, size)
    press(scope, "[", "enter")
    check(scope, size)


def test_a_checkpoint_that_is_there_is_offered_and_goes_on(train, press, mouse):
    scope = train("j")
    assert "what was learned is in my-training.checkpoint.npz" in scope.close()
    scope = train()
    place = len(scope.view.presets.cards) - 1
    assert scope.view.presets.titles[place].text == "continue my-training.checkpoint.npz"
    mouse(scope, *middle(scope.view.presets.bounds(place)), click=True)
    assert scope.view.buttons.words[0].text == "▶ Continue"
    press(scope, " ")
    beat(scope, lambda: at_rest(scope))
    assert scope.session.training.saved
    assert scope.close() == "trained all 3 epochs; the network is in my-training.npz"


def updated(train, press, count):
    """Update the view often, with a frame now and then; return the memory and artists used between."""
    scope = train("j", epochs=10**6)
    scope.painter.redraw = lambda: None
    training = scope.session.training
    found = []
    training.start()
    for number in range(count):
        step = training.latest.step
        training.look()
        wait(lambda step=step: training.latest.step > step)
        scope.pulse.began, scope.pulse.rest_until = None, 0.0
        scope.pulse.beat()
        if number % 10 == 0:
            scope.figure.canvas.draw()
        if number in (count // 3, count - 1):
            gc.collect()
            found.append((len(scope.figure.artists), sum(map(len, scope.figure.canvas.callbacks.callbacks.values())),
                          len(gc.get_objects()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    return found


@pytest.mark.parametrize("count", [24, pytest.param(10_000, marks=pytest.mark.slow)])
def test_many_updates_leave_artists_callbacks_and_memory_level(train, press, count):
    early, late = updated(train, press, count)
    assert early[:2] == late[:2]
    assert late[2] - early[2] < 200 + count / 4  # a row for each epoch of eight steps
    assert late[3] - early[3] < 40_000  # kilobytes


def test_a_network_kept_within_an_epoch_claims_no_accuracy(train, press):
    scope = train("J", "j")
    press(scope, "k", "k")
    assert "my-training-epoch-1-step-1-2.npz" in scope.readout.line.text
    saved = storage.load("my-training-epoch-1-step-1.npz")
    assert isinstance(saved.network, Network)
    assert "test_accuracy" not in saved.metadata


def test_what_is_said_of_all_values_and_at_the_ends_of_curves_can_be_asked(train, mouse):
    scope = train("J")
    learning, moment = scope.view.learning, scope.session.training.latest
    histogram, sums = learning.histograms[0], moment.trace.sums[0].astype(float)
    for line in (histogram.note, histogram.ends[0], histogram.title):
        mouse(scope, *middle(line.bounds()))
        assert f"standard deviation (sd) {sums.std():.2f} around a mean of" in scope.readout.line.text
    for chart in (learning.loss, learning.right):
        for line in chart.ends.values():
            mouse(scope, 1, 1)
            mouse(scope, *middle(line.bounds()))
            assert scope.readout.line.text.startswith("epoch 1 loss")
            assert scope.readout.ring.around is not None


def test_bars_near_zero_are_seen_and_headings_stand_in_a_line(train):
    scope = train("J")
    histogram, theme = scope.view.learning.histograms[0], scope.painter.theme
    middle_bar = tuple(histogram.bars.colors[BINS // 2][:3])
    assert middle_bar == rgb(theme.faint)
    assert histogram.title.y == scope.view.learning.tiles.title.y == scope.view.learning.loss.title.y


def test_the_footer_says_what_is_trained_and_how(train, press):
    scope = train("j", size=(1920, 1080), seed=3)
    assert scope.footer.loaded.text.startswith("784-12-10")
    assert scope.footer.loaded.text.endswith("  ·  adam 0.002, cosine, batch 200, seed 3")
    assert scope.headline.which.text == "paused to be my-training.npz"
    press(scope, "e")
    assert "adam" not in scope.footer.loaded.text


def test_without_a_hidden_layer_no_gradient_is_shown_twice(train):
    scope = train("j", hidden=())
    titles = [one.title.text for one in scope.view.learning.histograms if one.title.get_visible()]
    assert len(titles) == 3
    assert len({one.values.tobytes() for one in scope.view.learning.histograms if one.title.get_visible()}) == 3


def test_a_point_on_no_panel_says_nothing(train, mouse):
    scope = train("J")
    mouse(scope, 2, 2)
    assert scope.readout.line.text.startswith("epoch 1 loss")
    assert not inside(scope.view.learning.loss.box, 2, 2)
