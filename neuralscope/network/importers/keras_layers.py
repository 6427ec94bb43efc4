"""What each of Keras' layers does to a chain of operations: one table, by the names of their classes.

Keras describes a layer by its class and a ``config`` of JSON's types; its variables are a list of arrays.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.operation_chain import OperationChain, refusal

Config = dict[str, Any]
EPSILON = 1e-7  # the least deviation by which Keras' Normalization divides
ACTIVATION_NAMES = {
    "linear": "identity", "relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh", "gelu": "gelu", "elu": "elu",
    "silu": "silu", "swish": "silu", "softplus": "softplus", "softmax": "softmax", "log_softmax": "log-softmax"}
LEFT_OUT = ("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity")


class KerasLayer(NamedTuple):
    """A kind of layer: what it adds to a chain, of its config and variables, and the names of these in their order."""

    add: Callable[[OperationChain, Config, Sequence[np.ndarray]], None]
    variables: Callable[[Config], tuple[str, ...]] = lambda config: ()


def add_dense(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add Dense and its activation."""
    weights, *biases = variables
    chain.dense(weights, biases[0] if biases else None, "Dense")
    add_activation(chain, config, variables)


def add_activation(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add the function that a config names or describes as a layer of its own."""
    wanted = config.get("activation", "linear")
    if isinstance(wanted, dict) and wanted.get("class_name") in FUNCTION_LAYERS:
        inner = wanted.get("config")
        FUNCTION_LAYERS[wanted["class_name"]](chain, inner if isinstance(inner, dict) else {}, ())
        return
    name = "linear" if wanted is None else wanted if isinstance(wanted, str) else "a function of its author's"
    if name not in ACTIVATION_NAMES:
        slope = ", whose slope below 0 is 0.2 here, and 0.01 is read" if name == "leaky_relu" else ""
        raise InputError(f"its activation is {name}{slope}", f"known are: {', '.join(ACTIVATION_NAMES)}")
    chain.activate(ACTIVATION_NAMES[name])


def add_relu(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add ReLU, plain or leaky."""
    slope, threshold = number(config, "negative_slope", 0), number(config, "threshold", 0)
    if config.get("max_value") is not None or threshold:
        raise InputError(f"its threshold is {threshold:g} and its largest value {config.get('max_value')}",
                         "0 and none are read")
    chain.rectify(slope)


def add_leaky_relu(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add LeakyReLU."""
    chain.rectify(number(config, "negative_slope", number(config, "alpha", 0.3)))


def add_elu(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add ELU."""
    chain.elu(number(config, "alpha", 1))


def add_softmax(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add Softmax."""
    if config.get("axis", -1) not in (-1, 1):
        raise InputError("it is over another axis than the classes'")
    chain.activate("softmax")


def add_rescaling(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add Rescaling."""
    chain.affine(values(config, "scale", 1), values(config, "offset", 0), "Rescaling")


def add_normalization(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add Normalization, whose figures are in its config where they were given, else in its variables."""
    if config.get("invert"):
        raise InputError("it undoes a normalization")
    mean, variance = variables[:2] if variables else (values(config, "mean"), values(config, "variance"))
    chain.normalize(np.ravel(mean), np.ravel(np.maximum(np.sqrt(np.asarray(variance, np.float64)), EPSILON)),
                    "Normalization")


def add_batch_normalization(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add BatchNormalization by the mean and variance that it collected while training."""
    named = dict(zip(batch_normalization_variables(config), variables, strict=True))
    if config.get("axis", -1) not in (-1, 1, [-1], [1]):
        raise InputError("it is over another axis than the features'")
    variance = np.asarray(named["moving_variance"], np.float64)
    chain.normalize(named["moving_mean"], np.sqrt(variance + number(config, "epsilon", 1e-3)), "BatchNormalization",
                    named.get("gamma", 1.0), named.get("beta", 0.0))


def add_reshape(chain: OperationChain, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add Reshape, which is left out where rows of features come of it."""
    shape = config.get("target_shape")
    chain.flat = isinstance(shape, (list, tuple)) and len(shape) == 1
    chain.leave_out("Reshape")


def leave_out(name: str) -> Callable[[OperationChain, Config, Sequence[np.ndarray]], None]:
    """Return what leaves out a layer that changes nothing in use."""
    return lambda chain, config, variables: chain.leave_out(name)


def number(config: Config, key: str, default: float) -> float:
    """Return a number of a config; raises InputError where it is none."""
    value = config.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise InputError(f"its {key} is not a number")
    return float(value)


def values(config: Config, key: str, default: float | None = None) -> np.ndarray:
    """Return numbers of a config, of whatever shape, float64; raises InputError where there are none."""
    found = config.get(key, default)
    if isinstance(found, dict):  # as Keras writes an array
        inner = found.get("config")
        found = inner.get("value") if isinstance(inner, dict) else None
    try:
        array = np.asarray(found)
    except ValueError:  # of unequal rows, or too deep
        array = np.asarray(None)
    if array.dtype.kind not in "fiu":
        raise InputError(f"its {key} is not given in numbers")
    return array.astype(np.float64)


def dense_variables(config: Config) -> tuple[str, ...]:
    """Return the names of Dense's variables."""
    return ("kernel", "bias") if config.get("use_bias", True) else ("kernel",)


def batch_normalization_variables(config: Config) -> tuple[str, ...]:
    """Return the names of BatchNormalization's variables."""
    return (*("gamma",) * bool(config.get("scale", True)), *("beta",) * bool(config.get("center", True)),
            "moving_mean", "moving_variance")


def normalization_variables(config: Config) -> tuple[str, ...]:
    """Return the names of Normalization's variables: none where its figures were given."""
    return ("mean", "variance", "count") if config.get("mean") is None else ()


FUNCTION_LAYERS = {"ReLU": add_relu, "LeakyReLU": add_leaky_relu, "ELU": add_elu, "Softmax": add_softmax,
                   "Activation": add_activation}
LAYERS = {
    "Dense": KerasLayer(add_dense, dense_variables),
    "Rescaling": KerasLayer(add_rescaling),
    "Normalization": KerasLayer(add_normalization, normalization_variables),
    "BatchNormalization": KerasLayer(add_batch_normalization, batch_normalization_variables),
    "Reshape": KerasLayer(add_reshape),
    "Flatten": KerasLayer(lambda chain, config, variables: chain.flatten("Flatten")),
    **{name: KerasLayer(add) for name, add in FUNCTION_LAYERS.items()},
    "InputLayer": KerasLayer(lambda chain, config, variables: None),
    **{name: KerasLayer(leave_out(name)) for name in LEFT_OUT},
}


def add_layer(chain: OperationChain, place: int, name: str, config: Config, variables: Sequence[np.ndarray]) -> None:
    """Add Keras' layer at this place, from 1, to a chain; raises InputError, which names it."""
    try:
        LAYERS[name].add(chain, config, variables)
    except InputError as error:
        raise error.prefixed(f"layer {place}, {name}: ") from None


def known_layer(place: int, name: str) -> KerasLayer:
    """Return the row of a class's name; raises InputError where there is none."""
    if name not in LAYERS:
        raise refusal(place, name)
    return LAYERS[name]
