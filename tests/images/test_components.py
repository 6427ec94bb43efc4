"""Which pieces of ink are a digit's: in a picture that is cropped to its ink, and beside what lies along an edge."""

import numpy as np
import pytest

from neuralscope import images
from neuralscope.images.segmentation import cut_digits


def read(picture, network):
    """Return what a network reads in a row of digits."""
    return [int(network.forward(images.as_digit(part)[np.newaxis]).predictions[0])
            for part in cut_digits(picture).values()]


def cropped(ink):
    """Return the part of a picture that holds all its ink."""
    rows, columns = (np.flatnonzero((ink > 0).any(axis)) for axis in (1, 0))
    return ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


def enlarged(ink, scale):
    """Return a picture (height, width) in [0, 1] enlarged, as uint8."""
    from PIL import Image

    picture = Image.fromarray(np.rint(255 * ink).astype(np.uint8))
    return np.asarray(picture.resize([scale * length for length in picture.size], Image.Resampling.BICUBIC))


@pytest.mark.parametrize("scale", [1, 2, 4])
@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("wanted", [(5, 1), (1, 8, 6), (7, 2, 1, 5)])
def test_a_row_without_a_margin_keeps_all_its_digits(embedded, shipped, scale, dark, wanted):
    digits = [embedded.test.images[embedded.test.labels == label][0].reshape(28, 28) for label in wanted]
    picture = enlarged(cropped(np.hstack(digits)), scale)
    assert read(255 - picture if dark else picture, shipped.network) == list(wanted)


def test_a_printed_code_without_a_margin_keeps_all_its_digits():
    from PIL import Image, ImageDraw, ImageFont

    for size in (28, 48):
        font = ImageFont.load_default(size)
        for code in ("8919", "6491", "672705", "829681", "81848"):
            picture = Image.new("L", (size * len(code), 2 * size))
            ImageDraw.Draw(picture).text((0, 0), code, fill=255, font=font)
            assert len(images.find_digits(cropped(np.asarray(picture)))) == len(code)


def seven_of_two_strokes(thickness, gap):
    """Return a bar, and under it a stem that slants and does not touch it, cropped: uint8, light ink."""
    from PIL import Image, ImageDraw

    side = 10 * thickness
    picture = Image.new("L", (side, side * 13 // 10))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, side - 1, thickness - 1), fill=255)
    draw.line((side - thickness, thickness + gap, side * 4 // 10, 2 * side), fill=255, width=thickness)
    return cropped(np.asarray(picture))


@pytest.mark.parametrize(("thickness", "gap"), [(3, 1), (6, 2), (14, 4), (25, 8)])
@pytest.mark.parametrize("dark", [True, False])
def test_a_bar_along_an_edge_is_a_stroke_in_a_picture_cropped_to_its_ink(shipped, thickness, gap, dark):
    ink = seven_of_two_strokes(thickness, gap)
    done = images.trace(255 - ink if dark else ink)
    assert done.box == (0, 0, ink.shape[1], ink.shape[0])
    assert shipped.network.forward(done.digit[np.newaxis]).predictions == [7]


@pytest.mark.parametrize("table", [np.s_[:, :15], np.s_[:15], np.s_[-12:], np.s_[:, -20:]])
@pytest.mark.parametrize("deviation", [0, 3])
def test_a_table_along_an_edge_is_no_stroke_beside_a_digit_that_stands_free(table, deviation):
    picture = np.full((140, 120), 230.0)
    picture[table] = 60
    picture[40:100, 50:58] = picture[40:48, 50:80] = 40
    noise = np.random.default_rng(0).normal(0, deviation, picture.shape) if deviation else 0
    done = images.trace((picture + noise).clip(0, 255).astype(np.uint8))
    assert np.abs(np.subtract(done.box, (50, 40, 80, 100))).max() <= 2


def test_an_l_along_two_edges_is_no_stroke_either():
    picture = np.full((140, 120), 230, np.uint8)
    picture[:60, :10] = picture[:10, :60] = 60
    picture[40:100, 50:58] = picture[40:48, 50:80] = 40
    assert np.abs(np.subtract(images.trace(picture).box, (50, 40, 80, 100))).max() <= 1


@pytest.mark.parametrize("edge", ["bottom", "right"])
def test_a_thumb_at_the_rim_of_a_photograph_is_no_ink(edge):
    rows, columns = np.indices((140, 140))
    picture = np.full((140, 140), 225.0)
    picture[((columns - 70) / 20)**2 + ((rows - 140) / 15)**2 < 1] = 90
    if edge == "right":
        picture = picture.T
    picture[30:100, 50:58] = picture[30:38, 50:90] = picture[60:68, 50:85] = 40
    noise = np.random.default_rng(0).normal(0, 4, picture.shape)
    done = images.trace((picture + noise).clip(0, 255).astype(np.uint8))
    assert np.abs(np.subtract(done.box, (50, 30, 90, 100))).max() <= 2


def test_a_speck_beside_a_digit_that_is_cropped_makes_no_frame_of_it():
    seven = np.zeros((100, 60), np.uint8)
    seven[:8] = seven[:, 30:38] = 255
    seven[60:63, 10:13] = 255
    assert images.trace(seven).box == (0, 0, 60, 100)
