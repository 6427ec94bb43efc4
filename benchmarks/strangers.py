"""python -m benchmarks.strangers: how well digits are read that were not prepared as MNIST's were.

MNIST's test digits, disturbed as strangers would put them, written by thin pens and in printed boxes, the embedded
digits, and rows of digits side by side, with and without a margin, all through ``images`` and the shipped network. The
same seed gives the same pictures.
"""

import gzip

import numpy as np

from benchmarks.disturbances import PAPER_CORRUPTIONS, SINGLE_CORRUPTIONS, corrupt
from benchmarks.framed_digits import boxed_rows, tight_row_rows
from benchmarks.thin_pens import thin_pen_pictures
from neuralscope import data_loader, images
from neuralscope.cli import EXIT_DONE, Parser, add_data_options, limit_threads, run_program
from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.images.segmentation import cut_digits
from neuralscope.network import storage

CORRUPTION_SETS = {name: (name,) for name in SINGLE_CORRUPTIONS} | {"all of these": SINGLE_CORRUPTIONS} | {
    name: ("size", "place", "noise", name) for name in PAPER_CORRUPTIONS}
MAX_ROW_DIGITS, MAX_TIGHT_DIGITS, MAX_GAP_PIXELS = 8, 6, 12  # digits; pixels


def preprocess_all(pictures, count):
    """Return ``count`` pictures as digits (count, 784) float32, dark where one is refused, and how many are."""
    digits, refused = np.zeros((count, 784), np.float32), 0
    for number, picture in enumerate(pictures):
        try:
            digits[number] = images.as_digit(picture)
        except InputError:
            refused += 1
    return digits, refused


def accuracy_percent(network, digits, labels):
    """Return the percentage of digits read right."""
    return 100 * float((network.forward(digits).predictions == labels).mean())


def corruption_rows(network, test, seed):
    """Yield a row of the table for each kind of disturbance."""
    plain = accuracy_percent(network, test.images, test.labels)
    yield "as they are", len(test), 0, f"{plain:.2f}", ""
    for name, kinds in CORRUPTION_SETS.items():
        rng = np.random.default_rng(seed)
        yield accuracy_row(network, test, name, (corrupt(digit, kinds, rng) for digit in test.images), plain)


def accuracy_row(network, test, name, pictures, plain):
    """Return a row of the table about pictures of the test digits, of which ``plain`` % are read right as they are."""
    digits, refused = preprocess_all(pictures, len(test))
    right = accuracy_percent(network, digits, test.labels)
    return name, len(test), refused, f"{right:.2f}", f"{right - plain:+.2f}"


def thin_pen_rows(network, test):
    """Yield a row of the table for each thin pen."""
    plain = accuracy_percent(network, test.images, test.labels)
    for name, pictures in thin_pen_pictures(test.images):
        yield accuracy_row(network, test, name, pictures, plain)


def preprocessing_change_rows(network, test):
    """Yield the rows that tell what MNIST's own digits become."""
    digits, _ = preprocess_all(np.rint(test.images * 255).astype(np.uint8).reshape(-1, 28, 28), len(test))
    change = np.abs(digits - test.images)
    moved = network.forward(digits).predictions != network.forward(test.images).predictions
    yield "mean change of a pixel, of full ink", f"{change.mean():.4f}"
    yield "digits none of whose pixels changes by 0.02 or more", f"{100 * (change.max(axis=1) < 0.02).mean():.2f} %"
    yield "digits that are read otherwise", f"{100 * moved.mean():.2f} %"


def embedded_digits():
    """Return scikit-learn's 1,797 digits as they are there: (n, 8, 8) float in [0, 1], and the labels."""
    table = np.loadtxt(gzip.decompress(data_loader._embedded_file()).decode().splitlines(), delimiter=",")
    return table[:, :64].reshape(-1, 8, 8) / 16, table[:, 64].astype(int)


def embedded_rows(network):
    """Yield the rows about the embedded digits: all, and those that are to test."""
    pictures, labels = embedded_digits()
    digits, refused = preprocess_all(pictures, len(pictures))
    for name, part in (("all", slice(None)), ("to test", slice(data_loader.EMBEDDED_TRAIN_COUNT, None))):
        yield name, len(labels[part]), refused, f"{accuracy_percent(network, digits[part], labels[part]):.2f}"


def digit_rows(test, count, seed, longest=MAX_ROW_DIGITS):
    """Yield ``count`` pictures of a row, uint8, of 2 to ``longest`` digits up to 12 pixels apart, and their labels."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        chosen = rng.integers(0, len(test), rng.integers(2, longest + 1))
        parts = [np.pad(test.images[index].reshape(28, 28), ((0, 0), (0, int(rng.integers(MAX_GAP_PIXELS + 1)))))
                 for index in chosen]
        yield np.rint(np.hstack(parts) * 255).astype(np.uint8), test.labels[chosen]


def row_length_rows(network, test, count, seed):
    """Yield a row of the table for each length of row: how many, digits found and read, rows read without a fault."""
    tally = np.zeros((MAX_ROW_DIGITS + 1, 3), int)
    for picture, labels in digit_rows(test, count, seed):
        digits = np.array([images.as_digit(part) for part in cut_digits(picture).values()])
        answers = network.forward(digits).predictions
        right = (answers == labels).sum() if len(answers) == len(labels) else 0
        tally[len(labels)] += 1, right, right == len(labels)
    lengths = np.arange(MAX_ROW_DIGITS + 1)
    for name, some in [*((str(length), [length]) for length in lengths[2:]), ("2 to 8", lengths[2:])]:
        rows, right, faultless = tally[some].sum(axis=0)
        if rows:
            yield (name, rows, f"{100 * right / (tally[some, 0] * lengths[some]).sum():.2f}",
                   f"{100 * faultless / rows:.2f}")


def print_table(headings, rows):
    """Print a table, a row as soon as it is there."""
    for row in (headings, ["---"] * len(headings)):
        print("|", " | ".join(row), "|")
    for row in rows:
        print("|", " | ".join(str(cell) for cell in row), "|", flush=True)
    print()


def main(argv=None):
    """Measure and print the tables; return the exit status."""
    parser = Parser(prog="python -m benchmarks.strangers", description="Read digits that strangers put.")
    add_data_options(parser)
    parser.add_argument("--count", type=int, default=10_000, metavar="N", help="digits of each disturbance (10000)")
    parser.add_argument("--rows", type=int, default=1000, metavar="N", help="rows of 2 to 8 digits (1000)")
    parser.add_argument("--thin", type=int, default=2000, metavar="N", help="digits of each thin pen (2000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the disturbances (0)")
    parser.add_argument("--validation", action="store_true", help="take the last training digits, to develop on")
    options = parser.parse_args(argv)
    if min(options.count, options.rows, options.thin, options.seed + 1) < 1:
        raise InputError("--count, --rows and --thin have to be 1 or more, --seed 0 or more")
    limit_threads(options.threads)
    network, dataset = storage.load(storage.find_weights()).network, load(options.dataset, options.data_dir)
    part = dataset.train if options.validation else dataset.test
    chosen = slice(-options.count, None) if options.validation else slice(options.count)
    test = Digits(part.images[chosen], part.labels[chosen])
    print(f"{dataset.name}, {network.architecture}\n")
    print_table(("disturbance", "digits", "refused", "right %", "points"), corruption_rows(network, test, options.seed))
    print_table(("thin pens", "digits", "refused", "right %", "points"),
                thin_pen_rows(network, Digits(test.images[:options.thin], test.labels[:options.thin])))
    print_table(("the digits as they are", "through as_digit"), preprocessing_change_rows(network, test))
    print_table(("embedded digits", "digits", "refused", "right %"), embedded_rows(network))
    print_table(("digits in a row", "rows", "found and read %", "rows without a fault %"),
                row_length_rows(network, test, options.rows, options.seed))
    print_table(("boxed digits", "digits", "refused", "right %"), boxed_rows(network, test, options.seed))
    tight = list(digit_rows(test, options.rows, options.seed, MAX_TIGHT_DIGITS))
    print_table(("tight rows", "rows", "short %", "long %", "rows without a fault %"), tight_row_rows(network, tight))
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
