"""A film of a training: the window at each snapshot, as a GIF."""

import dataclasses
import tempfile
import weakref
from pathlib import Path

import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neuralscope.errors import InputError
from neuralscope.safe_files import write_whole
from neuralscope.visualizer.app.export import path_beside, stem_of
from neuralscope.visualizer.app.window import Scope
from neuralscope.visualizer.drawing.surface import HEIGHT, WIDTH
from neuralscope.visualizer.drawing.theme import rgb

SUFFIX, OPTION = ".gif", "--movie"
RATE = 5  # frames a second
LINGER = 10  # frames for which the last one stays
MOST = 2  # films that are made at a time, in all windows
MAKING = weakref.WeakSet()  # the Recordings at work


class Writer(PillowWriter):
    """Pillow's writer with one palette for all frames: a tenth of the time of a new one each, and half the file."""

    palette = None  # (256, 3) uint8

    def grab_frame(self, **savefig):
        """Take the figure as the next frame."""
        super().grab_frame(**savefig)
        if self.palette is not None:
            self._frames[-1] = self._in_palette(self._frames[-1])

    def linger(self):
        """Stay at the last frame."""
        self._frames += self._frames[-1:] * LINGER

    def choose_palette(self, theme):
        """Choose the colours for all frames: those of the theme by their roles, and what the frames so far need."""
        from PIL import Image

        roles = [rgb(getattr(theme, role.name)) for role in dataclasses.fields(theme) if role.type is str]
        together = Image.fromarray(np.concatenate([np.asarray(frame) for frame in self._frames]))
        others = 256 - len(roles)
        needed = together.quantize(others).convert("RGB").getcolors(others)
        self.palette = np.zeros((256, 3), np.uint8)
        found = np.array(roles + [color for _, color in needed], np.uint8)
        self.palette[:len(found)] = found
        self._known, self._place = np.zeros(2**24, bool), np.zeros(2**24, np.uint8)  # of each colour
        self._frames.clear()

    def _in_palette(self, frame):
        """Return a frame in the palette's closest colours; Pillow's own search is off by up to 4 of 255."""
        from PIL import Image

        pixels = np.asarray(frame).astype(np.uint32) @ np.array([2**16, 2**8, 1], np.uint32)
        new = np.unique(pixels[~self._known[pixels]])
        colors = np.stack([new >> 16, new >> 8 & 255, new & 255], axis=1).astype(np.float32)
        palette = self.palette.astype(np.float32)  # the closest: the least |palette|^2 - 2 palette . color
        self._place[new] = np.argmin((palette**2).sum(axis=1) - 2 * colors @ palette.T, axis=1)
        self._known[new] = True
        result = Image.fromarray(self._place[pixels])
        result.putpalette(self.palette.tobytes())
        return result


def check_path(path):
    """Raise InputError where no film can be written to ``path``."""
    if Path(path).suffix.lower() != SUFFIX:
        raise InputError(f"{OPTION} {path}: films end in {SUFFIX}")
    write_whole(Path(path), b"", OPTION, keep=False)


def film(session, theme, view, path):
    """Draw ``view``, a class, at each snapshot of the session, and yield after each; then write the film to ``path``.

    The session goes through its snapshots; its colour scales are held at those of the last one, so that the frames
    compare. Raises InputError; ``path`` then holds what it held before.
    """
    yield from shots(session, theme, view, lambda content: write_whole(Path(path), content, OPTION))


def shots(session, theme, view, put):
    """Do what `film` does, and call ``put(content)`` with the film at the end."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
    FigureCanvasAgg(figure)
    newest, writer = len(session.past) - 1, Writer(fps=RATE)
    session.go_to_snapshot(newest)
    scope = Scope(session, figure, theme, (view,))
    session.held = True
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"film{SUFFIX}"
        writer.setup(figure, made, figure.dpi)
        for place in sorted({newest, newest // 2, 0}):
            take_frame(writer, scope, place)
        writer.choose_palette(theme)
        for place in range(newest + 1):
            take_frame(writer, scope, place)
            yield
        writer.linger()
        writer.finish()
        scope.close()
        put(made.read_bytes())


def take_frame(writer, scope, place):
    """Take a snapshot in a window as the next frame of a film."""
    scope.session.go_to_snapshot(place)
    scope.refresh()
    writer.grab_frame(facecolor=scope.figure.get_facecolor())


class Recording:
    """A film that is made between a window's events, a frame at a time.

    ``tell(words)`` says how far it is, and in the end where the file is, or why there is none.
    """

    def __init__(self, canvas, tell):
        """Make nothing yet."""
        self.canvas, self.tell, self.timer = canvas, tell, None

    def start(self, session, theme, view):
        """Begin a film in the current folder, or one to hand over; raises InputError where that could not be."""
        if len(MAKING) >= MOST:
            raise InputError("other readers' films are being made; try again in a minute")
        self.count = len(session.past)
        if session.hand_over:
            name = f"{stem_of(session, view.title)}{SUFFIX}"
            self.put = lambda content: session.hand_over(name, content)
        else:
            path = path_beside(session, view.title, SUFFIX)
            check_path(path)
            self.put = lambda content: write_whole(path, content, OPTION) or f"saved {path}"
        self.frames = enumerate(shots(session.twin(), theme, view, self._put), 1)
        MAKING.add(self)
        self.timer = self.canvas.new_timer(interval=1, callbacks=[(self.work_on, (), {})])
        self.timer.start()

    def _put(self, content):
        self.words = self.put(content)

    def work_on(self):
        """Make a frame."""
        try:
            done, _ = next(self.frames, (None, None))
            words = f"film: frame {done} of {self.count}; M stops it" if done else self.words
        except InputError as error:
            done, words = None, f"not saved: {error}"
        if not done:
            self.stop()
        self.tell(words)

    def stop(self):
        """Make no more frames; say whether there were more to come. What is not complete is not written."""
        running = self.timer is not None
        if running:
            self.timer.stop()
            self.timer = self.frames = None
            MAKING.discard(self)
        return running
