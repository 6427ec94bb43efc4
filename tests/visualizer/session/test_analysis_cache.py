"""What all windows on a network share."""

import numpy as np

from neuralscope.analysis import neuron_layout
from neuralscope.network.model import Network
from neuralscope.visualizer.session.analysis_cache import AnalysisCache


def test_windows_that_take_turns_share_the_steps(embedded, monkeypatch):
    network = Network.random([784, 30, 20, 10], rng=np.random.default_rng(0))
    counted = []
    arranging = neuron_layout.find_order
    monkeypatch.setattr(neuron_layout, "find_order", lambda *args: counted.append(args[1]) or arranging(*args))
    analysis = AnalysisCache(network, embedded.test)
    one, other = analysis.steps(), analysis.steps()
    seen = []
    while True:
        ended = [next(steps, "end") == "end" for steps in (one, other)]
        if analysis.progress not in seen:
            seen.append(analysis.progress)
        if all(ended):
            break
    assert counted == [0, 1]
    assert len(seen) >= 4  # evaluated, two orders, knock-outs: each is news
    assert analysis.test_set.evaluated
    for layer, neurons in enumerate((30, 20)):
        assert sorted(analysis.order(layer)) == list(range(neurons))
        assert analysis.test_set.has_single_ablations(layer)


def test_an_order_is_found_once_and_kept_for_the_next_start(embedded, monkeypatch):
    network = Network.random([784, 30, 10], rng=np.random.default_rng(0))
    first = AnalysisCache(network, embedded.test)
    for _ in first.steps():
        pass
    monkeypatch.setattr(neuron_layout, "find_order", None)  # would fail if it were called
    second = AnalysisCache(network, embedded.test)
    for _ in second.steps():
        pass
    assert (second.order(0) == first.order(0)).all()


def test_a_network_without_hidden_layer_has_nothing_to_arrange(embedded):
    analysis = AnalysisCache(Network.random([784, 10], rng=np.random.default_rng(0)), embedded.test)
    for _ in analysis.steps():
        pass
    assert analysis.test_set.evaluated


def test_a_network_of_the_same_shape_keeps_the_neurons_places(embedded):
    networks = [Network.random([784, 30, 10], rng=np.random.default_rng(seed)) for seed in range(3)]
    first = AnalysisCache(networks[0], embedded.test)
    for _ in first.steps():
        pass
    second = AnalysisCache(networks[1], embedded.test, first)
    third = AnalysisCache(networks[2], embedded.test, second)
    for _ in third.steps():
        pass
    assert third.test_set.evaluated
    assert (third.order(0) == first.order(0)).all()
    assert third._layout_source is first  # what is between is let go
    other = AnalysisCache(Network.random([784, 20, 10], rng=np.random.default_rng(0)), embedded.test, first)
    assert sorted(other.order(0)) == list(range(20))
