"""Bounds on who is connected: how many at once, how long they may be silent, how slowly they may speak."""

import json
import weakref

from tornado import httpserver

from neuralscope.visualizer.server.base_handler import MOST_BYTES, SENTENCES

MOST = 512  # connections; a process may usually have 1,024 files open
SILENCE, BODY = 20, 30  # seconds for a request's headers, and between requests, and for its body
HEADER_BYTES = 2**14


class Gate(httpserver.HTTPServer):
    """An HTTP server that drops the slow and the silent, and turns away whom it has no room for."""

    def initialize(self, application):
        """Serve an Application."""
        super().initialize(application, idle_connection_timeout=SILENCE, body_timeout=BODY,
                           max_header_size=HEADER_BYTES, max_body_size=MOST_BYTES)
        self.streams = weakref.WeakSet()

    def handle_stream(self, stream, address):
        """Take a connection, if there is room for it."""
        if sum(not one.closed() for one in self.streams) < MOST:
            self.streams.add(stream)
            super().handle_stream(stream, address)
        else:
            stream.write(full()).add_done_callback(lambda _: stream.close())


def full():
    """Return the whole answer to a connection for which there is no room."""
    body = json.dumps({"error": SENTENCES[503]}).encode()
    return (b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\nRetry-After: 1\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
