"""Learn this one: real keys and clicks teach the network shown, and everything says what came of it."""

import hashlib

import numpy as np
import pytest

from neuralscope.formatting import percent, thousands
from neuralscope.network import Network, silence, storage, taught
from neuralscope.network.evaluation import evaluate
from neuralscope.visualizer.session import fine_tuning_steps
from neuralscope.visualizer.views import VIEWS
from tests.visualizer.views.test_explore import model_of
from tests.visualizer.views.test_overlaps import check
from tests.visualizer.views.test_why import middle


@pytest.fixture
def teaching(open_scope, press):
    """Return a function that opens the view, at a misread digit unless told otherwise."""
    def teaching(*keys, **options):
        scope = open_scope(view="l", **options)
        press(scope, *(keys or ("f",)))
        return scope
    return teaching


def errors(session, network):
    return evaluate(network, session.digits.images, session.digits.labels)


def same(one, other):
    return all((array == other.parameters[name]).all() for name, array in one.parameters.items())


def test_enter_takes_one_step_and_says_what_it_did_to_all(teaching, press):
    scope = teaching()
    session, view = scope.session, scope.view
    digit, label, before = session.index, session.truth, session.whole
    wanted = taught(before, session.image, label, 0.005)
    press(scope, "enter")
    assert same(session.whole, wanted)
    assert (session.index, session.stage) == (digit, "taught 1 step")
    was, now = errors(session, before), errors(session, wanted)
    assert view.forgetting.figures.text == f"{was.errors} → {now.errors}"
    for row in range(10):
        assert view.outputs.before[row].text == percent(was.outputs[digit, row])
        assert view.outputs.after[row].text == percent(now.outputs[digit, row])
        for bar, outputs in ((view.outputs.thin[row], was), (view.outputs.thick[row], now)):
            assert bar.bounds[2] == pytest.approx(view.outputs.length * outputs.outputs[digit, row], abs=1e-3)
    said = f"taught digit {digit} as {label}, learning rate 0.005: {was.errors} → {now.errors} errors"
    assert said in scope.readout.line.text
    right, still = was.predictions == was.labels, now.predictions == now.labels
    assert set(view.wrong.all) == set(np.flatnonzero(right & ~still))
    assert set(view.right.all) == set(np.flatnonzero(~right & still))


def test_before_the_first_step_nothing_is_claimed(teaching, mouse):
    scope = teaching()
    view = scope.view
    assert view.forgetting.figures.text == str(scope.session.evaluation.errors)
    assert not any(line.text for line in view.outputs.before)
    assert not any(bar.bounds[2] for bar in view.outputs.thin)
    assert view.wrong.none.text == view.right.none.text == "no test digit yet"
    mouse(scope, *middle(view.forgetting.figures.bounds()))
    assert "nothing is taught yet" in scope.readout.line.text


def test_forgetting_adds_up(teaching, press, mouse):
    scope = teaching()
    press(scope, ".", ".", ".", "enter", "enter")
    effect, view = scope.session.lessons.effect(), scope.view
    assert len(effect.forgotten) > 5
    mouse(scope, *middle(view.forgetting.figures.bounds()))
    before, forgotten, learned, after = (
        effect.before.errors, len(effect.forgotten), len(effect.learned), effect.after.errors)
    assert before + forgotten - learned == after
    assert f"{before} + {forgotten} − {learned} = {after}" in scope.readout.line.text
    assert view.wrong.count.line.text.startswith(f"✗ {forgotten} forgotten")
    assert view.right.count.line.text.startswith(f"✓ {learned} learned")
    assert "for these 2 steps" in view.forgetting.of.text
    digit = int(view.wrong.all[0])
    was, now = (int(one.predictions[digit]) for one in (effect.before, effect.after))
    assert view.wrong.tiles[0][1].text == f"{was}→{now}"
    mouse(scope, *middle(view.wrong.tiles[0][0].bounds()))
    assert f"test digit {digit} ✗ wrong reads {now}" in scope.readout.line.text
    mouse(scope, *middle(view.wrong.tiles[0][0].bounds()), click=True)
    assert (scope.session.index, scope.view.title) == (digit, "learn this one")
    mouse(scope, *middle(view.wrong.tiles[0][0].bounds()), click=True)
    assert scope.view.title == "why"


def test_undo_and_undo_all_bring_back_every_bit(teaching, press):
    scope = teaching()
    session = scope.session
    files, study, networks = session.whole, session.study, []
    for _ in range(3):
        networks.append(session.whole)
        press(scope, "enter")
    assert session.stage == "taught 3 steps"
    press(scope, "z")
    assert session.whole is networks[2]
    assert session.stage == "taught 2 steps"
    assert "taken back: digit" in scope.readout.line.text
    assert session.evaluation.errors == errors(session, networks[2]).errors
    press(scope, "enter", "Z")
    assert (session.whole, session.study, session.stage) == (files, study, "")
    assert "3 steps taken back" in scope.readout.line.text
    assert same(session.whole, session.model.network)
    press(scope, "z")
    assert "there is no step to take back" in scope.readout.line.text
    press(scope, "enter", "backspace")
    assert (session.whole, session.stage) == (files, "")
    press(scope, "Z")
    assert "there is no step to take back" in scope.readout.line.text


def test_steps_too_many_to_keep_can_still_be_taken_back_all_at_once(teaching, press, monkeypatch):
    monkeypatch.setattr(fine_tuning_steps, "KEPT", 1)
    scope = teaching()
    files = scope.session.whole
    press(scope, *["enter"] * 5, "z")
    assert scope.session.stage == "taught 4 steps"
    press(scope, "z")
    assert scope.session.stage == "taught 4 steps"
    assert "all at once: Z" in scope.readout.line.text
    assert len(scope.session.lessons.steps) == 1
    press(scope, "Z")
    assert scope.session.whole is files


def test_a_figure_or_a_click_on_a_bar_gives_the_label(teaching, press, mouse):
    scope = teaching()
    session, view = scope.session, scope.view
    assert view.lesson.lines[0].text == f"taught as {session.truth} its truth"
    other = (session.truth + 3) % 10
    press(scope, str(other))
    assert view.lesson.lines[0].text == f"taught as {other} the label you give"
    before = session.trace.outputs[0, other]
    press(scope, ".", ".", "enter")
    assert session.trace.outputs[0, other] > before
    assert session.lessons.steps[-1].label == other
    mouse(scope, view.outputs.box[0] + 30, view.outputs.middle(session.truth), click=True)
    assert view.lesson.lines[0].text == f"taught as {session.truth} its truth"
    press(scope, str(other), " ")  # of the next digit nothing was said
    assert session.lessons.target == session.truth


def test_a_class_asked_about_elsewhere_is_no_label(teaching, press):
    scope = teaching("f", "w")
    press(scope, "3" if scope.session.truth != 3 else "4", "l")
    assert scope.session.lessons.target == scope.session.truth


def test_of_a_digit_of_ones_own_it_has_to_be_said_what_it_is(teaching, press, mouse, embedded):
    scope = teaching("f", "w", "3", "l")
    session, lesson = scope.session, scope.view.lesson
    session.open(embedded.test.images[3].reshape(28, 28), "mine.png", ())
    scope.refresh()
    assert lesson.lines[0].text == "taught as ? you have not said"
    assert not scope.view.outputs.mark.text
    mouse(scope, *middle(lesson.lines[0].bounds()))
    assert "you have not said what your own digit is" in scope.readout.line.text
    press(scope, "enter")
    assert "say first what it is" in scope.readout.line.text
    assert (session.stage, session.lessons.count) == ("", 0)
    press(scope, "6", ".", ".", "enter", "enter")
    assert lesson.lines[0].text == "taught as 6 the label you give"
    assert int(session.trace.predictions[0]) == 6
    assert "taught your own digit as 6" in scope.readout.line.text
    assert session.own
    session.redrawn()  # another stroke: it may be another digit
    press(scope, "enter")
    assert "say first what it is" in scope.readout.line.text


def test_the_way_back_of_a_label_is_the_step_s(teaching, press):
    scope = teaching()
    session = scope.session
    label = (session.truth + 3) % 10
    session.way_back  # noqa: B018 with its truth
    press(scope, str(label), "b")
    assert f"target {label} the label you give" in scope.headline.verdict.text
    gradients, before = session.way_back.gradients, session.whole
    press(scope, "l", "enter")
    for name, array in session.whole.parameters.items():
        np.testing.assert_allclose(array, before.parameters[name] - 0.005 * gradients[name], atol=1e-5)
    press(scope, " ", "b")
    assert f"target {session.truth} its truth" in scope.headline.verdict.text


def test_what_was_before_the_steps_answers_without_the_silenced_neurons_too(teaching, press):
    scope = teaching("f", "x", "enter")
    session = scope.session
    before = silence(session.model.network, session.silenced).forward(session.image).outputs[0]
    np.testing.assert_array_equal(session.lessons.outputs_before(), before)
    assert (before != session.model.network.forward(session.image).outputs[0]).any()


def test_the_past_puts_the_steps_aside_and_a_key_brings_them_back(teaching, press, mouse):
    scope = teaching("f", "enter", "enter", "enter")
    session, network = scope.session, scope.session.whole
    outputs = session.trace.outputs
    press(scope, "p", "left")
    assert "what you taught is put aside: in l, z brings it back" in scope.readout.line.text
    press(scope, "left")
    assert "put aside" not in scope.readout.line.text
    press(scope, "l")
    view, words = scope.view, "3 steps are put aside: z brings them back"
    assert words in view.forgetting.of.text
    assert view.lesson.lines[3].text == "z bring back 3 steps"
    mouse(scope, *middle(view.lesson.lines[3].bounds()))
    assert words in scope.readout.line.text
    press(scope, "z")
    assert "3 steps brought back" in scope.readout.line.text
    assert (session.whole, session.stage, session.lessons.count) == (network, "taught 3 steps", 3)
    np.testing.assert_array_equal(session.trace.outputs, outputs)
    press(scope, "p", "left", "l", "Z")
    assert session.whole is network
    press(scope, "p", "left", "l", "enter")
    assert "the 3 steps put aside are gone" in scope.readout.line.text
    assert session.lessons.count == 1
    press(scope, "Z", "z")
    assert "there is no step to take back" in scope.readout.line.text


def test_steps_of_a_network_of_another_shape_stay_where_they_are(teaching, press):
    scope = teaching("f", "enter")
    session = scope.session
    session.take(Network.random((784, 7, 10), rng=np.random.default_rng(1)), "epoch 3 of 10")
    assert (session.lessons.aside, session.lessons.bring_back()) == (0, 0)
    session.take_files()
    assert session.lessons.aside == 1


def test_the_learning_rate_is_set_by_keys_and_by_the_slider(teaching, press, drag):
    scope = teaching()
    rate, knob = scope.view.rate, scope.view.rate.knob
    press(scope, ".")
    assert scope.session.lessons.rate == 0.01
    assert rate.value_line.text == "0.01"
    press(scope, ",", ",")
    assert scope.session.lessons.rate == 0.002
    start = middle(knob.bounds)
    drag(scope, [start, (start[0] + 2000, start[1])])
    assert scope.session.lessons.rate == 1
    press(scope, ".")
    assert scope.session.lessons.rate == 1
    drag(scope, [middle(knob.bounds), (0, start[1])])
    assert scope.session.lessons.rate == 0.0001
    assert [f"{rate:g}" for rate in (*fine_tuning_steps.RATES[:4], fine_tuning_steps.RATES[-1])] == [
        "0.0001", "0.0002", "0.0005", "0.001", "1"]


def test_the_words_do_what_they_say(teaching, press, mouse):
    scope = teaching()
    lesson, files = scope.view.lesson, scope.session.whole
    for line, stage in ((lesson.lines[2], "taught 1 step"), (lesson.lines[2], "taught 2 steps"),
                        (lesson.lines[3], "taught 1 step"), (lesson.lines[2], "taught 2 steps"), (lesson.all, "")):
        mouse(scope, *middle(line.bounds()), click=True)
        assert scope.session.stage == stage
    assert scope.session.whole is files
    press(scope, "tab", "tab", "down", "enter")  # the same with the keyboard's cursor
    assert scope.session.stage == "taught 1 step"
    assert "b shows" in lesson.account(scope.session, 1, 0)[0][-1].text


def test_every_view_shows_the_taught_network_and_no_file_is_touched(teaching, press, shipped, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    digest = hashlib.sha256(shipped.path.read_bytes()).digest()
    scope = teaching()
    scope.work_through()
    press(scope, ".", ".", "enter")
    session = scope.session
    found = session.evaluation.errors
    for view in VIEWS:
        if view.key in "tp":
            continue  # they tell of other networks
        press(scope, view.key)
        if view.key != "d":  # opening the pad shows the person's own digit
            assert scope.headline.which.text.startswith("taught 1 step")
        assert f"{100 * (1 - found / len(session.digits)):.2f} % right" in scope.footer.loaded.text
    press(scope, "m")
    assert scope.headline.verdict.text.startswith(f"{thousands(found)} mistakes")
    press(scope, "l")
    assert session.lessons.count == 1
    assert hashlib.sha256(shipped.path.read_bytes()).digest() == digest
    assert not list(tmp_path.iterdir())
    assert session.model.network is shipped.network


def test_silenced_neurons_stay_so_and_learn_nothing(teaching, press):
    scope = teaching("f", "x")
    session = scope.session
    (neuron,) = session.silenced[0]
    whole = session.whole
    press(scope, ".", ".", "enter")
    assert session.is_silenced(0, neuron)
    for name, at in (("W1", np.s_[:, neuron]), ("b1", neuron), ("W2", neuron)):
        np.testing.assert_array_equal(session.whole.parameters[name][at], whole.parameters[name][at])
    effect = session.lessons.effect()
    assert effect.before.errors == errors(session, silence(whole, {0: [neuron]})).errors
    assert effect.after.errors == errors(session, silence(session.whole, {0: [neuron]})).errors
    press(scope, "X")
    effect = session.lessons.effect()
    assert effect.before.errors == errors(session, whole).errors
    assert scope.view.forgetting.figures.text == f"{effect.before.errors} → {effect.after.errors}"


@pytest.mark.parametrize("rate", [1e20, 1e40])  # the sums are no numbers after it, or the weights themselves
def test_a_step_into_nowhere_is_refused_and_changes_nothing(teaching, press, shipped, monkeypatch, rate):
    scope = teaching(" ", model=model_of(shipped, 24, activation="leaky-relu"))
    monkeypatch.setattr(fine_tuning_steps.Lessons, "rate", rate)
    before = scope.session.whole
    press(scope, "enter")
    assert "choose a smaller learning rate" in scope.readout.line.text
    assert (scope.session.whole, scope.session.stage) == (before, "")


def test_a_step_that_only_the_digit_shown_cannot_bear_is_refused(teaching, press, embedded, shipped, monkeypatch):
    from dataclasses import replace

    blank = replace(embedded, test=replace(embedded.test, images=0 * embedded.test.images))
    scope = teaching(" ", model=model_of(shipped), dataset=blank)
    monkeypatch.setattr(fine_tuning_steps.Lessons, "rate", 3e37)
    scope.session.open(embedded.test.images[3].reshape(28, 28), "mine.png", ())
    press(scope, str(int(scope.session.trace.outputs[0].argmin())), "enter")
    assert "choose a smaller learning rate" in scope.readout.line.text
    assert scope.session.stage == ""


def test_another_network_put_in_is_where_the_next_lesson_begins(teaching, press):
    scope = teaching()
    session = scope.session
    press(scope, "enter")
    other = Network.random(session.whole.sizes, rng=np.random.default_rng(1))
    session.take(other, "epoch 3 of 10")
    scope.refresh()
    assert session.lessons.count == 0
    assert scope.view.forgetting.figures.text == str(errors(session, other).errors)
    press(scope, "enter")
    assert session.stage == "epoch 3 of 10, taught 1 step"
    press(scope, "Z")
    assert (session.whole, session.stage) == (other, "epoch 3 of 10")


@pytest.mark.parametrize(("hidden", "names"), [((), {}), ((24, 9), {"activation": "tanh", "head": "sigmoid"})])
def test_networks_of_other_kinds_learn_too(teaching, press, shipped, hidden, names):
    scope = teaching(" ", model=model_of(shipped, *hidden, **names))
    session = scope.session
    before = session.trace.outputs[0, session.truth]
    press(scope, *"." * 6, *["enter"] * 3)
    assert session.trace.outputs[0, session.truth] > before


def test_the_view_leaves_nothing_behind(open_scope, press):
    scope, left = open_scope(), set()
    for _ in range(3):  # the footer makes its words once
        press(scope, "l", "f", "enter", "tab", "escape", "escape")
        assert scope.view.title == "explore"
        left.add(len(scope.figure.artists))
    assert len(left) == 1


def test_the_taught_network_is_kept_in_a_file_of_its_own(teaching, press, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    scope = teaching("k")
    assert "nothing is taught yet" in scope.readout.line.text
    assert not list(tmp_path.iterdir())
    press(scope, "f", ".", ".", "enter", "enter", "k")
    assert "kept as trained_weights-taught-2.npz" in scope.readout.line.text
    session, kept = scope.session, storage.load(tmp_path / "trained_weights-taught-2.npz")
    assert same(kept.network, session.whole)
    assert kept.metadata["steps_taught"] == 2
    assert not {"train_accuracy", "test_errors", "test_accuracy"} & set(kept.metadata)  # learned on other digits
    before = kept.path.read_bytes()
    press(scope, "enter", "z", "k")
    assert "kept as trained_weights-taught-2-2.npz" in scope.readout.line.text
    assert (kept.path.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 2)
    tmp_path.joinpath("trained_weights-taught-3.npz").symlink_to("/nowhere/at/all")
    press(scope, "enter", "k")
    assert "trained_weights-taught-3-2.npz" in scope.readout.line.text


def test_what_is_kept_says_how_many_it_misreads_now(teaching, press, shipped, embedded, monkeypatch, tmp_path):
    from dataclasses import replace

    monkeypatch.chdir(tmp_path)
    about = shipped.metadata | {"dataset": embedded.name, "train_accuracy": 0.99, "test_errors": 1}
    scope = teaching("f", ".", ".", "x", "enter", "k", model=replace(shipped, metadata=about))
    found, kept = errors(scope.session, scope.session.whole), storage.load(tmp_path / "trained_weights-taught-1.npz")
    assert kept.metadata["test_errors"] == found.errors != scope.session.evaluation.errors
    assert kept.metadata["test_count"] == found.count
    assert kept.metadata["test_accuracy"] == pytest.approx(1 - found.errors / found.count)
    assert "train_accuracy" not in kept.metadata


def test_where_it_cannot_be_kept_that_is_said(teaching, press, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    scope = teaching("f", "enter")
    monkeypatch.setattr("neuralscope.visualizer.live.save_network.reserve", lambda path: tmp_path / "gone" / path)
    press(scope, "k")
    assert scope.readout.line.text.startswith("not kept:")


def test_every_count_can_be_asked(teaching, press, mouse):
    scope = teaching("f", ".", ".", "enter", "enter")
    view, effect = scope.view, scope.session.lessons.effect()
    for gallery, what, found in ((view.wrong, "forgotten", effect.forgotten), (view.right, "learned", effect.learned)):
        mouse(scope, *middle(gallery.count.line.bounds()))
        assert scope.readout.line.text.startswith(f"{len(found)} {what} of {effect.after.count} test digits")
        turns = [(int(effect.before.predictions[one]), int(effect.after.predictions[one])) for one in found]
        most = max(map(turns.count, turns))
        was, now = next(turn for turn in turns if turns.count(turn) == most)
        assert f"most often {was}→{now} {most} of them" in scope.readout.line.text
    mouse(scope, *middle(view.headline.which.bounds()))
    assert scope.readout.line.text.startswith("taught 2 steps the last: digit")
    press(scope, "Z")
    mouse(scope, *middle(view.headline.which.bounds()))
    assert "taught" not in scope.readout.line.text
    mouse(scope, *middle(view.wrong.count.line.bounds()))
    assert scope.readout.line.text == "0 forgotten of 297 test digits nothing is taught yet"


def test_a_step_far_too_large_is_called_so(teaching, press):
    scope = teaching("f", *"." * 9)
    assert scope.session.lessons.rate == 1
    for _ in range(2):
        press(scope, "enter")
        assert "far too large a step: z takes it back, then , makes it smaller" in scope.readout.line.text
    press(scope, "Z", *"," * 6, "enter")
    assert "taught digit" in scope.readout.line.text
    assert "far too large" not in scope.readout.line.text


def test_the_headline_keeps_its_digit_beside_a_long_stage(teaching, press):
    scope = teaching("f")
    scope.session.take(scope.session.whole.astype(np.float32), "epoch 10 of 12")
    press(scope, "enter", "enter")
    assert scope.headline.which.text == f"epoch 10 of 12, taught 2 steps test digit {scope.session.index} of 297"
    assert "the truth is" in scope.headline.verdict.text


def test_the_headings_say_what_they_mean_beside_the_pages(teaching, press):
    scope = teaching("f", ".", ".", ".", "enter", "enter")
    view = scope.view
    assert len(view.wrong.all) > view.wrong.in_sight
    assert view.wrong.pager.where.text
    assert "forgotten right before" in view.wrong.count.line.text


def test_an_upright_window_is_filled_with_digits(teaching):
    scope = teaching("f", ".", ".", ".", "enter", "enter", size=(1000, 1400))
    gallery = scope.view.wrong
    assert gallery.in_sight > gallery.LEAST
    left, _, width, _ = gallery.tiles[gallery.columns - 1][0].bounds()
    assert left + width == pytest.approx(0.971 * 1000, abs=2)


def test_the_footer_names_both_keys_of_the_rate(teaching):
    assert ", . rate" in [word.text for word in teaching().footer.words]


@pytest.mark.parametrize("size", [(900, 600), (1200, 700), (1000, 1400)])
def test_all_that_is_said_stands_free(teaching, press, embedded, size):
    scope = teaching("f", *"." * 9, *["enter"] * 12, size=size)  # nearly all are forgotten
    scope.painter.redraw = lambda: None
    check(scope, size)
    press(scope, "p", "left", "l")
    assert scope.session.lessons.aside == 12
    check(scope, size)
    press(scope, "enter", "b")
    assert scope.session.stage.startswith("epoch ")
    check(scope, size)
    scope.session.open(embedded.test.images[3].reshape(28, 28), "a-picture-with-quite-a-long-name.png", ())
    press(scope, "l")
    check(scope, size)
