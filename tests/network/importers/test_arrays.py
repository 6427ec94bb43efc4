"""Arrays of any names, order and layout become the layers that were meant, or are refused in one line."""

import itertools
import json

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network.importers import array_names, read
from neuralscope.network.importers.arrays import network_from_arrays
from neuralscope.network.importers.foreign import NO_ENDS, Ends
from neuralscope.network.importers.objects import named_arrays

ENDS = Ends(30, 4)


def layers(*sizes, seed=0):
    """Return random (weights, biases) of a network with these sizes."""
    rng = np.random.default_rng(seed)
    return [(rng.standard_normal(pair), rng.standard_normal(pair[1])) for pair in itertools.pairwise(sizes)]


def named(made):
    """Return layers as W1, b1, W2, b2."""
    return {f"{name}{number}": array for number, pair in enumerate(made, 1) for name, array in zip("Wb", pair,
                                                                                                strict=True)}


def assert_same(foreign, made, rtol=0.0):
    assert [layer.weights.shape for layer in foreign.layers] == [weights.shape for weights, _ in made]
    for layer, (weights, biases) in zip(foreign.layers, made, strict=True):
        for array, given in ((layer.weights, weights), (layer.biases, biases)):  # exact, and no wider than that
            assert array.dtype == (np.float32 if given.dtype.itemsize <= 2 else np.float64)
        np.testing.assert_allclose(layer.weights, weights, rtol=rtol)
        np.testing.assert_allclose(layer.biases, biases, rtol=rtol)


MADE = layers(30, 12, 7, 4)
STUDENTS_LAYOUTS = {  # as twelve students save them
    "W1 b1 W2 b2": named(MADE),
    "weights, then biases, without names": [weights for weights, _ in MADE] + [biases for _, biases in MADE],
    "(out, in) and columns": [array for weights, biases in MADE for array in (weights.T, biases[:, np.newaxis])],
    "backwards, biases first, rows": [array for weights, biases in MADE[::-1]
                                      for array in (biases[np.newaxis], weights.T)],
    "pairs": [list(pair) for pair in MADE],
    "weights and biases": {"weights": [weights for weights, _ in MADE], "biases": [biases for _, biases in MADE]},
    "torch": {f"layers.{2 * number}.{name}": array for number, (weights, biases) in enumerate(MADE)
              for name, array in (("weight", weights.T), ("bias", biases))},
    "coefs": {"coefs_": [weights for weights, _ in MADE], "intercepts_": [biases for _, biases in MADE]},
    "biases as a last row": {f"theta{number}": np.vstack(pair) for number, pair in enumerate(MADE)},
    "biases as a last column": [np.column_stack([weights.T, biases]) for weights, biases in MADE],
    "words": {"hidden_w": MADE[0][0], "second_w": MADE[1][0], "output_w": MADE[2][0], "hidden_b": MADE[0][1],
              "second_b": MADE[1][1], "output_b": MADE[2][1]},
    "Fortran order, big-endian": [np.asfortranarray(array).astype(">f8") for pair in MADE for array in pair],
}


@pytest.mark.parametrize("ends", [ENDS, NO_ENDS], ids=["ends", "no ends"])
@pytest.mark.parametrize("layout", STUDENTS_LAYOUTS)
def test_students_layouts(layout, ends):
    foreign = network_from_arrays(named_arrays(STUDENTS_LAYOUTS[layout]), "arrays", ends)
    assert_same(foreign, MADE)
    assert foreign.notices == ()
    assert {layer.biases_may_be_first for layer in foreign.layers} == {layout.startswith("biases as")}


@pytest.mark.parametrize("form", ["npz", "npz by name", "json", "csv"])
def test_files(tmp_path, form):
    path = tmp_path / "network.dat"  # recognised by content alone
    with open(path, "wb") as file:
        if form == "npz":
            np.savez(file, *(array for pair in MADE for array in pair))
        elif form == "npz by name":
            np.savez_compressed(file, **named(MADE))
        elif form == "json":
            file.write(json.dumps({name: array.tolist() for name, array in named(MADE).items()}).encode())
        else:
            for name, array in named(MADE).items():
                np.savetxt(file, np.atleast_2d(array), delimiter=", ", header=name, fmt="%.17g")
    assert_same(read(path, ENDS), MADE)


def test_each_order_of_arrays_without_names():
    arrays = [array for pair in MADE for array in pair]
    for number, order in enumerate(itertools.permutations(range(6))):
        if number % 12 == 0:
            assert_same(network_from_arrays({f"array {chr(97 + place)}": arrays[place] for place in order}, "", ENDS),
                        MADE)


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "uint16", ">f4", ">i4"])
def test_each_dtype(dtype):
    made = [(np.rint(5 + weights).astype(dtype), np.rint(5 + biases).astype(dtype)) for weights, biases in MADE]
    assert_same(network_from_arrays(named(made), "", ENDS), made)


@pytest.mark.parametrize("count", [1, 2, 5, 10])
def test_one_layer_to_ten_of_one_width_in_their_order(count):
    made = layers(30, *[9] * (count - 1), 4)
    for arrays in (named(made), {f"arr_{number}": array for number, array in enumerate(
            [weights.T for weights, _ in made] + [biases for _, biases in made])},
                   {f"l{number}.{name}": array for number in reversed(range(count)) for name, array in zip(
                       ("weight", "bias"), made[number], strict=True)}):
        assert_same(network_from_arrays(arrays, "", ENDS), made)


def test_biases_go_by_their_names_where_these_are_their_weights():
    made = layers(30, 9, 9, 9, 4)
    arrays = {f"{name}.weight": weights for name, (weights, _) in zip("abcd", made, strict=True)}
    arrays |= {f"{name}.bias": biases for name, (_, biases) in reversed(list(zip("abcd", made, strict=True)))}
    assert_same(network_from_arrays(arrays, "", ENDS), made)


@pytest.mark.parametrize(("names", "expected"), [
    ("W1 w weights layers.0.weight dense/kernel:0 coefs_.0 Theta1 W_ih who hiddenW b.weight a.weight", "weights"),
    ("b1 bias l1_b dense/bias:0 intercepts_.1 bh w.bias", "biases"),
    ("x X_test y mW1 m_W1 vb1 grad_W dW2 adam.weight images epochs momentum.bias V", "other"),
    ("arr_0 hidden 0.1 U layer", ""),
])
def test_what_names_say(names, expected):
    assert {name: array_names.role(name) for name in names.split()} == dict.fromkeys(names.split(), expected)


def test_layers_without_biases():
    made = [(weights, biases * 0) for weights, biases in MADE]
    assert_same(network_from_arrays({f"a{number}": weights.T for number, (weights, _) in enumerate(made)}, ""), made)


def test_biases_inside_one_layer_are_told_by_the_inputs():
    made = layers(30, 4)
    assert_same(network_from_arrays({"w": np.vstack(made[0])}, "", ENDS), made)
    assert network_from_arrays({"w": np.vstack(made[0])}, "").layers[0].weights.shape == (31, 4)


@pytest.mark.parametrize("names", [("W1", "b1", "W2", "b2"), ("one", "two", "three", "four")])
def test_one_output(names):
    made = layers(30, 12, 1)
    arrays = [array for pair in made for array in pair]
    assert_same(network_from_arrays(dict(zip(names, arrays, strict=True)), "", Ends(30, 2)), made)


def test_square_layers_are_marked_and_follow_the_rest():
    made = layers(30, 10, 10, 10)
    turned = {name: array.T for name, array in named(made).items()}
    for arrays, layout in ((named(made), "in-out"), (turned, "out-in")):
        foreign = network_from_arrays(arrays, "", Ends(30, 10))
        assert_same(foreign, made)
        assert (foreign.layout, [layer.may_be_transposed for layer in foreign.layers]) == (layout, [False, True, True])
    square = layers(10, 10)
    assert_same(network_from_arrays(named(square), "", Ends(10, 10, "out-in")), [(square[0][0].T, square[0][1])])


def test_what_belongs_to_no_layer_is_named():
    others = {"X_test": np.zeros((50, 30)), "y": np.zeros(50), "epochs": np.array(20), "mW1": np.zeros((30, 12)),
              "mW2": np.zeros((12, 7)), "loss": np.zeros(7), "note": np.array("by me")}
    foreign = network_from_arrays(named(MADE) | others, "", ENDS)
    assert_same(foreign, MADE)
    assert all(name in foreign.notices[0] for name in others)


def test_the_activation_of_one_layer_is_that_of_the_outputs():
    for name, expected in (("softmax", "softmax"), ("sigmoid", "sigmoid"), ("relu", None)):
        foreign = network_from_arrays(named(layers(30, 4)) | {"activations": np.array([name])}, "", ENDS)
        assert foreign.layers[0].activation == expected


def test_whole_networks_take_no_matrix_of_another_name():
    others = {"confusion_matrix": np.zeros((4, 4)), "prev_update_1": np.zeros((30, 12)), "mu": np.zeros(30),
              "momentum_W": np.zeros((12, 7)), "U": np.zeros((7, 12)), "V": np.zeros((12, 12)), "acc": np.zeros(7)}
    foreign = network_from_arrays(named(MADE) | others, "", ENDS)
    assert_same(foreign, MADE)
    assert {*foreign.notices[0].rpartition(": ")[2].split(", ")} == {*others} - {"mu"}
    assert foreign.file_scale.name == "by mu"
    many = {f"U{number}": np.zeros((number % 7 + 2, number % 5 + 2)) for number in range(60)}
    foreign = network_from_arrays(named(MADE) | many, "", ENDS)  # without a search among them
    assert_same(foreign, MADE)
    assert foreign.notices[0].endswith(", 52 more")


@pytest.mark.parametrize(("texts", "expected"), [
    ({"activation": "tanh"}, ["tanh", "tanh", None]),
    ({"activations": ["relu", "tanh", "softmax"]}, ["relu", "tanh", "softmax"]),
    ({"hidden_activation": "logistic", "output_activation": "linear"}, ["sigmoid", "sigmoid", "softmax"]),
    ({"activation": "mine"}, [None, None, None]),
])
def test_activations_in_words(texts, expected):
    foreign = network_from_arrays(named(MADE) | {name: np.array(text) for name, text in texts.items()}, "", ENDS)
    assert [layer.activation for layer in foreign.layers] == expected
    assert foreign.raw_scores == ("linear" in texts.values())


@pytest.mark.parametrize(("changes", "words"), [
    ({"W2": None}, "no order of the weights chains"),
    ({"b2": np.zeros(8)}, "b2 (8,) fits no one layer of 30-12-7-4"),
    ({"conv1.weight": np.zeros((8, 1, 3, 3))}, "conv1.weight (8, 1, 3, 3) is a convolution's"),
    ({"bn.running_mean": np.zeros(12)}, "bn.running_mean (12,) is a normalisation's"),
    ({"norm.weight": np.zeros(12)}, "norm.weight (12,) is a normalisation's"),
    ({"c2": np.zeros(7)}, "c2 (7,) fits no one layer"),
    (dict.fromkeys(named(MADE)), "no array"),
])
def test_what_makes_no_network_is_told_in_one_line(changes, words):
    arrays = {name: array for name, array in (named(MADE) | changes).items() if array is not None}
    with pytest.raises(InputError) as caught:
        network_from_arrays(arrays, "", ENDS)
    message = str(caught.value)
    assert words in message
    assert all(f"{name} {array.shape}" in message for name, array in arrays.items())  # all that was found
    assert "(30, n), ..., (m, 4)" in message  # and all that is expected
    assert "\n" not in message


def test_more_than_one_network_is_refused_unless_the_ends_tell():
    arrays = {"p": np.zeros((10, 16)), "q": np.ones((16, 10))}
    with pytest.raises(InputError, match="more than one network"):
        network_from_arrays(arrays, "")
    assert network_from_arrays(arrays, "", Ends(16, 16)).layers[0].weights.shape == (16, 10)


def test_a_search_without_end_is_broken_off():
    rng = np.random.default_rng(0)
    arrays = {f"q{number}": np.zeros(rng.integers(2, 5, 2)) for number in range(60)}
    with pytest.raises(InputError):
        network_from_arrays(arrays, "", ENDS)
