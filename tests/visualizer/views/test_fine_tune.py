"""Learn this one: real keys and clicks teach the network shown, and everything says what came of it."""

import hashlib

import numpy as np
import pytest

from neuralscope.analysis import ablate, fine_tuned
from neuralscope.formatting import percent, thousands
from neuralscope.network import Network, storage
from neuralscope.network.evaluation import evaluate
from neuralscope.visualizer.session import fine_tuning_steps
from neuralscope.visualizer.views import VIEWS
from tests.helpers.networks import model_of
from tests.helpers.views import check_layout, middle


@pytest.fixture
def teaching(open_window, press):
    """Return a function that opens the view, at a misread digit unless told otherwise."""
    def teaching(*keys, **options):
        window = open_window(view="l", **options)
        press(window, *(keys or ("f",)))
        return window
    return teaching


def errors(session, network):
    return evaluate(network, session.digits.images, session.digits.labels)


def same(one, other):
    return all((array == other.parameters[name]).all() for name, array in one.parameters.items())


def test_enter_takes_one_step_and_says_what_it_did_to_all(teaching, press):
    window = teaching()
    session, view = window.session, window.view
    digit, label, before = session.index, session.truth, session.base_network
    wanted = fine_tuned(before, session.image, label, 0.005)
    press(window, "enter")
    assert same(session.base_network, wanted)
    assert (session.index, session.network_label) == (digit, "taught 1 step")
    was, now = errors(session, before), errors(session, wanted)
    assert view.error_change.figures.text == f"{was.errors} → {now.errors}"
    for row in range(10):
        assert view.outputs.before[row].text == percent(was.outputs[digit, row])
        assert view.outputs.after[row].text == percent(now.outputs[digit, row])
        for bar, outputs in ((view.outputs.thin[row], was), (view.outputs.thick[row], now)):
            assert bar.bounds[2] == pytest.approx(view.outputs.length * outputs.outputs[digit, row], abs=1e-3)
    said = f"taught digit {digit} as {label}, learning rate 0.005: {was.errors} → {now.errors} errors"
    assert said in window.readout.line.text
    right, still = was.predictions == was.labels, now.predictions == now.labels
    assert set(view.wrong.all) == set(np.flatnonzero(right & ~still))
    assert set(view.right.all) == set(np.flatnonzero(~right & still))


def test_before_the_first_step_nothing_is_claimed(teaching, mouse):
    window = teaching()
    view = window.view
    assert view.error_change.figures.text == str(window.session.evaluation.errors)
    assert not any(line.text for line in view.outputs.before)
    assert not any(bar.bounds[2] for bar in view.outputs.thin)
    assert view.wrong.empty_line.text == view.right.empty_line.text == "no test digit yet"
    mouse(window, *middle(view.error_change.figures.bounds()))
    assert "nothing is taught yet" in window.readout.line.text


def test_forgetting_adds_up(teaching, press, mouse):
    window = teaching()
    press(window, ".", ".", ".", "enter", "enter")
    effect, view = window.session.fine_tuning.effect(), window.view
    assert len(effect.forgotten) > 5
    mouse(window, *middle(view.error_change.figures.bounds()))
    before, forgotten, learned, after = (
        effect.before.errors, len(effect.forgotten), len(effect.learned), effect.after.errors)
    assert before + forgotten - learned == after
    assert f"{before} + {forgotten} − {learned} = {after}" in window.readout.line.text
    assert view.wrong.count.line.text.startswith(f"✗ {forgotten} forgotten")
    assert view.right.count.line.text.startswith(f"✓ {learned} learned")
    assert "for these 2 steps" in view.error_change.caption.text
    digit = int(view.wrong.all[0])
    was, now = (int(one.predictions[digit]) for one in (effect.before, effect.after))
    assert view.wrong.tiles[0][1].text == f"{was}→{now}"
    mouse(window, *middle(view.wrong.tiles[0][0].bounds()))
    assert f"test digit {digit} ✗ wrong reads {now}" in window.readout.line.text
    mouse(window, *middle(view.wrong.tiles[0][0].bounds()), click=True)
    assert (window.session.index, window.view.title) == (digit, "learn this one")
    mouse(window, *middle(view.wrong.tiles[0][0].bounds()), click=True)
    assert window.view.title == "why"


def test_undo_and_undo_all_bring_back_every_bit(teaching, press):
    window = teaching()
    session = window.session
    files, analysis, networks = session.base_network, session.analysis, []
    for _ in range(3):
        networks.append(session.base_network)
        press(window, "enter")
    assert session.network_label == "taught 3 steps"
    press(window, "z")
    assert session.base_network is networks[2]
    assert session.network_label == "taught 2 steps"
    assert "taken back: digit" in window.readout.line.text
    assert session.evaluation.errors == errors(session, networks[2]).errors
    press(window, "enter", "Z")
    assert (session.base_network, session.analysis, session.network_label) == (files, analysis, "")
    assert "3 steps taken back" in window.readout.line.text
    assert same(session.base_network, session.model.network)
    press(window, "z")
    assert "there is no step to take back" in window.readout.line.text
    press(window, "enter", "backspace")
    assert (session.base_network, session.network_label) == (files, "")
    press(window, "Z")
    assert "there is no step to take back" in window.readout.line.text


def test_steps_too_many_to_keep_can_still_be_taken_back_all_at_once(teaching, press, monkeypatch):
    monkeypatch.setattr(fine_tuning_steps, "MAX_KEPT_BYTES", 1)
    window = teaching()
    files = window.session.base_network
    press(window, *["enter"] * 5, "z")
    assert window.session.network_label == "taught 4 steps"
    press(window, "z")
    assert window.session.network_label == "taught 4 steps"
    assert "all at once: Z" in window.readout.line.text
    assert len(window.session.fine_tuning.steps) == 1
    press(window, "Z")
    assert window.session.base_network is files


def test_a_figure_or_a_click_on_a_bar_gives_the_label(teaching, press, mouse):
    window = teaching()
    session, view = window.session, window.view
    assert view.step_controls.lines[0].text == f"taught as {session.truth} its truth"
    other = (session.truth + 3) % 10
    press(window, str(other))
    assert view.step_controls.lines[0].text == f"taught as {other} the label you give"
    before = session.trace.outputs[0, other]
    press(window, ".", ".", "enter")
    assert session.trace.outputs[0, other] > before
    assert session.fine_tuning.steps[-1].label == other
    mouse(window, view.outputs.box[0] + 30, view.outputs.middle(session.truth), click=True)
    assert view.step_controls.lines[0].text == f"taught as {session.truth} its truth"
    press(window, str(other), " ")  # of the next digit nothing was said
    assert session.fine_tuning.target == session.truth


def test_a_class_asked_about_elsewhere_is_no_label(teaching, press):
    window = teaching("f", "w")
    press(window, "3" if window.session.truth != 3 else "4", "l")
    assert window.session.fine_tuning.target == window.session.truth


def test_of_a_digit_of_ones_own_it_has_to_be_said_what_it_is(teaching, press, mouse, embedded):
    window = teaching("f", "w", "3", "l")
    session, lesson = window.session, window.view.step_controls
    session.open(embedded.test.images[3].reshape(28, 28), "mine.png", ())
    window.refresh()
    assert lesson.lines[0].text == "taught as ? you have not said"
    assert not window.view.outputs.mark.text
    mouse(window, *middle(lesson.lines[0].bounds()))
    assert "you have not said what your own digit is" in window.readout.line.text
    press(window, "enter")
    assert "say first what it is" in window.readout.line.text
    assert (session.network_label, session.fine_tuning.count) == ("", 0)
    press(window, "6", ".", ".", "enter", "enter")
    assert lesson.lines[0].text == "taught as 6 the label you give"
    assert int(session.trace.predictions[0]) == 6
    assert "taught your own digit as 6" in window.readout.line.text
    assert session.is_user_digit
    session.user_digit.toggle_step("grey")  # it looks different: it may be another digit
    press(window, "enter")
    assert "say first what it is" in window.readout.line.text


def test_the_way_back_of_a_label_is_the_step_s(teaching, press):
    window = teaching()
    session = window.session
    label = (session.truth + 3) % 10
    session.backprop  # noqa: B018 with its truth
    press(window, str(label), "b")
    assert f"target {label} the label you give" in window.headline.verdict.text
    gradients, before = session.backprop.gradients, session.base_network
    press(window, "l", "enter")
    for name, array in session.base_network.parameters.items():
        np.testing.assert_allclose(array, before.parameters[name] - 0.005 * gradients[name], atol=1e-5)
    press(window, " ", "b")
    assert f"target {session.truth} its truth" in window.headline.verdict.text


def test_what_was_before_the_steps_answers_without_the_silenced_neurons_too(teaching, press):
    window = teaching("f", "x", "enter")
    session = window.session
    before = ablate(session.model.network, session.ablated).forward(session.image).outputs[0]
    np.testing.assert_array_equal(session.fine_tuning.outputs_before(), before)
    assert (before != session.model.network.forward(session.image).outputs[0]).any()


def test_the_past_puts_the_steps_aside_and_a_key_brings_them_back(teaching, press, mouse):
    window = teaching("f", "enter", "enter", "enter")
    session, network = window.session, window.session.base_network
    outputs = session.trace.outputs
    press(window, "p", "left")
    assert "what you taught is put aside: in l, z brings it back" in window.readout.line.text
    press(window, "left")
    assert "put aside" not in window.readout.line.text
    press(window, "l")
    view, words = window.view, "3 steps are put aside: z brings them back"
    assert words in view.error_change.caption.text
    assert view.step_controls.lines[3].text == "z bring back 3 steps"
    mouse(window, *middle(view.step_controls.lines[3].bounds()))
    assert words in window.readout.line.text
    press(window, "z")
    assert "3 steps brought back" in window.readout.line.text
    assert (session.base_network, session.network_label, session.fine_tuning.count) == (network, "taught 3 steps", 3)
    np.testing.assert_array_equal(session.trace.outputs, outputs)
    press(window, "p", "left", "l", "Z")
    assert session.base_network is network
    press(window, "p", "left", "l", "enter")
    assert "the 3 steps put aside are gone" in window.readout.line.text
    assert session.fine_tuning.count == 1
    press(window, "Z", "z")
    assert "there is no step to take back" in window.readout.line.text


def test_steps_of_a_network_of_another_shape_stay_where_they_are(teaching, press):
    window = teaching("f", "enter")
    session = window.session
    session.show_network(Network.random((784, 7, 10), rng=np.random.default_rng(1)), "epoch 3 of 10")
    assert (session.fine_tuning.set_aside_count, session.fine_tuning.restore_set_aside()) == (0, 0)
    session.show_file_network()
    assert session.fine_tuning.set_aside_count == 1


def test_the_learning_rate_is_set_by_keys_and_by_the_slider(teaching, press, drag):
    window = teaching()
    rate, knob = window.view.rate, window.view.rate.knob
    press(window, ".")
    assert window.session.fine_tuning.rate == 0.01
    assert rate.value_line.text == "0.01"
    press(window, ",", ",")
    assert window.session.fine_tuning.rate == 0.002
    start = middle(knob.bounds)
    drag(window, [start, (start[0] + 2000, start[1])])
    assert window.session.fine_tuning.rate == 1
    press(window, ".")
    assert window.session.fine_tuning.rate == 1
    drag(window, [middle(knob.bounds), (0, start[1])])
    assert window.session.fine_tuning.rate == 0.0001
    assert [f"{rate:g}" for rate in (*fine_tuning_steps.LEARNING_RATES[:4], fine_tuning_steps.LEARNING_RATES[-1])] == [
        "0.0001", "0.0002", "0.0005", "0.001", "1"]


def test_the_words_do_what_they_say(teaching, press, mouse):
    window = teaching()
    lesson, files = window.view.step_controls, window.session.base_network
    for line, stage in ((lesson.lines[2], "taught 1 step"), (lesson.lines[2], "taught 2 steps"),
                        (lesson.lines[3], "taught 1 step"), (lesson.lines[2], "taught 2 steps"), (lesson.all, "")):
        mouse(window, *middle(line.bounds()), click=True)
        assert window.session.network_label == stage
    assert window.session.base_network is files
    press(window, "tab", "tab", "down", "enter")  # the same with the keyboard's cursor
    assert window.session.network_label == "taught 1 step"
    assert "b shows" in lesson.describe(window.session, 1, 0)[0][-1].text


def test_every_view_shows_the_taught_network_and_no_file_is_touched(teaching, press, shipped, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    digest = hashlib.sha256(shipped.path.read_bytes()).digest()
    window = teaching()
    window.run_to_end()
    press(window, ".", ".", "enter")
    session = window.session
    found = session.evaluation.errors
    for view in VIEWS:
        if view.key in "tp":
            continue  # they tell of other networks
        press(window, view.key)
        if view.key != "d":  # opening the pad shows the person's own digit
            assert window.headline.subject.text.startswith("taught 1 step")
        assert f"{100 * (1 - found / len(session.digits)):.2f} % right" in window.footer.loaded.text
    press(window, "m")
    assert window.headline.verdict.text.startswith(f"{thousands(found)} mistakes")
    press(window, "l")
    assert session.fine_tuning.count == 1
    assert hashlib.sha256(shipped.path.read_bytes()).digest() == digest
    assert not list(tmp_path.iterdir())
    assert session.model.network is shipped.network


def test_silenced_neurons_stay_so_and_learn_nothing(teaching, press):
    window = teaching("f", "x")
    session = window.session
    (neuron,) = session.ablated[0]
    whole = session.base_network
    press(window, ".", ".", "enter")
    assert session.is_ablated(0, neuron)
    for name, at in (("W1", np.s_[:, neuron]), ("b1", neuron), ("W2", neuron)):
        np.testing.assert_array_equal(session.base_network.parameters[name][at], whole.parameters[name][at])
    effect = session.fine_tuning.effect()
    assert effect.before.errors == errors(session, ablate(whole, {0: [neuron]})).errors
    assert effect.after.errors == errors(session, ablate(session.base_network, {0: [neuron]})).errors
    press(window, "X")
    effect = session.fine_tuning.effect()
    assert effect.before.errors == errors(session, whole).errors
    assert window.view.error_change.figures.text == f"{effect.before.errors} → {effect.after.errors}"


@pytest.mark.parametrize("rate", [1e20, 1e40])  # the sums are no numbers after it, or the weights themselves
def test_a_step_into_nowhere_is_refused_and_changes_nothing(teaching, press, shipped, monkeypatch, rate):
    window = teaching(" ", model=model_of(shipped, 24, activation="leaky-relu"))
    monkeypatch.setattr(fine_tuning_steps.FineTuning, "rate", rate)
    before = window.session.base_network
    press(window, "enter")
    assert "choose a smaller learning rate" in window.readout.line.text
    assert (window.session.base_network, window.session.network_label) == (before, "")


def test_a_step_that_only_the_digit_shown_cannot_bear_is_refused(teaching, press, embedded, shipped, monkeypatch):
    from dataclasses import replace

    blank = replace(embedded, test=replace(embedded.test, pixels=0 * embedded.test.images))
    window = teaching(" ", model=model_of(shipped), dataset=blank)
    monkeypatch.setattr(fine_tuning_steps.FineTuning, "rate", 3e37)
    window.session.open(embedded.test.images[3].reshape(28, 28), "mine.png", ())
    press(window, str(int(window.session.trace.outputs[0].argmin())), "enter")
    assert "choose a smaller learning rate" in window.readout.line.text
    assert window.session.network_label == ""


def test_another_network_put_in_is_where_the_next_lesson_begins(teaching, press):
    window = teaching()
    session = window.session
    press(window, "enter")
    other = Network.random(session.base_network.sizes, rng=np.random.default_rng(1))
    session.show_network(other, "epoch 3 of 10")
    window.refresh()
    assert session.fine_tuning.count == 0
    assert window.view.error_change.figures.text == str(errors(session, other).errors)
    press(window, "enter")
    assert session.network_label == "epoch 3 of 10, taught 1 step"
    press(window, "Z")
    assert (session.base_network, session.network_label) == (other, "epoch 3 of 10")


@pytest.mark.parametrize(("hidden", "names"), [((), {}), ((24, 9), {"activation": "tanh", "head": "sigmoid"})])
def test_networks_of_other_kinds_learn_too(teaching, press, shipped, hidden, names):
    window = teaching(" ", model=model_of(shipped, *hidden, **names))
    session = window.session
    before = session.trace.outputs[0, session.truth]
    press(window, *"." * 6, *["enter"] * 3)
    assert session.trace.outputs[0, session.truth] > before


def test_the_view_leaves_nothing_behind(open_window, press):
    window, left = open_window(), set()
    for _ in range(3):  # the footer makes its words once
        press(window, "l", "f", "enter", "tab", "escape", "escape")
        assert window.view.title == "explore"
        left.add(len(window.figure.artists))
    assert len(left) == 1


def test_the_taught_network_is_kept_in_a_file_of_its_own(teaching, press, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    window = teaching("k")
    assert "nothing is taught yet" in window.readout.line.text
    assert not list(tmp_path.iterdir())
    press(window, "f", ".", ".", "enter", "enter", "k")
    assert "kept as trained_weights-taught-2.npz" in window.readout.line.text
    session, kept = window.session, storage.load(tmp_path / "trained_weights-taught-2.npz")
    assert same(kept.network, session.base_network)
    assert kept.metadata["steps_taught"] == 2
    assert not {"train_accuracy", "test_errors", "test_accuracy"} & set(kept.metadata)  # learned on other digits
    before = kept.path.read_bytes()
    press(window, "enter", "z", "k")
    assert "kept as trained_weights-taught-2-2.npz" in window.readout.line.text
    assert (kept.path.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 2)
    tmp_path.joinpath("trained_weights-taught-3.npz").symlink_to("/nowhere/at/all")
    press(window, "enter", "k")
    assert "trained_weights-taught-3-2.npz" in window.readout.line.text


def test_what_is_kept_says_how_many_it_misreads_now(teaching, press, shipped, embedded, monkeypatch, tmp_path):
    from dataclasses import replace

    monkeypatch.chdir(tmp_path)
    about = shipped.metadata | {"dataset": embedded.name, "train_accuracy": 0.99, "test_errors": 1}
    window = teaching("f", ".", ".", "x", "enter", "k", model=replace(shipped, metadata=about))
    found, kept = errors(window.session, window.session.base_network), storage.load(
        tmp_path / "trained_weights-taught-1.npz"
    )
    assert kept.metadata["test_errors"] == found.errors != window.session.evaluation.errors
    assert kept.metadata["test_count"] == found.count
    assert kept.metadata["test_accuracy"] == pytest.approx(1 - found.errors / found.count)
    assert "train_accuracy" not in kept.metadata


def test_where_it_cannot_be_kept_that_is_said(teaching, press, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    window = teaching("f", "enter")
    monkeypatch.setattr("neuralscope.visualizer.live.save_network.reserve_output",
                        lambda path: tmp_path / "gone" / path)
    press(window, "k")
    assert window.readout.line.text.startswith("not kept:")


def test_every_count_can_be_asked(teaching, press, mouse):
    window = teaching("f", ".", ".", "enter", "enter")
    view, effect = window.view, window.session.fine_tuning.effect()
    for gallery, what, found in ((view.wrong, "forgotten", effect.forgotten), (view.right, "learned", effect.learned)):
        mouse(window, *middle(gallery.count.line.bounds()))
        assert window.readout.line.text.startswith(f"{len(found)} {what} of {effect.after.count} test digits")
        turns = [(int(effect.before.predictions[one]), int(effect.after.predictions[one])) for one in found]
        most = max(map(turns.count, turns))
        was, now = next(turn for turn in turns if turns.count(turn) == most)
        assert f"most often {was}→{now} {most} of them" in window.readout.line.text
    mouse(window, *middle(view.headline.subject.bounds()))
    assert window.readout.line.text.startswith("taught 2 steps the last: digit")
    press(window, "Z")
    mouse(window, *middle(view.headline.subject.bounds()))
    assert "taught" not in window.readout.line.text
    mouse(window, *middle(view.wrong.count.line.bounds()))
    assert window.readout.line.text == "0 forgotten of 297 test digits nothing is taught yet"


def test_a_step_far_too_large_is_called_so(teaching, press):
    window = teaching("f", *"." * 9)
    assert window.session.fine_tuning.rate == 1
    for _ in range(2):
        press(window, "enter")
        assert "far too large a step: z takes it back, then , makes it smaller" in window.readout.line.text
    press(window, "Z", *"," * 6, "enter")
    assert "taught digit" in window.readout.line.text
    assert "far too large" not in window.readout.line.text


def test_the_headline_keeps_its_digit_beside_a_long_stage(teaching, press):
    window = teaching("f")
    window.session.show_network(window.session.base_network.astype(np.float32), "epoch 10 of 12")
    press(window, "enter", "enter")
    assert window.headline.subject.text == f"epoch 10 of 12, taught 2 steps test digit {window.session.index} of 297"
    assert "the truth is" in window.headline.verdict.text


def test_the_headings_say_what_they_mean_beside_the_pages(teaching, press):
    window = teaching("f", ".", ".", ".", "enter", "enter")
    view = window.view
    assert len(view.wrong.all) > view.wrong.visible_count
    assert view.wrong.pager.where.text
    assert "forgotten right before" in view.wrong.count.line.text


def test_an_upright_window_is_filled_with_digits(teaching):
    window = teaching("f", ".", ".", ".", "enter", "enter", size=(1000, 1400))
    gallery = window.view.wrong
    assert gallery.visible_count > gallery.MIN_PICTURES
    left, _, width, _ = gallery.tiles[gallery.columns - 1][0].bounds()
    assert left + width == pytest.approx(0.971 * 1000, abs=2)


def test_the_footer_names_both_keys_of_the_rate(teaching):
    assert ", . rate" in [word.text for word in teaching().footer.words]


@pytest.mark.parametrize("size", [(900, 600), (1200, 700), (1000, 1400)])
def test_all_that_is_said_stands_free(teaching, press, embedded, size):
    window = teaching("f", *"." * 9, *["enter"] * 12, size=size)  # nearly all are forgotten
    window.surface.redraw = lambda: None
    check_layout(window, size)
    press(window, "p", "left", "l")
    assert window.session.fine_tuning.set_aside_count == 12
    check_layout(window, size)
    press(window, "enter", "b")
    assert window.session.network_label.startswith("epoch ")
    check_layout(window, size)
    window.session.open(embedded.test.images[3].reshape(28, 28), "a-picture-with-quite-a-long-name.png", ())
    press(window, "l")
    check_layout(window, size)
