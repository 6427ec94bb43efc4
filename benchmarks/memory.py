"""The peak memory of a training, measured in a process of its own."""

import subprocess
import sys

import numpy as np

from benchmarks.contestants import CLASS_COUNT, Task, load_parts
from neuralscope.cli import limit_threads
from neuralscope.network import Trainer

MEGABYTE_BYTES = 1e6


def peak_memory_mb(name, hidden, threads, augment):
    """Return the peak memory in MB of a process that loads this data set and trains an epoch; None if unknown."""
    code = ("from benchmarks.memory import print_peak_memory; "
            f"print_peak_memory({name!r}, {hidden}, {threads}, {augment!r})")
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout) if done.stdout else None


def print_peak_memory(name, hidden, threads, augment):
    """Load the data, train an epoch, and print the peak memory of this process in MB, if it is known."""
    limit_threads(threads)
    train, test, _ = load_parts(name)
    task, rng = Task(train, test, hidden), np.random.default_rng(0)
    options = task.options(augment=augment)
    Trainer(options.network(task.inputs, CLASS_COUNT, rng), train, test, options, rng).finish_epoch()
    size = peak_resident_bytes()
    if size is not None:
        print(round(size / MEGABYTE_BYTES))


def peak_resident_bytes():
    """Return the most bytes that this process has held in memory, or None where nobody counts them (Windows)."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except FileNotFoundError:  # not Linux, where getrusage counts what the parent held when it started this process
        pass
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
