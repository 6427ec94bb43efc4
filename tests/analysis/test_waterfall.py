"""The steps of a waterfall add up as printed."""

import numpy as np
import pytest

from neuralscope.analysis.attribution import Attribution, attribution
from neuralscope.analysis.waterfall import BIAS_KIND, NEURON_KIND, OTHERS_KIND, ROUNDING_KIND, printed_total, waterfall
from neuralscope.network.model import Network


def added(steps):
    return round(sum(round(step.contribution, 2) for step in steps), 2)


@pytest.mark.parametrize("hidden", [(), (1,), (5,), (40,), (30, 20)])
@pytest.mark.parametrize("contrast_class", [None, 3])
@pytest.mark.parametrize("shown", [1, 4, 11, 60])
def test_steps_add_up_as_printed_and_each_is_what_the_ledger_says(hidden, contrast_class, shown):
    rng = np.random.default_rng(4)
    network = Network.random([784, *hidden, 10], rng=rng)
    for _ in range(20):
        trace = network.forward(rng.random((1, 784)))
        account = attribution(network, trace, 8, contrast_class)
        total = printed_total(trace.sums[-1][0], 8, contrast_class)
        steps = waterfall(account, total, shown)
        assert added(steps) == round(total, 2) == steps[-1].total
        running = 0.0
        for step in steps:
            running = round(running + step.contribution, 2)
            assert step.total == running
            if step.kind == NEURON_KIND:
                assert step.contribution == round(float(account.contributions[step.neuron]), 2)
        assert (steps[0].kind, steps[0].contribution) == (BIAS_KIND, round(account.bias, 2))
        assert sum(step.kind in (OTHERS_KIND, ROUNDING_KIND) for step in steps) <= 1


def test_the_largest_pushes_are_shown_those_for_the_class_first():
    account = Attribution(np.ones(6), np.array([0.1, -3.0, 2.0, 0.0, -1.0, 4.0]), bias=0.5, total=2.6)
    steps = waterfall(account, 2.6, 4)
    assert [(step.kind, step.neuron, step.contribution) for step in steps] == [
        (BIAS_KIND, -1, 0.5),
        (NEURON_KIND, 5, 4.0),
        (NEURON_KIND, 2, 2.0),
        (NEURON_KIND, 1, -3.0),
        (NEURON_KIND, 4, -1.0),
        (OTHERS_KIND, -1, 0.1),
    ]


def test_others_take_what_rounding_leaves_over():
    account = Attribution(np.ones(4), np.array([0.005, 0.005, 0.005, 1.005]), bias=0.0, total=1.02)
    steps = waterfall(account, 1.02, 1)
    assert [step.contribution for step in steps] == [0.0, 1.0, 0.02]  # 1.005 as a float is a little less


def test_a_difference_is_that_of_the_printed_scores():
    assert printed_total(np.array([6.347, 1.894]), 0, 1) == pytest.approx(6.35 - 1.89)
    assert printed_total(np.array([6.347, 1.894]), 0, None) == 6.35


def test_neurons_that_push_nothing_are_no_steps():
    account = Attribution(np.zeros(5), np.ones(5), bias=0.25, total=0.25)
    assert [(step.kind, step.contribution) for step in waterfall(account, 0.25, 11)] == [(BIAS_KIND, 0.25)]


def test_where_no_others_push_rounding_is_a_step_of_its_own_and_the_bias_stays_the_bias():
    account = Attribution(np.ones(2), np.array([1.004, 1.004]), bias=0.1514, total=2.1594)
    steps = waterfall(account, 2.16, 11)
    assert [(step.kind, step.contribution) for step in steps] == [
        (BIAS_KIND, 0.15),
        (NEURON_KIND, 1.0),
        (NEURON_KIND, 1.0),
        (ROUNDING_KIND, 0.01),
    ]
