"""Where the project is, and what a machine must have for a test."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def unavailable(what, reason):
    """Skip the test, or fail it where ``NEURALSCOPE_NO_SKIP`` names ``what`` it wants: window, browser or mnist."""
    if what in os.environ.get("NEURALSCOPE_NO_SKIP", "").split():
        pytest.fail(f"may not be skipped here: {reason}", pytrace=False)
    pytest.skip(reason)
