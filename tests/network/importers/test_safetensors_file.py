"""safetensors files, made by their own library: arrays by PyTorch's names or ours, and hostile headers."""

import json
from pathlib import Path

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.importers.reader import read
from neuralscope.network.importers.safetensors_file import write_safetensors
from neuralscope.network.storage import SavedNetwork
from tests.helpers.environment import optional_package
from tests.helpers.foreign_networks import assert_same_logits, random_arrays, random_inputs, random_network


@pytest.fixture(autouse=True)
def _library():
    optional_package("safetensors")


def state_dict(names=("0", "2", "4", "6")):
    return {f"{name}.{kind}": np.ascontiguousarray(array.T) for name, arrays in zip(names, random_arrays(), strict=True)
            for kind, array in zip(("weight", "bias"), arrays, strict=True)}


def relu_logits(inputs):
    values = inputs.astype(np.float64)
    for number, (weights, biases) in enumerate(random_arrays()):
        values = (np.maximum(values, 0) if number else values) @ weights.astype(np.float64) + biases
    return values


@pytest.mark.parametrize("names", [("0", "2", "4", "6"), ("0", "3", "6", "12"), ("fc1", "fc2", "fc3", "fc4"),
                                   ("net.0", "net.2", "net.4", "net.10")])
def test_a_state_dict_is_read_without_a_guess(tmp_path, names):
    from safetensors.numpy import save_file

    save_file(state_dict(names), tmp_path / "model.safetensors")
    foreign = read(tmp_path / "model.safetensors")
    assert not any(layer.may_be_transposed for layer in foreign.layers)
    assert [layer.activation for layer in foreign.layers] == [None] * 4
    assert_same_logits(foreign, random_inputs(), relu_logits(random_inputs()), "relu")


def test_what_is_written_is_a_state_dict_and_is_read_again(tmp_path):
    from safetensors import safe_open
    from safetensors.numpy import load_file

    network = random_network("relu", "gelu", "silu", "softmax")
    saved = SavedNetwork(Path("n.npz"), network, {"class_names": ["a", "b", "c", "ü"]}, {}, {})
    path = tmp_path / "model.safetensors"
    path.write_bytes(write_safetensors(saved))
    arrays = load_file(path)
    for number, layer in enumerate(network.layers):
        assert np.array_equal(arrays[f"{2 * number}.weight"], layer.weights.T)
        assert np.array_equal(arrays[f"{2 * number}.bias"], layer.biases)
    with safe_open(path, "numpy") as file:
        assert json.loads(file.metadata()["class_names"])[3] == "ü"
    foreign = read(path)
    assert foreign.class_names == ("a", "b", "c", "ü")
    assert foreign.scale.name == "0..1"
    assert [layer.activation for layer in foreign.layers] == ["relu", "gelu", "silu", "softmax"]
    assert all(np.array_equal(mine.weights, layer.weights)
               for mine, layer in zip(foreign.layers, network.layers, strict=True))


def test_half_precision_is_read(tmp_path):
    header, buffer = {}, b""
    for name, array in state_dict().items():
        data = (array.astype("<f4").view(np.uint32) >> 16).astype("<u2").tobytes()
        header[name] = {"dtype": "BF16", "shape": list(array.shape),
                        "data_offsets": [len(buffer), len(buffer) + len(data)]}
        buffer += data
    write_raw(tmp_path / "model.safetensors", header, buffer)
    layer = read(tmp_path / "model.safetensors").layers[0]
    np.testing.assert_allclose(layer.weights, random_arrays()[0][0], rtol=2**-7)


def write_raw(path, header, buffer):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + buffer)


def tensor(start, end, shape=(2,), dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


@pytest.mark.parametrize(("header", "size"), [
    ({"a": tensor(0, 8), "b": tensor(4, 12)}, 12),  # overlapping
    ({"a": tensor(0, 8), "b": tensor(0, 8)}, 8),
    ({"a": tensor(0, 8), "b": tensor(12, 20)}, 20),  # a hole
    ({"a": tensor(0, 8)}, 20),  # bytes that are nobody's
    ({"a": tensor(0, 8)}, 4),
    ({"a": tensor(8, 0)}, 8),
    ({"a": tensor(0, 8, (2**62, 4))}, 8),
    ({"__metadata__": {"activations": 1}, "a": tensor(0, 8)}, 8),
    (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 0),
    (b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
     16),
], ids=["overlap", "same", "hole", "rest", "short", "backwards", "overflow", "metadata", "deep", "twice"])
def test_a_header_that_is_not_as_written_is_refused(tmp_path, header, size):
    path = tmp_path / "model.safetensors"
    write_raw(path, header, bytes(size))
    with pytest.raises(InputError, match="not a safetensors file, or a damaged one"):
        read(path)


def test_descriptions_that_fit_nothing_are_left_out(tmp_path):
    from safetensors.numpy import save_file

    texts = {"class_names": '["a", "b"]', "activations": "[" * 100_000, "inputs": '"else"', "image_shape": "3"}
    save_file(state_dict(), tmp_path / "model.safetensors", texts)
    foreign = read(tmp_path / "model.safetensors")
    assert (foreign.class_names, foreign.scale, foreign.image_shape) == ((), None, None)
    assert foreign.layers[0].activation is None


def test_a_float_of_eight_bits_is_refused_by_name(tmp_path):
    write_raw(tmp_path / "model.safetensors", {"0.weight": tensor(0, 2, dtype="F8_E4M3")}, bytes(2))
    with pytest.raises(InputError, match=r"0\.weight is F8_E4M3"):
        read(tmp_path / "model.safetensors")
