"""A training or an evaluation on digits of which nobody said what they are: one line, and nothing written."""

import os

import pytest

from neuralscope import data_loader
from neuralscope.errors import InputError
from neuralscope.network.__main__ import main
from neuralscope.runs import evaluation_report
from tests.helpers.environment import PROJECT
from tests.helpers.unlabelled import without_labels


@pytest.mark.parametrize(("arguments", "words"), [
    (["--epochs", "1"], "pictures.csv has no labels to learn from; choose a data set with labels"),
    (["--evaluate", str(PROJECT / "trained_weights.npz")],
     "pictures.csv has no labels to judge by; choose a data set with labels, or read it with python -m "
     "neuralscope.predict"),
])
def test_there_is_nothing_to_learn_from_or_to_judge_by(embedded, monkeypatch, tmp_path, capfd, arguments, words):
    for module in (data_loader, evaluation_report):
        monkeypatch.setattr(module, "load", lambda name, data_dir: without_labels(embedded))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as error:
        main(["--dataset", "pictures.csv", *arguments])
    assert str(error.value) == words
    assert not os.listdir()
    assert capfd.readouterr() == ("", "")
