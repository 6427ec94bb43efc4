"""The same window in a browser, by Matplotlib's WebAgg canvas in a tornado server on this machine alone."""

import asyncio
import contextlib
import importlib.resources
import json
import socket
from urllib.parse import urlsplit

from matplotlib.backends.backend_webagg_core import FigureCanvasWebAggCore, FigureManagerWebAgg
from matplotlib.figure import Figure
from tornado import httpserver, template, web, websocket

from neuralscope.errors import InputError
from neuralscope.visualizer.painter import HEIGHT, WIDTH
from neuralscope.visualizer.scope import Scope
from neuralscope.visualizer.views import VIEWS
from neuralscope.visualizer.window import say_last

HOST = "127.0.0.1"
NAMES = {"127.0.0.1", "localhost"}  # any other Host header is a foreign page that re-bound its name to us
LARGEST = 4096  # pixels a side; a page that asks for more would cost seconds and gigabytes
MESSAGES = {"supports_binary", "send_image_mode", "set_device_pixel_ratio", "refresh", "resize", "draw", "ack",
            "key_press", "key_release", "button_press", "button_release", "dblclick", "motion_notify", "scroll",
            "figure_enter", "figure_leave"}
MALFORMED = 1003  # the status that closes a WebSocket for data it cannot take (RFC 6455)


class Local(web.RequestHandler):
    """A handler that answers only to this machine's own names."""

    def initialize(self, server):
        """Remember the `Server`."""
        self.server = server

    def prepare(self):
        """Refuse a foreign name."""
        if urlsplit(f"//{self.request.host}").hostname not in NAMES:
            raise web.HTTPError(403, reason="this server answers only to 127.0.0.1 and localhost")


class Page(Local):
    """The page that holds the window."""

    def get(self):
        """Answer with the page in the colours of the theme."""
        page = importlib.resources.files(__package__).joinpath("browser.html").read_text("utf-8")
        theme = self.server.theme
        self.write(template.Template(page).generate(background=theme.background, text=theme.text))


class Script(Local):
    """Matplotlib's own script for its canvas."""

    def get(self):
        """Answer with the script."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.write(FigureManagerWebAgg.get_javascript())


class Reader(Local, websocket.WebSocketHandler):
    """One open page: it has a figure, a session and a `Scope` of its own."""

    def open(self):
        """Open a window for this page."""
        self._sending = set()
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        self.manager = FigureManagerWebAgg(FigureCanvasWebAggCore(figure), 1)
        figure.canvas.mpl_disconnect(self.manager.key_press_handler_id)
        self.scope = Scope(self.server.new_session(), figure, self.server.theme, VIEWS, self.server.view,
                           quit=self.quit, set_title=self.manager.set_window_title)
        self.manager.add_web_socket(self)
        self.server.readers.add(self)

    def on_message(self, message):
        """Hand what the page did to the canvas."""
        try:
            event = checked(json.loads(message), self.manager.canvas)
        except (ValueError, TypeError, KeyError) as error:
            self.close(MALFORMED, f"malformed message ({type(error).__name__})")
            return
        if event["type"] != "supports_binary":
            self.manager.handle_json(event)

    def on_close(self):
        """Free the window, once."""
        if self in self.server.readers:
            self.server.readers.remove(self)
            self.manager.remove_web_socket(self)
            say_last(self.scope.close())

    def quit(self):
        """End this page's window, and the program where the page stands in for a missing display."""
        self.close()
        if self.server.ends_with_reader:
            self.server.ended.set()

    def send_json(self, content):
        """Send an event to the page; part of what a WebAgg manager expects."""
        self._send(json.dumps(content), binary=False)

    def send_binary(self, picture):
        """Send a picture to the page; part of what a WebAgg manager expects."""
        self._send(picture, binary=True)

    def _send(self, message, binary):
        sending = asyncio.ensure_future(self._deliver(message, binary))
        self._sending.add(sending)  # the loop itself holds tasks weakly
        sending.add_done_callback(self._sending.discard)

    async def _deliver(self, message, binary):
        with contextlib.suppress(websocket.WebSocketClosedError):  # the page has gone: nobody to tell
            await self.write_message(message, binary)


def checked(event, canvas):
    """Return a page's message, its sizes within bounds; ValueError, TypeError or KeyError if it is none of ours."""
    if event["type"] not in MESSAGES:
        raise ValueError(event["type"])
    if event["type"] == "resize":
        for side in ("width", "height"):
            event[side] = between(1, event[side], LARGEST / canvas.device_pixel_ratio)
    elif event["type"] == "set_device_pixel_ratio":
        event["device_pixel_ratio"] = between(0.5, event["device_pixel_ratio"],
                                              LARGEST / max(canvas.get_width_height()))
    elif event["type"].startswith("key_"):
        event["key"].index("k")  # Matplotlib's script writes modifiers, a k, and the key
    elif event["type"] in ("scroll", "dblclick") or event["type"].partition("_")[0] in ("button", "motion", "figure"):
        for name in ("x", "y", "button", "buttons"):
            event[name] = int(event[name])
        event.setdefault("modifiers", [])
        event.setdefault("step", 0)
    return event


def between(low, value, high):
    """Return ``value`` as a number within bounds; ValueError if it is none."""
    value = float(value)
    if value != value:
        raise ValueError("not a number")
    return min(max(low, value), high)


class Server:
    """Serves windows: ``new_session`` makes the session of each page, ``view`` is the letter of its first view."""

    def __init__(self, new_session, theme, view, ends_with_reader):
        """Make a server that has not started."""
        self.new_session, self.theme, self.view, self.ends_with_reader = new_session, theme, view, ends_with_reader
        self.readers, self.ended = set(), asyncio.Event()

    async def serve(self, port, started):
        """Listen on ``port`` (0: a free one), call ``started(address)``, and serve until a reader ends the program."""
        try:
            listening = socket.create_server((HOST, port), backlog=128)
        except OSError as error:
            raise InputError(f"--port {port}: cannot be used ({error.strerror}); choose another one") from error
        shared = {"server": self}
        server = httpserver.HTTPServer(web.Application(
            [("/", Page, shared), ("/mpl.js", Script, shared), ("/socket", Reader, shared)]))
        listening.setblocking(False)
        server.add_socket(listening)
        started(f"http://{HOST}:{listening.getsockname()[1]}/")
        try:
            await self.ended.wait()
            server.stop()
            await server.close_all_connections()
        finally:  # also where Ctrl-C ends it: what is being learned is kept
            for reader in list(self.readers):
                reader.on_close()


def serve(new_session, theme, view, port, started, ends_with_reader):
    """Serve windows until a reader ends the program, where ``ends_with_reader``, or until Ctrl-C."""
    async def main():
        await Server(new_session, theme, view, ends_with_reader).serve(port, started)

    asyncio.run(main())
