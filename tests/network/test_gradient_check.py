"""Every gradient, for everything in the tables, against central differences in float64; and that the check can fail."""

import dataclasses

import numpy as np
import pytest

from neuralscope.data_loader import Digits
from neuralscope.network import ACTIVATIONS, HEADS, Trainer, TrainingOptions, check_gradients, load
from neuralscope.network.buffers import StepBuffers
from neuralscope.network.functions import LOSSES, one_hot
from tests.helpers.networks import DEPTHS, random_batch, random_network

WORST = 1e-6


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_gradient(activation, head, depth, weight_decay):
    net = random_network(DEPTHS[depth], activation=activation, head=head)
    check = check_gradients(net, *random_batch(), weight_decay=weight_decay)
    assert check.count + check.kinks == sum(array.size for array in net.parameters.values())
    assert check.kinks <= 2
    assert check.error <= WORST, check


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_trainer_s_step_goes_down_what_is_checked(loss, weight_decay):
    images, labels = random_batch()
    options = TrainingOptions(epochs=1, hidden=(4,), loss=loss, optimizer="sgd", schedule="constant", batch_size=0,
                              learning_rate=0.1, weight_decay=weight_decay, augment="none")
    net = random_network((6, 4, 3), head=LOSSES[loss])
    trainer = Trainer(net, Digits(images, labels), Digits(images, labels), options, np.random.default_rng(0))
    trainer.step()
    gradients = net.gradients(net.forward(images), one_hot(labels, 3, np.float64))
    for name, after in trainer.network.parameters.items():
        before = net.parameters[name]
        np.testing.assert_allclose(after - before, -0.1 * (gradients[name] + weight_decay * before), atol=1e-12)


def test_gradients_through_dropout():
    net, (images, labels) = random_network((6, 5, 4, 3)), random_batch()
    targets = one_hot(labels, 3, np.float64)
    work = StepBuffers.allocate(
        net, 5, {name: np.empty_like(array) for name, array in net.parameters.items()}, dropout=True
    )
    work.draw_dropout_masks(0.4, np.random.default_rng(3))
    assert {float(value) for mask in work.masks for value in mask.flat} == {0.0, 1 / 0.6}
    work.backward(net, work.forward(net, images), targets)
    gradients = {name: array.copy() for name, array in work.gradients.items()}
    for name in net.parameters:
        for place in [(0,) * net.parameters[name].ndim, (-1,) * net.parameters[name].ndim]:
            losses = []
            for step in (1e-6, -1e-6):
                array = net.parameters[name].copy()
                array[place] += step
                moved = net.with_parameters(net.parameters | {name: array})
                losses.append(moved.head.losses(work.forward(moved, images).outputs, targets).mean())
            assert gradients[name][place] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("broken", [("relu", {"slope": lambda z, out=None: np.ones_like(z)}),
                                    ("tanh", {"slope": lambda z, out=None: 1 - z**2}),
                                    ("tanh", {"slope": lambda z, out=None: np.where(z == z.max(), np.nan, 1 - z**2)}),
                                    ("tanh", {"slope": lambda z, out=None: 1.0001 * (1 - np.tanh(z) ** 2)})],
                         ids=["always 1", "of z for tanh's", "not a number for one", "off by a ten thousandth"])
def test_a_wrong_slope_is_found(broken, monkeypatch):
    name, change = broken
    monkeypatch.setitem(ACTIVATIONS, name, dataclasses.replace(ACTIVATIONS[name], **change))
    assert check_gradients(random_network((6, 4, 3), activation=name), *random_batch()).error > 5e-5


def test_a_sample_of_the_shipped_network(embedded):
    digits = embedded.test
    net = load("trained_weights.npz").network
    for part in (slice(8), slice(20, 21), slice(33, 34)):  # of single digits that are read surely hardly a loss is left
        check = check_gradients(
            net, digits.images[part], digits.labels[part], max_count=20, rng=np.random.default_rng(0)
        )
        assert check.count + check.kinks == 20 + 20 + 20 + 10
        assert check.count > 60
        assert check.error <= WORST, check
