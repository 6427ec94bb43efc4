"""What several tests of runs begin with."""

import pytest


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return a folder for what the tests of a file train once: for `train_once`, which makes it."""
    return tmp_path_factory.mktemp("trained") / "once"
