"""What a check-up opens: models of other libraries, arrays, files, what ``train`` returned; each as it was fed."""

import warnings

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

import neuralscope
from neuralscope.checkup.network_check import check
from neuralscope.errors import InputError

X, Y = load_digits(return_X_y=True)
WORDS = np.array(list("abcdefghij"))


def fitted(images, labels):
    with warnings.catch_warnings():  # it has not converged, which is of no interest
        warnings.simplefilter("ignore")
        return MLPClassifier((16,), max_iter=20, random_state=0).fit(images, labels)


@pytest.fixture(scope="module")
def model():
    return fitted(X, Y)


def arrays_of(model):
    return [array for pair in zip(model.coefs_, model.intercepts_, strict=True) for array in pair]


def right_share(report):
    return float(report.facts[2].split()[0]) / 100


def failed(report):
    return {result.name: result.figure for result in report.results if result.passed is False}


def test_a_model_of_another_library_gets_the_images_as_they_are(model):
    for images in (X, X.reshape(-1, 8, 8), X.reshape(-1, 1, 8, 8), X.tolist()):
        report = check(model, images, Y)
        assert right_share(report) == pytest.approx(model.score(X, Y), abs=5e-5)
        assert "pictures the right way round" not in failed(report)
    assert failed(check(model, X.reshape(-1, 8, 8).transpose(0, 2, 1), Y))["pictures the right way round"] == (
        "transposed")


def test_bytes_are_no_ink_to_a_model_of_another_library():
    pixels = np.rint(X / 16 * 255).astype(np.uint8)
    model = fitted(pixels, Y)
    assert right_share(check(model, pixels, Y)) == pytest.approx(model.score(pixels, Y), abs=5e-5)


def test_arrays_and_their_file(model, tmp_path):
    np.savez(tmp_path / "mine.npz", *arrays_of(model))
    for given, name in ((arrays_of(model), "arrays"), (tmp_path / "mine.npz", "mine.npz")):
        report = check(given, X, Y)
        assert report.subject == name
        assert right_share(report) == pytest.approx(model.score(X, Y), abs=0.02)  # relu and silu differ by little
    with pytest.raises(InputError, match=r"the hidden activation.*; give labels"):
        check(arrays_of(model), X)


def test_what_train_returned_and_the_estimator_read_ink():
    trained = neuralscope.train(X, WORDS[Y], hidden=(16,), epochs=5, progress=False)
    ink = trained.network.forward(X / 16).predictions
    assert right_share(check(trained, X, WORDS[Y])) == pytest.approx((ink == Y).mean(), abs=5e-5)
    estimator = neuralscope.NeuralScopeClassifier(hidden=(16,), epochs=5).fit(X, Y + 1)
    assert right_share(check(estimator, X, Y + 1)) == pytest.approx(estimator.score(X, Y + 1), abs=5e-5)


@pytest.mark.parametrize("called", [lambda labels: WORDS[labels], lambda labels: labels + 1, lambda labels: labels > 4])
def test_labels_are_those_of_the_model(called):
    model = fitted(X, called(Y))
    assert right_share(check(model, X, called(Y))) == pytest.approx(model.score(X, called(Y)), abs=5e-5)


def test_one_hot_rows_are_labels(model):
    assert right_share(check(model, X, np.eye(10)[Y])) == pytest.approx(model.score(X, Y), abs=5e-5)


def test_what_does_not_go_with_a_model_is_told(model):
    with pytest.raises(InputError, match="a label 10, but the network has 10 outputs, numbered from 0; give labels"):
        check(arrays_of(model), X, Y + 1)
    with pytest.raises(InputError, match="the network takes 64 inputs, but an image has 9"):
        check(model, X[:, :9], Y)
