"""Network, Layer and Trace: shapes, names, and worked examples of forward and backward."""

import dataclasses

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import Layer, Network, one_hot


def batch(inputs=6, count=5, classes=3, dtype=np.float64):
    rng = np.random.default_rng(1)
    return rng.random((count, inputs)).astype(dtype), one_hot(rng.integers(0, classes, count), classes, dtype)


def network(*sizes, dtype=np.float64, **names):
    rng = np.random.default_rng(2)
    drawn = Network.random(sizes, **names, rng=rng)
    parameters = {name: array + rng.normal(0, 0.1, array.shape) for name, array in drawn.parameters.items()}
    return drawn.with_parameters(parameters).astype(dtype)


def test_trace_worked_example():
    # z1 = [1*1 + 2*0 + 0, 1*(-1) + 2*(-1) + 1] = [1, -2]; relu: [1, 0]; z2 = [1*3 + 0, 1*1 + 2.5] = [3, 3.5]
    net = Network([Layer(np.array([[1.0, -1], [0, -1]]), np.array([0.0, 1]), "relu"),
                   Layer(np.array([[3.0, 1], [9, 9]]), np.array([0.0, 2.5]), "softmax")])
    trace = net.forward(np.array([[1.0, 2]]))
    np.testing.assert_array_equal(trace.images, [[1, 2]])
    np.testing.assert_array_equal(trace.sums[0], [[1, -2]])
    np.testing.assert_array_equal(trace.activations[0], [[1, 0]])
    np.testing.assert_array_equal(trace.sums[1], [[3, 3.5]])
    assert trace.outputs is trace.activations[1]
    np.testing.assert_allclose(trace.outputs, [[1 / (1 + np.exp(0.5)), 1 / (1 + np.exp(-0.5))]])
    np.testing.assert_array_equal(trace.predictions, [1])


def test_backward_worked_example():
    # delta 2 = probabilities - targets, for one image; delta 1 = [d2 . [3, 1] * 1, d2 . [9, 9] * 0], for z1 = [1, -2]
    net = Network([Layer(np.array([[1.0, -1], [0, -1]]), np.array([0.0, 1]), "relu"),
                   Layer(np.array([[3.0, 1], [9, 9]]), np.array([0.0, 2.5]), "softmax")])
    trace = net.forward(np.array([[1.0, 2]]))
    first, second = net.deltas(trace, np.array([[1.0, 0]]))
    p = 1 / (1 + np.exp(0.5))
    np.testing.assert_allclose(second, [[p - 1, 1 - p]])
    np.testing.assert_allclose(first, [[3 * (p - 1) + (1 - p), 0]])
    gradients = net.gradients(trace, np.array([[1.0, 0]]))
    np.testing.assert_allclose(gradients["W1"], [[2 * (p - 1), 0], [4 * (p - 1), 0]])
    np.testing.assert_allclose(gradients["b1"], [2 * (p - 1), 0])
    np.testing.assert_allclose(gradients["W2"], [[p - 1, 1 - p], [0, 0]])
    np.testing.assert_allclose(gradients["b2"], [p - 1, 1 - p])


def test_it_computes_in_the_dtype_of_its_parameters():
    images, targets = batch()
    for dtype in (np.float32, np.float64):
        net = network(6, 4, 3, dtype=dtype)
        trace = net.forward(images)
        assert {a.dtype for a in (*trace.sums, *trace.activations, trace.outputs)} == {np.dtype(dtype)}
        assert {a.dtype for a in net.gradients(trace, targets).values()} == {np.dtype(dtype)}
        assert net.dtype == dtype


def test_parameters_have_their_names_and_go_round():
    net = network(6, 5, 4, 3)
    assert list(net.parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert net.parameters["W2"].shape == (5, 4)
    twice = net.with_parameters({name: 2 * array for name, array in net.parameters.items()})
    np.testing.assert_array_equal(twice.layers[1].weights, 2 * net.layers[1].weights)
    assert [layer.activation for layer in twice.layers] == ["relu", "relu", "softmax"]


def test_a_network_is_a_value():
    net = Network.random((6, 4, 3), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="read-only"):
        net.parameters["W1"][0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        net.layers = ()
    assert net != Network.random((6, 4, 3), rng=np.random.default_rng(0))  # and comparing raises nothing


def test_it_says_what_it_is():
    assert network(6, 5, 4, 3).sizes == (6, 5, 4, 3)
    assert network(6, 5, 3).architecture == "6-5-3 relu"
    assert network(6, 3).architecture == "6-3"


@pytest.mark.parametrize("names", [{"activation": "rleu"}, {"head": "sofmax"}, {"initializer": "hee"}], ids=str)
def test_a_wrong_name_lists_the_right_ones(names):
    with pytest.raises(InputError, match=r"is not known; known are: (relu, leaky|softmax, sigm|he, xav)"):
        Network.random((6, 4, 3), **names, rng=np.random.default_rng(0))


def layers(*shapes, activation="relu", head="softmax"):
    names = [activation] * (len(shapes) - 1) + [head]
    return [Layer(np.zeros(shape), np.zeros(biases), name) for (shape, biases), name in zip(shapes, names, strict=True)]


@pytest.mark.parametrize(("arguments", "message"), [
    (layers(((6, 4), 4), ((5, 3), 3)), "W1 has 4 outputs, but W2 has 5 inputs"),
    (layers(((6, 4), 5), ((4, 3), 3)), r"b1 has shape \(5,\), but W1 needs \(4,\)"),
    (layers(((6, 4, 1), 4), ((4, 3), 3)), r"W1 has shape \(6, 4, 1\)"),
    (layers(((6, 0), 0), ((0, 3), 3)), r"W1 has shape \(6, 0\)"),
    (layers(((6, 4), 4), ((4, 3), 3), activation="rleu"), "layer 1's activation 'rleu' is not known; known are: relu"),
    (layers(((6, 3), 3), head="relu"), "layer 1's activation 'relu' is not known; known are: softmax"),
    ([], "no layers"),
])
def test_layers_that_make_no_network_are_refused_in_words(arguments, message):
    with pytest.raises(InputError, match=message):
        Network(arguments)


def test_one_image_is_a_batch_of_one():
    network = Network.random((6, 4, 3), rng=np.random.default_rng(0))
    image = np.arange(6) / 6
    np.testing.assert_array_equal(network.forward(image).outputs, network.forward(image[None]).outputs)


@pytest.mark.parametrize("shape", [(5,), (2, 5), (2, 2, 3), ()])
def test_images_of_another_shape_are_refused_in_words(shape):
    network = Network.random((6, 4, 3), rng=np.random.default_rng(0))
    with pytest.raises(InputError, match=r"but the network has 6 inputs; give them as \(batch, 6\)"):
        network.forward(np.zeros(shape))
