"""One training for all who look at a server: who began it holds it, the others watch."""

import os
import signal

import pytest

from neuralscope.visualizer.live.setup import FIELDS
from neuralscope.visualizer.live.shared import MUTED, Trainings
from tests.visualizer.live.test_training import wait
from tests.visualizer.views.test_train import at_rest, beat, click_field, middle

FEW = {"epochs": 3, "hidden": (12,), "augment": "none", "batch_size": 500}
LONG = FEW | {"epochs": 10**6}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def trainings():
    """Return the trainings of a server, which has ended at the end."""
    trainings = Trainings()
    yield trainings
    trainings.close()


@pytest.fixture
def reader(trainings, open_scope, press):
    """Return a function that opens a window of another reader in the train view, with options of a training."""
    def reader(options=LONG):
        scope = open_scope()
        trainings.welcome(scope.session)
        for name, value in options.items():
            scope.session.plan.set(name, value)
        press(scope, "t")
        beat(scope)
        return scope

    return reader


@pytest.fixture
def begun(trainings, reader, press):
    """Return a function that opens a window in which something learns, of which an epoch is over."""
    def begun(options=LONG):
        scope = reader(options)
        press(scope, " ")
        beat(scope, lambda: trainings.current and trainings.current.report)
        return scope

    return begun


def says(scope):
    """Return what a window says: in the readout's line, and at the right of the headline."""
    return str(scope.message), scope.headline.which.text


def test_who_began_it_holds_it_and_the_others_watch(begun, reader, press, mouse):
    owner = begun()
    other = reader()
    assert owner.session.training.muted == ""
    assert says(other) == (f"{MUTED}; u shows it in the other views too", "learning, you watch")
    epoch = other.headline.moment.epoch
    beat(other, lambda: other.headline.moment.epoch > epoch)  # it goes on before their eyes
    buttons = other.view.buttons
    assert [state[1] for state in buttons.states] == [False] * 5
    before = os.listdir()
    for key in (" ", "j", "J", "r", "+", "-", "k"):
        press(other, key)
        assert other.message == MUTED, key
    for name in ("learning rate", "speed"):
        for column in range(3):
            other.message = None
            click_field(other, mouse, other.view.dials, name, column)
            assert (other.message, other.entry) == (MUTED, None)
    mouse(other, *middle(buttons.grounds[0].bounds), click=True)
    assert other.message == MUTED
    training = owner.session.training
    assert (training.running, training.pace, os.listdir()) == (True, None, before)
    press(owner, " ")
    beat(owner, lambda: at_rest(owner))
    beat(other)
    assert (says(owner)[1], says(other)[1]) == ("paused to be my-training.npz", "paused, you watch")
    assert other.headline.moment is owner.headline.moment


def test_the_other_views_of_who_watches_show_the_file_unless_they_ask(begun, reader, press):
    owner = begun()
    other = reader()
    press(other, "e")
    beat(other)
    assert (other.session.training, other.session.stage) == (None, "")
    assert other.session.whole is other.session.model.network
    assert not other.pulse.works()
    press(other, "t")
    beat(other)
    press(other, "u", "e")
    beat(other, lambda: other.session.stage.startswith("epoch "))
    stage = other.session.stage
    beat(other, lambda: other.session.stage != stage)
    assert other.session.snapshots is other.session.training.snapshots
    press(other, "t", "u", "e")
    beat(other)
    assert (other.session.training, other.session.stage) == (None, "")
    assert other.session.snapshots.path == "stand-in"
    assert owner.session.training.running


def test_who_asks_for_what_is_learned_sees_the_last_epoch_though_it_rests(reader, press):
    owner = reader()
    press(owner, "J")
    beat(owner, lambda: owner.session.training and at_rest(owner))
    other = reader()
    press(other, "u", "e")
    beat(other, lambda: other.session.stage == "epoch 1 of 1000000, paused")
    assert other.session.whole is owner.session.training.report.network


def test_who_only_watched_leaves_without_a_word(begun, reader, trainings):
    owner, other = begun(), reader()
    other.close()
    assert not trainings._leaving
    assert owner.session.training.running


def test_as_its_holder_leaves_it_is_kept_and_another_continues_it(begun, reader, press, mouse, trainings, capsys):
    owner, other = begun(), reader()
    press(other, "u")
    beat(other, lambda: other.session.stage)
    owner.close()
    beat(other, lambda: not other.session.training)
    assert other.message.startswith("what you watched has ended: stopped in epoch ")
    assert other.message.endswith("what was learned is in my-training.checkpoint.npz; its card continues it")
    assert (other.session.whole is other.session.model.network, other.session.stage) == (True, "")
    trainings.close()
    assert "to continue: python -m neuralscope.visualizer --train --resume --output my-training.npz" in (
        capsys.readouterr().err)
    card = next(card for card in range(9) if other.view.presets.cards[card][0].startswith("continue my-training"))
    mouse(other, *middle(other.view.presets.bounds(card)), click=True)
    press(other, "J")
    beat(other, lambda: other.session.training and at_rest(other))
    assert (other.session.training.muted, str(other.session.training.output)) == ("", "my-training.npz")


def test_its_holder_resets_it_and_anybody_is_free_to_begin(begun, reader, press):
    owner, other = begun(), reader()
    press(owner, "r")
    beat(owner, lambda: at_rest(owner))
    assert owner.message.startswith("stopped in epoch ")
    beat(other, lambda: not other.session.training)
    press(other, "j")
    beat(other, lambda: other.session.training and at_rest(other))
    assert other.session.training.steps == 1
    beat(owner)
    assert owner.session.training.muted == MUTED


def test_what_is_finished_keeps_nobody_from_beginning(begun, reader, press, trainings):
    owner = begun(FEW)
    other = reader(FEW)
    beat(owner, lambda: at_rest(owner))
    beat(other)
    assert says(other)[1] in ("finished, you watch", "not started")  # it may have been before they looked
    late = reader(FEW | {"seed": 1})
    assert says(late)[1] == "not started"
    if other.session.training:
        press(other, "r")
        beat(other)
    assert (other.session.training, says(other)[1]) == (None, "not started")
    press(late, " ")
    beat(late, lambda: late.session.training and at_rest(late))
    assert sorted(name for name in os.listdir() if "epochs" not in name) == ["my-training-2.npz", "my-training.npz"]
    assert says(owner)[1] == "finished in my-training.npz"  # they still see their own
    press(owner, "r")
    beat(owner, lambda: at_rest(owner))
    assert owner.message == "trained all 3 epochs; the network is in my-training.npz"


def test_of_two_who_begin_at_once_one_is_told_that_the_other_was_faster(reader, press, trainings):
    scopes = reader(), reader()
    for scope in scopes:
        press(scope, " ")
    for scope in scopes:
        beat(scope, lambda scope=scope: not scope.session.plan.launch)
    wait(lambda: trainings.current)
    for scope in scopes:
        beat(scope, lambda scope=scope: scope.session.training)
    held = [scope.session.training.muted for scope in scopes]
    assert sorted(held) == ["", MUTED]


def test_who_leaves_before_it_began_leaves_nothing(reader, press, trainings):
    scope = reader()
    press(scope, " ")
    scope.close()
    wait(lambda: trainings.current and trainings.current.closed)
    assert os.listdir() == []


def test_a_process_that_is_killed_is_told_to_all_and_the_next_one_begins(begun, reader, press, trainings):
    owner, other = begun(), reader()
    os.kill(trainings.current._process.pid, signal.SIGKILL)
    for scope in (owner, other):
        beat(scope, lambda scope=scope: scope.session.training is None or scope.session.training.failure)
    words = "the process that learned was ended from outside; nothing of it was kept"
    assert says(owner) == (words, "✗ broke off")
    assert words in other.message
    press(owner, "r", " ")
    beat(owner, lambda: owner.session.training and owner.session.training.report)
    beat(other)
    assert says(other)[1] == "learning, you watch"


def test_a_window_of_its_own_learns_in_a_thread(open_scope, press):
    scope = open_scope(view="t")
    scope.session.plan.set("epochs", 1)
    press(scope, "j")
    beat(scope, lambda: scope.session.training and at_rest(scope))
    assert scope.session.training.run


@pytest.mark.parametrize("one", FIELDS.values(), ids=lambda one: one.name)
def test_no_option_on_the_screen_can_hold_a_path(one):
    assert one.type in (int, float, tuple) or (one.type is str and one.metadata["choices"])
