"""ONNX files, made by the library onnx and held to its reference evaluator."""

import json
from pathlib import Path

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.functions import ACTIVATIONS
from neuralscope.network.importers.onnx_writer import write_onnx
from neuralscope.network.importers.reader import read
from neuralscope.network.storage import SavedNetwork
from tests.helpers.environment import optional_package
from tests.helpers.foreign_networks import assert_same_logits, random_arrays, random_inputs, random_network

(W1, B1), (W2, B2) = random_arrays((12, 7, 4))
RNG = np.random.default_rng(5)
GAIN, SHIFT, MEAN, VARIANCE = (RNG.uniform(0.5, 2, 7).astype(np.float32) for _ in range(4))


@pytest.fixture(autouse=True)
def _library():
    optional_package("onnx")


def write(path, steps, shape=("batch", 12), opset=20, **constants):
    """Write a graph of steps ``(operator, its inputs, settings)``, whose "<" is what the step before gives."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, value = [], "x"
    for number, (kind, inputs, settings) in enumerate(steps):
        nodes.append(helper.make_node(kind, [value if name == "<" else name for name in inputs], [f"v{number}"],
                                      **settings))
        value = f"v{number}"
    arrays = {"W1": W1, "B1": B1, "W2": W2, "B2": B2, **constants}
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(value, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in arrays.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


def evaluate(path, inputs):
    from onnx.reference import ReferenceEvaluator

    return ReferenceEvaluator(str(path)).run(None, {"x": inputs})[0]


LAST = ("Gemm", ["<", "W2", "B2"], {})
FIRST = ("Gemm", ["<", "W1", "B1"], {})
SCALARS = {"half": np.float32(0.5), "one": np.float32(1), "root": np.float32(2**0.5), "cube": np.float32(0.044715),
           "scale": np.float32((2 / np.pi) ** 0.5), "three": np.float32(3), "twenty": np.float32(20)}
GELU = [("Div", ["<", "root"], {}), ("Erf", ["<"], {}), ("Add", ["<", "one"], {}), ("Mul", ["v0", "<"], {}),
        ("Mul", ["<", "half"], {})]
GELU_TANH = [("Pow", ["<", "three"], {}), ("Mul", ["<", "cube"], {}), ("Add", ["v0", "<"], {}),
             ("Mul", ["<", "scale"], {}), ("Tanh", ["<"], {}), ("Add", ["<", "one"], {}), ("Mul", ["v0", "<"], {}),
             ("Mul", ["half", "<"], {})]
GRAPHS = {
    "MatMul and Add": [("MatMul", ["<", "W1"], {}), ("Add", ["B1", "<"], {}), ("Relu", ["<"], {}),
                       ("MatMul", ["<", "W2"], {}), ("Add", ["<", "B2"], {})],
    "Gemm turned and scaled": [("Gemm", ["<", "T1", "B1"], {"transB": 1, "alpha": 0.5, "beta": 2.0}),
                               ("Tanh", ["<"], {}), LAST],
    "Gemm without biases": [("Gemm", ["<", "W1"], {}), ("LeakyRelu", ["<"], {"alpha": 0.01}), LAST],
    "BatchNormalization": [FIRST, ("BatchNormalization", ["<", "gain", "shift", "mean", "variance"], {}),
                           ("Elu", ["<"], {"alpha": 1.0}), ("Dropout", ["<"], {}), LAST],
    "scaled inputs": [("Sub", ["<", "half"], {}), ("Div", ["<", "root"], {}), ("Mul", ["<", "three"], {}),
                      ("Sub", ["one", "<"], {}), FIRST, ("Softplus", ["<"], {}), ("Identity", ["<"], {}), LAST],
    "Gelu": [FIRST, ("Gelu", ["<"], {}), LAST],
    "Gelu of tanh": [FIRST, ("Gelu", ["<"], {"approximate": "tanh"}), LAST],
    "gelu of five": [FIRST, *GELU, LAST],
    "gelu-tanh of eight": [FIRST, *GELU_TANH, LAST],
    "silu of two": [FIRST, ("Sigmoid", ["<"], {}), ("Mul", ["v0", "<"], {}), LAST],
    "softplus of three": [FIRST, ("Softplus", ["<"], {}), ("Greater", ["v0", "twenty"], {}),
                          ("Where", ["<", "v0", "v1"], {}), LAST],
}
CONSTANTS = {"T1": np.ascontiguousarray(W1.T), "gain": GAIN, "shift": SHIFT, "mean": MEAN, "variance": VARIANCE,
             **SCALARS}


@pytest.mark.parametrize("steps", GRAPHS.values(), ids=GRAPHS)
def test_the_logits_are_those_of_the_reference(tmp_path, steps):
    path = write(tmp_path / "n.onnx", steps, **CONSTANTS)
    assert_same_logits(read(path), random_inputs(), evaluate(path, random_inputs()))


def test_pictures_are_flattened_and_their_shape_is_known(tmp_path):
    for flatten in (("Flatten", ["<"], {}), ("Reshape", ["<", "rows"], {})):
        path = write(tmp_path / "n.onnx", [flatten, FIRST, ("Sigmoid", ["<"], {}), LAST, ("LogSoftmax", ["<"], {})],
                     (1, 1, 3, 4), rows=np.array([-1, 12]))
        foreign = read(path)
        assert (foreign.image_shape, foreign.raw_scores, foreign.layers[-1].activation) == ((3, 4), False, "softmax")
        assert foreign.notices == (f"{flatten[0]} left out",)


@pytest.mark.parametrize(("steps", "words"), [
    ([("Conv", ["<", "C"], {}), ("Flatten", ["<"], {}), FIRST], "layer 1 is Conv"),
    ([FIRST, ("Clip", ["<"], {}), LAST], "layer 2 is Clip"),
    ([FIRST, ("Relu", ["<"], {}), ("Add", ["v0", "<"], {}), LAST], "it branches: Add and Relu take the same values"),
    ([FIRST, ("LeakyRelu", ["<"], {"alpha": 0.2}), LAST], "slope below 0 is 0.2"),
    ([FIRST, ("Elu", ["<"], {"alpha": 2.0}), LAST], "alpha is 2"),
    ([FIRST, ("Softmax", ["<"], {"axis": 0}), LAST], "over axis 0"),
    ([("Gemm", ["<", "W1"], {"transA": 1})], "turns the values"),
    ([("MatMul", ["W1", "<"], {})], "not its first input"),
    ([("Add", ["<", "C"], {}), FIRST], "a constant is float32 of shape"),
    ([("Reshape", ["<", "rows"], {}), FIRST], "to 3 dimensions"),
    ([FIRST, ("Relu", ["<"], {}), ("MatMul", ["<", "other"], {})], "'other', which is no constant"),
    ([FIRST, ("Sin", ["<"], {}), ("Mul", ["v0", "<"], {}), LAST], "it branches"),
])
def test_what_is_no_chain_is_refused_by_the_operators_name(tmp_path, steps, words):
    path = write(tmp_path / "n.onnx", steps, C=np.ones((1, 1, 2, 2), np.float32), rows=np.array([1, -1, 4]))
    with pytest.raises(InputError, match=words):
        read(path)


def test_weights_in_another_file_are_not_opened(tmp_path):
    import onnx

    path = write(tmp_path / "n.onnx", [FIRST])
    model = onnx.load(path)
    tensor = model.graph.initializer[0]
    onnx.external_data_helper.set_external_data(tensor, "../../etc/passwd")
    tensor.ClearField("raw_data")
    path.write_bytes(model.SerializeToString())
    with pytest.raises(InputError, match="external_data=False"):
        read(path)


@pytest.mark.parametrize("name", [*ACTIVATIONS])
def test_what_is_written_answers_the_same_elsewhere_and_is_read_again(tmp_path, name):
    import onnx

    network = random_network(name, name, name, "softmax")
    names = ["zero", "one", "two", "three"]
    path = tmp_path / "n.onnx"
    path.write_bytes(write_onnx(SavedNetwork(Path("n.npz"), network, {"class_names": names}, {}, {})))
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert json.loads({entry.key: entry.value for entry in model.metadata_props}["class_names"]) == names
    from onnx.reference import ReferenceEvaluator

    outputs = ReferenceEvaluator(model).run(None, {"images": random_inputs()})[0]
    np.testing.assert_allclose(network.forward(random_inputs()).outputs, outputs, atol=1e-6)
    foreign = read(path)
    assert [layer.activation for layer in foreign.layers] == [layer.activation for layer in network.layers]
    assert_same_logits(foreign, random_inputs(), network.forward(random_inputs()).sums[-1])
    assert (foreign.class_names, foreign.scale.name) == (tuple(names), "0..1")
