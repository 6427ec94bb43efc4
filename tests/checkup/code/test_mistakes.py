"""Every mistake of the table is told from all others, and our own formulas are the slopes of their losses."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from neuralscope.checkup.code.layout import LayerArrays, Samples
from neuralscope.checkup.code.match import (
    OTHER,
    added_decay,
    difference,
    equal_ones,
    find_matches,
    known_factors,
    name_factor,
    right_gradients,
    variants,
)
from neuralscope.checkup.code.mistakes import FORWARD_MISTAKES, MISTAKES
from neuralscope.checkup.code.recognise import Recognised
from neuralscope.checkup.code.reference import (
    OUTPUT_FUNCTIONS,
    OUTPUT_LOSSES,
    CodeNetwork,
    backward,
    forward,
    loss_of,
)

CHAIN = tuple(LayerArrays((f"W{n}",), False, (f"b{n}",)) for n in (1, 2, 3))
KINDS = {"softmax": ("cross-entropy", "squared error"), "sigmoid": ("squared error", "binary cross-entropy"),
         "identity": ("squared error", "cross-entropy of scores", "binary cross-entropy of scores"),
         "log-softmax": ("cross-entropy of log-probabilities",), "tanh": ("squared error",)}


def network_of(head, loss, activation="sigmoid", seed=0):
    """Return a Recognised network with decay and dropout, its arrays and 6 samples: as many as neurons in a layer."""
    rng = np.random.default_rng(seed)
    sizes = (8, 6, 6, 4)
    arrays = {}
    for layer, (inputs, outputs) in zip(CHAIN, pairwise(sizes), strict=True):
        arrays[layer.weights] = rng.normal(size=(inputs, outputs)) / inputs**0.5
        arrays[layer.bias] = rng.normal(size=outputs)
    masks = tuple((rng.random((6, 6)) < 0.7) / 0.7 for _ in range(2))
    form = CodeNetwork((), (), (activation,) * 2, head, loss, masks=masks, decay=((0.01, 0.005),) * 3)
    samples = Samples(rng.normal(size=(6, 8)), rng.integers(0, 4, 6), 0, 0)
    return Recognised(CHAIN, form, 1.0, 0), arrays, samples


@pytest.mark.parametrize(("head", "loss"), [(head, loss) for head, losses in KINDS.items() for loss in losses])
def test_our_gradients_are_the_slopes_of_the_loss(head, loss):
    known, arrays, samples = network_of(head, loss, "tanh")
    network, targets = known.network(arrays, 6), np.eye(4)[samples.y]

    def value(weights, layer):
        moved = replace(network, weights=(*network.weights[:layer], weights, *network.weights[layer + 1:]))
        decay = sum(pair[0] * np.sum(each**2) for pair, each in zip(network.decay, moved.weights, strict=True))
        return loss_of(network, forward(moved, samples.x).outputs, targets) + decay

    found = backward(network, forward(network, samples.x), targets)
    for layer in range(3):
        direction = np.random.default_rng(1).normal(size=network.weights[layer].shape)
        measured = (value(network.weights[layer] + 1e-6 * direction, layer) -
                    value(network.weights[layer] - 1e-6 * direction, layer)) / 2e-6
        assert np.sum(found[layer][0] * direction) == pytest.approx(measured, rel=1e-6, abs=1e-8)


def test_every_output_function_and_loss_is_measured():
    assert {*KINDS} | {"relu", "softmax over the samples"} == {*OUTPUT_FUNCTIONS}
    assert {loss for losses in KINDS.values() for loss in losses} == {*OUTPUT_LOSSES}


@pytest.mark.parametrize(("head", "loss", "activation", "alike"), [
    ("softmax", "cross-entropy", "sigmoid", [{"diagonal slope", "true class alone"}]),
    ("sigmoid", "squared error", "tanh", []),
])
def test_each_mistake_is_told_from_all_others(head, loss, activation, alike):
    """Those with equal gradients share one name where one line mends them; where not, all names are given."""
    known, arrays, samples = network_of(head, loss, activation)
    right = right_gradients(known, arrays, samples)
    made = [variant for variant in variants(known, arrays, samples) if variant.layer is None]
    off = [variant for variant in made
           if max(difference(variant.gradients[path], right[path]) for path in right) > OTHER]
    assert len(off) > 30
    for variant in off:
        equal = equal_ones(find_matches(variant.gradients, right, made, list(right), known_factors(6, 4)))
        keys = {key for match in equal for key in match.keys}
        assert keys in alike or len(equal) == 1
        assert variant.key in keys or MISTAKES[variant.key].remedy in [MISTAKES[key].remedy for key in keys]


@pytest.mark.parametrize(("factor", "keys"), [
    (32, [("summed over batch",)]), (2, [("factor 2",)]), (-1, [("sign",)]), (0, [("zeros",)]),
    (-32, [("sign", "summed over batch")]), (0.01, [("constant factor",)]), (0.1, [("averaged over classes",)]),
])
def test_a_factor_has_its_name(factor, keys):
    assert name_factor(factor, known_factors(32, 10)) == keys


def test_weight_decay_that_the_loss_has_not_is_found():
    known, arrays, samples = network_of("softmax", "cross-entropy")
    right = right_gradients(known, arrays, samples)
    theirs = {path: right[path] + 0.03 * arrays[path] for path in right}
    assert added_decay(theirs, right, arrays, list(right)) == pytest.approx(0.03)
    assert added_decay({path: 2 * right[path] for path in right}, right, arrays, list(right)) is None


def test_a_constant_is_not_fitted_to_a_single_number():
    right, theirs = {("b",): np.array([0.5])}, {("b",): np.array([0.37])}
    assert not equal_ones(find_matches(theirs, right, [], [("b",)], known_factors(32, 10)))
    assert added_decay(theirs, right, {("b",): np.array([0.1])}, [("b",)]) is None
    right, theirs = {("W",): np.arange(1.0, 6)}, {("W",): 0.37 * np.arange(1.0, 6)}
    assert equal_ones(find_matches(theirs, right, [], [("W",)], known_factors(32, 10)))[0].keys == ("constant factor",)


def test_every_mistake_has_its_formula_and_the_line_that_mends_it():
    for mistake in (*MISTAKES.values(), *FORWARD_MISTAKES.values()):
        assert mistake.name
        assert mistake.formula
        assert mistake.remedy
    factors = [mistake.factor for mistake in MISTAKES.values() if mistake.factor]
    assert sorted(factors) == sorted([*known_factors(32, 10), "other", "decay", "other decay"])
    names = [mistake.name for mistake in MISTAKES.values()]
    assert len({*names}) == len(names)
