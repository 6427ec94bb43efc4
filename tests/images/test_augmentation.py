"""Warps: where each pixel comes from, by hand and beside SciPy; what stays the same; and what pictures share."""

import numpy as np
import pytest
from scipy import ndimage

from neuralscope.images import augmentation
from neuralscope.images.augmentation import (
    AUGMENTATIONS,
    FADE_END_STRENGTH,
    IMAGES_PER_MAP,
    Warp,
    augment,
    fade_strength,
    random_maps,
)

NAMES = [name for name, warp in AUGMENTATIONS.items() if warp]


class Most:
    """A generator that always draws the most."""

    def uniform(self, low, high, shape):
        return np.full(shape, high)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def dot(row, column):
    picture = np.zeros((28, 28), np.float32)
    picture[row, column] = 1
    return picture.reshape(1, 784)


def lit(images):
    return {(int(row), int(column)) for row, column in np.argwhere(images.reshape(28, 28) > 0.5)}


def test_no_warp_changes_nothing(embedded, rng):
    images = embedded.test.images[:100]
    np.testing.assert_array_equal(augment(images, Warp(), rng), images)


@pytest.mark.parametrize(("warp", "before", "after"), [
    (Warp(shift=2), (14, 10), (12, 8)),  # each pixel comes from 2 further down and right
    (Warp(turn=90), (14, 8), (20, 14)),  # a quarter turn
    (Warp(scale=1), (14, 12), (14, 10)),  # twice as far from the middle, (14, 14)
    (Warp(shear=1), (14, 10), (14, 10)),  # the row through the middle stays
    (Warp(shear=1), (18, 10), (18, 6)),  # 4 below it: 4 sideways
], ids=str)
def test_each_warp_by_hand(warp, before, after):
    assert after in lit(augment(dot(*before), warp, Most()))


def test_between_pixels_the_four_around_share():
    rows, columns = (np.full((1, 28, 28), place, np.float32) for place in (3.25, 5.5))
    indices, shares = augmentation.bilinear_taps(rows, columns)
    np.testing.assert_array_equal(indices[0, :, 0], [3 * 28 + 5, 3 * 28 + 6, 4 * 28 + 5, 4 * 28 + 6])
    np.testing.assert_allclose(shares[0, :, 0], [0.75 * 0.5, 0.75 * 0.5, 0.25 * 0.5, 0.25 * 0.5])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_pictures_as_scipy(name, embedded):
    images = embedded.test.images[:IMAGES_PER_MAP + 5]
    ours = augment(images, AUGMENTATIONS[name], np.random.default_rng(1))
    rows, columns = random_maps(2, AUGMENTATIONS[name], np.random.default_rng(1))
    for number, image in enumerate(images):
        places = [rows[number % 2], columns[number % 2]]
        theirs = ndimage.map_coordinates(image.reshape(28, 28), places, order=1, mode="grid-constant")
        np.testing.assert_allclose(ours[number].reshape(28, 28), theirs, atol=1e-5)


def test_the_elastic_field_is_scipy_s_smoothing_of_even_noise():
    warp = Warp(alpha=34.0, sigma=4.0)
    rows, columns = random_maps(3, warp, np.random.default_rng(2))
    rng = np.random.default_rng(2)
    for _ in range(6):  # the affine draws, all of width 0
        rng.uniform(0, 0, (3, 1, 1))
    noise = rng.random((2, 3, 28, 28), dtype=np.float32) * 2 - 1
    grid = np.arange(28)
    for field, start, axis in ((rows, grid[:, np.newaxis], 0), (columns, grid, 1)):
        smooth = ndimage.gaussian_filter(noise[axis].astype(float), (0, 4, 4), mode="constant", truncate=10)
        np.testing.assert_allclose(field - start, 34 * smooth, atol=2e-3)
    # An even number in -1 to 1 has deviation 1/sqrt(3); smoothing divides it by 2 sqrt(pi) sigma.
    many = (random_maps(300, warp, np.random.default_rng(3))[0] - grid[:, np.newaxis])[:, 12:16, 12:16]
    assert many.std() == pytest.approx(34 / 3**0.5 / (2 * np.pi**0.5 * 4), rel=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_warped_digits_are_digits_of_the_same_kind(name, embedded, rng):
    images = embedded.test.images
    before, warped = images.copy(), augment(images, AUGMENTATIONS[name], rng)
    np.testing.assert_array_equal(images, before)
    assert warped.dtype == np.float32
    assert warped.shape == images.shape
    assert warped.min() >= 0
    assert warped.max() <= 1 + 1e-6
    assert warped.sum() == pytest.approx(images.sum(), rel=0.15)
    assert (np.abs(warped - images).mean(axis=1) > 0.01).all()


def test_the_same_seed_gives_the_same_pictures_and_out_takes_them(embedded):
    images, out = embedded.test.images[:70], np.empty((70, 784), np.float32)
    warp = AUGMENTATIONS["elastic"]
    first, second, other = (augment(images, warp, np.random.default_rng(seed)) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()
    assert augment(images, warp, np.random.default_rng(4), out=out) is out
    np.testing.assert_array_equal(out, first)


def test_neighbours_never_share_a_map(embedded, rng):
    count = 4 * IMAGES_PER_MAP - 3  # not a whole number of groups
    same = np.repeat(embedded.test.images[:1], count, axis=0)
    warped = augment(same, AUGMENTATIONS["affine"], rng)
    sharing = [(warped[number] == warped).all(axis=1).sum() for number in range(count)]
    assert max(sharing) <= IMAGES_PER_MAP
    assert (warped[1:] != warped[:-1]).any(axis=1).all()
    np.testing.assert_array_equal(warped[0], warped[4])


def test_no_pictures_no_maps(rng):
    assert augment(np.empty((0, 784), np.float32), AUGMENTATIONS["elastic"], rng).shape == (0, 784)


def test_strength_multiplies_all_but_sigma():
    warp = AUGMENTATIONS["elastic"]
    half = warp.scaled_by(0.5)
    assert (half.shift, half.turn, half.alpha) == (warp.shift / 2, warp.turn / 2, warp.alpha / 2)
    assert half.sigma == warp.sigma


def test_fading_worked_example():
    # full for three quarters, then evenly down; halfway through the last quarter halfway down
    assert [fade_strength(progress) for progress in (0, 0.5, 0.75, 0.875, 1)] == pytest.approx(
        [1, 1, 1, (1 + FADE_END_STRENGTH) / 2, FADE_END_STRENGTH])
