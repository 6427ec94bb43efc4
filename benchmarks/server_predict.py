"""``python -m benchmarks.server_predict``: how many requests ``/predict`` answers, and how soon, to 1, 8 and 32
clients.

The server is the program itself, in a process of its own; the clients are another: each sends its next request when it
has the answer to the last. A client's own work is in the figures, on a core of its own where there are two.
"""

import argparse
import asyncio
import io
import json
import re
import subprocess
import sys
import time

import numpy as np

from neuralscope.cli import EXIT_DONE, Parser, run_program
from neuralscope.data_loader import load

CLIENT_COUNTS = 1, 8, 32
LATENCY_BUDGET = 8, 0.050, 500  # clients, the 99th percentile of their seconds, requests a second
ROW_FORMAT = "| {:24} | {:>7} | {:>8} | {:>9} | {:>7} | {:>7} | {:>7} |"
HEADINGS = ("picture", "clients", "requests", "per s", "p50 ms", "p99 ms", "errors")


def main(argv=None):
    """Print the table; return 1 where one digit is answered too slowly, or anything in error."""
    parser = Parser(prog="python -m benchmarks.server_predict", description="Measure the server's answers.")
    parser.add_argument("--seconds", type=float, default=5, metavar="S", help="a row (default: %(default)s)")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.work:
        return run_clients(json.loads(arguments.work))
    print(ROW_FORMAT.format(*HEADINGS))
    print(ROW_FORMAT.format("-" * 24, *["-" * (width - 1) + ":" for width in (7, 8, 9, 7, 7, 7)]))
    status = EXIT_DONE
    command = [sys.executable, "-m", "neuralscope.visualizer", "--browser", "--dataset", "digits"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = int(re.search(r":(\d+)/", server.stdout.readline())[1])
            for name in request_bodies():
                for clients in CLIENT_COUNTS:
                    status |= print_row(name, clients, port, arguments.seconds)
        finally:
            server.kill()
    return status


def print_row(name, clients, port, seconds):
    """Print a row; return 1 where it is out of the budget."""
    task = json.dumps({"name": name, "clients": clients, "port": port, "seconds": seconds})
    command = [sys.executable, "-m", "benchmarks.server_predict", "--work", task]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    times, rate = result["times"], len(result["times"]) / result["seconds"]
    median, p99 = np.quantile(times, (0.5, 0.99))
    print(
        ROW_FORMAT.format(
            name,
            clients,
            f"{len(times):,}",
            f"{rate:,.0f}",
            f"{1000 * median:.1f}",
            f"{1000 * p99:.1f}",
            result["errors"],
        ),
        flush=True,
    )
    slow = (
        name in ("28x28 PNG", "784 numbers")
        and clients == LATENCY_BUDGET[0]
        and (p99 > LATENCY_BUDGET[1] or rate < LATENCY_BUDGET[2])
    )
    return int(slow or result["errors"] > 0)


def request_bodies():
    """Return what is sent: a content type and a body by name."""
    from PIL import Image

    digit = np.rint(load("digits").test.images[7] * 255).astype(np.uint8)

    def png(picture):
        file = io.BytesIO()
        picture.save(file, "PNG")
        return "image/png", file.getvalue()

    picture = Image.fromarray(digit.reshape(28, 28))
    return {"28x28 PNG": png(picture), "784 numbers": ("application/json", json.dumps(digit.tolist()).encode()),
            "280x280 PNG, prepared": png(picture.resize((280, 280)))}


def run_clients(task):
    """Be the clients, and print what they met with as JSON."""
    content_type, body = request_bodies()[task["name"]]
    request = (f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1:{task['port']}\r\nContent-Type: {content_type}\r\n"
               f"Content-Length: {len(body)}\r\n\r\n").encode() + body

    async def client(times, errors, end):
        reader, writer = await asyncio.open_connection("127.0.0.1", task["port"])
        while (start := time.perf_counter()) < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"Content-Length: (\d+)", head)[1]))
            times.append(time.perf_counter() - start)
            errors.append(not head.startswith(b"HTTP/1.1 200"))
        writer.close()

    async def clients():
        times, errors, start = [], [], time.perf_counter()
        await asyncio.gather(*[client(times, errors, start + task["seconds"]) for _ in range(task["clients"])])
        print(json.dumps({"times": times, "errors": sum(errors), "seconds": time.perf_counter() - start}))

    asyncio.run(clients())
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
