"""The closed outlines in a picture of digits: form boxes, table cells, the border of a screenshot."""

import numpy as np

from neuralscope.images.components import has_empty_lines

INK_SHARES = 0.15, 0.4  # of the lightest ink: what is lighter is ink, where there is little noise and where much
MIN_OUTLINE_PX = 12  # pixels of a side: what is smaller is no box
CORNER_SHARE = 1 / 8  # of a side: so near to each of its corners an outline has ink
STRAIGHT_SHARE = 0.85  # of each side of an outline that lies on a line; a round 0 has less than two thirds
MAX_BEND_SHARE = 0.03  # of the box's other side: so far from the line is still on it
MAX_SLOPE = 0.12  # of that line
MAX_OUTLINE_SHARE = 1 / 7  # of the shorter side: what is thicker is a stroke


def without_outlines(ink: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return ``values`` (height, width), 0 where there are outlines in ``ink``; all 0 where nothing else stands out."""
    peak = ink.max()
    for share in INK_SHARES:
        outlines = find_outlines(ink > share * peak)
        if outlines is not None:
            from scipy.ndimage import binary_dilation, uniform_filter

            left = ~binary_dilation(outlines, np.ones((3, 3)))
            return values * (left & (uniform_filter(ink * left, 3).max() > INK_SHARES[0] * peak))  # more than noise
    return values


def find_outlines(mask: np.ndarray) -> np.ndarray | None:
    """Return where in a mask (height, width) lie outlines, bool, or None where there is none."""
    from scipy.ndimage import find_objects, label

    lines = [np.flatnonzero(mask.any(axis)) for axis in (1, 0)]
    if not lines[0].size:
        return None
    whole = mask[lines[0][0]:lines[0][-1] + 1, lines[1][0]:lines[1][-1] + 1]
    if not (has_empty_lines(whole) or reaches_corners(whole)):
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


def reaches_corners(mask: np.ndarray) -> bool:
    """Say whether there is something near each corner of a mask."""
    rows, columns = (max(2, int(CORNER_SHARE * length)) for length in mask.shape)
    return bool(mask[:rows, :columns].any() and mask[:rows, -columns:].any()
                and mask[-rows:, :columns].any() and mask[-rows:, -columns:].any())


def outline_of(piece: np.ndarray) -> np.ndarray | None:
    """Return the part of a piece of ink (height, width) bool that is an outline along all four sides, or None."""
    outline = np.zeros(piece.shape, bool)
    for view, part in ((piece, outline), (piece[:, ::-1], outline[:, ::-1]),
                       (piece.T, outline.T), (piece.T[:, ::-1], outline.T[:, ::-1])):
        side = left_side(view)
        if side is None:
            return None
        line, thickness = side
        part |= view & (np.arange(view.shape[1]) <= line[:, np.newaxis] + thickness)
    return outline


def left_side(piece: np.ndarray) -> tuple[np.ndarray, int] | None:
    """Return where in each row the left side of an outline begins, (height,), and its thickness, or None."""
    height, width = piece.shape
    starts = piece.argmax(axis=1)
    third = height // 3
    ends = np.median(starts[:third]), np.median(starts[-third:])
    slope = (ends[1] - ends[0]) / (height - third)
    line = ends[0] + slope * (np.arange(height) - (third - 1) / 2)
    on_line = np.abs(starts - line) <= max(1, MAX_BEND_SHARE * width)
    if abs(slope) > MAX_SLOPE or np.count_nonzero(on_line) < STRAIGHT_SHARE * height:
        return None
    behind = ~piece & (np.arange(width) > starts[:, np.newaxis])
    thickness = float(np.median(np.where(behind.any(axis=1), behind.argmax(axis=1), width) - starts))
    if thickness > MAX_OUTLINE_SHARE * min(piece.shape):
        return None
    return line, int(np.ceil(thickness + MAX_BEND_SHARE * width))
