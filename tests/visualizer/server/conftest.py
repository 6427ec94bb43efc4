"""What all tests of the server begin with."""

import pytest


@pytest.fixture(autouse=True)
def after_a_first_start(warm):
    """Let no reader's window spend seconds on what is known once a window was open: the tests are of other things."""
