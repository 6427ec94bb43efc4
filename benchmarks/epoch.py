"""``python -m benchmarks.epoch``: seconds an epoch beside those of its bare matrix products, and peak memory.

One BLAS thread, batches of 128. The bare products are those of each batch (forward, gradients of the weights,
delta backward) on arrays of the same shapes that already lie in memory: what no engine on this machine can beat.
"""

import statistics
import subprocess
import sys
import time

import numpy as np

from neuralscope.command_line import limit_threads, run
from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.network import Trainer, TrainingOptions

HIDDEN = (128, 256, 800)
ROUNDS = 5
BATCH = 128
TURN = 67  # steps before the other's turn: noise of the machine then meets both
MEGABYTE = 1e6


def main():
    """Print the table; return the exit status."""
    limit_threads(1)
    if sys.argv[1:2] == ["--peak"]:
        print(peak_memory(int(sys.argv[2])))
        return 0
    train, test, source = data()
    print(f"{len(train.labels):,} images ({source}), batch {BATCH}, one thread, median of {ROUNDS}, interleaved")
    print(f"{'hidden':>6} {'epoch s':>8} {'products s':>11} {'ratio':>6} {'peak MB':>8}")
    for hidden in HIDDEN:
        engine, products = measure(hidden, train, test)
        command = [sys.executable, "-m", "benchmarks.epoch", "--peak", str(hidden)]
        peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        print(f"{hidden:6} {engine:8.3f} {products:11.3f} {engine / products:6.2f} {peak:>8}", flush=True)
    return 0


def data():
    """Return the training part, the test part and where they are from: MNIST, or random numbers of its shape."""
    try:
        mnist = load("mnist")
        return mnist.train, mnist.test, "mnist"
    except InputError:
        rng = np.random.default_rng(0)
        parts = [Digits(rng.random((count, 784), dtype=np.float32), rng.integers(0, 10, count))
                 for count in (60_000, 10_000)]
        return *parts, "random numbers of MNIST's shape, for there is no MNIST here"


def measure(hidden, train, test):
    """Return the median seconds of an epoch of this engine and of its bare products, taken in turns."""
    options = TrainingOptions(hidden=(hidden,), batch_size=BATCH)
    rng = np.random.default_rng(0)
    trainer = Trainer(options.network(784, 10, rng), train, test, options, rng)
    multiply = bare_products(hidden, rng)
    engine, products = [], []
    for _ in range(ROUNDS):
        spent = [0.0, 0.0]
        for start in range(0, trainer.steps_per_epoch, TURN):
            for which, one in enumerate((trainer.step, multiply)):
                before = time.perf_counter()
                for _ in range(min(TURN, trainer.steps_per_epoch - start)):
                    one()
                spent[which] += time.perf_counter() - before
        trainer.finish_epoch()
        engine.append(spent[0])
        products.append(spent[1])
    return statistics.median(engine), statistics.median(products)


def bare_products(hidden, rng):
    """Return a function that computes one batch's matrix products for a 784-hidden-10 network, and nothing else."""
    images, first, second, activations, deltas, answers = (
        rng.random(shape, dtype=np.float32)
        for shape in ((BATCH, 784), (784, hidden), (hidden, 10), (BATCH, hidden), (BATCH, hidden), (BATCH, 10)))
    sums, logits, back = np.empty_like(activations), np.empty_like(answers), np.empty_like(deltas)
    gradient_1, gradient_2 = np.empty_like(first), np.empty_like(second)

    def multiply():
        np.matmul(images, first, out=sums)
        np.matmul(activations, second, out=logits)
        np.matmul(activations.T, answers, out=gradient_2)
        np.matmul(answers, second.T, out=back)
        np.matmul(images.T, deltas, out=gradient_1)

    return multiply


def peak_memory(hidden):
    """Return the peak memory in MB of this process once it has loaded the data and trained an epoch."""
    try:
        import resource
    except ImportError:  # Windows
        return "unknown"
    train, test, _ = data()
    options = TrainingOptions(hidden=(hidden,), batch_size=BATCH)
    rng = np.random.default_rng(0)
    Trainer(options.network(784, 10, rng), train, test, options, rng).finish_epoch()
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE)


if __name__ == "__main__":
    run(main)
