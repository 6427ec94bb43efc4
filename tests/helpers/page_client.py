"""A reader without a browser: a connection that says what the page's script would, and keeps what comes."""

import asyncio
import contextlib
import io
import json

import numpy as np
from PIL import Image
from tornado import httpclient, websocket

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server.application import Server
from neuralscope.visualizer.session.session import Session

TIMEOUT_S = 60  # seconds: none of them is waited for unless something hangs
POINTER_AT_REST = {"x": 0, "y": 0, "button": 0, "buttons": 0, "shift": False}


class PageClient:
    """What is open in a page: its ``picture`` (rows, columns, 3), ``title``, ``name``, ``texts``, downloaded ``files``.

    ``signals``: the types of events without content.
    """

    def __init__(self, socket, shows=True):
        """Show frames that come over ``socket``; not ``shows``: leave them without an answer."""
        self.socket, self.shows = socket, shows
        self.picture, self.frames, self.title, self.name, self.files, self.closed = None, 0, "", "", {}, False
        self.texts, self.signals = {}, []

    def say(self, kind, **properties):
        """Send a message."""
        with contextlib.suppress(websocket.WebSocketClosedError):  # the server was faster; `until` will see
            self.socket.write_message(json.dumps({"type": kind, **properties}))

    def press(self, *keys, shift=False):
        """Press keys, by their names in a browser."""
        for key in keys:
            self.say("key_press", key=key, shift=shift, repeat=False)

    def point(self, kind, x, y, buttons=0):
        """Do something with the pointer at a pixel."""
        self.say(kind, **POINTER_AT_REST | {"x": x, "y": y, "buttons": buttons})

    async def until(self, done):
        """Take what comes until ``done()`` or the connection is closed."""
        while not done() and not self.closed:
            message = await self._read()
            if message is None:
                return
            event = json.loads(message)
            if event["type"] == "reader":
                self.name = event["name"]
            elif event["type"] == "title":
                self.title = event["words"]
            elif event["type"] == "texts":
                self.texts = event
            elif event["type"] in ("beat", "quit"):
                self.signals.append(event["type"])
            elif event["type"] == "file":
                self.files[event["name"]] = await self._read()
            else:
                self._show(event, await self._read())

    async def until_title(self, words):
        """Take what comes until the title holds ``words``."""
        await self.until(lambda: words in self.title)
        assert words in self.title, self.socket.close_reason

    async def end(self):
        """Take what comes until the connection is closed; return the code and the words it is closed with."""
        await self.until(lambda: False)
        return self.socket.close_code, self.socket.close_reason

    async def close(self):
        """Close the connection and read what is still under way."""
        self.socket.close()
        while not self.closed:
            await self._read()

    async def _read(self):
        message = await asyncio.wait_for(self.socket.read_message(), TIMEOUT_S)
        self.closed = message is None
        return message

    def _show(self, event, content):
        part = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        if self.picture is None or self.picture.shape[:2] != (event["height"], event["width"]):
            self.picture = np.zeros((event["height"], event["width"], 3), np.uint8)
        height, width, _ = part.shape
        self.picture[event["top"]:event["top"] + height, event["left"]:event["left"] + width] = part
        self.frames += 1
        if self.shows:
            self.say("ack")


def with_window_server(shipped, embedded, story, ends_on_quit=False, prepare=lambda session: None):
    """Run ``story(address, connect)`` against a server, which it has as ``story.server``, and stop the server.

    ``connect(name="", shows=True, **request)`` opens a connection; ``prepare`` is given each new session.
    """
    def new_session():
        session = Session(shipped, embedded, np.random.default_rng(1), 7)
        prepare(session)
        return session

    async def main():
        server = story.server = Server(new_session, THEMES["dark"], None, ends_on_quit)
        addresses, visitors = asyncio.Queue(), []
        running = asyncio.ensure_future(server.serve(0, addresses.put_nowait))
        address, *_ = await addresses.get()

        async def connect(name="", shows=True, **request):
            url = f"{address.replace('http', 'ws')}socket?reader={name}"
            request = httpclient.HTTPRequest(url, **{"headers": {"Origin": address.rstrip("/")}} | request)
            socket = await websocket.websocket_connect(request, max_message_size=2**26)
            visitors.append(PageClient(socket, shows))
            visitors[-1].say("ack")  # it is ready for a frame
            return visitors[-1]

        try:
            await story(address, connect)
        finally:
            for client in visitors:
                await client.close()
            server.ended.set()
            await asyncio.wait_for(running, TIMEOUT_S)

    asyncio.run(main())
