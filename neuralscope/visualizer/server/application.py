"""The server: listens, hands each request to its handler, and ends in good order."""

import asyncio
import re
import socket

from tornado import web

from neuralscope.cli import print_message
from neuralscope.errors import InputError
from neuralscope.stop_signals import WINDOW_PATIENCE_S, held_stops
from neuralscope.visualizer.live.server_files import DEFAULT_DISK_BYTES
from neuralscope.visualizer.live.shared import SharedTraining
from neuralscope.visualizer.server.access import LOOPBACK_HOST, AccessRules
from neuralscope.visualizer.server.addresses import window_addresses
from neuralscope.visualizer.server.api import HealthHandler, OpenAPIHandler, PredictHandler
from neuralscope.visualizer.server.base_handler import NotFoundHandler
from neuralscope.visualizer.server.limits import LimitedHTTPServer
from neuralscope.visualizer.server.pages import ROUTES
from neuralscope.visualizer.server.predict_service import PredictService
from neuralscope.visualizer.server.websocket import WindowConnection
from neuralscope.visualizer.server.window_registry import WindowRegistry

LISTEN_BACKLOG = 128


class Server:
    """Serves windows: ``new_session`` makes the session of each page, ``view`` is the letter of its first view.

    ``host``: where to listen; None: for this machine alone. ``public_names``: those of a proxy before it.
    ``disk_bytes``: what all trainings' files may have.
    """

    def __init__(self, new_session, theme, view, ends_on_quit, host=None, public_names=(),
                 disk_bytes=DEFAULT_DISK_BYTES):
        """Make a server that has not started."""
        self.theme, self.access_rules, self.ended, self.shared_training = (
            theme,
            AccessRules(host, public_names),
            asyncio.Event(),
            SharedTraining(disk_bytes),
        )
        self.new_session = lambda: self.shared_training.add_session(new_session())
        self.registry = WindowRegistry(self.new_session, theme, view, self.ended.set if ends_on_quit else None)

    def application(self):
        """Return what hands each request to its handler."""
        shared = {"server": self}
        routes = [
            ("/socket", WindowConnection, shared),
            ("/predict", PredictHandler, shared),
            ("/health", HealthHandler, shared),
            ("/openapi.json", OpenAPIHandler, shared),
        ]
        routes += [(re.escape(path), page, shared | {"name": name}) for path, (page, name) in ROUTES.items()]
        return web.Application(routes, default_handler_class=NotFoundHandler, default_handler_args=shared,
                               log_function=lambda handler: None)  # else what strangers send would be printed

    async def serve(self, port, started):
        """Listen on ``port`` (0: a free one), call ``started(addresses)``, and serve until a reader ends the program.
        """
        listening = listen(self.access_rules.host, port)
        self.predict_service = PredictService(self.new_session().model)
        http_server = LimitedHTTPServer(self.application())
        listening.setblocking(False)
        http_server.add_socket(listening)
        started(window_addresses(self.access_rules, listening.getsockname()[1]))
        try:
            await self.ended.wait()
            http_server.stop()
            await http_server.close_all_connections()
        finally:
            asyncio.get_running_loop().set_exception_handler(report_unless_cancelled)
            self.predict_service.close()
            self.registry.close()
            self.shared_training.close()  # what is being learned is kept


def report_unless_cancelled(loop, context):
    """Report what failed, but for what is cancelled as all ends: tornado before 6.4 asks even that for its result."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def listen(host, port):
    """Return a socket that listens; raises InputError."""
    try:
        family, *_, socket_address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(
            socket_address[:2], family=family, backlog=LISTEN_BACKLOG, dualstack_ipv6=host == "::"
        )
    except (OSError, UnicodeError) as error:
        problem = f"--port {port}: cannot be used ({socket_error_reason(error)})"
        if host == LOOPBACK_HOST:
            raise InputError(problem, "choose another one") from error
        raise InputError(f"--host {host} {problem}",
                         "choose an address of this machine, 0.0.0.0 for all, and a free port") from error


def socket_error_reason(error):
    """Return what an error of a socket says, without Python's addition."""
    return str(getattr(error, "strerror", None) or error).partition(" (while ")[0]


def serve(new_session, theme, view, port, started, ends_on_quit, host=None, public_names=(),
          disk_bytes=DEFAULT_DISK_BYTES):
    """Serve windows until a reader ends the program, where ``ends_on_quit``, or a signal does, which raises Stopped."""
    with held_stops(print_message, patience=WINDOW_PATIENCE_S) as stop:
        async def main():
            loop = asyncio.get_running_loop()
            server = Server(new_session, theme, view, ends_on_quit, host, public_names, disk_bytes)
            stop.act = lambda: loop.call_soon_threadsafe(server.ended.set)
            if stop():
                server.ended.set()
            await server.serve(port, started)

        asyncio.run(main())
    stop.raise_stopped()
