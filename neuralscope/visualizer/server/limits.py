"""Bounds on who is connected: how many at once, how long they may be silent, how slowly they may speak."""

import json
import weakref
from http import HTTPStatus

from tornado import httpserver

from neuralscope.visualizer.server.base_handler import MAX_BODY_BYTES, STATUS_MESSAGES

MAX_CONNECTIONS = 512  # connections; a process may usually have 1,024 files open
IDLE_TIMEOUT_S, BODY_TIMEOUT_S = 20, 30  # seconds for a request's headers, and between requests, and for its body
MAX_HEADER_BYTES = 2**14
BARE_REFUSAL = b"HTTP/1.1 400 Bad Request\r\n\r\n"  # tornado's answer to what is no request


class LimitedHTTPServer(httpserver.HTTPServer):
    """An HTTP server that drops the slow and the silent, and turns away whom it has no room for."""

    def initialize(self, application):
        """Serve an Application."""
        super().initialize(application, idle_connection_timeout=IDLE_TIMEOUT_S, body_timeout=BODY_TIMEOUT_S,
                           max_header_size=MAX_HEADER_BYTES, max_body_size=MAX_BODY_BYTES)
        self.streams = weakref.WeakSet()

    def handle_stream(self, stream, address):
        """Take a connection, if there is room for it."""
        if sum(not open_stream.closed() for open_stream in self.streams) < MAX_CONNECTIONS:
            self.streams.add(stream)
            write = stream.write
            stream.write = lambda data: write(whole_response(400) if data == BARE_REFUSAL else data)
            super().handle_stream(stream, address)
        else:
            stream.write(whole_response(503)).add_done_callback(lambda _: stream.close())


def whole_response(status):
    """Return the whole answer to a connection that is closed with it: 503 where there is no room."""
    body = json.dumps({"error": STATUS_MESSAGES[status]}).encode()
    retry = b"Retry-After: 1\r\n" * (status == 503)
    return (b"HTTP/1.1 %d %b\r\nContent-Type: application/json; charset=utf-8\r\n%bConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (status, HTTPStatus(status).phrase.encode(), retry, len(body), body))
