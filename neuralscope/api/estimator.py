"""A scikit-learn estimator on NeuralScope's Trainer: pipelines, grid searches and cross-validation take it."""

import dataclasses
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from neuralscope.api.training import (
    OPEN_OPTIONS,
    fitting_options,
    learn,
    options_by_keyword,
    with_option_keywords,
)
from neuralscope.array_data import NAME, SOURCE
from neuralscope.data_loader import Dataset, Digits
from neuralscope.datasets.array_inputs import read_inputs
from neuralscope.network.options import TrainingOptions

try:
    from sklearn.utils.validation import validate_data
except ImportError:  # before scikit-learn 1.6
    def validate_data(estimator: Any, *arrays: Any, **options: Any) -> Any:
        """Return arrays as an estimator's own method checks them."""
        return estimator._validate_data(*arrays, **options)


class NeuralScopeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A network as a scikit-learn classifier; its parameters are those of ``neuralscope.train``.

    Inputs are read as there: pictures as ink of 0 to 1, on the scale of the X to fit; measurements standardised.
    ``classes_`` (classes,), ``n_features_in_``, ``feature_names_in_``; ``network_``, a Network, and ``history_``, the
    History of the rows learned from, of which none are kept for a test.
    """

    def __init__(self, **options: Any) -> None:
        """Take the options of a training, by keyword; they are checked by ``fit``."""
        for name, default in PARAMETERS.items():
            setattr(self, name, options.pop(name, default))
        for name in options:
            raise TypeError(f"{type(self).__name__} has no parameter {name!r}")

    def fit(self, X: Any, y: Any) -> "NeuralScopeClassifier":  # noqa: N803
        """Learn X (n, inputs) and y (n,); return the estimator. Raises InputError, which is a ValueError."""
        X, y = validate_data(self, X, y, ensure_min_samples=2)  # noqa: N806
        check_classification_targets(y)
        self.classes_, labels = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("y has one class, and a classifier needs two or more")
        inputs = read_inputs(X, feature_names=getattr(self, "feature_names_in_", None))
        rows, self._low, self._high = Digits(inputs.pixels, labels.astype(np.int64)), inputs.low, inputs.high
        only_judged = Digits(rows.pixels[:1], rows.labels[:1])  # a Trainer judges by some; here nobody asks
        data = Dataset(NAME, SOURCE, tuple(map(str, self.classes_.tolist())), only_judged, lambda: rows,
                       image_shape=inputs.image_shape, feature_names=inputs.feature_names)
        with options_by_keyword():
            options = fitting_options({name: getattr(self, name) for name in PARAMETERS}, len(rows))
            options.check_data(len(rows), inputs.pixels.shape[1], len(self.classes_))
        self.network_, history = learn(data, options, inputs.notice)
        figures = {name: values for name, values in history.figures.items() if not name.startswith("test_")}
        self.history_ = dataclasses.replace(history, figures=figures, dataset=None)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:  # noqa: N803
        """Return the probability of each class, (n, classes) float64; sigmoid outputs are brought to a sum of 1."""
        check_is_fitted(self)
        rows = validate_data(self, X, reset=False)
        ink = (rows.astype(np.float64) - self._low) / (self._high - self._low)
        outputs = self.network_.astype(np.float64).forward(ink).outputs
        return outputs / outputs.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:  # noqa: N803
        """Return the class of each row, (n,), as ``classes_`` has them."""
        places = self.predict_proba(X).argmax(axis=1)
        return self.classes_[places]


PARAMETERS = {field.name: OPEN_OPTIONS.get(field.name, field.default) for field in dataclasses.fields(TrainingOptions)}
with_option_keywords(NeuralScopeClassifier.__init__)
