"""Backpropagation of one digit: the network's own gradients, and what can be measured."""

import numpy as np
import pytest

from neuralscope.analysis import ablate
from neuralscope.analysis.backprop import backpropagate
from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, HEADS
from neuralscope.network.functions import one_hot
from neuralscope.network.gradient_check import STEP_SIZE, central_difference
from tests.helpers.networks import DEPTHS, random_batch, random_network

KINDS = pytest.mark.parametrize(("activation", "head"), [(one, other) for one in ACTIVATIONS for other in HEADS])
EXACT, WORST = 1e-12, 1e-6  # relative: of what is computed, and of what is measured


def one_digit(depth, **names):
    """Return a network, the trace of one digit, and its targets, in float64."""
    network = random_network(DEPTHS[depth], **names)
    images, labels = random_batch(1)
    return network, network.forward(images), one_hot(labels, 3, np.float64)


@pytest.mark.parametrize("depth", DEPTHS)
@KINDS
def test_it_is_what_the_network_s_gradients_are(activation, head, depth):
    network, trace, targets = one_digit(depth, activation=activation, head=head)
    found, wanted = backpropagate(network, trace, targets), network.gradients(trace, targets)
    assert set(found.gradients) == set(wanted)
    for name, gradient in wanted.items():
        np.testing.assert_allclose(found.gradients[name], gradient, rtol=EXACT, atol=0)
    assert found.loss == network.head.losses(trace.outputs, targets)[0]
    assert found.trace is trace
    assert found.targets is targets


@pytest.mark.parametrize("depth", DEPTHS)
@KINDS
def test_a_delta_is_the_loss_s_slope_by_its_sum(activation, head, depth):
    network, trace, targets = one_digit(depth, activation=activation, head=head)
    parameters = {name: array.copy() for name, array in network.parameters.items()}
    moved, found = network.with_parameters(parameters), backpropagate(network, trace, targets)
    for number, deltas in enumerate(found.deltas, 1):
        for neuron, delta in enumerate(deltas[0]):  # a bias moves its sum and nothing else
            measured = central_difference(moved, trace.images, targets, 0.0, parameters[f"b{number}"], (neuron,))
            assert measured is None or delta == pytest.approx(measured, rel=WORST, abs=1e-5 * STEP_SIZE)


@KINDS
def test_a_few_weights_against_central_differences(activation, head):
    network, trace, targets = one_digit(3, activation=activation, head=head)
    parameters = {name: array.copy() for name, array in network.parameters.items()}
    moved, found = network.with_parameters(parameters), backpropagate(network, trace, targets)
    for name, place in (("W1", (2, 1)), ("W1", (5, 4)), ("W2", (3, 0)), ("W3", (0, 2)), ("W4", (1, 1))):
        measured = central_difference(moved, trace.images, targets, 0.0, parameters[name], place)
        assert measured is None or found.gradients[name][place] == pytest.approx(measured, rel=WORST, abs=1e-10)


@KINDS
def test_ablated_neurons_have_no_delta_and_no_gradient(activation, head):
    network, trace, targets = one_digit(2, activation=activation, head=head)
    ablated = {0: {1, 3}, 1: {2}}
    acting = ablate(network, ablated)
    found = backpropagate(acting, acting.forward(trace.images), targets, ablated)
    assert not found.deltas[0][0, [1, 3]].any()
    assert not found.deltas[1][0, 2]
    assert not found.gradients["W1"][:, [1, 3]].any()
    assert not found.gradients["W2"][[1, 3]].any()
    assert not found.gradients["W3"][2].any()
    plain = backpropagate(acting, acting.forward(trace.images), targets)
    np.testing.assert_array_equal(found.gradients["W2"][[0, 2]], plain.gradients["W2"][[0, 2]])
    if activation in ("sigmoid", "tanh"):
        assert plain.gradients["W2"][[1, 3]].any()  # what their activations would say


def test_a_neuron_that_is_not_there_cannot_be_ablated():
    network, trace, targets = one_digit(1)
    with pytest.raises(InputError, match="neuron"):
        backpropagate(network, trace, targets, {0: {4}})


def test_a_worked_example():
    """One pixel of ink 0.5, one neuron: sum 0.5 x 2 = 1, scores 1 and -1, probabilities 0.881 and 0.119."""
    from neuralscope.network import Layer, Network

    network = Network((Layer(np.array([[2.0]]), np.zeros(1), "relu"),
                       Layer(np.array([[1.0, -1.0]]), np.zeros(2), "softmax")))
    found = backpropagate(network, network.forward([[0.5]]), one_hot([1], 2, np.float64))
    p = 1 / (1 + np.exp(-2))
    assert found.loss == pytest.approx(-np.log(1 - p))  # 2.127
    np.testing.assert_allclose(found.deltas[1], [[p, -p]])  # 0.881 - 0, 0.119 - 1
    np.testing.assert_allclose(found.deltas[0], [[2 * p]])  # 0.881 x 1 + -0.881 x -1
    np.testing.assert_allclose(found.gradients["W1"], [[p]])  # 0.5 x 1.762
