"""``python -m benchmarks.quick_recipe``: the short training that reads most of MNIST's last 10,000 training digits.

They are held out and the first 50,000 learned, by momentum with a cosine schedule and without warps; the test digits
are not read. Seeds are taken in turns, so that what slows the machine slows every candidate. The preset ``quick`` was
chosen so; benchmarks/README.md has the table.
"""

import statistics
import sys
import time
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.network import Trainer, TrainingOptions, train

HELD_OUT = 10_000  # training digits, the last ones
EPOCHS, BATCH_SIZES, LEARNING_RATES = (3, 4, 5), (64, 128, 256), (0.1, 0.15, 0.2, 0.3)
PLAIN_OPTIONS = TrainingOptions(hidden=(256,), activation="relu", loss="cross-entropy", init="he",
                                optimizer="momentum", schedule="cosine", augment="none")
CANDIDATES = tuple(replace(PLAIN_OPTIONS, epochs=epochs, batch_size=batch_size, learning_rate=rate)
                   for epochs, batch_size, rate in product(EPOCHS, BATCH_SIZES, LEARNING_RATES))
TABLE_HEADER = "epochs | batch size | learning rate | mean errors | fewest | most | seconds"


@dataclass(frozen=True)
class Trial:
    """What one training came to: ``errors`` on the digits held out, and processor ``seconds`` of one thread."""

    errors: int
    seconds: float


def split(digits, held_out):
    """Return Digits to learn and Digits to judge by, the last ``held_out`` ones; raises InputError."""
    left = len(digits) - held_out
    if left < 1:
        raise InputError(f"--held-out {held_out}: there are {len(digits):,} training digits", "leave some to learn")
    return Digits(digits.pixels[:left], digits.labels[:left]), Digits(digits.pixels[left:], digits.labels[left:])


def run_trial(options, learned, judged):
    """Train a network on ``learned``; return the Trial of what it makes of ``judged``."""
    rng = np.random.default_rng(options.seed)
    classes = int(learned.labels.max()) + 1
    trainer = Trainer(options.network(learned.pixels.shape[1], classes, rng), learned, judged, options, rng)
    start = time.process_time()
    *_, last = train(trainer)
    return Trial(round((1 - last.test_accuracy) * len(judged)), time.process_time() - start)


def table_row(options, trials):
    """Return the table's row for a candidate and its Trials."""
    errors = [trial.errors for trial in trials]
    seconds = statistics.median(trial.seconds for trial in trials)
    return (f"| {options.epochs} | {options.batch_size} | {options.learning_rate} | {statistics.mean(errors):.1f} | "
            f"{min(errors)} | {max(errors)} | {seconds:.1f} |")


def build_parser():
    """Return the parser of the command line."""
    parser = Parser(prog="python -m benchmarks.quick_recipe", description="Compare short trainings by digits held out.")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="trainings of each (default: %(default)s)")
    parser.add_argument("--dataset", default="mnist", metavar="NAME", help="what to learn (default: %(default)s)")
    parser.add_argument("--held-out", type=int, default=HELD_OUT, metavar="N",
                        help="training digits to judge by (default: %(default)s)")
    return parser


def main(arguments=None, candidates=CANDIDATES):
    """Train every candidate with every seed and print the table; return the exit status. Raises InputError."""
    arguments = build_parser().parse_args(arguments)
    for flag, number in (("--seeds", arguments.seeds), ("--held-out", arguments.held_out)):
        if number < 1:
            raise InputError(f"{flag} {number}: give 1 or more")
    limit_threads(1)
    learned, judged = split(load(arguments.dataset).train, arguments.held_out)
    trials = {options: [] for options in candidates}
    for seed in range(arguments.seeds):
        for options, done in trials.items():
            done.append(run_trial(replace(options, seed=seed), learned, judged))
            print(f"seed {seed}: {table_row(options, done[-1:])}", file=sys.stderr, flush=True)
    print(f"| {TABLE_HEADER} |\n|{'---|' * len(TABLE_HEADER.split(' | '))}")
    for options, done in trials.items():
        print(table_row(options, done))
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
