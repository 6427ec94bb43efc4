"""How many digits stand in clean ink: pieces beside each other, and touching ones split where both halves are read.

Pictures propose, the network decides: ``classify`` takes digits (count, 784) and returns its outputs (count, classes).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.blob import TOO_LITTLE_INK
from neuralscope.images.components import part_with_ink
from neuralscope.images.preprocessing import STEPS, as_digit
from neuralscope.images.segmentation import Box, add_rim, cut_ink
from neuralscope.short_repr import short_repr

Classify = Callable[[np.ndarray], np.ndarray]
# width by height: no narrower piece is split, and one that is wider than the second is hardly one digit
SPLIT_RATIO, MAX_DIGIT_RATIO = 1.0, 1.45
MAX_CUTS = 3  # places of least ink that are tried
CUT_RANGE = 0.2, 0.8  # of a piece's width, in which these lie
MAX_CUT_INK_SHARE = 0.4  # of its height: so much ink may be cut through
MIN_HEIGHT_SHARE = 0.7  # of its height, which each half has
SURE_HALF, SURE_WHOLE = 0.99, 0.999  # outputs: both halves have the first, and what has the second stays whole
# of the tallest piece's height and of the heaviest one's ink: smaller ones are no digits of a row that nobody announced
LIKE_HEIGHT_SHARE, LIKE_MASS_SHARE = 0.6, 0.15
MAX_OVERLAP_SHARE = 0.2  # of the height: so far neighbours' boxes reach into each other
SURE_NEIGHBOUR = 0.5  # output of each digit of such a row
MAX_ROW_PIECES = 100  # of ink, in such a row: more are specks, and to part noise takes seconds


@dataclass(frozen=True, eq=False)
class FoundDigits:
    """Digits in a picture, in reading order.

    ``boxes``: (left, top, right, bottom) of each; ``digits``: (count, 784); ``too_wide``: those boxes that are too wide
    for one digit and that nothing split surely.
    """

    boxes: tuple[Box, ...]
    digits: np.ndarray
    too_wide: tuple[Box, ...]
    __repr__ = short_repr


def find_row(inks: dict[Box, np.ndarray], classify: Classify, steps: Sequence[str] = STEPS) -> FoundDigits:
    """Return the FoundDigits in a dict as ``cut_digits`` makes it: touching ones are split, dots are left out.

    Raises InputError where nothing but dots is left.
    """
    boxes: list[Box] = []
    digits, too_wide = [], []
    for box, ink in inks.items():
        parts = split_touching(box, ink, classify, steps)
        for part_box, part in parts.items():
            try:
                digits.append(as_digit(part, steps))
            except InputError as error:
                if error.problem == TOO_LITTLE_INK[0]:
                    continue  # a full stop beside digits
                raise
            boxes.append(part_box)
            if len(parts) == 1 and box_ratio(box) > MAX_DIGIT_RATIO:
                too_wide.append(box)
    if not boxes:
        raise InputError(*TOO_LITTLE_INK)
    return FoundDigits(tuple(boxes), np.stack(digits), tuple(too_wide))


def find_unannounced_row(ink: np.ndarray, shrink_factor: int, classify: Classify, steps: Sequence[str] = STEPS,
                         digit: np.ndarray | None = None) -> FoundDigits | None:
    """Return the FoundDigits in clean ink (height, width) that was taken for one digit, or None where it may be one.

    There are two or more: pieces of like height beside each other, or halves of one piece, that are all read surely.
    No row has more than MAX_ROW_PIECES. Or it is one piece that is too wide for a digit. ``digit`` (784,): what the
    ink became as one, where that is known.
    """
    from scipy.ndimage import label

    if is_one_digit(ink, classify, digit) or label(ink > 0, np.ones((3, 3)))[1] > MAX_ROW_PIECES:
        return None
    inks = cut_ink(ink, shrink_factor)
    heights = {box: box[3] - box[1] for box in inks}
    masses = {box: float(piece.sum()) for box, piece in inks.items()}
    like = {box: piece for box, piece in inks.items() if heights[box] >= LIKE_HEIGHT_SHARE * max(heights.values())
            and masses[box] >= LIKE_MASS_SHARE * max(masses.values())}
    if not stand_side_by_side(sorted(like)) or (len(like) == 1 and box_ratio(next(iter(like))) < SPLIT_RATIO):
        return None
    try:
        found = find_row(like, classify, steps)
    except InputError:
        return None
    if len(found.boxes) == 1:
        return found if found.too_wide else None
    return found if classify(found.digits).max(axis=1).min() >= SURE_NEIGHBOUR else None


def is_one_digit(ink: np.ndarray, classify: Classify, digit: np.ndarray | None) -> bool:
    """Say whether clean ink (height, width) is in one piece that is too narrow to be split, or surely read, as mostly.

    ``digit`` (784,): what it became, or None.
    """
    from scipy.ndimage import label

    has_ink = ink > 0
    part = has_ink[part_with_ink(has_ink)]
    ratio = part.shape[1] / part.shape[0]
    if ratio > MAX_DIGIT_RATIO or (digit is None and ratio >= SPLIT_RATIO) or label(part, np.ones((3, 3)))[1] > 1:
        return False
    return ratio < SPLIT_RATIO or float(classify(digit[np.newaxis]).max()) >= SURE_WHOLE  # type: ignore[index]


def stand_side_by_side(boxes: Sequence[Box]) -> bool:
    """Say whether boxes, from left to right, stand in one line and hardly reach into each other."""
    for one, other in pairwise(boxes):
        height = min(one[3] - one[1], other[3] - other[1])
        if one[2] - other[0] > MAX_OVERLAP_SHARE * height or min(one[3], other[3]) - max(one[1], other[1]) < height / 2:
            return False
    return True


def box_ratio(box: Box) -> float:
    """Return a box's width by its height."""
    return (box[2] - box[0]) / (box[3] - box[1])


def split_touching(box: Box, ink: np.ndarray, classify: Classify,
                   steps: Sequence[str] = STEPS) -> dict[Box, np.ndarray]:
    """Return a piece's ink by its box, or the halves' by theirs where both are read surely and the whole is not."""
    if box_ratio(box) < SPLIT_RATIO or least_output((ink,), classify, steps) >= SURE_WHOLE:
        return {box: ink}
    best, best_output = {box: ink}, SURE_HALF
    for column in propose_cuts(ink[part_with_ink(ink > 0)]):
        halves = cut_at(box, ink, column)
        output = least_output(tuple(halves.values()), classify, steps) if len(halves) == 2 else 0
        if output > best_output:
            best, best_output = halves, output
    return best


def propose_cuts(ink: np.ndarray) -> list[int]:
    """Return the columns of least ink (height, width) before which it may be cut, the least first."""
    ink_by_column = ink.sum(axis=0) / len(ink)
    first, last = (int(share * ink.shape[1]) for share in CUT_RANGE)
    columns = [column for column in range(max(first, 1), last + 1) if ink_by_column[column] <= MAX_CUT_INK_SHARE
               and ink_by_column[column] == ink_by_column[column - 1:column + 2].min()]
    return sorted(columns, key=lambda column: float(ink_by_column[column]))[:MAX_CUTS]


def cut_at(box: Box, ink: np.ndarray, column: int) -> dict[Box, np.ndarray]:
    """Return both halves of a piece's ink by their boxes, cut before a column; those that are as tall as it."""
    whole = ink[part_with_ink(ink > 0)]
    scale, halves = (box[2] - box[0]) / whole.shape[1], {}
    for start, part in ((0, whole[:, :column]), (column, whole[:, column:])):
        rows, columns = (np.flatnonzero(part.any(axis=axis)) for axis in (1, 0))
        if not rows.size or np.ptp(rows) + 1 < MIN_HEIGHT_SHARE * len(whole):
            continue
        left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
        (x0, x1), (y0, y1) = ((int(origin + scale * edge) for edge in edges) for origin, edges in
                              ((box[0], (start + left, start + right)), (box[1], (top, bottom))))
        halves[x0, y0, x1, y1] = add_rim(part[top:bottom, left:right])
    return halves


def least_output(inks: Sequence[np.ndarray], classify: Classify, steps: Sequence[str]) -> float:
    """Return the output of the digit in these inks that is read least surely; 0 where one is no digit."""
    try:
        return float(classify(np.stack([as_digit(ink, steps) for ink in inks])).max(axis=1).min())
    except InputError:
        return 0.0
