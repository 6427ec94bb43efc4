"""The benchmark of two digits in one picture: its pictures, and its tables."""

import numpy as np
import pytest

from benchmarks import digit_pairs
from benchmarks.strangers import CORRUPTION_SETS
from tests.helpers.tables import tables


@pytest.mark.parametrize("gap", [4, 0, -3])
def test_the_digits_of_a_pair_are_so_far_apart(gap, embedded):
    one = np.zeros((28, 28), np.float32)
    one[4:24, 12:16] = 1
    picture = digit_pairs.pair_picture(one.ravel(), one.ravel(), gap)
    columns = np.flatnonzero((picture < 128).any(axis=0))
    assert np.ptp(columns) + 1 == pytest.approx(digit_pairs.ENLARGEMENT * (8 + gap), abs=2)


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_the_tables_are_printed(capsys):
    digit_pairs.main(["--dataset", "digits", "--count", "3", "--singles", "3"])
    pairs, singles = tables(capsys.readouterr().out)
    assert [line["pixels between"] for line in pairs] == [str(gap) for gap in digit_pairs.GAPS_PX]
    assert [line["single digits"] for line in singles] == ["as they are", *CORRUPTION_SETS]
