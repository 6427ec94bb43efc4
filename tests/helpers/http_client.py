"""A real server on 127.0.0.1, and somebody who asks it over a socket, byte by byte where that matters."""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np

from neuralscope.visualizer.drawing.theme import THEMES
from neuralscope.visualizer.server.application import Server
from neuralscope.visualizer.session.session import Session

TIMEOUT_S = 60  # seconds: none of them is waited for unless something hangs


@dataclass
class Response:
    """What the server said."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        """The body, read as JSON."""
        return json.loads(self.body)


class HTTPClient:
    """Somebody who asks; ``address`` is what the server printed."""

    def __init__(self, server, address):
        """Remember whom."""
        self.server, self.address, self.netloc = server, address, urlsplit(address).netloc
        self.port = urlsplit(address).port

    async def connect(self):
        """Return a reader and a writer on a new connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, path, body=None, kind=None, method=None, **headers):
        """Send a request on a connection of its own and return the Answer; ``_`` in a header's name is ``-``."""
        method = method or ("GET" if body is None else "POST")
        lines = {"Host": self.netloc, "Connection": "close"} | {
            name.replace("_", "-"): value for name, value in headers.items()}
        if kind:
            lines["Content-Type"] = kind
        if body is not None:
            lines.setdefault("Content-Length", len(body))
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        reader, writer = await self.connect()
        try:
            writer.write(head.encode() + b"\r\n" + (body or b""))
            return await read_response(reader)
        finally:
            writer.close()

    async def lives(self):
        """Assert that the server answers; for a moment it may be full, or drop this program as too slow."""
        async def look():
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                found = await self.ask("/health", Authorization=f"Bearer {self.server.access_rules.token}")
                return found if found.status != 503 else None

        found = await until(look)
        assert found.status == 200
        assert found.json["status"] == "ok"


async def until(look):
    """Wait until ``look()``, which may be a coroutine function, returns something true, and return that."""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        found = look()
        found = await found if asyncio.iscoroutine(found) else found
        if found:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited {TIMEOUT_S} seconds in vain")


async def read_response(reader):
    """Return the Answer that comes on a connection."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT_S)
    first, *lines = head.decode().split("\r\n")[:-2]
    headers = dict(line.split(": ", 1) for line in lines)
    body = await asyncio.wait_for(reader.readexactly(int(headers.get("Content-Length", 0))), TIMEOUT_S)
    return Response(int(first.split()[1]), headers, body)


def with_server(shipped, embedded, story, host=None, **changes):
    """Run ``story(client)`` against a server, and stop the server."""
    def new_session():
        return Session(changes.get("model", shipped), embedded, np.random.default_rng(1), 7)

    async def main():
        server = Server(new_session, THEMES["dark"], None, False, host, changes.get("public_names", ()))
        addresses = asyncio.Queue()
        running = asyncio.ensure_future(server.serve(0, addresses.put_nowait))
        try:
            await story(HTTPClient(server, (await asyncio.wait_for(addresses.get(), TIMEOUT_S))[0]))
        finally:
            server.ended.set()
            await asyncio.wait_for(running, TIMEOUT_S)

    asyncio.run(main())
