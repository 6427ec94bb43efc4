"""A sheet of warped digits: what a training with augmentation gets to see."""

import io
from typing import Any

import numpy as np

from neuralscope.images.augmentation import FADE_END_STRENGTH, FADE_START_PROGRESS, Warp, augment
from neuralscope.images.pixels import to_unit_range

SHEET_COLUMNS = 12  # the first one holds the digits as they are
TILE_ZOOM, GAP_PX, MARGIN_PX, LINE_HEIGHT_PX, FONT_SIZE_PX = 2, 6, 16, 20, 13  # pixels
BACKGROUND_GREY, INK_GREY, TEXT_GREY = 24, 255, 200  # grey values


def draw_sheet(digits: Any, name: str, warp: Warp, rng: np.random.Generator) -> bytes:
    """Return a PNG's bytes: one random digit of each class and warps of it at full strength.

    ``digits``: Digits of 784 pixels. ``name``: the warp's, for the caption.
    """
    from PIL import Image, ImageDraw

    indices = [rng.choice(np.flatnonzero(digits.labels == label)) for label in np.unique(digits.labels)]
    originals = to_unit_range(digits.pixels[indices])
    # One by one, for pictures that are warped together may share a map.
    rows = [
        [image] + [augment(image[np.newaxis], warp, rng)[0] for _ in range(SHEET_COLUMNS - 1)] for image in originals
    ]
    side = 28 * TILE_ZOOM + GAP_PX
    lines = caption_lines(name, warp)
    size = 2 * MARGIN_PX + SHEET_COLUMNS * side, 2 * MARGIN_PX + len(rows) * side + len(lines) * LINE_HEIGHT_PX
    sheet = Image.new("L", size, BACKGROUND_GREY)
    for down, row in enumerate(rows):
        for across, image in enumerate(row):
            tile = np.repeat(np.repeat(image.reshape(28, 28), TILE_ZOOM, axis=0), TILE_ZOOM, axis=1)
            corner = MARGIN_PX + across * side + (GAP_PX if across else 0), MARGIN_PX + down * side
            sheet.paste(Image.fromarray((tile * INK_GREY).astype(np.uint8)), corner)
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        pen.text(
            (MARGIN_PX, MARGIN_PX + len(rows) * side + number * LINE_HEIGHT_PX), line, TEXT_GREY, font_size=FONT_SIZE_PX
        )
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def caption_lines(name: str, warp: Warp) -> tuple[str, ...]:
    """Return what the sheet says of itself, in lines."""
    elastic = f"; elastic alpha {warp.alpha:g}, sigma {warp.sigma:g} px" if warp.alpha else ""
    return (f"{name}: shift {warp.shift:g} px, turn {warp.turn:g}°, scale {warp.scale:.0%}, "
            f"shear {warp.shear:g}, each at most, either way{elastic}",
            f"left: the digit as it is; right of it: warps, drawn anew every epoch, weaker from "
            f"{FADE_START_PROGRESS:.0%} of the training on, down to {FADE_END_STRENGTH:.0%} of this")
