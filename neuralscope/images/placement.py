"""Where ink goes on the 28x28 of a digit: its size and its place, in fractions of pixels until the one resampling."""

import math
from dataclasses import dataclass

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE, MASS_CENTRE
from neuralscope.images.components import NO_INK
from neuralscope.images.resize import resample_ink, scale_for
from neuralscope.short_repr import short_repr

INK_SIDE = 20
FAINT_LINE_INK, DARK_LINE_INK = 0.1, 0.4  # of full ink: the darkest pixel of a line where ink ends, and where it is
TIE = 1e-5  # pixels by which two places may differ and be as near: more than rounding moves a centre of mass


@dataclass(frozen=True)
class Span:
    """Where ink begins and ends along one axis, in pixels and fractions of these."""

    start: float
    stop: float

    @property
    def length(self) -> float:
        """How long it is."""
        return self.stop - self.start


def ink_spans(ink: np.ndarray, soft: bool) -> tuple[Span, ...]:
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


def outer_box(spans: tuple[Span, ...]) -> tuple[int, int, int, int]:
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
    __repr__ = short_repr


def place_ink(ink: np.ndarray, spans: tuple[Span, ...], side: int, by_mass: bool) -> PlacedInk:
    """Return ink with its longer Span brought to ``side`` pixels, and its centre of mass, or its box, to the middle.

    As far as there is room. Places are fractions of pixels until the one resampling; only ink that keeps its size also
    keeps its pixels, and is moved by whole ones: to the upper or left of two places as near, on every processor.
    """
    if not ink.sum():
        raise InputError(*NO_INK)
    longer = max(span.length for span in spans)
    keeps_pixels = longer == side
    scale = 1.0 if keeps_pixels else scale_for(longer, side)
    size = tuple(scale * span.length for span in spans)
    places = [place_along(axis, ink, span.start, length, scale, keeps_pixels)
              for axis, (span, length) in enumerate(zip(spans, size, strict=True))]
    boxed, masses, shifts = zip(*places, strict=True)
    shifts = shifts if by_mass else (0, 0)

    def on_canvas(starts):
        offsets = tuple(start - scale * span.start for start, span in zip(starts, spans, strict=True))
        canvas = IMAGE_SIDE, IMAGE_SIDE
        return shift_pixels(ink, offsets, canvas) if keeps_pixels else resample_ink(ink, scale, offsets, canvas)

    digit = on_canvas([start + shift for start, shift in zip(boxed, shifts, strict=True)])
    scaled = on_canvas(boxed) if any(shifts) else digit
    rows, columns = (slice(math.floor(start), math.ceil(start + length))
                     for start, length in zip(boxed, size, strict=True))
    return PlacedInk(scaled[rows, columns], digit, size, masses, shifts)


def place_along(axis: int, ink: np.ndarray, first: float, length: float, scale: float,
                keeps_pixels: bool) -> tuple[float, float, float]:
    """Return where scaled ink begins along an axis with its box in the middle, its centre of mass there, and its shift.

    ``first``: where the ink begins in ``ink``, in pixels of it; ``length``: how long it is once scaled.
    """
    mass = (float(ink.sum(axis=1 - axis) @ np.arange(ink.shape[axis])) / float(ink.sum()) + 0.5 - first) * scale - 0.5
    start = (IMAGE_SIDE - length) // 2 if keeps_pixels else (IMAGE_SIDE - length) / 2
    moved = MASS_CENTRE - mass
    moved = math.ceil(moved - 0.5 - TIE) if keeps_pixels else moved
    return start, start + mass, min(max(moved, 0), IMAGE_SIDE - length) - start


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
