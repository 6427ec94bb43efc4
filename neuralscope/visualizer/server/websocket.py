"""The WebSocket between a page and its reader's window: bounded in what it takes, and in what it waits for."""

import contextlib
import json
import time

from tornado import websocket

from neuralscope.visualizer.server.base_handler import BaseHandler, Refusal
from neuralscope.visualizer.server.client_messages import MAX_MESSAGE_BYTES, parse_message

MAX_MESSAGES_PER_S, MAX_BURST_MESSAGES = 500, 1000  # messages a second, and at once: a pointer moves up to 240 times
PING_INTERVAL_S = 30  # seconds between pings; who does not answer one until the next is gone
# RFC 6455, section 7.4.1, and IANA's list
CLOSE_GOING_AWAY, CLOSE_MALFORMED, CLOSE_TOO_MANY, CLOSE_TRY_AGAIN = 1001, 1003, 1008, 1013
CLOSE_ENDED, CLOSE_FAILED, CLOSE_TAKEN_OVER = 4000, 4001, 4002  # our own; a page comes back after none from 4000 on
MAX_REASON_BYTES = 120  # bytes that a reason may have


class WindowConnection(BaseHandler, websocket.WebSocketHandler):
    """A page's connection, which shows a `RemoteWindow` for as long as it stands."""

    max_message_size, ping_interval, ping_timeout = MAX_MESSAGE_BYTES, PING_INTERVAL_S, PING_INTERVAL_S
    window = None  # also of a connection that was refused, of whose end tornado tells all the same

    async def get(self, *arguments):
        """Become a WebSocket, where that is asked for."""
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise Refusal(400, "here pages of this server open a WebSocket; / is the window")
        await super().get(*arguments)

    def check_origin(self, origin):
        """Let it in: the server's `AccessRules` have looked at it already, in any case of letters."""
        return True

    def open(self):
        """Show the window of the reader whose name the page brings along, else a new one, if there is room."""
        self.set_nodelay(True)
        self.window, self.pending_sends, self.message_allowance, self.allowance_time = (
            None,
            set(),
            MAX_BURST_MESSAGES,
            time.monotonic(),
        )
        self.window = self.server.registry.connect(self, self.get_query_argument("reader", ""))

    def on_message(self, text):
        """Hand what the page did to its window."""
        if not self.window:
            return
        now = time.monotonic()
        self.message_allowance, self.allowance_time = (
            min(MAX_BURST_MESSAGES, self.message_allowance + MAX_MESSAGES_PER_S * (now - self.allowance_time)) - 1,
            now,
        )
        try:
            message = parse_message(text)
        except ValueError as error:
            self.end_with_reason(
                CLOSE_MALFORMED, f"This page said what the server does not understand ({error}). Reload it."
            )
            return
        if self.message_allowance < 0 or not self._take(message):
            self.end_with_reason(CLOSE_TOO_MANY, "This page said more than the server can answer. Reload it to go on.")

    def _take(self, message):
        if message["type"] != "beat":
            return self.window.receive(message)
        self.send_event("beat")
        return True

    def on_close(self):
        """Leave the window, which is kept for a while."""
        window, self.window = self.window, None
        if window:
            self.server.registry.disconnect(window)

    def send_event(self, event_type, content=None, **properties):
        """Send the page an event, and what belongs to it: a picture, or a file."""
        for message in [json.dumps({"type": event_type, **properties}), *[content] * (content is not None)]:
            with contextlib.suppress(websocket.WebSocketClosedError):  # the page has gone: nobody to tell
                sending = self.write_message(message, binary=message is content)
                self.pending_sends.add(sending)
                sending.add_done_callback(self._sent)

    def _sent(self, sending):
        self.pending_sends.discard(sending)
        gone = sending.cancelled() or sending.exception()
        if self.window and not gone:
            self.window.schedule_work()

    def end_with_reason(self, code, reason):
        """Close for the reason given in words, which the page shows."""
        self.on_close()
        self.close(code, reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore"))

    def end_taken_over(self):
        """Close because another page shows the window."""
        self.window = None
        self.end_with_reason(CLOSE_TAKEN_OVER, "This window is open in another page now.")
