"""What a hand draws, as a picture: smooth strokes, an eraser, undo; NumPy only.

Places are in the unit square, x to the right and y down, so that a window may change its size in mid-stroke.
"""

import math
import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from neuralscope.visualizer.session.stroke_smoothing import StrokeSmoother

MAX_SLACK_SHARE = 0.06  # of the side, at the strongest smoothing: how far the pen may stay behind the hand
MAX_OUTSIDE_SIDES = 1.0  # sides that a hand is followed beyond the rim; ink ends at the rim
MAX_HISTORY_BYTES = 2**24  # for what undo and redo need, some ten thousand usual strokes; the oldest are forgotten


class Strokes:
    """Strokes on a square pad, light ink on dark.

    ``picture`` is (side, side) uint8, read-only and always up to date: the same array throughout. ``smoothing``, 0 to
    1, steadies a shaky hand, in strokes begun afterwards.
    """

    def __init__(self, side=280):
        """Make an empty pad of ``side`` x ``side`` pixels."""
        self.smoothing = 0.0
        self._pixels = np.zeros((side, side), np.uint8)
        self.picture = self._pixels.view()
        self.picture.flags.writeable = False
        self._stroke = None
        self._done, self._undone = [], []  # changes, the next one to undo or redo last
        self._forgotten = 0  # strokes on the picture that can no longer be undone

    def __len__(self):
        """Count the strokes since the pad was empty or cleared, the erasing ones and one going on included."""
        return (self._done[-1].strokes if self._done else self._forgotten) + self.drawing

    @property
    def drawing(self):
        """Whether a stroke is going on."""
        return self._stroke is not None

    @property
    def empty(self):
        """Whether there is no ink."""
        return not self._pixels.any()

    def begin(self, x, y, width, erases=False):
        """Put the pen down at a place; ``width`` is a fraction of the side, at least a pixel. A stroke going on ends.

        Places that are not finite are ignored, here and in `move`.
        """
        hand = self._to_pixels(x, y)
        if hand is None or not math.isfinite(width):
            return
        self.end()
        slack = MAX_SLACK_SHARE * len(self._pixels) * min(max(self.smoothing, 0), 1)
        radius = max(width * len(self._pixels), 1) / 2
        self._stroke = _Stroke(
            StrokeSmoother(hand, slack), self._pixels.copy(), np.zeros_like(self._pixels), radius, erases
        )
        self._show_stroke(self._stroke.coverage)

    def move(self, x, y):
        """Draw on to a place, which is in the picture at once; without a stroke going on do nothing."""
        hand = self._to_pixels(x, y)
        if hand is None or not self.drawing:
            return
        settled = self._stroke.smoother.follow(hand)
        if settled:
            draw_line(self._stroke.coverage, settled, self._stroke.radius)
        self._show_stroke(self._stroke.coverage.copy())

    def end(self):
        """Lift the pen where it was last."""
        if self.drawing:
            self._change(self._stroke.before, len(self))
            self._stroke = None

    def clear(self):
        """Take all ink away; `undo` brings it back."""
        self.end()
        if len(self):
            before = self._pixels.copy()
            self._pixels[:] = 0
            self._change(before, 0)

    def undo(self):
        """Take the last stroke back, also one going on, or the last `clear`; say whether there was one."""
        self.end()
        return self._swap(self._done, self._undone)

    def redo(self):
        """Bring back what the last `undo` took; say whether there was something."""
        self.end()
        return self._swap(self._undone, self._done)

    def _to_pixels(self, x, y):
        """Return a place as a complex number in pixels, or None."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        x, y = (min(max(value, -MAX_OUTSIDE_SIDES), 1 + MAX_OUTSIDE_SIDES) * len(self._pixels) for value in (x, y))
        return complex(x, y)

    def _show_stroke(self, coverage):
        """Show the stroke going on: what ``coverage`` holds, which is written to, and the end of its trail."""
        stroke = self._stroke
        draw_line(coverage, stroke.smoother.tail(), stroke.radius)
        if stroke.erases:
            np.minimum(stroke.before, 255 - coverage, out=self._pixels)
        else:
            np.maximum(stroke.before, coverage, out=self._pixels)

    def _change(self, before, strokes):
        """Keep what has changed since ``before``, and forget what is too old."""
        self._done.append(StrokeChange(zlib.compress(before ^ self._pixels, 1), strokes))
        self._undone.clear()
        while sum(len(change.difference) for change in self._done) > MAX_HISTORY_BYTES:
            self._forgotten = self._done.pop(0).strokes

    def _swap(self, source, target):
        if not source:
            return False
        target.append(source.pop())
        difference = np.frombuffer(zlib.decompress(target[-1].difference), np.uint8)
        self._pixels ^= difference.reshape(self._pixels.shape)
        return True


@dataclass(frozen=True)
class StrokeChange:
    """One step of the history: bits that differ before and after, packed, and how many strokes there are after it."""

    difference: bytes
    strokes: int


@dataclass(frozen=True, eq=False)
class _Stroke:
    """The stroke going on: ``coverage`` is its settled part, 0 to 255."""

    smoother: StrokeSmoother
    before: np.ndarray
    coverage: np.ndarray
    radius: float
    erases: bool


def draw_line(coverage, points, radius):
    """Draw a line through ``points`` with round ends and joints into ``coverage``, uint8 0 to 255, by maximum.

    A pixel is covered by as much as its centre lies inside the rim, half a pixel out being none.
    """
    for start, end in pairwise(points if len(points) > 1 else points * 2):
        reach = radius + 0.5
        left, right = _span(start.real, end.real, reach, coverage.shape[1])
        top, bottom = _span(start.imag, end.imag, reach, coverage.shape[0])
        if left >= right or top >= bottom:
            continue
        x = np.arange(left + 0.5 - start.real, right - start.real, dtype=np.float32)
        y = np.arange(top + 0.5 - start.imag, bottom - start.imag, dtype=np.float32)[:, np.newaxis]
        line = end - start
        if abs(line) > 1e-3:  # else a dot
            along = np.clip((x * line.real + y * line.imag) / abs(line) ** 2, 0, 1)
            x, y = x - along * line.real, y - along * line.imag
        inside = np.clip(reach - np.sqrt(x * x + y * y), 0, 1)
        part = coverage[top:bottom, left:right]
        np.maximum(part, np.rint(inside * 255).astype(np.uint8), out=part)


def _span(first, second, reach, side):
    """Return the pixels, clipped to 0 and ``side``, that lie within ``reach`` of two places along an axis."""
    return max(int(min(first, second) - reach), 0), min(math.ceil(max(first, second) + reach), side)
