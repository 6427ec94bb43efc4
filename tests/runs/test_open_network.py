"""Every program opens networks of other programs: what was assumed is one line, what cannot be is another."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from neuralscope import predict
from neuralscope.data_loader import load
from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.__main__ import main as train_main
from neuralscope.network.importers.choices import Choices
from neuralscope.runs.beginning import training_metadata
from neuralscope.runs.open_network import is_network_file, open_network
from neuralscope.visualizer.__main__ import main as window_main
from neuralscope.visualizer.arguments import take_network_file


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    """An empty current folder, and digits that are decoded already."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def theirs(shipped):
    """Return the file of the shipped network as one that learned from bytes, without names and biases first."""
    arrays = list(shipped.network.parameters.values())
    arrays[0] = arrays[0] / np.float32(255)
    np.savez("theirs.npz", *arrays[1::2], *(array.T for array in arrays[::2]))
    return "theirs.npz"


def test_a_network_from_elsewhere_is_settled_by_the_training_part(theirs, shipped, embedded):
    saved, notice = open_network(theirs, lambda: load("digits"))
    assert "inputs 0..255" in notice
    assert notice.startswith("theirs.npz: ")
    expected = shipped.network.forward(embedded.test.images).sums[-1]
    np.testing.assert_allclose(saved.network.forward(embedded.test.images).sums[-1], expected,
                               atol=1e-5 * np.abs(expected).max())
    assert saved.metadata["origin"] == {"file": "theirs.npz", "format": "npz", "raw_scores": False,
                                        "undecided": ["activation"]}
    assert saved.metadata["inputs"] == {"scale": "0..255", "transposed": False}
    assert saved.metadata["class_names"] == list("0123456789")
    assert saved.metadata["image_shape"] == [28, 28]
    storage.save(saved.network, "ours.npz", saved.metadata)
    assert storage.load("ours.npz").metadata == saved.metadata


def test_what_is_given_is_taken(theirs):
    saved, notice = open_network(theirs, lambda: load("digits"), Choices("tanh", "sigmoid", "0.1307,0.3081", True))
    assert [layer.activation for layer in saved.network.layers][-2:] == ["tanh", "sigmoid"]
    inputs = saved.metadata["inputs"]
    assert (inputs["scale"], inputs["transposed"]) == ("(0.1307,0.3081)", True)
    np.testing.assert_allclose([inputs["mean"], inputs["deviation"]], [0.1307, 0.3081])
    assert "second best" not in notice


def test_ours_opens_without_data_and_takes_no_choices(shipped):
    saved, notice = open_network(shipped.path, pytest.fail)
    assert (saved.metadata, notice) == (shipped.metadata, "")
    with pytest.raises(InputError, match="is a network of NeuralScope"):
        open_network(shipped.path, pytest.fail, Choices(scale="0..255"))
    Path("damaged.npz").write_bytes(shipped.path.read_bytes()[:-300])
    with pytest.raises(InputError, match=r"damaged\.npz: .*damaged"):
        open_network("damaged.npz", pytest.fail)


def test_each_program_says_in_a_line_what_it_assumes(theirs, embedded, capsys):
    assert train_main(["--evaluate", theirs, "--dataset", "digits"]) == 0
    output, errors = capsys.readouterr()
    assert errors.count("\n") == 1
    assert errors.startswith("theirs.npz: inputs 0..255")
    assert "in npz)" in output
    np.save("digit.npy", embedded.test.pixels[0].reshape(28, 28))
    for program, words in ((predict.main, ["digit.npy", "--weights", theirs]),
                           (window_main, [theirs, "--dataset", "digits", "--save", "picture.png"])):
        assert program(words) == 0
        assert "theirs.npz: inputs 0..255" in capsys.readouterr().err
    assert os.path.getsize("picture.png")


def test_a_bad_file_is_one_line(capsys):
    with open("bad.npz", "wb") as file:
        np.savez(file, W1=np.zeros((784, 20)), W2=np.zeros((30, 10)))
    with open("model.pkl", "wb") as file:
        pickle.dump({}, file)
    for name, words in (("bad.npz", "W1 (784, 20), W2 (30, 10)"), ("model.pkl", "joblib.load('model.pkl')")):
        with pytest.raises(InputError) as caught:
            window_main(["--weights", name, "--dataset", "digits"])
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)


def test_of_a_file_its_content_says_whether_it_is_a_network(theirs, shipped, embedded):
    arrays = {name: array.tolist() for name, array in shipped.network.parameters.items()}
    Path("network.json").write_text(json.dumps(arrays))
    Path("digit.json").write_text(json.dumps(embedded.test.pixels[0].reshape(28, 28).tolist()))
    np.savez("digits.npz", x=embedded.test.pixels, y=embedded.test.labels)
    np.save("digit.npy", embedded.test.pixels[0].reshape(28, 28))
    found = {name: is_network_file(name) for name in (theirs, shipped.path, "network.json", "digit.json", "digits.npz",
                                                      "digit.npy", "nothing")}
    assert list(found.values()) == [True, True, True, False, False, False, False]


def test_two_networks_are_refused(theirs):
    class Options:
        picture, weights = theirs, "other.npz"

    with pytest.raises(InputError, match=r"theirs\.npz and other\.npz are two networks"):
        take_network_file(Options)


def test_weights_that_are_no_numbers_are_said_and_not_continued(shipped, capsys):
    arrays = {name: array.copy() for name, array in shipped.network.parameters.items()}
    arrays["W1"][:12, 7] = np.nan
    storage.save(shipped.network.with_parameters(arrays), "nan.npz", shipped.metadata)
    _, notice = open_network("nan.npz", pytest.fail)
    assert notice == "W1 has 12 NaN, all into neuron 7"
    assert train_main(["--evaluate", "nan.npz", "--dataset", "digits"]) == 0
    assert "W1 has 12 NaN, all into neuron 7" in capsys.readouterr().err
    with pytest.raises(InputError, match=r"W1 has 12 NaN.*no training can go on"):
        train_main(["--resume", "--output", "nan.npz", "--dataset", "digits", "--epochs", "1000"])


def test_a_training_says_what_its_network_reads(embedded):
    from neuralscope.network import TrainingOptions

    metadata = training_metadata(embedded, TrainingOptions(), 1)
    assert metadata["class_names"] == list("0123456789")
    assert metadata["image_shape"] == [28, 28]
    assert metadata["inputs"] == {"scale": "0..1", "transposed": False}


@pytest.mark.parametrize(("name", "value", "is_network"), [
    ("model.pkl", MLPClassifier(), True), ("model.joblib", [1], True), ("model.pt", [1], True),
    ("mnist.pkl", [np.zeros(3)], False)])
def test_a_pickle_is_taken_for_a_network_where_it_is_one(tmp_path, name, value, is_network):
    (tmp_path / name).write_bytes(pickle.dumps(value))
    assert is_network_file(tmp_path / name) == is_network
