"""Any grey picture becomes a digit as MNIST has them: size, place, range, and what a trained network reads."""

import functools

import numpy as np
import pytest

from neuralscope import images
from neuralscope.data_loader import load
from neuralscope.errors import InputError
from neuralscope.images.placement import Span, place_ink
from neuralscope.images.resize import resample_ink, scale_for

pytestmark = pytest.mark.usefixtures("warm")  # digits need seconds to be decoded


def bar(height, width, canvas=(100, 80), corner=(10, 20)):
    """Return a picture with one light rectangle."""
    picture = np.zeros(canvas, np.uint8)
    picture[corner[0]:corner[0] + height, corner[1]:corner[1] + width] = 200
    return picture


def test_longer_side_becomes_20_pixels_and_aspect_is_kept():
    digit = images.as_digit(bar(60, 15)).reshape(28, 28)
    assert digit.max(axis=1).sum() == pytest.approx(20, abs=0.3)
    assert digit.max(axis=0).sum() == pytest.approx(5, abs=0.3)


def test_wide_ink_is_scaled_by_its_width():
    digit = images.as_digit(bar(10, 40)).reshape(28, 28)
    assert (digit.max(axis=0).sum(), digit.max(axis=1).sum()) == pytest.approx((20, 5), abs=0.3)


def size_and_centre(digit):
    """Return how long and wide a digit (784,) is, and where its centre of mass lies: rows and columns."""
    digit = digit.reshape(28, 28)
    return *(digit.max(axis=axis).sum() for axis in (1, 0)), *(np.average(places, weights=digit)
                                                               for places in np.indices(digit.shape))


@pytest.mark.parametrize("length", range(50, 72, 3))
def test_a_pixel_more_moves_no_digit_by_a_pixel(length):
    sizes = [size_and_centre(images.as_digit(bar(rows, rows // 3, corner=(10, 20 + shift))))
             for rows, shift in ((length, 0), (length, 1), (length + 1, 0))]
    np.testing.assert_allclose(sizes, [sizes[0]] * 3, atol=0.35)
    np.testing.assert_allclose([size[2:] for size in sizes], 14, atol=0.02)


def test_centre_of_mass_goes_to_the_middle_wherever_the_ink_was():
    picture = bar(30, 10)
    picture[35:40, 20:34] = 200  # an L: its mass lies away from the middle of its box
    digit = images.as_digit(picture).reshape(28, 28)
    rows, columns = np.indices(digit.shape)
    assert np.average(rows, weights=digit) == pytest.approx(14, abs=0.5)
    assert np.average(columns, weights=digit) == pytest.approx(14, abs=0.5)
    moved = np.roll(picture, (40, 20), (0, 1))
    np.testing.assert_allclose(images.as_digit(moved).reshape(28, 28), digit, atol=1e-4)


@pytest.mark.parametrize("height", [20, 18, 16, 14])  # the middle of each lies between two pixels
@pytest.mark.parametrize("off", [0, 3e-6, -3e-6])
def test_of_two_places_as_near_the_ink_goes_to_the_upper_left_one(height, off):
    stroke = np.ones((height, height), np.float32)
    stroke[-1, -1] += off * height**2 / (height / 2)  # as another processor would round it
    span = Span(0, height)
    done = place_ink(stroke, (span, span), height, by_mass=True)
    np.testing.assert_allclose(done.mass, 13.5, atol=1e-5)
    assert done.shift == (0, 0)
    assert done.digit[14 - height // 2, 14 - height // 2] > 0
    span = Span(0, height + 1)  # from boxes a pixel larger
    done = place_ink(np.pad(stroke, ((0, 1), (1, 0))), (span, span), height + 1, by_mass=True)
    np.testing.assert_allclose(np.add(done.mass, done.shift), 13.5, atol=1e-5)


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
    small = resample_ink(stripes, scale_for(400, 20), (0, 0), (20, 20))
    assert np.ptp(small[2:-2, 2:-2]) < 0.05


def test_thin_line_keeps_one_pixel():
    assert images.as_digit(bar(90, 1)).max() == pytest.approx(1, abs=1e-6)


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


@functools.cache
def five(size=140):
    """Return an embedded five, enlarged, light ink on black: (size, size) uint8, read-only."""
    from PIL import Image

    test = load("digits").test
    small = test.images[test.labels == 5][0].reshape(28, 28)
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
    "a black frame": lambda grey: framed(255 - grey, 6, 0),
    "a thin frame": lambda grey: framed(255 - grey, 1, 0),
    "a light frame": lambda grey: framed(grey, 9, 255),
    "a grey frame, noise": lambda grey: noisy(framed(255 - grey, 6, 100), 5),
    "a glint": lambda grey: np.pad(grey // 2, 20) + 2 * (speck((180, 180), (10, 90)) // 2),
    "noise": lambda grey: (grey / 300 + np.random.default_rng(0).normal(0.1, 0.03, grey.shape)).clip(0, 1),
}


def framed(picture, width, value):
    """Return a picture with a frame of one value around it, on 20 pixels more of its own border's value."""
    return np.pad(np.pad(picture, 20, constant_values=picture[0, 0]), width, constant_values=value)


def noisy(picture, deviation):
    """Return a picture in whole numbers from 0 to 255, with noise."""
    return np.rint(picture + np.random.default_rng(0).normal(0, deviation, picture.shape)).clip(0, 255).astype(np.uint8)


def speck(shape, place):
    """Return a picture with a light speck of three by three pixels."""
    picture = np.zeros(shape, np.uint8)
    picture[place[0]:place[0] + 3, place[1]:place[1] + 3] = 255
    return picture


@pytest.mark.slow
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


def photograph(ink, contrast=0.8, deviation=2):
    """Return dark ink, (height, width) in [0, 1], on paper in a light that falls off, half of it in a slanting shadow.
    """
    rows, columns = np.indices(ink.shape) / max(ink.shape)
    light = (1 - 0.3 * rows) / (1 + 0.6 / (1 + np.exp((columns + 0.4 * rows - 0.6) * 120)))
    return noisy(240 * light * (1 - contrast * ink), deviation)


PHOTOGRAPHS = {
    "thick strokes": lambda: (np.pad(np.repeat(np.repeat(five(28), 16, 0), 16, 1), 20) / 255 > 0.2, 0.8),
    "a small digit": lambda: (np.pad(five(60), 340) / 255, 0.8),
    "pale pencil": lambda: (np.pad(five(200), 200) / 255, 0.45),
}


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_with_a_shadow_across_is_read(name, shipped):
    ink, contrast = PHOTOGRAPHS[name]()
    digit = images.as_digit(photograph(ink, contrast))
    assert shipped.network.forward(digit[np.newaxis]).predictions == [5]
    assert np.abs(digit - images.as_digit(ink.astype(np.float32))).mean() < 0.05


def test_strokes_finer_than_the_smoothing_are_ink():
    picture = np.full((900, 900), 230.0)
    picture[100:800, 450] = picture[100, 250:450] = 80
    left, top, right, bottom = images.trace(noisy(picture, 3)).box
    assert np.abs(np.subtract((left, top, right, bottom), (250, 100, 451, 800))).max() <= 3


def test_a_small_digit_without_a_rim_is_kept_whole(mnist_dir):
    changes = []
    for image in load("mnist", mnist_dir).test.images[:500].reshape(-1, 28, 28):
        rows, columns = (np.flatnonzero((image > 0.1).any(axis=axis)) for axis in (1, 0))
        crop = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
        changes.append(np.abs(images.as_digit(1 - crop) - images.as_digit(np.pad(crop, 4))).mean())
    assert np.mean(changes) < 0.005


def test_colours_become_grey_by_their_luminance():
    picture = np.zeros((9, 9, 3), np.uint8)
    picture[2:7, 4] = 200, 100, 50
    grey = images.trace(picture).stages[0].picture
    assert grey.max() == pytest.approx((0.299 * 200 + 0.587 * 100 + 0.114 * 50) / 255, abs=1e-5)


def test_whole_numbers_0_and_1_are_not_taken_for_black_and_white():
    with pytest.raises(InputError, match=r"0 and 1 of 255.*bool"):
        images.as_digit((five() > 127).astype(np.uint8))


def test_a_long_narrow_picture_is_shrunk_no_further_than_can_be_read():
    narrow = np.zeros((3000, 40), np.uint8)
    narrow[1400:1430, 10:30] = 255
    assert images.trace(narrow).shrunk == 1


@pytest.mark.parametrize("shape", [(3000, 40), (30, 2400), (1200, 16)])
def test_a_stroke_in_an_uneven_light_on_a_strip_is_found(shape):
    light = np.broadcast_to(np.linspace(0.95, 0.55, max(shape))[:, np.newaxis], (max(shape), min(shape))).copy()
    light[1000:1060, 6:10] *= 0.2
    left, top, right, bottom = images.trace(light if shape[0] > shape[1] else light.T).box
    found = (left, top, right, bottom) if shape[0] > shape[1] else (top, left, bottom, right)
    assert np.abs(np.subtract(found, (6, 1000, 10, 1060))).max() <= 2


def test_faint_smears_far_from_the_ink_are_no_ink():
    picture = np.pad(five() / 255.0, 60)
    picture[120:135, 199:235] += 0.3  # it hangs on to the digit
    done = images.trace(noisy(235 - 200 * picture.clip(0, 1), 4))
    assert done.box[2] <= 215


def test_the_trace_tells_every_step():
    done = images.trace(255 - np.pad(five(), ((0, 60), (0, 0))))
    assert tuple(stage.name for stage in done.stages) == images.STEPS
    assert all(stage.applied for stage in done.stages)
    for stage in done.stages:
        assert stage.picture.dtype == np.float32
        assert stage.picture.min() >= 0
        assert stage.picture.max() <= 1
    grey, ink, ground, box, scale, centre, stroke = (stage.picture for stage in done.stages)
    assert done.inverted
    np.testing.assert_allclose(ink, 1 - grey, atol=1e-6)
    assert grey.shape == ground.shape == (200, 140)
    left, top, right, bottom = done.box
    np.testing.assert_array_equal(box, ground[top:bottom, left:right])
    assert scale.shape == pytest.approx(done.size, abs=2)
    assert max(done.size) == pytest.approx(20, abs=0.01)
    np.testing.assert_array_equal(stroke.reshape(-1), done.digit)
    rows, columns = np.indices((28, 28))
    found = [np.average(places, weights=centre) for places in (rows, columns)]
    np.testing.assert_allclose(found, np.add(done.mass, done.shift), atol=0.02)  # the contrast is restored after that


OFF = {
    "grey": lambda done, whole: np.isclose(done.stages[0].picture, 66 / 255).any(),
    "ink": lambda done, whole: not done.inverted and done.box == (0, 0, 140, 200),
    "ground": lambda done, whole: done.stages[2].picture is done.stages[1].picture,
    "box": lambda done, whole: done.box == (0, 0, 140, 200) and done.stages[3].picture.shape == (200, 140),
    "scale": lambda done, whole: max(done.size) == 28,
    "centre": lambda done, whole: done.shift == (0, 0) and whole.shift != (0, 0),
    "stroke": lambda done, whole: done.stages[6].picture is done.stages[5].picture,
}


@pytest.mark.slow
@pytest.mark.parametrize("step", images.STEPS)
def test_each_step_can_be_left_out_alone(step):
    tilted = np.zeros((200, 140), np.uint8)
    tilted[30:180, 60:64] = tilted[30:34, 60:110] = 255  # so thin, and its mass lies off the middle
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


def test_a_large_picture_is_shrunk_and_its_boxes_are_in_its_own_pixels(embedded):
    digit = (embedded.test.images[1].reshape(28, 28) * 255).astype(np.uint8)
    small = np.pad(digit.repeat(8, axis=0).repeat(8, axis=1), 20)
    large = small.repeat(10, axis=0).repeat(10, axis=1)
    one, ten = images.trace(small), images.trace(large)
    assert one.shrunk == 1
    assert ten.shrunk == 3
    assert max(ten.stages[0].picture.shape) <= 1000
    assert np.abs(one.digit - ten.digit).mean() < 0.01
    assert np.allclose(np.array(ten.box) / 10, one.box, atol=1)
    assert np.allclose(np.array(images.find_digits(large)) / 10, images.find_digits(small), atol=1)
