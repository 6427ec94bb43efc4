"""Any picture of a digit -> the 28x28 that a network trained on MNIST expects, one named step at a time.

The recipe is MNIST's own (http://yann.lecun.com/exdb/mnist): the ink's longer side becomes 20 pixels, its aspect kept,
with antialiasing; its centre of mass goes to the middle of 28x28. Strokes of a thin pen are widened after that.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE, MASS_CENTRE
from neuralscope.images.background import Background, find_background, remove_background
from neuralscope.images.blob import refuse_blob
from neuralscope.images.components import NO_INK
from neuralscope.images.grayscale import shrink, to_channels, to_grayscale
from neuralscope.images.resize import resize_ink
from neuralscope.images.stroke_width import stroke_width, widen_thin_strokes
from neuralscope.short_repr import short_repr

STEPS = ("grey", "ink", "ground", "box", "scale", "centre", "stroke")
INK_SIDE = 20
TIE = 1e-5  # pixels by which two places may differ and be as near: more than rounding moves a centre of mass


@dataclass(frozen=True, eq=False)
class PreprocessingStage:
    """What a picture is after a step: ``picture`` (height, width) float32 in [0, 1]; ``applied``: the step was on."""

    name: str
    applied: bool
    picture: np.ndarray
    __repr__ = short_repr


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """How a picture became a digit.

    ``digit``: (784,) float32 in [0, 1]. ``stages``: a PreprocessingStage for each of STEPS. ``inverted``: dark ink was
    made light. ``box``: (left, top, right, bottom) of the ink in pixels, the last two past it. ``shrunk``: how many
    pixels of a large picture are one of the stages', across and down. ``size``: (height, width) after scaling.
    ``mass``: (row, column) of its centre of mass, in pixels of the 28x28 with its box in the middle. ``shift``: (rows,
    columns) that centring moved it from there.
    """

    digit: np.ndarray
    stages: tuple
    inverted: bool
    box: tuple
    shrunk: int
    size: tuple
    mass: tuple
    shift: tuple
    __repr__ = short_repr

    @property
    def ink(self) -> np.ndarray:
        """The ink before it is cut, with the ground removed: (height, width) float32 in [0, 1]."""
        return self.stages[STEPS.index("ground")].picture

    @property
    def stroke_widths(self) -> tuple[float, float]:
        """How wide the strokes are in pixels of the digit, before and after thin ones are widened."""
        before, after = (stroke_width(self.stages[STEPS.index(name)].picture) for name in ("centre", "stroke"))
        return before, after


def as_digit(picture: ArrayLike, steps: Sequence[str] = STEPS) -> np.ndarray:
    """Return a picture as (784,) float32 in [0, 1]; see ``preprocess``."""
    return preprocess(picture, steps).digit


def preprocess(picture: ArrayLike, steps: Sequence[str] = STEPS) -> Preprocessed:
    """Return the Preprocessed of a picture by those of STEPS that are named; the others are left out.

    ``picture``: (height, width) or (height, width, 1 to 4: grey, grey and alpha, RGB, RGBA), at least 2x2; bool,
    uint8, uint16, other whole numbers 0..255 or floats 0..1. Raises InputError for another, and for one without ink
    or with a dot alone.
    """
    unknown = set(steps) - set(STEPS)
    if unknown:
        raise InputError(f"no step is called {', '.join(sorted(map(str, unknown)))}", f"there are {', '.join(STEPS)}")
    colours, shrink_factor = shrink(to_channels(picture))
    grey = to_grayscale(colours) if "grey" in steps else colours[:, :, 0]
    background = find_background(grey) if "ink" in steps or "ground" in steps else None
    inverted = "ink" in steps and background.dark_ink
    light = 1 - grey if inverted else grey
    ink = remove_background(light, background_as_seen(background, light, inverted)) if "ground" in steps else light
    box = ink_box(ink) if "box" in steps else (0, 0, ink.shape[1], ink.shape[0])
    part = ink[box[1]:box[3], box[0]:box[2]]
    scaled = resize_ink(part, INK_SIDE if "scale" in steps else IMAGE_SIDE)
    placed, mass, shift = centre_ink(scaled, "centre" in steps)
    if {"box", "scale"} <= set(steps):  # else its size tells nothing
        refuse_blob(placed)
    digit = widen_thin_strokes(placed) if "stroke" in steps else placed
    pictures = grey, light, ink, part, scaled, placed, digit
    stages = tuple(PreprocessingStage(name, name in steps, stage_picture)
                   for name, stage_picture in zip(STEPS, pictures, strict=True))
    edges = tuple(shrink_factor * edge for edge in box)
    return Preprocessed(digit.reshape(-1), stages, inverted, edges, shrink_factor, scaled.shape, mass, shift)


trace = preprocess  # the name that README promised first


def background_as_seen(background: Background, light: np.ndarray, inverted: bool) -> Background:
    """Return the ground as the step that removes it sees it.

    Dark ink that was not made light is taken for the ground, and the paper for the ink.
    """
    if inverted:
        return background.inverted()
    return Background(float(light.min()), False) if background.dark_ink else background


def ink_box(ink: np.ndarray) -> tuple[int, int, int, int]:
    """Return ``(left, top, right, bottom)`` of everything lighter than black, in pixels; the last two lie past it."""
    has_ink = ink > 0
    rows, columns = (np.flatnonzero(has_ink.any(axis)) for axis in (1, 0))
    if not rows.size:
        raise InputError(*NO_INK)
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def centre_ink(picture: np.ndarray, by_mass: bool) -> tuple[np.ndarray, tuple[float, ...], tuple[int, ...]]:
    """Return the picture on 28x28, its centre of mass before, and the shift: whole pixels, from its box in the middle.

    ``by_mass``: its centre of mass goes nearest to the middle, as far as there is room; else its box does. Of two
    places as near, which a symmetrical stroke of even length always has, the upper or left one, on every processor.
    """
    canvas = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.float32)
    total, places, middles, shifts = float(picture.sum()), [], [], []
    if total == 0:
        raise InputError(*NO_INK)
    for axis, length in enumerate(picture.shape):
        mass = float(picture.sum(axis=1 - axis) @ np.arange(length)) / total
        start = (IMAGE_SIDE - length) // 2
        middles.append(start + mass)
        moved = min(max(math.ceil(MASS_CENTRE - mass - 0.5 - TIE), 0), IMAGE_SIDE - length) if by_mass else start
        shifts.append(moved - start)
        places.append(slice(moved, moved + length))
    canvas[tuple(places)] = picture
    return canvas, tuple(middles), tuple(shifts)
