"""What a pixel is in memory: a byte of 0..255, as files hold it, or a number of 0 to 1, as networks read it."""

import numpy as np

MAX_BYTE = 255


def to_unit_range(pixels: np.ndarray) -> np.ndarray:
    """Return bytes (uint8, 0..255) as float32 in [0, 1]; an array of floats as it is."""
    if pixels.dtype != np.uint8:
        return pixels
    return np.divide(pixels, np.float32(MAX_BYTE), dtype=np.float32)
