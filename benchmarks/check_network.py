"""``python -m benchmarks.check_network``: how long the check-up of a network takes, and which checks take it.

The time of the whole is also told as a ratio to what the network needs to read the test images once, which is what no
check-up can do without.
"""

import statistics
import time
from pathlib import Path

import numpy as np

from neuralscope.checkup.checks import CHECKS, check_steps
from neuralscope.checkup.network_check import data_of_dataset
from neuralscope.checkup.subject import make_study
from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.data_loader import load
from neuralscope.network import TrainingOptions, evaluate, storage

SHIPPED_PATH = Path(__file__).parents[1] / storage.DEFAULT_FILE_NAME
BUDGET_SECONDS = 3.0
ROUNDS = 3
ROW_FORMAT = "| {:35} | {:>8} | {:>8} | {:>10} |"


def main(argv=None):
    """Print the table; return 1 where the budget is not kept."""
    parser = Parser(prog="python -m benchmarks.check_network", description="Time the check-up of a network.")
    parser.add_argument("--data-dir", metavar="DIR", help="folder with MNIST's files (default: $NEURALSCOPE_DATA_DIR); "
                                                          "without MNIST the embedded digits stand in")
    arguments = parser.parse_args(argv)
    limit_threads(1)
    dataset = load("auto", arguments.data_dir)
    print(f"{len(dataset.test):,} test digits ({dataset.name})\n")
    print(ROW_FORMAT.format("what", "seconds", "ratio", "longest ms"))
    print(ROW_FORMAT.format("-" * 35, *["-" * (width - 1) + ":" for width in (8, 8, 10)]))
    sizes = dataset.test.pixels.shape[1], len(dataset.class_names)
    deep = TrainingOptions(hidden=(512, 256, 128)).network(*sizes, np.random.default_rng(0))
    kept = [time_network(network, dataset) for network in (storage.load(SHIPPED_PATH).network, deep)]
    return EXIT_DONE if all(kept) else 1


def time_network(network, dataset):
    """Print how long each check of a network takes, at the median of some rounds; say whether the budget is kept."""
    rounds = [time_checks(network, dataset) for _ in range(ROUNDS)]
    once = statistics.median(time_once(network, dataset) for _ in range(ROUNDS))
    for place, check in enumerate(CHECKS):
        seconds = statistics.median(each[place][0] for each in rounds)
        longest = statistics.median(each[place][1] for each in rounds)
        print(ROW_FORMAT.format(check.name, f"{seconds:.3f}", f"{seconds / once:.2f}", f"{1000 * longest:.0f}"))
    whole = statistics.median(sum(seconds for seconds, _ in each) for each in rounds)
    longest = statistics.median(max(step for _, step in each) for each in rounds)
    print(ROW_FORMAT.format(f"all, {network.architecture}", f"{whole:.3f}", f"{whole / once:.2f}",
                            f"{1000 * longest:.0f}"), flush=True)
    return whole <= BUDGET_SECONDS


def time_checks(network, dataset):
    """Return for each check the seconds that it took, and those of its longest step."""
    steps, found, seconds, longest = check_steps(make_study(network, data_of_dataset(dataset))), [], 0.0, 0.0
    while len(found) < len(CHECKS):
        start = time.perf_counter()
        result = next(steps)
        took = time.perf_counter() - start
        seconds, longest = seconds + took, max(longest, took)
        if result:
            found.append((seconds, longest))
            seconds = longest = 0.0
    return found


def time_once(network, dataset):
    """Return the seconds in which a network reads the test images once."""
    start = time.perf_counter()
    evaluate(network, dataset.test.images, dataset.test.labels)
    return time.perf_counter() - start


if __name__ == "__main__":
    run_program(main)
