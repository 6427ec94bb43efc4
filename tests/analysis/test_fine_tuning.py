"""One step on one image, and what it does to the others."""

import numpy as np
import pytest

from neuralscope.analysis import ChangedAnswers, FineTuningEffect, ablate, fine_tuned
from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, HEADS, Network, answer, evaluate
from neuralscope.network.functions import one_hot
from tests.helpers.networks import DEPTHS, random_batch, random_network

KINDS = pytest.mark.parametrize(("activation", "head"), [(one, other) for one in ACTIVATIONS for other in HEADS])
IMAGE = random_batch(1)[0]


def loss(network, label):
    return network.head.losses(network.forward(IMAGE).outputs, one_hot([label], 3, network.dtype))[0]


@pytest.mark.parametrize("depth", DEPTHS)
@KINDS
def test_a_step_is_the_rate_times_the_gradient(activation, head, depth):
    network = random_network(DEPTHS[depth], activation=activation, head=head)
    gradients = network.gradients(network.forward(IMAGE), one_hot([2], 3, np.float64))
    found = fine_tuned(network, IMAGE, 2, 0.3)
    for name, array in network.parameters.items():
        np.testing.assert_allclose(found.parameters[name], array - 0.3 * gradients[name], rtol=1e-12, atol=1e-300)
    assert loss(fine_tuned(network, IMAGE, 2, 1e-3), 2) < loss(network, 2)


def test_it_computes_in_the_network_s_dtype(shipped, embedded):
    before = {name: array.copy() for name, array in shipped.network.parameters.items()}
    found = fine_tuned(shipped.network, embedded.test.images[:1], 3, 0.005)
    assert {array.dtype for array in found.parameters.values()} == {np.dtype(np.float32)}
    for name, array in shipped.network.parameters.items():
        assert (array == before[name]).all()


@KINDS
def test_silenced_neurons_learn_nothing_and_wake_as_they_were(activation, head):
    network, ablated = random_network(DEPTHS[2], activation=activation, head=head), {0: {1, 3}, 1: {0}}
    found = fine_tuned(network, IMAGE, 2, 0.3, ablated)
    old, new = network.parameters, found.parameters
    for name, at in (("W1", np.s_[:, [1, 3]]), ("b1", [1, 3]), ("W2", [1, 3]), ("W2", np.s_[:, 0]), ("b2", 0),
                     ("W3", 0)):
        np.testing.assert_array_equal(new[name][at], old[name][at])
    step = fine_tuned(ablate(network, ablated), IMAGE, 2, 0.3, ablated)
    np.testing.assert_array_equal(ablate(found, ablated).forward(IMAGE).outputs, step.forward(IMAGE).outputs)
    assert (new["b3"] != old["b3"]).all()


def test_a_step_into_nowhere_is_refused():
    network, image = random_network(DEPTHS[1], activation="leaky-relu").astype(np.float32), np.full((1, 6), 1e30)
    wrong = int(network.forward(image).outputs[0].argmin())
    with pytest.raises(InputError, match="smaller learning rate"):
        fine_tuned(network, image, wrong, 1e30)


def test_what_is_forgotten_and_learned():
    rng = np.random.default_rng(6)
    images, labels = rng.random((500, 6)), rng.integers(0, 3, 500)
    networks = [Network.random((6, 8, 3), rng=rng) for _ in "12"]
    before, after = (evaluate(network, images, labels) for network in networks)
    effect = FineTuningEffect(before, after)
    was, now = (one.predictions == labels for one in (before, after))
    assert set(effect.forgotten) == set(np.flatnonzero(was & ~now))
    assert set(effect.learned) == set(np.flatnonzero(~was & now))
    assert min(len(effect.forgotten), len(effect.learned)) > 10
    assert before.errors + len(effect.forgotten) - len(effect.learned) == after.errors
    assert set(effect.changed) == set(np.flatnonzero(before.predictions != after.predictions))
    without_labels = ChangedAnswers(answer(networks[0], images), answer(networks[1], images))
    assert without_labels.changed.tolist() == effect.changed.tolist()
    for found in (effect.forgotten, effect.learned, effect.changed):
        assert (np.diff(after.outputs[found].max(axis=1)) <= 0).all()
