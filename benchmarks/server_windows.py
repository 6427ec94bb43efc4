"""python -m benchmarks.server_windows: how soon the window in a browser answers, to one and to many, and what a reader
costs.

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

from neuralscope.cli import EXIT_DONE, Parser, run_program
from tests.helpers import chromium
from tests.helpers.desktop import PROJECT, environment
from tests.helpers.page_client import PageClient

KEYS_PER_KIND = 60  # keys of a kind
WINDOW_COUNT, VISIT_COUNT, VISITS_AT_ONCE = 50, 500, 10
TARGET_MS = 100  # milliseconds from a key to changed pixels
PAUSE_S = 0.1  # seconds between two keys
RECONNECT_TIMEOUT_S = 1  # seconds for which the server here keeps the window of a reader who left
SERVER_PROGRAM = f"""
from neuralscope.cli import run_program
from neuralscope.visualizer import __main__
from neuralscope.visualizer.server import window_registry
window_registry.RECONNECT_TIMEOUT_S = {RECONNECT_TIMEOUT_S}
run_program(lambda: __main__.main(["--browser", "--seed", "0"]))
"""
MEASURED_KEYS = {"e": ("next digit in explore", ["Enter"]), "w": ("next digit in why", ["Enter"]),
                 "n": ("next neuron", ["ArrowRight"]), "m": ("next cell of mistakes", ["Enter"])}
FRAME_TIMER_SCRIPT = """
const shown = [], draw = pen.drawImage;
let began = 0;
addEventListener("keydown", () => { began = performance.now(); }, true);
pen.drawImage = function (...what) {  // once its pixels are drawn, the next frame of the browser shows them
  draw.apply(this, what);
  requestAnimationFrame(() => shown.push(performance.now() - began));
};
"""


class FrameClient(PageClient):
    """A reader who looks at no pixel."""

    def _show(self, event, content):
        self.frames += 1
        self.say("ack")

    async def ms_to_next_frame(self, key):
        """Pause and press a key; return how many milliseconds later the next frame is there."""
        await asyncio.sleep(PAUSE_S)
        before, frames = time.perf_counter(), self.frames
        self.press(key)
        await self.until(lambda: self.frames > frames)
        return 1000 * (time.perf_counter() - before)

    async def wait_until_idle(self, seconds=0.5):
        """Wait until no frame has come for a while."""
        while True:
            frames = self.frames
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.until(lambda frames=frames: self.frames > frames), seconds)
            if self.frames == frames:
                return


@contextlib.contextmanager
def running_server():
    """Run a server and yield its address and its process."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER_PROGRAM], env=environment(), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield server.stdout.readline().split(": ", 2)[2].split(" (")[0], server.pid
        finally:
            server.terminate()


async def open_window(address):
    """Return a reader with a window of 1400x800."""
    request = httpclient.HTTPRequest(f"{address.replace('http', 'ws')}socket",
                                     headers={"Origin": address.rstrip("/")})  # as a page of the server sends it
    page = FrameClient(await websocket.websocket_connect(request))
    page.say("resize", width=1400, height=800, ratio=1)
    page.say("ack")
    await page.until(lambda: page.frames)
    return page


async def key_rows(address, profile):
    """Yield a row for each of MEASURED_KEYS: what, and how many milliseconds each took in a browser."""
    async with chromium.opened(address, profile, 1400, 887) as page:
        await page.title_with("test digit")
        await page.value(FRAME_TIMER_SCRIPT)
        await asyncio.sleep(10)  # what is found out between events would run between these
        for view, (label, names) in MEASURED_KEYS.items():
            await page.press(view)
            await asyncio.sleep(1)
            await page.value("shown.length = 0")
            for turn in range(KEYS_PER_KIND):
                await page.press(names[turn % len(names)])
                await chromium.wait_until(lambda turn=turn: page.value(f"shown.length > {turn}"))
            yield label, await page.value("shown")


async def measure_many_windows(address, process):
    """Return milliseconds to an answer, alone and with many others, and the server's megabytes before and after these.
    """
    first = await open_window(address)
    await first.wait_until_idle()
    alone, before = [await first.ms_to_next_frame("Enter") for _ in range(KEYS_PER_KIND)], resident_megabytes(process)
    pages = [first] + [await open_window(address) for _ in range(WINDOW_COUNT - 1)]
    for page in pages:
        await page.wait_until_idle(0.1)
    after = resident_megabytes(process)
    beside_others = [await first.ms_to_next_frame("Enter") for _ in range(KEYS_PER_KIND)]
    together = await asyncio.gather(*(page.ms_to_next_frame("Enter") for page in pages))
    for page in pages:
        await page.close()
    return alone, beside_others, together, before, after


async def measure_turnover(address, process):
    """Return the server's megabytes after each fifth of the readers who came, pressed a key and left."""
    levels = []
    for _ in range(5):
        for _ in range(VISIT_COUNT // 5 // VISITS_AT_ONCE):
            pages = await asyncio.gather(*(open_window(address) for _ in range(VISITS_AT_ONCE)))
            await asyncio.gather(*(page.ms_to_next_frame("Enter") for page in pages))
            for page in pages:
                await page.close()
        await asyncio.sleep(2 * RECONNECT_TIMEOUT_S)
        levels.append(resident_megabytes(process))
    return levels


def resident_megabytes(process):
    """Return what a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def print_row(label, milliseconds):
    """Print a row of milliseconds."""
    print(f"| {label} | {statistics.median(milliseconds):.0f} ms | {max(milliseconds):.0f} ms | {len(milliseconds)} |")


async def print_tables(address, process, profile):
    """Print the tables."""
    print("| what | median | worst | of |")
    print("|---|---|---|---|")
    async for label, milliseconds in key_rows(address, profile):
        print_row(f"key to changed pixels in Chromium: {label} (aim: {TARGET_MS} ms)", milliseconds)
    alone, beside_others, together, before, after = await measure_many_windows(address, process)
    print_row("key to the next frame, one reader alone", alone)
    print_row(f"the same with {WINDOW_COUNT - 1} other windows open", beside_others)
    print_row(f"the same, all {WINDOW_COUNT} press a key at once", together)
    levels = await measure_turnover(address, process)
    print("\n| memory of the server | MB |\n|---|---|")
    print(f"| with one reader, in a window of 1400x800 | {before:.0f} |")
    print(f"| with {WINDOW_COUNT}, which is {(after - before) / (WINDOW_COUNT - 1):.1f} for each | {after:.0f} |")
    for count, level in enumerate(levels, 1):
        print(f"| after {count * VISIT_COUNT // 5} have come and gone | {level:.0f} |")


def main(argv=None):
    """Measure and print the tables; return the exit status."""
    Parser(prog="python -m benchmarks.server_windows", description="Measure the window in a browser.",
           epilog="Needs Chromium.").parse_args(argv)
    with running_server() as (address, process), tempfile.TemporaryDirectory() as profile:
        asyncio.run(print_tables(address, process, profile))
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
