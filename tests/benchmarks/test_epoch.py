"""The benchmark of an epoch: its tables, and that all who are measured do the same work. No clock is asserted."""

import subprocess
import sys

import numpy as np
import pytest

from benchmarks.contestants import BATCH_SIZE, Task
from benchmarks.epoch import TABLE_HEADINGS, main, table_lines
from benchmarks.peers import PyTorch, Textbook
from neuralscope.errors import InputError
from neuralscope.network import Trainer
from tests.helpers.environment import PROJECT
from tests.helpers.tables import cells, tables

pytestmark = pytest.mark.usefixtures("warm")
WITHOUT_PYTORCH = "from benchmarks import epoch; epoch.PyTorch.package = 'not_there'; epoch.run_program(epoch.main)"
LITTLE = ["--dataset", "digits", "--hidden", "32", "--threads", "1", "--rounds", "4"]


def check_ratios(row):
    """Compare each ratio with the numbers printed beside it, which have four digits."""
    for heading in row:
        if "/" in heading:
            parts = [row[name] for name in heading.split("/")]
            if "-" in parts:
                assert row[heading] == "-"
            else:
                assert float(row[heading]) == pytest.approx(float(parts[0]) / float(parts[1]), rel=2e-3, abs=0.006)


@pytest.mark.slow
def test_the_command_prints_its_tables_without_pytorch():
    done = subprocess.run([sys.executable, "-c", WITHOUT_PYTORCH, *LITTLE], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"pytorch: not installed, so not measured: {PyTorch.install}" in done.stdout.splitlines()
    printed = tables(done.stdout)
    assert [tuple(rows[0]) for rows in printed] == [("hidden", *headings) for headings in TABLE_HEADINGS.values()]
    for row in (row for rows in printed for row in rows):
        assert row.pop("hidden") == "32"
        check_ratios(row)
        assert {heading for heading, text in row.items() if text == "-"} == {
            heading for heading in row if "pytorch" in heading}
        assert all(float(text) > (50 if "%" in heading else 0) for heading, text in row.items() if text != "-")


def test_a_ratio_is_of_the_columns_that_its_heading_names():
    values = {"ours": 0.5, "products": 0.4, "textbook": 2.0}
    headings = ("ours", "products", "pytorch", "textbook", "ours/products", "pytorch/ours", "textbook/ours")
    lines = list(table_lines(headings, {8: values, 2048: {"ours": 1.0}}))
    assert len({len(line) for line in lines}) == 1
    assert [cells(line) for line in lines[2:]] == [
        ["8", "0.5", "0.4", "-", "2", "1.25", "-", "4.00"], ["2048", "1", "-", "-", "-", "-", "-", "-"]]


@pytest.mark.parametrize(("words", "complaint"), [
    (["--dataset", "digits", "--rounds", "0"], "--rounds 0: "),
    (["--dataset", "digits", "--hidden", "0"], "--hidden 0: "), (["--dataset", "none"], "'none'")])
def test_what_cannot_be_measured_is_refused_before_anything_is(words, complaint):
    with pytest.raises(InputError, match=complaint):
        main(words)


def test_the_textbook_learns_what_the_engine_learns(embedded):
    task = Task(embedded.train, embedded.test, 16)
    textbook, rng = Textbook(task), np.random.default_rng(1)
    options = task.options()
    network = options.network(task.inputs, 10, rng).astype(np.float64)
    trainer = Trainer(network, task.train, task.test, options, rng)
    textbook.weights, textbook.order = [layer.weights for layer in network.layers], trainer.order
    textbook.learn(3)
    for _ in range(3):
        trainer.step()
    assert textbook.position == trainer.position == 3 * BATCH_SIZE
    for layer, weights, biases in zip(trainer.network.layers, textbook.weights, textbook.biases, strict=True):
        np.testing.assert_allclose(layer.weights, weights, atol=1e-14)
        np.testing.assert_allclose(layer.biases, biases, atol=1e-14)
