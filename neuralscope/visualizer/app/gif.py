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
from neuralscope.safe_files import write_atomically
from neuralscope.visualizer.app.export import file_stem, free_path
from neuralscope.visualizer.app.window import MainWindow
from neuralscope.visualizer.drawing.surface import DESIGN_HEIGHT, DESIGN_WIDTH
from neuralscope.visualizer.drawing.theme import rgb

FILM_SUFFIX, MOVIE_OPTION = ".gif", "--movie"
FRAMES_PER_SECOND = 5  # frames a second
LAST_FRAME_REPEATS = 10  # frames for which the last one stays
MAX_RECORDINGS = 2  # films that are made at a time, in all windows
ACTIVE_RECORDINGS = weakref.WeakSet()  # the Recordings at work


class PaletteWriter(PillowWriter):
    """Pillow's writer with one palette for all frames: a tenth of the time of a new one each, and half the file."""

    palette = None  # (256, 3) uint8

    def grab_frame(self, **savefig):
        """Take the figure as the next frame."""
        super().grab_frame(**savefig)
        self._frames[-1] = self._frames[-1].convert("RGB")  # of older Matplotlib it is RGBA, though none is transparent
        if self.palette is not None:
            self._frames[-1] = self._in_palette(self._frames[-1])

    def repeat_last_frame(self):
        """Stay at the last frame."""
        self._frames += self._frames[-1:] * LAST_FRAME_REPEATS

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
        self._known, self._palette_index = np.zeros(2**24, bool), np.zeros(2**24, np.uint8)  # of each colour
        self._frames.clear()

    def _in_palette(self, frame):
        """Return a frame in the palette's closest colours; Pillow's own search is off by up to 4 of 255."""
        from PIL import Image

        pixels = np.asarray(frame).astype(np.uint32) @ np.array([2**16, 2**8, 1], np.uint32)
        new = np.unique(pixels[~self._known[pixels]])
        colors = np.stack([new >> 16, new >> 8 & 255, new & 255], axis=1).astype(np.float32)
        palette = self.palette.astype(np.float32)  # the closest: the least |palette|^2 - 2 palette . color
        self._palette_index[new] = np.argmin((palette**2).sum(axis=1) - 2 * colors @ palette.T, axis=1)
        self._known[new] = True
        result = Image.fromarray(self._palette_index[pixels])
        result.putpalette(self.palette.tobytes())
        return result


def check_path(path):
    """Raise InputError where no film can be written to ``path``."""
    if Path(path).suffix.lower() != FILM_SUFFIX:
        raise InputError(f"{MOVIE_OPTION} {path}", f"films end in {FILM_SUFFIX}", joint=": ")
    write_atomically(Path(path), b"", MOVIE_OPTION, keep=False)


def record_film(session, theme, view, path):
    """Draw ``view``, a class, at each snapshot of the session, and yield after each; then write the film to ``path``.

    The session goes through its snapshots; its colour scales are held at those of the last one, so that the frames
    compare. Raises InputError; ``path`` then holds what it held before.
    """
    yield from record_frames(session, theme, view, lambda content: write_atomically(Path(path), content, MOVIE_OPTION))


def record_frames(session, theme, view, deliver):
    """Do what `record_film` does, and call ``deliver(content)`` with the film at the end."""
    figure = Figure(figsize=(DESIGN_WIDTH / 100, DESIGN_HEIGHT / 100), dpi=100)
    FigureCanvasAgg(figure)
    newest, writer = len(session.training_history) - 1, PaletteWriter(fps=FRAMES_PER_SECOND)
    session.go_to_snapshot(newest)
    window = MainWindow(session, figure, theme, (view,))
    session.holds_color_scales = True
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"film{FILM_SUFFIX}"
        writer.setup(figure, made, figure.dpi)
        for index in sorted({newest, newest // 2, 0}):
            add_frame(writer, window, index)
        writer.choose_palette(theme)
        for index in range(newest + 1):
            add_frame(writer, window, index)
            yield
        writer.repeat_last_frame()
        writer.finish()
        window.close()
        deliver(made.read_bytes())


def add_frame(writer, window, index):
    """Take a snapshot in a window as the next frame of a film."""
    window.session.go_to_snapshot(index)
    window.refresh()
    writer.grab_frame(facecolor=window.figure.get_facecolor())


class Recording:
    """A film that is made between a window's events, a frame at a time.

    ``notify(text)`` says how far it is, and in the end where the file is, or why there is none.
    """

    def __init__(self, canvas, notify):
        """Make nothing yet."""
        self.canvas, self.notify, self.timer = canvas, notify, None

    def start(self, session, theme, view):
        """Begin a film in the current folder, or one to hand over; raises InputError where that could not be."""
        if len(ACTIVE_RECORDINGS) >= MAX_RECORDINGS:
            raise InputError("other readers' films are being made", "try again in a minute")
        self.count = len(session.training_history)
        if session.download:
            name = f"{file_stem(session, view.title)}{FILM_SUFFIX}"
            self.deliver = lambda content: session.download(name, content)
        else:
            path = free_path(session, view.title, FILM_SUFFIX)
            check_path(path)
            self.deliver = lambda content: write_atomically(path, content, MOVIE_OPTION) or f"saved {path}"
        self.frames = enumerate(record_frames(session.fork(), theme, view, self._deliver), 1)
        ACTIVE_RECORDINGS.add(self)
        self.timer = self.canvas.new_timer(interval=1, callbacks=[(self.on_timer, (), {})])
        self.timer.start()

    def _deliver(self, content):
        self.text = self.deliver(content)

    def on_timer(self):
        """Make a frame."""
        try:
            done, _ = next(self.frames, (None, None))
            words = f"film: frame {done} of {self.count}; M stops it" if done else self.text
        except InputError as error:
            done, words = None, f"not saved: {error}"
        if not done:
            self.stop()
        self.notify(words)

    def stop(self):
        """Make no more frames; say whether there were more to come. What is not complete is not written."""
        running = self.timer is not None
        if running:
            self.timer.stop()
            self.timer = self.frames = None
            ACTIVE_RECORDINGS.discard(self)
        return running
