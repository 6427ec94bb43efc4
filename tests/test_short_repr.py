"""The short form of dataclasses that hold arrays, and that all of them have it."""

import dataclasses
from importlib import import_module

import numpy as np
import pytest

from neuralscope.network import Layer, Network
from neuralscope.short_repr import MAX_TEXT, short_repr
from tests.test_imports import MODULES, package

TYPED = ("network", "analysis", "runs", "images", "datasets", "data_loader", "array_data", "predictor", "api")


@dataclasses.dataclass(repr=False)
class Holder:
    content: object
    __repr__ = short_repr


@pytest.mark.parametrize(("content", "text"), [
    (np.zeros((3, 784), np.float32), "float32 (3, 784)"), (np.array(7), "array(7)"), (0.25, "0.25"), ("relu", "'relu'"),
    ((), "()"), ((1, "a"), "(1, 'a')"), ([np.zeros(2), None], "[float64 (2,), None]"),
    (tuple(range(10, 16)), "(10, 11, 12, 13, ... 6 in all)"),
    ({"W1": np.zeros((2, 3), np.float16)}, "{'W1': float16 (2, 3)}"),
    (dict.fromkeys("abcdef", 1), "{'a': 1, 'b': 1, 'c': 1, 'd': 1, ... 6 in all}"),
    ("x" * 200, "'" + "x" * (MAX_TEXT - 4) + "..."), (Holder(np.zeros(9)), "Holder(content=float64 (9,))"),
], ids=lambda value: f"{value!s:.20}".replace("\n", " "))
def test_what_a_field_looks_like(content, text):
    assert repr(Holder(content)) == f"Holder(content={text})"


def test_a_network_says_its_shapes():
    layers = (Layer(np.zeros((784, 20), np.float32), np.zeros(20, np.float32), "relu"),
              Layer(np.zeros((20, 10), np.float32), np.zeros(10, np.float32), "softmax"))
    first = "Layer(weights=float32 (784, 20), biases=float32 (20,), activation='relu')"
    second = "Layer(weights=float32 (20, 10), biases=float32 (10,), activation='softmax')"
    assert repr(Network(layers)) == f"Network(layers=({first}, {second}))"


def test_every_dataclass_that_holds_arrays_has_it():
    """Those with ``eq=False``, for arrays cannot be compared in one word."""
    long = []
    for name in (name for name in MODULES if package(name) in TYPED and not name.endswith("__main__")):
        module = import_module(name)
        long += [cls for cls in vars(module).values() if dataclasses.is_dataclass(cls) and cls.__module__ == name
                 and not cls.__dataclass_params__.eq and cls.__dataclass_params__.repr  # or it has its own
                 and cls.__repr__ is not short_repr]
    assert not long
