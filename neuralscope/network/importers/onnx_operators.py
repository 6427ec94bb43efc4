"""What each operator of ONNX does to a chain of operations: one table, by their names."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.operation_chain import OperationChain


class Node(NamedTuple):
    """An operator: ``inputs`` are its constants, and None for the values that come along the chain."""

    kind: str
    inputs: list[np.ndarray | None]
    settings: dict[str, Any]

    def number(self, name: str, default: float) -> float:
        """Return a setting that is a number."""
        value = self.settings.get(name, default)
        return value if isinstance(value, (int, float)) else default

    @property
    def constants(self) -> list[np.ndarray]:
        """The constants among its inputs, those left out too."""
        return [values for values in self.inputs if values is not None]

    @property
    def other(self) -> np.ndarray:
        """The one constant that it takes beside the values; raises InputError for another count."""
        if len(self.constants) != 1 or self.constants[0].dtype.kind not in "fiu":
            raise InputError(f"it takes {len(self.constants)} constants, not one of numbers")
        return self.constants[0]

    @property
    def takes_values_first(self) -> bool:
        """Whether the values are its first input."""
        return bool(self.inputs) and self.inputs[0] is None


def add_matmul(chain: OperationChain, node: Node) -> None:
    """Add MatMul by constant weights (inputs, outputs)."""
    check_order(node)
    chain.dense(node.other, None, "MatMul")


def add_gemm(chain: OperationChain, node: Node) -> None:
    """Add Gemm: ``alpha * values @ B + beta * C``, B turned where transB says so."""
    check_order(node)
    if node.number("transA", 0):
        raise InputError("it turns the values")
    weights, *rest = node.constants or [np.array([])]
    if weights.ndim != 2 or weights.dtype.kind not in "fiu":
        raise InputError(f"its weights are {weights.dtype} of shape {weights.shape}")
    weights = (weights.T if node.number("transB", 0) else weights).astype(np.float64)
    weights *= node.number("alpha", 1)  # in its place: it may be most of the memory
    biases = np.zeros(weights.shape[1])
    if rest and rest[0].size:
        biases = biases + feature_values(rest[0], weights.shape[1]) * node.number("beta", 1)
    chain.dense(weights, biases, "Gemm")


def add_arithmetic(chain: OperationChain, node: Node) -> None:
    """Add Add, Sub, Mul or Div by constants."""
    values = feature_values(node.other)
    if node.kind == "Add":
        chain.affine(1, values, node.kind)
    elif node.kind == "Sub":
        chain.affine(*((1, -values) if node.takes_values_first else (-1, values)), node.kind)
    elif node.kind == "Mul":
        chain.affine(values, 0, node.kind)
    else:
        check_order(node)
        chain.affine(1 / values, 0, node.kind)


def add_batch_normalization(chain: OperationChain, node: Node) -> None:
    """Add BatchNormalization by the mean and variance that the file holds."""
    check_order(node)
    if len(node.constants) != 4 or node.number("training_mode", 0):
        raise InputError("it has no fixed mean and variance")
    gain, shift, mean, variance = map(feature_values, node.constants)
    chain.normalize(mean, np.sqrt(variance + node.number("epsilon", 1e-5)), node.kind, gain, shift)


def add_gelu(chain: OperationChain, node: Node) -> None:
    """Add Gelu of either form."""
    chain.activate("gelu-tanh" if node.settings.get("approximate") == b"tanh" else "gelu")


def add_softmax(chain: OperationChain, node: Node) -> None:
    """Add Softmax or LogSoftmax over the classes."""
    if node.number("axis", -1) not in (-1, 1):
        raise InputError(f"it is over axis {node.number('axis', -1):g}", "1 or -1, the classes, is read")
    chain.activate("softmax")


def add_flatten(chain: OperationChain, node: Node) -> None:
    """Add Flatten of all but the batch."""
    if node.number("axis", 1) != 1:
        raise InputError(f"it is from axis {node.number('axis', 1):g}", "1 is read")
    chain.flatten("Flatten")


def add_reshape(chain: OperationChain, node: Node) -> None:
    """Add Reshape to rows of features."""
    check_order(node)
    shape = node.other.reshape(-1).tolist()
    if len(shape) != 2 or shape[1] == 1:
        raise InputError(f"it is to {len(shape)} dimensions", "2 are read: the batch, and the features")
    chain.flatten("Reshape")


def add_dropout(chain: OperationChain, node: Node) -> None:
    """Leave out Dropout, which changes nothing in use; raises InputError for one that is always on."""
    mode = node.inputs[2] if len(node.inputs) > 2 else None
    if mode is not None and mode.size and mode.any():
        raise InputError("it is on in use too")
    chain.leave_out("Dropout")


def check_order(node: Node) -> None:
    """Raise InputError unless the values are the operator's first input."""
    if not node.takes_values_first:
        raise InputError("the values that it takes are not its first input")


def feature_values(values: np.ndarray, features: int | None = None) -> np.ndarray:
    """Return a constant that stands for each feature, or for all: float64 (features,) or (); raises InputError."""
    is_row = values.shape[-1:] in ((), (values.size,))
    if values.dtype.kind not in "fiu" or not is_row or (values.size != 1 and features not in (None, values.size)):
        raise InputError(f"a constant is {values.dtype} of shape {values.shape}, not one number a feature")
    return values.astype(np.float64).reshape(-1 if values.size > 1 else ())


def activate(name: str) -> Callable[[OperationChain, Node], None]:
    """Return what adds an activation that has no settings."""
    return lambda chain, node: chain.activate(name)


OPERATORS: dict[str, Callable[[OperationChain, Node], None]] = {
    "MatMul": add_matmul, "Gemm": add_gemm, "BatchNormalization": add_batch_normalization, "Gelu": add_gelu,
    **dict.fromkeys(("Add", "Sub", "Mul", "Div"), add_arithmetic),
    **dict.fromkeys(("Softmax", "LogSoftmax"), add_softmax),
    "Relu": activate("relu"), "Sigmoid": activate("sigmoid"), "Tanh": activate("tanh"),
    "Softplus": activate("softplus"),
    "Activation": lambda chain, node: chain.activate(node.settings["name"]),  # of several operators
    "LeakyRelu": lambda chain, node: chain.rectify(node.number("alpha", 0.01)),
    "Elu": lambda chain, node: chain.elu(node.number("alpha", 1)),
    "Flatten": add_flatten, "Reshape": add_reshape, "Dropout": add_dropout,
    "Identity": lambda chain, node: chain.leave_out("Identity"),
}
