"""What strangers do to a digit before it is read: size, place, pen, paper, light, noise, compression."""

import io

import numpy as np
from PIL import Image

SIDE_RANGE_PIXELS = 20, 400  # pixels of a side
MAX_CANVAS_RATIO = 2.0  # times the digit's picture: the canvas it lies on
MIN_CONTRAST = 0.3  # of full contrast
MAX_TINT = 0.25  # of white: a paper's colour may lie so far from it in each channel
MAX_LIGHT_LOSS = 0.5  # of the light: what the darkest corner may lack
MAX_NOISE_DEVIATION = 0.08  # of white: the largest standard deviation
JPEG_QUALITY_RANGE = 30, 90  # of JPEG
SINGLE_CORRUPTIONS = ("size", "place", "grey", "inverted", "tint", "light", "noise", "jpeg")
PAPER_CORRUPTIONS = ("bilevel", "ruled", "shadow", "dust")  # on light paper, each with size, place and noise
# what a line takes from the light, what a shadow does, a speck's side
LINE_DARKNESS, SHADOW_RANGE, SPECK_SIDE_RATIO = 0.25, (0.2, 0.5), 0.02


def corrupt(digit, names, rng):
    """Return a digit (784,) in [0, 1] as a picture, uint8 (height, width, 3), disturbed by what is named."""
    ink = digit.reshape(28, 28)
    if "size" in names:
        side = int(np.exp(rng.uniform(*np.log(SIDE_RANGE_PIXELS))))
        ink = np.clip(resized(ink, (side, side)), 0, 1)
    if "place" in names:
        ink = place_on_canvas(ink, rng)
    if "bilevel" in names:
        ink = np.float32(ink > 0.5)
    contrast = rng.uniform(MIN_CONTRAST, 1) if "grey" in names else 1
    paper = rng.uniform(0, MAX_TINT, 3) if "tint" in names else np.zeros(3)
    colour = paper + contrast * (1 - paper)
    picture = paper + (colour - paper) * ink[:, :, np.newaxis]
    if set(names) & set(PAPER_CORRUPTIONS) or names == ("inverted",) or ("inverted" in names and rng.random() < 0.5):
        picture = 1 - picture
    for name, light in LIGHT_EFFECTS.items():
        if name in names:
            picture = picture * light(ink.shape, rng)[:, :, np.newaxis]
    if "noise" in names:
        picture = picture + rng.normal(0, rng.uniform(0, MAX_NOISE_DEVIATION), (*ink.shape, 1))
    picture = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return jpeg_round_trip(picture, int(rng.integers(*JPEG_QUALITY_RANGE))) if "jpeg" in names else picture


def resized(ink, size):
    """Return a picture at another (height, width), by a bicubic filter."""
    return np.asarray(Image.fromarray(np.float32(ink)).resize(size[::-1], Image.Resampling.BICUBIC))


def place_on_canvas(ink, rng):
    """Return a picture somewhere on a black canvas up to MAX_CANVAS_RATIO times as large."""
    size = [int(length * rng.uniform(1, MAX_CANVAS_RATIO)) for length in ink.shape]
    top, left = (int(rng.integers(room - length + 1)) for room, length in zip(size, ink.shape, strict=True))
    canvas = np.zeros(size, np.float32)
    canvas[top:top + ink.shape[0], left:left + ink.shape[1]] = ink
    return canvas


def ramp(shape, rng):
    """Return what rises straight in some direction, from -1 to 1 at the most: (height, width)."""
    angle = rng.uniform(0, 2 * np.pi)
    y, x = (np.linspace(-1, 1, length) for length in shape)
    return (np.sin(angle) * y[:, np.newaxis] + np.cos(angle) * x) / (abs(np.sin(angle)) + abs(np.cos(angle)))


def light_gradient(shape, rng):
    """Return light that falls off straight in some direction: (height, width), at most 1."""
    return 1 - rng.uniform(0, MAX_LIGHT_LOSS) * (ramp(shape, rng) + 1) / 2


def shadow(shape, rng):
    """Return light with a soft edge across: (height, width)."""
    return 1 - rng.uniform(*SHADOW_RANGE) / (1 + np.exp((ramp(shape, rng) - rng.uniform(-0.5, 0.5)) * 50))


def ruled_lines(shape, rng):
    """Return paper ruled with pale lines: (height, width)."""
    paper, distance, width = np.ones(shape), max(4, int(shape[0] * rng.uniform(0.12, 0.3))), 1 + shape[0] // 200
    for start in range(int(rng.integers(distance)), shape[0], distance):
        paper[start:start + width] = 1 - LINE_DARKNESS
    return paper


def dust(shape, rng):
    """Return paper with three dark specks: (height, width)."""
    paper, side = np.ones(shape), max(1, int(SPECK_SIDE_RATIO * min(shape)))
    for top, left in zip(*(rng.integers(0, length - side, 3) for length in shape), strict=True):
        paper[top:top + side, left:left + side] = 0.1
    return paper


LIGHT_EFFECTS = {"light": light_gradient, "shadow": shadow, "ruled": ruled_lines, "dust": dust}


def jpeg_round_trip(picture, quality):
    """Return a picture as JPEG gives it back."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))
