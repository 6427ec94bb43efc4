"""Any picture of a digit -> the 28x28 that a network trained on MNIST expects, one named step at a time.

The recipe is MNIST's own (http://yann.lecun.com/exdb/mnist): the ink's longer side becomes 20 pixels, its aspect kept,
with antialiasing; its centre of mass goes to the middle of 28x28.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE, MASS_CENTRE
from neuralscope.images.background import Background, find_background, remove_background
from neuralscope.images.components import NO_INK
from neuralscope.images.grayscale import shrink, to_channels, to_grayscale
from neuralscope.images.resize import Span, resample_ink, scale_for
from neuralscope.short_repr import short_repr

STEPS = ("grey", "ink", "ground", "box", "scale", "centre")
INK_SIDE = 20
FAINT_LINE_INK, DARK_LINE_INK = 0.1, 0.4  # of full ink: the darkest pixel of a line that no box holds, and that one does
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


def as_digit(picture: ArrayLike, steps: Sequence[str] = STEPS) -> np.ndarray:
    """Return a picture as (784,) float32 in [0, 1]; see ``preprocess``."""
    return preprocess(picture, steps).digit


def preprocess(picture: ArrayLike, steps: Sequence[str] = STEPS) -> Preprocessed:
    """Return the Preprocessed of a picture by those of STEPS that are named; the others are left out.

    ``picture``: (height, width) or (height, width, 1 to 4: grey, grey and alpha, RGB, RGBA), at least 2x2; bool,
    uint8, uint16, other whole numbers 0..255 or floats 0..1. Raises InputError for another, and for one without ink.
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
    pictures = grey, light, ink, part, placed.scaled, placed.digit
    stages = tuple(PreprocessingStage(name, name in steps, stage_picture)
                   for name, stage_picture in zip(STEPS, pictures, strict=True))
    edges = tuple(shrink_factor * edge for edge in box)
    return Preprocessed(placed.digit.reshape(-1), stages, inverted, edges, shrink_factor, placed.size, placed.mass,
                        placed.shift)


trace = preprocess  # the name that README promised first


def background_as_seen(background: Background, light: np.ndarray, inverted: bool) -> Background:
    """Return the ground as the step that removes it sees it.

    Dark ink that was not made light is taken for the ground, and the paper for the ink.
    """
    if inverted:
        return background.inverted()
    return Background(float(light.min()), False) if background.dark_ink else background


def ink_spans(ink: np.ndarray, soft: bool) -> tuple[Span, Span]:
    """Return the Spans of the rows and the columns that hold ink, in pixels.

    ``soft``: rows at the ends count by how dark they are, so that no grey level more or less moves an end by a pixel.
    Ink that is 20 pixels long already, as MNIST's digits are, is measured in whole pixels, and so stays as it is.
    Raises InputError where there is no ink.
    """
    darkest = [ink.max(axis=axis) for axis in (1, 0)]
    spans = tuple(whole_span(values) for values in darkest)
    if not soft or max(span.length for span in spans) == INK_SIDE:
        return spans
    return tuple(soft_span(values, span) for values, span in zip(darkest, spans, strict=True))


def whole_span(darkest: np.ndarray) -> Span:
    """Return the Span of the lines that hold any ink, by the ``darkest`` value (length,) of each."""
    lines = np.flatnonzero(darkest > 0)
    if not lines.size:
        raise InputError(*NO_INK)
    return Span(int(lines[0]), int(lines[-1]) + 1)


def soft_span(darkest: np.ndarray, whole: Span) -> Span:
    """Return a Span whose ends lie where lines fade out; ``whole`` where none is dark."""
    shares = np.clip((darkest - FAINT_LINE_INK) / (DARK_LINE_INK - FAINT_LINE_INK), 0, 1)
    dark = np.flatnonzero(shares == 1)
    if not dark.size:
        return whole
    first, last = int(dark[0]), int(dark[-1]) + 1
    return Span(first - float(shares[:first].sum()), last + float(shares[last:].sum()))


def outer_box(spans: tuple[Span, Span]) -> tuple[int, int, int, int]:
    """Return ``(left, top, right, bottom)`` of what the Spans of rows and columns touch, in pixels; two lie past it."""
    rows, columns = spans
    return math.floor(columns.start), math.floor(rows.start), math.ceil(columns.stop), math.ceil(rows.stop)


@dataclass(frozen=True, eq=False)
class PlacedInk:
    """Ink on 28x28: before its centre of mass was brought to the middle, and after; the rest as in Preprocessed."""

    scaled: np.ndarray
    digit: np.ndarray
    size: tuple[float, ...]
    mass: tuple[float, ...]
    shift: tuple[float, ...]


def place_ink(ink: np.ndarray, spans: tuple[Span, Span], side: int, by_mass: bool) -> PlacedInk:
    """Return ink with its longer Span brought to ``side`` pixels, and its centre of mass, or its box, to the middle.

    As far as there is room. Places are fractions of pixels until the one resampling; only ink that keeps its size also
    keeps its pixels, and is moved by whole ones: to the upper or left of two places as near, on every processor.
    """
    total = float(ink.sum())
    if total == 0:
        raise InputError(*NO_INK)
    longer = max(span.length for span in spans)
    keeps_pixels = longer == side
    scale = 1.0 if keeps_pixels else scale_for(longer, side)
    size = tuple(scale * span.length for span in spans)
    boxed, shifts, masses = [], [], []
    for axis, (span, length) in enumerate(zip(spans, size, strict=True)):
        mass = (float(ink.sum(axis=1 - axis) @ np.arange(ink.shape[axis])) / total + 0.5 - span.start) * scale - 0.5
        start = (IMAGE_SIDE - length) // 2 if keeps_pixels else (IMAGE_SIDE - length) / 2
        moved = MASS_CENTRE - mass
        moved = math.ceil(moved - 0.5 - TIE) if keeps_pixels else moved
        boxed.append(start)
        masses.append(start + mass)
        shifts.append(min(max(moved, 0), IMAGE_SIDE - length) - start if by_mass else 0)

    def on_canvas(starts):
        offsets = tuple(start - scale * span.start for start, span in zip(starts, spans, strict=True))
        canvas = IMAGE_SIDE, IMAGE_SIDE
        return shift_pixels(ink, offsets, canvas) if keeps_pixels else resample_ink(ink, scale, offsets, canvas)

    digit = on_canvas([start + shift for start, shift in zip(boxed, shifts, strict=True)])
    scaled = on_canvas(boxed) if any(shifts) else digit
    rows, columns = (slice(math.floor(start), math.ceil(start + length)) for start, length in zip(boxed, size, strict=True))
    return PlacedInk(scaled[rows, columns], digit, size, tuple(masses), tuple(shifts))


def shift_pixels(ink: np.ndarray, starts: tuple[float, float], size: tuple[int, int]) -> np.ndarray:
    """Return ink on ``size``, its first row and column at whole ``starts`` there, and what lies outside cut off."""
    canvas = np.zeros(size, np.float32)
    sources, targets = [], []
    for start, length, room in zip(map(int, starts), ink.shape, size, strict=True):
        first, last = max(start, 0), min(start + length, room)
        targets.append(slice(first, last))
        sources.append(slice(first - start, last - start))
    canvas[tuple(targets)] = ink[tuple(sources)]
    return canvas
