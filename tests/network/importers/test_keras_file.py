"""Keras' files, read without Keras: what each layer adds, and what is refused."""

import io
import json
import sys
import zipfile

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.network.importers import hdf5, hdf5_process, keras_file
from neuralscope.network.importers.reader import read
from tests.helpers.environment import optional_package
from tests.helpers.foreign_networks import assert_same_logits, exact_network, random_arrays, random_inputs
from tests.helpers.keras_files import description, entry, functional, weights_bytes, write_h5, write_keras

FIRST, SECOND = random_arrays((12, 7, 4))
RNG = np.random.default_rng(6)
NORM = [RNG.uniform(0.5, 2, 7).astype(np.float32) for _ in range(4)]  # gamma, beta, mean, variance
PLAIN = [entry("Dense", FIRST, activation="relu"), entry("Dense", SECOND, activation="softmax")]


@pytest.fixture(autouse=True)
def _in_this_process(request, monkeypatch):
    """Read HDF5 in this process but where a test asks for the other one, for that takes long to begin."""
    h5py = optional_package("h5py")
    if not request.node.name.startswith("test_a_process"):
        monkeypatch.setattr(keras_file, "read_file", lambda path: hdf5.read_stream(open_stream(path), h5py))


def open_stream(path):
    return io.BytesIO(path.read_bytes())


def logits(activation, inputs, before=lambda x: x, between=lambda x: x, after=lambda x: x):
    sums = between(before(inputs.astype(np.float64)) @ FIRST[0].astype(np.float64) + FIRST[1])
    return after(ACTIVATIONS[activation].value(sums)) @ SECOND[0].astype(np.float64) + SECOND[1]


def batch_norm(values):
    gamma, beta, mean, variance = (array.astype(np.float64) for array in NORM)
    return (values - mean) / np.sqrt(variance + 1e-3) * gamma + beta


MODELS = {
    "plain": (PLAIN, {"activation": "relu"}),
    "activation beside": ([entry("Dense", FIRST, activation="linear"), entry("Activation", activation="tanh"),
                           entry("Dense", SECOND)], {"activation": "tanh"}),
    "swish": ([entry("Dense", FIRST, activation="swish"), entry("Dropout", rate=0.2), entry("Dense", SECOND)],
              {"activation": "silu"}),
    "leaky": ([entry("Dense", FIRST), entry("LeakyReLU", negative_slope=0.01), entry("Dense", SECOND)],
              {"activation": "leaky-relu"}),
    "leaky of Keras 2": ([entry("Dense", FIRST), entry("LeakyReLU", alpha=0.009999999776482582),
                          entry("Dense", SECOND)], {"activation": "leaky-relu"}),
    "layer as activation": ([entry("Dense", FIRST, activation={"class_name": "ELU", "config": {"alpha": 1.0}}),
                             entry("Dense", SECOND)], {"activation": "elu"}),
    "rescaled": ([entry("Rescaling", scale=1 / 127.5, offset=-1), *PLAIN],
                 {"activation": "relu", "before": lambda x: x / 127.5 - 1}),
    "normalized": ([entry("Normalization", [np.full(12, 0.5), np.full(12, 4.0), np.int64(3)], mean=None), *PLAIN],
                   {"activation": "relu", "before": lambda x: (x - 0.5) / 2}),
    "normalized by figures": ([entry("Normalization", mean=0.5, variance=[4.0]), *PLAIN],
                              {"activation": "relu", "before": lambda x: (x - 0.5) / 2}),
    "batch norm before": ([entry("Dense", FIRST), entry("BatchNormalization", NORM, epsilon=0.001), entry("ReLU"),
                           entry("Dense", SECOND)], {"activation": "relu", "between": batch_norm}),
    "batch norm after": ([entry("Dense", FIRST, activation="sigmoid"), entry("BatchNormalization", NORM),
                          entry("Dense", SECOND)], {"activation": "sigmoid", "after": batch_norm}),
}


@pytest.mark.parametrize(("layers", "computed"), MODELS.values(), ids=MODELS)
def test_the_logits_are_those_of_the_formulas(tmp_path, layers, computed):
    inputs = random_inputs()
    expected = logits(inputs=inputs, **computed)
    assert_same_logits(read(write_keras(tmp_path / "m.keras", layers)), inputs, expected)
    assert_same_logits(read(write_keras(tmp_path / "f.keras", layers, functional(layers))), inputs, expected)
    if layers[0][0] != "Normalization":
        assert_same_logits(read(write_h5(tmp_path / "m.h5", layers)), inputs, expected)
        assert_same_logits(read(write_h5(tmp_path / "f.h5", layers, functional(layers))), inputs, expected)


def test_what_was_left_out_and_folded_in_is_said(tmp_path):
    layers = [entry("Rescaling", scale=1 / 255, offset=0), entry("Flatten"), entry("Dropout", rate=0.5), *PLAIN]
    foreign = read(write_keras(tmp_path / "m.keras", layers, description(layers, (3, 4, 1))))
    assert foreign.image_shape == (3, 4)
    assert foreign.notices == ("Flatten, Dropout left out", "Rescaling folded in")
    assert not foreign.raw_scores


def test_without_biases(tmp_path):
    layers = [entry("Dense", FIRST[:1], activation="relu", use_bias=False), PLAIN[1]]
    foreign = read(write_keras(tmp_path / "m.keras", layers))
    assert not foreign.layers[0].biases.any()
    assert exact_network(foreign).sizes == (12, 7, 4)


def test_weights_alone_are_arrays_whose_layout_is_known(tmp_path):
    layers = [entry("Dense", arrays) for arrays in random_arrays()]
    (tmp_path / "m.weights.h5").write_bytes(weights_bytes(layers))
    foreign = read(tmp_path / "m.weights.h5")
    assert [layer.may_be_transposed for layer in foreign.layers] == [False] * 4
    for layer, (weights, biases) in zip(foreign.layers, random_arrays(), strict=True):
        assert np.array_equal(layer.weights, weights)
        assert np.array_equal(layer.biases, biases)


@pytest.mark.parametrize(("layers", "words"), [
    ([entry("Conv2D", filters=8), entry("Flatten"), *PLAIN], "layer 2 is Conv2D"),
    ([entry("Lambda", function={"class_name": "__lambda__", "config": {"code": "4wEAAA=="}}), *PLAIN],
     "layer 2 is Lambda"),
    ([entry("Dense", FIRST, activation="leaky_relu"), PLAIN[1]], "layer 2, Dense: its activation is leaky_relu, whose "
                                                                "slope below 0 is 0.2"),
    ([entry("Dense", FIRST, activation={"class_name": "function", "config": "f"}), PLAIN[1]], "of its author's"),
    ([entry("Dense", FIRST), entry("LeakyReLU", negative_slope=0.3), PLAIN[1]], "slope below 0 is 0.3"),
    ([entry("Dense", FIRST), entry("ReLU", max_value=6.0), PLAIN[1]], "largest value 6"),
    ([entry("Dense", FIRST), entry("ELU", alpha="much"), PLAIN[1]], "alpha is not a number"),
    ([entry("Dense", FIRST[:1]), PLAIN[1]], "the file has 1 arrays of it, not 2"),
    ([entry("Normalization", mean="x", variance=1), *PLAIN], "its mean is not given in numbers"),
    ([entry("Sequential", layers=[]), *PLAIN], "layer 2 is Sequential"),
])
def test_what_is_not_read_is_refused_by_name(tmp_path, layers, words):
    with pytest.raises(InputError, match=words):
        read(write_keras(tmp_path / "m.keras", layers))


def test_pictures_must_be_flattened(tmp_path):
    path = write_keras(tmp_path / "m.keras", PLAIN, description(PLAIN, (3, 12)))
    with pytest.raises(InputError, match=r"acts on each row of its pictures; put a Flatten before it"):
        read(path)


def test_a_layer_that_takes_two_is_refused(tmp_path):
    model = functional(PLAIN)
    last = model["config"]["layers"][-1]
    last["inbound_nodes"] = [{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}
                                        for name in ("dense_0", "input_layer")]], "kwargs": {}}]
    with pytest.raises(InputError, match=r"layer 3 is Dense, which takes .* and "):
        read(write_keras(tmp_path / "m.keras", PLAIN, model))


@pytest.mark.parametrize(("model", "words"), [
    ("[" * 100_000, "its description is not JSON"), ("{", "its description is not JSON"),
    ('{"config": 3}', "not that of a Keras model"), ('{"class_name": "Net", "config": {}}', "it is a Net, a class of"),
    (json.dumps(description(PLAIN)).replace("keras.layers", "os"), "layer 1 is InputLayer, a class of its author's"),
    (json.dumps(description(PLAIN)).replace("[null, 12]", "[null, null]"), "its inputs are of no fixed shape"),
    (json.dumps(description(PLAIN)).replace('"registered_name": null', '"registered_name": "mine>Dense"'),
     "layer 1 is InputLayer, a class of its author's"),
])
def test_a_description_that_is_none_is_refused(tmp_path, model, words):
    with pytest.raises(InputError, match=words):
        read(write_keras(tmp_path / "m.keras", PLAIN, model))


def test_a_bomb_is_not_unpacked(tmp_path):
    path = write_keras(tmp_path / "m.keras", PLAIN, weights=bytes(10**7), compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 20_000
    with pytest.raises(InputError, match="is compressed, as Keras never writes it"):
        read(path)


@pytest.mark.parametrize("kind", ["external link", "soft link", "external storage", "virtual", "hole", "filter"])
def test_nothing_outside_the_file_is_opened(tmp_path, kind):
    import h5py

    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["kernel"] = FIRST[0]
    path = write_h5(tmp_path / "m.h5", PLAIN)
    with h5py.File(path, "a") as file:
        group = file["model_weights/dense_0/dense_0"]
        del group["kernel:0"]
        if kind == "external link":
            group["kernel:0"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/kernel")
        elif kind == "soft link":
            group["kernel:0"] = h5py.SoftLink("/model_weights/dense_1/dense_1/kernel:0")
        elif kind == "external storage":
            group.create_dataset("kernel:0", (12, 7), "f4", external=[("/etc/passwd", 0, 336)])
        elif kind == "virtual":
            layout = h5py.VirtualLayout((12, 7), "f4")
            layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "kernel", (12, 7))
            group.create_virtual_dataset("kernel:0", layout)
        elif kind == "hole":
            group.create_dataset("kernel:0", (2**15, 2**15), "f4")
        else:
            group.create_dataset("kernel:0", data=FIRST[0], chunks=(12, 7), compression="lzf")
    with pytest.raises(InputError, match=r"link|lies in another file|holds 0 bytes of it|compressed in a way"):
        read(path)


def test_a_process_of_its_own_reads_the_same(tmp_path):
    path = write_keras(tmp_path / "m.keras", PLAIN)
    assert_same_logits(read(path), random_inputs(), logits("relu", random_inputs()))
    with pytest.raises(InputError, match=r"m\.keras: its config\.json is compressed"):
        read(write_keras(path, PLAIN, compression=zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize(("program", "seconds", "words"), [
    ("import os; os.abort()", 60, "is damaged: the process that read it came to an end"),
    ("import time; time.sleep(60)", 0.3, r"is damaged: reading it takes more than 0\.3 s")])
def test_a_process_that_ends_or_never_does_is_said(tmp_path, monkeypatch, program, seconds, words):
    monkeypatch.setattr(hdf5_process, "PROGRAM", program)
    monkeypatch.setattr(hdf5_process, "MAX_SECONDS", seconds)
    with pytest.raises(InputError, match=words):
        read(write_keras(tmp_path / "m.keras", PLAIN))


def test_without_h5py_the_line_says_what_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(keras_file, "read_file", hdf5_process.read_file)
    path = write_keras(tmp_path / "m.keras", PLAIN)
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(InputError, match=r"takes the package h5py, .*pip install 'neuralscope\[formats\]'"):
        read(path)
