"""Any grey picture becomes a digit as MNIST has them: size, place, range, and what a trained network reads."""

import numpy as np
import pytest

from neuralscope import images
from neuralscope.command_line import limit_threads
from neuralscope.data_loader import load
from neuralscope.errors import InputError


def bar(height, width, canvas=(100, 80), corner=(10, 20)):
    """Return a picture with one light rectangle."""
    picture = np.zeros(canvas, np.float32)
    picture[corner[0]:corner[0] + height, corner[1]:corner[1] + width] = 200
    return picture


def test_longer_side_becomes_20_pixels_and_aspect_is_kept():
    digit = images.as_digit(bar(60, 15)).reshape(28, 28) > 0.5
    assert digit.any(axis=1).sum() == 20
    assert digit.any(axis=0).sum() == 5


def test_wide_ink_is_scaled_by_its_width():
    digit = images.as_digit(bar(10, 40)).reshape(28, 28) > 0.5
    assert (digit.any(axis=0).sum(), digit.any(axis=1).sum()) == (20, 5)


def test_centre_of_mass_goes_to_the_middle_wherever_the_ink_was():
    picture = bar(30, 10)
    picture[35:40, 20:34] = 200  # an L: its mass lies away from the middle of its box
    digit = images.as_digit(picture).reshape(28, 28)
    rows, columns = np.indices(digit.shape)
    assert np.average(rows, weights=digit) == pytest.approx(14, abs=0.5)
    assert np.average(columns, weights=digit) == pytest.approx(14, abs=0.5)
    moved = np.roll(picture, (40, 20), (0, 1))
    np.testing.assert_allclose(images.as_digit(moved).reshape(28, 28), digit, atol=1e-4)


def test_range_and_dtype_do_not_depend_on_the_scale_of_the_values():
    small, large = images.as_digit(bar(60, 15) / 255), images.as_digit(bar(60, 15))
    np.testing.assert_allclose(small, large, atol=1e-5)
    assert large.dtype == np.float32
    assert large.shape == (784,)
    assert large.min() == 0
    assert large.max() == 1


def test_large_pictures_are_antialiased():
    stripes = np.zeros((400, 400), np.float32)
    stripes[:, ::3] = 1  # finer than a pixel of the result: they melt into one grey, no stripe comes through
    small = images.scale_ink(stripes, images.ink_box(stripes))
    np.testing.assert_allclose(small[2:-2, 2:-2], 1 / 3, atol=0.05)


def test_thin_line_keeps_one_pixel():
    assert images.as_digit(bar(90, 1)).max() == 1


def test_picture_without_ink_is_refused():
    with pytest.raises(InputError, match="no ink"):
        images.as_digit(np.zeros((8, 8)))


def test_embedded_digits_have_the_ink_and_place_of_mnist(mnist_dir):
    ours, theirs = load("digits").test.images, load("mnist", mnist_dir).test.images
    assert ours.mean() == pytest.approx(theirs.mean(), rel=0.2)
    ours, theirs = ours.reshape(-1, 28, 28).mean(axis=0), theirs.reshape(-1, 28, 28).mean(axis=0)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.9


@pytest.mark.slow
def test_network_that_learned_mnist_reads_the_embedded_digits(mnist_dir):
    train, digits = load("mnist", mnist_dir).train, load("digits")
    rng = np.random.default_rng(0)
    parameters = [rng.standard_normal(shape).astype(np.float32) * scale for shape, scale in
                  (((784, 256), (2 / 784) ** 0.5), ((1, 256), 0), ((256, 10), (2 / 256) ** 0.5), ((1, 10), 0))]
    velocities = [np.zeros_like(parameter) for parameter in parameters]
    targets = np.eye(10, dtype=np.float32)[train.labels]
    limit_threads(1)
    for epoch in range(4):
        learning_rate = np.float32(0.05 * (1 + np.cos(np.pi * epoch / 4)))
        for rows in np.array_split(rng.permutation(len(train)), 468):
            weights1, biases1, weights2, biases2 = parameters
            hidden = np.maximum(train.images[rows] @ weights1 + biases1, 0)
            outputs = np.exp(hidden @ weights2 + biases2)
            delta = (outputs / outputs.sum(axis=1, keepdims=True) - targets[rows]) / len(rows)
            behind = delta @ weights2.T * (hidden > 0)
            gradients = (train.images[rows].T @ behind, behind.sum(0), hidden.T @ delta, delta.sum(0))
            for parameter, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
                velocity *= np.float32(0.9)
                velocity -= learning_rate * gradient
                parameter += velocity
    weights1, biases1, weights2, biases2 = parameters
    right = [((np.maximum(part.images @ weights1 + biases1, 0) @ weights2 + biases2).argmax(1) == part.labels).sum()
             for part in (digits.train, digits.test)]
    assert sum(right) / 1797 > 0.87  # longer training: 0.91; with digits shifted by a pixel: 0.93


def slant(digits):
    """Return the sideways lean of each digit's ink, in pixels a pixel."""
    grid = np.arange(28)
    leans = []
    for picture in digits.reshape(-1, 28, 28).astype(float):
        ink = picture / picture.sum()
        y, x = grid[:, np.newaxis] - (ink.sum(axis=1) @ grid), grid - (ink.sum(axis=0) @ grid)
        leans.append((ink * y * x).sum() / (ink * y**2).sum())
    return np.array(leans)


def test_deskewed_digits_lean_neither_way_and_stay_in_place(embedded):
    before = embedded.test.images
    after = images.deskew(before)
    assert np.abs(slant(before)).mean() > 0.05
    assert np.abs(slant(after)).mean() < 0.01
    grid = np.arange(28)
    for axis in (1, 2):
        places = [part.reshape(-1, 28, 28).sum(axis=axis) @ grid / part.sum(axis=1) for part in (before, after)]
        np.testing.assert_allclose(*places, atol=0.3)
    assert after.dtype == np.float32
    assert after.min() >= 0
    assert after.max() <= 1


def test_a_slanted_bar_is_set_upright():
    rows = np.arange(6, 22)
    leaning, upright = np.zeros((2, 28, 28), np.float32)
    leaning[rows, 14 + (rows - 14) // 2] = leaning[rows, 15 + (rows - 14) // 2] = 1
    upright[rows, 13:15] = 1
    widths = [(picture.reshape(28, 28).sum(axis=0) > 0.5).sum() for picture in
              (leaning, images.deskew(leaning.reshape(1, 784)))]
    assert widths[0] >= 8
    assert widths[1] <= 4


def test_pictures_without_ink_stay_dark():
    np.testing.assert_array_equal(images.deskew(np.zeros((2, 784), np.float32)), 0)


def test_preparations_by_name(embedded):
    digits = embedded.test.images[:5]
    assert images.prepare(digits, None) is digits
    np.testing.assert_array_equal(images.prepare(digits, "deskew"), images.deskew(digits))
    with pytest.raises(InputError, match="prepared by 'blur', and this NeuralScope knows only deskew"):
        images.prepare(digits, "blur")
