"""What all tests of the server begin with."""

import pytest

from neuralscope.visualizer.server import pixel_ratio


@pytest.fixture(autouse=True)
def after_a_first_start(warm, monkeypatch):
    """Let no reader's window spend seconds on what is known once a window was open: the tests are of other things.

    Nor does a window have fewer pixels because the machine is busy.
    """
    monkeypatch.setattr(pixel_ratio, "SLOW_FRAME_S", 60)
