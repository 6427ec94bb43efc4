"""An even frame around the paper of a picture, as scanners and screens leave it."""

import numpy as np

# of white: a frame and paper; parts of both that are even; of the side
MIN_FRAME_CONTRAST, EVEN_SHARES, FRAME_DEPTH_DIVISOR = 0.3, (0.95, 0.9), 8


def frame_depth(grey: np.ndarray, border: np.ndarray) -> int:
    """Return how many pixels thick an even frame is that parts sharply from an even border inside it; 0: none.

    ``border``: the frame's pixels, if it is one, sorted.
    """
    level = border[border.size // 2]
    if not is_even(border, level, EVEN_SHARES[0]):
        return 0
    peak, (row, column) = min(grey.shape) // FRAME_DEPTH_DIVISOR, (length // 2 for length in grey.shape)
    inwards = grey[row, :peak], grey[row, ::-1][:peak], grey[:peak, column], grey[::-1, column][:peak]
    ends = {int(np.argmax(off)) for off in (np.abs(line - level) > MIN_FRAME_CONTRAST for line in inwards) if off.any()}
    for depth in sorted(ends | {end + 1 for end in ends}):  # where it ends in the middle of a side, or is blurred
        inner = np.sort(ring_pixels(grey, depth))
        paper = inner[inner.size // 2]
        if abs(paper - level) > MIN_FRAME_CONTRAST and is_even(inner, paper, EVEN_SHARES[1]):
            inside = grey[depth:-depth, depth:-depth]
            mostly_paper = 2 * np.count_nonzero(np.abs(inside - paper) < MIN_FRAME_CONTRAST / 2) > inside.size
            return depth if mostly_paper else 0  # else this is the ring of an outline on the border's paper
    return 0


def ring_pixels(grey: np.ndarray, depth: int) -> np.ndarray:
    """Return the pixels of a picture that lie ``depth`` pixels from its edge."""
    inside = grey[depth:len(grey) - depth, depth:grey.shape[1] - depth]
    return np.concatenate([inside[0], inside[-1], inside[1:-1, 0], inside[1:-1, -1]])


def is_even(values: np.ndarray, level: float, share: float) -> bool:
    """Say whether more than a share of sorted values lie near a level."""
    low, high = np.searchsorted(values, (level - MIN_FRAME_CONTRAST / 2, level + MIN_FRAME_CONTRAST / 2))
    return high - low > share * values.size
