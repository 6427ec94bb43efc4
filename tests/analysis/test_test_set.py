"""A TestSetAnalysis says what its parts say by themselves, does no work twice, and does it in parts."""

import numpy as np
import pytest

from neuralscope.analysis import ablate, ablate_each, test_set
from neuralscope.analysis.neuron_profile import neuron_profile
from neuralscope.errors import InputError
from neuralscope.network import Network, evaluate

DEPTHS = [(), (20,), (20, 7)]


@pytest.fixture
def digits(embedded):
    return embedded.test


@pytest.fixture
def calls(monkeypatch):
    """Return the amounts of work done: images read, neurons knocked out, evaluations; in parts of a few."""
    counted = {"images": [], "neurons": [], "evaluations": []}
    forward, knock, judge = Network.forward, test_set.ablate_each, test_set.evaluate

    def count_forward(self, images):
        if self.sizes[0] == 784 and len(self.sizes) > 2:
            counted["images"].append(len(images))
        return forward(self, images)

    def count_knocks(network, layer, activations, neurons):
        counted["neurons"].append(len(neurons))
        return knock(network, layer, activations, neurons)

    def count_evaluations(*given):
        counted["evaluations"].append(1)
        return judge(*given)

    monkeypatch.setattr(Network, "forward", count_forward)
    monkeypatch.setattr(test_set, "ablate_each", count_knocks)
    monkeypatch.setattr(test_set, "evaluate", count_evaluations)
    monkeypatch.setattr(test_set, "CHUNK_IMAGES", 100)
    monkeypatch.setattr(test_set, "BLOCK_NEURONS", 6)
    return counted


def drawn(hidden):
    return Network.random((784, *hidden, 10), rng=np.random.default_rng(1))


@pytest.mark.parametrize("beforehand", [True, False])
@pytest.mark.parametrize("hidden", DEPTHS)
def test_without_labels_it_says_what_is_read_and_nothing_else(hidden, beforehand, digits):
    network = drawn(hidden)
    made = test_set.TestSetAnalysis(network, digits.images, None)
    if beforehand:
        for _ in made.steps():
            pass
    expected = evaluate(network, digits.images, digits.labels)
    np.testing.assert_array_equal(made.answers.predictions, expected.predictions)
    np.testing.assert_allclose(made.answers.outputs, expected.outputs, rtol=1e-5, atol=1e-6)
    assert made.answers.class_counts.tolist() == np.bincount(expected.predictions, minlength=10).tolist()
    for claimed in ("labels", "losses", "confusion", "errors", "accuracy", "mistakes"):
        assert not hasattr(made.answers, claimed)
    with pytest.raises(InputError, match="nothing can be counted as right or wrong"):
        _ = made.evaluation
    for layer, size in enumerate(hidden):
        known = made.single_ablations(layer)
        for neuron in (0, size - 1):
            read = ablate(network, {layer: [neuron]}).forward(digits.images).predictions
            assert known.costs[neuron] == (read != expected.predictions).sum()
            assert made.evaluate_ablated({layer: [neuron]}).predictions.tolist() == read.tolist()
        profile = made.neuron_profile(layer, 3)
        assert profile.class_counts.tolist() == made.answers.class_counts.tolist()


@pytest.mark.parametrize("beforehand", [True, False])
@pytest.mark.parametrize("hidden", DEPTHS)
def test_it_says_what_the_parts_say(hidden, beforehand, digits):
    network = drawn(hidden)
    made = test_set.TestSetAnalysis(network, digits.images, digits.labels)
    if beforehand:
        for _ in made.steps():
            pass
    assert made.evaluated is beforehand
    expected, trace = evaluate(network, digits.images, digits.labels), network.forward(digits.images)
    for layer, activations in enumerate(trace.activations[:-1]):
        np.testing.assert_allclose(made.activations(layer), activations, atol=1e-5)
        found = made.single_ablations(layer)
        assert found is made.single_ablations(layer)
        np.testing.assert_array_equal(found.before, expected.predictions)
        np.testing.assert_array_equal(found.after, ablate_each(network, layer, made.activations(layer),
                                                               range(hidden[layer])))
        own, theirs = (
            vars(one)
            for one in (
                made.neuron_profile(layer, 3),
                neuron_profile(network, layer, 3, made.activations(layer), digits.labels),
            )
        )
        for name, value in theirs.items():
            np.testing.assert_array_equal(own[name], value)
        assert made.activations(layer).dtype == np.float32
    np.testing.assert_allclose(made.evaluation.outputs, expected.outputs, atol=1e-6)
    np.testing.assert_array_equal(made.evaluation.confusion, expected.confusion)
    assert made.evaluated


@pytest.mark.parametrize("ablated", [{0: [1, 2]}, {1: [3]}, {1: [0, 1], 0: [5]}, {0: range(20)}])
def test_silenced_networks(ablated, digits):
    network = drawn((20, 7))
    made = test_set.TestSetAnalysis(network, digits.images, digits.labels)
    expected = evaluate(ablate(network, ablated), digits.images, digits.labels)
    found = made.evaluate_ablated(ablated)
    np.testing.assert_allclose(found.outputs, expected.outputs, atol=1e-6)
    np.testing.assert_array_equal(found.confusion, expected.confusion)


def test_nothing_silenced_is_the_evaluation_itself(digits):
    made = test_set.TestSetAnalysis(drawn((20,)), digits.images, digits.labels)
    assert made.evaluate_ablated({}) is made.evaluate_ablated({0: []}) is made.evaluation


def test_two_windows_share_the_work(calls, digits):
    made = test_set.TestSetAnalysis(drawn((20,)), digits.images, digits.labels)
    windows, parts = [made.steps(), made.steps()], 0
    while windows:
        for window in list(windows):
            if next(window, windows) is windows:
                windows.remove(window)
            else:
                parts += 1
    assert sum(calls["images"]) == len(digits)
    assert max(calls["images"]) == 100
    assert calls["neurons"] == [6, 6, 6, 2]
    assert calls["evaluations"] == [1]
    assert parts == len(calls["images"]) + 4 + 1
    made.single_ablations(0), made.activations(0), made.evaluation, list(made.steps())
    assert (sum(calls["images"]), sum(calls["neurons"]), len(calls["evaluations"])) == (len(digits), 20, 1)


def test_what_is_asked_for_meanwhile_is_not_done_again(calls, digits):
    made = test_set.TestSetAnalysis(drawn((20,)), digits.images, digits.labels)
    steps = made.steps()
    next(steps)
    assert made.evaluation.count == len(digits)
    next(steps)
    made.single_ablations(0)
    assert list(steps) == []
    assert (sum(calls["images"]), sum(calls["neurons"]), len(calls["evaluations"])) == (len(digits), 20, 1)


def test_what_is_not_there_is_refused(digits):
    made = test_set.TestSetAnalysis(drawn((20,)), digits.images, digits.labels)
    for asked in (made.activations, made.single_ablations, lambda layer: made.neuron_profile(layer, 0),
                  lambda layer: made.evaluate_ablated({layer: [0]})):
        with pytest.raises(InputError, match="no hidden layer 1: choose one from 0 to 0"):
            asked(1)
    with pytest.raises(InputError, match="number 20: choose one from 0 to 19"):
        made.neuron_profile(0, 20)
    with pytest.raises(InputError, match="there is none at all"):
        test_set.TestSetAnalysis(drawn(()), digits.images, digits.labels).activations(0)
