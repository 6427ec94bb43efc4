"""The comparison of short trainings: judged by digits that no candidate learned, and never by the test digits."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import quick_recipe
from benchmarks.quick_recipe import CANDIDATES, main, run_trial, split
from neuralscope.data_loader import Dataset
from neuralscope.errors import InputError
from neuralscope.network import TrainingOptions
from neuralscope.network.presets import PRESETS

SMALL = replace(CANDIDATES[0], hidden=(8,), epochs=2)


def test_quick_is_one_of_the_candidates():
    assert TrainingOptions(**PRESETS["quick"].differences) in CANDIDATES


def test_the_last_digits_are_held_out_and_judge(embedded):
    learned, judged = split(embedded.train, 300)
    assert (len(learned), len(judged)) == (1200, 300)
    np.testing.assert_array_equal(np.concatenate([learned.pixels, judged.pixels]), embedded.train.pixels)
    np.testing.assert_array_equal(np.concatenate([learned.labels, judged.labels]), embedded.train.labels)
    right, wrong = (run_trial(SMALL, learned, replace(judged, labels=labels))
                    for labels in (judged.labels, (judged.labels + 1) % 10))
    assert 0 < right.errors < 200 < wrong.errors <= 300
    assert right.seconds > 0


def test_the_table_has_a_row_for_each_candidate_and_no_test_digit_is_read(embedded, monkeypatch, capsys):
    blind = Dataset("blind", "", embedded.class_names, None, lambda: embedded.train)
    monkeypatch.setattr(quick_recipe, "load", lambda name: blind)
    assert main(["--seeds", "2", "--held-out", "300"], [SMALL, replace(SMALL, batch_size=500)]) == 0
    output, errors = capsys.readouterr()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in output.splitlines()]
    assert [row[:3] for row in rows[2:]] == [["2", "64", "0.1"], ["2", "500", "0.1"]]
    assert len({len(row) for row in rows}) == 1
    for row in rows[2:]:
        mean, fewest, most = map(float, row[3:6])
        assert 2 * mean == fewest + most
    assert len(errors.splitlines()) == 4


@pytest.mark.parametrize(("words", "line"), [
    (["--seeds", "0"], "--seeds 0: give 1 or more"),
    (["--held-out", "1500"], "--held-out 1500: there are 1,500 training digits; leave some to learn"),
    (["--held-out", "0"], "--held-out 0: give 1 or more")])
def test_what_cannot_be_is_refused(warm, words, line):
    with pytest.raises(InputError) as caught:
        main(["--dataset", "digits", *words], [SMALL])
    assert str(caught.value) == line
