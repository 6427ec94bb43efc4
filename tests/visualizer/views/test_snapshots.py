"""The past: what the view shows of a snapshot is what its network did, whatever way one came there."""

import itertools
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backend_bases import KeyEvent

from neuralscope.analysis.ablation import silence
from neuralscope.formatting import percent, thousands
from neuralscope.network.evaluation import evaluate
from neuralscope.network.model import Network
from neuralscope.runs.snapshots import Snapshots, digest
from neuralscope.visualizer.session.training_history import Past, settled
from neuralscope.visualizer.views.snapshots.epoch_axis import apart
from neuralscope.visualizer.views.snapshots.error_curve import ticks
from neuralscope.visualizer.views.snapshots.probability_curves import story
from tests.conftest import snapshots_of
from tests.visualizer.views.test_explore import model_of

NAMES = tuple("0123456789")


def figure(text):
    return int(text.replace(",", ""))


def made_up(right):
    """Return a Past whose snapshots read digits rightly as ``right`` (n, count) says, by their stored predictions."""
    labels = np.arange(right.shape[1]) % 10
    digits = SimpleNamespace(images=np.zeros((len(labels), 784), np.float32), labels=labels)
    predictions = np.where(right, labels, (labels + 1) % 10).astype(np.uint8)
    return Past(Snapshots("made up", np.arange(len(right)), predictions, {}, len(right) - 1,
                          {"test_sha256": digest(digits)}, (None,) * len(right)), digits)


@pytest.mark.parametrize(("flags", "place"), [
    ("1111", 0), ("0111", 1), ("0101", 3), ("1110", 4), ("0000", 4), ("1", 0), ("0", 1), ("1001", 3)])
def test_from_where_flags_stay(flags, place):
    assert settled(np.array([flag == "1" for flag in flags])) == place


def test_what_was_learned_and_forgotten_is_what_the_predictions_say():
    right = np.random.default_rng(1).random((6, 300)) < 0.6
    past = made_up(right)
    columns = ["".join("01"[int(one)] for one in column) for column in right.T]
    assert list(past.errors) == [text.count("0") for text in map("".join, zip(*columns, strict=True))]
    columns = [text[1:] for text in columns]  # what is right before the first step is chance
    learned = {digit: len(text.rstrip("1")) + 1 for digit, text in enumerate(columns) if text[-1] == "1"}
    lost = {digit: len(text.rstrip("0")) + 1 for digit, text in enumerate(columns) if text[-1] == "0"}
    assert {digit: past.learned_at[digit] for digit in learned} == learned
    assert {digit: past.lost_at[digit] for digit in lost} == lost
    assert list(past.learned_last) == sorted((digit for digit in learned if learned[digit] > 1),
                                             key=lambda digit: (-learned[digit], digit))
    assert list(past.forgotten) == sorted((digit for digit in lost if lost[digit] > 1),
                                          key=lambda digit: (-columns[digit].count("1"), digit))


@pytest.mark.parametrize(("answers", "truth", "told"), [
    ([4, 4, 4, 4], 4, ("✓", "right", "right for good from epoch 1", 1)),
    ([1, 4, 4, 4], 4, ("✓", "right", "right for good from epoch 1", 1)),
    ([1, 4, 1, 4], 4, ("✓", "right", "right for good by epoch 9", 3)),
    ([1, 4, 4, 1], 4, ("✗", "wrong", "forgotten: wrong by epoch 9", 3)),
    ([4, 1, 1, 1], 4, ("✗", "wrong", "never right", None)),
    ([4, 4, 1, 1], 4, ("✗", "wrong", "forgotten: wrong from epoch 2", 2)),
    ([1, 2, 1, 1], 4, ("✗", "wrong", "never right", None)),
    ([1, 2, 1, 1], None, ("", "text", "reads 1 from epoch 2", 2)),
    ([1, 1, 1, 1], None, ("", "text", "reads 1 from epoch 1", 1))])
def test_the_story_of_a_digit_in_words(answers, truth, told):
    assert story(np.array([0, 1, 2, 9]), 9, np.array(answers), truth, NAMES) == told


@pytest.mark.parametrize(("answers", "told"), [
    ([1, 4, 4, 4], "right so far, from epoch 1"), ([1, 4, 1, 1], "forgotten so far: wrong from epoch 2"),
    ([4, 1, 1, 1], "not right so far")])
def test_while_a_training_is_not_over_nothing_is_for_good(answers, told):
    assert story(np.array([0, 1, 2, 9]), 30, np.array(answers), 4, NAMES)[2] == told
    assert story(np.array([0]), 30, np.array(answers[:1]), 4, NAMES)[2] == "nothing is learned yet"


def test_the_snapshots_of_a_training_that_is_not_over(open_scope, press):
    def half(model, dataset):
        return replace(snapshots_of(model, dataset), last=30)

    scope = open_scope(snapshots=half)
    press(scope, "p")
    view, past = scope.view, scope.session.past
    for panel, word in ((view.learned, "right"), (view.forgotten, "wrong")):
        runs, _ = panel.account(scope.session, 0, 0)
        since = past.learned_at if word == "right" else past.lost_at
        said = " ".join(run.text for run in runs)
        assert re.search(rf"{word} so far, (from|by) epoch {past.epochs[since[panel.all[0]]]}\b", said)
        scope.session.go_to(int(panel.all[0]))
        scope.refresh()
        assert "so far" in scope.readout.line.text
        assert "for good" not in said + scope.readout.line.text


def test_labels_stand_apart_and_inside():
    for heights in ([90, 89, 88], [12, 11, 10], [95, 50, 5], [50, 50, 50, 50]):
        found = apart(heights, 10, 10, 90)
        assert all(one - other >= 10 - 1e-9 for one, other in itertools.pairwise(found))
        assert max(found) <= 90
        assert min(found) >= 10


@pytest.mark.parametrize(("low", "high", "wanted"), [
    (178, 9110, [100, 500, 1000, 5000, 10000]), (33, 290, [20, 50, 100, 200, 500]), (0, 3, [0, 1, 2, 5]),
    (0, 0, [0, 1]), (5, 5, [5, 10]), (1, 9999, [1, 10, 100, 1000, 10000])])
def test_lines_at_round_counts(low, high, wanted):
    assert ticks(low, high) == wanted


def test_all_that_is_told_of_a_snapshot_agrees(open_scope, press):
    scope = open_scope()
    press(scope, "p", "home")
    session, view, snapshots = scope.session, scope.view, scope.session.snapshots
    for place in range(len(snapshots)):
        network = snapshots.network(place)
        found = evaluate(network, session.digits.images, session.digits.labels)
        assert (session.evaluation.predictions == snapshots.predictions[place]).all()
        assert view.errors.note.text.startswith(thousands(found.errors) + " of 297")
        outputs = network.forward(session.image).outputs[0]
        assert [line.text for line in view.outputs.values] == [percent(output) for output in outputs]
        assert view.course.outputs[place] == pytest.approx(outputs, abs=0)
        assert f"epoch {snapshots.epochs[place]} of 15" in scope.headline.which.text
        assert f"reads {outputs.argmax()} {percent(outputs.max())}" in scope.headline.verdict.text
        assert view.timeline.now.text == f"{snapshots.epochs[place]} of 15"
        assert view.timeline.knob.bounds[0] + 4 == pytest.approx(view.axis.x(place))
        assert view.course.here.bounds[0] == pytest.approx(view.axis.x(place) - 0.75)
        press(scope, "right")
    assert scope.readout.line.text == "this is the last snapshot of 8"


def test_curves_go_through_the_outputs_and_are_named_at_their_ends(open_scope, press):
    scope = open_scope()
    press(scope, "p")
    course, session = scope.view.course, scope.session
    curves = {tuple(np.round(curve.points[:, 1], 3)): curve for curve in course.curves.curves}
    for one in range(10):
        shares = (course.y(course.outputs[:, one].astype(float)))
        curve = curves[tuple(np.round(shares, 3))]
        assert np.allclose(curve.points[:, 0], scope.view.axis.x(np.arange(8)))
        assert (curve.color == course.theme.text) == (one == session.truth)
    last, told = course.outputs[-1], {line.text for line in course.names if line.text}
    assert f"{session.truth} {percent(last[session.truth])}" in told
    assert all(re.fullmatch(r"\d .*", text) and percent(last[int(text[0])]) == text[2:] for text in told)
    if len(told) < 10:
        assert course.rest.text == f"{10 - len(told)} others < 0.1 %"
        assert sum(percent(output) == "< 0.1 %" for output in last) >= 10 - len(told)


def kinds(past):
    """Return a digit of each kind: right for good, forgotten, never right, right from the start."""
    right = past.right
    return {"for good": int(past.learned_last[0]), "forgotten": int(past.forgotten[0]),
            "never right": int(np.flatnonzero(~right[1:].any(axis=0))[0]),
            "from epoch 1": int(np.flatnonzero(right[1:].all(axis=0))[0])}


@pytest.mark.parametrize("kind", ["for good", "forgotten", "never right", "from epoch 1"])
def test_the_epoch_that_counts_is_marked_and_said(open_scope, press, kind):
    scope = open_scope()
    press(scope, "p")
    past = scope.session.past
    scope.session.go_to(kinds(past)[kind])
    scope.refresh()
    course, digit = scope.view.course, scope.session.index
    assert kind in course.note.text
    assert (past.predictions[:, digit] == course.answers).all()
    place = {"for good": past.learned_at, "forgotten": past.lost_at, "from epoch 1": past.learned_at}.get(kind)
    if place is None:
        assert course.event.bounds[2] == 0
        assert not course.sign.text
    else:
        assert course.event.bounds[0] + 0.5 == pytest.approx(scope.view.axis.x(int(place[digit])))
        assert course.event.bounds[2] == 1
        assert course.sign.text == ("✗" if kind == "forgotten" else "✓")
        assert re.search(rf"(from|by) epoch {past.epochs[place[digit]]}\b", course.note.text)
    assert course.note.text in scope.readout.line.text
    right = past.right[1:, digit]
    if right.any():
        first = past.epochs[1 + list(right).index(True)]
        told = rf"right at {right.sum()} of 7 snapshots for the first time (at|by) epoch {first}\b"
        assert re.search(told, scope.readout.line.text)


def test_every_view_shows_the_network_as_it_was(open_scope, press):
    scope = open_scope()
    press(scope, "p", "home", "right", "right")
    network = scope.session.snapshots.network(2)
    outputs = network.forward(scope.session.image).outputs[0]
    for key in "ewnmh":
        press(scope, key)
        assert "epoch 2 of 15" in scope.headline.which.text or key in "nm"
        assert (scope.session.whole.parameters["W1"] == network.parameters["W1"]).all()
        assert (scope.session.trace.outputs[0] == outputs).all()
    press(scope, "m")
    wrong = int((scope.session.snapshots.predictions[2] != scope.session.digits.labels).sum())
    assert scope.headline.verdict.text.startswith(f"{wrong} mistakes")
    press(scope, "p")
    assert scope.view.timeline.now.text == "2 of 15"


def test_the_mouse_scrubs_on_the_line_and_in_the_charts(open_scope, press, mouse, drag):
    scope = open_scope()
    press(scope, "p")
    view, axis = scope.view, scope.view.axis
    drag(scope, [(axis.x(7), view.timeline.middle), (axis.x(3) + 3, view.timeline.middle - 4),
                 (axis.x(1) - 3, view.timeline.middle + 200)], release=False)
    assert scope.session.stage == "epoch 1 of 15"
    drag(scope, [(axis.x(4) + 1, view.timeline.middle), (axis.left - 300, 10)])
    assert scope.session.stage == "epoch 0 of 15"
    mouse(scope, axis.x(5), view.timeline.middle)
    assert scope.session.stage == "epoch 0 of 15"  # the button is up
    for chart in (view.course, view.errors):
        mouse(scope, axis.x(5) + 2, chart.y(0.5), click=True)
        assert scope.session.stage == "epoch 9 of 15"
        press(scope, "home")


def test_cursor_and_mouse_tell_the_figures_of_each_snapshot(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "p")
    view, past = scope.view, scope.session.past
    for place in range(8):
        mouse(scope, view.axis.x(place), view.errors.y(view.errors.shares[place]))
        said = scope.readout.line.text
        assert f"errors {thousands(int(past.errors[place]))} of 297" in said
        if place:
            right, wrong = re.search(r"newly right (\S+) newly wrong (\S+)", said).groups()
            assert past.errors[place] == past.errors[place - 1] - figure(right) + figure(wrong)
        mouse(scope, view.axis.x(place), view.course.y(float(view.course.outputs[place, 3])))
        one = int(re.match(r"(\d) at epoch", scope.readout.line.text)[1])
        assert f"probability {percent(view.course.outputs[place, one])}" in scope.readout.line.text
    press(scope, "tab", "left", "left", "enter")
    assert scope.session.stage == "epoch 9 of 15"


def test_galleries_show_their_digits_and_a_click_chooses_one(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "p")
    past, view = scope.session.past, scope.view
    for panel, digits, since in ((view.learned, past.learned_last, past.learned_at),
                                 (view.forgotten, past.forgotten, past.lost_at)):
        assert list(panel.all) == list(digits)
        picture, one, two = panel.tiles[1]
        digit = int(digits[1])
        assert (one.text, two.text) == (str(past.epochs[since[digit]]), str(digit))
        left, bottom, width, height = picture.bounds()
        mouse(scope, left + width / 2, bottom + height / 2, click=True)
        assert scope.session.index == digit
        assert f"read as {past.predictions[-1, digit]}" in scope.readout.line.text
        right = list(past.right[1:, digit])
        assert re.search(rf"first right (at|by) epoch {past.epochs[1 + right.index(True)]}\b", scope.readout.line.text)
        assert f"right at {sum(right)} of 7 snapshots" in scope.readout.line.text
        assert "by" in panel.order.text  # between two snapshots nobody knows when it was
        assert scope.view is view
    mouse(scope, left + width / 2, bottom + height / 2, click=True)
    assert scope.view.title == "why"


def test_who_leaves_at_the_last_snapshot_has_the_files_network_again(open_scope, press):
    scope = open_scope()
    session, study = scope.session, scope.session.study
    for keys in (["p"], ["p", "left", "end"], ["p", "left", "e", "p", "end"], ["p", "home", "u"]):
        press(scope, *keys, "e")
        assert session.whole is session.model.network
        assert (session.stage, session.study) == ("", study)
        assert "every view" not in scope.readout.line.text
    press(scope, "p", "left", "e")
    assert session.stage == "epoch 12 of 15"
    assert scope.readout.line.text.startswith("every view shows epoch 12 of 15 now; p, then u: ")
    assert "epoch" not in scope.close()


def test_the_way_back_to_the_files_network_stands_in_the_footer(open_scope, press):
    for size in (900, 600), (1400, 800):
        scope = open_scope(size=size)
        press(scope, "p")
        assert "u file's network" in [word.text for word in scope.footer.words]


@pytest.mark.parametrize("size", [(900, 600), (1400, 800), (1920, 1080)])
def test_titles_stand_clear_of_what_is_next_to_them(open_scope, press, size):
    def top_of(line):
        return line.bounds()[1] + line.bounds()[3]

    scope = open_scope(size=size)
    press(scope, "p")
    view, lead = scope.view, scope.painter.leading
    for chart in (view.course, view.errors):
        ticks = [value for value in chart.values if value.text]
        assert chart.title.bounds()[1] - max(map(top_of, ticks)) >= 2 * lead
    captions = [one for picture, one, _ in view.learned.tiles if picture.get_visible()]
    assert min(caption.bounds()[1] for caption in captions) - top_of(view.forgotten.heading) >= 12 * lead
    assert view.forgotten.size == view.learned.size >= 0.058 * size[0]


def test_counts_in_the_headings_say_how_they_add_up(open_scope, press, mouse):
    scope = open_scope()
    press(scope, "p")
    past, view = scope.session.past, scope.view
    right = past.right[1:]
    never, always = int((~right.any(axis=0)).sum()), int(right.all(axis=0).sum())
    for panel, others, told in ((view.learned, None, "right"), (view.forgotten, never, "wrong")):
        left, bottom, width, height = panel.heading.bounds()
        mouse(scope, left + width / 2, bottom + height / 2)
        said = scope.readout.line.text
        one, other, total = map(figure, re.search(r"(\S+) \+ (\S+) = (\S+)", said).groups())
        assert (one + other, other) == (total, len(panel.all))
        assert total == int((past.right[-1] == (told == "right")).sum())
        assert said.endswith(f"{told} at epoch 15")
        assert others is None or one == others
        if told == "right":
            assert "right from epoch 1 + right later" in said
            assert one == always


def test_the_stage_in_the_headline_says_what_it_is(open_scope, press, mouse):
    scope = open_scope()
    left, bottom, *_ = scope.headline.which.bounds()
    mouse(scope, left + 5, bottom + 5)
    assert "test digit" not in scope.readout.line.text
    press(scope, "p", "left")
    left, bottom, _, height = scope.headline.which.bounds()
    for key in "pew":
        press(scope, key)
        mouse(scope, left + 5, bottom + height / 2)
        assert scope.readout.line.text.startswith("epoch 12 of 15 the network as it was then")


def test_what_was_taught_is_there_again(open_scope, press):
    scope = open_scope()
    taught = scope.session.model.network.with_parameters(dict(scope.session.model.network.parameters))
    scope.session.take(taught, "taught 2 steps")
    press(scope, "p", "w")
    assert scope.session.whole is taught
    assert scope.session.stage == "taught 2 steps"


def test_silenced_neurons_are_silent_in_every_snapshot(open_scope, press):
    scope = open_scope()
    press(scope, "p", "left", "x")
    session, view = scope.session, scope.view
    assert session.silenced
    for place in range(8):
        network = silence(session.snapshots.network(place), session.silenced)
        assert (view.course.outputs[place] == network.forward(session.image).outputs[0]).all()
    assert [line.text for line in view.outputs.values] == list(map(percent, view.course.outputs[6]))
    for line in (view.errors.title, view.learned.order, view.forgotten.order):
        assert "all neurons awake" in line.text  # what is told of all digits is the file's


def test_the_answers_are_found_once_a_digit(open_scope, press, monkeypatch):
    asked = []
    monkeypatch.setattr("neuralscope.visualizer.session.training_history.silence",
                        lambda network, silenced: asked.append(1) or silence(network, silenced))
    scope = open_scope()
    press(scope, "p", "left", "left", "home", "end", "tab", "tab")
    assert len(asked) == 8
    press(scope, "escape", "enter", "left")
    assert len(asked) == 16


def test_one_of_ones_own(open_scope, press, embedded):
    scope = open_scope()
    scope.session.open(embedded.test.images[30].reshape(28, 28), "a seven.png", ())
    press(scope, "p")
    view = scope.view
    assert view.course.note.text.startswith(f"reads {view.course.answers[-1]} ")
    assert scope.readout.line.text.startswith("a seven.png")
    assert scope.session.image.shape == (1, 784)
    press(scope, "left", "home")
    assert [line.text for line in view.outputs.values] == list(map(percent, view.course.outputs[0]))


def tick(timer):
    """Let a timer do what it does when it is time."""
    for function, arguments, options in timer.callbacks:
        function(*arguments, **options)


def test_space_plays_to_the_end_and_stops(open_scope, press):
    scope = open_scope()
    press(scope, "p", " ")
    timer, seen = scope.view.player.timer, []
    while scope.view.player.running:
        seen.append(scope.headline.which.text[:8])
        tick(timer)
    assert seen == [f"epoch {epoch} o"[:8] for epoch in (0, 1, 2, 3, 6, 9, 12)]
    assert scope.session.stage == "epoch 15 of 15"
    press(scope, "home", " ")
    tick(timer)
    press(scope, " ")
    assert not scope.view.player.running
    assert "stopped" in scope.readout.line.text
    press(scope, " ")
    tick(timer)
    assert scope.session.stage == "epoch 2 of 15"


def test_what_plays_stops_with_the_view(open_scope, press, monkeypatch):
    scope = open_scope()
    press(scope, "p", "home", " ")
    stopped = []
    monkeypatch.setattr(scope.view.player.timer, "stop", lambda: stopped.append(True))
    press(scope, "e")
    assert stopped


def test_work_on_a_network_begins_when_it_stays(open_scope, press):
    scope = open_scope()
    scope.figure.canvas.draw()
    timer = scope.chores.timer
    assert timer.interval == 1
    press(scope, "p", "left")
    scope.figure.canvas.draw()
    assert scope.chores.study is scope.session.study
    assert timer.interval > 100
    tick(timer)
    assert timer.interval == 1


def test_without_snapshots_it_says_how_to_get_them(open_scope, press, mouse):
    scope = open_scope(snapshots=None)
    scope.session.no_snapshots = "there is no x.epochs.npz; to keep snapshots of a training: python -m this --snapshots"
    press(scope, "p")
    words = [line.text for line in scope.view.panels[0].lines]
    assert words[0] == "there is no x.epochs.npz"
    assert words[1].startswith("t train")
    assert words[2].endswith("--snapshots")
    left, bottom, width, height = scope.view.panels[0].lines[1].bounds()
    assert scope.view.action_at(left + width / 2, bottom + height / 2).keys == ("t",)
    index = scope.session.index
    press(scope, " ")
    assert scope.session.index != index  # no key is taken away
    assert scope.session.whole is scope.session.model.network


def test_the_snapshots_of_a_training_grow_under_the_eyes(open_scope, press, shipped, embedded):
    every = snapshots_of(shipped, embedded)
    scope = open_scope(snapshots=None)
    session = scope.session
    press(scope, "p")
    assert scope.view.bindings == ()
    session.training = SimpleNamespace(snapshots=every.until(1))
    scope.refresh()
    assert scope.view.timeline.now.text == "1 of 15"
    session.training.snapshots = every.until(2)
    session.take(shipped.network, "epoch 2 of 15, learning")  # as the window does at the end of an epoch
    scope.refresh()
    assert session.stage == "epoch 2 of 15"  # the last one stays the last one
    press(scope, "left")
    before = session.whole
    session.training.snapshots = every.until(6)
    session.take(shipped.network, "epoch 6 of 15, learning")
    scope.refresh()
    assert session.whole is before  # where somebody looks, nothing moves
    assert scope.view.axis.count == 5
    assert len(scope.view.course.curves.curves[0].points) == 5
    other = snapshots_of(replace(shipped, network=model_of(shipped, 256).network), embedded, (0, 1, 2))
    session.training.snapshots = other
    scope.refresh()
    assert session.whole is session.past.network(1)
    assert (session.whole.parameters["W1"] == other.network(1).parameters["W1"]).all()
    press(scope, "home", " ")
    session.training = None
    scope.refresh()
    assert scope.view.bindings == ()
    assert not scope.view.player.running
    press(scope, "e")


def test_a_twin_keeps_the_snapshots_and_leaves_the_training_alone(open_scope, shipped, embedded):
    every = snapshots_of(shipped, embedded)
    session = open_scope(snapshots=None).session
    session.training = training = SimpleNamespace(snapshots=every.until(2))
    twin = session.twin()
    training.snapshots = every
    assert (twin.training, session.training) == (None, training)
    assert (len(twin.past), len(session.past)) == (3, 8)
    session.training = None


def test_predictions_of_other_digits_are_found_anew(open_scope, press, embedded):
    def foreign(model, dataset):
        found = snapshots_of(model, dataset)
        return replace(found, predictions=found.predictions[:, :5] + 1, metadata={"test_sha256": "another"})

    scope = open_scope(snapshots=foreign)
    press(scope, "p")
    past = scope.session.past
    assert (past.predictions == snapshots_of(scope.session.model, embedded).predictions).all()


@pytest.mark.parametrize("hidden", [(), (30,), (30, 20)])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_networks_of_other_kinds(open_scope, press, shipped, hidden, head):
    scope = open_scope(model_of(shipped, *hidden, head=head))
    press(scope, "p", "left", "tab", "right", "enter", "home")
    assert scope.session.stage == "epoch 0 of 15"
    assert isinstance(scope.session.whole, Network)
    assert scope.view.course.title.text.startswith("its 10 " + ("probabilities" if head == "softmax" else "outputs"))


def test_one_snapshot_alone(open_scope, press):
    scope = open_scope(snapshots=lambda model, dataset: snapshots_of(model, dataset, (0,)))
    press(scope, "p", "left", "right", "home", "end", " ")
    tick(scope.view.player.timer)
    assert not scope.view.player.running
    assert scope.session.stage == "epoch 0 of 0"


@pytest.mark.parametrize("spelled", ["left", "right", "home", "end"])
def test_keys_as_the_toolkits_spell_them(open_scope, press, spelled):
    scope = open_scope()
    press(scope, "p", "home", "right")
    KeyEvent("key_press_event", scope.figure.canvas, spelled)._process()
    wanted = {"left": 0, "right": 2, "home": 0, "end": 15}
    assert scope.session.stage == f"epoch {wanted[spelled]} of 15"
