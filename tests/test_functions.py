"""The formulas against central differences in float64, for everything in the tables."""

import numpy as np
import pytest

from neuralscope.network.functions import ACTIVATIONS, HEADS, INITIALIZERS, cross_entropy, relu_slope, softmax

STEP = 1e-6


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def relative_error(ours, measured):
    return np.max(np.abs(ours - measured) / np.maximum(np.maximum(np.abs(ours), np.abs(measured)), 1e-3))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_derivative(name, rng):
    activation = ACTIVATIONS[name]
    z = rng.normal(size=(7, 11))
    measured = (activation.value(z + STEP) - activation.value(z - STEP)) / (2 * STEP)
    assert relative_error(activation.slope(z), measured) <= 1e-6


@pytest.mark.parametrize("name", HEADS)
def test_delta_is_the_derivative_of_the_mean_loss(name, rng):
    head = HEADS[name]
    z, labels = rng.normal(size=(4, 10)), rng.integers(0, 10, 4)

    def loss(sums):
        return head.losses(head.value(sums), labels).mean()

    measured = np.empty_like(z)
    for place in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[place] = STEP
        measured[place] = (loss(z + step) - loss(z - step)) / (2 * STEP)
    assert relative_error(head.delta(head.value(z), labels), measured) <= 1e-6


@pytest.mark.parametrize("function", [f for a in ACTIVATIONS.values() for f in (a.value, a.slope)]
                         + [h.value for h in HEADS.values()])
def test_out_gets_the_same_numbers_and_the_sums_stay(function, rng):
    z = rng.normal(size=(3, 5)).astype(np.float32)
    before, out = z.copy(), np.empty_like(z)
    assert function(z, out=out) is out
    np.testing.assert_array_equal(out, function(z))
    np.testing.assert_array_equal(z, before)
    assert function(z).dtype == np.float32


def test_relu_has_slope_0_at_0():
    np.testing.assert_array_equal(relu_slope(np.array([-1.0, 0.0, 2.0])), [0.0, 0.0, 1.0])


def test_softmax_worked_example():
    # exp(0) = 1, exp(ln 2) = 2, exp(ln 5) = 5; they sum to 8
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]])


def test_softmax_and_its_loss_survive_huge_sums():
    z = np.array([[1e4, 0.0, -1e4], [3e38, 0.0, 0.0]], dtype=np.float32)
    np.testing.assert_array_equal(softmax(z), [[1, 0, 0], [1, 0, 0]])
    np.testing.assert_allclose(cross_entropy(softmax(z), np.array([0, 1])), [0, 87.33655])  # for 0 itself: infinity


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_come_from_the_seed(name):
    draw = [INITIALIZERS[name](30, 20, 1.0, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draw[0], draw[1])
    assert (draw[0] != draw[2]).all()
    assert draw[0].shape == (30, 20)
    assert draw[0].dtype == np.float32


def test_he_keeps_the_size_of_a_signal_through_relu(rng):
    signal = rng.normal(size=(1000, 400)).astype(np.float32)
    weights = INITIALIZERS["he"](400, 500, ACTIVATIONS["relu"].gain, rng)
    activations = ACTIVATIONS["relu"].value(signal @ weights)
    assert np.mean(activations**2) == pytest.approx(np.mean(signal**2), rel=0.05)  # He et al. 2015, equation 10
