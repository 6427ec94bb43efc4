"""Activations that exporters write as several operators of ONNX, as gelu: known by what they compute.

Between the point where the values branch and that where they are one again all operators act on each value alone. They
are computed for many values, and compared with every activation.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from neuralscope.network.functions import ACTIVATIONS
from neuralscope.network.importers.onnx_operators import Node

TRIED = np.concatenate([np.linspace(-30, 30, 601), np.linspace(-3, 3, 601)])
TOLERANCE = 1e-6  # constants are float32; gelu and gelu-tanh differ by 5e-4, softplus and a line above 20 by 2e-9
MAX_OPERATORS = 20  # in one activation

Takers = Mapping[str, Sequence[Any]]  # by a value's name the nodes that take it
Scalar = Callable[[str], float | None]  # the single value of a constant by its name


def erf(values: np.ndarray) -> np.ndarray:
    """Return the error function."""
    from scipy.special import erf

    return erf(values)


ELEMENTWISE: dict[str, Callable] = {
    "Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": np.divide, "Pow": np.power, "Max": np.maximum,
    "Min": np.minimum, "Neg": np.negative, "Exp": np.exp, "Log": np.log, "Sqrt": np.sqrt, "Abs": np.abs, "Erf": erf,
    "Tanh": np.tanh, "Greater": np.greater, "Less": np.less, "Where": np.where, "Identity": np.positive,
    "Relu": ACTIVATIONS["relu"].value, "Sigmoid": ACTIVATIONS["sigmoid"].value,
    "Softplus": ACTIVATIONS["softplus"].value}


def match_pattern(value: str, nodes: Sequence[Any], takers: Takers, scalar: Scalar) -> tuple[Node, str] | None:
    """Return the activation that operators from ``value`` on make up, and the name of its result; None for none.

    ``nodes``: the graph's in their order.
    """
    found = {value: TRIED}
    for result in elementwise(found, nodes, scalar):
        if not is_whole(found, result, takers):
            continue
        for name, activation in ACTIVATIONS.items():
            if np.allclose(found[result], activation.value(TRIED), rtol=TOLERANCE, atol=TOLERANCE):
                return Node("Activation", [None], {"name": name}), result
    return None


def elementwise(found: dict[str, np.ndarray], nodes: Sequence[Any], scalar: Scalar) -> Iterator[str]:
    """Yield the name of what each node computes from the values ``found`` alone, once it is one of them."""
    for node in nodes:
        names, function = list(node.input), ELEMENTWISE.get(node.op_type)
        if function is None or node.domain or len(node.output) != 1 or node.attribute or not found.keys() & set(names):
            continue
        inputs = [found[name] if name in found else scalar(name) for name in names]
        if any(values is None for values in inputs):
            continue
        if len(found) > MAX_OPERATORS:
            return
        try:
            found[node.output[0]] = function(*inputs)
        except (TypeError, ValueError):  # a damaged file gives it more inputs, or fewer
            return
        yield node.output[0]


def is_whole(found: Mapping[str, np.ndarray], result: str, takers: Takers) -> bool:
    """Say whether nothing but ``result`` is taken by what is not among the values ``found``."""
    return all(node.output and node.output[0] in found
               for name in found if name != result for node in takers.get(name, ()))
