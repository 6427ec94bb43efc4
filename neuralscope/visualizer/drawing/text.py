"""Lines of text, rendered once a string and then stamped as pictures.

Matplotlib's `Text` lays a text out anew at every draw, and that is most of the cost of a frame: 60 times or more that
of a stamp, with a new text of seven characters at each draw 37 times or more; the pixels are the same. Strings are
rendered by Pillow, which Matplotlib brings along. Vector files (PDF, SVG) get real text. Positions are in units:
hundredths of an inch, the pixels of a window at 100 dpi, from its lower left corner.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text

from neuralscope.visualizer.drawing.plain_artist import PlainArtist
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, rgb


@dataclass(frozen=True)
class TextRun:
    """A piece of a line in one type: ``size`` in points, ``color`` as ``#rrggbb``, ``gap`` before it in spaces."""

    text: str
    size: float
    color: str
    mono: bool = False
    bold: bool = False
    gap: float = 0


@lru_cache(maxsize=64)
def font_file(mono, bold):
    """Return the path of DejaVu Sans or Sans Mono, which every Matplotlib brings along."""
    return findfont(FontProperties(family="DejaVu Sans Mono" if mono else "DejaVu Sans",
                                   weight="bold" if bold else "normal"))


@lru_cache(maxsize=256)
def font(mono, bold, pixels):
    """Return the Pillow font of a type at a height in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(font_file(mono, bold), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1024)  # about 10 MB: a training writes new numbers all the time
def render_text(text, mono, bold, pixels, color):
    """Return the picture of a string, RGBA uint8, its offset from the start of the baseline, and its advance."""
    face = font(mono, bold, pixels)
    mask, (left, top) = face.getmask2(text, mode="L", anchor="ls")
    width, height = mask.size
    picture = np.empty((height, width, 4), np.uint8)
    picture[..., :3] = rgb(color)
    picture[..., 3] = np.asarray(mask, np.uint8).reshape(height, width)
    return picture, (left, -top - height), face.getlength(text)


def joined_text(runs):
    """Return what runs say, parted by spaces where there is a gap."""
    return "".join((" " if run.gap else "") + run.text for run in runs).strip()


class Line(PlainArtist):
    """A line of runs on one baseline, the first of several wordings that fits ``max_width``.

    ``align`` is left, right or center of ``x``. Set ``x``, ``y`` and ``max_width`` (None: any), then the wordings.
    ``inlaid``: it stands on a picture, on purpose.
    """

    inlaid = False

    def __init__(self, x=0.0, y=0.0, align="left", max_width=None):
        """Make an empty line."""
        super().__init__()
        self.set_zorder(2)  # above every ground
        self.x, self.y, self.align, self.max_width = x, y, align, max_width
        self.wordings = ((),)

    def set_runs(self, *wordings):
        """Set the wordings, longest first, each a sequence of `TextRun`."""
        self.wordings = tuple(tuple(runs) for runs in wordings) or ((),)
        self.stale = True

    @property
    def text(self):
        """What the line says, runs parted by spaces where there is a gap."""
        return joined_text(self.runs())

    def runs(self):
        """Return the runs of the wording that is shown."""
        for runs in self.wordings[:-1]:
            if self.max_width is None or self.measure(runs) <= self.max_width:
                return runs
        return self.wordings[-1]

    def _places(self, runs, dpi):
        """Yield each run, its stamp and its distance from the start of the line in pixels."""
        at = 0.0
        for number, run in enumerate(runs):
            pixels = run.size * dpi / 72
            made = render_text(run.text, run.mono, run.bold, pixels, run.color)
            at += run.gap * 0.32 * pixels if number else 0
            yield run, made, at
            at += made[2]

    def measure(self, runs):
        """Return the width of ``runs`` in units."""
        dpi = self.figure.dpi
        end = 0.0
        for _, made, at in self._places(runs, dpi):
            end = at + made[2]
        return end * UNITS_PER_INCH / dpi

    def bounds(self):
        """Return ``(left, bottom, width, height)`` of the line in units, from its baseline's descent to its ascent."""
        return self._bounds(self.runs())

    def _bounds(self, runs):
        width = self.measure(runs)
        size = max((run.size for run in runs), default=0) * UNITS_PER_INCH / 72
        return self.x - width * {"left": 0, "center": 0.5, "right": 1}[self.align], self.y - 0.25 * size, width, size

    def draw(self, renderer):
        """Stamp the runs, or draw them as text where the file keeps text."""
        if not self.get_visible():
            return
        runs, context = self.runs(), renderer.new_gc()
        pixel = renderer.points_to_pixels(72) / UNITS_PER_INCH
        left, y = self._bounds(runs)[0] * pixel, self.y * pixel
        for run, (picture, (right, up), _), at in self._places(runs, self.figure.dpi):
            if not isinstance(renderer, RendererAgg):
                self._draw_text(renderer, run, left + at, y)
            elif picture.size:
                renderer.draw_image(context, round(left + at) + right, round(y) + up, picture[::-1])
        context.restore()
        self.stale = False

    def _draw_text(self, renderer, run, x, y):
        text = Text(x, y, run.text, color=run.color, parse_math=False, usetex=False,
                    fontproperties=FontProperties(fname=font_file(run.mono, run.bold), size=run.size))
        text.set_figure(self.figure)
        text.draw(renderer)


def wrapped(text, fits):
    """Return the lines of ``text``: each holds as many words as ``fits(line)`` has room for, and at least one."""
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        lines[-1:] = [longer] if fits(longer) else [lines[-1], word]
    return lines
