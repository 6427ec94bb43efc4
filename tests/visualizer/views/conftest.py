"""What the tests of several views open."""

from dataclasses import replace

import numpy as np
import pytest

from tests.helpers.networks import model_of


@pytest.fixture
def window_of(open_window, shipped):
    """Return a function that opens the view on a random network with weights ``strength`` times as large."""
    def window_of(*hidden, strength=1.0, size=(1900, 1000), **names):
        network = model_of(shipped, *hidden, **names).network
        rng, parameters = np.random.default_rng(4), {}
        for name, values in network.parameters.items():
            noise = rng.normal(0, 0.2, values.shape) if name.startswith("b") else 0
            parameters[name] = ((values + noise) * strength).astype(np.float32)
        return open_window(replace(shipped, network=network.with_parameters(parameters)), size=size, view="h")

    return window_of
