"""The border of a grey picture, and the even frame that may stand around it."""

import numpy as np

APART, EVEN, THICKEST = 0.3, (0.95, 0.9), 8  # of white: a frame and paper; parts of both that are even; of the side


def frame_depth(grey, border):
    """Return how many pixels thick an even frame is that parts sharply from an even border inside it; 0: none.

    ``border``: the frame's pixels, if it is one, sorted.
    """
    level = border[border.size // 2]
    if not is_even(border, level, EVEN[0]):
        return 0
    most, (row, column) = min(grey.shape) // THICKEST, (length // 2 for length in grey.shape)
    inwards = grey[row, :most], grey[row, ::-1][:most], grey[:most, column], grey[::-1, column][:most]
    ends = {int(np.argmax(off)) for off in (np.abs(line - level) > APART for line in inwards) if off.any()}
    for depth in sorted(ends | {end + 1 for end in ends}):  # where it ends in the middle of a side, or is blurred
        inner = np.sort(ring(grey, depth))
        paper = inner[inner.size // 2]
        if abs(paper - level) > APART and is_even(inner, paper, EVEN[1]):
            return depth if np.ptp(grey[depth:-depth, depth:-depth]) > APART else 0
    return 0


def ring(grey, depth):
    """Return the pixels of a picture that lie ``depth`` pixels from its edge."""
    inside = grey[depth:len(grey) - depth, depth:grey.shape[1] - depth]
    return np.concatenate([inside[0], inside[-1], inside[1:-1, 0], inside[1:-1, -1]])


def is_even(values, level, share):
    """Say whether more than a share of sorted values lie near a level."""
    low, high = np.searchsorted(values, (level - APART / 2, level + APART / 2))
    return high - low > share * values.size
