"""What all tests of the server begin with."""

import pytest

from neuralscope.visualizer.server import pixel_ratio, predict_service, reading_process
from tests.helpers import chromium
from tests.helpers.environment import unavailable

PATIENCE_S = 60


@pytest.fixture(autouse=True)
def after_a_first_start(warm, monkeypatch):
    """Let no reader's window spend seconds on what is known once a window was open: the tests are of other things.

    Nor has a window fewer pixels, or is a picture given up, because the machine is busy.
    """
    monkeypatch.setattr(pixel_ratio, "SLOW_FRAME_S", PATIENCE_S)
    monkeypatch.setattr(reading_process, "READ_TIMEOUT_S", PATIENCE_S)
    monkeypatch.setattr(predict_service, "MAX_WAIT_S", PATIENCE_S)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Return the port of a browser that runs, with windows of `chromium.WINDOW_SIZE`."""
    if not chromium.chromium_path():
        unavailable("browser", "needs Chromium")
    with chromium.running(tmp_path_factory.mktemp("profile"), *chromium.WINDOW_SIZE) as port:
        yield port
