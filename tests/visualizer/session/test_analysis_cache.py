"""What all windows on a network share."""

import numpy as np

from neuralscope.analysis import neuron_layout
from neuralscope.network.model import Network
from neuralscope.visualizer.session.analysis_cache import Study


def test_windows_that_take_turns_share_the_steps(embedded, monkeypatch):
    network = Network.random([784, 30, 20, 10], rng=np.random.default_rng(0))
    counted = []
    arranging = neuron_layout.arranging
    monkeypatch.setattr(neuron_layout, "arranging", lambda *args: counted.append(args[1]) or arranging(*args))
    study = Study(network, embedded.test)
    one, other = study.steps(), study.steps()
    seen = []
    while True:
        ended = [next(steps, "end") == "end" for steps in (one, other)]
        if study.found not in seen:
            seen.append(study.found)
        if all(ended):
            break
    assert counted == [0, 1]
    assert len(seen) >= 4  # evaluated, two orders, knock-outs: each is news
    assert study.survey.evaluated
    for layer, neurons in enumerate((30, 20)):
        assert sorted(study.order(layer)) == list(range(neurons))
        assert study.survey.has_knock_outs(layer)


def test_an_order_is_found_once_and_kept_for_the_next_start(embedded, monkeypatch):
    network = Network.random([784, 30, 10], rng=np.random.default_rng(0))
    first = Study(network, embedded.test)
    for _ in first.steps():
        pass
    monkeypatch.setattr(neuron_layout, "arranging", None)  # would fail if it were called
    second = Study(network, embedded.test)
    for _ in second.steps():
        pass
    assert (second.order(0) == first.order(0)).all()


def test_a_network_without_hidden_layer_has_nothing_to_arrange(embedded):
    study = Study(Network.random([784, 10], rng=np.random.default_rng(0)), embedded.test)
    for _ in study.steps():
        pass
    assert study.survey.evaluated


def test_a_network_of_the_same_shape_keeps_the_neurons_places(embedded):
    networks = [Network.random([784, 30, 10], rng=np.random.default_rng(seed)) for seed in range(3)]
    first = Study(networks[0], embedded.test)
    for _ in first.steps():
        pass
    second = Study(networks[1], embedded.test, first)
    third = Study(networks[2], embedded.test, second)
    for _ in third.steps():
        pass
    assert third.survey.evaluated
    assert (third.order(0) == first.order(0)).all()
    assert third._like is first  # what is between is let go
    other = Study(Network.random([784, 20, 10], rng=np.random.default_rng(0)), embedded.test, first)
    assert sorted(other.order(0)) == list(range(20))
