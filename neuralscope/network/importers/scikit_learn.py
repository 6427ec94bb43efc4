"""scikit-learn's MLPClassifier, alone or behind scalers in a Pipeline, read by its attributes without the library."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.foreign import ForeignLayer, ForeignNetwork
from neuralscope.network.inputs import InputScale

ACTIVATION_NAMES = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}


def read_model(model: Any) -> ForeignNetwork:
    """Return the ForeignNetwork of an MLPClassifier, or of a Pipeline that ends in one; raises InputError."""
    steps = [step for _, step in model.steps] if class_name(model) == "Pipeline" else [model]
    scalers, classifier = [step for step in steps[:-1] if step not in (None, "passthrough")], steps[-1]
    check_classifier(classifier)
    foreign = read_classifier(classifier)
    notices: list[str] = []
    for scaler in reversed(scalers):
        if class_name(scaler) not in SCALERS:
            raise InputError(f"the Pipeline's step {class_name(scaler)} is no scaling of each input",
                             f"read are {', '.join(SCALERS)} and MLPClassifier")
        factor, shift = SCALERS[class_name(scaler)](scaler)
        scale = InputScale(class_name(scaler), np.asarray(factor, float), np.asarray(shift, float))
        first = foreign.layers[0]
        weights, biases = scale.fold(first.weights, first.biases)
        foreign = replace(foreign, layers=(replace(first, weights=weights, biases=biases), *foreign.layers[1:]))
        notices.insert(0, f"{class_name(scaler)} is folded into the first layer")
    return replace(foreign, notices=tuple(notices))


def class_name(model: Any) -> str:
    """Return the name of an object's class."""
    return type(model).__name__


def check_classifier(model: Any) -> None:
    """Raise InputError where a model is no MLPClassifier that was fitted for one label an image."""
    name = class_name(model)
    if name == "MLPRegressor":
        raise InputError("an MLPRegressor has no classes", "train an MLPClassifier")
    if name == "NeuralScopeClassifier":  # a fitted one has a Network, which nobody has to read
        raise InputError(f"the {name} is not fitted", "call its fit first")
    if name != "MLPClassifier":
        raise InputError(f"{name} is no fully connected network of scikit-learn", "give an MLPClassifier")
    if not hasattr(model, "coefs_"):
        raise InputError("the MLPClassifier is not fitted", "call its fit first")
    if isinstance(model.classes_, list) or (np.ndim(model.classes_) != 1) or (
            model.out_activation_ == "logistic" and len(model.classes_) > 2):
        raise InputError("the MLPClassifier gives more than one label an image", "train one that gives one")


def read_classifier(model: Any) -> ForeignNetwork:
    """Return the ForeignNetwork of a fitted MLPClassifier."""
    names = [ACTIVATION_NAMES[model.activation]] * (len(model.coefs_) - 1)
    output = ACTIVATION_NAMES.get(model.out_activation_, model.out_activation_)
    layers = tuple(ForeignLayer(np.asarray(weights, np.float64), np.asarray(biases, np.float64), name)
                   for weights, biases, name in zip(model.coefs_, model.intercepts_,
                                                    [*names, "softmax" if output == "identity" else output],
                                                    strict=True))
    features = tuple(map(str, getattr(model, "feature_names_in_", ())))
    return ForeignNetwork(layers, "MLPClassifier", raw_scores=output == "identity", layout="in-out",
                          class_names=class_names(model.classes_), feature_names=features)


def class_names(classes: np.ndarray) -> tuple[str, ...]:
    """Return the classes' names: whole numbers as such, also where they are floats."""
    whole = classes.dtype.kind == "f" and (classes == np.rint(classes)).all()
    return tuple(map(str, classes.astype(np.int64) if whole else classes))


def standard_scaling(scaler: Any) -> tuple[Any, Any]:
    """Return factor and shift of a StandardScaler."""
    factor = 1.0 if scaler.scale_ is None else 1 / np.asarray(scaler.scale_, float)
    return factor, 0.0 if scaler.mean_ is None or not scaler.with_mean else -np.asarray(scaler.mean_) * factor


def max_abs_scaling(scaler: Any) -> tuple[Any, Any]:
    """Return factor and shift of a MaxAbsScaler."""
    return 1 / np.asarray(scaler.scale_, float), 0.0


def min_max_scaling(scaler: Any) -> tuple[Any, Any]:
    """Return factor and shift of a MinMaxScaler."""
    if scaler.clip:
        raise InputError("a MinMaxScaler with clip=True is no scaling", "train with clip=False")
    return scaler.scale_, scaler.min_


SCALERS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "StandardScaler": standard_scaling, "MinMaxScaler": min_max_scaling, "MaxAbsScaler": max_abs_scaling}
