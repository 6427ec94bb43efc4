"""``neuralscope.check`` on models of all kinds: rows are fed as they are given, and what is wrong is found."""

import numpy as np
import pytest

import neuralscope
from neuralscope.checkup.checks import SCALE
from neuralscope.errors import InputError

ARRAYS, WAY, UNSEEN = "arrays fit each other", "pictures the right way round", "same on images it has not seen"


@pytest.fixture(scope="module")
def digits():
    """Return rows of 0 to 1 and labels: those to learn from, and the others."""
    from sklearn.datasets import load_digits

    rows, labels = load_digits(return_X_y=True)
    tested = np.arange(len(labels)) % 3 == 0
    return rows[~tested] / 16, labels[~tested], rows[tested] / 16, labels[tested]


@pytest.fixture(scope="module")
def learned(digits):
    """Return a classifier of scikit-learn that learned them."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((24,), "logistic", learning_rate_init=0.02, max_iter=100, tol=1e-2, random_state=0).fit(
        *digits[:2])


def arrays_of(model):
    return [array for pair in zip(model.coefs_, model.intercepts_, strict=True) for array in pair]


def result(report, name):
    return next(each for each in report.results if each.name == name)


def test_a_model_of_scikit_learn_without_a_fault(digits, learned):
    report = neuralscope.check(learned, *digits)
    assert report.subject == "your network"
    assert [each.name for each in report.failed if each.name != UNSEEN] == []
    assert result(report, UNSEEN).details["train_images"] == len(digits[1])
    assert learned.score(*digits[2:]) == pytest.approx(result(report, UNSEEN).details["accuracies"]["test images"])
    other = neuralscope.check(learned, *digits[2:], train=digits[:2])
    assert result(other, UNSEEN) == result(report, UNSEEN)


@pytest.mark.parametrize("kind", ["model", "arrays", "dict"])
def test_how_rows_are_fed_is_found_and_not_settled_away(digits, learned, kind):
    arrays = arrays_of(learned)
    model = {"model": learned, "arrays": arrays, "dict": dict(zip("abcd", arrays, strict=True))}[kind]
    given, labels = digits[2:]
    share = learned.score(given, labels)

    def check(rows):
        return neuralscope.check(model, rows, labels, **({} if kind == "model" else {"activation": "sigmoid"}))

    assert result(check(given), WAY).passed is result(check(given), SCALE).passed is True
    dark = result(check(1 - given), WAY)
    assert (dark.passed, dark.figure) == (False, "inverted")
    assert dark.details["accuracies"]["inverted"] == pytest.approx(share)
    bright = result(check(given * 16), SCALE)
    assert (bright.passed, bright.figure) == (False, "0..16")
    assert bright.remedy.startswith("divide the inputs by 16: ")
    assert result(check((given * 255).round().astype(np.uint8)), SCALE).figure == "0..255"  # another library's bytes


def test_an_activation_is_found_in_inverted_rows_or_said_to_be_open(digits, learned, capsys):
    report = neuralscope.check(arrays_of(learned), 1 - digits[2], digits[3])
    assert result(report, WAY).figure == "inverted"
    assert capsys.readouterr().err.startswith("neuralscope: ")
    line = result(report, ARRAYS)
    assert line.passed or line.remedy == "say it with --hidden-activation (activation= in Python)"


def test_what_train_returned_reads_rows_itself_and_its_network_does_not(digits, capsys):
    rows, labels = digits[0] * 16, digits[1]
    trained = neuralscope.train(rows, labels, hidden=(16,), epochs=3, progress=False)
    assert result(neuralscope.check(trained, rows, labels), SCALE).figure == "0..1"
    assert result(neuralscope.check(trained.network, rows, labels), SCALE).figure == "0..16"
    assert f"{len(trained.history.dataset.test)} images of your data" in neuralscope.check(trained).facts


def test_rows_without_labels_and_measurements(digits, learned):
    report = neuralscope.check(learned, digits[2])
    assert result(report, WAY).passed is None
    named = neuralscope.check(learned, digits[2], digits[3], feature_names=[f"f{number}" for number in range(64)])
    assert result(named, WAY).explanation == "its inputs are no pictures"
    assert result(named, SCALE).passed is None
    with pytest.raises(InputError, match="not known"):
        neuralscope.check(learned, *digits[2:], activation="square")
