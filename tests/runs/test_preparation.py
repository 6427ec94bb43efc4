"""A training or an evaluation on digits of which nobody said what they are: one line, and nothing written."""

import os

import pytest

from neuralscope import data_loader
from neuralscope.errors import InputError
from neuralscope.network.__main__ import main
from neuralscope.runs import network_data
from tests.helpers.environment import PROJECT
from tests.helpers.unlabelled import without_labels


@pytest.fixture
def refusal(embedded, monkeypatch, tmp_path, capfd):
    """Return a function that runs the program on digits without labels: the one line that it ends with."""
    def refusal(module, *arguments):
        monkeypatch.setattr(module, "load", lambda *given: without_labels(embedded))
        with pytest.raises(InputError) as error:
            main(["--dataset", "pictures.csv", *arguments])
        assert not os.listdir()
        assert capfd.readouterr() == ("", "")
        return str(error.value)

    monkeypatch.chdir(tmp_path)
    return refusal


def test_there_is_nothing_to_learn_from(refusal):
    assert refusal(data_loader, "--epochs", "1") == (
        "pictures.csv has no labels to learn from; choose a data set with labels")


def test_there_is_nothing_to_judge_by(refusal):
    assert refusal(network_data, "--evaluate", str(PROJECT / "trained_weights.npz")) == (
        "pictures.csv has no labels to judge by; choose a data set with labels, or read it with python -m "
        "neuralscope.predict")
