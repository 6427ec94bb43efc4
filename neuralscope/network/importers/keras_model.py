"""A live Keras model, read by what it says of itself; Keras is not imported."""

from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.keras_config import MODELS, LayerEntry, read_config
from neuralscope.network.importers.keras_file import checked

MODULES = ("keras.", "tf_keras.", "tensorflow.python.keras.")  # in which Keras' own classes are


def is_own(kind: type) -> bool:
    """Say whether a class is one of Keras' own."""
    return kind.__module__.startswith(MODULES)


def read_model(model: Any) -> ForeignNetwork:
    """Return the ForeignNetwork of a Sequential or Functional model; raises InputError for what is no such chain."""
    kind = type(model).__name__
    if not is_own(type(model)) or kind not in MODELS:
        raise InputError(f"it is a {kind}, a class of its author's, whose code alone says what it computes",
                         "give a Sequential or Functional model")
    if not model.built:
        raise InputError("the model has no weights yet", "give it an Input layer, or train it first")
    layers = {layer.name: layer for layer in model.layers}
    for place, layer in enumerate(model.layers, 1):
        if not is_own(type(layer)):
            raise InputError(f"layer {place} is {type(layer).__name__}, a class of its author's")

    def variables(entry: LayerEntry, names: tuple[str, ...]) -> list[np.ndarray]:
        layer = layers.get(entry.name)
        return checked(entry, names, [np.asarray(array) for array in layer.get_weights()] if layer else [])

    return read_config(kind, model.get_config(), variables, "Keras")
