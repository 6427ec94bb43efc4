"""Chains of operations folded into layers: the same numbers, and refusals by name."""

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS, softmax
from neuralscope.network.importers.foreign import Activate, Affine, Dense
from neuralscope.network.importers.operations import fold
from tests.helpers.foreign_networks import assert_same_logits, exact_network, random_arrays, random_inputs

DENSE = [Dense(*arrays) for arrays in random_arrays((6, 5, 4, 3))]
RELU, SOFTMAX, SIGMOID = Activate("relu"), Activate("softmax"), Activate("sigmoid")


def affine(features, seed=1, name="BatchNorm1d"):
    rng = np.random.default_rng(seed)
    return Affine(rng.uniform(0.5, 2, features), rng.normal(0, 1, features), name)


def run(operations, values):
    """Return what a chain computes, one operation after the other."""
    values = values.astype(np.float64)
    for operation in operations:
        if isinstance(operation, Dense):
            values = values @ operation.weights.astype(np.float64) + operation.biases
        elif isinstance(operation, Affine):
            values = values * operation.factor + operation.shift
        else:
            values = (softmax if operation.name == "softmax" else ACTIVATIONS[operation.name].value)(values)
    return values


CHAINS = {
    "plain": [DENSE[0], RELU, DENSE[1], RELU, DENSE[2]],
    "before the first": [affine(6), Affine(np.array(2.0), np.array(-1.0), "Rescaling"), DENSE[0], RELU, DENSE[1]],
    "before the activation": [DENSE[0], affine(5), affine(5, 2), RELU, DENSE[1]],
    "after the activation": [DENSE[0], RELU, affine(5), affine(5, 2), DENSE[1]],
    "at the end": [DENSE[0], RELU, DENSE[1], affine(4)],
    "two layers in a row": [DENSE[0], DENSE[1], RELU, DENSE[2]],
    "identity": [DENSE[0], Activate("identity"), affine(5), DENSE[1]],
    "one layer": [affine(6), DENSE[0]],
}


@pytest.mark.parametrize("operations", CHAINS.values(), ids=CHAINS)
def test_what_is_folded_gives_the_same_numbers(operations):
    inputs = random_inputs(features=6)
    foreign = fold(operations, "test")
    assert foreign.raw_scores
    assert_same_logits(foreign, inputs, run(operations, inputs))
    np.testing.assert_allclose(exact_network(foreign).forward(inputs).sums[-1], run(operations, inputs), atol=1e-12)


def test_what_was_folded_is_said_and_so_are_raw_scores():
    foreign = fold([affine(6), DENSE[0], RELU, affine(5, name="Scale"), DENSE[1]], "test", ["Dropout left out"])
    assert foreign.notices[:2] == ("Dropout left out", "BatchNorm1d, Scale folded in")
    assert "raw scores" in foreign.notices[2]
    assert not fold([DENSE[0], SOFTMAX], "test").notices


def test_one_sigmoid_output_becomes_two_classes():
    one = Dense(*random_arrays((5, 1))[0])
    inputs = random_inputs(features=6)
    share = run([DENSE[0], RELU, one, SIGMOID], inputs)
    for end in ([SIGMOID], []):
        foreign = fold([DENSE[0], RELU, one, *end], "test")
        np.testing.assert_allclose(exact_network(foreign).forward(inputs).outputs, np.hstack([1 - share, share]),
                                   atol=1e-12)
        assert foreign.raw_scores == (not end)


@pytest.mark.parametrize(("operations", "words"), [
    ([], "no fully connected layer"),
    ([RELU, DENSE[0]], "relu stands before the first"),
    ([DENSE[0], RELU, SIGMOID, DENSE[1]], "sigmoid follows relu after layer 1"),
    ([DENSE[0], RELU, affine(5), SIGMOID, DENSE[1]], "sigmoid follows relu and BatchNorm1d after layer 1"),
    ([DENSE[0], SOFTMAX, affine(5)], "BatchNorm1d follows the last layer's softmax"),
    ([DENSE[0], SOFTMAX, DENSE[1]], "softmax follows layer 1, which is not the last"),
    ([DENSE[0], RELU], "relu follows the last layer"),
    ([DENSE[0], RELU, DENSE[2]], "layer 1 has 5 outputs, but layer 2 has 4 inputs"),
    ([DENSE[0], affine(7), RELU, DENSE[1]], "BatchNorm1d is of 7 features, but stands among 5"),
    ([affine(7), DENSE[0]], "BatchNorm1d is of 7 features, but stands among 6"),
    ([Dense(*random_arrays((5, 1))[0]), SOFTMAX], "always 1"),
    ([Dense(np.ones((2, 3)), np.ones(2))], "layer 1 has weights of shape"),
])
def test_what_is_no_chain_of_layers_is_refused_by_name(operations, words):
    with pytest.raises(InputError, match=words):
        fold(operations, "test")


def test_values_that_are_not_finite_are_kept():
    weights = np.array(DENSE[0].weights)
    weights[2, 1] = np.nan
    foreign = fold([affine(6), Dense(weights, DENSE[0].biases), RELU, DENSE[1]], "test")
    assert np.isnan(foreign.layers[0].weights).sum() == 1
