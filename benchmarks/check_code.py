"""``python -m benchmarks.check_code``: how long the check-up of a person's own code takes, 784-100-10 on 32 images.

Seconds are those of the processor. Beside them stands one call of the person's own gradients, measured in the same
minute: the machine's pace.
"""

import statistics
import time

import numpy as np

from neuralscope import check_code
from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from tests.checkup.styles import rows

SIZES, IMAGES, ROUNDS, BUDGET = (784, 100, 10), 32, 5, 5.0
ROW_FORMAT = "| {:24} | {:>9} | {:>10} | {:>6} | {:>9} |"


def main(argv=None):
    """Print the table; return 1 where a check takes longer than the budget."""
    parser = Parser(prog="python -m benchmarks.check_code", description="Measure the check-up of one's own code.")
    parser.parse_args(argv)
    limit_threads(1)
    rng = np.random.default_rng(0)
    images, labels = rng.random((IMAGES, 784)) * (rng.random((IMAGES, 784)) < 0.2), rng.integers(0, 10, IMAGES)
    parameters = rows.start(SIZES, rng)
    print(ROW_FORMAT.format("code", "s", "gradient s", "ratio", "budget s"))
    print(ROW_FORMAT.format("-" * 24, *["-" * (width - 1) + ":" for width in (9, 10, 6, 9)]))
    slowest = 0.0
    for name in ("", "no slope", "sign"):
        forward, loss, gradients, step = rows.make(name)
        checked = [seconds(check_code, forward, loss, gradients, parameters, images, labels, step=step)
                   for _ in range(ROUNDS)]
        once = statistics.median(seconds(gradients, parameters, images, labels) for _ in range(20 * ROUNDS))
        slowest = max(slowest, statistics.median(checked))
        print(ROW_FORMAT.format(name or "right", f"{statistics.median(checked):.2f}", f"{once:.5f}",
                                f"{statistics.median(checked) / once:.0f}", f"{BUDGET:.0f}"), flush=True)
    return EXIT_DONE if slowest <= BUDGET else 1


def seconds(work, *arguments, **named):
    """Return the seconds of the processor that a function takes with these arguments."""
    start = time.process_time()
    work(*arguments, **named)
    return time.process_time() - start


if __name__ == "__main__":
    run_program(main)
