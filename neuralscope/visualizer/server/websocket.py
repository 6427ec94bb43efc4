"""The WebSocket between a page and its reader's window: bounded in what it takes, and in what it waits for."""

import contextlib
import json
import time

from tornado import websocket

from neuralscope.visualizer.server.base_handler import Guarded, Refusal
from neuralscope.visualizer.server.client_messages import LARGEST, checked

RATE, BURST = 500, 1000  # messages a second, and at once: a pointer moves up to 240 times
PULSE = 30  # seconds between pings; who does not answer one until the next is gone
GOING_AWAY, MALFORMED, TOO_MANY, TRY_AGAIN = 1001, 1003, 1008, 1013  # RFC 6455, section 7.4.1, and IANA's list
ENDED, FAILED, ELSEWHERE = 4000, 4001, 4002  # our own; a page comes back after none from 4000 on
CLOSING = 120  # bytes that a reason may have


class Connection(Guarded, websocket.WebSocketHandler):
    """A page's connection, which shows a `RemoteWindow` for as long as it stands."""

    max_message_size, ping_interval, ping_timeout = LARGEST, PULSE, PULSE
    reader = None  # also of a connection that was refused, of whose end tornado tells all the same

    async def get(self, *arguments):
        """Become a WebSocket, where that is asked for."""
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise Refusal(400, "here pages of this server open a WebSocket; / is the window")
        await super().get(*arguments)

    def open(self):
        """Show the window of the reader whose name the page brings along, else a new one, if there is room."""
        self.set_nodelay(True)
        self.reader, self.sending, self.left, self.at = None, set(), BURST, time.monotonic()
        self.reader = self.server.readers.admit(self, self.get_query_argument("reader", ""))

    def on_message(self, text):
        """Hand what the page did to its window."""
        if not self.reader:
            return
        now = time.monotonic()
        self.left, self.at = min(BURST, self.left + RATE * (now - self.at)) - 1, now
        try:
            message = checked(text)
        except ValueError as error:
            self.end(MALFORMED, f"This page said what the server does not understand ({error}). Reload it.")
            return
        if self.left < 0 or not self.reader.take(message):
            self.end(TOO_MANY, "This page said more than the server can answer. Reload it to go on.")

    def on_close(self):
        """Leave the window, which is kept for a while."""
        reader, self.reader = self.reader, None
        if reader:
            self.server.readers.leave(reader)

    def tell(self, kind, content=None, **properties):
        """Send the page an event, and what belongs to it: a picture, or a file."""
        for message in [json.dumps({"type": kind, **properties}), *[content] * (content is not None)]:
            with contextlib.suppress(websocket.WebSocketClosedError):  # the page has gone: nobody to tell
                sending = self.write_message(message, binary=message is content)
                self.sending.add(sending)
                sending.add_done_callback(self._sent)

    def _sent(self, sending):
        self.sending.discard(sending)
        gone = sending.cancelled() or sending.exception()
        if self.reader and not gone:
            self.reader.wake()

    def end(self, code, words):
        """Close for the reason given in words, which the page shows."""
        self.on_close()
        self.close(code, words.encode()[:CLOSING].decode(errors="ignore"))

    def end_elsewhere(self):
        """Close because another page shows the window."""
        self.reader = None
        self.end(ELSEWHERE, "This window is open in another page now.")
