"""The race: real ones on the embedded digits, who is missing, and the table's arithmetic. No clock is asserted."""

import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.race import main, processor_choices, run_race
from benchmarks.race_contestants import QUICK, Quick, ScikitLearnRecipe
from benchmarks.race_others import CLoop
from benchmarks.race_table import CONTESTANTS, arrival, table_lines
from neuralscope.data_loader import Digits
from neuralscope.errors import InputError
from neuralscope.network import Trainer
from tests.helpers.environment import PROJECT
from tests.helpers.tables import cells, tables

LITTLE = ["--dataset", "digits", "--seeds", "1", "--cores", "one", "--percent", "50", "101"]


def races(*seconds):
    """Return races that read 98 % after these seconds, and 97 % half as soon."""
    return [{"ready": 0.0, "rows": [{"percent": 97.0, "learning": each / 2}, {"percent": 98.2, "learning": each}]}
            for each in seconds]


@pytest.mark.slow
def test_who_races_reaches_what_is_easy_and_fails_at_what_cannot_be(tmp_path):
    names, path = ["quick", "quick-command", "scikit-learn-recipe"], tmp_path / "races.json"
    done = subprocess.run([sys.executable, "-m", "benchmarks.race", *LITTLE, "--json", str(path), "--only", *names],
                          cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    learning, process, _ = tables(done.stdout)
    assert [row["contestant"] for row in learning] == [row["contestant"] for row in process] == names
    assert {row["101 %"] for row in learning + process} == {"1 of 1 failed"}
    assert learning[0]["50 % / quick"] == process[0]["50 % / quick"] == "1.00"
    [results] = json.loads(path.read_text()).values()
    for [race] in results.values():
        ours = race["rows"]
        assert ours[-1]["epochs"] == QUICK.epochs
        assert ours[-1]["percent"] > 75
        assert all(row["process"] > row["learning"] > 0 for row in ours)
    halves, epochs = (results[name][0]["rows"] for name in names[:2])
    assert [row["epochs"] for row in halves] == [0.5 * number for number in range(1, 9)]
    assert [row["epochs"] for row in epochs] == [1, 2, 3, 4]
    assert [row["percent"] for row in halves[1::2]] == pytest.approx([row["percent"] for row in epochs])


def test_a_contestant_that_is_not_there_gets_a_line(warm, monkeypatch, capsys):
    from benchmarks.race_others import Jax
    from benchmarks.race_torch import TorchUsual

    monkeypatch.setattr(Jax, "package", "not_there")
    monkeypatch.setattr(TorchUsual, "package", "not_there")
    assert main([*LITTLE, "--only", "jax", "pytorch-usual", "pytorch-best"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [f"pytorch-usual: not installed: {TorchUsual.install}",
                         f"pytorch-best: not installed: {TorchUsual.install}", "jax: not installed: pip install jax"]


def test_who_breaks_down_is_told_of_by_its_last_line():
    job = {"name": "quick", "seed": 0, "dataset": "digits", "processors": [10_000], "percent": [50], "limit": 1}
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("a process cannot be bound to a processor here")
    with pytest.raises(RuntimeError, match="Invalid argument"):
        run_race(job)


@pytest.mark.parametrize(("words", "complaint"), [
    (["--seeds", "0"], "--seeds 0: "), (["--core", "10000"], "--core 10000: "), (["--dataset", "none"], "'none'")])
def test_what_cannot_be_measured_is_refused_before_anything_is(words, complaint):
    with pytest.raises(InputError, match=complaint):
        main([*LITTLE, *words])


def test_medians_spreads_ratios_and_failures():
    never = [{"ready": 1.5, "rows": [{"percent": 90.0, "learning": 9.0}]}]
    runs = {"quick": races(2, 4, 3), "slow": races(6, 9, 30), "some": races(5, 6) + never, "few": races(5) + 2 * never,
            "none": never}
    lines = [cells(line) for line in table_lines(runs, [97, 98], "learning")]
    assert lines[0] == ["contestant", "97 %", "97 % / quick", "98 %", "98 % / quick", "made ready", "last %"]
    assert lines[2:] == [
        ["quick", "1.50 (1.00 to 2.00)", "1.00", "3.00 (2.00 to 4.00)", "1.00", "-", "98.20"],
        ["slow", "4.50 (3.00 to 15.00)", "3.00", "9.00 (6.00 to 30.00)", "3.00", "-", "98.20"],
        ["some", "3.00 (2.50 to 3.00), 1 of 3 failed", "2.00", "6.00 (5.00 to 6.00), 1 of 3 failed", "2.00", "-",
         "98.20"],
        ["few", "never (2.50 to 2.50), 2 of 3 failed", "-", "never (5.00 to 5.00), 2 of 3 failed", "-", "1.50",
         "90.00"],
        ["none", "1 of 1 failed", "-", "1 of 1 failed", "-", "1.50", "90.00"]]


def test_it_arrives_when_it_is_first_judged_good_enough():
    rows = [{"percent": percent, "learning": seconds} for seconds, percent in enumerate((96.9, 98.0, 97.5, 98.4))]
    assert [arrival(rows, percent, "learning") for percent in (97, 98, 98.1, 98.5)] == [1, 1, 3, np.inf]


def test_half_an_epoch_twice_is_the_trainers_epoch(embedded):
    contestant, rng = Quick(embedded.train, embedded.test, 3), np.random.default_rng(3)
    options = dataclasses.replace(QUICK, seed=3)
    trainer = Trainer(options.network(784, 10, rng), embedded.train, embedded.test, options, rng)
    contestant.start()
    for _ in range(2):
        for _ in range(2):
            contestant.learn_half()
        assert contestant.accuracy() == trainer.finish_epoch().test_accuracy
    np.testing.assert_array_equal(contestant.trainer.parameters, trainer.parameters)


def test_the_c_loop_takes_the_engines_steps(embedded):
    if CLoop.missing():
        pytest.skip(CLoop.missing())
    contestant = CLoop(embedded.train, embedded.test, 0)
    contestant.make_ready()
    contestant.start()
    options = QUICK
    network = options.network(784, 10, np.random.default_rng(0))
    layers = contestant.parameters
    network = network.with_parameters(dict(zip(network.parameters, layers, strict=True)))
    trainer = Trainer(network, embedded.train, embedded.test, options, np.random.default_rng(1))
    contestant.rng = type("Order", (), {"permutation": lambda self, count: trainer.order})()
    contestant.learn_half()
    for _ in range(*Quick(embedded.train, embedded.test, 0).half_steps()):
        trainer.step()
    arrays = trainer.network.parameters.values()
    np.testing.assert_allclose(contestant.values, np.concatenate([array.ravel() for array in arrays]), atol=1e-4)


def test_the_rate_of_scikit_learn_falls(embedded):
    few = Digits(embedded.train.pixels[:256], embedded.train.labels[:256])
    contestant = ScikitLearnRecipe(few, few, 0)
    contestant.start()
    rates = []
    for _ in range(8):
        contestant.learn_half()
        rates.append(contestant.model._optimizer.learning_rate)
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[-1] < 0.01 < 0.19 < rates[0] < 0.2


def test_every_name_is_a_contestant_and_all_processors_are_asked_for():
    for new in CONTESTANTS.values():
        assert isinstance(new().missing(), str)
    arguments = type("Arguments", (), {"core": None, "cores": "both"})
    one, everyone = processor_choices(arguments).values()
    assert len(one) == 1
    assert set(one) <= set(everyone)
