"""What stands between a browser and the server on many networks: it passes on, refuses, rewrites, or falls silent."""

import asyncio
import contextlib
from contextlib import asynccontextmanager

PREFIX = "/deep"  # the path that is taken off, where one is there


class Proxy:
    """Passes connections on to a port of this machine; ``refuses(head)`` says of a request's head which not.

    While ``silent`` nothing comes through, and nobody is told. ``host``: what it puts for the Host header, or None.
    """

    def __init__(self, port, refuses=lambda head: False, refusal="403 Forbidden", host=None):
        """Begin with nobody."""
        self.port, self.refuses, self.refusal, self.host = port, refuses, refusal, host
        self.silent, self.tasks = False, set()

    async def serve(self, reader, writer):
        """Pass a connection's first request on, or refuse it, and then whatever comes both ways."""
        self.tasks.add(asyncio.current_task())
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            if self.refuses(head):
                page = "<html>a page of the proxy's own"
                writer.write(f"HTTP/1.1 {self.refusal}\r\nContent-Type: text/html\r\nConnection: close\r\n"
                             f"Content-Length: {len(page)}\r\n\r\n{page}".encode())
                await writer.drain()
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
            with contextlib.closing(far_writer):
                far_writer.write(self.rewritten(head).encode())
                await asyncio.gather(self.pass_on(reader, far_writer), self.pass_on(far_reader, writer))

    def rewritten(self, head):
        """Return a request's head as the server gets it; each request but a WebSocket's has its own connection."""
        if "websocket" not in head.lower():
            head = head.replace("Connection: keep-alive", "Connection: close")
        if self.host:
            first, _, rest = head.partition("Host: ")
            head = f"{first}Host: {self.host}\r\n{rest.partition(chr(10))[2]}"
        return head.replace(f" {PREFIX}/", " /", 1)

    async def pass_on(self, reader, writer):
        """Pass on what comes, but while the proxy is silent."""
        while content := await reader.read(2**16):
            while self.silent:
                await asyncio.sleep(0.02)
            writer.write(content)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def proxy_to(port, **options):
    """Run a `Proxy` and yield it and its port."""
    proxy = Proxy(port, **options)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield proxy, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in proxy.tasks:
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
