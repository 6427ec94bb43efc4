"""Numbers of any size, written so that they come out as printed."""

import math
from operator import mul

import numpy as np
import pytest

from neuralscope.formatting import MINUS
from neuralscope.visualizer.widgets.significant import (
    consistent_texts,
    signed_significant,
    significant,
    with_printed,
)


def parse_written(text):
    """Return the number that was written."""
    return float(text.replace(MINUS, "-"))


@pytest.mark.parametrize(("value", "text"), [
    (0, "0"), (-0.0, "0"), (1, "1"), (-1, "−1"), (0.0213, "0.0213"), (3.7142, "3.71"), (-1.2e-5, "−1.20e−5"),
    (0.99961, "0.9996"), (-0.99999999, "−0.99999999"), (123456, "1.23e5"), (0.001, "0.00100"), (1234.5, "1234"),
    (1e-300, "1.00e−300")])
def test_to_three_figures_and_never_a_whole_number_that_is_none(value, text):
    assert significant(value) == text


@pytest.mark.parametrize("seed", range(50))
def test_what_is_settled_comes_out_as_printed(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.normal(size=2) * 10.0 ** rng.integers(-12, 3, 2)
    *texts, result = consistent_texts(mul, one, other)
    assert significant(math.prod(map(parse_written, texts))) == result == significant(one * other)
    p = 1 - 10.0 ** -rng.uniform(0.1, 12)
    text, result = consistent_texts(lambda value: value - 1, p)
    assert significant(parse_written(text) - 1) == result == significant(p - 1)


@pytest.mark.parametrize("seed", range(50))
def test_the_number_that_is_printed_is_that_of_the_text(seed):
    rng = np.random.default_rng(seed)
    for value in (*(rng.normal(size=20) * 10.0 ** rng.integers(-12, 12, 20)), rng.integers(-999, 999)):
        for figures in (3, 5):
            text, printed = with_printed(value, figures)
            assert (text, printed) == (significant(value, figures), parse_written(text))


@pytest.mark.parametrize(("value", "text"), [(0.5, "+0.500"), (-0.5, "−0.500"), (0, "0"), (np.float32(2), "+2")])
def test_signs(value, text):
    assert signed_significant(value) == text
