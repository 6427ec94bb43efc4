"""Silenced neurons: what is computed fast is what a network without the neuron answers."""

import numpy as np
import pytest

from neuralscope.analysis import AblatedAnswers, SingleAblations, ablate, ablate_each, ablation
from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, Network


def drawn(sizes, activation="relu"):
    rng = np.random.default_rng(3)
    network = Network.random(sizes, activation, rng=rng)
    return network.with_parameters({name: array + rng.normal(0, 0.1, array.shape).astype(np.float32)
                                    for name, array in network.parameters.items()})


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_silenced_neuron_counts_as_0(activation, embedded):
    network, images = drawn((784, 6, 5, 10), activation), embedded.test.images[:50]
    before, after = network.forward(images), ablate(network, {0: [1, 4]}).forward(images)
    values = before.activations[0].copy()
    values[:, [1, 4]] = 0
    np.testing.assert_allclose(after.sums[-1], Network(network.layers[1:]).forward(values).sums[-1], atol=1e-5)
    np.testing.assert_array_equal(after.activations[0], before.activations[0])  # they show what they would do


def test_all_neurons_silenced_leave_the_biases(embedded):
    network = drawn((784, 6, 5, 10))
    trace = ablate(network, {0: range(6), 1: {0, 1, 2, 3, 4}}).forward(embedded.test.images[:3])
    np.testing.assert_array_equal(trace.sums[-1], [network.layers[-1].biases] * 3)


def test_nothing_silenced_is_the_same_network():
    network = drawn((784, 6, 10))
    assert ablate(network, {}) is ablate(network, {0: ()}) is network


@pytest.mark.parametrize("sizes", [(784, 12, 10), (784, 12, 7, 10), (784, 1, 10), (784, 6, 5, 4, 10)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_knock_outs_are_those_of_silenced_networks(activation, sizes, embedded, monkeypatch):
    monkeypatch.setattr(ablation, "PART_IMAGES", 100)  # so that the digits come in parts
    network, images = drawn(sizes, activation).astype(np.float64), embedded.test.images
    trace = network.forward(images)
    for layer, activations in enumerate(trace.activations[:-1]):
        neurons = list(range(sizes[layer + 1]))[::-1]
        answers = ablate_each(network, layer, activations, neurons)
        assert (answers.dtype, answers.shape) == (np.uint8, (len(neurons), len(images)))
        for neuron, row in zip(neurons, answers, strict=True):
            np.testing.assert_array_equal(row, ablate(network, {layer: [neuron]}).forward(images).predictions)


def test_the_shipped_network_on_real_digits(shipped, embedded):
    images = embedded.test.images
    activations = shipped.network.forward(images).activations[0]
    for neuron, row in enumerate(ablate_each(shipped.network, 0, activations, range(256))):
        sums = ablate(shipped.network, {0: [neuron]}).forward(images).sums[-1]
        chosen = np.take_along_axis(sums, row[:, np.newaxis].astype(np.int64), axis=1)[:, 0]
        assert (chosen >= sums.max(axis=1) - 1e-4).all()  # a tie in float32 may fall either way


def test_ties_fall_to_the_first_class_as_in_a_prediction():
    network = Network.random((2, 1, 4), rng=np.random.default_rng(0))
    network = network.with_parameters({name: np.zeros_like(array) for name, array in network.parameters.items()}
                                      | {"b2": np.array([0, 1, 1, 0], np.float32)})
    assert ablate_each(network, 0, np.ones((3, 1), np.float32), [0]).tolist() == [[1, 1, 1]]


def test_worked_example():
    result = SingleAblations(labels=np.array([0, 1, 2, 2]), before=np.array([0, 1, 2, 0]),
                       after=np.array([[0, 1, 2, 0], [1, 1, 1, 2], [0, 1, 2, 2], [2, 0, 2, 2]], np.uint8))
    assert result.errors_before == 1
    assert result.errors.tolist() == [1, 2, 0, 2]
    assert result.costs.tolist() == [0, 1, -1, 1]
    assert result.ranks.tolist() == [2, 0, 3, 1]  # the second and the fourth tie
    assert (result.newly_wrong(1).tolist(), result.newly_right(1).tolist()) == ([0, 2], [3])
    assert (result.newly_wrong(0).tolist(), result.newly_right(0).tolist()) == ([], [])


def test_without_labels_a_neuron_costs_the_answers_that_change():
    result = AblatedAnswers(before=np.array([0, 1, 2, 0]),
                            after=np.array([[0, 1, 2, 0], [1, 1, 1, 2], [0, 1, 2, 2], [2, 0, 2, 0]], np.uint8))
    assert result.costs.tolist() == [0, 3, 1, 2]
    assert result.ranks.tolist() == [3, 0, 2, 1]
    assert not hasattr(result, "errors")


@pytest.mark.parametrize(("layer", "neuron", "complaint"), [
    (1, 0, "no hidden layer 1: choose one from 0 to 0"), (-1, 0, "no hidden layer -1"),
    (0, 6, "no neuron of hidden layer 0 with the number 6: choose one from 0 to 5"), (0, -1, "number -1: ")])
def test_what_is_not_there_is_refused(layer, neuron, complaint):
    network = drawn((784, 6, 10))
    with pytest.raises(InputError, match=complaint):
        ablate(network, {layer: [neuron]})
    with pytest.raises(InputError, match=complaint):
        ablate_each(network, layer, np.zeros((1, 6), np.float32), [neuron])


def test_without_hidden_layer_nothing_can_be_silenced():
    with pytest.raises(InputError, match="there is none at all"):
        ablate(drawn((784, 10)), {0: [0]})
