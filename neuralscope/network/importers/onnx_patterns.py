"""Activations that exporters write as several operators of ONNX: gelu and silu, in which the values branch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from neuralscope.network.importers.onnx_operators import Node

Takers = Mapping[str, Sequence[Any]]  # by a value's name the nodes that take it
Scalar = Callable[[str], float | None]  # the single value of a constant by its name


def match_pattern(value: str, takers: Takers, scalar: Scalar) -> tuple[Node, str] | None:
    """Return the activation that the nodes from ``value`` on make up, and the name of its result; None for none."""
    for match in (match_silu, match_gelu):
        found = match(value, takers, scalar)
        if found:
            return found
    return None


def match_silu(value: str, takers: Takers, scalar: Scalar) -> tuple[Node, str] | None:
    """Return silu where it is ``x * Sigmoid(x)``."""
    gate = follow(value, takers, "Sigmoid")
    product = gate and follow(gate, takers, "Mul", value)
    return (Node("Silu", [None], {}), product) if product and len(takers[value]) == 2 else None


def match_gelu(value: str, takers: Takers, scalar: Scalar) -> tuple[Node, str] | None:
    """Return gelu where it is ``x * (Erf(x / sqrt(2)) + 1) * 0.5``, the factor 0.5 in any place."""
    if len(takers[value]) != 2:
        return None
    scaled = constant_step(value, takers, scalar, {"Div": 2**0.5, "Mul": 0.5**0.5})
    shares = scaled and follow(scaled, takers, "Erf")
    gate = shares and constant_step(shares, takers, scalar, {"Add": 1})
    if not gate:
        return None
    half = {"Mul": 0.5, "Div": 2}
    halved_gate, halved_value = (constant_step(name, takers, scalar, half) for name in (gate, value))
    if halved_gate:
        product = follow(halved_gate, takers, "Mul", value)
    elif halved_value:
        product = follow(gate, takers, "Mul", halved_value)
    else:
        whole = follow(gate, takers, "Mul", value)
        product = whole and constant_step(whole, takers, scalar, half)
    return (Node("Gelu", [None], {}), product) if product else None


def follow(value: str, takers: Takers, kind: str, other: str | None = None) -> str | None:
    """Return the result of the one operator of this kind that takes ``value``, and ``other`` beside it; or None."""
    wanted = {value} if other is None else {value, other}
    results = [node.output[0] for node in takers.get(value, ()) if node.op_type == kind and not node.domain
               and set(node.input) == wanted and len(node.input) == len(wanted) and len(node.output) == 1]
    return results[0] if len(results) == 1 else None


def constant_step(value: str, takers: Takers, scalar: Scalar, constants: Mapping[str, float]) -> str | None:
    """Return the result of the operator, of those given, that takes ``value`` and its constant, or None."""
    for node in takers.get(value, ()):
        others = [name for name in node.input if name != value]
        expected = constants.get(node.op_type)
        if expected is None or node.domain or len(node.input) != 2 or len(others) != 1 or len(node.output) != 1:
            continue
        found = scalar(others[0])
        in_order = node.input[0] == value or node.op_type != "Div"
        if found is not None and abs(found - expected) < 1e-5 and in_order:
            return node.output[0]
    return None
