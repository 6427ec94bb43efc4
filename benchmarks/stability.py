"""``python -m benchmarks.stability``: how often a prepared digit jumps where its picture hardly changes.

Digits as a scanner gives them, dark on light paper, with and without noise; each once more with every pixel up to a
grey level off, as JPEG of quality 95, and a percent larger. ``--beside`` names the folder of another version of this
project, whose figures are printed beside.
"""

import json
import os
import subprocess
import sys

import numpy as np

from benchmarks.disturbances import jpeg_round_trip, place_on_canvas, resized
from neuralscope import images
from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.data_loader import load
from neuralscope.errors import InputError
from neuralscope.network import storage

SIDE_RANGE_PX = 40, 400  # of a digit's picture
PAPER_RANGE, CONTRAST_RANGE = (0.9, 1.0), (0.5, 1.0)  # of white
MAX_NOISE_LEVELS = 2.0  # grey levels: the largest standard deviation
JUMP = 0.3  # of full ink: so much is a jump of a pixel of the prepared digit
COLUMNS = "scanned", "change", "digits", "jump %", "read otherwise %"


def scanned(digit, rng, is_noisy):
    """Return a digit (784,) in [0, 1] as a scanner gives it: uint8 (height, width), dark ink on light paper."""
    side = int(np.exp(rng.uniform(*np.log(SIDE_RANGE_PX))))
    ink = place_on_canvas(np.clip(resized(digit.reshape(28, 28), (side, side)), 0, 1), rng)
    picture = rng.uniform(*PAPER_RANGE) * (1 - rng.uniform(*CONTRAST_RANGE) * ink)
    if is_noisy:
        picture = picture + rng.normal(0, rng.uniform(0, MAX_NOISE_LEVELS) / 255, ink.shape)
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def level_off(picture, rng):
    """Return a picture with every pixel a grey level darker, lighter, or as it was."""
    return np.clip(picture.astype(int) + rng.integers(-1, 2, picture.shape), 0, 255).astype(np.uint8)


def percent_larger(picture, rng):
    """Return a picture a percent larger, and a pixel at least."""
    height, width = (max(length + 1, round(1.01 * length)) for length in picture.shape)
    return np.rint(np.clip(resized(picture, (height, width)), 0, 255)).astype(np.uint8)


CHANGES = {"a grey level": level_off, "JPEG of 95": lambda picture, rng: jpeg_round_trip(picture, 95),
           "1 % larger": percent_larger}


def prepared(picture):
    """Return a picture as a digit (784,), dark where it is refused."""
    try:
        return images.as_digit(picture)
    except InputError:
        return np.zeros(784, np.float32)


def stability_rows(network, digits, seed):
    """Yield a row of COLUMNS for each kind of scan and change; ``digits`` (count, 784)."""
    for name, is_noisy in (("clean", False), ("with noise", True)):
        rng = np.random.default_rng(seed)
        pictures = [scanned(digit, rng, is_noisy) for digit in digits]
        before = np.array([prepared(picture) for picture in pictures])
        answers = network.forward(before).predictions
        for change, apply in CHANGES.items():
            after = np.array([prepared(apply(picture, rng)) for picture in pictures])
            jumps = np.abs(after - before).max(axis=1) > JUMP
            otherwise = network.forward(after).predictions != answers
            yield name, change, len(digits), 100 * float(jumps.mean()), 100 * float(otherwise.mean())


def rows_of(folder, arguments):
    """Return the rows that the version of this project in a folder gives."""
    environment = os.environ | {"PYTHONPATH": os.path.abspath(folder)}
    command = [sys.executable, os.path.abspath(__file__), "--json", *arguments]
    done = subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    return [tuple(row) for row in json.loads(done.stdout)]


def main(argv=None):
    """Measure and print the table; return the exit status."""
    parser = Parser(prog="python -m benchmarks.stability", description="Change pictures hardly, and see what jumps.")
    parser.add_argument("--data-dir", metavar="DIR", help="folder with MNIST's files (default: $NEURALSCOPE_DATA_DIR)")
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="digits (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the pictures (%(default)s)")
    parser.add_argument("--beside", metavar="FOLDER", help="another version of this project")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(argv)
    limit_threads(1)
    network, test = storage.load(storage.find_weights()).network, load("mnist", options.data_dir).test
    rows = list(stability_rows(network, test.images[:options.count], options.seed))
    if options.json:
        print(json.dumps(rows))
        return EXIT_DONE
    columns = COLUMNS
    if options.beside:
        given = ["--count", str(options.count), "--seed", str(options.seed)]
        given += ["--data-dir", os.path.abspath(options.data_dir)] if options.data_dir else []
        columns = (*COLUMNS, "beside: jump %", "read otherwise %")
        rows = [(*row, *other[-2:]) for row, other in zip(rows, rows_of(options.beside, given), strict=True)]
    for row in (columns, ["---"] * len(columns)):
        print("|", " | ".join(row), "|")
    for row in rows:
        print("|", " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row), "|")
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
