"""A training in a process of its own: the same bytes, the same face, and what is left when either process is ended."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

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
from neuralscope.visualizer.live.process_client import RemoteTraining, begin_process
from neuralscope.visualizer.live.protocol import TRAINING_FIELDS
from neuralscope.visualizer.live.setup import TrainingSetup
from tests.helpers import desktop
from tests.helpers.trainings import rest, wait

FEW = {"epochs": 3, "hidden": (5,), "augment": "none", "batch_size": 500}
LONG = FEW | {"epochs": 10**6}
CHECKPOINT = Path("my-training.checkpoint.npz")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
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
    training.start()
    wait(lambda: training.report)
    return training


def test_paused_and_continued_in_two_processes_it_has_the_bytes_of_the_command_line(begin):
    options = {"epochs": 3, "hidden": (12,), "augment": "elastic", "dropout": 0.2, "batch_size": 200}
    assert main(["--dataset", "digits", "--quiet", "--output", "whole.npz", "--epochs", "3", "--hidden", "12",
                 "--dropout", "0.2", "--batch-size", "200"]) == 0
    first = begin(options)
    for told in (first.take_step, first.take_epoch, first.take_step):
        told()
        rest(first)
    assert first.steps == first.latest.step == 9
    assert first.close() == CHECKPOINT
    again = TrainingSetup()
    again.continue_from(CHECKPOINT)
    second = begin(setup=again)
    second.observe()
    second.start()
    wait(lambda: second.saved)
    assert Path("my-training.npz").read_bytes() == Path("whole.npz").read_bytes()


def test_it_has_all_that_a_training_in_the_window_has(begin, embedded, monkeypatch):
    here, there = launcher.make_training(TrainingSetup(FEW), embedded), begin()
    try:
        public = {name for name in dir(here) if name[0] != "_"} - {"run", "lock"}
        assert public <= set(TRAINING_FIELDS) | set(dir(there))
        for training in (here, there):
            training.take_epoch()
            rest(training)
        for name in set(TRAINING_FIELDS) - {"latest", "report", "snapshots", "output"}:
            assert getattr(here, name) == getattr(there, name), name
        assert (str(here.output), str(there.output)) == ("my-training.npz", "my-training-2.npz")
        for ours, theirs in ((here.latest, there.latest), (here.report, there.report)):
            for name, array in ours.network.parameters.items():
                np.testing.assert_array_equal(array, theirs.network.parameters[name])
        assert (there.latest.check, there.latest.checked_step) == (here.latest.check, here.latest.checked_step)
        with pytest.raises(AttributeError):
            _ = there.run
    finally:
        here.close()


def test_what_is_told_is_seen_at_once_and_done(begin):
    training = begin(LONG)
    training.start()
    assert (training.running, training.idle) == (True, False)
    wait(lambda: training.steps > 5)
    training.pause()
    assert not training.running
    rest(training)
    assert training.latest.checked_step == training.latest.step == training.steps  # its last word is of its rest
    training.set_pace(1e-4)
    assert training.pace == 1e-4
    steps = training.steps
    training.start()
    wait(lambda: training.steps == steps + 1)
    assert training.running


def test_moments_come_when_they_are_asked_for_and_snapshots_one_by_one(begin):
    training = begin(FEW | {"epochs": 4})
    first = training.snapshots.networks[0]
    for _ in range(4):
        before = training.latest
        training.take_epoch()
        rest(training)
        assert training.latest is not before
    wait(lambda: training.saved)
    assert training.snapshots.networks[0] is first
    found = snapshots.read_snapshots("my-training.epochs.npz")
    np.testing.assert_array_equal(training.snapshots.epochs, found.epochs)
    for place in range(len(found)):
        for name, array in found.networks[place].parameters.items():
            np.testing.assert_array_equal(array, training.snapshots.networks[place].parameters[name])


def test_the_learning_rate_is_set_and_a_wrong_one_refused(begin):
    training = begin()
    with pytest.raises(OptionError):
        training.learning_rate = -1.0
    training.learning_rate = 0.5
    assert training.learning_rate == 0.5
    training.take_step()
    rest(training)
    assert storage.load(training.close()).metadata["learning_rates"] == [[1, 0.5]]


def test_what_no_training_can_be_made_of_is_said_as_in_the_window(embedded, folder):
    with pytest.raises(OptionError) as refused:
        RemoteTraining(TrainingSetup(FEW | {"batch_size": 5000}), embedded)
    assert (refused.value.option, "1,500 training images" in refused.value.words) == ("batch_size", True)
    with pytest.raises(LaunchError, match="digits has changed since the window was opened") as refused:
        RemoteTraining(TrainingSetup(FEW), replace(embedded, test=embedded.train))
    assert refused.value.cause == "there are no digits to learn from"
    assert names(folder) == []


def test_a_process_that_is_killed_is_said_with_what_is_left(begin, folder):
    training = learning(begin(LONG))
    os.kill(training._process.pid, signal.SIGKILL)
    wait(lambda: training.failure)
    assert training.failure == "the process that learned was ended from outside; nothing of it was kept"
    assert (training.running, training.idle, training.ended) == (False, True, True)
    training.start()  # nobody hears it
    assert (training.running, training.idle) == (False, True)
    assert training.close() is None
    assert names(folder) == []  # the name is free


def test_what_a_killed_process_kept_before_is_said(begin):
    first = begin(LONG)
    first.take_epoch()
    rest(first)
    first.close()
    setup = TrainingSetup()
    setup.continue_from(CHECKPOINT)
    second = learning(begin(setup=setup))
    os.kill(second._process.pid, signal.SIGKILL)
    wait(lambda: second.failure)
    assert second.failure == ("the process that learned was ended from outside; epoch 1 is in "
                              "my-training.checkpoint.npz")


def test_what_is_saved_is_not_lost_with_its_process(begin):
    training = begin()
    training.start()
    wait(lambda: training.saved)
    os.kill(training._process.pid, signal.SIGKILL)
    wait(lambda: training.closed)
    assert (training.failure, training.close()) == ("", Path("my-training.npz"))


def test_a_process_that_is_asked_to_end_keeps_what_it_learned(begin):
    training = learning(begin(LONG))
    os.kill(training._process.pid, signal.SIGINT)  # the window's affair
    os.kill(training._process.pid, signal.SIGTERM)
    wait(lambda: training.failure)
    assert re.fullmatch(r"the process that learned was ended from outside; epoch \d+ is in my-training.checkpoint.npz",
                        training.failure)
    assert storage.load(CHECKPOINT).metadata["epochs_run"] == training.steps // training.steps_per_epoch
    assert not is_held(Path("my-training.npz"))


def test_ctrl_c_does_not_reach_a_process_that_just_begins(embedded):
    pipe, process = begin_process(TrainingSetup(FEW), embedded)
    os.kill(process.pid, signal.SIGINT)
    assert "latest" in pipe.recv()
    pipe.close()
    process.join()
    assert process.exitcode == 0


def test_a_process_that_ends_before_there_is_a_training_is_said(embedded):
    with pytest.raises(InputError, match="has ended; try again"):
        RemoteTraining(TrainingSetup(FEW), replace(embedded, reload=end_it))


def end_it():
    os._exit(3)


PARENT = """
from neuralscope.data_loader import load
from neuralscope.visualizer.live.setup import TrainingSetup
from neuralscope.visualizer.live.process_client import RemoteTraining

training = RemoteTraining(TrainingSetup({"epochs": 10**6, "hidden": (5,), "batch_size": 500}), load("digits"))
training.start()
while not training.report:
    pass
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
        assert program.communicate(timeout=20)[0] == ""  # so all who could have written have ended
    assert storage.load(CHECKPOINT).metadata["epochs_run"] >= 1
    assert names(folder) == ["my-training.checkpoint.epochs.npz", "my-training.checkpoint.npz"]
