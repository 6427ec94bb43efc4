"""The connected pieces of ink in a picture: which are of a digit, and which are dust, frames and ruled lines."""

import numpy as np

from neuralscope.errors import InputError

NO_INK = "the picture is empty: no ink that stands out of its ground", "draw or choose another"  # and the remedy
MIN_MASS_SHARE = 0.03  # of the largest piece's ink
NOISE_MASS_SHARE = 0.5  # of it, times the noise as a part of full ink, which makes larger specks
ROUGH_NOISE_SHARE = 0.005  # noise, of full ink: above it the ground is known less well at the rim
SPECK_NOISE_SHARE = 0.03  # noise, of full ink: below it none of it stands out as a piece
CERTAIN_INK_SHARE = 0.5  # of full ink, which every piece reaches
FAINT_REACH_SHARE = 0.06  # of a digit's height: what is faint is no farther from what is certain
# of a side of the picture: what touches so much of one, or of two, is no digit
FRAME_EDGE_SHARE, CORNER_EDGE_SHARE = 0.9, 0.3
MIN_RIM_MASS_SHARE = 0.5  # of the largest free piece: what touches the edge of a rough picture and is smaller is no ink
MIN_REST_MASS_SHARE = 0.15  # of the same: so large is what tells whether a picture is cropped to its ink
MIN_FREE_SHARE = 0.05  # of the longer side: so large is a digit beside which a frame can be one
LINE_SHARE = 0.05  # of its length: a thinner piece from edge to edge is a line
CROP_RIM_SHARE = 0.02  # of the shorter side: so near to an edge reaches it


def has_empty_lines(mask: np.ndarray) -> bool:
    """Say whether an empty row or column parts what is in the mask."""
    for axis in (0, 1):
        filled = np.asarray(mask.any(axis))
        if np.count_nonzero(filled[1:] != filled[:-1]) + filled[0] + filled[-1] > 2:
            return True
    return False


def part_with_ink(mask: np.ndarray) -> tuple[slice, ...]:
    """Return the part of a picture, as two slices, that holds what is in the mask, which is not empty."""
    lines = [np.flatnonzero(mask.any(axis)) for axis in (1, 0)]
    return tuple(slice(int(line[0]), int(line[-1]) + 1) for line in lines)


def reaches_edge(mask: np.ndarray) -> bool:
    """Say whether anything in the mask lies on the picture's edge."""
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def find_digit_ink(ink: np.ndarray, mask: np.ndarray, level: float | None = None,
                   noise: float = 0.0) -> tuple[np.ndarray, float]:
    """Return where the ink in a mask is a digit's (height, width) bool, and its pieces' mean height in pixels, by ink.

    ``level``: value of full ink where pieces have to reach a part of it; ``noise``: as a part of that. Raises
    InputError where nothing is left.
    """
    if noise < SPECK_NOISE_SHARE and not has_empty_lines(mask) and not reaches_edge(mask):  # all is one digit
        height = float(max(np.count_nonzero(mask.any(axis)) for axis in (1, 0)))
        return mask if level is None else without_faint_tails(mask, ink, level, height), height
    if level is not None:  # so that pale lines join nothing
        mask = without_faint_tails(mask, ink, level, max(mask.shape))
    from scipy.ndimage import find_objects, label, sum_labels

    labels, count = label(mask, np.ones((3, 3)))
    if count == 0:
        raise InputError(*NO_INK)
    places = np.array([[rows.start, columns.start, rows.stop, columns.stop] for rows, columns in find_objects(labels)])
    masses = sum_labels(np.maximum(ink, 0), labels, np.arange(1, count + 1))
    if level is not None:
        certain = np.zeros(count + 1, bool)
        certain[labels[ink > CERTAIN_INK_SHARE * level]] = True
        masses *= certain[1:]
    drop_frames(masses, places, labels, rough=noise > ROUGH_NOISE_SHARE)
    good = masses > (MIN_MASS_SHARE + NOISE_MASS_SHARE * noise) * masses.max()
    if not good.any():
        raise InputError(*NO_INK)
    height = float((places[good, 2:] - places[good, :2]).max(axis=1) @ masses[good] / masses[good].sum())
    pieces = np.concatenate([[False], good])[labels]
    return pieces if level is None else without_faint_tails(pieces, ink, level, height), height


def without_faint_tails(mask: np.ndarray, ink: np.ndarray, level: float, height: float) -> np.ndarray:
    """Return a mask of ink without what is far from ink that is certain; ``level``: of full ink; ``height``: pixels."""
    reach = max(1, round(FAINT_REACH_SHARE * height))
    return mask & dilate(mask & (ink > CERTAIN_INK_SHARE * level), reach)


def dilate(mask: np.ndarray, reach: int = 1) -> np.ndarray:
    """Return the mask, ``reach`` pixels wider on all sides.

    ``scipy.ndimage.binary_dilation`` takes three times as long for 28x28 pixels, and twelve times for 1000x800.
    """
    for axis in (0, 1):
        wide, done = mask.copy(), 0
        while done < reach:
            step = min(done + 1, reach - done)  # of what is ``done`` pixels wider, as much again and one
            before, after = wide.swapaxes(0, axis).copy(), wide.swapaxes(0, axis)
            after[step:] |= before[:-step]
            after[:-step] |= before[step:]
            done += step
        mask = wide
    return mask


def drop_frames(masses: np.ndarray, places: np.ndarray, labels: np.ndarray, rough: bool) -> None:
    """Set to 0 the mass of each piece (count,) that lies along the picture's edge, where a digit stands free of it.

    ``places`` (count, 4): top, left, bottom, right. Where the rest reaches the opposite edge the picture is cropped to
    its ink, and what lies along an edge is a stroke. In a ``rough`` picture small pieces at the rim go too, where its
    ground is known less well (a thumb, a shadow), unless it is cropped.
    """
    shares = edge_shares(labels, len(masses))
    frames = (shares > FRAME_EDGE_SHARE).any(axis=0) | ((shares > CORNER_EDGE_SHARE).sum(axis=0) > 1)
    rim = max(2, CROP_RIM_SHARE * min(labels.shape))
    sides = places[:, 2:] - places[:, :2]
    lines = ((sides >= np.subtract(labels.shape, 2 * rim)) & (sides[:, ::-1] < LINE_SHARE * sides)).any(axis=1)
    free = ~frames & ~lines & (sides.max(axis=1) > MIN_FREE_SHARE * max(labels.shape)) & (masses > 0)
    if not free.any():
        return
    largest = masses[free].max()
    large = free & (masses > MIN_REST_MASS_SHARE * largest)
    margins = np.concatenate([places[large, :2].min(axis=0), labels.shape - places[large, 2:].max(axis=0)])
    reached = margins <= rim  # the top, left, bottom, right
    masses[frames & ~((shares > CORNER_EDGE_SHARE) & np.roll(reached, 2)[:, np.newaxis]).any(axis=0)] = 0
    if rough and not (reached & np.roll(reached, 2)).any():
        masses[lines | ((shares > 0).any(axis=0) & (masses < MIN_RIM_MASS_SHARE * largest))] = 0


def edge_shares(labels: np.ndarray, count: int) -> np.ndarray:
    """Return which share of the picture's top, left, bottom and right edge each of the pieces covers: (4, count)."""
    return np.array([np.bincount(line, minlength=count + 1)[1:] / len(line)
                     for line in (labels[0], labels[:, 0], labels[-1], labels[:, -1])])
