"""``neuralscope export``: every format read back by NeuralScope and by what others read it with."""

import csv
import json

import numpy as np
import pytest

from neuralscope import export
from neuralscope.errors import InputError
from neuralscope.network import load, save
from neuralscope.network.importers.formats import FORMATS
from neuralscope.network.importers.reader import read
from tests.helpers.environment import optional_package
from tests.helpers.foreign_networks import SIZES, assert_same_logits, random_inputs, random_network

NAMES = ["a", "b", "c", "Ä"]


@pytest.fixture
def weights(tmp_path):
    """Return the path of a network's file, with names of its classes and a history."""
    path = tmp_path / "network.npz"
    save(random_network("relu", "gelu-tanh", "leaky-relu", "softmax"), path, {"class_names": NAMES, "epochs_run": 2},
         {"train_loss": np.array([2.0, 1.0])})
    return path


def arrays_by_json(path):
    value = json.loads(path.read_text())
    return {name: np.array(value[name], np.float32) for name in value if name[0] in "Wb"}


def arrays_by_csv(path):
    found, rows = {}, []
    for row in csv.reader(path.read_text().splitlines()):
        if row[0].startswith("# ") and ":" not in row[0]:
            rows = found[row[0][2:]] = []
        elif not row[0].startswith("#"):
            rows.append(row)
    return {name: np.array(rows, np.float32)[0 if name[0] == "b" else slice(None)] for name, rows in found.items()}


def arrays_by_numpy(path):
    with np.load(path) as file:
        return {name: file[name] for name in file if name[0] in "Wb"}


def arrays_by_safetensors(path):
    from safetensors.numpy import load_file

    return {f"{'W' if kind == 'weight' else 'b'}{int(place) // 2 + 1}": array.T for name, array in
            load_file(path).items() for place, kind in [name.split(".")]}


def arrays_by_onnx(path):
    import onnx

    return {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}


READERS = {"npz": arrays_by_numpy, "safetensors": arrays_by_safetensors, "JSON": arrays_by_json, "CSV": arrays_by_csv,
           "ONNX": arrays_by_onnx}
WRITTEN = [row for row in FORMATS if row.write]


@pytest.mark.parametrize("row", WRITTEN, ids=lambda row: row.name)
def test_what_is_written_is_the_same_for_others_and_for_us(row, weights, tmp_path, capsys):
    for package in row.packages:
        optional_package(package)
    network, path = load(weights).network, tmp_path / f"out{row.endings[0]}"
    assert export.main([str(path), "--weights", str(weights)]) == 0
    said = capsys.readouterr().out
    assert f"{path}: 12-7-7-5-4 relu, gelu-tanh, leaky-relu: {row.written_as}\n" in said
    assert ("without the record of its training" in said) == (row.name != "npz")
    arrays = READERS[row.name](path)
    assert arrays.keys() == network.parameters.keys()
    assert all(np.array_equal(arrays[name], array) for name, array in network.parameters.items())
    if row.name == "npz":
        assert load(path).metadata == load(weights).metadata
        return
    foreign = read(path)
    assert foreign.class_names == tuple(NAMES)
    assert foreign.scale.name == "0..1"
    assert [layer.activation for layer in foreign.layers] == [layer.activation for layer in network.layers]
    assert not any(layer.may_be_transposed for layer in foreign.layers)
    inputs = random_inputs(features=SIZES[0])
    assert_same_logits(foreign, inputs, network.astype(np.float64).forward(inputs).sums[-1])


def test_a_network_is_written_again_but_nothing_else_is_overwritten(weights, tmp_path):
    path = tmp_path / "out.json"
    for _ in range(2):
        export.main([str(path), "--weights", str(weights)])
    path.write_text("{}")
    with pytest.raises(InputError, match=r"out\.json: will not be overwritten, for it holds no network"):
        export.main([str(path), "--weights", str(weights)])
    assert path.read_text() == "{}"
    with pytest.raises(InputError, match="is the network's own file"):
        export.main([str(weights), "--weights", str(weights)])


@pytest.mark.parametrize(("name", "words"), [
    ("out.pkl", r"choose one of \.npz, \.safetensors, \.json, \.csv, \.onnx"), ("", "its ending is that of no format"),
    ("no/folder/out.csv", "cannot be written .*make the folder")])
def test_what_cannot_be_written_is_said(weights, tmp_path, name, words):
    with pytest.raises(InputError, match=words):
        export.main([str(tmp_path / name), "--weights", str(weights)])


def test_a_network_from_elsewhere_is_written_with_what_was_said_of_it(warm, tmp_path, capsys):
    first, last = random_network("relu", "softmax", sizes=(784, 7, 10)).layers
    arrays = {"w1": first.weights.T, "b1": first.biases, "w2": last.weights.T, "b2": last.biases}
    np.savez(tmp_path / "mine.npz", **arrays)
    options = ("--weights", tmp_path / "mine.npz", "--dataset", "digits", "--input-scale", "0..255",
               "--no-transposed-images")
    export.main([*map(str, (tmp_path / "out.json", *options)), "--hidden-activation", "tanh"])
    out, err = capsys.readouterr()
    assert ("784-7-10 tanh" in out, "without" in out, "mine.npz: " in err) == (True, False, True)
    foreign = read(tmp_path / "out.json")
    assert foreign.scale.name == "0..1"
    np.testing.assert_allclose(foreign.layers[0].weights, arrays["w1"].T * 255, rtol=1e-6)
