"""A training at work on its own thread: told to go on, to pause, to step, and what it leaves behind."""

import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import threadpoolctl

from neuralscope.errors import InputError
from neuralscope.network import gradient_check, storage
from neuralscope.network.functions import one_hot
from neuralscope.network.options import OptionError, TrainingOptions
from neuralscope.runs import run as run_module
from neuralscope.runs.beginning import make_trainer, training_metadata
from neuralscope.runs.progress_bar import NoProgress
from neuralscope.runs.run import TrainingRun
from neuralscope.visualizer.live import observation
from neuralscope.visualizer.live import training as training_module
from neuralscope.visualizer.live.observation import SAMPLE_SIZE, update_norms
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.training import LiveTraining
from tests.helpers.trainings import rest, wait

SMALL = {"epochs": 3, "hidden": (12,), "augment": "none", "batch_size": 200}
BETWEEN_TRIES = training_module.RETRY_INTERVAL_S


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield tmp_path


@pytest.fixture
def make_run(embedded):
    """Return a function that makes the Run of some options."""
    def make_run(output="one.npz", **options):
        chosen = TrainingOptions(**(SMALL | options))
        return TrainingRun(make_trainer(chosen, embedded), Path(output), None, training_metadata(embedded, chosen, 1))

    return make_run


@pytest.fixture
def make(make_run):
    """Return a function that makes a LiveTraining, which is closed at the end."""
    made = []

    def make(run=None, **options):
        made.append(LiveTraining(run or make_run(**options)))
        return made[-1]

    yield make
    for training in made:
        training.close()


@pytest.mark.parametrize("options", [
    {}, {"augment": "elastic", "dropout": 0.2}, {"batch_size": 0, "optimizer": "sgd"},
    {"hidden": (9, 7), "optimizer": "momentum", "validation": 100, "weight_decay": 0.1}], ids=str)
def test_pausing_stepping_and_resuming_give_the_bytes_of_an_uninterrupted_run(make_run, make, options):
    whole = make_run("whole.npz", **options)
    assert whole.learn(NoProgress(), lambda: False)
    whole.finish()
    first = make(output="parts.npz", **options)
    first.tell(Command.TAKE_STEP)
    rest(first)
    first.tell(Command.TAKE_EPOCH)
    rest(first)
    first.tell(Command.START)
    first.tell(Command.PAUSE)
    rest(first)
    first.tell(Command.TAKE_STEP)
    rest(first)
    path = first.close()
    if path.name == "parts.checkpoint.npz":  # else it came to the end before the pause
        again = make_run("parts.npz", **options)
        again.resume()
        second = make(again)
        second.tell(Command.OBSERVE)
        second.tell(Command.START)
        wait(lambda: second.state.saved)
    assert Path("parts.npz").read_bytes() == Path("whole.npz").read_bytes()
    assert not Path("parts.checkpoint.npz").exists()


def test_a_step_is_one_and_an_epoch_ends_where_it_ends(make):
    training = make()
    assert (training.state.running, training.state.latest.step, training.state.steps_per_epoch) == (False, 0, 8)
    for steps in (1, 2, 3):
        training.tell(Command.TAKE_STEP)
        rest(training)
        assert training.state.latest.step == training.state.steps == steps
    for epoch in (1, 2, 3):
        training.tell(Command.TAKE_EPOCH)
        wait(lambda: training.state.idle)
        latest = training.state.latest
        assert (latest.step, latest.epoch, len(latest.rows)) == (8 * epoch, epoch, epoch)
        assert training.state.report.epoch == epoch
    wait(lambda: training.state.saved)
    assert training.state.finished
    training.tell(Command.TAKE_STEP)
    training.tell(Command.START)
    assert not training.state.running
    assert training.close() == Path("one.npz")
    assert storage.load("one.npz").metadata["epochs_run"] == 3


def test_a_pace_is_kept_and_can_be_changed_while_it_waits(make):
    training = make()
    training.tell(Command.SET_PACE, 1e-4)
    training.tell(Command.START)
    wait(lambda: training.state.steps == 1)
    time.sleep(0.05)
    assert (training.state.steps, training.state.running) == (1, True)
    training.tell(Command.TAKE_STEP)  # what is asked for comes at once
    wait(lambda: training.state.steps == 2)
    training.tell(Command.START)
    wait(lambda: training.state.steps == 3)
    training.tell(Command.SET_PACE, None)
    wait(lambda: training.state.finished)


def test_a_moment_is_a_value_and_its_figures_are_numpys(make, embedded):
    training = make(hidden=(12, 5))
    training.tell(Command.TAKE_STEP)
    rest(training)
    before = training.state.latest
    training.tell(Command.TAKE_STEP)
    rest(training)
    observation = training.state.latest
    kept = observation.network.layers[0].weights.copy()
    images, labels = embedded.train.images[:SAMPLE_SIZE], embedded.train.labels[:SAMPLE_SIZE]
    trace = observation.network.forward(images)
    for ours, theirs in zip(observation.trace.sums, trace.sums, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    wanted = observation.network.gradients(trace, one_hot(labels, 10))
    for name, gradient in observation.gradients.items():
        np.testing.assert_array_equal(gradient, wanted[name])
    for lengths, old, new in zip(
        observation.update_norms, before.network.layers, observation.network.layers, strict=True
    ):
        squares = ((new.weights - old.weights) ** 2).sum(), (old.weights**2).sum()
        assert lengths == pytest.approx(np.sqrt(squares), 1e-4)
    assert len(observation.losses) == 2
    assert (observation.check.error, observation.checked_step) == (pytest.approx(0, abs=1e-5), 2)
    with pytest.raises(ValueError, match="read-only"):
        observation.losses[0] = 0
    training.tell(Command.START)
    wait(lambda: training.state.finished)
    np.testing.assert_array_equal(observation.network.layers[0].weights, kept)
    assert len(observation.losses) == 2
    assert [step for step, _ in update_norms(observation.network, observation.network)] == [0, 0, 0]


def test_derivatives_are_checked_again_when_asked_for(make):
    training = make(epochs=10**5)
    training.tell(Command.START)
    wait(lambda: training.state.steps > 1)
    training.tell(Command.OBSERVE)
    training.tell(Command.CHECK_GRADIENTS)
    wait(lambda: training.state.latest.checked_step > 0)


def test_derivatives_are_checked_wherever_it_comes_to_rest_with_the_loss_that_is_learned(make, monkeypatch):
    training = make(weight_decay=0.1, label_smoothing=0.2)
    seen = []

    def checking(*arguments, **options):
        seen.append((options["weight_decay"], options["smoothing"]))
        return gradient_check.check_gradients(*arguments, **options)

    monkeypatch.setattr(observation, "check_gradients", checking)
    for action, steps in ((Command.TAKE_STEP, 1), (Command.TAKE_EPOCH, 8), (Command.START, 24)):
        training.tell(action)
        wait(lambda: training.state.idle)
        assert (training.state.latest.checked_step, training.state.latest.step) == (steps, steps)
        assert training.state.latest.check.error < 1e-5
    assert set(seen) == {(0.1, 0.2)}


def test_a_step_that_destroys_the_network_is_told_at_once(make):
    training = make(optimizer="sgd", schedule="constant", learning_rate=1e35)
    training.tell(Command.TAKE_STEP)
    wait(lambda: training.state.failure)
    assert training.state.failure.startswith("the loss is no longer a number (epoch 1, step 1)")
    assert training.state.latest.step == 0


def test_the_learning_rate_of_the_steps_to_come_can_be_set(make):
    training = make(optimizer="sgd", schedule="constant")
    training.tell(Command.TAKE_STEP)
    rest(training)
    before = training.state.latest.network.layers[0].weights
    training.tell(Command.SET_LEARNING_RATE, 1e-20)
    training.tell(Command.TAKE_STEP)
    rest(training)
    np.testing.assert_array_equal(training.state.latest.network.layers[0].weights, before)
    assert training.state.learning_rate == 1e-20


def test_a_rate_that_no_training_can_begin_with_is_refused_while_it_runs_too(make):
    training = make(weight_decay=0.5)
    for rate in (0.0, -1.0, np.inf, "fast", 2.0):
        with pytest.raises(OptionError):
            training.tell(Command.SET_LEARNING_RATE, rate)
    assert training.state.learning_rate == 0.002
    training.tell(Command.SET_LEARNING_RATE, 1.5)
    assert training.state.learning_rate == 1.5


def test_files_say_from_which_step_on_the_learning_rate_was_another(make, make_run):
    training = make()
    training.tell(Command.TAKE_STEP)
    rest(training)
    training.tell(Command.SET_LEARNING_RATE, 0.5)
    training.tell(Command.SET_LEARNING_RATE, 0.25)
    training.tell(Command.TAKE_STEP)
    rest(training)
    training.tell(Command.SET_LEARNING_RATE, 0.125)  # no step takes it before the end
    assert storage.load(training.close()).metadata["learning_rates"] == [[2, 0.25], [3, 0.125]]
    again = make_run()
    again.resume()
    second = make(again)
    assert second.state.learning_rate == 0.125
    second.tell(Command.START)
    wait(lambda: second.state.saved)
    metadata = storage.load("one.npz").metadata
    assert metadata["learning_rates"] == [[2, 0.25], [3, 0.125]]
    assert metadata["options"]["learning_rate"] == 0.002


def test_divergence_is_said_with_what_to_change_and_the_last_good_moment_stays(make):
    training = make(optimizer="momentum", schedule="constant")
    training.tell(Command.TAKE_EPOCH)
    rest(training)
    training.tell(Command.SET_LEARNING_RATE, 1e35)
    training.tell(Command.START)
    wait(lambda: training.state.failure)
    assert training.state.failure == (
        "the loss is no longer a number (epoch 2, step 10): r starts again; then choose a learning rate of 0.1 or "
        "less; epoch 1, the last good one, is in one.checkpoint.npz")
    assert training.state.latest.step == 8
    assert np.isfinite(training.state.latest.network.layers[0].weights).all()
    assert not training.state.running
    assert training.close() == Path("one.checkpoint.npz")
    assert storage.load("one.checkpoint.npz").metadata["epochs_run"] == 1


@pytest.fixture
def full_disk(monkeypatch):
    """Return a list: while something is in it nothing can be saved; and let checkpoints come after every epoch."""
    full, save = [True], storage.save

    def saving(network, path, *rest, **options):
        if full:
            raise InputError(f"{path}: cannot be written (No space left on device): make room")
        save(network, path, *rest, **options)

    monkeypatch.setattr(storage, "save", saving)
    monkeypatch.setattr(run_module, "CHECKPOINT_INTERVAL_S", 0)
    monkeypatch.setattr(training_module, "RETRY_INTERVAL_S", 0.01)
    return full


def test_a_full_disk_is_said_and_tried_again(make, full_disk):
    training = make()
    training.tell(Command.TAKE_EPOCH)
    rest(training)
    assert training.state.notice == ("one.checkpoint.npz: cannot be written (No space left on device): make room; "
                                     "the training goes on, and tries again")
    full_disk.clear()
    training.tell(Command.TAKE_EPOCH)
    rest(training)
    assert training.state.notice == ""
    assert storage.load("one.checkpoint.npz").metadata["epochs_run"] == 2


def test_what_cannot_be_saved_at_the_end_is_tried_until_it_can(make, full_disk):
    training = make()
    training.tell(Command.START)
    wait(lambda: training.state.finished and training.state.notice)
    time.sleep(0.03)
    assert not training.state.saved
    full_disk.clear()
    wait(lambda: training.state.saved)
    assert training.state.notice == ""
    assert training.close() == Path("one.npz")


def test_closing_on_a_full_disk_says_so(make, full_disk):
    training = make()
    training.tell(Command.TAKE_STEP)
    rest(training)
    assert training.close() is None
    assert "No space left" in training.state.notice
    assert not list(Path.cwd().iterdir())


def waits(monkeypatch):
    """Return the list of how long a training's thread is to wait, each time that it waits for a while.

    Its clock goes by these alone: nothing else takes time.
    """
    found, wait_for = [], threading.Condition.wait

    def wait(self, seconds=None):
        if threading.current_thread().name == "training" and seconds is not None:
            found.append(seconds)
        return wait_for(self, min(0.01, seconds) if seconds else seconds)

    monkeypatch.setattr(threading.Condition, "wait", wait)
    monkeypatch.setattr(training_module, "time", SimpleNamespace(monotonic=lambda: sum(found)))
    return found


def test_between_steps_it_waits_what_its_pace_leaves(make, monkeypatch):
    training, found = make(epochs=1000), waits(monkeypatch)
    training.tell(Command.SET_PACE, 4)
    training.tell(Command.START)
    wait(lambda: training.state.steps == 3)
    training.tell(Command.PAUSE)
    assert {*filter(None, found)} == {0.25}


def test_between_tries_to_save_it_waits_a_while(make, full_disk, monkeypatch):
    monkeypatch.setattr(training_module, "RETRY_INTERVAL_S", BETWEEN_TRIES)
    training, found = make(), waits(monkeypatch)
    training.tell(Command.START)
    wait(lambda: training.state.finished and training.state.notice and BETWEEN_TRIES in found)
    assert BETWEEN_TRIES == 10
    full_disk.clear()


def test_divergence_on_a_full_disk_says_what_the_checkpoint_still_holds(make, full_disk):
    full_disk.clear()
    training = make(optimizer="momentum", schedule="constant")
    training.tell(Command.TAKE_EPOCH)
    rest(training)
    full_disk.append(True)
    training.tell(Command.TAKE_EPOCH)
    rest(training)
    training.tell(Command.SET_LEARNING_RATE, 1e35)
    training.tell(Command.START)
    wait(lambda: training.state.failure)
    assert training.state.failure.endswith("learning rate of 0.1 or less")
    assert training.state.notice.endswith("make room; epoch 1 is still in one.checkpoint.npz")
    assert storage.load("one.checkpoint.npz").metadata["epochs_run"] == 1


def test_closing_while_it_runs_keeps_every_step(make):
    before = threading.enumerate()
    training = make(epochs=1000)
    training.tell(Command.START)
    wait(lambda: training.state.steps > 11)
    assert training.close() == Path("one.checkpoint.npz")
    saved = storage.load("one.checkpoint.npz")
    assert saved.metadata["epochs_run"] == training.state.steps // 8
    assert int(saved.state["position"]) == training.state.steps % 8 * 200
    assert not [thread for thread in threading.enumerate() if thread.name == "training" and thread not in before]


def test_a_training_that_took_no_step_leaves_nothing(make):
    assert make().close() is None
    assert not list(Path.cwd().iterdir())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_is_not_taken_for_a_training_that_runs(make, monkeypatch):
    training = make()
    monkeypatch.setattr(training.run.trainer, "step", lambda: 1 / 0)
    training.tell(Command.START)
    wait(lambda: training.state.failure)
    assert "fault of this program" in training.state.failure
    assert not training.state.running
