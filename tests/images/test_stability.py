"""A picture that hardly changes makes a digit that hardly changes; and equally light colours are told apart."""

import numpy as np
import pytest

from benchmarks.disturbances import jpeg_round_trip
from benchmarks.stability import CHANGES, JUMP, prepared, scanned, stability_rows
from neuralscope import images
from neuralscope.errors import InputError
from neuralscope.images.components import dilate
from neuralscope.images.resize import resampling_matrix


@pytest.mark.parametrize("is_noisy", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_a_grey_level_or_a_percent_makes_no_pixel_jump(embedded, is_noisy, change):
    rng = np.random.default_rng(0)
    for digit in embedded.test.images[:12]:
        picture = scanned(digit, rng, is_noisy)
        assert np.abs(prepared(CHANGES[change](picture, rng)) - prepared(picture)).max() < JUMP


def test_the_table_of_jumps(embedded, shipped, monkeypatch):
    from benchmarks import stability

    black = np.zeros(784, np.float32)
    monkeypatch.setattr(stability, "prepared", lambda picture: black if picture[0, 0] % 2 else black + 1)
    rows = list(stability_rows(shipped.network, embedded.test.images[:9], 0))
    assert [row[:3] for row in rows] == [(name, change, 9) for name in ("clean", "with noise") for change in CHANGES]
    assert max(row[3] for row in rows) > 0
    assert {row[3] > 0 for row in rows} == {row[4] > 0 for row in rows}


EQUALLY_LIGHT = {"red on green": ((255, 0, 0), (0, 130, 0)), "green on red": ((0, 130, 0), (255, 0, 0)),
                 "pale": ((255, 120, 120), (120, 190, 120))}


@pytest.mark.parametrize("colours", EQUALLY_LIGHT.values(), ids=EQUALLY_LIGHT)
@pytest.mark.parametrize("quality", [None, 80])
def test_colours_that_are_equally_light_are_told_apart(embedded, shipped, colours, quality):
    ink, paper = np.array(colours, float)
    test = embedded.test
    right = np.flatnonzero(shipped.network.forward(test.images).predictions == test.labels)[:4]
    for digit, label in zip(test.images[right], test.labels[right], strict=True):
        share = np.kron(np.pad(digit.reshape(28, 28), 6), np.ones((4, 4)))[:, :, np.newaxis]
        picture = np.rint(paper + (ink - paper) * share).astype(np.uint8)
        made = images.as_digit(jpeg_round_trip(picture, quality) if quality else picture)
        assert shipped.network.forward(made[np.newaxis]).predictions == [label]


@pytest.mark.parametrize("quality", [30, 60, 90])
def test_jpeg_of_noise_is_no_ink(quality):
    rng = np.random.default_rng(quality)
    for colour in rng.integers(20, 236, (5, 3)):
        noise = np.clip(colour + rng.normal(0, 1.5, (100, 120, 3)), 0, 255).astype(np.uint8)
        with pytest.raises(InputError, match="no ink"):
            images.as_digit(jpeg_round_trip(noise, quality))


def test_prepared_digits_stay_nearly_as_they_are(embedded):
    before = embedded.test.images[:30]
    after = np.array([images.as_digit(digit.reshape(28, 28)) for digit in before])
    assert np.abs(after - before).mean() < 0.02


@pytest.mark.parametrize("reach", [1, 2, 3, 7])
def test_a_mask_grows_by_as_many_pixels_as_it_is_told(reach):
    mask = np.zeros((25, 31), bool)
    mask[12, 4] = mask[0, 30] = True
    expected = np.zeros_like(mask)
    for row, column in np.argwhere(mask):
        expected[max(row - reach, 0):row + reach + 1, max(column - reach, 0):column + reach + 1] = True
    np.testing.assert_array_equal(dilate(mask, reach), expected)


@pytest.mark.parametrize(("length", "scale", "start"), [(200, 0.1, 4.0), (31, 0.7, 3.3), (8, 2.4, 4.1), (28, 1.0, 0.0)])
def test_the_resampling_matrix_is_lanczos(length, scale, start):
    matrix = resampling_matrix(length, 28, scale, start)
    width = max(1 / scale, 1)
    distances = (np.arange(-99, length + 99) - ((np.arange(28) + 0.5 - start) / scale - 0.5)[:, np.newaxis]) / width
    weights = np.where(np.abs(distances) < 3, np.sinc(distances) * np.sinc(distances / 3), 0)
    expected = (weights / weights.sum(axis=1, keepdims=True))[:, 99:-99]
    np.testing.assert_allclose(matrix, expected, atol=2e-5)
