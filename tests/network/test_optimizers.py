"""Optimizers and schedules against their formulas, worked by hand."""

import numpy as np
import pytest

from neuralscope.network.optimizers import OPTIMIZERS, SCHEDULES, SGD, Adam, Momentum


def test_momentum_worked_example():
    # velocity: 0 - 0.5 * 4 = -2; then 0.5 * -2 - 0.5 * 2 = -2; then 0.5 * -2 - 0.5 * 0 = -1
    momentum = Momentum(0.5)
    state = momentum.start(np.array([10.0]))
    changes = [float(momentum.step(np.array([gradient]), state, 0.5)[0]) for gradient in (4.0, 2.0, 0.0)]
    assert changes == pytest.approx([-2, -2, -1])


def test_the_velocity_holds_the_rates_that_were():
    # -0.5 * 4 = -2; then at half the rate 0.5 * -2 - 0.25 * 2 = -1.5, where PyTorch has -0.25 * (0.5 * 4 + 2) = -1
    momentum = Momentum(0.5)
    state = momentum.start(np.array([10.0]))
    changes = [float(momentum.step(np.array([gradient]), state, rate)[0])
               for gradient, rate in ((4.0, 0.5), (2.0, 0.25))]
    assert changes == pytest.approx([-2, -1.5])


def test_sgd_worked_example():
    assert SGD().step(np.array([4.0]), {}, 0.5) == pytest.approx([-2])


def test_adam_worked_example():
    # Kingma & Ba 2015, Algorithm 1, with beta1 = beta2 = 0.5 and no epsilon.
    # Gradient 4: m = 2, v = 8; corrected by 1 - 0.5: 4 and 16; step -0.1 * 4 / 4.
    # Gradient 0: m = 1, v = 4; corrected by 1 - 0.25: 4/3 and 16/3; step -0.1 * (4/3) / sqrt(16/3) = -0.1 / sqrt(3).
    adam = Adam(0.5, 0.5, 0.0)
    state = adam.start(np.array([10.0]))
    changes = [float(adam.step(np.array([gradient]), state, 0.1)[0]) for gradient in (4.0, 0.0)]
    assert changes == pytest.approx([-0.1, -0.1 / 3**0.5])


def test_adam_s_epsilon_is_beside_the_corrected_root():
    # Gradient 3 in every step: corrected m = 3, sqrt(v) = 3, whatever the betas; 3 / (3 + 1).
    adam = Adam(epsilon=1.0)
    state = adam.start(np.zeros(1))
    assert [float(adam.step(np.array([3.0]), state, 1.0)[0]) for _ in range(3)] == pytest.approx([-0.75] * 3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_reaches_the_bottom_of_a_bowl(name):
    target, parameters = np.array([3.0, -2.0], np.float32), np.zeros(2, np.float32)
    optimizer = OPTIMIZERS[name]
    state = optimizer.start(parameters)
    for _ in range(1000):
        parameters += optimizer.step(parameters - target, state, 0.05)
    np.testing.assert_allclose(parameters, target, atol=1e-3)
    assert all(array.dtype == np.float32 for name, array in state.items() if name != "steps")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_changes_nothing_but_the_state(name):
    optimizer, gradients = OPTIMIZERS[name], np.array([3.0, -2.0])
    state = optimizer.start(gradients)
    before, array = gradients.copy(), state.get("mean", state.get("velocity"))
    changes = [optimizer.step(gradients, state, 0.1).copy() for _ in range(2)]
    np.testing.assert_array_equal(gradients, before)
    assert array is None or not array.any()  # the state's arrays are new ones
    assert (np.sign(changes) == [-1, 1]).all()


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_starts_at_1_and_never_rises_or_goes_below_0(name):
    factors = [SCHEDULES[name](progress) for progress in np.linspace(0, 1.2, 50)]
    assert factors[0] == 1
    assert factors == sorted(factors, reverse=True)
    assert min(factors) >= 0


def test_cosine_worked_example():
    assert [SCHEDULES["cosine"](progress) for progress in (0, 1 / 3, 0.5, 1, 2)] == pytest.approx([1, 0.75, 0.5, 0, 0])
