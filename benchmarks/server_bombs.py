"""python -m benchmarks.server_bombs: what 32 people who draw on ``/draw`` notice of 50 bombs that arrive meanwhile.

A bomb is a request of few bytes that takes much time or memory: pictures of six formats, and JSON. Those who draw send
what the page sends, each again when the answer is there, from a process of their own; then the same again while bombs
arrive; then Ctrl-C while bombs are at work. Fails where the 99th percentile of their times is more than four times the
one without, where one is not answered, or where the end takes more than two seconds.
"""

import argparse
import asyncio
import collections
import io
import json
import re
import signal
import subprocess
import sys
import time
import zlib

import numpy as np

from benchmarks.server_predict import request_bodies
from neuralscope.cli import EXIT_DONE, Parser, run_program
from tests.helpers.image_bytes import image_bytes, jpeg_of_scans, oversized_png

DRAWING, PAD_PATH = "280x280 PNG, prepared", "/predict?show=prepared,hidden,words,classes"
CLIENT_COUNT, BOMB_COUNT, BOMBERS = 32, 50, 8
MAX_RATIO, MAX_END_S = 4, 2
SIDE = 4096  # pixels: the most that is read
ROW_FORMAT = "| {:22} | {:>8} | {:>6} | {:>7} | {:>7} | {:>8} | {:>6} |"


def bombs():
    """Return a content type and a body for each bomb by name."""
    from PIL import Image

    rng, flat = np.random.default_rng(0), np.zeros((SIDE, SIDE), np.uint8)
    noise = rng.integers(0, 256, (SIDE // 2, SIDE // 2), np.uint8)
    frames = io.BytesIO()
    blank = [Image.new("L", (2000, 2000), level) for level in range(8)]
    blank[0].save(frames, "GIF", save_all=True, append_images=blank[1:] * 20)
    made = {
        "JPEG, 314,757 scans": jpeg_of_scans(314_757, SIDE),
        "JPEG, 100 scans": jpeg_of_scans(100, SIDE),
        "JPEG, 2.5 M comments": b"\xff\xd8" + b"\xff\xfe\0\2" * (5 * 2**19 - 10),
        "PNG, flat": image_bytes(np.dstack([flat, flat, flat, flat + 255])),
        "PNG, 900 M pixels": oversized_png(30_000, 30_000),
        "PNG, 1 MB texts": png_with_chunks(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**20), 9), 1000),
        "PNG, noise": image_bytes(np.uint8(255 * (rng.random((SIDE, SIDE)) < 0.1)), compress_level=1),
        "GIF, 161 frames": frames.getvalue(),
        "TIFF, flat": image_bytes(flat, "TIFF", compression="tiff_deflate"),
        "WebP, noise": image_bytes(noise, "WEBP", quality=10),
    }
    numbers = {"JSON, deep": b"[" * 2**21, "JSON, long numbers": b"[" + b",".join([b"9" * 4000] * 500) + b"]",
               "JSON, 1,000 pictures": json.dumps(np.tile([0, 9], (1000, 20, 20)).tolist()).replace(" ", "").encode()}
    kinds = {"JPEG": "image/jpeg", "PNG": "image/png"}
    return {name: (kinds.get(name.partition(",")[0], "image/png"), body) for name, body in made.items()} | {
        name: ("application/json", body) for name, body in numbers.items()}


def png_with_chunks(kind, content, count):
    """Return a small PNG file with a chunk so many times."""
    made = image_bytes(np.zeros((600, 600), np.uint8))
    chunk = len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
    return made[:33] + chunk * count + made[33:]


async def ask(port, path, content_type, body):
    """Send a body on a connection of its own; return the status."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\nConnection: close\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.read()
        return head.split()[1].decode()
    except (ConnectionError, asyncio.IncompleteReadError):  # refused before all of it was sent, or ended
        return "cut off"
    finally:
        if writer:
            writer.close()


async def throw_bombs(port, count):
    """Send so many bombs, some at a time; return how often each was answered with which status."""
    each, found = list(bombs().items()), collections.Counter()
    print("begun", flush=True)
    waiting = [each[number % len(each)] for number in range(count)]

    async def bomber():
        while waiting:
            name, request = waiting.pop(0)
            found[name, await ask(port, "/predict", *request)] += 1

    await asyncio.gather(*(bomber() for _ in range(BOMBERS)))
    return found


async def draw(port, seconds):
    """Be those who draw, for so long; return their times and their other statuses."""
    (content_type, body), times, others = request_bodies()[DRAWING], [], collections.Counter()
    end = time.monotonic() + seconds

    async def client():
        while time.monotonic() < end:
            started = time.perf_counter()
            status = await ask(port, PAD_PATH, content_type, body)
            times.append(time.perf_counter() - started)
            others[status] += status != "200"

    await asyncio.gather(*(client() for _ in range(CLIENT_COUNT)))
    return times, sum(others.values())


def start_work(*work):
    """Start a process that does work of this benchmark."""
    return subprocess.Popen([sys.executable, "-m", "benchmarks.server_bombs", "--work", *map(str, work)],
                            stdout=subprocess.PIPE, text=True)


def do_work(what, port, count):
    """Do it, and print what was met with as JSON."""
    if what == "draw":
        times, errors = asyncio.run(draw(int(port), float(count)))
        print(json.dumps({"times": times, "errors": errors}))
    else:
        found = asyncio.run(throw_bombs(int(port), int(count)))
        print(json.dumps([[name, status, times] for (name, status), times in found.items()]))
    return EXIT_DONE


def print_row(label, result):
    """Print a row; return the 99th percentile."""
    median, p99 = np.quantile(result["times"], (0.5, 0.99))
    figures = f"{1000 * median:.0f}", f"{1000 * p99:.0f}", f"{1000 * max(result['times']):.0f}"
    print(ROW_FORMAT.format(label, f"{len(result['times']):,}", CLIENT_COUNT, *figures, result["errors"]), flush=True)
    return p99


def measure(port, server, seconds):
    """Print the tables; return 1 where a bound is not kept."""
    print(ROW_FORMAT.format("while", "requests", "people", "p50 ms", "p99 ms", "worst ms", "errors"))
    print(ROW_FORMAT.format("-" * 22, *["-" * (width - 1) + ":" for width in (8, 6, 7, 7, 8, 6)]))
    asyncio.run(draw(port, 1))  # the process for what pads send begins
    quiet = json.loads(start_work("draw", port, seconds).communicate()[0])
    before = print_row("nothing else", quiet)
    thrown = start_work("bombs", port, BOMB_COUNT)
    thrown.stdout.readline()  # it has made them
    drawn = start_work("draw", port, seconds)
    beside = json.loads(drawn.communicate()[0])
    still = thrown.poll() is None
    after = print_row(f"{BOMB_COUNT} bombs arrive", beside)
    print(f"\np99: {after / before:.1f} times (at most {MAX_RATIO})" + "; bombs were left at the end" * still)
    print("\n| bomb | status | times |\n|---|---|---|")
    for name, status, times in sorted(json.loads(thrown.communicate()[0])):
        print(f"| {name} | {status} | {times} |")
    thrown = start_work("bombs", port, BOMB_COUNT)
    thrown.stdout.readline()
    time.sleep(3)
    started = time.monotonic()
    server.send_signal(signal.SIGINT)
    server.wait()
    end = time.monotonic() - started
    thrown.communicate()
    print(f"\nCtrl-C while bombs are at work: ended after {end:.1f} s (at most {MAX_END_S})")
    return int(after > MAX_RATIO * before or beside["errors"] + quiet["errors"] > 0 or end > MAX_END_S)


def main(argv=None):
    """Print the tables; return 1 where a bound is not kept."""
    parser = Parser(prog="python -m benchmarks.server_bombs", description="Measure the server beside bombs.")
    parser.add_argument("--seconds", type=float, default=20, metavar="S", help="a row (default: %(default)s)")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.work:
        return do_work(*arguments.work)
    command = [sys.executable, "-m", "neuralscope.visualizer", "--browser", "--dataset", "digits"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            return measure(int(re.search(r":(\d+)/", server.stdout.readline())[1]), server, arguments.seconds)
        finally:
            server.kill()


if __name__ == "__main__":
    run_program(main)
