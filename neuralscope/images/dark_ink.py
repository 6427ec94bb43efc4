"""Whether the ink of a small picture is surely dark: numbers are taken at their word, which is light ink."""

import numpy as np

from neuralscope.images.background import find_background
from neuralscope.images.frames import ring_pixels

# of a border that is paper, the least; of the picture's range, how far paper lies from light and from its own middle
PAPER_SHARE, PAPER_RANGE_SHARE = 0.9, 0.25


def is_surely_dark_ink(grey: np.ndarray) -> bool:
    """Say whether a picture (height, width) is dark ink on light paper beyond doubt.

    Its border is light paper nearly all around, and its background's rule says so too; a garment that is cut by the
    border on some sides is not.
    """
    border, darkest, lightest = np.sort(ring_pixels(grey, 0)), float(grey.min()), float(grey.max())
    reach, paper = PAPER_RANGE_SHARE * (lightest - darkest), float(border[border.size // 2])
    if lightest - paper > reach or np.count_nonzero(np.abs(border - paper) <= reach) < PAPER_SHARE * border.size:
        return False
    return find_background(grey).dark_ink
