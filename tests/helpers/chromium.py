"""A real browser: headless Chromium, driven over its own debugging protocol."""

import asyncio
import base64
import io
import json
import shutil
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tornado import httpclient, websocket

TIMEOUT_S = 60  # seconds
WINDOW_SIZE = 1000, 787  # of which the page has 87 fewer in height
NAVIGATION_ERRORS = "navigated", "context", "Promise was collected"  # of a document that is left just now
CHROMIUM_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars")


def chromium_path():
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


# What a browser does with a key by itself depends on its number, and where it types something on the text.
KEY_CODES = {"Backspace": 8, "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "PageUp": 33, "PageDown": 34, "End": 35,
           "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Delete": 46}


@contextmanager
def running(profile, width, height):
    """Run the browser with windows of this size and yield its port; ``profile`` is an empty folder."""
    command = [chromium_path(), *CHROMIUM_OPTIONS, f"--user-data-dir={profile}", f"--window-size={width},{height}",
               "--remote-debugging-port=0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + TIMEOUT_S
            while not (port := read_text_if_there(Path(profile, "DevToolsActivePort")).split("\n")[0]):
                assert time.monotonic() < end, "the browser does not start"
                time.sleep(0.05)
            yield port
        finally:
            process.kill()


@asynccontextmanager
async def page_of(port, address):
    """Open ``address`` in a window of its own, in the browser at ``port``, and yield a `Page`."""
    version = json.loads((await httpclient.AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/json/version")).body)
    browser = Page(await websocket.websocket_connect(version["webSocketDebuggerUrl"]))
    target = (await browser.call("Target.createTarget", url=address, newWindow=True))["targetId"]
    url = f"ws://127.0.0.1:{port}/devtools/page/{target}"
    page = Page(await websocket.websocket_connect(url, max_message_size=2**26))
    try:
        yield page
    finally:
        await browser.call("Target.closeTarget", targetId=target)
        page.socket.close()
        browser.socket.close()


@asynccontextmanager
async def opened(address, profile, width, height):
    """Open ``address`` in a browser and a window of this size and yield a `Page`; ``profile`` is an empty folder."""
    with running(profile, width, height) as port:
        async with page_of(port, address) as page:
            yield page


def read_text_if_there(path):
    """Return a file's text, or nothing while it is not there."""
    return path.read_text() if path.exists() else ""


async def wait_until(look):
    """Wait until ``look()``, which may be a coroutine function, returns something true, and return that."""
    for _ in range(TIMEOUT_S * 10):
        found = look()
        found = await found if asyncio.iscoroutine(found) else found
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"waited {TIMEOUT_S} seconds in vain")


class ProtocolError(AssertionError):
    """What Chromium could not do."""


class Page:
    """One page of the browser."""

    def __init__(self, socket):
        """Speak over ``socket``."""
        self.socket, self.calls, self.complaints = socket, 0, []

    async def call(self, method, **parameters):
        """Call a method of the protocol, again while the page is about to be attached, and return its result."""
        end = time.monotonic() + TIMEOUT_S
        while True:
            try:
                return await self._call(method, parameters)
            except ProtocolError as error:
                if "Not attached" not in str(error) or time.monotonic() > end:
                    raise
            await asyncio.sleep(0.05)

    async def _call(self, method, parameters):
        self.calls += 1
        await self.socket.write_message(json.dumps({"id": self.calls, "method": method, "params": parameters}))
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.read_message(), TIMEOUT_S))
            told = message.get("params", {})
            if "exceptionDetails" in told or told.get("entry", {}).get("level") == "error":
                self.complaints.append(told)
            if message.get("id") == self.calls:
                if "error" in message:
                    raise ProtocolError(message["error"]["message"])
                return message["result"]

    async def be(self, width, height, ratio=1, theme="dark", touch=False):
        """Be a screen of this size, with this setting; load the page anew and listen to what it complains of."""
        await wait_until(lambda: self.value("document.readyState === 'complete'"))
        for domain in ("Log", "Runtime", "Page"):
            await self.call(f"{domain}.enable")
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio,
                        mobile=touch)
        await self.call("Emulation.setTouchEmulationEnabled", enabled=touch)
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        await self.value("old = true")
        await self.call("Page.reload")
        await wait_until(lambda: self.value("typeof old === 'undefined' && document.readyState === 'complete'"))

    async def value(self, expression):
        """Return what a JavaScript expression comes to; None while another document is loaded."""
        try:
            found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        except ProtocolError as error:
            if not any(words in str(error) for words in NAVIGATION_ERRORS):
                raise
            return None
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def press(self, key, shift=False, repeats=0):
        """Press a key, by its name in a browser, hold it until it repeats, and release it."""
        more = {"modifiers": 8 * shift, "windowsVirtualKeyCode": KEY_CODES.get(key, ord(key[0].upper()))}
        text = {"text": key} if len(key) == 1 else {}
        for count in range(1 + repeats):
            await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, autoRepeat=count > 0, **text, **more)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **more)

    async def drag(self, points):
        """Press the left button at the first of some points in pixels, drag through all and release it."""
        for what, (x, y) in zip(["mousePressed", *["mouseMoved"] * (len(points) - 1), "mouseReleased"],
                                [*points, points[-1]], strict=True):
            await self.call("Input.dispatchMouseEvent", type=what, x=x, y=y, button="left", buttons=1, clickCount=1)

    async def touch(self, points):
        """Put a finger at the first of some points in pixels, draw it through all and lift it."""
        for what, at in zip(["touchStart", *["touchMove"] * (len(points) - 1), "touchEnd"], [*points, None],
                            strict=True):
            await self.call("Input.dispatchTouchEvent", type=what, touchPoints=[dict(zip("xy", at, strict=True))]
                            if at else [])

    async def title_with(self, words):
        """Wait until the title holds ``words``, and return it."""
        async def look():
            title = await self.value("document.title") or ""
            return title if words in title else None

        return await wait_until(look)

    async def picture(self):
        """Return what the page shows as an array of pixels."""
        import numpy as np
        from PIL import Image

        shot = await self.call("Page.captureScreenshot", format="png")
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB"))
