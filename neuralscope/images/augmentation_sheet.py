"""A sheet of warped digits: what a training with augmentation gets to see."""

import io

import numpy as np

from neuralscope.images.augmentation import FADE_FROM, FADE_TO, augment

COLUMNS = 12  # the first one holds the digits as they are
ZOOM, GAP, MARGIN, LINE, LETTERS = 2, 6, 16, 20, 13  # pixels
GROUND, INK, WORDS = 24, 255, 200  # grey values


def draw(digits, name, warp, rng):
    """Return a PNG's bytes: one random digit of each class and warps of it at full strength.

    ``digits``: Digits of 784 pixels. ``name``: the warp's, for the caption.
    """
    from PIL import Image, ImageDraw

    chosen = [rng.choice(np.flatnonzero(digits.labels == label)) for label in np.unique(digits.labels)]
    originals = digits.images[chosen]
    # One by one, for pictures that are warped together may share a map.
    rows = [[image] + [augment(image[np.newaxis], warp, rng)[0] for _ in range(COLUMNS - 1)] for image in originals]
    side = 28 * ZOOM + GAP
    lines = caption(name, warp)
    size = 2 * MARGIN + COLUMNS * side, 2 * MARGIN + len(rows) * side + len(lines) * LINE
    sheet = Image.new("L", size, GROUND)
    for down, row in enumerate(rows):
        for across, image in enumerate(row):
            tile = np.repeat(np.repeat(image.reshape(28, 28), ZOOM, axis=0), ZOOM, axis=1)
            place = MARGIN + across * side + (GAP if across else 0), MARGIN + down * side
            sheet.paste(Image.fromarray((tile * INK).astype(np.uint8)), place)
    pen = ImageDraw.Draw(sheet)
    for number, words in enumerate(lines):
        pen.text((MARGIN, MARGIN + len(rows) * side + number * LINE), words, WORDS, font_size=LETTERS)
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def caption(name, warp):
    """Return what the sheet says of itself, in lines."""
    elastic = f"; elastic alpha {warp.alpha:g}, sigma {warp.sigma:g} px" if warp.alpha else ""
    return (f"{name}: shift {warp.shift:g} px, turn {warp.turn:g}°, scale {warp.scale:.0%}, "
            f"shear {warp.shear:g}, each at most, either way{elastic}",
            f"left: the digit as it is; right of it: warps, drawn anew every epoch, weaker from "
            f"{FADE_FROM:.0%} of the training on, down to {FADE_TO:.0%} of this")
