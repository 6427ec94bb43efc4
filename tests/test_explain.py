"""Exact accounts of one decision."""

import numpy as np
import pytest

from neuralscope.network.explain import pushes
from neuralscope.network.model import Network


@pytest.mark.parametrize("hidden", [(), (7,), (9, 5)])
def test_pushes_and_bias_sum_to_every_logit(hidden):
    rng = np.random.default_rng(1)
    network = Network.random([784, *hidden, 10], rng=rng).astype(np.float64)
    network = network.with_parameters({name: array + 0.1 for name, array in network.parameters.items()})
    trace = network.forward(rng.random((1, 784)))
    for chosen in range(10):
        total = pushes(network, trace, chosen).sum() + network.layers[-1].biases[chosen]
        assert total == pytest.approx(trace.sums[-1][0, chosen], rel=1e-9)
