"""A training's bar on terminals of any width."""

import io
import os
import re
import sys

import pytest

from neuralscope.network.reports import EpochReport
from neuralscope.runs.progress_bar import NoProgress, ProgressBar, ProgressLines, make_progress

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


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize(("columns", "rows", "kind"), [
    (80, 24, ProgressBar), (20, 3, ProgressBar), (80, 2, ProgressLines), (0, 0, ProgressLines),
    (10, 24, ProgressLines)])
def test_a_terminal_without_room_for_a_bar_gets_lines(monkeypatch, columns, rows, kind):
    import termios

    controller, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (rows, columns)) if hasattr(termios, "tcsetwinsize") else pytest.skip("Python 3.11")
    with open(terminal, "w") as stream, open(controller):
        monkeypatch.setattr(sys, "stderr", stream)
        progress = make_progress(3, 0, quiet=False)
        progress.close()
        assert type(progress) is kind
        assert type(make_progress(3, 0, quiet=True)) is NoProgress
