"""The past: what the view shows of a snapshot is what its network did, whatever way one came there."""

import itertools
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backend_bases import KeyEvent

from neuralscope.analysis.ablation import ablate
from neuralscope.data_loader import Digits
from neuralscope.errors import InputError
from neuralscope.formatting import percent, thousands
from neuralscope.network.evaluation import evaluate
from neuralscope.network.model import Network
from neuralscope.runs.digest import digits_sha256
from neuralscope.runs.snapshots import Snapshots
from neuralscope.visualizer.session.training_history import TrainingHistory, stays_true_from
from neuralscope.visualizer.views.snapshots.epoch_axis import spread_heights
from neuralscope.visualizer.views.snapshots.error_curve import count_ticks
from neuralscope.visualizer.views.snapshots.probability_curves import learning_outcome
from tests.helpers.networks import model_of, snapshots_of
from tests.helpers.views import tick

NAMES = tuple("0123456789")


def figure(text):
    return int(text.replace(",", ""))


def made_up(right):
    """Return a Past whose snapshots read digits rightly as ``right`` (n, count) says, by their stored predictions."""
    labels = np.arange(right.shape[1]) % 10
    digits = Digits(np.zeros((len(labels), 784), np.float32), labels)
    predictions = np.where(right, labels, (labels + 1) % 10).astype(np.uint8)
    networks = (Network.random((784, 10), rng=np.random.default_rng(0)).astype(np.float16),) * len(right)
    return TrainingHistory(Snapshots("made up", np.arange(len(right)), predictions, {}, len(right) - 1,
                                     {"test_sha256": digits_sha256(digits)}, networks), digits)


def test_a_snapshot_without_an_answer_reads_nothing_rightly():
    history = made_up(np.ones((3, 20), bool))
    broken = history.snapshots.networks[1].astype(np.float16)
    broken = broken.with_parameters({name: np.full_like(array, np.nan) for name, array in broken.parameters.items()})
    networks = history.snapshots.networks[0], broken, history.snapshots.networks[2]
    history = TrainingHistory(replace(history.snapshots, networks=networks), history.digits)
    assert history.errors.tolist() == [0, 20, 0]


@pytest.mark.parametrize(("flags", "place"), [
    ("1111", 0), ("0111", 1), ("0101", 3), ("1110", 4), ("0000", 4), ("1", 0), ("0", 1), ("1001", 3)])
def test_from_where_flags_stay(flags, place):
    assert stays_true_from(np.array([flag == "1" for flag in flags])) == place


def test_what_was_learned_and_forgotten_is_what_the_predictions_say():
    right = np.random.default_rng(1).random((6, 300)) < 0.6
    history = made_up(right)
    columns = ["".join("01"[int(one)] for one in column) for column in right.T]
    assert list(history.errors) == [text.count("0") for text in map("".join, zip(*columns, strict=True))]
    columns = [text[1:] for text in columns]  # what is right before the first step is chance
    learned = {digit: len(text.rstrip("1")) + 1 for digit, text in enumerate(columns) if text[-1] == "1"}
    lost = {digit: len(text.rstrip("0")) + 1 for digit, text in enumerate(columns) if text[-1] == "0"}
    assert {digit: history.learned_at[digit] for digit in learned} == learned
    assert {digit: history.lost_at[digit] for digit in lost} == lost
    assert list(history.learned_last) == sorted((digit for digit in learned if learned[digit] > 1),
                                             key=lambda digit: (-learned[digit], digit))
    assert list(history.forgotten) == sorted((digit for digit in lost if lost[digit] > 1),
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
    assert learning_outcome(np.array([0, 1, 2, 9]), 9, np.array(answers), truth, NAMES) == told


@pytest.mark.parametrize(("answers", "told"), [
    ([1, 4, 4, 4], "right so far, from epoch 1"), ([1, 4, 1, 1], "forgotten so far: wrong from epoch 2"),
    ([4, 1, 1, 1], "not right so far")])
def test_while_a_training_is_not_over_nothing_is_for_good(answers, told):
    assert learning_outcome(np.array([0, 1, 2, 9]), 30, np.array(answers), 4, NAMES)[2] == told
    assert learning_outcome(np.array([0]), 30, np.array(answers[:1]), 4, NAMES)[2] == "nothing is learned yet"


def test_the_snapshots_of_a_training_that_is_not_over(open_window, press):
    def half(model, dataset):
        return replace(snapshots_of(model, dataset), epoch_count=30)

    window = open_window(snapshots=half)
    press(window, "p")
    view, history = window.view, window.session.training_history
    for panel, word in ((view.learned, "right"), (view.forgotten, "wrong")):
        runs, _ = panel.describe(window.session, 0, 0)
        since = history.learned_at if word == "right" else history.lost_at
        said = " ".join(run.text for run in runs)
        assert re.search(rf"{word} so far, (from|by) epoch {history.epochs[since[panel.all[0]]]}\b", said)
        window.session.digit_history.go_to(int(panel.all[0]))
        window.refresh()
        assert "so far" in window.readout.line.text
        assert "for good" not in said + window.readout.line.text


def test_labels_stand_apart_and_inside():
    for heights in ([90, 89, 88], [12, 11, 10], [95, 50, 5], [50, 50, 50, 50]):
        found = spread_heights(heights, 10, 10, 90)
        assert all(one - other >= 10 - 1e-9 for one, other in itertools.pairwise(found))
        assert max(found) <= 90
        assert min(found) >= 10


@pytest.mark.parametrize(("low", "high", "wanted"), [
    (178, 9110, [100, 500, 1000, 5000, 10000]), (33, 290, [20, 50, 100, 200, 500]), (0, 3, [0, 1, 2, 5]),
    (0, 0, [0, 1]), (5, 5, [5, 10]), (1, 9999, [1, 10, 100, 1000, 10000])])
def test_lines_at_round_counts(low, high, wanted):
    assert count_ticks(low, high) == wanted


def test_all_that_is_told_of_a_snapshot_agrees(open_window, press):
    window = open_window()
    press(window, "p", "home")
    session, view, snapshots = window.session, window.view, window.session.snapshots
    for place in range(len(snapshots)):
        network = snapshots.network(place)
        found = evaluate(network, session.digits.images, session.digits.labels)
        assert (session.evaluation.predictions == snapshots.predictions[place]).all()
        assert view.errors.note.text.startswith(thousands(found.errors) + " of 297")
        outputs = network.forward(session.image).outputs[0]
        assert [line.text for line in view.outputs.values] == [percent(output) for output in outputs]
        assert view.probability_curves.outputs[place] == pytest.approx(outputs, abs=0)
        assert f"epoch {snapshots.epochs[place]} of 15" in window.headline.subject.text
        assert f"reads {outputs.argmax()} {percent(outputs.max())}" in window.headline.verdict.text
        assert view.timeline.epoch_line.text == f"{snapshots.epochs[place]} of 15"
        assert view.timeline.knob.bounds[0] + 4 == pytest.approx(view.axis.x(place))
        assert view.probability_curves.snapshot_mark.bounds[0] == pytest.approx(view.axis.x(place) - 0.75)
        press(window, "right")
    assert window.readout.line.text == "this is the last snapshot of 8"


def test_curves_go_through_the_outputs_and_are_named_at_their_ends(open_window, press):
    window = open_window()
    press(window, "p")
    course, session = window.view.probability_curves, window.session
    curves = {tuple(np.round(curve.points[:, 1], 3)): curve for curve in course.curves.curves}
    for one in range(10):
        shares = (course.y(course.outputs[:, one].astype(float)))
        curve = curves[tuple(np.round(shares, 3))]
        assert np.allclose(curve.points[:, 0], window.view.axis.x(np.arange(8)))
        assert (curve.color == course.theme.text) == (one == session.truth)
    last, told = course.outputs[-1], {line.text for line in course.names if line.text}
    assert f"{session.truth} {percent(last[session.truth])}" in told
    assert all(re.fullmatch(r"\d .*", text) and percent(last[int(text[0])]) == text[2:] for text in told)
    if len(told) < 10:
        assert course.rest.text == f"{10 - len(told)} others < 0.1 %"
        assert sum(percent(output) == "< 0.1 %" for output in last) >= 10 - len(told)


def kinds(history):
    """Return a digit of each kind: right for good, forgotten, never right, right from the start."""
    right = history.right
    return {"for good": int(history.learned_last[0]), "forgotten": int(history.forgotten[0]),
            "never right": int(np.flatnonzero(~right[1:].any(axis=0))[0]),
            "from epoch 1": int(np.flatnonzero(right[1:].all(axis=0))[0])}


@pytest.mark.parametrize("kind", ["for good", "forgotten", "never right", "from epoch 1"])
def test_the_epoch_that_counts_is_marked_and_said(open_window, press, kind):
    window = open_window()
    press(window, "p")
    history = window.session.training_history
    window.session.digit_history.go_to(kinds(history)[kind])
    window.refresh()
    course, digit = window.view.probability_curves, window.session.index
    assert kind in course.note.text
    assert (history.predictions[:, digit] == course.predictions).all()
    place = {"for good": history.learned_at, "forgotten": history.lost_at, "from epoch 1": history.learned_at}.get(kind)
    if place is None:
        assert course.event_line.bounds[2] == 0
        assert not course.event_sign.text
    else:
        assert course.event_line.bounds[0] + 0.5 == pytest.approx(window.view.axis.x(int(place[digit])))
        assert course.event_line.bounds[2] == 1
        assert course.event_sign.text == ("✗" if kind == "forgotten" else "✓")
        assert re.search(rf"(from|by) epoch {history.epochs[place[digit]]}\b", course.note.text)
    assert course.note.text in window.readout.line.text
    right = history.right[1:, digit]
    if right.any():
        first = history.epochs[1 + list(right).index(True)]
        told = rf"right at {right.sum()} of 7 snapshots for the first time (at|by) epoch {first}\b"
        assert re.search(told, window.readout.line.text)


def test_every_view_shows_the_network_as_it_was(open_window, press):
    window = open_window()
    press(window, "p", "home", "right", "right")
    network = window.session.snapshots.network(2)
    outputs = network.forward(window.session.image).outputs[0]
    for key in "ewnmh":
        press(window, key)
        assert "epoch 2 of 15" in window.headline.subject.text or key in "nm"
        assert (window.session.base_network.parameters["W1"] == network.parameters["W1"]).all()
        assert (window.session.trace.outputs[0] == outputs).all()
    press(window, "m")
    wrong = int((window.session.snapshots.predictions[2] != window.session.digits.labels).sum())
    assert window.headline.verdict.text.startswith(f"{wrong} mistakes")
    press(window, "p")
    assert window.view.timeline.epoch_line.text == "2 of 15"


def test_the_mouse_scrubs_on_the_line_and_in_the_charts(open_window, press, mouse, drag):
    window = open_window()
    press(window, "p")
    view, axis = window.view, window.view.axis
    drag(window, [(axis.x(7), view.timeline.middle), (axis.x(3) + 3, view.timeline.middle - 4),
                 (axis.x(1) - 3, view.timeline.middle + 200)], release=False)
    assert window.session.network_label == "epoch 1 of 15"
    drag(window, [(axis.x(4) + 1, view.timeline.middle), (axis.left - 300, 10)])
    assert window.session.network_label == "epoch 0 of 15"
    mouse(window, axis.x(5), view.timeline.middle)
    assert window.session.network_label == "epoch 0 of 15"  # the button is up
    for chart in (view.probability_curves, view.errors):
        mouse(window, axis.x(5) + 2, chart.y(0.5), click=True)
        assert window.session.network_label == "epoch 9 of 15"
        press(window, "home")


def test_cursor_and_mouse_tell_the_figures_of_each_snapshot(open_window, press, mouse):
    window = open_window()
    press(window, "p")
    view, history = window.view, window.session.training_history
    for place in range(8):
        mouse(window, view.axis.x(place), view.errors.y(view.errors.shares[place]))
        said = window.readout.line.text
        assert f"errors {thousands(int(history.errors[place]))} of 297" in said
        if place:
            right, wrong = re.search(r"newly right (\S+) newly wrong (\S+)", said).groups()
            assert history.errors[place] == history.errors[place - 1] - figure(right) + figure(wrong)
        mouse(window, view.axis.x(place), view.probability_curves.y(float(view.probability_curves.outputs[place, 3])))
        one = int(re.match(r"(\d) at epoch", window.readout.line.text)[1])
        assert f"probability {percent(view.probability_curves.outputs[place, one])}" in window.readout.line.text
    press(window, "tab", "left", "left", "enter")
    assert window.session.network_label == "epoch 9 of 15"


def test_galleries_show_their_digits_and_a_click_chooses_one(open_window, press, mouse):
    window = open_window()
    press(window, "p")
    history, view = window.session.training_history, window.view
    for panel, digits, since in ((view.learned, history.learned_last, history.learned_at),
                                 (view.forgotten, history.forgotten, history.lost_at)):
        assert list(panel.all) == list(digits)
        picture, one, two = panel.tiles[1]
        digit = int(digits[1])
        assert (one.text, two.text) == (str(history.epochs[since[digit]]), str(digit))
        left, bottom, width, height = picture.bounds()
        mouse(window, left + width / 2, bottom + height / 2, click=True)
        assert window.session.index == digit
        assert f"read as {history.predictions[-1, digit]}" in window.readout.line.text
        right = list(history.right[1:, digit])
        assert re.search(
            rf"first right (at|by) epoch {history.epochs[1 + right.index(True)]}\b", window.readout.line.text
        )
        assert f"right at {sum(right)} of 7 snapshots" in window.readout.line.text
        assert "by" in panel.order.text  # between two snapshots nobody knows when it was
        assert window.view is view
    mouse(window, left + width / 2, bottom + height / 2, click=True)
    assert window.view.title == "why"


def test_who_leaves_at_the_last_snapshot_has_the_files_network_again(open_window, press):
    window = open_window()
    session, analysis = window.session, window.session.analysis
    for keys in (["p"], ["p", "left", "end"], ["p", "left", "e", "p", "end"], ["p", "home", "u"]):
        press(window, *keys, "e")
        assert session.base_network is session.model.network
        assert (session.network_label, session.analysis) == ("", analysis)
        assert "every view" not in window.readout.line.text
    press(window, "p", "left", "e")
    assert session.network_label == "epoch 12 of 15"
    assert window.readout.line.text.startswith("every view shows epoch 12 of 15 now; p, then u: ")
    assert "epoch" not in window.close()


def test_the_way_back_to_the_files_network_stands_in_the_footer(open_window, press):
    for size in (900, 600), (1400, 800):
        window = open_window(size=size)
        press(window, "p")
        assert "u file's network" in [word.text for word in window.footer.words]


@pytest.mark.parametrize("size", [(900, 600), (1400, 800), (1920, 1080)])
def test_titles_stand_clear_of_what_is_next_to_them(open_window, press, size):
    def top_of(line):
        return line.bounds()[1] + line.bounds()[3]

    window = open_window(size=size)
    press(window, "p")
    view, lead = window.view, window.surface.leading
    for chart in (view.probability_curves, view.errors):
        ticks = [value for value in chart.values if value.text]
        assert chart.title.bounds()[1] - max(map(top_of, ticks)) >= 2 * lead
    captions = [one for picture, one, _ in view.learned.tiles if picture.get_visible()]
    assert min(caption.bounds()[1] for caption in captions) - top_of(view.forgotten.heading) >= 12 * lead
    assert view.forgotten.size == view.learned.size >= 0.058 * size[0]


def test_counts_in_the_headings_say_how_they_add_up(open_window, press, mouse):
    window = open_window()
    press(window, "p")
    history, view = window.session.training_history, window.view
    right = history.right[1:]
    never, always = int((~right.any(axis=0)).sum()), int(right.all(axis=0).sum())
    for panel, others, told in ((view.learned, None, "right"), (view.forgotten, never, "wrong")):
        left, bottom, width, height = panel.heading.bounds()
        mouse(window, left + width / 2, bottom + height / 2)
        said = window.readout.line.text
        one, other, total = map(figure, re.search(r"(\S+) \+ (\S+) = (\S+)", said).groups())
        assert (one + other, other) == (total, len(panel.all))
        assert total == int((history.right[-1] == (told == "right")).sum())
        assert said.endswith(f"{told} at epoch 15")
        assert others is None or one == others
        if told == "right":
            assert "right from epoch 1 + right later" in said
            assert one == always


def test_the_stage_in_the_headline_says_what_it_is(open_window, press, mouse):
    window = open_window()
    left, bottom, *_ = window.headline.subject.bounds()
    mouse(window, left + 5, bottom + 5)
    assert "test digit" not in window.readout.line.text
    press(window, "p", "left")
    left, bottom, _, height = window.headline.subject.bounds()
    for key in "pew":
        press(window, key)
        mouse(window, left + 5, bottom + height / 2)
        assert window.readout.line.text.startswith("epoch 12 of 15 the network as it was then")


def test_what_was_taught_is_there_again(open_window, press):
    window = open_window()
    taught = window.session.model.network.with_parameters(dict(window.session.model.network.parameters))
    window.session.show_network(taught, "taught 2 steps")
    press(window, "p", "w")
    assert window.session.base_network is taught
    assert window.session.network_label == "taught 2 steps"


def test_silenced_neurons_are_silent_in_every_snapshot(open_window, press):
    window = open_window()
    press(window, "p", "left", "x")
    session, view = window.session, window.view
    assert session.ablated
    for place in range(8):
        network = ablate(session.snapshots.network(place), session.ablated)
        assert (view.probability_curves.outputs[place] == network.forward(session.image).outputs[0]).all()
    assert [line.text for line in view.outputs.values] == list(map(percent, view.probability_curves.outputs[6]))
    for line in (view.errors.title, view.learned.order, view.forgotten.order):
        assert "all neurons awake" in line.text  # what is told of all digits is the file's


def test_the_answers_are_found_once_a_digit(open_window, press, monkeypatch):
    asked = []
    monkeypatch.setattr("neuralscope.visualizer.session.training_history.ablate",
                        lambda network, ablated: asked.append(1) or ablate(network, ablated))
    window = open_window()
    press(window, "p", "left", "left", "home", "end", "tab", "tab")
    assert len(asked) == 8
    press(window, "escape", "enter", "left")
    assert len(asked) == 16


def test_one_of_ones_own(open_window, press, embedded):
    window = open_window()
    window.session.open(embedded.test.images[30].reshape(28, 28), "a seven.png", ())
    press(window, "p")
    view = window.view
    assert view.probability_curves.note.text.startswith(f"reads {view.probability_curves.predictions[-1]} ")
    assert window.readout.line.text.startswith("a seven.png")
    assert window.session.image.shape == (1, 784)
    press(window, "left", "home")
    assert [line.text for line in view.outputs.values] == list(map(percent, view.probability_curves.outputs[0]))


def test_space_plays_to_the_end_and_stops(open_window, press):
    window = open_window()
    press(window, "p", " ")
    timer, seen = window.view.player.timer, []
    while window.view.player.running:
        seen.append(window.headline.subject.text[:8])
        tick(timer)
    assert seen == [f"epoch {epoch} o"[:8] for epoch in (0, 1, 2, 3, 6, 9, 12)]
    assert window.session.network_label == "epoch 15 of 15"
    press(window, "home", " ")
    tick(timer)
    press(window, " ")
    assert not window.view.player.running
    assert "stopped" in window.readout.line.text
    press(window, " ")
    tick(timer)
    assert window.session.network_label == "epoch 2 of 15"


def test_what_plays_stops_with_the_view(open_window, press, monkeypatch):
    window = open_window()
    press(window, "p", "home", " ")
    stopped = []
    monkeypatch.setattr(window.view.player.timer, "stop", lambda: stopped.append(True))
    press(window, "e")
    assert stopped


def test_work_on_a_network_begins_when_it_stays(open_window, press):
    window = open_window()
    window.figure.canvas.draw()
    timer = window.background_work.timer
    assert timer.interval == 1
    press(window, "p", "left")
    window.figure.canvas.draw()
    assert window.background_work.work is window.session.analysis
    assert timer.interval > 100
    tick(timer)
    assert timer.interval == 1


def test_without_snapshots_it_says_how_to_get_them(open_window, press, mouse):
    window = open_window(snapshots=None)
    window.session.snapshot_choice.no_snapshots_reason = InputError(
        "there is no x.epochs.npz", "to keep snapshots of a training: python -m this --snapshots")
    press(window, "p")
    words = [line.text for line in window.view.panels[0].lines]
    assert words[0] == "there is no x.epochs.npz"
    assert words[1].startswith("t train")
    assert words[2].endswith("--snapshots")
    left, bottom, width, height = window.view.panels[0].lines[1].bounds()
    assert window.view.binding_at(left + width / 2, bottom + height / 2).keys == ("t",)
    index = window.session.index
    press(window, " ")
    assert window.session.index != index  # no key is taken away
    assert window.session.base_network is window.session.model.network


def test_the_snapshots_of_a_training_grow_under_the_eyes(open_window, press, shipped, embedded):
    every = snapshots_of(shipped, embedded)
    window = open_window(snapshots=None)
    session = window.session
    press(window, "p")
    assert window.view.bindings == ()
    session.training = SimpleNamespace(state=SimpleNamespace(snapshots=every.up_to(1)))
    window.refresh()
    assert window.view.timeline.epoch_line.text == "1 of 15"
    session.training.state.snapshots = every.up_to(2)
    session.show_network(shipped.network, "epoch 2 of 15, learning")  # as the window does at the end of an epoch
    window.refresh()
    assert session.network_label == "epoch 2 of 15"  # the last one stays the last one
    press(window, "left")
    before = session.base_network
    session.training.state.snapshots = every.up_to(6)
    session.show_network(shipped.network, "epoch 6 of 15, learning")
    window.refresh()
    assert session.base_network is before  # where somebody looks, nothing moves
    assert window.view.axis.count == 5
    assert len(window.view.probability_curves.curves.curves[0].points) == 5
    other = snapshots_of(replace(shipped, network=model_of(shipped, 256).network), embedded, (0, 1, 2))
    session.training.state.snapshots = other
    window.refresh()
    assert session.base_network is session.training_history.network(1)
    assert (session.base_network.parameters["W1"] == other.network(1).parameters["W1"]).all()
    press(window, "home", " ")
    session.training = None
    window.refresh()
    assert window.view.bindings == ()
    assert not window.view.player.running
    press(window, "e")


def test_a_twin_keeps_the_snapshots_and_leaves_the_training_alone(open_window, shipped, embedded):
    every = snapshots_of(shipped, embedded)
    session = open_window(snapshots=None).session
    session.training = training = SimpleNamespace(state=SimpleNamespace(snapshots=every.up_to(2)))
    fork = session.fork()
    training.state.snapshots = every
    assert (fork.training, session.training) == (None, training)
    assert (len(fork.training_history), len(session.training_history)) == (3, 8)
    session.training = None


def test_predictions_of_other_digits_are_found_anew(open_window, press, embedded):
    def foreign(model, dataset):
        found = snapshots_of(model, dataset)
        return replace(found, predictions=found.predictions[:, :5] + 1, metadata={"test_sha256": "another"})

    window = open_window(snapshots=foreign)
    press(window, "p")
    history = window.session.training_history
    assert (history.predictions == snapshots_of(window.session.model, embedded).predictions).all()


@pytest.mark.parametrize("hidden", [(), (30,), (30, 20)])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_networks_of_other_kinds(open_window, press, shipped, hidden, head):
    window = open_window(model_of(shipped, *hidden, head=head))
    press(window, "p", "left", "tab", "right", "enter", "home")
    assert window.session.network_label == "epoch 0 of 15"
    assert isinstance(window.session.base_network, Network)
    assert window.view.probability_curves.title.text.startswith(
        "its 10 " + ("probabilities" if head == "softmax" else "outputs")
    )


def test_one_snapshot_alone(open_window, press):
    window = open_window(snapshots=lambda model, dataset: snapshots_of(model, dataset, (0,)))
    press(window, "p", "left", "right", "home", "end", " ")
    tick(window.view.player.timer)
    assert not window.view.player.running
    assert window.session.network_label == "epoch 0 of 0"


@pytest.mark.parametrize("spelled", ["left", "right", "home", "end"])
def test_keys_as_the_toolkits_spell_them(open_window, press, spelled):
    window = open_window()
    press(window, "p", "home", "right")
    KeyEvent("key_press_event", window.figure.canvas, spelled)._process()
    wanted = {"left": 0, "right": 2, "home": 0, "end": 15}
    assert window.session.network_label == f"epoch {wanted[spelled]} of 15"
