"""A training in a process of its own: the same bytes, the same face, and what is left when either process is ended."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.__main__ import main
from neuralscope.network.options import OptionError
from neuralscope.runs import snapshots
from neuralscope.runs.lock import is_held
from neuralscope.visualizer.live import launcher
from neuralscope.visualizer.live.launcher import LaunchError
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.process_client import RemoteTraining, begin_process
from neuralscope.visualizer.live.protocol import Training
from neuralscope.visualizer.live.setup import TrainingSetup
from neuralscope.visualizer.live.shared import WatchedTraining
from tests.helpers import desktop
from tests.helpers.trainings import rest, wait

FEW = {"epochs": 3, "hidden": (5,), "augment": "none", "batch_size": 500}
LONG = FEW | {"epochs": 10**6}
CHECKPOINT = Path("my-training.checkpoint.npz")


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def begin(embedded):
    """Return a function that begins the training of some options, or of a plan; all are closed at the end."""
    made = []

    def begin(options=None, setup=None, dataset=embedded):
        made.append(RemoteTraining(setup or TrainingSetup(options or FEW), dataset))
        return made[-1]

    yield begin
    for training in made:
        training.close()
        assert training._process.exitcode is not None


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def learning(training):
    """Let a training learn until an epoch is over."""
    training.tell(Command.START)
    wait(lambda: training.state.report)
    return training


def test_paused_and_continued_in_two_processes_it_has_the_bytes_of_the_command_line(begin):
    options = {"epochs": 3, "hidden": (12,), "augment": "elastic", "dropout": 0.2, "batch_size": 200}
    assert main(["--dataset", "digits", "--quiet", "--output", "whole.npz", "--epochs", "3", "--hidden", "12",
                 "--dropout", "0.2", "--batch-size", "200"]) == 0
    first = begin(options)
    for told in (Command.TAKE_STEP, Command.TAKE_EPOCH, Command.TAKE_STEP):
        first.tell(told)
        rest(first)
    assert first.state.steps == first.state.latest.step == 9
    assert first.close() == CHECKPOINT
    again = TrainingSetup()
    again.continue_from(CHECKPOINT)
    second = begin(setup=again)
    second.tell(Command.OBSERVE)
    second.tell(Command.START)
    wait(lambda: second.state.saved)
    assert Path("my-training.npz").read_bytes() == Path("whole.npz").read_bytes()


def test_it_has_all_that_a_training_in_the_window_has(begin, embedded, monkeypatch):
    here, there = launcher.make_training(TrainingSetup(FEW), embedded), begin()
    try:
        public = {name for name in dir(here) if name[0] != "_"} - {"run", "lock"}
        assert public == {name for name in dir(there) if name[0] != "_"}
        watched = WatchedTraining(there, SimpleNamespace(follows_training=False))
        assert all(isinstance(training, Training) for training in (here, there, watched))
        for training in (here, there):
            training.tell(Command.TAKE_EPOCH)
            rest(training)
        apart = {"latest", "report", "snapshots", "output", "checkpoint_epochs"}  # the last one goes by the clock
        for name in {field.name for field in fields(here.state)} - apart:
            assert getattr(here.state, name) == getattr(there.state, name), name
        assert (str(here.state.output), str(there.state.output)) == ("my-training.npz", "my-training-2.npz")
        for ours, theirs in ((here.state.latest, there.state.latest), (here.state.report, there.state.report)):
            for name, array in ours.network.parameters.items():
                np.testing.assert_array_equal(array, theirs.network.parameters[name])
        ours, theirs = here.state.latest, there.state.latest
        assert (theirs.check, theirs.checked_step) == (ours.check, ours.checked_step)
        with pytest.raises(AttributeError):
            _ = there.run
    finally:
        here.close()


def test_what_is_told_is_seen_at_once_and_done(begin):
    training = begin(LONG)
    training.tell(Command.START)
    assert (training.state.running, training.state.idle) == (True, False)
    wait(lambda: training.state.steps > 5)
    training.tell(Command.PAUSE)
    assert not training.state.running
    rest(training)
    state = training.state  # its last word is of its rest
    assert state.latest.checked_step == state.latest.step == state.steps
    training.tell(Command.SET_PACE, 1e-4)
    assert training.state.pace == 1e-4
    steps = training.state.steps
    training.tell(Command.START)
    wait(lambda: training.state.steps == steps + 1)
    assert training.state.running


def test_moments_come_when_they_are_asked_for_and_snapshots_one_by_one(begin):
    training = begin(FEW | {"epochs": 4})
    first = training.state.snapshots.networks[0]
    for _ in range(4):
        before = training.state.latest
        training.tell(Command.TAKE_EPOCH)
        rest(training)
        assert training.state.latest is not before
    wait(lambda: training.state.saved)
    assert training.state.snapshots.networks[0] is first
    found = snapshots.read_snapshots("my-training.epochs.npz")
    np.testing.assert_array_equal(training.state.snapshots.epochs, found.epochs)
    for place in range(len(found)):
        for name, array in found.networks[place].parameters.items():
            np.testing.assert_array_equal(array, training.state.snapshots.networks[place].parameters[name])


def test_the_learning_rate_is_set_and_a_wrong_one_refused(begin):
    training = begin()
    with pytest.raises(OptionError):
        training.tell(Command.SET_LEARNING_RATE, -1.0)
    training.tell(Command.SET_LEARNING_RATE, 0.5)
    assert training.state.learning_rate == 0.5
    training.tell(Command.TAKE_STEP)
    rest(training)
    assert storage.load(training.close()).metadata["learning_rates"] == [[1, 0.5]]


def test_what_no_training_can_be_made_of_is_said_as_in_the_window(embedded, folder):
    with pytest.raises(OptionError) as refused:
        RemoteTraining(TrainingSetup(FEW | {"batch_size": 5000}), embedded)
    assert (refused.value.option, "1,500 training images" in refused.value.problem) == ("batch_size", True)
    with pytest.raises(LaunchError, match="digits has changed since the window was opened") as refused:
        RemoteTraining(TrainingSetup(FEW), replace(embedded, test=embedded.train))
    assert refused.value.cause == "there are no digits to learn from"
    assert names(folder) == []


def test_a_process_that_is_killed_is_said_with_what_is_left(begin, folder):
    training = learning(begin(LONG))
    os.kill(training._process.pid, signal.SIGKILL)
    wait(lambda: training.state.failure)
    assert training.state.failure == "the process that learned was ended from outside; nothing of it was kept"
    assert (training.state.running, training.state.idle, training.state.ended) == (False, True, True)
    training.tell(Command.START)  # nobody hears it
    assert (training.state.running, training.state.idle) == (False, True)
    assert training.close() is None
    assert names(folder) == []  # the name is free


def test_what_a_killed_process_kept_before_is_said(begin):
    first = begin(LONG)
    first.tell(Command.TAKE_EPOCH)
    rest(first)
    first.close()
    setup = TrainingSetup()
    setup.continue_from(CHECKPOINT)
    second = learning(begin(setup=setup))
    os.kill(second._process.pid, signal.SIGKILL)
    wait(lambda: second.state.failure)
    assert second.state.failure == ("the process that learned was ended from outside; epoch 1 is in "
                              "my-training.checkpoint.npz")


def test_what_is_saved_is_not_lost_with_its_process(begin):
    training = begin()
    training.tell(Command.START)
    wait(lambda: training.state.saved)
    os.kill(training._process.pid, signal.SIGKILL)
    wait(lambda: training.state.closed)
    assert (training.state.failure, training.close()) == ("", Path("my-training.npz"))


def test_a_process_that_is_asked_to_end_keeps_what_it_learned(begin):
    training = learning(begin(LONG))
    os.kill(training._process.pid, signal.SIGINT)  # the window's affair
    os.kill(training._process.pid, signal.SIGTERM)
    wait(lambda: training.state.failure)
    assert re.fullmatch(r"the process that learned was ended from outside; epoch \d+ is in my-training.checkpoint.npz",
                        training.state.failure)
    assert storage.load(CHECKPOINT).metadata["epochs_run"] == training.state.steps // training.state.steps_per_epoch
    assert not is_held(Path("my-training.npz"))


def test_neither_ctrl_c_nor_the_end_of_the_terminal_reaches_a_process_that_just_begins(embedded):
    pipe, process = begin_process(TrainingSetup(FEW), embedded)
    os.kill(process.pid, signal.SIGINT)
    os.kill(process.pid, signal.SIGHUP)
    assert "latest" in pipe.recv()[1]
    pipe.close()
    process.join()
    assert process.exitcode == 0


def test_a_process_that_ends_before_there_is_a_training_is_said(embedded):
    with pytest.raises(InputError, match="has ended; try again"):
        RemoteTraining(TrainingSetup(FEW), replace(embedded, reload=end_it))


def end_it():
    os._exit(3)


PARENT = """
import time

from neuralscope.data_loader import load
from neuralscope.visualizer.live.setup import TrainingSetup
from neuralscope.visualizer.live.process_client import RemoteTraining
from neuralscope.visualizer.live.phases import Command

training = RemoteTraining(TrainingSetup({"epochs": 10**6, "hidden": (5,), "batch_size": 500}), load("digits"))
training.tell(Command.START)
while not training.state.report:
    time.sleep(0.01)
print("learning", flush=True)
training._reader.join()
"""


def test_a_window_that_is_killed_takes_its_training_along_and_that_keeps_what_it_learned(folder):
    with subprocess.Popen([sys.executable, "-c", PARENT], env=desktop.environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout.readline() == "learning\n", program.stderr.read()
        finally:
            program.kill()
        assert program.communicate(timeout=60)[0] == ""  # so all who could have written have ended
    assert storage.load(CHECKPOINT).metadata["epochs_run"] >= 1
    assert names(folder) == ["my-training.checkpoint.epochs.npz", "my-training.checkpoint.npz"]


TRACKER = """
import os, signal, time
from multiprocessing.resource_tracker import _resource_tracker as tracker
from neuralscope.visualizer.live.process_client import interrupts_held
with interrupts_held():
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ())
for number in (signal.SIGINT, signal.SIGHUP):
    os.kill(tracker._pid, number)
time.sleep(0.2)
print(sorted(held) == [signal.SIGHUP, signal.SIGINT], os.waitpid(tracker._pid, os.WNOHANG), signal.pthread_sigmask(
    signal.SIG_BLOCK, ()))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_end_of_the_terminal_does_not_reach_the_process_that_multiprocessing_begins_for_itself():
    """It would begin another, with a warning, for the next process."""
    done = subprocess.run([sys.executable, "-c", TRACKER], env=desktop.environment(), capture_output=True, text=True,
                          check=False)
    assert (done.stdout, done.stderr) == ("True (0, 0) set()\n", "")


SCRIPT = """
from neuralscope.data_loader import load
from neuralscope.visualizer.live.process_client import RemoteTraining
from neuralscope.visualizer.live.setup import TrainingSetup

print("run", flush=True)
training = RemoteTraining(TrainingSetup({"epochs": 1, "hidden": (5,), "augment": "none"}), load("digits"))
training.close()
print(training.state.failure or "trained", __spec__)
"""


@pytest.mark.parametrize("given", ["", "__file__ = 'window.ipynb'"])
def test_a_script_without_a_guard_and_a_notebook_with_a_file_are_not_run_again(folder, given):
    (folder / "script.py").write_text(f"{given}\n{SCRIPT}")
    (folder / "window.ipynb").write_text("{}{")
    done = subprocess.run([sys.executable, "script.py"], env=desktop.environment(), capture_output=True, text=True,
                          check=False)
    assert (done.stdout, done.stderr) == ("run\ntrained None\n", "")
