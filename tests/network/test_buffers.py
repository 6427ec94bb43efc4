"""The step that the Trainer runs, in place, beside the textbook's: the same numbers."""

import numpy as np
import pytest

from neuralscope.network import ACTIVATIONS, HEADS, OPTIMIZERS
from neuralscope.network.buffers import UPDATES, StepBuffers, start_update
from neuralscope.network.functions import one_hot
from tests.network.test_gradient_check import DEPTHS, random_batch, random_network

KINDS = pytest.mark.parametrize(("activation", "head"), [(one, other) for one in ACTIVATIONS for other in HEADS])


def start(depth, dtype, dropout=False, **names):
    """Return a network, five images, their targets, and buffers, larger by three rows, full of what is no number."""
    network = random_network(DEPTHS.get(depth, (6, 3)), **names).astype(dtype)
    images, labels = random_batch()
    gradients = {name: np.full_like(array, np.nan) for name, array in network.parameters.items()}
    buffers = StepBuffers.allocate(network, 8, gradients, dropout)
    for arrays in (buffers.sums, buffers.activations, buffers.slopes, buffers.deltas):
        for array in arrays:
            array[:] = np.nan
    return network, images.astype(dtype), one_hot(labels, 3, dtype), buffers.first_rows(5)


def assert_same(ours, textbook):
    """Hold two traces, or two sets of gradients, together to the bit."""
    if isinstance(ours, dict):
        assert list(ours) == list(textbook)
        pairs = [(ours[name], textbook[name]) for name in ours]
    else:
        pairs = [(one, other) for name in ("sums", "activations")
                 for one, other in zip(getattr(ours, name), getattr(textbook, name), strict=True)]
        pairs += [(getattr(ours, name), getattr(textbook, name)) for name in ("images", "outputs", "predictions")]
    for one, other in pairs:
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("depth", [0, *DEPTHS])
@KINDS
def test_forward_and_backward_are_the_textbook_s_to_the_bit(activation, head, depth, dtype):
    network, images, targets, buffers = start(depth, dtype, activation=activation, head=head)
    trace, textbook = buffers.forward(network, images), network.forward(images)
    assert_same(trace, textbook)
    assert trace.sums[0] is buffers.sums[0]
    assert trace.outputs is buffers.activations[-1]
    buffers.backward(network, trace, targets)
    assert_same(buffers.gradients, network.gradients(textbook, targets))
    for ours, theirs in zip(buffers.deltas, network.deltas(textbook, targets), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("depth", DEPTHS)
@KINDS
def test_with_dropout_they_are_those_of_a_network_with_scaled_weights(activation, head, depth):
    """A mask of 0 and 2, the same for every image, may as well stand in the next layer's weights: to the bit."""
    network, images, targets, buffers = start(depth, np.float32, dropout=True, activation=activation, head=head)
    parameters, rows = dict(network.parameters), {}
    for number, mask in enumerate(buffers.masks, 2):
        mask[:] = np.resize([0, 2, 2], mask.shape[1])
        rows[f"W{number}"] = mask[0][:, np.newaxis]
        parameters[f"W{number}"] = rows[f"W{number}"] * parameters[f"W{number}"]
    scaled = network.with_parameters(parameters)
    trace, textbook = buffers.forward(network, images), scaled.forward(images)
    for ours, theirs in zip(trace.sums, textbook.sums, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    buffers.backward(network, trace, targets)
    wanted = scaled.gradients(textbook, targets)
    assert_same(buffers.gradients, {name: array * rows.get(name, 1) for name, array in wanted.items()})


def test_the_scale_multiplies_every_gradient():
    network, images, targets, buffers = start(2, np.float64)
    buffers.backward(network, buffers.forward(network, images), targets, 0.25)
    wanted = network.gradients(network.forward(images), targets)
    assert_same(buffers.gradients, {name: array * 0.25 for name, array in wanted.items()})


def test_dropout_drops_its_share_and_makes_up_for_it():
    *_, buffers = start(2, np.float64, dropout=True)
    buffers.draw_dropout_masks(0.4, np.random.default_rng(3))
    assert {float(value) for mask in buffers.masks for value in mask.flat} == {0.0, 1 / 0.6}


@pytest.mark.parametrize(("dtype", "accuracy"), [(np.float32, 2e-6), (np.float64, 1e-14)], ids=["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_takes_the_textbook_s_steps(name, dtype, accuracy):
    optimizer, rng = OPTIMIZERS[name], np.random.default_rng(5)
    parameters = rng.normal(size=50).astype(dtype)
    ours, state, update = parameters.copy(), optimizer.start(parameters), start_update(optimizer, parameters)
    for step in range(200):  # more than are between two looks at the floor
        gradients, rate = rng.normal(size=50).astype(dtype), 0.02 / (1 + step)
        parameters = parameters + optimizer.step(gradients, state, rate)
        update.apply(ours, gradients * dtype(update.gradient_scale(rate)), rate)
        np.testing.assert_allclose(ours, parameters, rtol=0, atol=accuracy)
    assert (ours != rng.normal(size=50)).all()
    assert {array.dtype for array in update.state.values()} <= {np.dtype(dtype), np.dtype(np.int64)}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_no_gradient_feeds_fades_but_never_into_slow_numbers(name):
    parameters = np.zeros(2, np.float32)
    update = start_update(OPTIMIZERS[name], parameters)
    for array in update.state.values():
        if array.dtype.kind == "f":
            array[:] = 1e-37
    for _ in range(3000):  # after which 0.999 of a square would be 5e-39
        parameters[:] = 0
        update.apply(parameters, np.zeros(2, np.float32), 0.1)
    assert (np.abs(parameters) < 1e-20).all()
    for array in update.state.values():
        assert (np.abs(array) >= np.finfo(np.float32).tiny).all()


def test_every_optimizer_has_its_update():
    assert {type(optimizer) for optimizer in OPTIMIZERS.values()} == set(UPDATES)
