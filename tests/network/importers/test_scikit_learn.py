"""scikit-learn's networks answer as they do there, and what is not told of them is found out, or said to be open."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.importers.choices import Choices
from neuralscope.network.importers.scikit_learn import read_model
from neuralscope.network.importers.settle import settle
from neuralscope.network.inputs import INPUT_SCALES
from neuralscope.network.model import Network
from tests.helpers.foreign_networks import settled_text

SCALES = ["0..255", "0..1", "mean and deviation", "each input by its mean and deviation", "-1..1"]
FUNCTIONS = {"logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "identity": "identity"}


def fitted(images, labels, hidden=(24,), activation="tanh", epochs=12, steps=(), **options):
    """Return an MLPClassifier that learned a little, alone or behind other steps in a Pipeline."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline

    model = MLPClassifier(hidden, activation=activation, max_iter=epochs, random_state=0, **options)
    model = make_pipeline(*steps, model) if steps else model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        return model.fit(images, labels)


def scores(model, images):
    """Return the sums of a classifier's output layer (n, outputs), by its own functions: before the softmax."""
    from sklearn.neural_network._base import ACTIVATIONS

    values = images
    for number, (weights, biases) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        if number:
            ACTIVATIONS[model.activation](values)
        values = values @ weights + biases
    return values


def without_names(foreign):
    """Return a network as arrays alone would have it."""
    return replace(foreign, layers=tuple(replace(layer, activation=None) for layer in foreign.layers))


def check_settled(embedded, hidden, activation, scale_name, epochs):
    """Assert that a network is read as it was trained, or said to be undecided, and then rightly when told."""
    train, images = embedded.train, embedded.test.images
    scale = INPUT_SCALES[scale_name](train.pixels)
    model = fitted(scale.apply(train.images), train.labels, hidden, activation, epochs)
    settled = settle(without_names(read_model(model)), train.pixels, train.labels)
    found = settled.reading
    right = (found.scale.name, found.activation, found.transposed) == (scale_name, FUNCTIONS[activation], False)
    assert right or not settled.decided, settled_text(settled)
    told = settle(without_names(read_model(model)), train.pixels, train.labels,
                  Choices(FUNCTIONS[activation], "softmax", scale_name, False))
    expected = scores(model, scale.apply(images))
    difference = np.abs(told.network.forward(images).sums[-1] - expected).max()
    assert difference <= 1e-5 * np.abs(expected).max()
    exact = np.abs(told.exact_network().forward(images.astype(np.float64)).sums[-1] - expected).max()
    assert exact <= 1e-9 * np.abs(expected).max()
    return right, settled.decided


@pytest.mark.parametrize(("hidden", "activation", "scale"), [
    ((24,), "logistic", "mean and deviation"), ((16, 16), "tanh", "mean and deviation"), ((24,), "relu", "0..1"),
    ((16, 12, 12), "identity", "0..255"), ((), "relu", "each input by its mean and deviation")])
def test_what_is_not_told_is_found_or_said_to_be_open(embedded, hidden, activation, scale):
    check_settled(embedded, hidden, activation, scale, epochs=10)


@pytest.mark.slow
def test_sixty_networks(embedded):
    found = [check_settled(embedded, hidden, activation, scale, epochs=20) for hidden in ((32,), (32, 16), (16, 16, 16))
             for activation in FUNCTIONS for scale in SCALES]
    assert len(found) == 60
    assert sum(decided for _, decided in found) >= 15
    assert sum(right for right, _ in found) >= 35


def test_a_well_trained_network_is_decided(embedded):
    assert check_settled(embedded, (24,), "tanh", "mean and deviation", epochs=12) == (True, True)


@pytest.mark.parametrize("names", [(False, True), ("even", "odd"), (3, 7)])
def test_two_classes_with_one_output_are_two_outputs(embedded, names):
    images = embedded.train.images[:300].astype(np.float64)
    model = fitted(images, np.array(names)[embedded.train.labels[:300] % 2], epochs=5)
    foreign = read_model(model)
    network = settle(foreign, choices=Choices(scale="0..1", transposed_images=False)).exact_network()
    assert (network.sizes[-1], foreign.class_names) == (2, tuple(map(str, names)))
    np.testing.assert_allclose(network.forward(images).outputs, model.predict_proba(images), atol=1e-12)


@pytest.mark.parametrize("scaler", ["StandardScaler", "MinMaxScaler", "MaxAbsScaler"])
def test_scalers_are_folded_in(embedded, scaler):
    from sklearn import preprocessing

    images = embedded.train.images[:300].astype(np.float64) * 255
    first = preprocessing.StandardScaler(with_mean=False)
    model = fitted(images, embedded.train.labels[:300], epochs=4, steps=(first, getattr(preprocessing, scaler)()))
    network = Network.from_sklearn(model, inputs="0..255", dtype=np.float64)
    np.testing.assert_allclose(network.forward(images / 255).outputs, model.predict_proba(images), atol=1e-9)
    assert read_model(model).notices == ("StandardScaler is folded into the first layer",
                                         f"{scaler} is folded into the first layer")


def test_what_is_no_network_is_refused(embedded):
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    images, labels = embedded.train.images[:50], embedded.train.labels[:50]
    many = fitted(images, labels[:, np.newaxis] == np.arange(3), epochs=1)
    for model, words in ((MLPClassifier(), "not fitted"), (MLPRegressor(), "no classes"), (many, "more than one label"),
                         (LogisticRegression(), "LogisticRegression is no fully connected network"),
                         (make_pipeline(Normalizer(), fitted(images, labels, epochs=1)), "step Normalizer")):
        with pytest.raises(InputError, match=words):
            read_model(model)
