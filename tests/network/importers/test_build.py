"""Networks made of arrays and models in Python, where nothing is found out."""

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import Network
from neuralscope.network.inputs import InputScale

RNG = np.random.default_rng(0)
W1, B1, W2, B2 = (RNG.standard_normal(shape) for shape in ((9, 5), 5, (5, 3), 3))
X = RNG.random((20, 9))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("arrays", [[W1, B1, W2, B2], (W1.T, W2.T, B1[:, np.newaxis], B2[np.newaxis]),
                                    {"W1": W1, "b1": B1.tolist(), "W2": W2.tolist(), "b2": B2}, [(W1, B1), (W2, B2)]])
def test_arrays_given_with_what_they_leave_open(arrays):
    network = Network.from_arrays(arrays, activations="tanh", inputs="-1..1", dtype=np.float64)
    expected = softmax(np.tanh((2 * X - 1) @ W1 + B1) @ W2 + B2)
    np.testing.assert_allclose(network.forward(X).outputs, expected, atol=1e-12)
    assert Network.from_arrays(arrays, activations="tanh", inputs="-1..1").dtype == np.float32


def test_a_scale_and_activations_of_ones_own():
    scale = InputScale("mine", np.arange(1, 10.0), np.array(0.5))
    network = Network.from_arrays([W1, B1, W2, B2], activations=["relu", "sigmoid"], inputs=scale, dtype=np.float64)
    z = np.maximum((X * np.arange(1, 10) + 0.5) @ W1 + B1, 0) @ W2 + B2
    np.testing.assert_allclose(network.forward(X).outputs, 1 / (1 + np.exp(-z)), atol=1e-12)


def test_pictures_read_column_by_column():
    network = Network.from_arrays([W1, B1, W2, B2], activations="identity", inputs="0..1", transposed_images=True,
                                  dtype=np.float64)
    turned = X.reshape(-1, 3, 3).transpose(0, 2, 1).reshape(-1, 9)
    np.testing.assert_allclose(network.forward(X).sums[-1], (turned @ W1 + B1) @ W2 + B2, atol=1e-12)


def test_a_square_layer_takes_the_layout():
    square = W1[:5]
    for layout, weights in (("in-out", square), ("out-in", square.T)):
        network = Network.from_arrays([square, B1], inputs="0..1", layout=layout, dtype=np.float64)
        np.testing.assert_allclose(network.layers[0].weights, weights)
    with pytest.raises(InputError, match=r"which way round square weights lie.*give layout="):
        Network.from_arrays([square, B1], inputs="0..1")


@pytest.mark.parametrize(("arguments", "words"), [
    ({}, "leaves open the hidden activation, the scale of the inputs, .*; give activations=, inputs="),
    ({"activations": "relu"}, "leaves open the scale of the inputs, .* give inputs="),
    ({"activations": "rleu", "inputs": "0..1"}, "'rleu' is not known"),
    ({"activations": ["relu"] * 3, "inputs": "0..1"}, "there are 3 activations, but 1 hidden layer"),
    ({"activations": "relu", "inputs": "0..2"}, "the scale of inputs '0..2' is not known"),
    ({"activations": "relu", "inputs": "0..1", "output": "tanh"}, "the output function 'tanh' is not known"),
])
def test_what_is_open_or_wrong_is_told(arguments, words):
    with pytest.raises(InputError, match=words):
        Network.from_arrays([W1, B1, W2, B2], **arguments)


def test_what_is_no_model_is_told():
    for make in (Network.from_arrays, Network.from_sklearn, Network.from_torch, Network.from_keras):
        with pytest.raises(InputError, match="int is no network that is known"):
            make(5)
    with pytest.raises(InputError, match="holds objects"):
        Network.from_arrays([W1, object()])
