"""ONNX files: a graph of operators, read where it is a chain of fully connected layers."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers import formats
from neuralscope.network.importers.description import parse_texts, with_description
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.onnx_operators import OPERATORS, Node
from neuralscope.network.importers.onnx_patterns import match_pattern
from neuralscope.network.importers.operation_chain import OperationChain, refusal
from neuralscope.network.importers.operations import REFUSED_REMEDY
from neuralscope.network.untrusted_npz import MAX_ARRAY_BYTES

MAX_NODES = 10_000


@np.errstate(all="ignore")  # what is not finite is shown where it is
def read_onnx(path: Path) -> ForeignNetwork:
    """Return the network in an .onnx file; raises InputError without the file's name, OSError."""
    formats.required_package("onnx", formats.row_named("ONNX"))
    from google.protobuf.message import DecodeError
    from onnx import ModelProto

    if path.stat().st_size > MAX_ARRAY_BYTES:
        raise InputError(f"it has more than the {MAX_ARRAY_BYTES / 2**30:.2g} GiB that are read")
    model = ModelProto()
    try:
        model.ParseFromString(path.read_bytes())
    except (DecodeError, ValueError, RecursionError) as error:
        raise InputError("it is not an ONNX file, or a damaged one") from error
    graph = Graph(model.graph)
    chain = OperationChain(graph.input_shape)
    for place, node in enumerate(graph.walk(), 1):
        if node.kind not in OPERATORS:
            raise refusal(place, node.kind)
        try:
            OPERATORS[node.kind](chain, node)
        except InputError as error:
            raise error.prefixed(f"operator {place}, {node.kind}: ") from None
    texts = {entry.key: entry.value for entry in model.metadata_props}
    return with_description(chain.fold("ONNX"), parse_texts(texts))


class Graph:
    """A graph's constants by name, and which nodes take each value; raises InputError for what is no single chain."""

    def __init__(self, graph: Any) -> None:
        if len(graph.node) > MAX_NODES:
            raise InputError(f"it has {len(graph.node):,} operators, and at most {MAX_NODES:,} are read")
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.nodes = []
        for node in graph.node:
            constant = self.constant_of(node)
            if constant is None:
                self.nodes.append(node)
            else:
                self.constants[node.output[0]] = constant
        if graph.sparse_initializer:
            raise InputError("it has sparse weights", REFUSED_REMEDY)
        inputs = [value for value in graph.input if value.name not in self.constants]
        for side, values in (("inputs", inputs), ("outputs", graph.output)):
            if len(values) != 1:
                raise InputError(f"it has {len(values)} {side}, not one", REFUSED_REMEDY)
        self.input, self.output = inputs[0], graph.output[0].name

    def constant_of(self, node: Any) -> Any:
        """Return the tensor that a node gives whatever the inputs are; None for what computes."""
        if node.op_type == "Constant" and node.output:
            return next((entry.t for entry in node.attribute if entry.name == "value"), None)
        is_copy = node.op_type == "Identity" and len(node.input) == len(node.output) == 1
        return self.constants.get(node.input[0]) if is_copy else None

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The inputs' shape without the batch, () where the file does not say."""
        sides = [side.dim_value for side in self.input.type.tensor_type.shape.dim][1:]
        return tuple(sides) if all(side > 0 for side in sides) else ()

    def walk(self) -> Iterator[Node]:
        """Yield the nodes from the input to the output, with the constants that they take; raises InputError."""
        takers: dict[str, list[Any]] = {}
        for node in self.nodes:
            for name in dict.fromkeys(node.input):
                takers.setdefault(name, []).append(node)
        value, count = self.input.name, 0
        while value != self.output:
            count += 1
            following = takers.get(value, [])
            if count > len(self.nodes) or not following:
                raise InputError("no way leads from its input to its output", REFUSED_REMEDY)
            found = match_pattern(value, self.nodes, takers, self.scalar) if len(following) > 1 else None
            if found is None and len(following) > 1:
                kinds = " and ".join(islice(sorted(node.op_type for node in following), 4))
                raise InputError(f"it branches: {kinds} take the same values", REFUSED_REMEDY)
            node, value = found or self.next_node(following[0], value)
            yield node

    def next_node(self, node: Any, value: str) -> tuple[Node, str]:
        """Return the Node that takes a value, and the name of its result; raises InputError."""
        kind = node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
        if not node.output or (len(node.output) > 1 and any(node.output[1:]) and kind != "Dropout"):
            raise InputError(f"{kind} has more than one result", REFUSED_REMEDY)
        settings = {entry.name: setting(entry) for entry in node.attribute}
        inputs = [None if name == value else self.constant(name, kind) for name in node.input]
        if sum(values is None for values in inputs) != 1 and kind in OPERATORS:
            raise InputError(f"{kind} takes the same values twice", REFUSED_REMEDY)
        return Node(kind, inputs, settings), node.output[0]

    def constant(self, name: str, kind: str) -> np.ndarray:
        """Return a constant's values, an empty one for an input that is left out; raises InputError."""
        if not name:
            return np.array([])
        if name not in self.constants:
            raise InputError(f"{kind} takes {name!r:.60}, which is no constant", REFUSED_REMEDY)
        return tensor_values(self.constants[name])

    def scalar(self, name: str) -> float | None:
        """Return a constant's single value; None for what is none."""
        if name not in self.constants:
            return None
        values = tensor_values(self.constants[name])
        return float(values.reshape(())) if values.size == 1 and values.dtype.kind in "fiu" else None


def tensor_values(tensor: Any) -> np.ndarray:
    """Return a tensor's values, which lie in the file itself; raises InputError."""
    from onnx import TensorProto, numpy_helper

    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise InputError("its weights lie in another file, which is not opened",
                         "export it as one file: torch.onnx.export(..., external_data=False)")
    try:
        values = numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        raise InputError(f"its array {tensor.name!r:.60} is damaged") from error
    return values.astype(np.float64) if values.dtype.kind == "V" else values  # bfloat16, which NumPy does not know


def setting(attribute: Any) -> Any:
    """Return an attribute's value where it is a number, a list of whole ones, or a text; else None."""
    from onnx import AttributeProto

    return {AttributeProto.FLOAT: attribute.f, AttributeProto.INT: attribute.i, AttributeProto.INTS: [*attribute.ints],
            AttributeProto.STRING: attribute.s}.get(attribute.type)
