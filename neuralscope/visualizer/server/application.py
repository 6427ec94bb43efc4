"""The server: listens, hands each request to its handler, and ends in good order."""

import asyncio
import getpass
import os
import signal
import socket
import threading
from contextlib import contextmanager, suppress

from tornado import web

from neuralscope.errors import InputError
from neuralscope.visualizer.live.shared import Trainings
from neuralscope.visualizer.server.access import HOST, Door
from neuralscope.visualizer.server.api import Description, Health, Predict
from neuralscope.visualizer.server.base_handler import Nothing
from neuralscope.visualizer.server.limits import Gate
from neuralscope.visualizer.server.pages import ROUTES
from neuralscope.visualizer.server.predict_service import Desk
from neuralscope.visualizer.server.websocket import Connection
from neuralscope.visualizer.server.window_registry import Readers

BACKLOG = 128
ANY = {"0.0.0.0", "::"}  # where every address of the machine is listened at
SSH_PORT = "22"


class Server:
    """Serves windows: ``new_session`` makes the session of each page, ``view`` is the letter of its first view.

    ``host``: where to listen; None: for this machine alone.
    """

    def __init__(self, new_session, theme, view, ends_with_reader, host=None):
        """Make a server that has not started."""
        self.theme, self.door, self.ended, self.trainings = theme, Door(host), asyncio.Event(), Trainings()
        self.new_session = lambda: self.trainings.welcome(new_session())
        self.readers = Readers(self.new_session, theme, view, self.ended.set if ends_with_reader else None)

    def application(self):
        """Return what hands each request to its handler."""
        shared = {"server": self}
        routes = [("/socket", Connection, shared), ("/predict", Predict, shared), ("/health", Health, shared),
                  ("/openapi.json", Description, shared)]
        routes += [(path.replace(".", r"\."), page, shared | {"name": name}) for path, (page, name) in ROUTES.items()]
        return web.Application(routes, default_handler_class=Nothing, default_handler_args=shared,
                               log_function=lambda handler: None)  # else what strangers send would be printed

    async def serve(self, port, started):
        """Listen on ``port`` (0: a free one), call ``started(address)``, and serve until a reader ends the program."""
        listening = listen(self.door.host, port)
        self.desk = Desk(self.new_session().model)
        gate = Gate(self.application())
        listening.setblocking(False)
        gate.add_socket(listening)
        started(address(self.door, listening.getsockname()[1]))
        try:
            await self.ended.wait()
            gate.stop()
            await gate.close_all_connections()
        finally:  # also where Ctrl-C ends it: what is being learned is kept
            with unstoppable():
                self.desk.close()
                self.readers.close()
                self.trainings.close()


@contextmanager
def unstoppable():
    """Go on where Ctrl-C is pressed again: the end takes a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def listen(host, port):
    """Return a socket that listens; raises InputError."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(place[:2], family=family, backlog=BACKLOG, dualstack_ipv6=host == "::")
    except (OSError, UnicodeError) as error:
        if host == HOST:
            words = f"--port {port}: cannot be used ({reason(error)}); choose another one"
        else:
            words = (f"--host {host} --port {port}: cannot be used ({reason(error)}); "
                     "choose an address of this machine, 0.0.0.0 for all, and a free port")
        raise InputError(words) from error


def reason(error):
    """Return what an error of a socket says, without Python's addition."""
    return str(getattr(error, "strerror", None) or error).partition(" (while ")[0]


def address(door, port):
    """Return the address of the window, as it is opened in a browser."""
    host = socket.gethostname() if door.host in ANY else f"[{door.host}]" if ":" in door.host else door.host
    return f"http://{host}:{port}/" + f"?token={door.token}" * bool(door.token)


def advice(host, address):
    """Yield lines on how the window is reached from elsewhere, and by whom."""
    if host is not None:
        yield "whoever has this address, token and all, can use the window; it is not encrypted on its way"
    elif os.environ.get("SSH_CONNECTION"):
        port = address.rstrip("/").rpartition(":")[2]
        with suppress(ValueError, KeyError, OSError):  # of another form, or a user without a name
            *_, server, ssh_port = os.environ["SSH_CONNECTION"].split()
            other = f"-p {ssh_port} " * (ssh_port != SSH_PORT)
            yield (f"on the machine before you, first run: ssh {other}-N -L {port}:{HOST}:{port} "
                   f"{getpass.getuser()}@{server}")


def serve(new_session, theme, view, port, started, ends_with_reader, host=None):
    """Serve windows until a reader ends the program, where ``ends_with_reader``, or until Ctrl-C."""
    async def main():
        await Server(new_session, theme, view, ends_with_reader, host).serve(port, started)

    asyncio.run(main())
