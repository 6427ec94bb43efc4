"""A dot is no digit; every digit is none."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from neuralscope import images
from neuralscope.errors import InputError
from neuralscope.images.blob import refuse_blob


def spot(shape, reach, side=280):
    """Return a filled spot, dark on light, that reaches so far from the middle."""
    picture = Image.new("L", (side, side), 255)
    corners = [(side // 2 - reach,) * 2, (side // 2 + reach,) * 2]
    getattr(ImageDraw.Draw(picture), shape)(corners, 0)
    return np.asarray(picture)


@pytest.mark.parametrize("shape", ["ellipse", "rectangle"])
@pytest.mark.parametrize("reach", [2, 4, 8, 60])
def test_a_dot_is_too_little_ink_however_large(shape, reach):
    with pytest.raises(InputError, match=r"^too little ink for a digit: it is a dot; draw a digit,") as refusal:
        images.as_digit(spot(shape, reach))
    assert "\n" not in str(refusal.value)


def test_a_ring_and_a_thick_bar_are_digits():
    ring = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(ring).ellipse([80, 60, 200, 220], outline=0, width=45)
    images.as_digit(np.asarray(ring))
    bar = np.full((280, 280), 255, np.uint8)
    bar[60:220, 110:175] = 0
    images.as_digit(bar)


def test_without_its_size_nothing_is_said_of_a_dot():
    images.as_digit(spot("ellipse", 40), [step for step in images.STEPS if step != "box"])


def test_no_embedded_digit_is_a_dot(embedded):
    for image in embedded.test.images:
        refuse_blob(image.reshape(28, 28))


def test_no_mnist_digit_is_a_dot(mnist_dir):
    from neuralscope.data_loader import load

    for image in load("mnist", mnist_dir).test.images[:2000]:
        refuse_blob(image.reshape(28, 28))


def test_the_widest_strokes_are_no_dot():
    """A six whose bowl is full: the largest circle that fits is still a stroke's."""
    digit = Image.new("L", (280, 280), 0)
    pen = ImageDraw.Draw(digit)
    pen.ellipse([90, 130, 210, 240], 255)
    pen.line([(150, 40), (110, 180)], 255, 45)
    images.as_digit(np.asarray(digit))
    filled = Image.new("L", (280, 280), 0)
    ImageDraw.Draw(filled).ellipse([100, 80, 180, 200], 255)  # a nought without a hole, as MNIST has some
    images.as_digit(np.asarray(filled))
