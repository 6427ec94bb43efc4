"""The formulas against central differences in float64, for everything in the tables."""

import numpy as np
import pytest

from neuralscope.network.functions import (
    ACTIVATIONS,
    HEADS,
    INITIALIZERS,
    LEAKY_SLOPE,
    LOSSES,
    cross_entropy,
    one_hot,
    relu_slope,
    sigmoid,
    sigmoid_squared_error_delta,
    softmax,
    squared_error,
)

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


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_is_piecewise_linear_is_its_slope_times_the_sum(name, rng):
    z = np.append(rng.normal(size=20), 0.0)
    agrees = np.allclose(ACTIVATIONS[name].slope(z) * z, ACTIVATIONS[name].value(z), rtol=1e-12, atol=0)
    assert agrees is ACTIVATIONS[name].piecewise_linear


@pytest.mark.parametrize("name", HEADS)
def test_delta_is_the_derivative_of_the_mean_loss(name, rng):
    head = HEADS[name]
    z, targets = rng.normal(size=(4, 10)), one_hot(rng.integers(0, 10, 4), 10, np.float64)

    def loss(sums):
        return head.losses(head.value(sums), targets).mean()

    measured = np.empty_like(z)
    for place in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[place] = STEP
        measured[place] = (loss(z + step) - loss(z - step)) / (2 * STEP)
    assert relative_error(head.delta(head.value(z), targets), measured) <= 1e-6


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
    # For 0 itself it would be infinity.
    np.testing.assert_allclose(cross_entropy(softmax(z), one_hot([0, 1], 3)), [0, 87.33655], rtol=1e-6)
    assert cross_entropy(np.array([[0.0, 1.0]]), one_hot([0], 2, np.float64)) == pytest.approx(708.4, abs=0.01)


def test_sigmoid_survives_huge_sums_and_is_one_half_at_0():
    np.testing.assert_array_equal(sigmoid(np.array([-3e38, 0, 3e38], np.float32)), [0, 0.5, 1])
    # 1 / (1 + exp(-ln 3)) = 1 / (1 + 1/3)
    assert sigmoid(np.log([[3.0]]))[0, 0] == pytest.approx(0.75)


def test_squared_error_worked_example():
    # (0.8 - 1)^2 / 2 + (0.5 - 0)^2 / 2 = 0.02 + 0.125; deltas -0.2 * 0.8 * 0.2 and 0.5 * 0.5 * 0.5
    outputs, targets = np.array([[0.8, 0.5]]), one_hot([0], 2, np.float64)
    assert squared_error(outputs, targets) == pytest.approx([0.145])
    np.testing.assert_allclose(sigmoid_squared_error_delta(outputs, targets), [[-0.032, 0.125]])


def test_one_hot_and_its_smoothing():
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    # a tenth of each 1 is spread over the two classes: 1 - 0.1 + 0.05, and 0.05
    np.testing.assert_allclose(one_hot([1], 2, smoothing=0.1), [[0.05, 0.95]], rtol=1e-6)
    assert one_hot([1], 2, np.float64).dtype == np.float64


def test_leaky_relu_lets_a_hundredth_through():
    leaky = ACTIVATIONS["leaky-relu"]
    np.testing.assert_allclose(leaky.value(np.array([-2.0, 0, 3])), [-2 * LEAKY_SLOPE, 0, 3])
    np.testing.assert_allclose(leaky.slope(np.array([-2.0, 0, 3])), [LEAKY_SLOPE, LEAKY_SLOPE, 1])


def test_every_head_has_its_loss():
    assert {LOSSES[head.loss] for head in HEADS.values()} == set(HEADS)
    assert (LOSSES["cross-entropy"], LOSSES["squared-error"]) == ("softmax", "sigmoid")


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


@pytest.mark.parametrize(("name", "deviation"), [("he", (2 / 400) ** 0.5), ("xavier", (2 / 900) ** 0.5),
                                                 ("normal", 0.01)])
def test_initial_weights_have_their_deviation(name, deviation, rng):
    weights = INITIALIZERS[name](400, 500, 2**0.5, rng)
    assert weights.std() == pytest.approx(deviation, rel=0.01)
    assert abs(weights.mean()) < deviation / 100
