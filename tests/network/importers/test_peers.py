"""Twenty networks by PyTorch and Keras themselves, from objects and from their files: the same logits."""

import warnings
from itertools import pairwise

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.importers.objects import from_object
from neuralscope.network.importers.reader import read
from tests.helpers.environment import optional_package
from tests.helpers.foreign_networks import assert_same_logits

pytestmark = pytest.mark.slow

HIDDEN = ("relu", "tanh", "sigmoid", "gelu", "gelu-tanh", "elu", "silu", "softplus", "leaky-relu", "relu")
SIZES = [(), (9,), (16, 16), (20, 12, 12)]
NETWORKS = [(name, SIZES[(number + shift) % 4], (number + shift) % 3)
            for number, name in enumerate(HIDDEN) for shift in (0, 1)]  # activation, hidden sizes, extras
INPUTS = np.random.default_rng(8).random((30, 28, 28), dtype=np.float32)


@pytest.fixture
def torch():
    module = optional_package("torch", "peers")
    module.manual_seed(0)
    return module


@pytest.fixture
def keras(torch, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    module = optional_package("keras", "peers")
    module.utils.set_random_seed(1)
    return module


def torch_activation(torch, name):
    kinds = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "gelu": torch.nn.GELU,
             "elu": torch.nn.ELU, "silu": torch.nn.SiLU, "softplus": torch.nn.Softplus,
             "leaky-relu": torch.nn.LeakyReLU}
    return torch.nn.GELU("tanh") if name == "gelu-tanh" else kinds[name]()


def torch_model(torch, activation, hidden, extras):
    """Return a Sequential; ``extras`` 1: with dropout and an output function, 2: with normalization."""
    modules, sizes = [torch.nn.Flatten()], [784, *hidden, 10]
    for number, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        modules.append(torch.nn.Linear(inputs, outputs, bias=extras != 1 or number > 1))
        if number < len(sizes) - 1:
            norm = torch.nn.BatchNorm1d(outputs)
            norm.running_mean.uniform_(-1, 1)
            norm.running_var.uniform_(0.5, 2)
            modules += [norm] * (extras == 2) + [torch_activation(torch, activation)] + [torch.nn.Dropout()] * (
                extras == 1)
    return torch.nn.Sequential(*modules).eval()


def torch_logits(torch, model):
    with torch.no_grad():
        return model(torch.from_numpy(INPUTS)).numpy()


@pytest.mark.parametrize(("activation", "hidden", "extras"), NETWORKS)
def test_pytorch_as_an_object_a_state_dict_and_onnx(torch, tmp_path, activation, hidden, extras):
    for package in ("onnx", "safetensors"):
        optional_package(package)
    from safetensors.torch import save_file

    model, inputs = torch_model(torch, activation, hidden, extras), INPUTS.reshape(30, 784)
    expected = torch_logits(torch, model)
    assert_same_logits(from_object(model), inputs, expected)
    ended = torch.nn.Sequential(*model, torch.nn.LogSoftmax(1))
    assert not from_object(ended).raw_scores
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for opset in (17, 20):
            torch.onnx.export(model, torch.from_numpy(INPUTS), tmp_path / "n.onnx", dynamo=False, opset_version=opset,
                              dynamic_axes={"input": {0: "batch"}}, input_names=["input"])
            foreign = read(tmp_path / "n.onnx")
            assert_same_logits(foreign, inputs, expected)
    if extras != 2:
        state = model.state_dict()
        np.savez(tmp_path / "n.npz", **{name: tensor.numpy() for name, tensor in state.items()})
        save_file(state, tmp_path / "n.safetensors")
        for foreign in (read(tmp_path / "n.npz"), read(tmp_path / "n.safetensors"), from_object(state)):
            assert not any(layer.may_be_transposed for layer in foreign.layers)
            assert_same_logits(foreign, inputs, expected, activation)


def keras_model(keras, activation, hidden, extras):
    """Return a Sequential, or a functional model of the same layers for an even count of them."""
    layers, kinds = [], keras.layers
    if extras == 1:
        layers.append(kinds.Rescaling(1 / 127.5, -1))
    layers.append(kinds.Flatten())
    for size in hidden:
        named = activation not in ("leaky-relu", "gelu-tanh")
        layers.append(kinds.Dense(size, activation if named and extras != 2 else None, bias_initializer="normal"))
        if extras == 2:
            layers.append(kinds.BatchNormalization(beta_initializer="normal", moving_mean_initializer="normal"))
        if activation == "leaky-relu":
            layers.append(kinds.LeakyReLU(negative_slope=0.01))
        elif extras == 2 or not named:
            layers.append(kinds.Activation("relu" if activation == "gelu-tanh" else activation))
        layers.append(kinds.Dropout(0.3))
    layers.append(kinds.Dense(10, bias_initializer="normal"))
    if len(hidden) % 2:
        return keras.Sequential([keras.Input((28, 28)), *layers])
    values = entry = keras.Input((28, 28, 1) if hidden else (28, 28))
    for layer in layers:
        values = layer(values)
    return keras.Model(entry, values)


@pytest.mark.parametrize(("activation", "hidden", "extras"), NETWORKS)
def test_keras_as_an_object_and_in_files(keras, tmp_path, activation, hidden, extras):
    optional_package("h5py")
    model = keras_model(keras, activation, hidden, extras)
    pictures = INPUTS.reshape(30, *model.input_shape[1:])
    expected, inputs = np.asarray(model.predict(pictures, verbose=0)), INPUTS.reshape(30, 784)
    model.save(tmp_path / "n.keras")
    model.save(tmp_path / "n.h5")
    for foreign in (from_object(model), read(tmp_path / "n.keras"), read(tmp_path / "n.h5")):
        assert foreign.image_shape == (28, 28)
        assert foreign.raw_scores
        assert_same_logits(foreign, inputs, expected)


def test_a_normalization_that_was_adapted(keras, tmp_path):
    layer = keras.layers.Normalization()
    layer.adapt(INPUTS.reshape(30, 784))
    model = keras.Sequential([keras.Input((784,)), layer, keras.layers.Dense(4, "softmax")])
    model.save(tmp_path / "n.keras")
    model.save_weights(tmp_path / "n.weights.h5")
    expected = np.log(np.asarray(model.predict(INPUTS.reshape(30, 784), verbose=0)))
    foreign = read(tmp_path / "n.keras")
    sums = (INPUTS.reshape(30, 784) @ foreign.layers[0].weights + foreign.layers[0].biases)
    np.testing.assert_allclose(sums - sums[:, :1], expected - expected[:, :1], atol=1e-3)


def test_modules_that_are_no_chain_are_refused_by_name(torch):
    nn = torch.nn

    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(nn.Linear(4, 3))

        def forward(self, values):
            return self.layers(values)

    class Twisted(nn.Sequential):
        def forward(self, values):
            return -super().forward(values)

    for model, words in ((Own(), "it is a Own, whose code alone.*Sequential, or its state_dict"),
                         (Twisted(nn.Linear(4, 3)), "it is a Twisted"),
                         (nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)), "layer 1 is Conv2d"),
                         (nn.Sequential(nn.Linear(4, 3), nn.LeakyReLU(0.2), nn.Linear(3, 2)), "slope below 0 is 0.2"),
                         (nn.Sequential(nn.Linear(4, 3), Own()), "layer 2 is Own, a class of its author's"),
                         (nn.Sequential(nn.LazyLinear(4)), "layer 1 is LazyLinear")):
        with pytest.raises(InputError, match=words):
            from_object(model)
    nested = nn.Sequential(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), nn.Linear(3, 2)).bfloat16()
    assert [layer.activation for layer in from_object(nested).layers] == ["relu", "softmax"]
