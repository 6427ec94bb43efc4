"""Matplotlib's WebAgg canvas for one remote window: only what changed goes out; timers stand while nobody looks."""

import asyncio
import struct
import weakref
import zlib
from functools import lru_cache, partial

import numpy as np
from matplotlib.backend_bases import TimerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_webagg_core import FigureCanvasWebAggCore, FigureManagerWebAgg

MAX_RENDERERS = 4  # that all readers share, one a size of window


class WindowCanvas(FigureCanvasWebAggCore):
    """The canvas of ``remote_window``, asked for a frame by ``request_frame()``, for a turn by ``queue_tick(tick)``."""

    def __init__(self, figure, remote_window):
        """Begin with nothing shown."""
        super().__init__(figure)
        self.mpl_disconnect(FigureManagerWebAgg(self, 1).key_press_handler_id)  # its q, s, g, l ... are ours here
        self.callbacks.exception_handler = None  # what fails ends this reader's window
        self.remote_window, self.timers, self._last_checksums = remote_window, weakref.WeakSet(), None

    def get_renderer(self):
        """Return a renderer, which holds this picture until another canvas of this size is drawn."""
        self.renderer = shared_renderer(*self.get_width_height(physical=True), self.figure.dpi)
        return self.renderer

    def draw(self):
        """Draw the figure; nothing is sent."""
        FigureCanvasAgg.draw(self)

    def draw_idle(self):
        """Ask for a frame."""
        self.remote_window.request_frame()

    def new_timer(self, interval=None, callbacks=None):
        """Return a timer that ticks between the reader's turns."""
        timer = TurnTimer(self.remote_window, interval, callbacks)
        self.timers.add(timer)
        return timer

    def send_event(self, event_type, **properties):
        """Send nothing: a page that is told of a frame needs no more."""

    def forget_last_frame(self):
        """Let the next frame be a whole one."""
        self._last_checksums = None

    def draw_changes(self):
        """Draw, and return ``(left, top, pixels (rows, columns, 4) uint8)`` of what is not as it was, or None."""
        self.draw()
        pixels = np.asarray(self.renderer.buffer_rgba())
        before, self._last_checksums = self._last_checksums, checksums(pixels)
        if before is None or any(
            old.shape != new.shape for old, new in zip(before, self._last_checksums, strict=True)
        ):
            return 0, 0, pixels
        rows, columns = (np.flatnonzero(old != new) for old, new in zip(before, self._last_checksums, strict=True))
        if not len(rows):
            return None
        return int(columns[0]), int(rows[0]), pixels[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


def checksums(pixels):
    """Return a number for each row and for each column of ``(rows, columns, 4) uint8``, which tells what is in it.

    A sum of the pixels times random weights, modulo 2^64: two that differ have the same one once in 2^40 or less. So a
    reader is told what changed, and nobody keeps the pixels.
    """
    packed_pixels = pixels.view(np.uint32)[..., 0]  # a pixel in one
    return np.einsum("rc,c->r", packed_pixels, checksum_weights(packed_pixels.shape[1])), np.einsum(
        "rc,r->c", packed_pixels, checksum_weights(packed_pixels.shape[0])
    )


@lru_cache(4 * MAX_RENDERERS)
def checksum_weights(count):
    """Return odd numbers, the same ones for the same count: ``(count,) uint64``."""
    return np.random.default_rng(count).integers(2**64, size=count, dtype=np.uint64) | np.uint64(1)


@lru_cache(MAX_RENDERERS)
def shared_renderer(width, height, dpi):
    """Return the renderer of a size: its pixels are most of what a canvas holds, and are read as soon as drawn."""
    return RendererAgg(width, height, dpi)


class TurnTimer(TimerBase):
    """A timer whose ticks wait for the reader's turn; the next one is due an interval after that."""

    def __init__(self, remote_window, interval=None, callbacks=None):
        """Stand still."""
        self._remote_window, self._handle = remote_window, None
        super().__init__(interval, callbacks)

    def _timer_start(self):
        self._timer_stop()
        run = self._run = object()
        self._handle = asyncio.get_running_loop().call_later(
            self.interval / 1000, self._remote_window.queue_tick, partial(self._tick, run))

    def _timer_stop(self):
        if self._handle:
            self._handle.cancel()
        self._handle = self._run = None

    def _timer_set_interval(self):
        if self._handle:
            self._timer_start()

    def _tick(self, run):
        if run is not self._run:  # stopped, or started anew
            return
        self._on_timer()
        if run is self._run:
            self._timer_stop()
            if not self.single_shot:
                self._timer_start()


def encode_png(pixels):
    """Return ``(rows, columns, 4) uint8`` as a PNG file, in a quarter of Pillow's time: nothing is predicted.

    Portable Network Graphics, third edition, sections 5 and 11.
    """
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + channels * width), np.uint8)  # each begins with its filter: 0, none
    rows[:, 1:].reshape(height, width, channels)[...] = pixels
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(content)) + kind + content
                                           + struct.pack(">I", zlib.crc32(kind + content)) for kind, content in parts)
