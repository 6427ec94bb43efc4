"""What all requests have in common: they are let in, bounded, answered safely, and refused in a sentence."""

import asyncio
import contextlib
import json
import socket

from tornado import iostream, web

MAX_BODY_BYTES = 10 * 2**20  # of a body
SEND_TIMEOUT_S = 30  # seconds that an answer may take to be fetched
MAX_LENGTH_DIGITS = 16  # of a body's length; more are too many, and thousands are slow to read
# seconds and bytes that a refused body runs into the void, so that its answer is read
LINGER_TIMEOUT_S, MAX_LINGER_BYTES = 2, 2**25
STATUS_MESSAGES = {
    400: "the request makes no sense to this server",
    404: "there is nothing at this address; / is the window, /draw a page to draw on, /openapi.json what else there is",
    405: "this address does not take that method; see Allow",
    411: "say how long the body is, by Content-Length",
    413: f"the body is larger than the {MAX_BODY_BYTES // 2**20} MiB that are read; send less at a time",
    500: "the server failed at this request, and goes on",
    503: "the server has all it can do; try again in a second",
}
BASE_CONTENT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SECURITY_HEADERS = {
    "Content-Security-Policy": BASE_CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a token may be in the address
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refusal(web.HTTPError):
    """Why a request is not answered: its status, and a sentence for whoever sent it."""

    def __init__(self, status, message=None):
        super().__init__(status)
        self.message = message or STATUS_MESSAGES[status]


@web.stream_request_body
class BaseHandler(web.RequestHandler):
    """A handler that answers only whom the server's `AccessRules` let in, and reads no body that is too large."""

    def initialize(self, server):
        """Remember the `Server`."""
        self.server, self.body_length = server, 0

    def set_default_headers(self):
        """Set what keeps a browser from doing more with an answer than it is for."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    async def prepare(self):
        """Refuse whom the access rules refuse, and too much, before any of the body is read."""
        try:
            self.body_length = content_length(self.request.headers)
            self.check_headers()
        except Refusal as refusal:
            if not self.body_length and refusal.status_code != 411:
                raise
            await self.refuse_early(refusal)

    def check_headers(self):
        """Raise Refusal for a request that is refused by its headers."""
        self.server.access_rules.check_request(self.request)
        if "Transfer-Encoding" in self.request.headers:
            raise Refusal(411)
        if self.body_length > MAX_BODY_BYTES:
            raise Refusal(413)

    def head(self, *arguments):
        """Answer as to GET, without a body, which tornado leaves out."""
        return self.get(*arguments)

    def data_received(self, chunk):
        """Let a part of the body go by."""

    async def refuse_early(self, refusal):
        """Answer before the body is read; closing at once, as one would, mostly loses the answer on its way."""
        self.set_header("Connection", "close")
        self.set_status(refusal.status_code)
        content = self.error_body(refusal.message)
        self.set_header("Content-Length", len(content))
        self.write(content)
        with contextlib.suppress(iostream.StreamClosedError, asyncio.TimeoutError, OSError):
            await asyncio.wait_for(self.flush(), LINGER_TIMEOUT_S)
            stream = self.detach()
            try:
                await asyncio.wait_for(discard_body(stream), LINGER_TIMEOUT_S)
            finally:
                stream.close()

    def write_error(self, status_code, exc_info=None, **_):
        """Answer with a sentence that says what is wrong."""
        error = exc_info[1] if exc_info else None
        methods = [name for name in self.SUPPORTED_METHODS
                   if getattr(type(self), name.lower()) is not getattr(web.RequestHandler, name.lower())]
        methods = [name for name in methods if name != "HEAD" or "GET" in methods]
        if status_code == 405:
            self.set_header("Allow", ", ".join(methods))
        if status_code == 503:
            self.set_header("Retry-After", 1)
        self.finish(self.error_body(getattr(error, "message", None) or STATUS_MESSAGES.get(status_code, self._reason)))

    def error_body(self, message):
        """Return the body of an answer that says what is wrong."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        if self.get_status() == 401:
            self.set_header("WWW-Authenticate", "Bearer")
        return json.dumps({"error": message}).encode()

    def finish(self, chunk=None):
        """Send the answer; whoever does not fetch it in time is dropped."""
        stream = self.request.connection.stream
        sent = super().finish(chunk)
        if not sent.done():
            timer = asyncio.get_running_loop().call_later(SEND_TIMEOUT_S, stream.close)
            sent.add_done_callback(lambda _: timer.cancel())
        return sent

    def log_exception(self, typ, value, tb):
        """Log what is our fault alone."""
        if not isinstance(value, web.HTTPError):
            super().log_exception(typ, value, tb)


class NotFoundHandler(BaseHandler):
    """Every address where there is nothing."""

    def check_headers(self):
        """Say so, to whom the access rules let in."""
        super().check_headers()
        raise Refusal(404)


def content_length(headers):
    """Return how many bytes the body has, as its sender says; raises Refusal where that is no number."""
    declared_length = headers.get("Content-Length", "0")
    if not (declared_length.isascii() and declared_length.isdecimal()):
        raise Refusal(400)
    return int(declared_length.lstrip("0")[:MAX_LENGTH_DIGITS] or 0)


async def discard_body(stream):
    """End the answer, and read what still comes, to its end or to a bound."""
    if not stream.closed():
        stream.socket.shutdown(socket.SHUT_WR)
    for _ in range(MAX_LINGER_BYTES // 2**16):
        await stream.read_bytes(2**16, partial=True)
