"""What one neuron does on labelled images, counted by hand and in another way."""

import numpy as np
import pytest

from neuralscope.analysis.neuron_profile import neuron_profile
from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, Layer, Network


def made(activation="relu", classes=3):
    return Network([Layer(np.array([[1.0, 2], [3, 4]]), np.array([0.5, -0.5]), activation),
                    Layer(np.zeros((2, classes)), np.zeros(classes), "softmax")])


def of(values, labels, activation="relu"):
    values = np.array(values, np.float64)
    return neuron_profile(made(activation), 0, 1, np.stack([np.full_like(values, 9), values], axis=1), np.array(labels))


def test_worked_example():
    found = of([0, 3, 1, 0, 1.45], [0, 0, 2, 2, 2])
    assert (found.layer, found.neuron, found.weights.tolist(), found.bias) == (0, 1, [2, 4], -0.5)
    assert (found.top_images.tolist(), found.strengths.tolist()) == ([1, 4, 2], [3, 1.45, 1])
    assert (found.class_counts.tolist(), found.fires.tolist(), found.firing_share) == ([2, 0, 3], [1, 0, 2], 0.6)
    # a class of which there is none has no mean
    np.testing.assert_allclose(found.mean_activations, [1.5, np.nan, 2.45 / 3])
    np.testing.assert_allclose(found.edges, np.arange(31) / 10)
    assert np.argwhere(found.histogram).tolist() == [[0, 29], [2, 10], [2, 14]]  # 3, 1 and 1.45; not the two at rest
    assert (found.histogram.shape, found.histogram.dtype, found.dead) == ((3, 30), np.int64, False)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_against_counting_one_by_one(activation):
    rng = np.random.default_rng(0)
    function = ACTIVATIONS[activation].value
    values, labels = function(rng.normal(size=400)), rng.integers(0, 3, 400)
    found = of(values, labels, activation)
    rest = function(np.zeros(1))[0]
    assert found.fires.tolist() == [sum(values[labels == number] > rest) for number in range(3)]
    np.testing.assert_allclose(found.mean_activations, [values[labels == number].mean() for number in range(3)])
    signed = function(np.array([-1.0]))[0] < 0
    top = np.abs(values).max()
    np.testing.assert_allclose(found.edges[[0, -1]], [-top if signed else 0, top])
    for number in range(3):
        moved = values[(labels == number) & (values != rest)]
        np.testing.assert_array_equal(found.histogram[number], np.histogram(moved, found.edges)[0])
    assert found.top_images.tolist() == sorted(range(400), key=lambda index: -values[index])[:9]


def test_of_equal_ones_the_first_are_the_strongest():
    found = of([1, 2] * 8, [0] * 16)
    assert found.top_images.tolist() == [1, 3, 5, 7, 9, 11, 13, 15, 0]


@pytest.mark.parametrize(("value", "strongest"), [(0, []), (2, [0, 1])])
def test_a_dead_neuron(value, strongest):
    found = of([value, value], [0, 2])
    assert found.dead
    assert found.top_images.tolist() == strongest
    assert found.histogram.sum() == found.fires.sum() == len(strongest)
    assert found.edges[-1] == (value or 1)


@pytest.mark.parametrize(("layer", "neuron", "complaint"), [
    (1, 0, "no hidden layer 1: choose one from 0 to 0"),
    (0, 2, "no neuron of hidden layer 0 with the number 2: choose one from 0 to 1"), (0, -1, "number -1: ")])
def test_what_is_not_there_is_refused(layer, neuron, complaint):
    with pytest.raises(InputError, match=complaint):
        neuron_profile(made(), layer, neuron, np.zeros((1, 2)), np.array([0]))
