"""The connected pieces of ink in a picture: which are of a digit, and which are dust, frames and ruled lines."""

import numpy as np

from neuralscope.errors import InputError

NO_INK = "the picture is empty: no ink that stands out of its ground", "draw or choose another"  # and the remedy
MIN_MASS_SHARE = 0.03  # of the largest piece's ink
NOISE_MASS_SHARE = 0.5  # of it, times the noise as a part of full ink, which makes larger specks
CERTAIN_INK_SHARE = 0.5  # of full ink, which every piece reaches
FAINT_REACH_SHARE = 0.06  # of a digit's height: what is faint is no farther from what is certain
# of a side of the picture: what touches so much of one, or of two, is no digit
FRAME_EDGE_SHARE, CORNER_EDGE_SHARE = 0.9, 0.3
MIN_RIM_MASS_SHARE = 0.5  # of the largest free piece: what touches the edge of a rough picture and is smaller is no ink
MIN_FREE_SHARE = 0.05  # of the longer side: so large is a digit beside which a frame can be one


def has_empty_lines(mask: np.ndarray) -> bool:
    """Say whether an empty row or column parts what is in the mask."""
    for axis in (0, 1):
        filled = np.asarray(mask.any(axis))
        if np.count_nonzero(filled[1:] != filled[:-1]) + filled[0] + filled[-1] > 2:
            return True
    return False


def find_digit_ink(ink: np.ndarray, mask: np.ndarray, level: float | None = None,
                   noise: float = 0.0) -> tuple[np.ndarray, float]:
    """Return where the ink in a mask is a digit's (height, width) bool, and its pieces' mean height in pixels, by ink.

    ``level``: value of full ink where pieces have to reach a part of it; ``noise``: as a part of that. Raises
    InputError where nothing is left.
    """
    from scipy.ndimage import find_objects, label, maximum_filter, sum_labels

    labels, count = label(mask, np.ones((3, 3)))
    if count == 0:
        raise InputError(*NO_INK)
    places = np.array([[rows.start, columns.start, rows.stop, columns.stop] for rows, columns in find_objects(labels)])
    masses = sum_labels(np.maximum(ink, 0), labels, np.arange(1, count + 1))
    if level is not None:
        certain = np.zeros(count + 1, bool)
        certain[labels[ink > CERTAIN_INK_SHARE * level]] = True
        masses *= certain[1:]
    drop_frames(masses, places, labels, rough=level is not None)
    good = masses > (MIN_MASS_SHARE + NOISE_MASS_SHARE * noise) * masses.max()
    if not good.any():
        raise InputError(*NO_INK)
    height = float((places[good, 2:] - places[good, :2]).max(axis=1) @ masses[good] / masses[good].sum())
    mask_of_digits = np.concatenate([[False], good])[labels]
    if level is not None:
        reach = max(1, round(FAINT_REACH_SHARE * height))
        mask_of_digits &= maximum_filter(mask_of_digits & (ink > CERTAIN_INK_SHARE * level), 2 * reach + 1)
    return mask_of_digits, height


def drop_frames(masses: np.ndarray, places: np.ndarray, labels: np.ndarray, rough: bool) -> None:
    """Set to 0 the mass of each piece (count,) that lies along the picture's edge, where a digit stands free of it.

    ``places`` (count, 4): top, left, bottom, right. Where the rest reaches the opposite edge the picture is cropped to
    its ink, and what lies along an edge is a stroke. In a ``rough`` picture small pieces at the rim go too, where its
    ground is known less well (a thumb, a shadow), unless it is cropped.
    """
    shares = edge_shares(labels, len(masses))
    frames = (shares > FRAME_EDGE_SHARE).any(axis=0) | ((shares > CORNER_EDGE_SHARE).sum(axis=0) > 1)
    sizes = (places[:, 2:] - places[:, :2]).max(axis=1)
    free = ~frames & (sizes > MIN_FREE_SHARE * max(labels.shape)) & (masses > 0)
    if not free.any():
        return
    margins = np.concatenate([places[free, :2].min(axis=0), labels.shape - places[free, 2:].max(axis=0)])
    reached = margins <= 1  # the top, left, bottom, right
    masses[frames & ~((shares > CORNER_EDGE_SHARE) & np.roll(reached, 2)[:, np.newaxis]).any(axis=0)] = 0
    if rough and not (reached & np.roll(reached, 2)).any():
        masses[(shares > 0).any(axis=0) & (masses < MIN_RIM_MASS_SHARE * masses[free].max())] = 0


def edge_shares(labels: np.ndarray, count: int) -> np.ndarray:
    """Return which share of the picture's top, left, bottom and right edge each of the pieces covers: (4, count)."""
    return np.array([np.bincount(line, minlength=count + 1)[1:] / len(line)
                     for line in (labels[0], labels[:, 0], labels[-1], labels[:, -1])])
