"""Digits that do not stand free: in printed boxes, and in rows that are cropped to the ink."""

import numpy as np
from PIL import Image

from benchmarks.disturbances import jpeg_round_trip, resized
from neuralscope import images
from neuralscope.errors import InputError
from neuralscope.images.segmentation import cut_digits

PAPER_SIDES_PX = 42, 70, 112, 200, 400  # pixels of a side
DIGIT_SHARE = 0.7  # of the paper's side: MNIST's 28 pixels
MAX_OUTLINE_PX = 4  # pixels: how thick an outline is
INSETS_PX = {"at the edge": 0, "inside": 6}  # pixels from the edge of the paper to an outline
CLEARANCE_PX = 2  # pixels between an outline and the digit
NOISE_DEVIATION, JPEG_QUALITY_RANGE = 0.03, (60, 95)  # of white
MIN_CONTRAST = 0.5  # of full contrast: an outline's and a digit's
ROW_SCALES = {"x1": (1, "NEAREST"), "x2": (2, "BICUBIC"), "x2 nearest": (2, "NEAREST"), "x4": (4, "BICUBIC"),
              "x4 nearest": (4, "NEAREST")}


def cropped_to_ink(ink):
    """Return the part of a picture (height, width) that holds all that is lighter than black."""
    rows, columns = (np.flatnonzero((ink > 0).any(axis)) for axis in (1, 0))
    return ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


def boxed_digit(digit, inset, rng):
    """Return a digit (784,) in [0, 1], or nothing for None, in an outline ``inset`` pixels from the edge, as uint8."""
    side, thickness = int(rng.choice(PAPER_SIDES_PX)), int(rng.integers(1, MAX_OUTLINE_PX + 1))
    paper = np.zeros((side, side), np.float32)
    outer = slice(inset, side - inset)
    paper[outer, outer] = rng.uniform(MIN_CONTRAST, 1)
    start = inset + thickness
    inner = slice(start, side - start)
    paper[inner, inner] = 0
    if digit is not None:
        room = side - 2 * start - 2 * CLEARANCE_PX
        put_freely(paper[inner, inner], digit_ink(digit, DIGIT_SHARE * side, room) * rng.uniform(MIN_CONTRAST, 1), rng)
    return as_scanned(paper, rng)


def digit_ink(digit, tile, room):
    """Return the ink of a digit (784,) whose 28 pixels become ``tile``, or that fits in ``room``: in [0, 1]."""
    crop = cropped_to_ink(digit.reshape(28, 28))
    scale = min(tile / 28, room / max(crop.shape))
    return np.clip(resized(crop, [max(1, int(length * scale)) for length in crop.shape]), 0, 1)


def put_freely(paper, ink, rng):
    """Put ink somewhere on a paper (height, width), CLEARANCE_PX from its edge at least."""
    top, left = (CLEARANCE_PX + int(rng.integers(room - length - 2 * CLEARANCE_PX + 1))
                 for room, length in zip(paper.shape, ink.shape, strict=True))
    paper[top:top + ink.shape[0], left:left + ink.shape[1]] = ink


def as_scanned(ink, rng):
    """Return ink on black as uint8, in turns light or dark, and clean, with noise or from JPEG."""
    picture = 1 - ink if rng.random() < 0.5 else ink
    kind = rng.integers(3)
    if kind == 1:
        picture = picture + rng.normal(0, NOISE_DEVIATION, picture.shape)
    picture = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return jpeg_round_trip(picture, int(rng.integers(*JPEG_QUALITY_RANGE))) if kind == 2 else picture


def tight_row(row, scale, resampling, dark):
    """Return a row of digits, light on black, uint8, cropped to its ink and enlarged; ``dark``: as dark ink."""
    crop = cropped_to_ink(row)
    size = tuple(scale * length for length in crop.shape[::-1])
    picture = np.asarray(Image.fromarray(crop).resize(size, Image.Resampling[resampling]))
    return 255 - picture if dark else picture


def read(network, picture, cut):
    """Return the classes read in a picture that ``cut`` parts into single digits; none of one that is refused."""
    try:
        digits = [images.as_digit(part) for part in cut(picture)]
    except InputError:
        return []
    return network.forward(np.array(digits)).predictions.tolist()


def boxed_rows(network, test, seed):
    """Yield a row of the table for outlines at the edge and inside, for a digit in each and for empty cells."""
    for place, inset in INSETS_PX.items():
        rng = np.random.default_rng(seed)
        answers = [read(network, boxed_digit(digit, inset, rng), lambda picture: [picture]) for digit in test.images]
        right = sum(answer == [label] for answer, label in zip(answers, test.labels, strict=True))
        yield place, len(test), answers.count([]), f"{100 * right / len(test):.2f}"
        cells = [read(network, boxed_digit(None, inset, rng), lambda picture: [picture]) for _ in test.images[::5]]
        yield f"{place}, empty", len(cells), cells.count([]), f"{100 * cells.count([]) / len(cells):.2f}"


def tight_row_rows(network, rows):
    """Yield a row of the table for each enlargement of ``rows``, pictures of a row and their labels."""
    for name, (scale, resampling) in ROW_SCALES.items():
        short = long = right = 0
        for number, (picture, labels) in enumerate(rows):
            tight = tight_row(picture, scale, resampling, number % 2)
            answers = read(network, tight, lambda row: cut_digits(row).values())
            short += len(answers) < len(labels)
            long += len(answers) > len(labels)
            right += answers == labels.tolist()
        count = len(rows)
        yield name, count, f"{100 * short / count:.2f}", f"{100 * long / count:.2f}", f"{100 * right / count:.2f}"
