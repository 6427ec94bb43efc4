"""What a file's pixels mean: their range, and whether their ink is dark; brought to what networks read."""

from collections.abc import Callable

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE
from neuralscope.images.dark_ink import is_surely_dark_ink

MAX_LEVELS = 16  # whole numbers up to it are no greys of 255, of which they would be black
DARK_SAMPLE = 200  # rows, of all of the file, that say whether its ink is dark
SCALE_REMEDY = "pixels are whole numbers from 0 to 255, or all from 0 to 1, or all from -1 to 1"


def scale_pixels(values: np.ndarray, row_name: Callable[[int], str]) -> tuple[np.ndarray, str]:
    """Return pixels (n, 784) as uint8 of 0..255, or float32 in [0, 1], and what was assumed of them, or "".

    ``values``: in their smallest dtype, as `table.compacted` makes it; ``row_name(row)``: what a row is called. Raises
    InputError for the first pixel outside its range.
    """
    check_pixels(np.isfinite(values), values, row_name, "any range")
    low, high = values.min(), values.max()
    # a stray -1 is no black: of such pixels there are many, and 0 is a grey that hardly occurs
    if low == -1 and high <= 1 and (values == -1).sum() > (values == 0).sum():
        return (values.astype(np.float32) + 1) / 2, "pixels go from -1 to 1, and -1 is taken for black"
    top = 255 if values.dtype.kind in "iu" else 1
    check_pixels((values >= 0) & (values <= top), values, row_name, f"0..{top}")
    if top == 1:
        return values.astype(np.float32, copy=False), ""
    if 0 < high <= MAX_LEVELS:
        kinds = "are only 0 and 1" if high == 1 else f"go only from 0 to {high}"
        return np.rint(values * np.float32(255 / high)).astype(np.uint8), f"pixels {kinds}: {high} is taken for white"
    return values.astype(np.uint8, copy=False), ""


def check_pixels(fits: np.ndarray, values: np.ndarray, row_name: Callable[[int], str], scale: str) -> None:
    """Raise InputError for the first pixel that does not fit its range."""
    if not fits.all():
        row, column = np.argwhere(~fits)[0]
        raise InputError(f"{row_name(row)}: pixel {values[row, column]:g} is outside {scale}", SCALE_REMEDY)


def lighten_ink(pixels: np.ndarray) -> tuple[np.ndarray, str]:
    """Return scaled pixels (n, 784) with light ink, all inverted where most are surely dark ink, and so said, or "".

    A file is of one kind: its pictures are turned all or none, so that a network learns what it will be asked.
    """
    rows = np.linspace(0, len(pixels) - 1, min(len(pixels), DARK_SAMPLE)).astype(int)
    top = pixels.dtype.type(255 if pixels.dtype == np.uint8 else 1)
    greys = (pixels[rows] / np.float32(top)).reshape(-1, IMAGE_SIDE, IMAGE_SIDE)
    if 2 * sum(map(is_surely_dark_ink, greys)) <= len(rows):
        return pixels, ""
    return top - pixels, "its ink is dark on light paper: all its pixels are inverted"
