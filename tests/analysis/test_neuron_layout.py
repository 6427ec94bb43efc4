"""The arrangement: every neuron once, neighbours alike, and a cache that is never trusted."""


import numpy as np
import pytest

from benchmarks.neuron_layout import layout_at_once, roughness
from neuralscope.analysis.neuron_layout import (
    blur_cells,
    find_order,
    neuron_features,
)
from neuralscope.network.model import Network
from neuralscope.visualizer.widgets.hidden_layers import sheet_shape

IMAGES = np.random.default_rng(3).random((60, 20), np.float32)
SHAPE = (5, 8)


def network(*hidden, seed=0, activation="relu"):
    return Network.random((20, *hidden, 4), activation, initializer="xavier", rng=np.random.default_rng(seed))


@pytest.mark.parametrize("images", [None, IMAGES], ids=["weights", "images"])
@pytest.mark.parametrize(("hidden", "layer", "shape"), [
    ((1,), 0, (1, 1)), ((2,), 0, (1, 2)), ((37,), 0, (6, 7)), ((256,), 0, (16, 16)), ((37, 2), 0, (6, 7)),
    ((37, 2), 1, (1, 2)), ((600,), 0, (24, 25)), ((3,), 0, (1, 5)), ((3,), 0, (5, 1)),
])
def test_every_neuron_once_and_the_same_each_time(hidden, layer, shape, images):
    order = layout_at_once(network(*hidden), layer, shape, images)
    assert order.dtype == np.int64
    np.testing.assert_array_equal(np.sort(order), np.arange(hidden[layer]))
    np.testing.assert_array_equal(order, layout_at_once(network(*hidden), layer, shape, images))


def test_it_leaves_the_window_time_between_steps():
    assert len(list(find_order(network(600), 0, (24, 25)))) > 50


def test_features_from_the_weights_by_hand():
    weights = np.array([[3, 0, 0], [5, 5, 5], [0, 0, 0]], np.float32)
    made = network(3).with_parameters({"W1": np.eye(3), "b1": np.zeros(3), "W2": weights, "b2": np.zeros(3)})
    expected = [np.array([2, -1, -1]) / np.sqrt(6), [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(neuron_features(made, 0), expected, atol=1e-7)


def test_features_of_an_inner_layer_pass_through_the_next():
    made = network(6, 5)
    direct = made.layers[1].weights.astype(np.float64) @ made.layers[2].weights
    direct -= direct.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(
        neuron_features(made, 0), direct / np.linalg.norm(direct, axis=1, keepdims=True), rtol=1e-6
    )


def test_features_from_images_by_hand():
    """Neuron 0 is 2 where class 0 is read and 0 for class 1, neuron 1 is 0 and 4; each speaks for its class."""
    made = Network.random((2, 2, 2), rng=np.random.default_rng(0)).with_parameters(
        {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.array([[1, -1], [-1, 1.0]]), "b2": np.zeros(2)})
    activations = np.array([[1, -1], [-2, 2]]) / np.sqrt(10)  # less the mean of each neuron, 1 and 2
    pushed = np.array([[2, 0], [0, 4]]) / np.sqrt(20)
    images = np.array([[1, 0], [3, 0], [0, 4]])
    np.testing.assert_allclose(neuron_features(made, 0, images), np.hstack([activations, pushed / 2]), atol=1e-12)


def test_dead_neurons_and_classes_nobody_reads():
    dead = network(40)
    dead = dead.with_parameters({name: np.zeros_like(array) for name, array in dead.parameters.items()})
    for images in (None, IMAGES):
        assert not neuron_features(dead, 0, images).any()
        np.testing.assert_array_equal(np.sort(layout_at_once(dead, 0, SHAPE, images)), np.arange(40))


@pytest.mark.parametrize(("images", "most"), [(False, (1, 0.99, 0.42)), (True, (0.68, 0.52, 1))])
def test_neighbours_are_more_alike_than_in_the_file(shipped, embedded, images, most):
    """In what they do for a digit, in what they do for a class, and in what they say; other digits than arranged by."""
    made, shape = shipped.network, (16, 16)
    order = layout_at_once(made, 0, shape, embedded.train.images if images else None)
    trace = made.forward(embedded.test.images)
    maps = trace.activations[0]
    means = np.stack([maps[trace.predictions == answer].mean(axis=0) for answer in range(10)])
    for rows, ratio in zip((maps, means, neuron_features(made, 0).T), most, strict=True):
        assert roughness(rows[:, order], shape).mean() < ratio * roughness(rows, shape).mean()


def test_blur_weighs_what_is_there():
    """Equal vectors stay equal at borders and beside empty cells; one that stands out sinks in."""
    np.testing.assert_allclose(blur_cells(np.ones((5, 2)), (2, 4), 1.5), np.ones((5, 2)))
    near, far = np.exp(-0.5), np.exp(-2)
    np.testing.assert_allclose(blur_cells(np.array([[1.0], [0], [0]]), (1, 3), 1)[:, 0],
                               [1 / (1 + near + far), near / (1 + 2 * near), far / (1 + near + far)])


@pytest.mark.parametrize("values", [[0, 1, 0, 1], [0, 0, 1, 1]])
def test_roughness_by_hand(values):
    """Two by two cells have two steps down and two across: half of them are 1, and the variance is a quarter."""
    assert roughness(np.array([values]), (2, 2)) == 1


def test_sheets_of_any_size_take_the_order():
    for count in (2, 37, 50):
        assert len(layout_at_once(network(count), 0, sheet_shape(count))) == count
