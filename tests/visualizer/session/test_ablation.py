"""Which hidden neurons are held at 0."""

import numpy as np

from neuralscope.network.model import Network
from neuralscope.visualizer.session.ablation import Ablation


def test_a_neuron_is_ablated_and_restored_and_the_layers_stay_in_order():
    ablation = Ablation()
    ablation.toggle(1, 4)
    before = ablation.neurons
    ablation.toggle(0, 2)
    assert list(ablation.neurons.items()) == [(0, {2}), (1, {4})]
    assert before == {1: {4}}  # replaced, not changed: caches hold it
    assert (ablation.is_ablated(0, 2), ablation.is_ablated(0, 3), ablation.is_ablated(2, 2)) == (True, False, False)
    ablation.toggle(0, 2)
    assert ablation.neurons == {1: {4}}
    ablation.restore_all()
    assert ablation.neurons == {}


def test_the_network_that_answers_is_without_them():
    network, ablation = Network.random([6, 5, 3], rng=np.random.default_rng(0)), Ablation()
    assert ablation.without_ablated(network) is network
    ablation.toggle(0, 1)
    ablation.toggle(0, 3)
    assert np.flatnonzero(~ablation.without_ablated(network).layers[1].weights.any(axis=1)).tolist() == [1, 3]
    restored = ablation.with_restored(network, 0, 1)
    assert np.flatnonzero(~restored.layers[1].weights.any(axis=1)).tolist() == [3]
    same = ablation.with_restored(network, 0, 2)  # it is not ablated
    assert np.flatnonzero(~same.layers[1].weights.any(axis=1)).tolist() == [1, 3]
