"""The closed outlines in a picture of digits: form boxes, table cells, the border of a screenshot."""

import numpy as np

from neuralscope.images.components import dilate, has_empty_lines, part_with_ink

INK_SHARE = 0.15  # of the lightest ink: what is lighter is ink
MIN_OUTLINE_PX = 12  # pixels of a side: what is smaller is no box
CORNER_SHARE = 1 / 8  # of a side: so near to each of its corners an outline has ink
STRAIGHT_SHARE = 0.85  # of each side of an outline that lies on a line; a round 0 has less than two thirds
MAX_BEND_SHARE = 0.03  # of the shorter side: so far from that line is still on it
MAX_SLOPE = 0.12  # of that line
MAX_REST_SHARE = 0.3  # of the box, in what hangs on to its outline; specks of noise that hang together cover more
MAX_OUTLINE_SHARE = 1 / 7  # of the shorter side: what is thicker is a stroke


def without_outlines(ink: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return ``values`` (height, width), 0 where there are outlines in ``ink``; all 0 where nothing else stands out."""
    level = INK_SHARE * ink.max()
    outlines = find_outlines(ink > level)
    if outlines is None:
        return values
    from scipy.ndimage import uniform_filter

    left = ~dilate(outlines)
    return values * (left & (uniform_filter(ink * left, 3).max() > level))  # more than noise


def find_outlines(mask: np.ndarray) -> np.ndarray | None:
    """Return where in a mask (height, width) lie outlines, bool, or None where there is none."""
    from scipy.ndimage import find_objects, label

    if not mask.any() or not may_hold_outlines(mask[part_with_ink(mask)]):
        return None
    labels, _ = label(mask, np.ones((3, 3)))
    outlines = None
    for number, part in enumerate(find_objects(labels), 1):
        if min(axis.stop - axis.start for axis in part) < MIN_OUTLINE_PX:
            continue
        piece = labels[part] == number
        outline = outline_of(piece) if reaches_corners(piece) else None
        if outline is not None:
            outlines = np.zeros(mask.shape, bool) if outlines is None else outlines
            outlines[part] |= outline
    return outlines


def may_hold_outlines(mask: np.ndarray) -> bool:
    """Say whether there may be an outline in the part of a picture that holds what is in a mask."""
    return has_empty_lines(mask) or reaches_corners(mask)


def reaches_corners(mask: np.ndarray) -> bool:
    """Say whether there is something near each corner of a mask."""
    rows, columns = (max(2, int(CORNER_SHARE * length)) for length in mask.shape)
    return bool(mask[:rows, :columns].any() and mask[:rows, -columns:].any()
                and mask[-rows:, :columns].any() and mask[-rows:, -columns:].any())


def outline_of(piece: np.ndarray) -> np.ndarray | None:
    """Return the part of a piece of ink (height, width) bool that is an outline along all four sides, or None.

    What divides it into cells is of it; a digit that touches it is not.
    """
    outline, depths = np.zeros(piece.shape, bool), []
    for turns in range(4):  # its left, top, right and bottom side
        view = np.rot90(piece, turns)
        side = left_side(view, min(piece.shape))
        if side is None:
            return None
        line, thickness = side
        ends = line[:, np.newaxis] + thickness
        np.rot90(outline, turns)[:] |= view & (np.arange(view.shape[1]) <= ends)
        depths.append(int(ends.max()) + 1)
    rest = piece & ~outline
    if np.count_nonzero(rest) > MAX_REST_SHARE * rest.size:
        return None
    roomy = depths[0] + depths[2] < piece.shape[1] - 3 and depths[1] + depths[3] < len(piece) - 3
    return outline | dividers(rest, depths) if roomy and rest.any() else outline


def dividers(rest: np.ndarray, depths: list[int]) -> np.ndarray:
    """Return which part of the rest of an outline (height, width) bool goes across it, straight or in both directions.

    ``depths``: how deep the outline's left, top, right and bottom side are.
    """
    from scipy.ndimage import label

    labels, _ = label(rest, np.ones((3, 3)))
    left, top, right, bottom = depths[0], depths[1], -depths[2] - 1, -depths[3] - 1
    down, across = np.intersect1d(labels[top], labels[bottom]), np.intersect1d(labels[:, left], labels[:, right])
    found = np.intersect1d(down, across)
    for numbers, view, ends in ((down, labels, (top, bottom)), (across, labels.T, (left, right))):
        for number in np.setdiff1d(numbers, found):
            lines = (view == number)[ends[0]:ends[1]]
            columns = np.flatnonzero(lines.any(axis=0))
            if lines.any(axis=1).all() and left_side(lines[:, columns[0]:columns[-1] + 1], min(rest.shape)):
                found = np.append(found, number)
    return np.isin(labels, found[found > 0])


def left_side(piece: np.ndarray, room: int) -> tuple[np.ndarray, int] | None:
    """Return where in each row the left side of an outline begins, (height,), and its thickness, or None.

    ``room``: of the outline's shorter side, in pixels.
    """
    height, width = piece.shape
    starts = piece.argmax(axis=1)
    third = height // 3
    ends = np.median(starts[:third]), np.median(starts[-third:])
    slope = (ends[1] - ends[0]) / (height - third)
    line = ends[0] + slope * (np.arange(height) - (third - 1) / 2)
    bend = max(1, MAX_BEND_SHARE * room)
    straight = np.count_nonzero(np.abs(starts - line) <= bend) >= STRAIGHT_SHARE * height
    if abs(slope) > MAX_SLOPE or not straight or line.min() > 2 * bend:
        return None
    behind = ~piece & (np.arange(width) > starts[:, np.newaxis])
    thickness = float(np.median(np.where(behind.any(axis=1), behind.argmax(axis=1), width) - starts))
    if thickness > MAX_OUTLINE_SHARE * room:
        return None
    return line, int(np.ceil(thickness + MAX_BEND_SHARE * room))
