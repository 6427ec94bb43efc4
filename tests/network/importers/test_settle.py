"""What a file leaves open is settled by images, said in words, and said to be open where it is."""

from dataclasses import replace

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import Network, TrainingOptions
from neuralscope.network.importers.arrays import network_from_arrays
from neuralscope.network.importers.choices import Choices, Reading, parse_scale, picture_order
from neuralscope.network.importers.foreign import Ends, ForeignLayer, ForeignNetwork
from neuralscope.network.importers.settle import plainest, settle
from neuralscope.network.importers.text import KEYWORDS, settled_parts
from neuralscope.network.importers.trials import Trial
from neuralscope.network.inputs import INPUT_SCALES, by_feature, by_mean_and_deviation, images_alike
from neuralscope.network.trainer import train
from neuralscope.runs.beginning import make_trainer
from tests.helpers.foreign_networks import settled_text

ENDS = Ends(784, 10)


@pytest.fixture(scope="module")
def trained(embedded):
    """Return networks that learned the embedded digits, by their sizes and head."""
    made = {}
    for name, options in (("relu", {"hidden": (32,)}), ("square", {"hidden": (10,), "activation": "tanh"}),
                          ("sigmoid", {"hidden": (32,), "loss": "squared-error", "epochs": 25})):
        options = TrainingOptions(**({"epochs": 12, "batch_size": 32, "augment": "none"} | options))
        trainer = make_trainer(options, embedded)
        for _ in train(trainer, lambda: False):
            pass
        made[name] = trainer.network
    return made


def as_arrays(network, factor=1.0, order=None):
    """Return a network's arrays as of one that learned from inputs larger by ``factor``, in another order."""
    arrays = {name: array.astype(np.float64) for name, array in network.parameters.items()}
    weights = arrays["W1"] / factor
    return arrays | {"W1": weights if order is None else weights[order]}


def settled_arrays(embedded, arrays, **choices):
    return settle(network_from_arrays(arrays, "npz", ENDS), embedded.train.pixels, embedded.train.labels,
                  Choices(**choices))


def assert_answers_alike(network, other, images):
    expected = other.forward(images).sums[-1]
    np.testing.assert_allclose(network.forward(images).sums[-1], expected, atol=1e-5 * np.abs(expected).max())


def test_transposed_pictures_and_bytes_are_found_and_folded_in(embedded, trained):
    arrays = as_arrays(trained["square"], 255, picture_order(784))
    settled = settled_arrays(embedded, arrays, activation="tanh")
    assert (settled.reading.transposed, settled.reading.scale.name) == (True, "0..255")
    assert_answers_alike(settled.network, trained["square"], embedded.test.images)
    assert "inputs 0..255, tanh, weights (in, out), transposed pictures: " in settled_text(settled)


@pytest.mark.parametrize("turned", [False, True])
def test_a_square_layer_is_settled_by_reading(embedded, trained, turned):
    arrays = as_arrays(trained["square"])
    arrays |= {"W2": arrays["W2"].T} if turned else {}
    settled = settled_arrays(embedded, arrays, activation="tanh", scale="0..1", transposed_images=False)
    assert settled.decided
    assert_answers_alike(settled.network, trained["square"], embedded.test.images)
    assert f"tanh, weights ({'out, in' if turned else 'in, out'}): " in settled_text(settled)
    assert f"second best: weights ({'in, out' if turned else 'out, in'}), " in settled_text(settled)


def test_biases_in_the_first_row_are_found(embedded, trained):
    arrays = as_arrays(trained["relu"])
    first = {"theta1": np.vstack([arrays["b1"] + 0.5, arrays["W1"]]), "theta2": np.vstack([arrays["b2"], arrays["W2"]])}
    settled = settled_arrays(embedded, first, activation="relu", scale="0..1", transposed_images=False)
    assert settled.reading.biases_first
    assert settled.decided


def test_what_reads_all_alike_is_equal_and_said(embedded, trained):
    bare = {name: array for name, array in as_arrays(trained["relu"]).items() if name[0] == "W"}
    settled = settled_arrays(embedded, bare, activation="relu", transposed_images=False)
    assert settled.reading.scale.name == "0..1"
    assert "0..255" in {reading.scale.name for reading in settled.equals}
    assert "inputs 0..255 gives the same answers" in settled_text(settled)


def test_outputs_that_sum_to_one_as_sigmoids_are_sigmoids(embedded, trained):
    for name, head, words in (("sigmoid", "sigmoid", ""),
                              ("relu", "softmax", "softmax assumed; sigmoid gives the same order")):
        settled = settled_arrays(embedded, as_arrays(trained[name]), activation="relu", scale="0..1")
        assert settled.network.layers[-1].activation == head
        assert words in settled_text(settled)


def test_a_network_that_learned_nothing_is_undecided(embedded):
    random = Network.random((784, 16, 10), rng=np.random.default_rng(0))
    settled = settled_arrays(embedded, as_arrays(random))
    assert not settled.decided
    assert settled.renamed is None
    assert "this is not decided: say it with --hidden-activation, --input-scale, --transposed-images" in settled_text(
        settled)


def test_two_that_read_nearly_alike_are_undecided(embedded, trained):
    settled = settled_arrays(embedded, as_arrays(trained["relu"]), scale="0..1", transposed_images=False)
    reading, accuracy = settled.others[0]
    assert {"relu"} < {settled.reading.activation, reading.activation}
    assert abs(settled.accuracy - accuracy) < 0.02
    assert not settled.decided
    assert settled.reading.activation == "relu"  # the plainest of what is as good, not the best by an image
    assert "; as good: " in settled_text(settled)
    assert settled_parts(settled)[2] == "this is not decided: say it with --hidden-activation"
    assert settled_parts(settled, KEYWORDS)[2] == "this is not decided: say it with activation="


def test_only_what_may_be_meant_is_asked_for(embedded, trained):
    settled = settled_arrays(embedded, as_arrays(trained["square"], 255), activation="tanh")
    assert settled.reading.scale.name == "0..255"
    assert not any(reading.transposed for reading in settled.open)


def test_a_file_that_says_all_but_the_order_of_pixels(embedded, trained):
    foreign = replace(network_from_arrays(as_arrays(trained["relu"]) | {"activation": np.array("relu")}, "npz", ENDS),
                      scale=INPUT_SCALES["0..1"](embedded.train.pixels))
    settled = settle(foreign, embedded.train.pixels, embedded.train.labels)
    assert settled.decided
    first, second, *_ = settled_parts(settled)
    assert first.startswith("pictures as they are: ")
    assert second.startswith("second best: transposed pictures, ")


def test_of_what_is_as_good_the_first_is_taken_that_says_as_much():
    labels = np.arange(10).repeat(10)
    sums, right = 9 * np.eye(10)[labels], np.arange(100) > 0
    trials = [Trial(Reading("relu", INPUT_SCALES["0..1"](sums)), *rest) for rest in (
        (right, labels, sums / 1000), (right, labels, sums), (right | True, labels, 2 * sums))]
    foreign = ForeignNetwork((ForeignLayer(np.zeros((1, 10)), np.zeros(10), "softmax"),), "npz")
    assert plainest(trials, labels, foreign, Choices()) is trials[1]


def test_outputs_that_are_nearly_equal_are_not_as_good(embedded, trained):
    arrays = as_arrays(trained["relu"], 255)  # by 0..1 in nearly the same order, for its biases are small
    settled = settled_arrays(embedded, arrays, activation="relu", transposed_images=False)
    assert settled.reading.scale.name == "0..255"


@pytest.mark.parametrize("names", [("X_mean", "X_std"), ("mu", "sigma"), ("mean", None)])
@pytest.mark.parametrize("unit", [1, 255])
def test_a_mean_and_deviation_beside_the_weights_are_tried(embedded, trained, names, unit):
    rng = np.random.default_rng(0)
    mean, deviation = rng.random(784) * unit * 0.99, rng.random(784) * unit + 0.1  # which no images have
    deviation = deviation if names[1] else np.ones(784)
    arrays = as_arrays(trained["relu"])
    arrays["b1"] = arrays["b1"] + (mean / unit) @ arrays["W1"]
    arrays |= {"W1": arrays["W1"] * deviation[:, np.newaxis] / unit} | {
        name: array for name, array in zip(names, (mean, deviation), strict=True) if name}
    settled = settled_arrays(embedded, arrays, activation="relu")
    assert_answers_alike(settled.network, trained["relu"], embedded.test.images)
    assert settled_text(settled).startswith(
        f"inputs {'0..255 ' * (unit == 255)}by {' and '.join(filter(None, names))}, relu: ")
    assert "left out" not in settled_text(settled)
    told = settled_arrays(embedded, arrays, activation="relu", scale="0..1")
    assert f"{' and '.join(filter(None, names))}, which the file has too" in settled_text(told)


def test_classes_in_another_order_are_told(embedded, trained):
    arrays = as_arrays(trained["relu"])
    arrays |= {name: np.roll(arrays[name], 1, axis=-1) for name in ("W2", "b2")}
    settled = settled_arrays(embedded, arrays)
    assert (settled.reading.activation, settled.reading.scale.name, settled.reading.transposed) == ("relu", "0..1",
                                                                                                    False)
    assert settled.renamed > 0.9 > 0.2 > settled.accuracy
    assert not settled.decided
    assert "if its outputs are of other classes than in this order" in settled_text(settled)


def test_weights_that_are_no_numbers_count_as_0(embedded, trained):
    arrays = as_arrays(trained["square"], 255)
    arrays["W1"][300, 4], arrays["W1"][301, 4], arrays["b1"][2] = np.nan, 1e308, np.inf
    settled = settled_arrays(embedded, arrays, activation="tanh", transposed_images=False)
    assert settled.reading.scale.name == "0..255"
    assert np.isnan(settled.network.layers[0].weights[300, 4])
    assert np.isinf(settled.network.layers[0].biases[2])
    assert np.isfinite(np.delete(settled.network.layers[0].weights, 4, axis=1)).all()
    assert "what is no number or infinite counted as 0" in settled_text(settled)


def test_the_same_each_time_whatever_the_order_of_choices(embedded, trained):
    arrays = as_arrays(trained["relu"])
    one, other = (settled_text(settled_arrays(embedded, arrays)) for _ in range(2))
    assert one == other


def test_without_images_all_must_be_said(embedded, trained):
    foreign = network_from_arrays(as_arrays(trained["relu"], 255), "npz", ENDS)
    with pytest.raises(InputError, match="leaves open the hidden activation, the scale of the inputs, whether"):
        settle(foreign)
    settled = settle(foreign, choices=Choices("relu", "softmax", "0..255", False))
    assert_answers_alike(settled.network, trained["relu"], embedded.test.images)
    with pytest.raises(InputError, match="there are none"):
        settle(foreign, choices=Choices("relu", "softmax", "mean and deviation", False))


@pytest.mark.parametrize(("change", "words"), [
    ({"images": np.zeros((5, 64))}, "takes 784 inputs, but the images have 64"),
    ({"labels": np.array([0, 1, 2, 3, 10])}, "has 10 outputs, but there is the label 10"),
    ({"labels": np.array([0, 1, 2, 3, -1])}, "label -1"),
    ({"labels": np.zeros(4, int)}, "5 images, but 4 labels"),
    ({"images": np.zeros((0, 784)), "labels": np.zeros(0, int)}, "no labelled images"),
])
def test_data_that_do_not_fit_are_refused(trained, change, words):
    data = {"images": np.zeros((5, 784)), "labels": np.arange(5)} | change
    with pytest.raises(InputError, match=words):
        settle(network_from_arrays(as_arrays(trained["relu"]), "npz", ENDS), **data)


@pytest.mark.parametrize("text", ["0..2", "1,2,3", "0.1,0", "a,b", "nan,1", "0.1,-1"])
def test_a_scale_that_is_none(text):
    with pytest.raises(InputError, match=r"known are: 0\.\.1, "):
        parse_scale(text)


def test_scales_of_images_are_those_of_numpy(embedded):
    images = embedded.train.images.astype(np.float64)
    for found in (images, embedded.train.pixels, images_alike(embedded.train.pixels)):
        scale = by_mean_and_deviation(found)
        np.testing.assert_allclose([1 / scale.factor, -scale.shift / scale.factor], [images.std(), images.mean()])
        scale, deviation = by_feature(found), images.std(axis=0)
        np.testing.assert_allclose(1 / scale.factor, np.where(deviation == 0, 1, deviation), atol=1e-12)
        np.testing.assert_allclose(-scale.shift, images.mean(axis=0) * scale.factor, atol=1e-12)
    np.testing.assert_allclose(parse_scale("0.5,0.25").apply(np.array([0.5, 1])), [0, 2])


@pytest.mark.parametrize("name", INPUT_SCALES)
def test_folding_is_exact(name):
    rng = np.random.default_rng(1)
    images, scale = rng.random((40, 16)), INPUT_SCALES[name](rng.random((40, 16)))
    layers = ForeignLayer(rng.normal(size=(16, 5)), rng.normal(size=5), "tanh"), ForeignLayer(
        rng.normal(size=(5, 3)), rng.normal(size=3))
    turned = np.arange(16).reshape(4, 4).T.reshape(-1)
    settled = settle(ForeignNetwork(layers, "test"), choices=Choices(scale=scale, transposed_images=True))
    expected = np.tanh(scale.apply(images)[:, turned] @ layers[0].weights + layers[0].biases) @ layers[1].weights
    np.testing.assert_allclose(settled.exact_network().forward(images).sums[-1], expected + layers[1].biases, atol=1e-9)
