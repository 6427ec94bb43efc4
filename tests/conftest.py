"""What the tests share: no network, a cache of their own, and skips that CI turns into failures."""

import itertools
import os
import signal
import socket
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.environment import PROJECT, unavailable
from tests.helpers.networks import snapshots_of

LOCAL = {"127.0.0.1", "::1", "localhost"}
signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in a shell's background ignore Ctrl-C
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and below nohup the end of the terminal
# else each program that a test starts compiles all modules anew, which is half of the time that it needs to start
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def empty_caches(tmp_path_factory):
    """Yield folders without end: pytest's own numbered ones look through all earlier ones each time."""
    home = tmp_path_factory.mktemp("caches")
    folders = (home / str(number) for number in itertools.count())
    return (folder for folder in folders if not folder.mkdir())


@pytest.fixture(autouse=True)
def isolated(monkeypatch, empty_caches):
    """Give each test an empty cache, no data folder, and no network but this machine's loopback."""
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", str(next(empty_caches)))
    monkeypatch.delenv("NEURALSCOPE_DATA_DIR", raising=False)
    connect = socket.socket.connect

    def connect_locally(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:
            raise ConnectionRefusedError(f"tests have no network: {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_locally)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # child processes too: nothing listens on port 9
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost,::1")


MNIST_DIR = os.environ.get("NEURALSCOPE_DATA_DIR")


@pytest.fixture
def mnist_dir():
    """Return the folder with the real MNIST, or skip."""
    if not MNIST_DIR or not Path(MNIST_DIR).is_dir():
        unavailable("mnist", "needs NEURALSCOPE_DATA_DIR, a folder with the four MNIST files")
    return Path(MNIST_DIR).resolve()


@contextmanager
def cache_in(folder):
    """Let the program's cache be in a folder for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEURALSCOPE_CACHE_DIR", str(folder))
        yield


@pytest.fixture(scope="session")
def common_cache(tmp_path_factory):
    """Return a cache folder that is nobody's but the fixtures'."""
    return tmp_path_factory.mktemp("common_cache")


@pytest.fixture(scope="session")
def embedded(common_cache):
    """Return the embedded digits."""
    from neuralscope.data_loader import load

    with cache_in(common_cache):
        return load("digits")


@pytest.fixture(scope="session")
def shipped():
    """Return the network that is shipped."""
    from neuralscope.network import storage

    return storage.load(PROJECT / "trained_weights.npz")


@pytest.fixture(scope="session")
def studied(common_cache, embedded, shipped):
    """Return all that a window on these two finds out between events, for tests of what is seen once it is known."""
    from neuralscope.visualizer.session.analysis_cache import AnalysisCache

    analysis = AnalysisCache(shipped.network, embedded.test)
    with cache_in(common_cache):
        for _ in analysis.steps():
            pass
    return analysis


@pytest.fixture
def warm(isolated, common_cache, studied):
    """Fill the test's cache as a first start does, which takes seconds: for tests of what comes after it.

    What they write is theirs: the program replaces files and never changes them.
    """
    for path in common_cache.iterdir():
        os.link(path, Path(os.environ["NEURALSCOPE_CACHE_DIR"]) / path.name)


@pytest.fixture
def open_window(embedded, shipped):
    """Return a function that opens a window on a bare Agg figure; what a handler raises comes out.

    Its session has snapshots, unless ``snapshots`` is None, and shares ``analysis``, if there is one. As with a
    toolkit, any number of changes become one frame: it is drawn at the end of the test, if not before.
    """
    import numpy as np
    from matplotlib.figure import Figure

    from neuralscope.visualizer.app.window import MainWindow
    from neuralscope.visualizer.drawing.theme import THEMES
    from neuralscope.visualizer.session.session import Session
    from neuralscope.visualizer.views import VIEWS
    from tests.helpers.canvas import IdleCanvas

    opened = []

    def open_window(model=shipped, dataset=embedded, size=(1400, 800), dpi=100, theme="dark", index=7,
                   snapshots=snapshots_of, analysis=None, **options):
        figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=dpi)
        IdleCanvas(figure)
        figure.canvas.callbacks.exception_handler = None
        session = Session(model, dataset, np.random.default_rng(5), index, analysis)
        if snapshots:
            session.snapshot_choice.look_for_snapshots = lambda: (snapshots(model, dataset), "")
        opened.append(MainWindow(session, figure, THEMES[theme], VIEWS, **options))
        return opened[-1]

    yield open_window
    for window in opened:
        window.figure.canvas.draw_what_waits()
        window.close()


@pytest.fixture
def press():
    """Return a function that presses keys on a scope's canvas, as a toolkit would."""
    from matplotlib.backend_bases import KeyEvent

    def press(window, *keys):
        for key in keys:
            KeyEvent("key_press_event", window.figure.canvas, key)._process()

    return press


@pytest.fixture
def mouse():
    """Return a function that moves the mouse to a point in units on a scope's canvas, and clicks if asked to."""
    from matplotlib.backend_bases import MouseEvent

    def mouse(window, x, y, click=False):
        pixel = window.figure.dpi / 100
        MouseEvent("motion_notify_event", window.figure.canvas, x * pixel, y * pixel)._process()
        if click:
            MouseEvent("button_press_event", window.figure.canvas, x * pixel, y * pixel, button=1)._process()

    return mouse


@pytest.fixture
def drag():
    """Return a function that presses a mouse button at the first of some points in units, and drags through them all.

    ``release``: at the last one the button is released.
    """
    from matplotlib.backend_bases import MouseEvent

    def drag(window, points, button=1, release=True):
        pixel, canvas = window.figure.dpi / 100, window.figure.canvas
        events = ["button_press_event", *["motion_notify_event"] * (len(points) - 1)]
        for name, (x, y) in zip(events, points, strict=True):
            MouseEvent(name, canvas, x * pixel, y * pixel, button=button)._process()
        if release:
            MouseEvent("button_release_event", canvas, x * pixel, y * pixel, button=button)._process()

    return drag


@pytest.fixture
def figure():
    """Return a small black figure on a canvas of its own."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(2, 1), dpi=100, facecolor="black")
    FigureCanvasAgg(made)
    return made


@pytest.fixture
def lay_out(open_window):
    """Return a function that opens a window which is laid out and never drawn: that is most of the time."""
    def lay_out(*arguments, **options):
        window = open_window(*arguments, **options)
        window.surface.redraw = lambda: None
        window.figure.canvas.waits = False
        return window

    return lay_out
