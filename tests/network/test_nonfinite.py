"""Weights that are no numbers are counted and located."""

import numpy as np
import pytest

from neuralscope.network import Network, nonfinite


@pytest.mark.parametrize(("name", "places", "value", "words"), [
    ("W1", np.s_[:12, 7], np.nan, "W1 has 12 NaN, all into neuron 7"),
    ("W2", np.s_[3, 2], -np.inf, "W2 has 1 infinite, into neuron 2"),
    ("W1", np.s_[:, :], np.nan, "W1 has 160 NaN, in every neuron"),
    ("W1", np.s_[0, :3], np.inf, "W1 has 3 infinite, in 3 neurons"),
    ("b1", np.s_[4], np.nan, "b1 has 1 NaN, of neuron 4"),
])
def test_they_are_located(name, places, value, words):
    network = Network.random((20, 8, 3), rng=np.random.default_rng(0))
    assert nonfinite.text(nonfinite.locate(network)) == ""
    arrays = {key: array.copy() for key, array in network.parameters.items()}
    arrays[name][places] = value
    assert nonfinite.text(nonfinite.locate(network.with_parameters(arrays))) == words


def test_both_kinds_in_two_arrays_are_told_in_one_line():
    network = Network.random((4, 3), rng=np.random.default_rng(0))
    weights, biases = (array.copy() for array in network.parameters.values())
    weights[0, 1], weights[1, 1], biases[:] = np.nan, np.inf, np.nan
    found = nonfinite.locate(network.with_parameters({"W1": weights, "b1": biases}))
    assert nonfinite.text(found) == "W1 has 1 NaN and 1 infinite, all into neuron 1; b1 has 3 NaN, in every neuron"
    assert [(damage.nan, damage.infinite, damage.neurons) for damage in found] == [(1, 1, (1,)), (3, 0, (0, 1, 2))]
