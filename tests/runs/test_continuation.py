"""A finished network goes on for more epochs: its weights and history as they are, the rest anew, and said."""

import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest

from neuralscope.network import Trainer, load, save
from neuralscope.network.optimizers import SCHEDULES
from neuralscope.network.options import TrainingOptions
from neuralscope.runs.beginning import make_trainer
from neuralscope.runs.continuation import continued_state
from tests.helpers.command_runs import files, refusal, train, train_and_stop, train_once

FINISHED = "trained_weights.npz"


@pytest.fixture(autouse=True)
def finished(warm, trained, tmp_path, monkeypatch):
    """A network that has finished its two epochs in an empty current folder."""
    monkeypatch.chdir(tmp_path)
    train_once(trained, "--epochs", "2")
    return load(FINISHED)


def test_it_goes_on_with_the_weights_and_the_history_and_says_what_begins_anew(finished, capsys):
    assert train("--resume", "--epochs", "4") == 0
    assert capsys.readouterr().err.startswith(
        f"{FINISHED} has finished its 2 epochs: goes on to 4, with the learning rate of their schedule; the optimizer "
        "begins anew, for the file does not hold its state\n")
    saved = load(FINISHED)
    assert (saved.metadata["epochs_run"], saved.metadata["options"]["epochs"]) == (4, 4)
    assert saved.metadata["continued_after"] == [2]
    for name, column in finished.history.items():
        np.testing.assert_array_equal(saved.history[name][:2], column)
    assert saved.history["epoch"].tolist() == [1, 2, 3, 4]
    assert saved.history["loss"][2] < finished.history["loss"][1]
    train("--resume", "--epochs", "5", "--quiet")
    assert load(FINISHED).metadata["continued_after"] == [2, 4]


def test_its_first_step_is_that_of_a_new_optimizer_at_the_rate_of_the_longer_schedule(finished, embedded, monkeypatch):
    seen, learn = [], Trainer.learn

    def look(self, images, labels):
        before = self.network.parameters
        result = learn(self, images, labels)
        if not seen:
            seen.append((before, self.network.parameters))
        return result

    monkeypatch.setattr(Trainer, "learn", look)
    train("--resume", "--epochs", "8", "--quiet")
    [(before, after)] = seen
    for name, array in finished.network.parameters.items():
        np.testing.assert_array_equal(before[name], array)
    rate = 0.002 * SCHEDULES["cosine"](2 / 8)
    step = np.abs(after["b1"] - before["b1"])  # Adam's first is the rate for whatever gradient
    assert np.median(step[step > 0]) == pytest.approx(rate, rel=0.01)


def test_the_order_of_its_images_is_none_of_those_before(finished, embedded, monkeypatch):
    options = TrainingOptions(hidden=(12,), batch_size=250, augment="none", epochs=4)
    first = make_trainer(options, embedded)
    orders = [first.order.copy()]
    for _ in range(2):
        first.finish_epoch()
        orders.append(first.order.copy())
    second = make_trainer(options, embedded)
    second.state = continued_state(second, finished)
    assert all((order != second.order).any() for order in orders)
    again = make_trainer(options, embedded)
    again.state = continued_state(again, finished)
    np.testing.assert_array_equal(second.order, again.order)
    again = make_trainer(options, embedded)
    again.state = continued_state(again, dataclasses.replace(finished, metadata=finished.metadata | {"epochs_run": 3}))
    assert (second.order != again.order).any()


@pytest.mark.parametrize("steps", [0, 7, 11])
def test_stopped_it_is_resumed_to_the_same_bytes(steps, capsys):
    original = Path(FINISHED).read_bytes()
    words = "--resume", "--epochs", "5", "--quiet"
    Path("straight.npz").write_bytes(original)
    train(*words, "--output", "straight.npz")
    assert train_and_stop(steps, *words) == 130
    assert Path(FINISHED).read_bytes() == original
    assert train(*words, "--log", "log") == 0
    assert Path(FINISHED).read_bytes() == Path("straight.npz").read_bytes()
    rows = [json.loads(line) for line in Path("log").read_text().splitlines()]
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["seconds"] is None  # a finished file does not hold them


def test_its_snapshots_begin_there(capsys):
    train("--resume", "--epochs", "4", "--snapshots")
    assert "the snapshots begin here" in capsys.readouterr().err
    assert "trained_weights.epochs.npz" in files()


@pytest.mark.parametrize(("words", "line"), [
    (["--epochs", "2"], f"{FINISHED}: has finished its 2 epochs; give more with --epochs, or leave out --resume"),
    (["--epochs", "1"], f"{FINISHED}: has finished its 2 epochs; give more with --epochs, or leave out --resume"),
    (["--epochs", "4", "--seed", "7"], f"{FINISHED}: was made with --seed 0, not 7; give the same again, or leave out "
                                       "--resume"),
])
def test_what_cannot_go_on_is_refused(words, line):
    before = Path(FINISHED).read_bytes()
    assert refusal("--resume", *words) == line
    assert Path(FINISHED).read_bytes() == before
    assert files() == [FINISHED]


def test_another_version_or_number_of_threads_may_continue_it_but_no_other_data(finished):
    def change(**metadata):
        save(finished.network, FINISHED, finished.metadata | metadata, finished.history)

    change(numpy="1.0", neuralscope="0.0", threads=7)
    assert train("--resume", "--epochs", "3", "--quiet") == 0
    change(train_sha256="x")
    assert "other training images" in refusal("--resume", "--epochs", "4")
    change(options=finished.metadata["options"] | {"hidden": [13]})
    assert "was made with --hidden [13], not [12]" in refusal("--resume", "--epochs", "4")


def test_a_file_that_is_not_what_it_says_is_refused(finished):
    short = {name: column[:1] for name, column in finished.history.items()}
    save(finished.network, FINISHED, finished.metadata, short)
    assert "it holds no network that can be read" in refusal("--resume", "--epochs", "4")
    os.remove(FINISHED)
    assert "no such checkpoint to continue" in refusal("--resume", "--epochs", "4")


def test_a_rate_that_was_changed_in_the_window_is_the_chosen_one_again(finished):
    save(finished.network, FINISHED, finished.metadata | {"learning_rates": [[3, 0.5]]}, finished.history)
    train("--resume", "--epochs", "3", "--quiet")
    assert load(FINISHED).metadata["learning_rates"] == [[3, 0.5], [13, 0.002]]
