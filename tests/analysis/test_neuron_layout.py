"""The arrangement: every neuron once, neighbours alike, and a cache that is never trusted."""

import os

import numpy as np
import pytest

from benchmarks.neuron_layout import in_one_go, roughness
from neuralscope.analysis.neuron_layout import KEPT, SAMPLE, arranging, blurred, features, keep, kept
from neuralscope.datasets import cache
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
    order = in_one_go(network(*hidden), layer, shape, images)
    assert order.dtype == np.int64
    np.testing.assert_array_equal(np.sort(order), np.arange(hidden[layer]))
    np.testing.assert_array_equal(order, in_one_go(network(*hidden), layer, shape, images))


def test_it_leaves_the_window_time_between_steps():
    assert len(list(arranging(network(600), 0, (24, 25)))) > 50


def test_features_from_the_weights_by_hand():
    weights = np.array([[3, 0, 0], [5, 5, 5], [0, 0, 0]], np.float32)
    made = network(3).with_parameters({"W1": np.eye(3), "b1": np.zeros(3), "W2": weights, "b2": np.zeros(3)})
    expected = [np.array([2, -1, -1]) / np.sqrt(6), [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(features(made, 0), expected, atol=1e-7)


def test_features_of_an_inner_layer_pass_through_the_next():
    made = network(6, 5)
    direct = made.layers[1].weights.astype(np.float64) @ made.layers[2].weights
    direct -= direct.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(features(made, 0), direct / np.linalg.norm(direct, axis=1, keepdims=True), rtol=1e-6)


def test_features_from_images_by_hand():
    """Neuron 0 is 2 where class 0 is read and 0 for class 1, neuron 1 is 0 and 4; each speaks for its class."""
    made = Network.random((2, 2, 2), rng=np.random.default_rng(0)).with_parameters(
        {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.array([[1, -1], [-1, 1.0]]), "b2": np.zeros(2)})
    activations = np.array([[1, -1], [-2, 2]]) / np.sqrt(10)  # less the mean of each neuron, 1 and 2
    pushed = np.array([[2, 0], [0, 4]]) / np.sqrt(20)
    images = np.array([[1, 0], [3, 0], [0, 4]])
    np.testing.assert_allclose(features(made, 0, images), np.hstack([activations, pushed / 2]), atol=1e-12)


def test_dead_neurons_and_classes_nobody_reads():
    dead = network(40)
    dead = dead.with_parameters({name: np.zeros_like(array) for name, array in dead.parameters.items()})
    for images in (None, IMAGES):
        assert not features(dead, 0, images).any()
        np.testing.assert_array_equal(np.sort(in_one_go(dead, 0, SHAPE, images)), np.arange(40))


@pytest.mark.parametrize(("images", "most"), [(False, (1, 0.98, 0.42)), (True, (0.68, 0.52, 1))])
def test_neighbours_are_more_alike_than_in_the_file(shipped, embedded, images, most):
    """In what they do for a digit, in what they do for a class, and in what they say; other digits than arranged by."""
    made, shape = shipped.network, (16, 16)
    order = in_one_go(made, 0, shape, embedded.train.images if images else None)
    trace = made.forward(embedded.test.images)
    maps = trace.activations[0]
    means = np.stack([maps[trace.predictions == answer].mean(axis=0) for answer in range(10)])
    for rows, ratio in zip((maps, means, features(made, 0).T), most, strict=True):
        assert roughness(rows[:, order], shape).mean() < ratio * roughness(rows, shape).mean()


def test_blur_weighs_what_is_there():
    """Equal vectors stay equal at borders and beside empty cells; one that stands out sinks in."""
    np.testing.assert_allclose(blurred(np.ones((5, 2)), (2, 4), 1.5), np.ones((5, 2)))
    near, far = np.exp(-0.5), np.exp(-2)
    np.testing.assert_allclose(blurred(np.array([[1.0], [0], [0]]), (1, 3), 1)[:, 0],
                               [1 / (1 + near + far), near / (1 + 2 * near), far / (1 + near + far)])


@pytest.mark.parametrize("values", [[0, 1, 0, 1], [0, 0, 1, 1]])
def test_roughness_by_hand(values):
    """Two by two cells have two steps down and two across: half of them are 1, and the variance is a quarter."""
    assert roughness(np.array([values]), (2, 2)) == 1


def test_sheets_of_any_size_take_the_order():
    for count in (2, 37, 50):
        assert len(in_one_go(network(count), 0, sheet_shape(count))) == count


@pytest.fixture
def path():
    """Return the path of an order that was just kept: that of a network of 40 neurons, backwards."""
    keep(network(40), 0, SHAPE, np.arange(40)[::-1], IMAGES)
    return next(cache.folder().iterdir())


def test_what_was_kept_comes_back(path):
    order = kept(network(40), 0, SHAPE, IMAGES)
    assert order.dtype == np.int64
    np.testing.assert_array_equal(order, np.arange(40)[::-1])


@pytest.mark.parametrize("asked", [
    (network(40, seed=1), 0, SHAPE, IMAGES), (network(40, activation="tanh"), 0, SHAPE, IMAGES),
    (network(40), 0, (8, 5), IMAGES), (network(40), 0, SHAPE, IMAGES[1:]), (network(40), 0, SHAPE),
    (network(40, 40), 0, SHAPE, IMAGES), (network(40, 40), 1, SHAPE, IMAGES),
], ids=["weights", "activation", "shape", "images", "no images", "layers", "layer"])
def test_nobody_else_s_order(path, asked):
    assert kept(*asked) is None


def test_the_layers_of_a_network_have_orders_of_their_own():
    keep(network(40, 40), 0, SHAPE, np.arange(40))
    assert kept(network(40, 40), 1, SHAPE) is None


def test_only_the_images_that_count_name_the_order():
    many = np.zeros((SAMPLE + 5, 20), np.float32)
    keep(network(40), 0, SHAPE, np.arange(40), many)
    many[-1] = 1
    assert kept(network(40), 0, SHAPE, many) is not None


@pytest.mark.parametrize("damage", [
    lambda content: b"",
    lambda content: content[:-1],
    lambda content: content[:-4],
    lambda content: content + content[-4:],
    lambda content: content[:-4] + content[:4],
    lambda content: np.arange(1, 41, dtype="<i4").tobytes(),
    lambda content: np.arange(-1, 39, dtype="<i4").tobytes(),
    lambda content: np.arange(40, dtype="<i8").tobytes(),
    lambda content: np.arange(40, dtype="<f4").tobytes(),
    lambda content: np.arange(40, dtype=">i4").tobytes(),
], ids=["empty", "byte missing", "truncated", "longer", "twice", "from 1", "negative", "int64", "float32", "swapped"])
def test_damaged_order_is_as_good_as_absent(path, damage):
    path.write_bytes(damage(path.read_bytes()))
    assert kept(network(40), 0, SHAPE, IMAGES) is None


def test_folder_that_cannot_be_written_is_not_fatal(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    keep(network(40), 0, SHAPE, np.arange(40))
    assert kept(network(40), 0, SHAPE) is None


def test_order_that_cannot_be_written_is_not_fatal(path):
    path.unlink()
    path.mkdir()
    keep(network(40), 0, SHAPE, np.arange(40), IMAGES)
    assert kept(network(40), 0, SHAPE, IMAGES) is None
    assert [entry.name for entry in cache.folder().iterdir()] == [path.name]


def test_the_cache_keeps_the_latest_and_nothing_else_of_the_folder_goes():
    cache.folder().mkdir(exist_ok=True)
    (cache.folder() / "mnist-test.npy").touch()
    for seed in range(KEPT + 3):
        keep(network(3, seed=seed), 0, (1, 3), np.arange(3))
        for entry in cache.folder().iterdir():
            os.utime(entry, (0, entry.stat().st_mtime - 10))
    assert [kept(network(3, seed=seed), 0, (1, 3)) is None for seed in range(KEPT + 3)] == [True] * 3 + [False] * KEPT
    assert (cache.folder() / "mnist-test.npy").exists()
