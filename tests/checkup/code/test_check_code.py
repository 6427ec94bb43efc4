"""What is said of a person's own code: the right mistake, none where there is none, and bad input in a line."""

import json
from collections import Counter

import numpy as np
import pytest

from neuralscope import check_code
from neuralscope.checkup.code.mistakes import FORWARD_MISTAKES, MISTAKES
from neuralscope.errors import InputError
from tests.checkup.code.cases import FORWARD_CASES, GRADIENT_CASES, STYLES, learnable, named, report, verdict
from tests.checkup.code.correct import correct_report
from tests.checkup.styles import rows

CASES = {case.mistake: case for case in GRADIENT_CASES + FORWARD_CASES}


@pytest.mark.parametrize(("style", "mistake"), [
    ("rows", "no slope"), ("columns", "labels one up"), ("layers", "weights updated first"),
    ("rows", "bias over wrong axis"), ("columns", "no dropout mask"), ("layers", "late bias"),
])
def test_a_mistake_is_named(style, mistake):
    assert verdict(style, CASES[mistake]) == "named"


def test_a_correct_network_has_no_complaint():
    found = report("columns", "", {})
    assert not found.failed
    assert "12-7-7-4, sigmoid and softmax" in found.results[0].explanation


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_all_mistakes_are_named_in_every_style(style):
    counts = Counter(verdict(style, case) for case in CASES.values())
    assert counts["wrong"] == 0
    assert counts["named"] >= 0.95 * len(CASES), counts


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 100, 10))
def test_no_correct_network_has_a_complaint(first):
    for seed in range(first, first + 10):
        style, sizes, settings, found = correct_report(seed)
        assert not found.failed, (seed, style, sizes, settings)
        assert found.results[0].details["loss"], "the network is recognised"


def test_the_names_of_the_cases_are_keys_of_the_table():
    assert {key for case in CASES.values() for key in case.keys or (case.mistake,)} <= {*MISTAKES, *FORWARD_MISTAKES}


class Simple:
    """A correct network of rows, whose functions a test replaces one by one."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.forward, self.loss, self.gradients, self.step = rows.make()
        self.parameters = rows.start((6, 5, 3), rng)
        self.X, self.y = learnable(20, 6, 3, rng)

    def check(self, **changes):
        """Return the Report with some of it replaced."""
        given = {name: getattr(self, name) for name in ("forward", "loss", "gradients", "parameters", "X", "y")}
        return check_code(**{**given, **changes})


@pytest.fixture(name="simple")
def fixture_simple():
    return Simple()


def no_square(p, x):
    raise KeyError("hidden")


@pytest.mark.parametrize(("changes", "words"), [
    (lambda s: {"y": s.y[:-1]}, "not of one length"),
    (lambda s: {"y": s.y + 1}, "label 3 is beyond the 3 outputs"),
    (lambda s: {"gradients": lambda p, x, y: None}, "gradients returned None;"),
    (lambda s: {"gradients": lambda p, x, y: {**s.gradients(p, x, y), "b1": None}}, "None for b1"),
    (lambda s: {"gradients": lambda p, x, y: {**s.gradients(p, x, y), "b1": np.zeros(4)}}, "shape (4,) for b1"),
    (lambda s: {"gradients": lambda p, x, y: [*s.gradients(p, x, y).values()]}, "gradients returned none for W1"),
    (lambda s: {"gradients": lambda p, x, y: {**s.gradients(p, x, y), "W2": p["W2"] * np.nan}}, "15 NaN"),
    (lambda s: {"loss": lambda out, y: out}, "not a number"),
    (lambda s: {"loss": lambda out, y: "low"}, "not a number"),
    (lambda s: {"loss": lambda out, y: None}, "loss returned NoneType, not a number"),
    (lambda s: {"forward": lambda p, x: (s.forward(p, x), 0)}, "tuple"),
    (lambda s: {"forward": no_square}, "forward raised KeyError in line"),
    (lambda s: {"forward": 3}, "forward is int, not a function"),
    (lambda s: {"parameters": {}}, "no array"),
    (lambda s: {"X": s.X * np.nan}, "NaN"),
    (lambda s: {"seed": -1}, "seed is -1"),
    (lambda s: {"seed": "a"}, "seed is 'a'"),
    (lambda s: {"step": lambda p, x, y: {name: array.T for name, array in p.items()}}, "step returned shape (5, 6)"),
    (lambda s: {"step": lambda p, x, y: (p, 0.3)}, "step returned none for W1"),
])
def test_bad_input_is_one_line(simple, changes, words):
    with pytest.raises(InputError) as caught:
        simple.check(**changes(simple))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def failed_of(found, name):
    """Return the failed result whose name begins so."""
    return next(result for result in found.failed if result.name.startswith(name))


def test_biases_of_zeros_are_no_complaint_where_samples_cannot_be_told_apart(simple):
    parameters = {name: array * (name[0] == "W") for name, array in simple.parameters.items()}
    x = np.repeat(simple.X[:1], 10, axis=0) + 1e-9 * np.arange(10)[:, None]
    found = simple.check(parameters=parameters, X=x, y=simple.y[:10])
    assert found.results[-1].passed is None
    assert not found.failed


@pytest.mark.parametrize("seed", [18, 48])
def test_a_sum_of_zero_on_the_kink_of_relu_is_no_complaint(seed):
    """Biases of zeros, and a sample for which a whole layer is dead: the slope measured would be half of two."""
    assert not correct_report(seed)[-1].failed


@pytest.mark.parametrize(("style", "mistake", "remedy"), [
    ("rows", "no slope", "dh = (d @ W2.T) * a * (1 - a)"), ("columns", "no slope", "dh = (W2.T @ d) * a * (1 - a)"),
    ("loops", "no slope", "dh = (W2.T @ d) * a * (1 - a)"),
    ("rows", "bias averaged twice", "divide by the batch once"),
    ("rows", "bias over wrong axis", "db = d.sum(axis=0): over the samples"),
    ("columns", "bias over wrong axis", "db = d.sum(axis=1, keepdims=True): over the samples"),
    ("rows", "overflow", "z = z - z.max(axis=1, keepdims=True) before the exp, the maximum of each sample"),
    ("columns", "overflow", "z = z - z.max(axis=0, keepdims=True) before the exp, the maximum of each sample"),
])
def test_the_remedy_is_in_the_layout_of_the_code(style, mistake, remedy):
    assert remedy in [result.remedy for result in report(style, mistake, {}, sizes=(12, 7, 4)).failed]


def test_the_head_says_the_mistake_and_what_follows_from_it():
    found = report("rows", "labels one up", {})
    assert found.facts == ("gradient of W3 and b3: labels one too high, equal to 15 figures → t[label] = 1",)
    assert {result.cause for result in found.failed[1:]} == {"gradient of W3 and b3"}
    assert [result.cause for result in report("rows", "no slope", {}).failed][:2] == ["", ""]


def test_a_softmax_that_overflows_with_the_own_inputs_is_named_and_no_gradient_measured():
    found = report("rows", "overflow", {"activation": "relu"}, scale=1e6)
    assert "NaN" in failed_of(found, "outputs").figure
    assert [{"overflow"}] in named(found)
    assert found.results[-1].passed is None


def test_outputs_of_nan_are_not_taken_for_an_overflow(simple):
    found = simple.check(forward=lambda p, x: simple.forward(p, x) * np.nan)
    assert [result.name for result in found.failed] == ["outputs and loss are numbers"]


def test_a_sigmoid_that_overflows_is_not_taken_for_a_softmax(simple):
    def forward(p, x):
        scores = simple.forward(p, x)
        return np.exp(scores) / (1 + np.exp(scores))

    simple.forward, loss, gradients, _ = rows.make(output="identity", loss_name="binary cross-entropy")
    found = simple.check(forward=forward, loss=loss, gradients=gradients)
    assert "exp overflows" in failed_of(found, "large scores").explanation
    assert [{"overflow"}] not in named(found)


def test_a_loss_that_is_no_number_is_said(simple):
    found = simple.check(loss=lambda out, y: np.sum(0 * np.log(0 * out)))
    assert [(result.name, result.figure) for result in found.failed] == [("outputs and loss are numbers", "loss nan")]


def test_a_bias_gradient_of_a_single_number_is_named(simple):
    def gradients(p, x, y):
        return {name: gradient if name[0] == "W" else gradient.sum() for name, gradient in
                simple.gradients(p, x, y).items()}

    assert named(simple.check(gradients=gradients)) == [[{"bias over both axes"}]] * 2


def test_decay_of_another_size_is_named():
    forward, loss, _, _ = rows.make(decay=0.01)
    parameters = rows.start((6, 5, 3), np.random.default_rng(0))
    samples = learnable(20, 6, 3, np.random.default_rng(0))
    found = check_code(forward, loss, rows.make(decay=0.3)[2], parameters, *samples)
    assert named(found) == [[{"decay of another size"}]] * 2


def test_gradients_with_dropout_that_do_not_learn_are_no_crash():
    found = report("rows", "sign", {"dropout": 0.3})
    assert failed_of(found, "learns").cause == "gradient of W3 and b3"


def test_wrong_gradients_are_blamed_for_what_the_right_ones_learn_alone(simple):
    forward, loss, gradients, _ = rows.make("no output slope", output="sigmoid", loss_name="mean squared error")
    x = np.repeat(simple.X[:1], 10, axis=0) + 1e-9 * np.arange(10)[:, None]  # no gradients learn these
    found = simple.check(forward=forward, loss=loss, gradients=gradients, X=x, y=simple.y[:10])
    assert found.results[-1].passed is None


def test_arrays_in_dicts_of_dicts_are_called_by_their_keys(simple):
    nested = {"layer1": {"W": simple.parameters["W1"]}, "layer2": {"W": simple.parameters["W2"]}}

    def flat(p):
        return {"W1": p["layer1"]["W"], "b1": np.zeros(5), "W2": p["layer2"]["W"], "b2": np.zeros(3)}

    def gradients(p, x, y):
        found = simple.gradients(flat(p), x, y)
        return {"layer1": {"W": found["W1"]}, "layer2": {"W": -found["W2"]}}

    found = simple.check(parameters=nested, forward=lambda p, x: simple.forward(flat(p), x), gradients=gradients)
    assert failed_of(found, "gradient").name == "gradient of layer2['W']"


def test_what_a_function_raises_is_said_with_its_own_line(simple):
    with pytest.raises(InputError, match=f"line {no_square.__code__.co_firstlineno + 1} of test_check_code.py"):
        simple.check(forward=no_square)


def test_what_is_changed_in_place_is_said_and_the_arrays_stay(simple):
    def forward(p, x):
        x -= 0.5
        return simple.forward(p, x)

    before = simple.X.copy()
    found = simple.check(forward=forward)
    assert "forward changes x" in next(result for result in found.results if "changed" in result.name).explanation
    assert np.array_equal(simple.X, before)


def test_the_same_seed_gives_the_same_report_and_leaves_the_global_generator(simple):
    np.random.seed(5)
    first = simple.check(seed=3)
    drawn = np.random.rand()
    np.random.seed(5)
    assert drawn == np.random.rand()
    assert first == simple.check(seed=3)


def test_gradients_that_pile_up_are_named(simple):
    kept = {}

    def gradients(p, x, y):
        for name, gradient in simple.gradients(p, x, y).items():
            kept[name] = kept.get(name, 0) + gradient
        return dict(kept)

    assert [{"piles up"}] in named(simple.check(gradients=gradients))


def test_a_generator_of_ones_own_is_noticed(simple):
    rng = np.random.default_rng(0)
    found = simple.check(forward=lambda p, x: simple.forward(p, x) + rng.normal(0, 1e-3, (len(x), 1)))
    assert any("differ from call to call" in result.explanation for result in found.failed)


def test_a_mistake_of_no_list_has_no_name(simple):
    def gradients(p, x, y):
        return {name: np.sin(30 * gradient) for name, gradient in simple.gradients(p, x, y).items()}

    found = simple.check(gradients=gradients)
    assert not any(keys for result in named(found) for keys in result)
    assert any("no mistake of the list" in result.explanation for result in found.failed)


def test_a_network_that_is_no_chain_is_measured_all_the_same(simple):
    def forward(p, x):
        return simple.forward(p, x) * (1 + 0.1 * np.sin(p["b2"]))

    found = simple.check(forward=forward, loss=lambda out, y: np.sum(out**2) / len(y))
    assert "no chain of layers" in found.results[0].explanation
    assert sum(result.name.startswith("gradient") for result in found.failed) > 0


def test_a_start_from_zeros_does_not_learn(simple):
    forward, loss, gradients, _ = rows.make(activation="relu")
    zeros = {name: 0 * array for name, array in simple.parameters.items()}
    found = simple.check(forward=forward, loss=loss, gradients=gradients, parameters=zeros)
    assert any("by heart" in result.name and "at random" in result.remedy for result in found.failed)


def test_code_for_one_size_of_batch_alone_is_measured(simple):
    def forward(p, x):
        assert len(x) == 20
        return simple.forward(p, x)

    found = simple.check(forward=forward, gradients=rows.make("no slope")[2])
    assert [result.name for result in found.failed if "gradient" in result.name] == ["gradient of b1", "gradient of W1"]


def test_the_details_are_plain_values(simple):
    for result in simple.check(gradients=rows.make("no slope")[2]).results:
        json.dumps(result.details)
