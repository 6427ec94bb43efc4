"""Any grey picture becomes a digit as MNIST has them: size, place, range, and what a trained network reads."""

import numpy as np
import pytest

from neuralscope import images
from neuralscope.command_line import limit_threads
from neuralscope.data_loader import load
from neuralscope.errors import InputError
from neuralscope.scaling import scale_ink


def bar(height, width, canvas=(100, 80), corner=(10, 20)):
    """Return a picture with one light rectangle."""
    picture = np.zeros(canvas, np.uint8)
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
    small, large = images.as_digit(bar(60, 15) / 600), images.as_digit(bar(60, 15))
    np.testing.assert_allclose(small, large, atol=1e-5)
    assert large.dtype == np.float32
    assert large.shape == (784,)
    assert large.min() == 0
    assert large.max() == 1


def test_large_pictures_are_antialiased():
    stripes = np.zeros((400, 400), np.float32)
    stripes[:, ::3] = 1  # finer than a pixel of the result: they melt into one grey, no stripe comes through
    small = scale_ink(stripes, 20)
    assert np.ptp(small[2:-2, 2:-2]) < 0.05


def test_thin_line_keeps_one_pixel():
    assert images.as_digit(bar(90, 1)).max() == 1


@pytest.mark.parametrize(("picture", "complaint"), [
    (np.zeros((8, 8)), "no ink"), (np.ones((40, 40)), "no ink"), (np.full((30, 30), 255, np.uint8), "no ink"),
    (np.zeros((9, 9, 4), np.uint8), "no ink"), (np.full((8, 8), np.nan), "not finite"),
    (np.full((8, 8), np.inf), "not finite"), (np.full((8, 8), 16.0), "run from 16 to 16.* in 0 to 1"),
    (np.full((8, 8), -1.0), "run from -1"), (np.full((8, 8), 256, np.int64), "in 0 to 255"),
    (np.full((8, 8), "a"), "made of str"), (np.full((8, 8), 1j), "complex128"), (np.full((8, 8), None), "object"),
    (np.ones((1, 1)), "1 x 1 pixels.* 2 x 2"), (np.ones((1, 10000)), "1 x 10000"), (np.ones((0, 9)), "0 x 9"),
    (np.ones(784), r"shape \(784,\)"), (np.ones((4, 4, 5)), "1 to 4 channels"), (np.ones((2, 4, 4, 3)), "no picture"),
])
@pytest.mark.parametrize("reader", [images.as_digit, images.find_digits])
def test_what_is_no_picture_or_has_no_ink_is_refused_in_one_line(picture, complaint, reader):
    with pytest.raises(InputError, match=complaint) as refusal:
        reader(picture)
    assert "\n" not in str(refusal.value)


def test_noise_alone_is_no_ink():
    noise = np.random.default_rng(0).normal(0.8, 0.05, (200, 150)).clip(0, 1)
    with pytest.raises(InputError, match="no ink"):
        images.as_digit(noise)


def test_steps_without_a_name_are_refused():
    with pytest.raises(InputError, match="no step is called blur; there are grey, ink"):
        images.trace(bar(9, 9), ("grey", "blur"))


def five(size=140):
    """Return an embedded five, enlarged, light ink on black: (size, size) uint8."""
    from PIL import Image

    small = load("digits").test.images[load("digits").test.labels == 5][0].reshape(28, 28)
    return np.asarray(Image.fromarray(np.rint(small * 255).astype(np.uint8)).resize((size, size)))


FORMS = {
    "bool": lambda grey: grey > 127, "uint16": lambda grey: grey.astype(np.uint16) * 257,
    "float64": lambda grey: grey / 255, "int64": lambda grey: grey.astype(np.int64),
    "one channel": lambda grey: grey[:, :, np.newaxis], "colour": lambda grey: np.dstack([grey] * 3),
    "dark ink": lambda grey: 255 - grey, "faint": lambda grey: grey // 3 + 90,
    "faint dark ink": lambda grey: 200 - grey // 3,
    "ink on nothing": lambda grey: np.dstack([np.zeros_like(grey), grey]),
    "light ink on nothing": lambda grey: np.dstack([np.full_like(grey, 255)] * 3 + [grey]),
    "paper in nothing": lambda grey: np.pad(np.dstack([255 - grey, np.full_like(grey, 255)]), ((9, 9), (9, 9), (0, 0))),
    "elsewhere": lambda grey: np.pad(grey, ((200, 10), (30, 90))),
    "a speck far away": lambda grey: np.pad(grey, ((0, 150), (0, 0))) + speck((290, 140), (280, 5)),
    "tinted paper": lambda grey: np.rint((255 - grey[:, :, np.newaxis] * 0.7) * [0.9, 0.8, 0.6]).astype(np.uint8),
    "light that falls off": lambda grey: np.rint((255 - grey * 0.7) * np.linspace(1, 0.5, 140)).astype(np.uint8),
    "a shadow": lambda grey: np.rint((255 - grey * 0.8) * np.repeat([1, 0.6], 70)).astype(np.uint8),
    "noise": lambda grey: (grey / 300 + np.random.default_rng(0).normal(0.1, 0.03, grey.shape)).clip(0, 1),
}


def speck(shape, place):
    """Return a picture with a light speck of three by three pixels."""
    picture = np.zeros(shape, np.uint8)
    picture[place[0]:place[0] + 3, place[1]:place[1] + 3] = 255
    return picture


@pytest.mark.parametrize("form", FORMS)
def test_a_digit_is_the_same_however_it_is_put(form, shipped):
    plain, digit = images.as_digit(five()), images.as_digit(FORMS[form](five()))
    assert np.abs(digit - plain).mean() < 0.05
    assert shipped.network.forward(digit[np.newaxis]).predictions == [5]


def test_ruled_lines_and_the_table_beside_the_paper_are_no_ink():
    paper = 255 - np.pad(five() * 0.8, 60)
    paper[::40] = 200
    paper[:, :15] = 40
    noisy = (paper + np.random.default_rng(0).normal(0, 3, paper.shape)).clip(0, 255).astype(np.uint8)
    left, top, right, bottom = images.trace(noisy).box
    assert np.abs(np.subtract((left, top, right, bottom), np.add(images.trace(five()).box, 60))).max() <= 3


def test_the_trace_tells_every_step():
    done = images.trace(255 - np.pad(five(), ((0, 60), (0, 0))))
    assert tuple(stage.name for stage in done.stages) == images.STEPS
    assert all(stage.applied for stage in done.stages)
    for stage in done.stages:
        assert stage.picture.dtype == np.float32
        assert stage.picture.min() >= 0
        assert stage.picture.max() <= 1
    grey, ink, ground, box, scale, centre = (stage.picture for stage in done.stages)
    assert done.inverted
    np.testing.assert_allclose(ink, 1 - grey, atol=1e-6)
    assert grey.shape == ground.shape == (200, 140)
    left, top, right, bottom = done.box
    np.testing.assert_array_equal(box, ground[top:bottom, left:right])
    assert done.size == scale.shape
    assert max(done.size) == 20
    np.testing.assert_array_equal(centre.reshape(-1), done.digit)
    rows, columns = np.indices((28, 28))
    found = [np.average(places, weights=centre) for places in (rows, columns)]
    np.testing.assert_allclose(found, np.add(done.mass, done.shift), atol=1e-3)


OFF = {
    "grey": lambda done, whole: np.isclose(done.stages[0].picture, 66 / 255).any(),
    "ink": lambda done, whole: not done.inverted and done.box == (0, 0, 140, 200),
    "ground": lambda done, whole: done.stages[2].picture is done.stages[1].picture,
    "box": lambda done, whole: done.box == (0, 0, 140, 200) and done.stages[3].picture.shape == (200, 140),
    "scale": lambda done, whole: max(done.size) == 28,
    "centre": lambda done, whole: done.shift == (0, 0) and whole.shift != (0, 0),
}


@pytest.mark.parametrize("step", images.STEPS)
def test_each_step_can_be_left_out_alone(step):
    tilted = np.pad(five(), ((0, 60), (0, 0)))
    tilted[90:130, 20:45] = 255  # so that its mass lies off the middle
    picture = np.dstack([255 - tilted // 4 * 3, 255 - tilted, 255 - tilted])
    whole, done = images.trace(picture), images.trace(picture, [name for name in images.STEPS if name != step])
    assert {stage.name for stage in done.stages if not stage.applied} == {step}
    assert OFF[step](done, whole)
    assert not OFF[step](whole, whole)


def test_mnist_s_own_digits_pass_nearly_unchanged(mnist_dir, shipped):
    test = load("mnist", mnist_dir).test
    before = test.images[:500]
    after = np.array([images.as_digit(np.rint(one * 255).astype(np.uint8).reshape(28, 28)) for one in before])
    change = np.abs(after - before)
    assert change.mean() < 0.002
    assert (change.max(axis=1) < 0.02).mean() > 0.95
    answers = [shipped.network.forward(digits).predictions for digits in (before, after)]
    assert (answers[0] == answers[1]).mean() > 0.995


def test_the_shipped_network_reads_the_embedded_digits(embedded, shipped):
    right = [(shipped.network.forward(part.images).predictions == part.labels).sum()
             for part in (embedded.train, embedded.test)]
    assert sum(right) / 1797 >= 0.95
    assert right[1] / 297 >= 0.93


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


def test_a_large_picture_is_shrunk_and_its_boxes_are_in_its_own_pixels(embedded):
    from neuralscope.images import find_digits, trace

    digit = (embedded.test.images[1].reshape(28, 28) * 255).astype(np.uint8)
    small = np.pad(digit.repeat(8, axis=0).repeat(8, axis=1), 20)
    large = small.repeat(10, axis=0).repeat(10, axis=1)
    one, ten = trace(small), trace(large)
    assert one.shrunk == 1
    assert ten.shrunk == 3
    assert max(ten.stages[0].picture.shape) <= 1000
    assert np.abs(one.digit - ten.digit).mean() < 0.01
    assert np.allclose(np.array(ten.box) / 10, one.box, atol=1)
    assert np.allclose(np.array(find_digits(large)) / 10, find_digits(small), atol=1)
