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
from neuralscope.network.presets import PRESETS
from neuralscope.visualizer.drawing.theme import color_values, rgb
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.views.train.histogram import BIN_COUNT
from neuralscope.visualizer.widgets.panel import inside
from tests.helpers.trainings import poll, wait, wait_until_idle
from tests.helpers.views import SIZES, cell_centre, check_layout, click_field, figure, middle

SMALL = {"epochs": 3, "hidden": (12,), "augment": "none", "batch_size": 200}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own, with one thread for products, as the program does."""
    monkeypatch.chdir(tmp_path)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield tmp_path


@pytest.fixture
def train(open_window, press):
    """Return a function that opens the train view with options, presses keys, and waits until nothing goes on."""
    def train(*keys, opened=open_window, view="t", until=None, **options):
        dataset = {"dataset": options.pop("dataset")} if "dataset" in options else {}
        size = {name: options.pop(name) for name in ("size", "theme", "dpi") if name in options}
        window = opened(view=view, **size, **dataset)
        for name, value in (SMALL | options).items():
            window.session.training_setup.set(name, value)
        window.refresh()
        for key in keys:
            press(window, key)
            done = until if key == keys[-1] and until else wait_until_idle
            poll(window, lambda done=done: done(window))
        return window

    return train


def test_space_starts_and_at_the_end_all_is_told_and_saved(train, folder, mouse):
    window = train(" ")
    training, view = window.session.training, window.view
    assert training.state.finished
    last = training.state.latest.rows[-1]
    errors = round((1 - last["test_accuracy"]) * 297)
    assert view.headline.verdict.text == (
        f"epoch 3 of 3 step 24 of 8 × 3 {100 * last['test_accuracy']:.2f} % of test digits right, {errors} errors")
    assert view.headline.subject.text == "finished in my-training.npz"
    mouse(window, *middle(view.headline.verdict.bounds()))
    assert window.readout.line.text == (
        f"after 24 of 3 × 8 = 24 steps test digits at the end of epoch 3: {297 - errors} of 297 right = "
        f"{100 * last['test_accuracy']:.2f} % 297 − {297 - errors} = {errors} errors")
    assert sorted(path.name for path in folder.iterdir()) == ["my-training.epochs.npz", "my-training.npz"]
    saved = storage.load("my-training.npz")
    np.testing.assert_array_equal(saved.network.layers[0].weights, training.state.latest.network.layers[0].weights)
    assert window.close() == "trained all 3 epochs; the network is in my-training.npz"


def test_curves_are_those_of_the_reports(train):
    window = train(" ")
    assert window.session.training, window.readout.line.text
    learning, rows = window.view.training_panels, window.session.training.state.latest.rows
    for chart, names in ((learning.loss, ("loss", "test_loss")), (learning.right, ("train_accuracy", "test_accuracy"))):
        left, bottom, width, height = chart.box
        for name in names:
            points = chart.curves[name].points
            np.testing.assert_allclose(points[:, 0], left + width * np.arange(1, 4) / 3)
            heights = chart.axis.heights([row[name] for row in rows])
            np.testing.assert_allclose(points[:, 1], bottom + height * heights)
    assert learning.loss.ends["test_loss"].text == f"test {rows[-1]['test_loss']:.3f}"
    assert learning.right.ends["train_accuracy"].text == f"train {100 * rows[-1]['train_accuracy']:.2f} %"
    losses = window.session.training.state.latest.losses
    np.testing.assert_allclose(learning.loss.batches.points[:, 1], learning.loss.box[1] + learning.loss.box[3]
                               * learning.loss.axis.heights(losses))


def test_figures_beside_the_curves_are_whole_and_say_what_they_are_of(train, press, mouse):
    window = train("J")
    loss, right = window.view.training_panels.loss, window.view.training_panels.right
    observation = window.session.training.state.latest
    row = observation.rows[0] | {"loss": 0.00004, "train_accuracy": 1.0, "test_accuracy": 0.9}
    for chart in (loss, right):
        chart.show(replace(observation, rows=(row,)), True)
    assert loss.ends["loss"].text == "train 4e−5"
    assert right.ends["train_accuracy"].text == "train 100.00 %"
    left, _, width, _ = right.ends["train_accuracy"].bounds()
    assert left + width <= right.note.x
    said = "".join((" " if run.gap else "") + run.text for run in loss.describe(window.session, 0, 0)[0])
    assert "right 100.00 % as it learned, 90.00 % on test gap 100.00 − 90.00 = 10.00" in said
    assert [loss.tick(value) for value in (1000.0, 1e-6)] == ["1,000", "1e−6"]
    window = train("j")
    observation = window.session.training.state.latest
    zeros = {name: array * (name[0] == "W") for name, array in observation.network.parameters.items()}
    tiles = window.view.training_panels.weight_grid
    tiles.show(window.session, replace(observation, network=observation.network.with_parameters(zeros)), 0)
    assert tiles.legend.caption.text.endswith("below, all 0")


def test_y_changes_the_axis_and_equal_steps_are_as_high(train, press):
    window = train(" ")
    chart = window.view.training_panels.loss
    assert chart.axis.low > 0
    press(window, "y")
    assert chart.axis.low == 0
    np.testing.assert_allclose(chart.axis.heights([0, chart.axis.high / 2, chart.axis.high]), [0, 0.5, 1])
    assert window.view.training_panels.right.axis.high == 1
    press(window, "y")
    assert chart.axis.low > 0


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_histograms_count_what_numpy_counts(train, activation):
    window = train("j", "j", activation=activation)
    observation = window.session.training.state.latest
    arrays = (
        observation.trace.sums[0],
        observation.trace.activations[0],
        observation.gradients["W1"],
        observation.gradients["W2"],
    )
    for histogram, values in zip(window.view.training_panels.histograms, arrays, strict=True):
        low, high = histogram.edges[[0, -1]]
        wanted, _ = np.histogram(values.astype(float), BIN_COUNT, (low, high))
        assert np.abs(histogram.counts - wanted).sum() <= values.size / 1000  # float32 puts some on the other side
        assert histogram.counts.sum() == values.size
        assert low <= values.min()
        assert values.max() <= high
        assert histogram.zeros == (values == 0).sum()
        if histogram.signed:
            assert low == -high
            zero = (histogram.edges[BIN_COUNT // 2] + histogram.edges[BIN_COUNT // 2 + 1]) / 2
            assert zero == pytest.approx(0, abs=1e-9 * high)
        shown = histogram.counts - np.histogram([0] * histogram.zeros, BIN_COUNT, (low, high))[0]  # zeros have no bar
        np.testing.assert_allclose(histogram.bars.bounds[:, 3], shown / shown.max() * histogram.box[3], rtol=1e-6)
    assert window.view.training_panels.histograms[1].signed == (activation == "tanh")


def test_tiles_are_the_weights_in_signed_colours_and_bars_the_biases(train, press, mouse):
    window = train("J", hidden=(60,))
    tiles, layer = window.view.training_panels.weight_grid, window.session.training.state.latest.network.layers[0]
    top = figure(tiles.legend.key.top.text)
    page = tiles.columns * tiles.lines
    for place in (0, page - 1):
        wanted = color_values(window.surface.theme.signed, layer.weights[:, place].reshape(28, 28), top, signed=True)
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
    mouse(window, *middle(tiles.legend.key.bar.bounds()))
    assert f"0 in the middle, up to ±{tiles.legend.key.top.text[1:]}" in window.readout.line.text
    mouse(window, *middle(tiles.legend.caption.bounds()))
    assert f"the largest bias is ±{np.abs(layer.biases).max():.4f}" in window.readout.line.text
    np.testing.assert_allclose(reach, np.abs(layer.biases[:page]) / np.abs(layer.biases).max() * tiles.tile[0] / 2,
                               rtol=1e-5)
    assert tiles.pager.where.text == f"1 to {page} of 60"
    left, bottom, width, height = tiles.pager.words[1].bounds()
    mouse(window, left + width / 2, bottom + height / 2, click=True)
    assert tiles.first == min(tiles.lines, 60 // tiles.columns - tiles.lines)
    press(window, "g", "5", "9", "enter")
    assert window.session.neuron == 59
    place = 59 - tiles.first * tiles.columns
    np.testing.assert_array_equal(tiles.pictures[place].cells, color_values(
        window.surface.theme.signed, layer.weights[:, 59].reshape(28, 28), top, signed=True))
    mouse(window, *middle(tiles.bounds(2)), click=True)
    assert window.session.neuron == 2 + tiles.first * tiles.columns


def test_the_digit_shown_is_judged_by_the_network_as_it_is_now(train, press, mouse):
    window = train("j")
    judged, session = window.view.training_panels.live_prediction, window.session
    for keys in (["enter"], ["j"], ["f"]):
        press(window, *keys)
        poll(window, lambda: wait_until_idle(window))
        trace = session.training.state.latest.network.forward(session.image)
        answer = int(trace.predictions[0])
        assert judged.verdict.text.startswith(f"reads {answer} ")
        sure = f"{100 * trace.outputs[0, answer]:.1f} %"
        assert sure in [run.text for run in judged.verdict.wordings[0]]
        assert ("✓ right" in judged.verdict.text) == (answer == session.truth)
        for place in (judged.picture.bounds(), judged.verdict.bounds()):
            mouse(window, 1, 1)
            mouse(window, *middle(place))
            assert window.readout.line.text.startswith(f"output {answer} by the network as it is now")
        np.testing.assert_allclose(judged.bars.bounds[1:, 3], judged.high * trace.outputs[0], rtol=1e-6)


def test_a_step_within_an_epoch_is_told_in_headline_and_readout(train, press, mouse):
    window = train("J", "j")
    assert window.view.headline.verdict.text.startswith("epoch 1 of 3 step 9 of 8 × 3 ")
    mouse(window, 2, 2)
    loss = window.session.training.state.latest.losses[-1]
    assert window.readout.line.text == f"step 9 loss of its images before it {loss:.4f}"
    press(window, "J")
    poll(window, lambda: wait_until_idle(window))
    assert window.readout.line.text.startswith("epoch 2 loss")


def test_dead_neurons_steps_and_derivatives_are_told(train, press, mouse):
    window = train("j", hidden=(40,), learning_rate=0.5, optimizer="adam")
    training, vitals = window.session.training, window.view.training_panels.diagnostics
    press(window, "j")
    poll(window, lambda: wait_until_idle(window))
    values = training.state.latest.trace.activations[0]
    dead = int((values.max(axis=0) == values.min(axis=0)).sum())
    assert dead > 0
    assert vitals.values[0].text.startswith(f"{dead} of 40")
    step, weights = training.state.latest.update_norms[0]
    assert float(vitals.values[1].text.replace("−", "-")) == pytest.approx(step / weights, rel=0.05)
    assert vitals.heads[0].text == "silent for 256 digits"
    assert vitals.values[2].text.startswith("✓ ")
    assert vitals.values[2].text.endswith(", step 2")
    mouse(window, *middle(vitals.bounds(2)), click=True)
    poll(window, lambda: training.state.latest.checked_step == 2)
    assert "derivatives beside differences" in window.readout.line.text
    mouse(window, *middle(vitals.bounds(1)))
    shown = window.readout.line.text.replace("−", "-")
    found = [float(number) for number in re.findall(r"([\d.e-]+) / ([\d.e-]+) = ([\d.e-]+)", shown)[0]]
    assert found == pytest.approx([step, weights, step / weights], rel=0.05)


def test_a_neuron_that_always_fires_alike_is_silent_too_and_a_bad_check_is_said(train):
    window = train("j", activation="sigmoid")
    training, vitals = window.session.training, window.view.training_panels.diagnostics
    observation = training.state.latest
    assert vitals.values[0].text.startswith("0 of 12")
    assert vitals.values[2].text.startswith("✓")
    for error, mark in ((1e-6, "✓"), (1e-4, "✗")):
        activations = observation.trace.activations[0].copy()
        activations[:, 3] = 1
        trace = replace(observation.trace, activations=(activations, *observation.trace.activations[1:]))
        check = replace(observation.check, error=error)
        vitals.show(window.session, replace(observation, trace=trace, check=check), 0)
        assert vitals.values[0].text.startswith("1 of 12")
        assert vitals.values[2].text.startswith(mark)


def test_the_rate_of_now_is_what_the_schedule_makes_of_it_within_an_epoch_too(train, press):
    window = train("j", "j", "j", "j", "j", learning_rate=1.0, epochs=1)
    note = window.view.controls.notes[0].text
    assert note.startswith("cosine: now ")
    assert float(note.split()[-1]) == pytest.approx(SCHEDULES["cosine"](5 / 8), abs=0.005)


def test_frames_take_a_tenth_of_the_time_at_most(train, monkeypatch):
    training_sync = train().training_sync
    now = [100.0]
    monkeypatch.setattr("neuralscope.visualizer.app.training_sync.time.perf_counter", lambda: now[0])
    training_sync.frame_started, now[0] = 100.0, 100.5
    training_sync.on_drawn()
    assert training_sync.rest_until == pytest.approx(105.0)


def test_buttons_do_what_keys_do(train, mouse):
    window = train()
    session = window.session
    spots = [middle(ground.bounds) for ground in window.view.buttons.grounds]
    mouse(window, *spots[1], click=True)
    poll(window, lambda: wait_until_idle(window))
    assert session.training.state.latest.step == 1
    mouse(window, *spots[2], click=True)
    poll(window, lambda: wait_until_idle(window))
    assert session.training.state.latest.step == 8
    mouse(window, *spots[4], click=True)
    kept = "my-training-epoch-1.npz"
    assert window.readout.line.text == f"kept as {kept}; to look at it: --weights {kept}"
    assert storage.load("my-training-epoch-1.npz").metadata["epochs_run"] == 1
    mouse(window, *spots[3], click=True)
    assert session.training is None
    assert session.training_setup.values["seed"] == 1
    assert window.view.buttons.words[0].text == "▶ Start"


def test_a_reset_keeps_what_was_learned_and_says_where(train, press, folder):
    window = train("j", "j")
    assert not any(path.stat().st_size for path in folder.iterdir() if path.name[0] != ".")
    press(window, "r")
    assert window.session.training is None
    poll(window, lambda: wait_until_idle(window))
    assert window.readout.line.text.startswith("stopped in epoch 1 of 3; what was learned is in my-training.checkpoint."
                                              "npz; its card continues it")
    assert storage.load("my-training.checkpoint.npz").state["position"] == 400
    _, _, _, choose = window.view.preset_cards.cards[-1]
    choose()
    assert window.session.training_setup.resume.name == "my-training.checkpoint.npz"


def test_what_is_begun_right_after_a_reset_waits_until_the_files_are_free(train, press, folder, monkeypatch):
    window = train("j")
    close, closing = type(window.session.training).close, threading.Event()
    monkeypatch.setattr(type(window.session.training), "close", lambda training: closing.wait(10) and close(training))
    first = window.session.training
    press(window, "r", "j")
    launch = window.session.training_setup.launcher
    assert launch.thread.is_alive()
    closing.set()
    poll(window, lambda: wait_until_idle(window) and window.session.training)
    assert window.session.training is not first
    assert window.session.training.state.steps == 1
    assert (folder / "my-training.checkpoint.npz").exists()


def test_after_a_reset_the_past_is_the_files_again(train, press):
    window = train("J")
    session = window.session
    assert session.training_history.snapshots.epoch_count == 3
    session.snapshot_choice.look_for_snapshots = lambda: (None, InputError("none beside the file"))
    press(window, "r")
    poll(window, lambda: wait_until_idle(window))
    press(window, "p")
    assert session.snapshots is None
    assert session.snapshot_choice.no_snapshots_reason.problem == "none beside the file"
    press(window, "t", "J")
    poll(window, lambda: wait_until_idle(window))
    assert session.training_history.snapshots is session.training.state.snapshots


def test_enter_on_a_button_presses_it(train, press):
    window = train()
    press(window, "tab", "right", "enter")
    poll(window, lambda: wait_until_idle(window))
    assert window.session.training.state.latest.step == 1


def test_space_pauses_and_goes_on(train, press):
    window = train(" ", epochs=1000, until=lambda window: window.session.training)
    training = window.session.training
    poll(window, lambda: training.state.latest.step > 2)
    assert training.state.running
    assert window.view.buttons.words[0].text == "❚❚ Pause"
    press(window, " ")
    poll(window, lambda: wait_until_idle(window))
    assert not training.state.running
    assert window.view.headline.subject.text.startswith("paused ")
    assert window.view.buttons.words[0].text == "▶ Continue"
    steps = training.state.steps
    assert training.state.latest.step == steps
    press(window, " ")
    poll(window, lambda: training.state.steps > steps)


def test_a_wrong_value_is_said_at_its_field_and_nothing_starts(train, press, mouse):
    window = train()
    fields, setup = window.view.fields, window.session.training_setup
    click_field(window, mouse, fields, "batch size")
    assert window.readout.line.text.startswith("batch size: _")
    press(window, "-", "5", "enter")
    assert list(setup.invalid_options) == ["batch_size"]
    row = [field.name for field in fields.fields].index("batch size")
    assert fields.notes[row].text.startswith("✗ choose a whole number of")
    assert [note.text.startswith("✗") for note in fields.notes].count(True) == 1
    press(window, " ")
    assert window.session.training is window.session.training_setup.launcher is None
    assert window.readout.line.text == "batch size: choose a whole number of at least 0"
    click_field(window, mouse, fields, "batch size", 2)
    press(window, " ")
    poll(window, lambda: wait_until_idle(window))
    assert window.session.training.state.finished


@pytest.mark.parametrize("size", [(900, 600), (1400, 800)], ids=str)
@pytest.mark.parametrize("options", [
    {"weight_decay": 5.0, "learning_rate": 0.5}, {"label_smoothing": 0.1, "loss": "squared-error"},
    {"dropout": 0.5, "hidden": ()}], ids=str)
def test_a_refusal_can_be_read_whole_in_the_windows_words(train, press, mouse, size, options):
    window = train(size=size, **options)
    fields = window.view.fields
    field = next(field for field in fields.fields if field.refusal())
    assert "--" not in field.refusal()
    mouse(window, *middle(fields.bounds(fields.fields.index(field), 1)))
    assert window.readout.line.text.startswith(field.refusal())
    shown = " ".join(line.text for line in window.view.preset_cards.lines).strip()
    assert shown == f"{field.name}: {field.refusal()}"
    width = window.view.preset_cards.width
    assert all(line.bounds()[2] <= width for line in window.view.preset_cards.lines)


def test_a_wrong_value_that_only_the_data_tells_is_said_at_its_field_too(train):
    window = train(" ", batch_size=2000)
    assert window.session.training is None
    row = [field.option for field in window.view.fields.fields].index("batch_size")
    assert window.view.fields.notes[row].text.startswith("✗ there are 1,500 train")


def test_options_are_chosen_by_mouse_and_keys(train, press, mouse):
    window = train()
    setup, fields = window.session.training_setup, window.view.fields
    click_field(window, mouse, fields, "activation")
    assert setup.values["activation"] == "leaky-relu"
    click_field(window, mouse, fields, "activation", 0)
    assert setup.values["activation"] == "relu"
    click_field(window, mouse, fields, "hidden", 1)
    press(window, *"30 20", "enter")
    assert setup.values["hidden"] == (30, 20)
    press(window, "tab", "tab", "down", "right", "enter")
    assert setup.values["hidden"] == (16,) or setup.values["hidden"] != (30, 20)
    cards = window.view.preset_cards
    mouse(window, *middle(cards.bounds(list(PRESETS).index("classical"))), click=True)
    assert setup.options().batch_size == 0
    assert "784-100-10: 79,510 weights and biases" in [line.text for line in cards.lines]
    assert fields.values[[field.option for field in fields.fields].index("batch_size")].text == "all"


@pytest.mark.parametrize("theme", ["dark", pytest.param("light", marks=pytest.mark.slow)])
@pytest.mark.parametrize("size", [(900, 600), (945, 540), (800, 1000), (1400, 800), (1920, 1080)])
def test_every_preset_and_what_can_be_continued_has_a_card_that_can_be_read_whole(train, press, mouse, size, theme):
    window = train("j")
    window.close()
    window = train(size=size, theme=theme)
    cards, setup = window.view.preset_cards, window.session.training_setup
    assert [title.text for title in cards.titles] == [
        *(preset.title for preset in PRESETS.values()), "continue my-training.checkpoint.npz"]
    check_layout(window, size)
    for index, (name, preset) in enumerate(PRESETS.items()):
        mouse(window, *middle(cards.bounds(index)), click=True)
        assert setup.is_preset(name)
        assert (cards.titles[index].text, cards.words[index].text) == (preset.title, preset.description)
        check_layout(window, size)
    for facts in (["one"] * 3, ["one"] * 4):  # the last: where many windows share a training
        cards.show(cards.cards, [(words,) for words in facts])
        check_layout(window, size)
        lines = [line.bounds() for line in cards.lines if line.text]
        assert len(lines) == len(facts)
        frames = [*(ground.bounds for ground in window.view.buttons.grounds), window.readout.ground.bounds]
        assert not any(inside(frame, *middle(line)) for frame in frames for line in lines)


@pytest.mark.parametrize(("name", "typed", "value"), [
    ("hidden", "none", ()), ("batch size", "all", 0), ("learning rate", "1e+0", 1.0), ("learning rate", "1e-3", 0.001)])
def test_what_a_field_shows_can_be_typed_and_a_click_elsewhere_takes_it(train, press, mouse, name, typed, value):
    window = train()
    setup, fields = window.session.training_setup, window.view.fields
    click_field(window, mouse, fields, name)
    press(window, *typed)
    click_field(window, mouse, fields, "epochs", 2)
    assert window.prompt is None
    assert (setup.values[name.replace(" ", "_")], setup.values["epochs"]) == (value, 5)


def test_a_button_is_pressed_while_something_is_typed_and_a_preset_forgets_a_bad_seed(train, press, mouse):
    window = train()
    setup, fields = window.session.training_setup, window.view.fields
    click_field(window, mouse, fields, "seed")
    press(window, "-", "3")
    mouse(window, *middle(window.view.preset_cards.bounds(1)), click=True)
    assert setup.values["seed"] == 0
    click_field(window, mouse, fields, "seed")
    press(window, "7")
    mouse(window, *middle(window.view.preset_cards.bounds(0)), click=True)
    assert setup.values["seed"] == 7
    setup.set("hidden", (5,))
    click_field(window, mouse, fields, "epochs")
    press(window, "2")
    mouse(window, *middle(window.view.buttons.grounds[1].bounds), click=True)
    poll(window, lambda: wait_until_idle(window))
    assert (window.session.training.state.latest.step, window.session.training.state.latest.epochs) == (1, 2)


def test_the_classical_setup_runs(train, press, mouse):
    window = train()
    mouse(window, *middle(window.view.preset_cards.bounds(list(PRESETS).index("classical"))), click=True)
    press(window, "J")
    poll(window, lambda: wait_until_idle(window))
    observation = window.session.training.state.latest
    assert (observation.network.architecture, observation.step, observation.epoch) == (
        "784-100-10 sigmoid, sigmoid head",
        1,
        1,
    )


def test_learning_rate_and_speed_change_while_it_runs(train, press, mouse):
    window = train("j", epochs=1000)
    training, controls = window.session.training, window.view.controls
    press(window, "-", "-")
    assert training.state.pace == 50
    assert "speed: 50, steps a second" in window.readout.line.text
    press(window, "+", "+", "+")
    assert training.state.pace is None
    press(window, " ")
    click_field(window, mouse, controls, "learning rate", 0)
    assert training.state.learning_rate == 0.001
    click_field(window, mouse, controls, "learning rate")
    press(window, *"0.5", "enter")
    assert training.state.learning_rate == 0.5
    click_field(window, mouse, controls, "learning rate")
    press(window, *"0", "enter")
    assert training.state.learning_rate == 0.5
    assert controls.notes[0].text.startswith("✗ 0: choose a number above 0")
    assert training.state.running
    press(window, "r", "j")
    poll(window, lambda: wait_until_idle(window))
    assert not controls.fields[0].refusal()


def test_a_rate_is_refused_by_the_rules_of_the_start_and_the_card_says_the_last_one(train, press, mouse):
    window = train("j", weight_decay=0.5)
    training, controls = window.session.training, window.view.controls
    click_field(window, mouse, controls, "learning rate")
    press(window, *"3", "enter")
    assert training.state.learning_rate == 0.002
    assert controls.fields[0].refusal().startswith("3: weight decay times")
    click_field(window, mouse, controls, "learning rate")
    press(window, *"0.5", "enter", "j")
    poll(window, lambda: wait_until_idle(window))
    assert not controls.fields[0].refusal()
    press(window, "k")
    assert storage.load("my-training-epoch-0-step-2.npz").metadata["learning_rates"] == [[2, 0.5]]
    window.close()
    assert any("learning rate 0.5" in line.text for line in train().view.preset_cards.words)


def test_data_that_cannot_be_had_is_said(train, press, embedded):
    def read():
        raise InputError("the training part is missing; get it with --data-dir")

    window = train(" ", dataset=replace(embedded, read_train=read))
    assert window.session.training is None
    assert window.readout.line.text == "the training part is missing; get it with --data-dir"
    assert window.readout.line.text in [line.text for line in window.view.preset_cards.lines]
    assert window.view.headline.subject.text == "not started"


def test_divergence_is_said_and_the_picture_stays(train, press):
    window = train("J", optimizer="momentum", schedule="constant")
    training = window.session.training
    weights = window.view.training_panels.weight_grid.pictures[0].cells.copy()
    training.tell(Command.SET_LEARNING_RATE, 1e35)
    press(window, " ")
    poll(window, lambda: training.state.failure)
    assert window.readout.line.text.startswith("the loss is no longer a number (epoch 2, step ")
    assert window.view.headline.subject.text == "✗ broke off"
    np.testing.assert_array_equal(window.view.training_panels.weight_grid.pictures[0].cells, weights)
    press(window, " ")
    assert "no longer a number" in window.readout.line.text
    press(window, "r")
    poll(window, lambda: wait_until_idle(window))
    assert window.session.training is None
    assert "my-training.checkpoint.npz" in window.readout.line.text


def test_other_views_say_whether_it_learns_or_is_paused(train, press):
    window = train("j", epochs=10**5)
    press(window, "e")
    assert window.view.headline.subject.text.startswith("epoch 0 of 100000, paused")
    window.session.training.tell(Command.SET_PACE, 0.5)
    window.session.training.tell(Command.START)
    poll(window, lambda: window.session.network_label.endswith("learning"))
    assert window.view.headline.subject.text.startswith("epoch 0 of 100000, learning")
    window.session.training.tell(Command.PAUSE)
    poll(window, lambda: window.session.network_label.endswith("paused"))
    assert window.view.headline.subject.text.startswith("epoch 0 of 100000, paused")


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [(12,), (), (9, 7)], ids=str)
@pytest.mark.parametrize("view", [view for view in VIEWS if view.key not in "tp"], ids=lambda view: view.title)
def test_other_views_show_the_network_of_the_last_finished_epoch(train, press, view, hidden):
    window = train("j", hidden=hidden)
    session, training = window.session, window.session.training
    assert session.network_label == "epoch 0 of 3, paused"
    press(window, view.key)
    assert session.base_network.sizes == (784, *hidden, 10)
    training.tell(Command.TAKE_EPOCH)
    poll(window, lambda: session.network_label == "epoch 1 of 3, paused")
    learned = training.state.report.network
    np.testing.assert_array_equal(session.base_network.layers[0].weights, learned.layers[0].weights)
    assert "learned on mnist" not in window.footer.loaded.text
    press(window, "?")
    assert ("learned on", "digits, epoch 1 of 3, paused") in window.overlay.facts
    press(window, "escape")
    assert session.evaluated
    training.tell(Command.START)
    poll(window, lambda: training.state.saved)
    poll(window, lambda: session.network_label == "epoch 3 of 3")
    press(window, "t", "u")
    assert session.base_network is session.model.network
    assert session.network_label == ""
    assert "trained_weights.npz again" in window.readout.line.text
    press(window, "u")
    poll(window, lambda: session.network_label == "epoch 3 of 3")
    press(window, "u")
    press(window, view.key, *view.key * (view.key == "t"))


def test_a_view_that_is_open_is_made_anew_for_another_shape(train, press):
    window = train("j", hidden=(12, 9))
    press(window, "u", "e")
    assert len(window.view.hidden.sheets) == 1
    press(window, "t", "j", "e")
    window.session.training.tell(Command.TAKE_EPOCH)
    poll(window, lambda: window.session.network_label.startswith("epoch 1"))
    assert len(window.view.hidden.sheets) == 2
    press(window, "[")
    assert window.session.layer == 0


def test_layers_are_chosen_as_everywhere(train, press):
    window = train("j", hidden=(12, 9))
    tiles = window.view.training_panels.weight_grid
    assert (tiles.layer, tiles.neurons, tiles.shape) == (0, 12, (28, 28))
    press(window, "]")
    assert (tiles.layer, tiles.neurons, tiles.shape) == (1, 9, (3, 4))


def test_leaving_the_view_leaves_nothing_and_coming_back_shows_all_again(train, press):
    window = train("J")
    press(window, "e")
    before = len(window.figure.artists)
    for _ in range(3):
        press(window, "t")
        assert window.view.training_panels.loss.rows
        press(window, "e")
        assert len(window.figure.artists) == before


def test_every_figure_is_explained_and_mouse_and_cursor_agree(train, press, mouse):
    window = train("J")
    parts = [part for part in window.view.parts() if part.grid(window.session)]
    assert len(parts) >= 10
    for _ in parts:
        press(window, "tab")
        said, ring = window.readout.line.text, window.readout.ring.around
        assert said
        point = cell_centre(window.view.focus.panel, window.session, window.view.focus.cell, ring)
        assert point, type(window.view.focus.panel)
        mouse(window, *point)
        assert (window.readout.line.text, window.readout.ring.around) == (said, ring)
        rows, columns = window.view.focus.panel.grid(window.session)
        press(window, *["right"] * min(columns, 3), *["down"] * min(rows, 3))
        assert window.readout.line.text


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("hidden", [(12,), (), (64, 20), (2048, 5)], ids=str)
def test_nothing_overlaps_in_any_state(train, press, lay_out, size, hidden):
    window = train(opened=lay_out, size=size, hidden=hidden, epochs=2, batch_size=500)
    check_layout(window, size)
    window.session.training_setup.parse_value("batch_size", "-1")
    window.refresh()
    check_layout(window, size)
    window.session.training_setup.set("batch_size", 500)
    for key in ("j", "J", "y", " ", "k", "tab", "f12"):
        press(window, key)
        check_layout(window, size)
        poll(window, lambda: wait_until_idle(window))
        check_layout(window, size)
    press(window, "[", "enter")
    check_layout(window, size)


def test_a_checkpoint_that_is_there_is_offered_and_goes_on(train, press, mouse):
    window = train("j")
    assert "what was learned is in my-training.checkpoint.npz" in window.close()
    window = train()
    place = len(window.view.preset_cards.cards) - 1
    assert window.view.preset_cards.titles[place].text == "continue my-training.checkpoint.npz"
    mouse(window, *middle(window.view.preset_cards.bounds(place)), click=True)
    assert window.view.buttons.words[0].text == "▶ Continue"
    press(window, " ")
    poll(window, lambda: wait_until_idle(window))
    assert window.session.training.state.saved
    assert window.close() == "trained all 3 epochs; the network is in my-training.npz"


def updated(train, press, count):
    """Update the view often, with a frame now and then; return the memory and artists used between."""
    window = train("j", epochs=10**6)
    window.surface.redraw = lambda: None
    training = window.session.training
    found = []
    training.tell(Command.START)
    for number in range(count):
        step = training.state.latest.step
        training.tell(Command.OBSERVE)
        wait(lambda step=step: training.state.latest.step > step)
        window.training_sync.frame_started, window.training_sync.rest_until = None, 0.0
        window.training_sync.poll()
        if number % 10 == 0:
            window.figure.canvas.draw()
        if number in (count // 3, count - 1):
            gc.collect()
            found.append((len(window.figure.artists), sum(map(len, window.figure.canvas.callbacks.callbacks.values())),
                          len(gc.get_objects()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    return found


@pytest.mark.parametrize("count", [24, pytest.param(10_000, marks=pytest.mark.slow)])
def test_many_updates_leave_artists_callbacks_and_memory_level(train, press, count):
    early, late = updated(train, press, count)
    assert early[:2] == late[:2]
    assert late[2] - early[2] < 200 + count / 4  # a row for each epoch of eight steps
    assert late[3] - early[3] < 40_000  # kilobytes


def test_a_network_kept_within_an_epoch_claims_no_accuracy(train, press):
    window = train("J", "j")
    press(window, "k", "k")
    assert "my-training-epoch-1-step-1-2.npz" in window.readout.line.text
    saved = storage.load("my-training-epoch-1-step-1.npz")
    assert isinstance(saved.network, Network)
    assert "test_accuracy" not in saved.metadata


def test_what_is_said_of_all_values_and_at_the_ends_of_curves_can_be_asked(train, mouse):
    window = train("J")
    learning, observation = window.view.training_panels, window.session.training.state.latest
    histogram, sums = learning.histograms[0], observation.trace.sums[0].astype(float)
    for line in (histogram.note, histogram.ends[0], histogram.title):
        mouse(window, *middle(line.bounds()))
        assert f"standard deviation (sd) {sums.std():.2f} around a mean of" in window.readout.line.text
    for chart in (learning.loss, learning.right):
        for line in chart.ends.values():
            mouse(window, 1, 1)
            mouse(window, *middle(line.bounds()))
            assert window.readout.line.text.startswith("epoch 1 loss")
            assert window.readout.ring.around is not None


def test_bars_near_zero_are_seen_and_headings_stand_in_a_line(train):
    window = train("J")
    histogram, theme = window.view.training_panels.histograms[0], window.surface.theme
    middle_bar = tuple(histogram.bars.colors[BIN_COUNT // 2][:3])
    assert middle_bar == rgb(theme.faint)
    assert (
        histogram.title.y == window.view.training_panels.weight_grid.title.y == window.view.training_panels.loss.title.y
    )


def test_the_footer_says_what_is_trained_and_how(train, press):
    window = train("j", size=(1920, 1080), seed=3)
    assert window.footer.loaded.text.startswith("784-12-10")
    assert window.footer.loaded.text.endswith("  ·  adam 0.002, cosine, batch 200, seed 3")
    assert window.headline.subject.text == "paused to be my-training.npz"
    press(window, "e")
    assert "adam" not in window.footer.loaded.text


def test_without_a_hidden_layer_no_gradient_is_shown_twice(train):
    window = train("j", hidden=())
    titles = [one.title.text for one in window.view.training_panels.histograms if one.title.get_visible()]
    assert len(titles) == 3
    assert len({one.values.tobytes() for one in window.view.training_panels.histograms if one.title.get_visible()}) == 3


def test_a_point_on_no_panel_says_nothing(train, mouse):
    window = train("J")
    mouse(window, 2, 2)
    assert window.readout.line.text.startswith("epoch 1 loss")
    assert not inside(window.view.training_panels.loss.box, 2, 2)
