"""Any array that holds a picture -> one grey channel, float32 in [0, 1]."""

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.errors import InputError

LUMINANCE_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
WHITE_VALUES = {"uint8": 255, "uint16": 65535, "bool": 1}
RANGE_TOLERANCE = 1e-3  # by which floats may lie outside 0 to 1
MIN_OPAQUE_ALPHA = 0.5
# pixels: of the longer side, above which a picture is shrunk; of the shorter one after
MAX_SIDE_PX, MIN_SIDE_PX = 1000, 28
# of white: by less luminance hardly differs, and by so much colours do; and times as much as luminance
MAX_EQUAL_RANGE, MIN_COLOUR_RANGE, MIN_COLOUR_GAIN = 0.25, 0.2, 3.0
MIN_PAPER_SPREAD = 0.25  # of grey values, from which what is opaque holds paper as well as ink


def to_channels(picture: ArrayLike) -> np.ndarray:
    """Return a picture as (height, width, channels) float32 in [0, 1].

    ``picture``: (height, width) or (height, width, 1 to 4), at least 2x2; bool, uint8 0..255, uint16 0..65535, other
    whole numbers 0..255, floats 0..1. Raises InputError for anything else.
    """
    array = np.asarray(picture)
    check_shape(array.shape)
    if array.ndim == 2:
        array = array[:, :, np.newaxis]
    if array.dtype.kind in "iu" and array.max() == 1:
        raise InputError(f"the picture's values are 0 and 1 of {WHITE_VALUES.get(array.dtype.name, 255)}, which is "
                         "all black", "give bool values for black and white, or multiply by 255")
    if array.dtype.name in WHITE_VALUES:
        return array.astype(np.float32) * np.float32(1 / WHITE_VALUES[array.dtype.name])
    full = {"i": 255, "u": 255, "f": 1}.get(array.dtype.kind)
    if full is None:
        raise InputError(f"a picture cannot be made of {array.dtype.name} values",
                         "give uint8 0 to 255 or floats 0 to 1")
    low, high = array.min(), array.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        raise InputError("the picture has values that are not finite (NaN or infinity)", "mend or replace these")
    if low < -RANGE_TOLERANCE or high > full + RANGE_TOLERANCE:
        raise InputError(f"the picture's values run from {low:g} to {high:g}, but {array.dtype.name} has to lie in 0 "
                         f"to {full}", "scale it, or give uint8 or uint16")
    return np.clip(array.astype(np.float32) / np.float32(full), 0, 1)


def shrink(picture: np.ndarray) -> tuple[np.ndarray, int]:
    """Return a large picture (height, width, channels) as the means of blocks, and their side in pixels.

    Nothing smaller than a block is of a digit there, and a photograph would take seconds.
    """
    rows, columns = picture.shape[:2]
    side = max(1, min(-(-max(rows, columns) // MAX_SIDE_PX), min(rows, columns) // MIN_SIDE_PX))
    if side == 1:
        return picture, 1
    rows, columns = rows // side, columns // side
    blocks = picture[:rows * side, :columns * side].reshape(rows, side, columns, side, -1)
    return blocks.mean(axis=(1, 3), dtype=np.float32), side


def check_shape(shape: tuple[int, ...]) -> None:
    """Raise InputError for a shape that is no picture's."""
    if len(shape) not in (2, 3) or (len(shape) == 3 and not 1 <= shape[2] <= 4):
        raise InputError(f"an array of shape {shape} is no picture",
                         "give (height, width), or (height, width, channels) with 1 to 4 channels: grey, grey and "
                         "alpha, RGB, RGBA")
    if min(shape[:2]) < 2:
        raise InputError(f"a picture of {shape[0]} x {shape[1]} pixels is too small to read", "it takes at least 2 x 2")


def to_grayscale(picture: np.ndarray) -> np.ndarray:
    """Return (height, width) float32 in [0, 1] from ``to_channels``: luminance, over a ground where transparent."""
    colours = picture.shape[2] - (picture.shape[2] % 2 == 0)
    grey = picture[:, :, 0] if colours == 1 else colours_to_grayscale(picture[:, :, :3])
    if picture.shape[2] == colours:
        return grey
    alpha = picture[:, :, -1]
    if alpha.min() == 1:
        return grey
    return grey * alpha + np.float32(transparent_background(grey, alpha)) * (1 - alpha)


def colours_to_grayscale(picture: np.ndarray) -> np.ndarray:
    """Return the luminance (height, width) of RGB, or the axis of most contrast where it hardly differs by luminance.

    That axis is the first principal component of the colours, its middle 0.5; so that red on an equally light green is
    read. Noise in the colours is none: it is far less than MIN_COLOUR_RANGE.
    """
    grey = picture @ LUMINANCE_WEIGHTS
    if np.ptp(grey) >= MAX_EQUAL_RANGE:
        return grey
    colours = picture.reshape(-1, 3) - picture.mean(axis=(0, 1))
    axis = np.linalg.eigh((colours.T @ colours).astype(np.float64))[1][:, -1].astype(np.float32)
    if axis[np.abs(axis).argmax()] < 0:  # on every processor
        axis = -axis
    projected = colours @ axis
    low, high = projected.min(), projected.max()
    if high - low < max(MIN_COLOUR_RANGE, MIN_COLOUR_GAIN * np.ptp(grey)):
        return grey
    return ((projected - low) / (high - low)).reshape(grey.shape)


def transparent_background(grey: np.ndarray, alpha: np.ndarray) -> float:
    """Return the ground that shows through: 0 or 1, whichever contrasts with the ink; the paper's where that is opaque.

    Ink alone is of one grey. What is opaque and covers most of the picture in several greys is paper with ink on it.
    """
    opaque = grey[alpha > MIN_OPAQUE_ALPHA]
    if opaque.size > grey.size / 2:
        low, paper, high = np.quantile(opaque, (0.02, 0.5, 0.98))
        if high - low > MIN_PAPER_SPREAD:
            return paper
    visible = float(alpha.sum())
    return float(visible == 0 or (grey * alpha).sum() / visible < 0.5)
