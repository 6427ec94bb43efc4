"""Ink brought to a size, antialiased, and its contrast after that.

MNIST's digits came from larger pictures, so the published recipe says nothing of ink that has to be enlarged. A filter
alone leaves such ink blurred and too wide: of MNIST's training digits shrunk to 6 pixels 89.7 % are read so, and 94.6 %
sharpened. Ink that is shrunk gets the filter and nothing else.

The filter is ours and not Pillow's (mode "F", the ink padded by the filter's reach, ``box=`` for the margin): that
differs by up to 2e-6, which moves 25 bytes of the embedded digits by one, and takes 0.3 ms for ink of 20x16 pixels, ten
times as long.
"""

from functools import lru_cache

import numpy as np

LANCZOS_LOBES = 3  # of the Lanczos filter
ENLARGED_MARGIN_PX = 0.1  # of a pixel, taken in around enlarged ink: strokes at the rim fall off softly
DARK_LEVEL, LIGHT_LEVEL = 0.2, 0.9  # of the lightest ink: enlarged strokes get MNIST's width and edge
FULLY_ENLARGED_SCALE = 2.5  # times from which that holds in full


def resize_ink(ink: np.ndarray, side: int) -> np.ndarray:
    """Return ink (height, width), its longer side brought to ``side`` pixels, as light as it was: float32 in [0, 1].

    By a Lanczos filter. Enlarged strokes have their edges sharpened, and shrunk ones that turned faint are lightened.
    """
    peak = ink.max()
    scale = side / max(ink.shape)
    share = min(max((scale - 1) / (FULLY_ENLARGED_SCALE - 1), 0), 1)
    rows, columns = (
        resampling_matrix(length, max(1, round(length * scale)), ENLARGED_MARGIN_PX * share) for length in ink.shape
    )
    scaled = rows @ ink @ columns.T
    scaled_peak = scaled.max()
    if scaled_peak <= 0:
        return np.clip(scaled, 0, 1)
    darkest, lightest = DARK_LEVEL * share, 1 - (1 - LIGHT_LEVEL) * share
    if scale < 1:
        scaled_peak = min(scaled_peak, peak)
    return np.clip((scaled / scaled_peak - darkest) / (lightest - darkest), 0, 1) * peak


@lru_cache(maxsize=64)
def resampling_matrix(length: int, count: int, margin: float) -> np.ndarray:
    """Return the matrix (count, length) float32 that brings ``length`` pixels, and ``margin`` around, to ``count``.

    Outside there is nothing.
    """
    scale = (length + 2 * margin) / count
    width = max(scale, 1)
    reach = int(LANCZOS_LOBES * width) + 1
    centres = (np.arange(count) + 0.5) * scale - margin
    positions = np.arange(-reach, length + reach) + 0.5
    distances = (positions - centres[:, np.newaxis]) / width
    weights = np.where(np.abs(distances) < LANCZOS_LOBES, np.sinc(distances) * np.sinc(distances / LANCZOS_LOBES), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights[:, reach:-reach].astype(np.float32)
