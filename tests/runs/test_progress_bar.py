"""A training's bar on terminals of any width."""

import io
import re
import sys

import pytest

from neuralscope.network.reports import EpochReport
from neuralscope.runs.progress_bar import ProgressBar

REPORT = EpochReport(3, 0.1234, 0.98, 0.2345, 0.97, 0.96, 1.5, None)


@pytest.mark.parametrize("columns", [24, 40, 80, 200])
def test_a_narrow_terminal_loses_the_time_left_last(monkeypatch, columns):
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("tqdm.std._screen_shape_wrapper", lambda: lambda stream: (columns, 10))
    bar = ProgressBar(300, 2)
    bar.bar.mininterval = 0
    bar.show(REPORT)
    line = terminal.getvalue().split("\r")[-1]
    bar.close()
    assert len(line) <= columns
    assert re.match(r"epoch 3/300, ([\d:]+|\?) left", line)
    assert ("test 97.00%" in line) is (columns >= 100)
