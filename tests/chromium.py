"""A real browser: headless Chromium, driven over its own debugging protocol."""

import asyncio
import base64
import io
import json
import shutil
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path

from tornado import httpclient, websocket

PATIENCE = 40  # seconds
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars")


def program():
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@asynccontextmanager
async def opened(address, profile, width, height):
    """Open ``address`` in a window of this size and yield a `Page`; ``profile`` is an empty folder."""
    command = [program(), *QUIET, f"--user-data-dir={profile}", f"--window-size={width},{height}",
               "--remote-debugging-port=0", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            port = (await until(lambda: read(Path(profile, "DevToolsActivePort")))).split("\n")[0]
            client = httpclient.AsyncHTTPClient()
            targets = json.loads((await client.fetch(f"http://127.0.0.1:{port}/json/list")).body)
            url = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
            page = Page(await websocket.websocket_connect(url, max_message_size=2**26))
            yield page
            page.socket.close()
        finally:
            running.kill()


def read(path):
    """Return a file's text, or nothing while it is not there."""
    return path.read_text() if path.exists() else ""


async def until(look):
    """Wait until ``look()``, which may be a coroutine function, returns something true, and return that."""
    for _ in range(PATIENCE * 10):
        found = look()
        found = await found if asyncio.iscoroutine(found) else found
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE} seconds in vain")


class Page:
    """One page of the browser."""

    def __init__(self, socket):
        """Speak over ``socket``."""
        self.socket, self.calls = socket, 0

    async def call(self, method, **parameters):
        """Call a method of the protocol and return its result."""
        self.calls += 1
        await self.socket.write_message(json.dumps({"id": self.calls, "method": method, "params": parameters}))
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.read_message(), PATIENCE))
            if message.get("id") == self.calls:
                return message["result"]

    async def value(self, expression):
        """Return what a JavaScript expression comes to."""
        return (await self.call("Runtime.evaluate", expression=expression))["result"].get("value")

    async def press(self, key):
        """Press and release a key, by its name in a browser."""
        text = {"text": key} if len(key) == 1 else {}
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def drag(self, points):
        """Press the left button at the first of some points in pixels, drag through all and release it."""
        for what, (x, y) in zip(["mousePressed", *["mouseMoved"] * (len(points) - 1), "mouseReleased"],
                                [*points, points[-1]], strict=True):
            await self.call("Input.dispatchMouseEvent", type=what, x=x, y=y, button="left", buttons=1, clickCount=1)

    async def title_with(self, words):
        """Wait until the title holds ``words``, and return it."""
        async def look():
            title = await self.value("document.title")
            return title if words in title else None

        return await until(look)

    async def picture(self):
        """Return what the page shows as an array of pixels."""
        import numpy as np
        from PIL import Image

        shot = await self.call("Page.captureScreenshot", format="png")
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB"))
