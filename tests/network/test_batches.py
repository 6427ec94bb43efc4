"""Batches: in order, warped or not, and the same ones for whoever comes back to a place."""

import numpy as np
import pytest

from neuralscope.images.augmentation import AUGMENTATIONS, augment
from neuralscope.network import batches
from neuralscope.network.batches import Batches

ELASTIC = AUGMENTATIONS["elastic"]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(batches, "BLOCK_IMAGES", 100)


def make(images, warp=ELASTIC, seed=1, epoch=0, strength=1.0):
    supply = Batches(images, 30, warp, seed)
    supply.start_epoch(np.random.default_rng(0).permutation(len(images)), epoch, strength)
    return supply


def whole(supply):
    return np.concatenate([supply.take(start).copy() for start in range(0, len(supply.order), 30)])


def test_without_a_warp_they_are_the_pictures_in_order(embedded):
    images = embedded.test.images
    supply = make(images, None)
    assert [len(supply.take(start)) for start in (0, 30, 270)] == [30, 30, 27]
    np.testing.assert_array_equal(whole(supply), images[supply.order])


def test_with_no_strength_a_warp_gives_the_pictures_in_order(embedded):
    images = embedded.test.images
    supply = make(images, strength=0.0)
    assert [len(supply.take(start)) for start in (0, 30, 270)] == [30, 30, 27]
    np.testing.assert_array_equal(whole(supply), images[supply.order])


def test_whoever_comes_back_gets_the_same_pictures(embedded):
    images = embedded.test.images
    everything, again = whole(make(images)), make(images)
    for place in (240, 0, 120, 90, 270):
        np.testing.assert_array_equal(again.take(place), everything[place:place + 30])


@pytest.mark.parametrize("change", [{"seed": 2}, {"epoch": 1}, {"strength": 0.5}], ids=str)
def test_another_seed_epoch_or_strength_gives_others(embedded, change):
    images = embedded.test.images
    assert (whole(make(images)) != whole(make(images, **change))).any(axis=1).all()


def test_blocks_are_warped_unlike_each_other(embedded):
    one = np.repeat(embedded.test.images[:1], 297, axis=0)
    warped = whole(make(one))
    assert not (warped[:100] == warped[120:220]).all(axis=1).any()


def test_what_goes_wrong_on_the_second_thread_comes_out(embedded, monkeypatch):
    supply = make(embedded.test.images)
    monkeypatch.setattr(batches, "augment", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        supply.take(0)
    monkeypatch.setattr(batches, "augment", augment)
    np.testing.assert_array_equal(supply.take(0), make(embedded.test.images).take(0))


def test_no_more_than_two_blocks_are_kept(embedded):
    supply = make(embedded.test.images)
    for start in range(0, 297, 30):
        supply.take(start)
        assert len(supply.blocks) <= 2
