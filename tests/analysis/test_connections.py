"""The strongest connections are those of the ledger, and what they cover is a share of all."""

import numpy as np
import pytest

from neuralscope.analysis.attribution import attribution
from neuralscope.analysis.connections import largest_indices, strongest_connections
from neuralscope.errors import InputError
from neuralscope.network.model import Network

ALL = 10**9


@pytest.fixture(params=[((784, 37, 10), "relu"), ((784, 10), "relu"), ((784, 24, 16, 10), "tanh")],
                ids=lambda request: "-".join(map(str, request[0])))
def network(request):
    """Return a network in float64, a tenth of whose weights are 0."""
    (sizes, activation), rng = request.param, np.random.default_rng(3)
    made = Network.random(sizes, activation, rng=rng).astype(np.float64)
    return made.with_parameters({name: array * (rng.random(array.shape) > 0.1)
                                 for name, array in made.parameters.items()})


@pytest.fixture
def trace(network):
    """Return its trace of a picture, half of which is empty."""
    rng = np.random.default_rng(4)
    return network.forward(rng.random((1, 784)) * (rng.random((1, 784)) > 0.5))


def test_all_connections_into_a_class_are_its_ledger(network, trace):
    last = len(network.layers) - 1
    every = strongest_connections(network, trace, last, ALL)
    for chosen in range(10):
        found, wanted = every.targets == chosen, attribution(network, trace, chosen)
        pushes = np.zeros(len(wanted.contributions))
        pushes[every.sources[found]] = every.contributions[found]
        assert (pushes == wanted.contributions).all()
        assert pushes.sum() + wanted.bias == pytest.approx(wanted.total, abs=1e-12)


def test_all_connections_into_a_layer_add_up_to_its_sums_where_it_is_not_at_0(network, trace):
    for layer, own in enumerate(network.layers):
        every = strongest_connections(network, trace, layer, ALL)
        sums = own.biases + np.bincount(every.targets, every.contributions, len(own.biases))
        alive = trace.activations[layer][0] != 0 if layer < len(network.layers) - 1 else np.full(10, True)
        assert sums[alive] == pytest.approx(trace.sums[layer][0, alive], abs=1e-12)
        assert alive[every.targets].all()


@pytest.mark.parametrize("count", [1, 5, 100])
def test_the_strongest_come_first_and_no_other_is_stronger(network, trace, count):
    for layer in range(len(network.layers)):
        every, few = (strongest_connections(network, trace, layer, number) for number in (ALL, count))
        sizes = np.abs(every.contributions)
        assert (np.diff(sizes) <= 0).all()
        assert (few.contributions == every.contributions[:count]).all()
        assert (few.sources == every.sources[:count]).all()
        assert (few.targets == every.targets[:count]).all()


def test_what_they_cover_is_a_part_of_all(network, trace):
    for layer, own in enumerate(network.layers):
        inputs = (trace.activations[layer - 1] if layer else trace.images)[0]
        products = np.abs(inputs[:, None] * own.weights)
        if layer < len(network.layers) - 1:
            products[:, trace.activations[layer][0] == 0] = 0
        few = strongest_connections(network, trace, layer, 20)
        assert few.total == pytest.approx(products.sum())
        assert few.contributing_count == np.count_nonzero(products)
        assert few.covered == pytest.approx(np.sort(products.ravel())[-20:].sum())
        every = strongest_connections(network, trace, layer, ALL)
        assert every.covered == pytest.approx(every.total)


def test_a_connection_is_found_among_those_shown(network, trace):
    few, more = (strongest_connections(network, trace, len(network.layers) - 1, count) for count in (30, 31))
    assert [few.index_of(*ends) for ends in zip(more.sources, more.targets, strict=True)] == [*range(30), None]


@pytest.mark.parametrize("count", [0, 1, 3, 7, 12])
def test_of_equal_sizes_the_first_come_first(count):
    sizes = np.array([[1.0, 3, 2], [3, 0, 2], [2, 3, 3], [0, 1, 1]])
    assert list(largest_indices(sizes, count)) == [1, 3, 7, 8, 2, 5, 6, 0, 10, 11, 4, 9][:count]


def test_nothing_pushes_where_nothing_is_given(network):
    none = strongest_connections(network, network.forward(np.zeros((1, 784))), 0, 10)
    assert (len(none.contributions), none.contributing_count, none.total, none.covered) == (0, 0, 0, 0)


def test_a_layer_out_of_range_is_refused(network, trace):
    with pytest.raises(InputError, match="layer"):
        strongest_connections(network, trace, len(network.layers), 10)
