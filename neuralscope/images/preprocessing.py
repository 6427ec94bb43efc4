"""Any picture of a digit -> the 28x28 that a network trained on MNIST expects, one named step at a time.

The recipe is MNIST's own (http://yann.lecun.com/exdb/mnist): the ink's longer side becomes 20 pixels, its aspect kept,
with antialiasing; its centre of mass goes to the middle of 28x28. Strokes of a thin pen are widened after that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE
from neuralscope.images.background import Background, find_background, remove_background
from neuralscope.images.blob import refuse_blob
from neuralscope.images.grayscale import shrink, to_channels, to_grayscale
from neuralscope.images.placement import INK_SIDE, Span, ink_spans, outer_box, place_ink
from neuralscope.images.stroke_width import stroke_width, widen_thin_strokes
from neuralscope.short_repr import short_repr

STEPS = ("grey", "ink", "ground", "box", "scale", "centre", "stroke")


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
    pixels of a large picture are one of the stages', across and down. ``size``: (height, width) of the ink after
    scaling, in pixels and fractions. ``mass``: (row, column) of its centre of mass, in pixels of the 28x28 with its box
    in the middle. ``shift``: (rows, columns) that centring moved it from there; whole where the ink kept its size.
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
    spans = ink_spans(ink, "ground" in steps) if "box" in steps else tuple(Span(0, length) for length in ink.shape)
    box = outer_box(spans)
    part = ink[box[1]:box[3], box[0]:box[2]]
    placed = place_ink(ink, spans, INK_SIDE if "scale" in steps else IMAGE_SIDE, "centre" in steps)
    if {"box", "scale"} <= set(steps):  # else its size tells nothing
        refuse_blob(placed.digit)
    digit = widen_thin_strokes(placed.digit) if "stroke" in steps else placed.digit
    pictures = grey, light, ink, part, placed.scaled, placed.digit, digit
    stages = tuple(PreprocessingStage(name, name in steps, stage_picture)
                   for name, stage_picture in zip(STEPS, pictures, strict=True))
    edges = tuple(shrink_factor * edge for edge in box)
    return Preprocessed(digit.reshape(-1), stages, inverted, edges, shrink_factor, placed.size, placed.mass,
                        placed.shift)


trace = preprocess  # the name that README promised first


def background_as_seen(background: Background, light: np.ndarray, inverted: bool) -> Background:
    """Return the ground as the step that removes it sees it.

    Dark ink that was not made light is taken for the ground, and the paper for the ink.
    """
    if inverted:
        return background.inverted()
    return Background(float(light.min()), False) if background.dark_ink else background
