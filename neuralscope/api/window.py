"""The window from a script or a notebook: on the desktop, as a cell's widget, or in the browser."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral
from typing import Any

from neuralscope.api.opening import open_network
from neuralscope.api.sessions import session_factory, theme_of, view_of
from neuralscope.cli import limit_threads
from neuralscope.errors import InputError, print_line

LARGEST_PORT = 2**16 - 1
OPEN_WINDOWS: set[Any] = set()  # those that nobody waits for; canvases hold them weakly


def show(model: Any = None, X: Any = None, y: Any = None, class_names: Sequence[Any] | None = None,  # noqa: N803
         view: str = "explore", *, digit: int | None = None, block: bool | None = None, browser: bool = False,
         port: int = 0, theme: str = "dark", image_shape: tuple[int, int] | None = None,
         feature_names: Sequence[str] | None = None, seed: int | None = None, **reading: Any) -> Any:
    """Open the window on a network and rows of X; in a notebook return it as a widget, which the cell shows.

    ``model``: a Network, what ``train`` returned, a file's path, arrays as [W1, b1, W2, b2], a model of scikit-learn,
    PyTorch or Keras; None: the network that the window opens by itself. ``X`` and ``y``: as `dataset_from_arrays` takes
    them, y may be left out; without X: the rows that ``train`` kept for the test, or MNIST's test digits.
    ``class_names``: a name for each output. ``view``: a name at the top of the window; ``digit``: the first row shown,
    a random one by ``seed`` without it. ``block``: whether to return only when the window is closed; None: at an
    interactive prompt not. A window that is not waited for answers while its toolkit's events are handled, as at a
    prompt. Where no window can be opened, or with ``browser``, it is in the browser, at an address of this machine that
    is printed. ``reading``: what is known of a network from elsewhere: ``activation``, ``output``, ``scale``,
    ``transposed_images``, ``layout``. Raises InputError.
    """
    colors, key = theme_of(theme), view_of(view).key
    if not (isinstance(port, Integral) and 0 <= port <= LARGEST_PORT):
        raise InputError(f"port is {port!r}", f"choose one from 1 to {LARGEST_PORT}, or 0: any that is free")
    saved, data, notice = open_network(model, X, y, class_names=class_names, image_shape=image_shape,
                                       feature_names=feature_names, **reading)
    if notice:
        print_line(f"neuralscope: {notice}", file=sys.stderr)
    new_session = session_factory(saved, data, digit, seed)
    new_session()  # what is wrong is said before a window opens
    from neuralscope.visualizer import notebook

    if notebook.in_notebook() and not browser:
        return notebook.make_widget(new_session, colors, key)
    if block is None:
        block = not is_interactive()
    if block:
        with limit_threads(1), kept_backend():
            return show_and_wait(new_session, colors, key, browser, port)
    return show_beside(new_session, colors, key, browser, port)


def show_and_wait(new_session: Callable[[], Any], theme: Any, key: str, browser: bool, port: int) -> None:
    """Show the window on the desktop, or else in the browser, until it is closed."""
    from neuralscope.visualizer.desktop import no_display, show_window

    why = "" if browser else no_display() or show_window(new_session, theme, key)
    if browser or why:
        server = BrowserWindow(new_session, theme, key, port, why, " (Ctrl-C ends it)")
        try:
            server.wait()
        except KeyboardInterrupt:  # as the line says
            pass
        finally:
            server.close()


def show_beside(new_session: Callable[[], Any], theme: Any, key: str, browser: bool, port: int) -> Any:
    """Show the window on the desktop, or else in the browser, and return it at once, for ``close()``."""
    from neuralscope.visualizer.desktop import make_window, no_display

    troubles: list[str] = []
    why = "" if browser else no_display()
    window = None if browser or why else make_window(new_session, theme, key, troubles)
    if window is None:
        return BrowserWindow(new_session, theme, key, port, why or "; ".join(troubles))

    def ended(event: Any) -> None:
        OPEN_WINDOWS.discard(window)
        window.close()

    window.figure.canvas.mpl_connect("close_event", ended)
    OPEN_WINDOWS.add(window)
    window.figure.canvas.manager.show()
    return window


class BrowserWindow:
    """The window served to the browser from a thread of its own, whatever loop runs in this one."""

    def __init__(self, new_session: Callable[[], Any], theme: Any, key: str, port: int, why: str,
                 ending: str = "") -> None:
        """Begin to serve, and print the address; raises InputError where that cannot be."""
        from neuralscope.visualizer.server.application import Server

        self.addresses: list[str] = []
        self.failure: Exception | None = None
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server = Server(new_session, theme, key, ends_on_quit=True)
        self._thread = threading.Thread(target=self._run, args=(port,), name="neuralscope-browser", daemon=True)
        self._thread.start()
        self._started.wait()
        if self.failure:
            raise self.failure
        reason = f"{why}, so the window is in the browser" if why else "the window is in the browser"
        print_line(f"neuralscope: {reason}: {self.address}{ending}", flush=True)

    @property
    def address(self) -> str:
        """Where the window is."""
        return self.addresses[0]

    def _run(self, port: int) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve(port, self._on_started)

        try:
            asyncio.run(serve())
        except Exception as error:  # whoever waits for the thread raises it
            self.failure = error
        finally:
            self._started.set()

    def _on_started(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self._started.set()

    def wait(self) -> None:
        """Wait until a reader ends it; raises what ended it otherwise."""
        while self._thread.is_alive():
            self._thread.join(0.2)  # so that Ctrl-C is heard
        if self.failure:
            raise self.failure

    def close(self) -> None:
        """End it."""
        if self._thread.is_alive() and self._loop:
            self._loop.call_soon_threadsafe(self._server.ended.set)
            self._thread.join()

    def __repr__(self) -> str:
        return f"BrowserWindow({self.address!r})"


def is_interactive() -> bool:
    """Say whether somebody types at a prompt, and waits for the next one."""
    return bool(hasattr(sys, "ps1") or sys.flags.interactive)


@contextmanager
def kept_backend() -> Iterator[None]:
    """Leave the Matplotlib backend as it was, whichever toolkit opened a window inside."""
    import matplotlib

    before = matplotlib.rcParams.copy()["backend"]  # to ask rcParams itself imports pyplot
    try:
        yield
    finally:
        if isinstance(before, str) and matplotlib.rcParams.copy()["backend"] != before:
            sys.modules["matplotlib.pyplot"].switch_backend(before)
