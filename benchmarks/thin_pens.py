"""Digits as a thin pen writes them: strokes thinned to one pixel, and drawings along those lines by pens.

Thinning is Zhang & Suen's (1984, "A fast parallel algorithm for thinning digital patterns"), of many pictures at once.
"""

import itertools

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.disturbances import resized

IMAGE_SIDE, DRAWING_SIDE = 28, 280  # pixels
THINNING_SCALE = 4  # times: so much a digit is enlarged before it is thinned for a drawing, or its lines are jagged
PEN_WIDTHS_PX = 5, 7, 9, 24  # of drawings; the last is MNIST's own, and tells what the lines alone cost
# places around a pixel, (row, column), clockwise from above it, as the paper numbers them P2 to P9
NEIGHBOURS = (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)
# of those: no two of each pair's triples may be all ink, in the first and in the second pass
KEPT_TRIPLES = ((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))


def thinned(ink):
    """Return ink (n, height, width) bool, each stroke thinned to one pixel."""
    ink = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    while True:
        before = ink.sum()
        for triples in KEPT_TRIPLES:
            around = [np.roll(ink, (-rows, -columns), (1, 2)) for rows, columns in NEIGHBOURS]
            count = sum(each.astype(np.int8) for each in around)
            following = around[1:] + around[:1]
            rises = sum((~one & other).astype(np.int8) for one, other in zip(around, following, strict=True))
            goes = ink & (count >= 2) & (count <= 6) & (rises == 1)
            for triple in triples:
                goes &= ~np.logical_and.reduce([around[number] for number in triple])
            ink = ink & ~goes
        if ink.sum() == before:
            return ink[:, 1:-1, 1:-1]


def thin_lines(digits, scale):
    """Return digits (n, 784) in [0, 1] as lines of one pixel: (n, 28 x scale, 28 x scale) bool."""
    pictures = digits.reshape(-1, IMAGE_SIDE, IMAGE_SIDE)
    side = IMAGE_SIDE * scale
    return thinned(np.stack([resized(picture, (side, side)) for picture in pictures]) > 0.5)


def drawing(line, width):
    """Return a drawing of DRAWING_SIDE along a line of pixels (side, side) bool, by a dark pen: uint8."""
    scale = DRAWING_SIDE / len(line)
    picture = Image.new("L", (DRAWING_SIDE, DRAWING_SIDE), 255)
    pen, places = ImageDraw.Draw(picture), set(zip(*map(np.ndarray.tolist, np.nonzero(line)), strict=True))
    for row, column in places:
        x, y = (scale * (place + 0.5) for place in (column, row))
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), 0)
        for rows, columns in NEIGHBOURS[1:5]:
            if (row + rows, column + columns) in places:
                pen.line((x, y, x + scale * columns, y + scale * rows), 0, width)
    return np.asarray(picture)


def thin_pen_pictures(digits):
    """Yield the name of each thin pen, and an iterator over pictures (uint8) of digits (n, 784) as it writes them."""
    yield "thinned to 1 pixel at 28 pixels", iter(np.uint8(255) * thin_lines(digits, 1))
    lines = thin_lines(digits, THINNING_SCALE)
    cells = lines.reshape(-1, IMAGE_SIDE, THINNING_SCALE, IMAGE_SIDE, THINNING_SCALE)
    yield "a pen of 1 pixel in 28", iter(np.uint8(255) * cells.any(axis=(2, 4)))
    for width in PEN_WIDTHS_PX:
        yield f"a pen of {width} pixels in {DRAWING_SIDE}", map(drawing, lines, itertools.repeat(width))
