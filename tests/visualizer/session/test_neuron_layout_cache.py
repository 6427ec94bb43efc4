"""Kept orders of neurons: found again for the same arguments, and never trusted."""

import os

import numpy as np
import pytest

from neuralscope.analysis.neuron_layout import (
    SAMPLE_SIZE,
)
from neuralscope.datasets import cache
from neuralscope.network.model import Network
from neuralscope.visualizer.session.neuron_layout_cache import MAX_CACHED_ORDERS, load_order, save_order

IMAGES = np.random.default_rng(3).random((60, 20), np.float32)
SHAPE = (5, 8)


def network(*hidden, seed=0, activation="relu"):
    return Network.random((20, *hidden, 4), activation, initializer="xavier", rng=np.random.default_rng(seed))


@pytest.fixture
def path():
    """Return the path of an order that was just kept: that of a network of 40 neurons, backwards."""
    save_order(network(40), 0, SHAPE, np.arange(40)[::-1], IMAGES)
    return next(cache.cache_folder().iterdir())


def test_what_was_kept_comes_back(path):
    order = load_order(network(40), 0, SHAPE, IMAGES)
    assert order.dtype == np.int64
    np.testing.assert_array_equal(order, np.arange(40)[::-1])


@pytest.mark.parametrize("asked", [
    (network(40, seed=1), 0, SHAPE, IMAGES), (network(40, activation="tanh"), 0, SHAPE, IMAGES),
    (network(40), 0, (8, 5), IMAGES), (network(40), 0, SHAPE, IMAGES[1:]), (network(40), 0, SHAPE),
    (network(40, 40), 0, SHAPE, IMAGES), (network(40, 40), 1, SHAPE, IMAGES),
], ids=["weights", "activation", "shape", "images", "no images", "layers", "layer"])
def test_nobody_else_s_order(path, asked):
    assert load_order(*asked) is None


def test_the_layers_of_a_network_have_orders_of_their_own():
    save_order(network(40, 40), 0, SHAPE, np.arange(40))
    assert load_order(network(40, 40), 1, SHAPE) is None


def test_only_the_images_that_count_name_the_order():
    many = np.zeros((SAMPLE_SIZE + 5, 20), np.float32)
    save_order(network(40), 0, SHAPE, np.arange(40), many)
    many[-1] = 1
    assert load_order(network(40), 0, SHAPE, many) is not None


@pytest.mark.parametrize("damage", [
    lambda content: b"",
    lambda content: content[:-1],
    lambda content: content[:-4],
    lambda content: content + content[-4:],
    lambda content: content[:-4] + content[:4],
    lambda content: np.arange(1, 41, dtype="<i4").tobytes(),
    lambda content: np.arange(-1, 39, dtype="<i4").tobytes(),
    lambda content: np.arange(40, dtype="<i8").tobytes(),
    lambda content: np.arange(40, dtype="<f4").tobytes(),
    lambda content: np.arange(40, dtype=">i4").tobytes(),
], ids=["empty", "byte missing", "truncated", "longer", "twice", "from 1", "negative", "int64", "float32", "swapped"])
def test_damaged_order_is_as_good_as_absent(path, damage):
    path.write_bytes(damage(path.read_bytes()))
    assert load_order(network(40), 0, SHAPE, IMAGES) is None


def test_folder_that_cannot_be_written_is_not_fatal(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    save_order(network(40), 0, SHAPE, np.arange(40))
    assert load_order(network(40), 0, SHAPE) is None


def test_order_that_cannot_be_written_is_not_fatal(path):
    path.unlink()
    path.mkdir()
    save_order(network(40), 0, SHAPE, np.arange(40), IMAGES)
    assert load_order(network(40), 0, SHAPE, IMAGES) is None
    assert [entry.name for entry in cache.cache_folder().iterdir()] == [path.name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_in_its_place_is_not_waited_for(path):
    path.unlink()
    os.mkfifo(path)
    assert load_order(network(40), 0, SHAPE, IMAGES) is None


def test_without_a_cache_folder_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(cache, "cache_folder", lambda: os.stat("no such home"))
    save_order(network(40), 0, SHAPE, np.arange(40))
    assert load_order(network(40), 0, SHAPE) is None


def test_the_cache_keeps_the_latest_and_nothing_else_of_the_folder_goes():
    cache.cache_folder().mkdir(exist_ok=True)
    (cache.cache_folder() / "mnist-test.npy").touch()
    for seed in range(MAX_CACHED_ORDERS + 3):
        save_order(network(3, seed=seed), 0, (1, 3), np.arange(3))
        for entry in cache.cache_folder().iterdir():
            os.utime(entry, (0, entry.stat().st_mtime - 10))
    assert [load_order(network(3, seed=seed), 0, (1, 3)) is None for seed in range(MAX_CACHED_ORDERS + 3)] == [
        True
    ] * 3 + [False] * MAX_CACHED_ORDERS
    assert (cache.cache_folder() / "mnist-test.npy").exists()
