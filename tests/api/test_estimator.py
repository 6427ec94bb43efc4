"""The scikit-learn estimator keeps scikit-learn's rules."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from neuralscope import NeuralScopeClassifier, figure
from neuralscope.errors import InputError

X, Y = load_digits(return_X_y=True)
IRIS, KINDS = load_iris(return_X_y=True)
WORDS = np.array(["setosa", "versicolor", "virginica"])[KINDS]


def test_it_learns_and_answers_with_the_classes_given():
    fitted = NeuralScopeClassifier(hidden=(64,), epochs=80).fit(IRIS, WORDS)
    assert fitted.score(IRIS, WORDS) > 0.9
    assert list(fitted.classes_) == ["setosa", "versicolor", "virginica"]
    assert fitted.n_features_in_ == 4
    np.testing.assert_allclose(fitted.predict_proba(IRIS).sum(axis=1), 1)
    assert fitted.network_.sizes == (4, 64, 3)
    assert set(fitted.history_.figures) == {"loss", "train_accuracy", "seconds"}


def test_pictures_have_the_scale_of_what_was_learned():
    fitted = NeuralScopeClassifier(hidden=(32,), epochs=30).fit(X[:1500], Y[:1500])
    assert fitted.score(X[1500:], Y[1500:]) > 0.85
    dim = X[1500:1510] * (X[1500:1510] < 8)
    np.testing.assert_allclose(fitted.predict_proba(dim), fitted.network_.astype(float).forward(dim / 16).outputs)


def test_what_is_kept_holds_no_training_rows():
    assert len(pickle.dumps(NeuralScopeClassifier(hidden=(4,), epochs=1).fit(X, Y))) < 100_000


@pytest.mark.slow
def test_it_goes_into_pipelines_and_searches():
    pipeline = make_pipeline(StandardScaler(), NeuralScopeClassifier(epochs=100))
    search = GridSearchCV(pipeline, {"neuralscopeclassifier__hidden": [(), (8,)]}, cv=2).fit(IRIS, WORDS)
    assert search.best_score_ > 0.8


def test_its_parameters_are_those_of_a_training():
    made = NeuralScopeClassifier(hidden=(3,), optimizer="sgd")
    assert clone(made).get_params() == made.get_params() == NeuralScopeClassifier().get_params() | {
        "hidden": (3,), "optimizer": "sgd"}
    assert repr(made) == "NeuralScopeClassifier(hidden=(3,), optimizer='sgd')"
    with pytest.raises(TypeError, match="no parameter 'hiden'"):
        NeuralScopeClassifier(hiden=3)


@pytest.mark.slow
def test_it_passes_every_check_of_scikit_learn():
    """All that apply: none is expected to fail; one is for arrays on other devices, and one takes pandas."""
    from sklearn.utils.estimator_checks import check_estimator

    results = check_estimator(NeuralScopeClassifier(epochs=60), on_fail=None, on_skip=None)
    others = {result["check_name"]: result["status"] for result in results if result["status"] != "passed"}
    assert others.keys() <= {"check_array_api_input", "check_classifier_data_not_an_array"}, others
    assert "failed" not in others.values()


@pytest.mark.parametrize(("options", "problem"), [
    ({"epochs": 0}, "epochs is 0"), ({"augment": "elastic"}, "augment is 'elastic'"),
    ({"batch_size": 9999}, "batch_size is 9999")])
def test_a_wrong_option_is_refused_by_its_name(options, problem):
    with pytest.raises(InputError, match=problem) as caught:
        NeuralScopeClassifier(**options).fit(X, Y)
    assert "--" not in str(caught.value)


def test_one_that_is_not_fitted_is_told():
    with pytest.raises(InputError, match="NeuralScopeClassifier is not fitted"):
        figure(NeuralScopeClassifier(), X)
