"""One training for all who look at a server: who began it holds it, the others watch."""

import dataclasses
import os
import shutil
import signal
import time

import pytest

from neuralscope.visualizer.arguments import find_snapshots
from neuralscope.visualizer.drawing import text
from neuralscope.visualizer.live import server_files
from neuralscope.visualizer.live.setup import OPTION_FIELDS
from neuralscope.visualizer.live.shared import READ_ONLY_TEXT, SharedTraining
from neuralscope.visualizer.views import VIEWS
from tests.helpers.trainings import poll, wait, wait_until_idle
from tests.helpers.views import click_field, middle

FEW = {"epochs": 3, "hidden": (12,), "augment": "none", "batch_size": 500}
LONG = FEW | {"epochs": 10**6}


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shared_training():
    """Return the trainings of a server, which has ended at the end."""
    shared_training = SharedTraining()
    yield shared_training
    shared_training.close()


@pytest.fixture
def reader(shared_training, open_window, press):
    """Return a function that opens a window of another reader in the train view, with options of a training."""
    def reader(options=LONG):
        window = open_window()
        shared_training.add_session(window.session)
        for name, value in options.items():
            window.session.training_setup.set(name, value)
        press(window, "t")
        poll(window)
        return window

    return reader


@pytest.fixture
def begun(shared_training, reader, press):
    """Return a function that opens a window in which something learns, of which an epoch is over."""
    def begun(options=LONG):
        window = reader(options)
        press(window, " ")
        poll(window, lambda: shared_training.current and shared_training.current.state.report)
        return window

    return begun


def says(window):
    """Return what a window says: in the readout's line, and at the right of the headline."""
    return str(window.message), window.headline.subject.text


def test_who_began_it_holds_it_and_the_others_watch(begun, reader, press, mouse):
    owner = begun()
    other = reader()
    assert owner.session.training.read_only == ""
    assert says(other) == (f"{READ_ONLY_TEXT}; u shows it in the other views too", "learning, you watch")
    epoch = other.headline.observation.epoch
    poll(other, lambda: other.headline.observation.epoch > epoch)  # it goes on before their eyes
    buttons = other.view.buttons
    assert [state[1] for state in buttons.states] == [False] * 5
    before = os.listdir()
    for key in (" ", "j", "J", "r", "+", "-", "k"):
        press(other, key)
        assert other.message == READ_ONLY_TEXT, key
    for name in ("learning rate", "speed"):
        for column in range(3):
            other.message = None
            click_field(other, mouse, other.view.controls, name, column)
            assert (other.message, other.prompt) == (READ_ONLY_TEXT, None)
    mouse(other, *middle(buttons.grounds[0].bounds), click=True)
    assert other.message == READ_ONLY_TEXT
    training = owner.session.training
    assert (training.state.running, training.state.pace, os.listdir()) == (True, None, before)
    press(owner, " ")
    poll(owner, lambda: wait_until_idle(owner))
    poll(other)
    assert (says(owner)[1], says(other)[1]) == ("paused to be my-training.npz", "paused, you watch")
    assert other.headline.observation is owner.headline.observation


def test_the_other_views_of_who_watches_show_the_file_unless_they_ask(begun, reader, press):
    owner = begun()
    other = reader()
    press(other, "e")
    poll(other)
    assert (other.session.training, other.session.network_label) == (None, "")
    assert other.session.base_network is other.session.model.network
    assert not other.training_sync.is_awaiting()
    press(other, "t")
    poll(other)
    press(other, "u", "e")
    poll(other, lambda: other.session.network_label.startswith("epoch "))
    stage = other.session.network_label
    poll(other, lambda: other.session.network_label != stage)
    assert other.session.snapshots is other.session.training.state.snapshots
    press(other, "t", "u", "e")
    poll(other)
    assert (other.session.training, other.session.network_label) == (None, "")
    assert other.session.snapshots.path == "stand-in"
    assert owner.session.training.state.running


def test_who_asks_for_what_is_learned_sees_the_last_epoch_though_it_rests(reader, press):
    owner = reader()
    press(owner, "J")
    poll(owner, lambda: owner.session.training and wait_until_idle(owner))
    other = reader()
    press(other, "u", "e")
    poll(other, lambda: other.session.network_label == "epoch 1 of 1000000, paused")
    assert other.session.base_network is owner.session.training.state.report.network


def test_who_only_watched_leaves_without_a_word(begun, reader, shared_training):
    owner, other = begun(), reader()
    other.close()
    assert not shared_training._shutdown_threads
    assert owner.session.training.state.running


def test_as_its_holder_leaves_it_is_kept_and_another_continues_it(begun, reader, press, mouse, shared_training, capsys):
    owner, other = begun(), reader()
    press(other, "u")
    poll(other, lambda: other.session.network_label)
    owner.close()
    poll(other, lambda: not other.session.training)
    assert other.message.startswith("what you watched has ended: stopped in epoch ")
    assert other.message.endswith("what was learned is in my-training.checkpoint.npz; for a day its card continues it")
    assert (other.session.base_network is other.session.model.network, other.session.network_label) == (True, "")
    shared_training.close()
    assert "to continue: python -m neuralscope.visualizer --train --resume --output my-training.npz" in (
        capsys.readouterr().err)
    card = next(card for card in range(9) if other.view.preset_cards.cards[card][0].startswith("continue my-training"))
    mouse(other, *middle(other.view.preset_cards.bounds(card)), click=True)
    press(other, "J")
    poll(other, lambda: other.session.training and wait_until_idle(other))
    assert (other.session.training.read_only, str(other.session.training.state.output)) == ("", "my-training.npz")


def test_its_holder_resets_it_and_anybody_is_free_to_begin(begun, reader, press):
    owner, other = begun(), reader()
    press(owner, "r")
    poll(owner, lambda: wait_until_idle(owner))
    assert owner.message.startswith("stopped in epoch ")
    poll(other, lambda: not other.session.training)
    press(other, "j")
    poll(other, lambda: other.session.training and wait_until_idle(other))
    assert other.session.training.state.steps == 1
    poll(owner)
    assert owner.session.training.read_only == READ_ONLY_TEXT


def test_of_less_than_an_epoch_nothing_is_left_after_a_reset(reader, press, folder):
    owner = reader(LONG)
    press(owner, "j")
    poll(owner, lambda: owner.session.training and wait_until_idle(owner) and owner.session.training.state.steps == 1)
    assert list(folder.glob("*.npz"))
    press(owner, "r")
    poll(owner, lambda: wait_until_idle(owner))
    assert owner.message == "less than an epoch was learned, and nothing of it is kept"
    assert not list(folder.glob("*.npz"))


def test_what_a_reader_left_goes_after_a_day_and_nobody_else_s(begun, reader, press, folder, monkeypatch):
    owner, long_ago = begun(), time.time() - server_files.MAX_CHECKPOINT_AGE_S - 60
    checkpoint = folder / "my-training.checkpoint.npz"
    os.utime(checkpoint, (long_ago, long_ago))
    reader()
    assert checkpoint.exists()  # it is being learned
    press(owner, "r")
    poll(owner, lambda: wait_until_idle(owner))
    reader()
    assert checkpoint.exists()
    os.utime(checkpoint, (long_ago, long_ago))
    with monkeypatch.context() as patch:
        patch.setattr(server_files, "READER_MARK", {"begun_by": "another"})
        reader()
    assert checkpoint.exists()
    reader()
    assert not list(folder.glob("*.npz"))


def test_where_there_is_no_room_no_training_begins(reader, press, folder, shared_training):
    shared_training.disk_bytes = 10**6
    (folder / "my-training.npz").write_bytes(bytes(10**6 - 1000))  # another name is taken
    owner = reader(FEW)
    press(owner, " ")
    poll(owner, lambda: wait_until_idle(owner))
    assert "of the 1 MB they may have" in owner.message
    assert [path.name for path in folder.glob("*.npz")] == ["my-training.npz"]


def test_no_reader_is_told_of_a_folder(shared_training, open_window, press, shipped, folder, monkeypatch):
    """All that any view says, while a training runs, is kept and fails, with a network and an output elsewhere."""
    heard, place = [], folder / "secret place"
    place.mkdir()
    set_runs = text.Line.set_runs
    monkeypatch.setattr(text.Line, "set_runs", lambda line, *wordings: (
        heard.extend(run.text for runs in wordings for run in runs), set_runs(line, *wordings)))
    window = open_window(dataclasses.replace(shipped, path=place / "network.npz"), snapshots=None)
    session = window.session
    session.snapshot_choice.look_for_snapshots = lambda: find_snapshots(session.model)
    session.download = lambda name, content: f"{name} is sent"
    shared_training.add_session(session)
    session.training_setup.output = place / "learned.npz"
    for name, value in FEW.items():
        session.training_setup.set(name, value)

    def look_around():
        for view in VIEWS:
            press(window, view.key)
            poll(window)
            heard.append(str(window.message))

    look_around()
    press(window, "t", " ")
    poll(window, lambda: session.training and wait_until_idle(window) and session.training.state.saved)
    press(window, "k")
    look_around()
    press(window, "t", "r")
    poll(window, lambda: wait_until_idle(window))
    heard.append(window.message)
    shutil.rmtree(place)
    press(window, " ")
    poll(window, lambda: wait_until_idle(window))
    heard.append(window.message)
    (place.parent / "secret place").write_bytes(b"")  # no folder any more
    assert "learned.npz" in " ".join(heard)
    assert session.training_setup.failure
    look_around()
    assert not [words for words in heard if "secret" in words or str(folder) in words]
    assert len(heard) > 100


def test_what_is_finished_keeps_nobody_from_beginning(begun, reader, press, shared_training):
    owner = begun(FEW)
    other = reader(FEW)
    poll(owner, lambda: wait_until_idle(owner))
    poll(other)
    assert says(other)[1] in ("finished, you watch", "not started")  # it may have been before they looked
    late = reader(FEW | {"seed": 1})
    assert says(late)[1] == "not started"
    if other.session.training:
        press(other, "r")
        poll(other)
    assert (other.session.training, says(other)[1]) == (None, "not started")
    press(late, " ")
    poll(late, lambda: late.session.training and wait_until_idle(late))
    assert sorted(name for name in os.listdir() if "epochs" not in name) == ["my-training-2.npz", "my-training.npz"]
    assert says(owner)[1] == "finished in my-training.npz"  # they still see their own
    press(owner, "r")
    poll(owner, lambda: wait_until_idle(owner))
    assert owner.message == "trained all 3 epochs; the network is in my-training.npz"


def test_of_two_who_begin_at_once_one_is_told_that_the_other_was_faster(reader, press, shared_training):
    scopes = reader(), reader()
    for window in scopes:
        press(window, " ")
    for window in scopes:
        poll(window, lambda window=window: not window.session.training_setup.launcher)
    wait(lambda: shared_training.current)
    for window in scopes:
        poll(window, lambda window=window: window.session.training)
    held = [window.session.training.read_only for window in scopes]
    assert sorted(held) == ["", READ_ONLY_TEXT]


def test_who_leaves_before_it_began_leaves_nothing(reader, press, shared_training):
    window = reader()
    press(window, " ")
    window.close()
    wait(lambda: shared_training.current and shared_training.current.state.closed)
    assert os.listdir() == []


def test_a_process_that_is_killed_is_told_to_all_and_the_next_one_begins(begun, reader, press, shared_training):
    owner, other = begun(), reader()
    os.kill(shared_training.current._process.pid, signal.SIGKILL)
    for window in (owner, other):
        poll(window, lambda window=window: window.session.training is None or window.session.training.state.failure)
    words = "the process that learned was ended from outside; nothing of it was kept"
    assert says(owner) == (words, "✗ broke off")
    assert words in other.message
    press(owner, "r", " ")
    poll(owner, lambda: owner.session.training and owner.session.training.state.report)
    poll(other)
    assert says(other)[1] == "learning, you watch"


def test_a_window_of_its_own_learns_in_a_thread(open_window, press):
    window = open_window(view="t")
    window.session.training_setup.set("epochs", 1)
    press(window, "j")
    poll(window, lambda: window.session.training and wait_until_idle(window))
    assert window.session.training.run


@pytest.mark.parametrize("one", OPTION_FIELDS.values(), ids=lambda one: one.name)
def test_no_option_on_the_screen_can_hold_a_path(one):
    assert one.type in (int, float, tuple) or (one.type is str and one.metadata["choices"])
