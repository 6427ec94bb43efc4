"""The digits in a picture of a row or a page: where each is, in reading order, and each cut out by itself."""


from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.images.background import find_background, remove_background
from neuralscope.images.grayscale import shrink, to_channels, to_grayscale

Box = tuple[int, int, int, int]  # left, top, right, bottom
MAX_COMPONENTS = 2000  # pieces that are looked at, the largest
MIN_OVERLAP_SHARE = 0.4  # of the narrower of two pieces
# of a digit's height: pieces above each other and no farther apart are of one digit, if one is small
MAX_VERTICAL_GAP_SHARE = 0.25
# of a digit's height: a piece as low as that goes with one as near to it as this
SMALL_HEIGHT_SHARE, MAX_SIDE_GAP_SHARE = 0.5, 0.2
RIM_PX, RIM_SHARE = 2, 0.2  # of black around what is cut, and of its shorter side: too much for a frame


def find_digits(picture: ArrayLike) -> list[Box]:
    """Return ``(left, top, right, bottom)`` of each digit in a picture, in reading order.

    Pieces of ink that lie above each other, or small ones near a large one, are one digit. ``picture`` as
    ``images.preprocess`` takes it. Raises InputError where there is no ink.
    """
    return list(cut_digits(picture))


def cut_digit(picture: ArrayLike, box: Sequence[int]) -> np.ndarray:
    """Return what stands in one of ``find_digits``'s boxes, as ``cut_digits`` gives it."""
    return cut_digits(picture)[tuple(box)]  # type: ignore[index]


def cut_digits(picture: ArrayLike) -> dict[Box, np.ndarray]:
    """Return a dict from each digit's box, in reading order, to its own ink alone: float32, light ink on black."""
    colours, shrink_factor = shrink(to_channels(picture))
    grey = to_grayscale(colours)
    background = find_background(grey)
    ink = (
        remove_background(1 - grey, background.inverted())
        if background.dark_ink
        else remove_background(grey, background)
    )
    return cut_ink(ink, shrink_factor)


def cut_ink(ink: np.ndarray, shrink_factor: int = 1) -> dict[Box, np.ndarray]:
    """Return ``cut_digits``'s dict from clean ink (height, width) on black, whose pixels are so many of the boxes'."""
    from scipy.ndimage import find_objects, label, sum_labels

    labels, count = label(ink > 0, np.ones((3, 3)))
    masses = sum_labels(ink, labels, np.arange(1, count + 1))
    boxes = np.array([(columns.start, rows.start, columns.stop, rows.stop) for rows, columns in find_objects(labels)])
    numbers = np.sort(np.argsort(-masses, kind="stable")[:MAX_COMPONENTS])
    return {tuple(shrink_factor * edge for edge in box): isolate_digit(ink, labels, box, members + 1)
            for box, members in in_reading_order(group_components(boxes, numbers))}


def isolate_digit(ink: np.ndarray, labels: np.ndarray, box: Any, members: np.ndarray) -> np.ndarray:
    """Return the ink of these pieces in a box, with a black rim."""
    left, top, right, bottom = box
    part = slice(top, bottom), slice(left, right)
    return add_rim(np.where(np.isin(labels[part], members), ink[part], 0))


def add_rim(ink: np.ndarray) -> np.ndarray:
    """Return ink (height, width) with black around it, too wide to be taken for a frame."""
    return np.pad(ink, RIM_PX + int(RIM_SHARE * min(ink.shape)))


def group_components(boxes: np.ndarray, numbers: np.ndarray) -> list[tuple[Any, np.ndarray]]:
    """Return a list of digits (box, numbers of their pieces) from pieces' boxes (n, 4)."""
    from scipy.sparse.csgraph import connected_components

    boxes, members = boxes[numbers], [np.array([number]) for number in numbers]
    height = np.quantile(boxes[:, 3] - boxes[:, 1], 0.75)
    while True:
        count, groups = connected_components(same_digit_pairs(boxes, height), directed=False)
        if count == len(boxes):
            return [(tuple(int(edge) for edge in box), pieces) for box, pieces in zip(boxes, members, strict=True)]
        gathered = [np.flatnonzero(groups == group) for group in range(count)]
        boxes = np.array(
            [
                [*boxes[component_group, :2].min(axis=0), *boxes[component_group, 2:].max(axis=0)]
                for component_group in gathered
            ]
        )
        members = [np.concatenate([members[index] for index in component_group]) for component_group in gathered]


def same_digit_pairs(boxes: np.ndarray, height: float) -> np.ndarray:
    """Return which pairs of boxes (n, 4) hold pieces of one digit: (n, n) bool. ``height``: of a digit."""
    left, top, right, bottom = boxes.T
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)  # below zero: the gap
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    small = bottom - top < SMALL_HEIGHT_SHARE * height
    near = (down > 0) | ((down > -MAX_VERTICAL_GAP_SHARE * height) & np.logical_or.outer(small, small))
    above = (across > MIN_OVERLAP_SHARE * np.minimum.outer(right - left, right - left)) & near
    beside = (across > -MAX_SIDE_GAP_SHARE * height) & (down > 0) & np.not_equal.outer(small, small)
    gaps = np.where(beside & small[:, np.newaxis], -across, np.inf)
    nearest = np.isfinite(gaps) & (gaps == gaps.min(axis=1, keepdims=True))  # a speck joins no two digits
    return above | nearest | nearest.T


def in_reading_order(digits: list[tuple[Any, np.ndarray]]) -> list[tuple[Any, np.ndarray]]:
    """Return the digits (box, pieces) line by line, each from left to right.

    A digit goes on with the line whose last one stands at its height, so lines may rise or fall.
    """
    lines: list[list] = []
    for digit in sorted(digits, key=lambda digit: digit[0][0]):
        offsets = [line_offset(digit[0], line[-1][0]) for line in lines]
        if lines and min(offsets) < 1:
            lines[int(np.argmin(offsets))].append(digit)
        else:
            lines.append([digit])
    lines.sort(key=lambda line: np.mean([box[1] + box[3] for box, _ in line]))
    return [digit for line in lines for digit in line]


def line_offset(box: np.ndarray, other: np.ndarray) -> float:
    """Return how far the middles of two boxes are apart in height; 1: half of the taller one."""
    return abs(box[1] + box[3] - other[1] - other[3]) / max(box[3] - box[1], other[3] - other[1])
