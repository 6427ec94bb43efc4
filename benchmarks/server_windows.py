"""python -m benchmarks.server_windows: how soon the window in a browser answers, to one and to many, and what a reader costs.

From a key to changed pixels in headless Chromium; then readers without a browser, who take frames as its page does:
alone, and with as many others who press a key in the same moment. Memory is that of the server.
"""

import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tornado import httpclient, websocket

from neuralscope.cli import DONE, Parser, run
from tests.helpers import chromium
from tests.helpers.desktop import PROJECT, environment
from tests.helpers.page_client import Visitor

TURNS = 60  # keys of a kind
MANY, COME_AND_GO, TOGETHER = 50, 500, 10
AIM = 100  # milliseconds from a key to changed pixels
PAUSE = 0.1  # seconds between two keys
AWAY = 1  # seconds for which the server here keeps the window of a reader who left
SERVER = f"""
from neuralscope.visualizer import __main__
from neuralscope.visualizer.server import window_registry
window_registry.RECONNECT_TIMEOUT_S = {AWAY}
__main__.main(["--browser", "--seed", "0"])
"""
KEYS = {"e": ("next digit in explore", ["Enter"]), "w": ("next digit in why", ["Enter"]),
        "n": ("next neuron", ["ArrowRight"]), "m": ("next cell of mistakes", ["Enter"])}
WATCH = """
const shown = [], draw = pen.drawImage;
let began = 0;
addEventListener("keydown", () => { began = performance.now(); }, true);
pen.drawImage = function (...what) {  // once its pixels are drawn, the next frame of the browser shows them
  draw.apply(this, what);
  requestAnimationFrame(() => shown.push(performance.now() - began));
};
"""


class Page(Visitor):
    """A reader who looks at no pixel."""

    def _show(self, event, content):
        self.frames += 1
        self.say("ack")

    async def answered(self, key):
        """Pause and press a key; return how many milliseconds later the next frame is there."""
        await asyncio.sleep(PAUSE)
        before, frames = time.perf_counter(), self.frames
        self.press(key)
        await self.until(lambda: self.frames > frames)
        return 1000 * (time.perf_counter() - before)

    async def rests(self, seconds=0.5):
        """Wait until no frame has come for a while."""
        while True:
            frames = self.frames
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.until(lambda frames=frames: self.frames > frames), seconds)
            if self.frames == frames:
                return


@contextlib.contextmanager
def serving():
    """Run a server and yield its address and its process."""
    with subprocess.Popen([sys.executable, "-c", SERVER], env=environment(), cwd=PROJECT, stdout=subprocess.PIPE,
                          text=True) as server:
        try:
            yield server.stdout.readline().split(": ", 2)[2].split(" (")[0], server.pid
        finally:
            server.terminate()


async def connected(address):
    """Return a reader with a window of 1400x800."""
    request = httpclient.HTTPRequest(f"{address.replace('http', 'ws')}socket",
                                     headers={"Origin": address.rstrip("/")})  # as a page of the server sends it
    page = Page(await websocket.websocket_connect(request))
    page.say("resize", width=1400, height=800, ratio=1)
    page.say("ack")
    await page.until(lambda: page.frames)
    return page


async def keys(address, profile):
    """Yield a row for each of MEASURED_KEYS: what, and how many milliseconds each took in a browser."""
    async with chromium.opened(address, profile, 1400, 887) as page:
        await page.title_with("test digit")
        await page.value(WATCH)
        await asyncio.sleep(10)  # what is found out between events would run between these
        for view, (what, names) in KEYS.items():
            await page.press(view)
            await asyncio.sleep(1)
            await page.value("shown.length = 0")
            for turn in range(TURNS):
                await page.press(names[turn % len(names)])
                await chromium.until(lambda turn=turn: page.value(f"shown.length > {turn}"))
            yield what, await page.value("shown")


async def many(address, process):
    """Return milliseconds to an answer, alone and with many others, and the server's megabytes before and after these.
    """
    first = await connected(address)
    await first.rests()
    alone, before = [await first.answered("Enter") for _ in range(TURNS)], megabytes(process)
    pages = [first] + [await connected(address) for _ in range(MANY - 1)]
    for page in pages:
        await page.rests(0.1)
    after = megabytes(process)
    one = [await first.answered("Enter") for _ in range(TURNS)]
    together = await asyncio.gather(*(page.answered("Enter") for page in pages))
    for page in pages:
        await page.close()
    return alone, one, together, before, after


async def come_and_go(address, process):
    """Return the server's megabytes after each fifth of the readers who came, pressed a key and left."""
    levels = []
    for _ in range(5):
        for _ in range(COME_AND_GO // 5 // TOGETHER):
            pages = await asyncio.gather(*(connected(address) for _ in range(TOGETHER)))
            await asyncio.gather(*(page.answered("Enter") for page in pages))
            for page in pages:
                await page.close()
        await asyncio.sleep(2 * AWAY)
        levels.append(megabytes(process))
    return levels


def megabytes(process):
    """Return what a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def row(what, found):
    """Print a row of milliseconds."""
    print(f"| {what} | {statistics.median(found):.0f} ms | {max(found):.0f} ms | {len(found)} |")


async def measure(address, process, profile):
    """Print the tables."""
    print("| what | median | worst | of |")
    print("|---|---|---|---|")
    async for what, found in keys(address, profile):
        row(f"key to changed pixels in Chromium: {what} (aim: {AIM} ms)", found)
    alone, one, together, before, after = await many(address, process)
    row("key to the next frame, one reader alone", alone)
    row(f"the same with {MANY - 1} other windows open", one)
    row(f"the same, all {MANY} press a key at once", together)
    levels = await come_and_go(address, process)
    print("\n| memory of the server | MB |\n|---|---|")
    print(f"| with one reader, in a window of 1400x800 | {before:.0f} |")
    print(f"| with {MANY}, which is {(after - before) / (MANY - 1):.1f} for each | {after:.0f} |")
    for count, level in enumerate(levels, 1):
        print(f"| after {count * COME_AND_GO // 5} have come and gone | {level:.0f} |")


def main(argv=None):
    """Measure and print the tables; return the exit status."""
    Parser(prog="python -m benchmarks.server_windows", description="Measure the window in a browser.",
           epilog="Needs Chromium.").parse_args(argv)
    with serving() as (address, process), tempfile.TemporaryDirectory() as profile:
        asyncio.run(measure(address, process, profile))
    return DONE


if __name__ == "__main__":
    run(main)
