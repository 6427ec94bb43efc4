"""The benchmark of strangers' digits: its tables, and that what disturbs a digit does so."""

import numpy as np
import pytest

from benchmarks import strangers
from benchmarks.disturbances import PAPER_CORRUPTIONS, SINGLE_CORRUPTIONS, corrupt
from neuralscope.errors import InputError
from tests.helpers.tables import tables

pytestmark = pytest.mark.usefixtures("warm")


@pytest.mark.slow
def test_the_tables_are_printed_and_the_same_seed_prints_the_same(capsys):
    words = ["--dataset", "digits", "--count", "8", "--rows", "5", "--thin", "3"]
    texts = []
    for _ in range(2):
        strangers.main(words)
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    disturbances, thin_pens, changes, embedded, rows, boxed, tight = tables(texts[0])
    assert [line["disturbance"] for line in disturbances] == ["as they are", *strangers.CORRUPTION_SETS]
    assert np.mean([float(line["right %"]) for line in disturbances]) >= 85
    assert {line["digits"] for line in thin_pens} == {"3"}
    assert len(changes) == 3
    assert [line["digits"] for line in embedded] == ["1797", "297"]
    assert rows[-1]["rows"] == "5"
    assert [line["boxed digits"] for line in boxed][::2] == ["at the edge", "inside"]
    assert {line["rows"] for line in tight} == {"5"}


@pytest.mark.parametrize("name", [*SINGLE_CORRUPTIONS, *PAPER_CORRUPTIONS])
def test_each_disturbance_changes_the_picture(name, embedded):
    digit = embedded.test.images[0]
    plain = np.rint(digit * 255).reshape(28, 28)
    changed = corrupt(digit, (name,), np.random.default_rng(1))
    assert changed.dtype == np.uint8
    assert changed.shape != (28, 28, 3) or np.abs(changed - plain[:, :, np.newaxis]).max() > 1


@pytest.mark.parametrize("words", [["--count", "0"], ["--rows", "0"], ["--thin", "0"], ["--seed", "-1"]])
def test_impossible_numbers_are_refused(words):
    with pytest.raises(InputError, match="have to be 1 or more"):
        strangers.main(["--dataset", "digits", *words])
