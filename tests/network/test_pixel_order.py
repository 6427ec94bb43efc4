"""Lit pixels first: sorted and restored, where a batch's last lit pixel stands, and the same numbers as unsorted."""

import dataclasses

import numpy as np
import pytest

from neuralscope.data_loader import Digits
from neuralscope.images.augmentation import AUGMENTATIONS
from neuralscope.network import Network, Trainer, TrainingOptions, evaluate, one_hot
from neuralscope.network.batches import Batches
from neuralscope.network.pixel_order import PixelOrder, SortedImages, count_lit

OPTIONS = TrainingOptions(epochs=2, hidden=(20,), optimizer="momentum", augment="none", batch_size=50)


@pytest.fixture(scope="module")
def order(embedded):
    return PixelOrder.by_count(embedded.train.pixels)


def test_pixels_come_in_the_order_of_how_often_they_are_lit(embedded, order):
    counts = np.count_nonzero(embedded.train.pixels, axis=0)[order.indices]
    assert counts[0] > 1000 > counts[-1] == 0
    assert (np.diff(counts) <= 0).all()
    np.testing.assert_array_equal(np.sort(order.indices), np.arange(784))


@pytest.mark.parametrize("sizes", [(784, 10), (784, 12, 10), (784, 12, 9, 10)])
def test_a_sorted_network_reads_sorted_images_alike_and_comes_back_to_the_bit(embedded, order, sizes):
    network, images = Network.random(sizes, rng=np.random.default_rng(0)), embedded.test.images
    ours = order.sort_network(network)
    np.testing.assert_allclose(ours.forward(images[:, order.indices]).sums[-1], network.forward(images).sums[-1],
                               rtol=0, atol=1e-5)
    for name, array in order.restore_network(ours).parameters.items():
        np.testing.assert_array_equal(array, network.parameters[name])
        assert not np.shares_memory(array, ours.parameters[name])


def test_a_row_of_parameters_is_sorted_as_the_network_is_and_comes_back(order):
    network = Network.random((784, 12, 10), rng=np.random.default_rng(0))
    row, ours = (np.concatenate([array.ravel() for array in each.parameters.values()])
                 for each in (network, order.sort_network(network)))
    np.testing.assert_array_equal(order.sort_row(row, 12), ours)
    np.testing.assert_array_equal(order.restore_row(ours, 12), row)


@pytest.mark.parametrize(("values", "count"), [
    ([[0, 0, 0], [0, 0, 0]], 0), ([[1, 0, 0], [0, 0, 0]], 1), ([[1, 0, 0], [0, 0, -1]], 3), ([[0, np.nan, 0]], 2)])
def test_the_last_lit_pixel_is_found_whatever_its_sign(values, count):
    assert count_lit(np.array(values, np.float32)) == count


def test_batches_end_at_their_last_lit_pixel(embedded, order):
    pixels, images = embedded.train.pixels, embedded.train.images
    batches = Batches(pixels, 50, None, 0, order)
    batches.start_epoch(np.random.default_rng(0).permutation(len(pixels)), 0, 1.0)
    for position in range(0, len(pixels), 50):
        batch = batches.take(position)
        everything = images[batches.order[position:position + 50]][:, order.indices]
        np.testing.assert_array_equal(batch, everything[:, :batch.shape[1]])
        assert batch[:, -1].any()
        assert not everything[:, batch.shape[1]:].any()
        assert batch.shape[1] < 700
        assert batch.dtype == np.float32


def test_warped_batches_are_the_same_but_for_the_order_of_their_pixels(embedded, order):
    pixels, warp = embedded.train.pixels, AUGMENTATIONS["elastic"]
    plain, ours = (Batches(pixels, 50, warp, 7, each) for each in (None, order))
    for batches in (plain, ours):
        batches.start_epoch(np.random.default_rng(0).permutation(len(pixels)), 0, 1.0)
    for position in range(0, len(pixels), 50):
        batch, expected = ours.take(position), plain.take(position)[:, order.indices]
        np.testing.assert_array_equal(batch, expected[:, :batch.shape[1]])
        assert not expected[:, batch.shape[1]:].any()


def test_steps_are_the_textbook_s(embedded):
    """Momentum over pixels that a batch leaves out goes on: two epochs, held to forward and gradients as printed."""
    rng = np.random.default_rng(0)
    network = OPTIONS.network(784, 10, rng)
    trainer = Trainer(network, embedded.train, embedded.test, OPTIONS, rng)
    optimizer, parameters = trainer.optimizer, {n: a.astype(float) for n, a in network.parameters.items()}
    states = {name: optimizer.start(array) for name, array in parameters.items()}
    rate = trainer.learning_rate
    for step in range(60):
        rows = trainer.order[trainer.position:trainer.position + 50]
        book = network.with_parameters(parameters)
        images, targets = embedded.train.images[rows].astype(float), one_hot(embedded.train.labels[rows], 10, float)
        gradients = book.gradients(book.forward(images), targets)
        factor = (1 + np.cos(np.pi * step / 60)) / 2
        for name, gradient in gradients.items():
            parameters[name] = parameters[name] + optimizer.step(gradient, states[name], rate * factor)
        trainer.step()
        if trainer.epoch_is_over:
            trainer.finish_epoch()
    for name, array in trainer.network.parameters.items():
        np.testing.assert_allclose(array, parameters[name], rtol=0, atol=2e-5)


def test_bytes_are_learned_as_floats_are(embedded):
    ends = []
    for part in (embedded.train, Digits(embedded.train.images, embedded.train.labels)):
        rng = np.random.default_rng(0)
        trainer = Trainer(OPTIONS.network(784, 10, rng), part, embedded.test, OPTIONS, rng)
        ends.append(trainer.finish_epoch().network.parameters)
    for name, array in ends[0].items():
        np.testing.assert_array_equal(array, ends[1][name])


def test_a_state_is_in_the_pictures_order(embedded):
    """Two trainers whose pixels stand in other orders continue from the same state to the same numbers."""
    rng = np.random.default_rng(0)
    options = dataclasses.replace(OPTIONS, optimizer="adam")
    first = Trainer(options.network(784, 10, rng), embedded.train, embedded.test, options, rng)
    first.step()
    other = Trainer(options.network(784, 10, rng), embedded.train, embedded.test, options, np.random.default_rng(1))
    other.pixel_order = other.batches.pixel_order = PixelOrder(np.arange(784))
    other.allocate_arrays(first.network)
    other.state = first.state
    other.step()
    first.step()
    assert_same_state(other, first)
    first.state = other.state
    first.step()
    other.step()
    assert_same_state(first, other)


def assert_same_state(ours, other):
    for name, array in ours.state.items():
        if array.dtype.kind == "f" and name != "seconds":
            np.testing.assert_allclose(array, other.state[name], rtol=1e-6, atol=1e-5)


def test_sorted_images_are_judged_as_they_are(embedded):
    network, part = Network.random((784, 20, 10), rng=np.random.default_rng(0)), embedded.train
    ours = [evaluate(network, images, part.labels) for images in (part.pixels, SortedImages(part.images), part.images)]
    for judged in ours[:2]:
        np.testing.assert_array_equal(judged.predictions, ours[2].predictions)
        np.testing.assert_array_equal(judged.labels, ours[2].labels)
        np.testing.assert_allclose(judged.outputs, ours[2].outputs, rtol=0, atol=1e-6)
        np.testing.assert_allclose(judged.losses, ours[2].losses, rtol=0, atol=1e-5)


def test_dark_images_are_judged_too():
    network = Network.random((784, 20, 10), rng=np.random.default_rng(0))
    judged = evaluate(network, np.zeros((3, 784), np.uint8), np.array([0, 1, 2]))
    np.testing.assert_allclose(judged.outputs, 0.1, rtol=1e-6)
