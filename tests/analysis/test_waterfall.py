"""The steps of a waterfall add up as printed."""

import numpy as np
import pytest

from neuralscope.analysis.attribution import Ledger, ledger
from neuralscope.analysis.waterfall import BIAS, NEURON, OTHERS, ROUNDING, printed_total, waterfall
from neuralscope.network.model import Network


def added(steps):
    return round(sum(round(step.push, 2) for step in steps), 2)


@pytest.mark.parametrize("hidden", [(), (1,), (5,), (40,), (30, 20)])
@pytest.mark.parametrize("versus", [None, 3])
@pytest.mark.parametrize("shown", [1, 4, 11, 60])
def test_steps_add_up_as_printed_and_each_is_what_the_ledger_says(hidden, versus, shown):
    rng = np.random.default_rng(4)
    network = Network.random([784, *hidden, 10], rng=rng)
    for _ in range(20):
        trace = network.forward(rng.random((1, 784)))
        account = ledger(network, trace, 8, versus)
        total = printed_total(trace.sums[-1][0], 8, versus)
        steps = waterfall(account, total, shown)
        assert added(steps) == round(total, 2) == steps[-1].total
        running = 0.0
        for step in steps:
            running = round(running + step.push, 2)
            assert step.total == running
            if step.kind == NEURON:
                assert step.push == round(float(account.pushes[step.neuron]), 2)
        assert (steps[0].kind, steps[0].push) == (BIAS, round(account.bias, 2))
        assert sum(step.kind in (OTHERS, ROUNDING) for step in steps) <= 1


def test_the_largest_pushes_are_shown_those_for_the_class_first():
    account = Ledger(np.ones(6), np.array([0.1, -3.0, 2.0, 0.0, -1.0, 4.0]), bias=0.5, total=2.6)
    steps = waterfall(account, 2.6, 4)
    assert [(step.kind, step.neuron, step.push) for step in steps] == [
        (BIAS, -1, 0.5), (NEURON, 5, 4.0), (NEURON, 2, 2.0), (NEURON, 1, -3.0), (NEURON, 4, -1.0), (OTHERS, -1, 0.1)]


def test_others_take_what_rounding_leaves_over():
    account = Ledger(np.ones(4), np.array([0.005, 0.005, 0.005, 1.005]), bias=0.0, total=1.02)
    steps = waterfall(account, 1.02, 1)
    assert [step.push for step in steps] == [0.0, 1.0, 0.02]  # 1.005 as a float is a little less


def test_a_difference_is_that_of_the_printed_scores():
    assert printed_total(np.array([6.347, 1.894]), 0, 1) == pytest.approx(6.35 - 1.89)
    assert printed_total(np.array([6.347, 1.894]), 0, None) == 6.35


def test_neurons_that_push_nothing_are_no_steps():
    account = Ledger(np.zeros(5), np.ones(5), bias=0.25, total=0.25)
    assert [(step.kind, step.push) for step in waterfall(account, 0.25, 11)] == [(BIAS, 0.25)]


def test_where_no_others_push_rounding_is_a_step_of_its_own_and_the_bias_stays_the_bias():
    account = Ledger(np.ones(2), np.array([1.004, 1.004]), bias=0.1514, total=2.1594)
    steps = waterfall(account, 2.16, 11)
    assert [(step.kind, step.push) for step in steps] == [(BIAS, 0.15), (NEURON, 1.0), (NEURON, 1.0), (ROUNDING, 0.01)]
