"""Exact accounts of one decision: they sum to the logit, and the derivatives are those that can be measured."""

import numpy as np
import pytest

from benchmarks.attribution import main, worst_errors
from neuralscope.analysis import gradient, is_piecewise_linear, local_linear_map, logit_gradient
from neuralscope.analysis.attribution import attribution, contributions
from neuralscope.analysis.connections import strongest_connections
from neuralscope.analysis.fine_tuning import fine_tuned
from neuralscope.data_loader import load
from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, Layer, Network

WORST, STEP = 1e-9, 1e-5
PIECEWISE = [name for name, activation in ACTIVATIONS.items() if activation.piecewise_linear]
SMOOTH = [name for name in ACTIVATIONS if name not in PIECEWISE]
HIDDEN = [(), (7,), (9, 5), (8, 1, 6)]


def drawn(hidden, activation="relu", inputs=784, seed=1):
    rng = np.random.default_rng(seed)
    network = Network.random([inputs, *hidden, 10], activation, rng=rng)
    return network.with_parameters({name: array + rng.normal(0, 0.1, array.shape)
                                    for name, array in network.parameters.items()})


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("activation", PIECEWISE)
def test_ledger_and_template_sum_to_every_logit(activation, hidden, embedded):
    errors = worst_errors(drawn(hidden, activation), embedded.test.images)
    assert all(error <= WORST for error in errors.values()), errors


@pytest.mark.slow
def test_they_do_so_for_all_of_mnist(shipped, mnist_dir):
    errors = worst_errors(shipped.network, load("mnist", mnist_dir).test.images)
    assert all(error <= WORST for error in errors.values()), errors


@pytest.mark.slow
def test_the_benchmark_prints_its_table(capsys):
    assert main([]) == 0
    lines = [line.strip("| ").split("|") for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [len(cells) for cells in lines] == [6] * 10
    assert all(float(cells[2]) <= WORST for cells in lines[2:8])
    assert all(float(cells[2]) / float(cells[3]) == pytest.approx(float(cells[4]), abs=0.01) for cells in lines[8:])


@pytest.mark.parametrize("hidden", HIDDEN[1:])
@pytest.mark.parametrize("activation", PIECEWISE)
def test_the_template_of_every_hidden_layer(activation, hidden, embedded):
    network = drawn(hidden, activation).astype(np.float64)
    for image in embedded.test.images[:20].astype(np.float64):
        trace = network.forward([image])
        for layer, sums in enumerate(trace.sums):
            mapped = local_linear_map(network, trace, layer)
            assert mapped.weights.shape == (sums.shape[1], 784)
            np.testing.assert_allclose(mapped.weights @ image + mapped.constants, sums[0], rtol=WORST, atol=1e-12)
            np.testing.assert_array_equal(mapped.weights, gradient(network, trace, layer))


@pytest.mark.parametrize("activation", SMOOTH)
def test_a_ledger_holds_for_smooth_functions_too(activation, embedded):
    network = drawn((9, 5), activation).astype(np.float64)
    trace = network.forward(embedded.test.images[:1])
    for chosen in range(10):
        made = attribution(network, trace, chosen)
        assert made.contributions.sum() + made.bias == pytest.approx(made.total, rel=WORST)
        assert made.total == trace.sums[-1][0, chosen]
        np.testing.assert_array_equal(contributions(network, trace, chosen), made.contributions)


def test_worked_example():
    # pixel 2 -> sums 2 * 1 + 1 = 3 and 2 * -1 = -2, of which relu leaves 3 and 0; logits 3 * 2 + 0.5 and 3 * -1 - 0.5
    network = Network([Layer(np.array([[1.0, -1]]), np.array([1.0, 0]), "relu"),
                       Layer(np.array([[2.0, -1], [5, 7]]), np.array([0.5, -0.5]), "softmax")])
    trace = network.forward([[2.0]])
    made, lead = attribution(network, trace, 0), attribution(network, trace, 0, contrast_class=1)
    assert (list(made.inputs), list(made.contributions), made.bias, made.total) == ([3, 0], [6, 0], 0.5, 6.5)
    assert (list(lead.weights), list(lead.contributions), lead.bias, lead.total) == ([3, -2], [9, 0], 1, 10)
    mapped = local_linear_map(network, trace)  # logits are 2 (x + 1) + 0.5 and -(x + 1) - 0.5
    assert (mapped.weights.tolist(), mapped.constants.tolist()) == ([[2], [-1]], [2.5, -1.5])
    assert local_linear_map(network, trace, 0).weights.tolist() == [[1], [-1]]
    assert logit_gradient(network, trace, 0).tolist() == [[2, -1], [5, 7]]


def test_no_ink_leaves_the_constants():
    network = drawn((9, 5))
    trace = network.forward(np.zeros((1, 784)))
    np.testing.assert_allclose(local_linear_map(network, trace).constants, trace.sums[-1][0], rtol=1e-5)


def measured(function, values):
    """Return the central differences of ``function`` by each of ``values``: a row for each output."""
    steps = np.eye(len(values)) * STEP
    return np.stack([(function(values + step) - function(values - step)) / (2 * STEP) for step in steps], axis=1)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_and_influence_are_the_derivatives(activation, hidden):
    network = drawn(hidden, activation, inputs=12, seed=3).astype(np.float64)
    image = np.random.default_rng(4).random(12)
    trace = network.forward([image])
    for layer in range(len(network.layers)):
        slopes = measured(lambda pixels, layer=layer: network.forward([pixels]).sums[layer][0], image)
        np.testing.assert_allclose(gradient(network, trace, layer), slopes, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(gradient(network, trace), gradient(network, trace, len(network.layers) - 1))
    for layer, activations in enumerate(trace.activations[:-1]):
        rest = Network(network.layers[layer + 1:])
        slopes = measured(lambda values, rest=rest: rest.forward([values]).sums[-1][0], activations[0])
        np.testing.assert_allclose(logit_gradient(network, trace, layer), slopes.T, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_only_what_is_before_a_layer_bends_it(activation):
    network = drawn((9, 5), activation)
    assert is_piecewise_linear(network, 0)
    assert is_piecewise_linear(network, 1) is is_piecewise_linear(network) is ACTIVATIONS[activation].piecewise_linear
    mixed = Network([network.layers[0], *drawn((9, 5), "relu").layers[1:]])
    assert is_piecewise_linear(mixed) is ACTIVATIONS[activation].piecewise_linear
    mixed = Network([*drawn((9, 5), "relu").layers[:1], *network.layers[1:]])
    assert is_piecewise_linear(mixed, 1)


@pytest.mark.parametrize("activation", SMOOTH)
def test_smooth_functions_have_a_template_of_the_first_layer_alone(activation):
    network = drawn((9, 5), activation)
    trace = network.forward(np.ones((1, 784)))
    assert local_linear_map(network, trace, 0).weights.shape == (9, 784)
    with pytest.raises(InputError, match=f"after {activation} no template holds"):
        local_linear_map(network, trace)


def test_float32_stays_float32():
    network = drawn((9, 5)).astype(np.float32)
    trace = network.forward(np.ones((1, 784)))
    mapped, made = local_linear_map(network, trace), attribution(network, trace, 3, 4)
    for array in (mapped.weights, mapped.constants, made.inputs, made.weights, logit_gradient(network, trace, 0)):
        assert array.dtype == np.float32


@pytest.mark.parametrize(("asked", "complaint"), [
    (lambda *given: attribution(*given, 10), "no class 10: choose one from 0 to 9"),
    (lambda *given: attribution(*given, 0, contrast_class=-1), "no class -1: "),
    (lambda *given: local_linear_map(*given, 2), "no layer 2: choose one from 0 to 1"),
    (lambda *given: gradient(*given, -1), "no layer -1: "),
    (lambda *given: logit_gradient(*given, 1), "no hidden layer 1: choose one from 0 to 0"),
    (lambda network, trace: is_piecewise_linear(network, 2), "no layer 2: ")])
def test_what_is_not_there_is_refused(asked, complaint):
    network = drawn((7,))
    with pytest.raises(InputError, match=complaint):
        asked(network, network.forward(np.ones((1, 784))))


def test_without_hidden_layer_there_is_no_influence():
    network = drawn(())
    with pytest.raises(InputError, match="no hidden layer 0: there is none at all"):
        logit_gradient(network, network.forward(np.ones((1, 784))), 0)


@pytest.mark.parametrize("account", [
    lambda network, trace: attribution(network, trace, 3), lambda network, trace: contributions(network, trace, 3),
    local_linear_map, gradient, lambda network, trace: logit_gradient(network, trace, 0),
    lambda network, trace: strongest_connections(network, trace, 0, 5)])
def test_an_account_is_of_one_image(account):
    network = drawn((9, 5))
    account(network, network.forward(np.ones(784)))
    with pytest.raises(InputError, match="an account is of one image, and this trace is of 2"):
        account(network, network.forward(np.ones((2, 784))))


def test_a_step_is_on_one_image():
    network = drawn((9, 5))
    fine_tuned(network, np.ones(784), 3, 0.1)
    with pytest.raises(InputError, match="a step is on one image"):
        fine_tuned(network, np.ones((2, 784)), 3, 0.1)
