"""python -m benchmarks.digit_pairs: two digits in one picture, apart and touching, and single ones taken for more.

Pairs of MNIST's test digits side by side, their ink so many pixels apart or over each other, enlarged four times. The
same seed gives the same pairs.
"""

import numpy as np

from benchmarks.disturbances import corrupt, resized
from benchmarks.strangers import CORRUPTION_SETS
from neuralscope.cli import EXIT_DONE, Parser, add_data_options, limit_threads, run_program
from neuralscope.data_loader import Digits, load
from neuralscope.datasets.image_files import LoadedImage
from neuralscope.predictor import Predictor

GAPS_PX = 4, 2, 1, 0, -1, -2, -3  # between the ink of both digits; below 0: over each other
ENLARGEMENT, MARGIN_PX = 4, 6  # times; pixels around the pair


def ink_columns(picture):
    """Return the part of a digit (28, 28) between its first and its last column of ink."""
    columns = np.flatnonzero((picture > 0.2).any(axis=0))
    return picture[:, columns[0]:columns[-1] + 1]


def pair_picture(left, right, gap):
    """Return two digits (784,) in one picture, dark on light: uint8."""
    left, right = (ink_columns(digit.reshape(28, 28)) for digit in (left, right))
    start = left.shape[1] + gap
    pair = np.zeros((28, start + right.shape[1]), np.float32)
    pair[:, :left.shape[1]] = left
    pair[:, start:] = np.maximum(pair[:, start:], right)
    pair = np.pad(pair, MARGIN_PX)
    large = resized(pair, [ENLARGEMENT * length for length in pair.shape])
    return np.uint8(255) - np.rint(np.clip(large, 0, 1) * 255).astype(np.uint8)


def pair_rows(predictor, row_predictor, test, count, seed):
    """Yield a row of the table for each gap."""
    for gap in GAPS_PX:
        rng, tally = np.random.default_rng(seed), np.zeros(3, int)
        for left, right in rng.integers(0, len(test), (count, 2)):
            picture = LoadedImage("pair", pair_picture(test.images[left], test.images[right], gap))
            number = f"{test.labels[left]}{test.labels[right]}"
            [[alone], [row]] = [next(iter(reader.read([picture]))) for reader in (predictor, row_predictor)]
            told = predictor.looks_like(alone)
            tally += (not row.error and row_predictor.combined_name(row) == number,
                      told is not None, told is not None and told["number"] == number)
        yield gap, count, *(f"{100 * share:.1f}" for share in tally / count)


def single_rows(predictor, test, seed):
    """Yield a row of the table for each kind of disturbance: how many single digits are taken for more than one."""
    for name, kinds in (("as they are", ()), *CORRUPTION_SETS.items()):
        rng, tally = np.random.default_rng(seed), np.zeros(3, int)
        for digit in test.images:
            [[alone]] = predictor.read([LoadedImage("single", corrupt(digit, kinds, rng))])
            found = alone.found
            tally += (alone.error != "", found is not None and len(found.boxes) > 1,
                      found is not None and len(found.too_wide) > 0)
        yield name, len(test), tally[0], *(f"{100 * share:.2f}" for share in tally[1:] / len(test))


def main(argv=None):
    """Measure and print the tables; return the exit status."""
    from benchmarks.strangers import print_table

    parser = Parser(prog="python -m benchmarks.digit_pairs", description="Read two digits in one picture.")
    add_data_options(parser)
    parser.add_argument("--count", type=int, default=300, metavar="N", help="pairs of each gap (300)")
    parser.add_argument("--singles", type=int, default=1000, metavar="N", help="single digits of each kind (1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of pairs and disturbances (0)")
    parser.add_argument("--validation", action="store_true", help="take the last training digits, to develop on")
    options = parser.parse_args(argv)
    limit_threads(options.threads)
    dataset = load(options.dataset, options.data_dir)
    part, chosen = (dataset.train, slice(-options.singles, None)) if options.validation else (
        dataset.test, slice(options.singles))
    test = Digits(part.images[chosen], part.labels[chosen])
    predictors = Predictor.load(), Predictor.load(row=True)
    print_table(("pixels between", "pairs", "row right %", "told that they are two %", "and which %"),
                pair_rows(*predictors, test, options.count, options.seed))
    print_table(("single digits", "digits", "refused", "taken for more %", "too wide for one %"),
                single_rows(predictors[0], test, options.seed))
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
