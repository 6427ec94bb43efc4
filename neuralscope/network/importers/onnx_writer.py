"""A network as an ONNX graph: Gemm and the activation, layer by layer."""

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np

from neuralscope.network.functions import LEAKY_SLOPE
from neuralscope.network.importers import formats
from neuralscope.network.importers.description import describe
from neuralscope.network.storage import SavedNetwork

OPSET, GELU_OPSET = 13, 20  # the least that has each operator, so that old programs read it too
IR_VERSION, GELU_IR_VERSION = 8, 9
# An activation's operators in their order, with their settings; silu is the product of what it takes with Sigmoid.
NODES: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "relu": (("Relu", {}),), "leaky-relu": (("LeakyRelu", {"alpha": LEAKY_SLOPE}),), "sigmoid": (("Sigmoid", {}),),
    "tanh": (("Tanh", {}),), "identity": (), "gelu": (("Gelu", {}),), "gelu-tanh": (("Gelu", {"approximate": "tanh"}),),
    "elu": (("Elu", {"alpha": 1.0}),), "silu": (("Sigmoid", {}), ("Mul", {})), "softplus": (("Softplus", {}),),
    "softmax": (("Softmax", {"axis": -1}),)}


def write_onnx(saved: SavedNetwork) -> bytes:
    """Return the bytes of a file that takes images (batch, inputs) float32 and gives what the network answers."""
    formats.required_package("onnx", formats.row_named("ONNX"))
    from onnx import TensorProto, helper

    network, description = saved.network, describe(saved)
    nodes, tensors = graph_parts(network.layers)
    nodes[-1].output[0] = "outputs"
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])
            for name, size in (("images", network.sizes[0]), ("outputs", network.sizes[-1]))]
    new = any(layer.activation.startswith("gelu") for layer in network.layers)
    model = helper.make_model(
        helper.make_graph(nodes, "network", ends[:1], ends[1:], tensors), producer_name="neuralscope",
        opset_imports=[helper.make_opsetid("", GELU_OPSET if new else OPSET)],
        ir_version=GELU_IR_VERSION if new else IR_VERSION)
    helper.set_model_props(model, {name: json.dumps(value) for name, value in description.items()})
    return model.SerializeToString()


def graph_parts(layers: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return the nodes, whose first takes "images", and the arrays of a graph."""
    from onnx import helper, numpy_helper

    nodes, tensors, value, names = [], [], "images", (f"values{number}" for number in count(1))
    for number, layer in enumerate(layers, 1):
        parameters = {f"W{number}": layer.weights, f"b{number}": layer.biases}
        tensors += [numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name)
                    for name, array in parameters.items()]
        nodes.append(helper.make_node("Gemm", [value, *parameters], [next(names)]))
        sums = value = nodes[-1].output[0]
        for kind, settings in NODES[layer.activation]:
            inputs = [sums, value] if kind == "Mul" else [value]
            nodes.append(helper.make_node(kind, inputs, [next(names)], **settings))
            value = nodes[-1].output[0]
    return nodes, tensors
