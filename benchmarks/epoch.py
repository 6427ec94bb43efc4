"""``python -m benchmarks.epoch``: an epoch of this engine beside its bare matrix products and what others would use.

All take turns of a few dozen batches, so that noise of the machine meets all; only ratios are to be quoted. Seconds are
those of the learning alone: new orders of the images are drawn on nobody's time.
"""

import os
import statistics
import sys
import time
from importlib import import_module

from benchmarks.contestants import (
    BATCH_SIZE,
    BareProducts,
    NeuralScope,
    NeuralScopeAdam,
    NeuralScopeAugmented,
    Task,
    load_parts,
)
from benchmarks.memory import peak_memory_mb
from benchmarks.peers import PyTorch, ScikitLearn, Textbook
from neuralscope.cli import Parser, limit_threads, run_program, thread_count
from neuralscope.errors import InputError

ENGINES = {"ours": NeuralScope, "products": BareProducts, "pytorch": PyTorch, "scikit-learn": ScikitLearn,
           "textbook": Textbook, "augmented": NeuralScopeAugmented, "adam": NeuralScopeAdam}
MEMORY_WARPS = {"ours": "none", "augmented": "elastic"}  # whose peak is measured, with the warp
TABLE_HEADINGS = {  # a heading with a stroke is the ratio of two columns
    "seconds an epoch, and ratios": (
        "ours", "products", "pytorch", "scikit-learn", "textbook",
        "ours/products", "pytorch/ours", "scikit-learn/ours", "textbook/ours"),
    "seconds an epoch of this engine plain, with elastic warps and with Adam; peak memory in MB": (
        "ours", "augmented", "adam", "augmented/ours", "adam/ours", "ours MB", "augmented MB"),
    "milliseconds to evaluate the test images; % read rightly after the last round": (
        "ours ms", "products ms", "pytorch ms", "scikit-learn ms", "ours ms/products ms",
        "pytorch ms/ours ms", "scikit-learn ms/ours ms", "ours %", "pytorch %", "scikit-learn %"),
}
TURN_BATCHES = 469  # batches: an epoch of 60,000 images
PAUSE_S = 0.03  # seconds before a turn, for the last one's idle threads keep looking for work about that long


def build_parser():
    """Return the parser of all options."""
    parser = Parser(prog="python -m benchmarks.epoch", allow_abbrev=False,
                    description="Measure an epoch of training beside what others would use.")
    parser.add_argument("--hidden", type=int, nargs="+", default=[128, 256, 800, 2048], metavar="N",
                        help="hidden neurons (default: 128 256 800 2048)")
    parser.add_argument("--threads", type=thread_count, nargs="+", default=[1, 2], metavar="N",
                        help="threads of each library (default: 1 2, one after the other)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N",
                        help="epochs that the medians are of (default: 5)")
    parser.add_argument("--without", choices=[name for name in ENGINES if name != "ours"], nargs="+", default=[],
                        metavar="NAME", help="leave out: %(choices)s")
    parser.add_argument("--dataset", default="mnist", metavar="NAME",
                        help="what to learn (default: mnist, or random numbers where there is none)")
    return parser


def main(argv=None):
    """Print the tables; return the exit status."""
    arguments = build_parser().parse_args(argv)
    if arguments.rounds < 1:
        raise InputError(f"--rounds {arguments.rounds}: choose a number of at least 1")
    train, test, source = load_parts(arguments.dataset)
    tasks = [Task(train, test, hidden) for hidden in arguments.hidden]
    for task in tasks:
        task.options()  # refuses what cannot be trained before anything is
    names = [
        name
        for name, engine_class in ENGINES.items()
        if name not in arguments.without and not engine_class.is_missing()
    ]
    for line in header_lines(tasks[0], source, arguments, names):
        print(line, flush=True)
    for threads in arguments.threads:
        rows = {task.hidden: measure_task(task, threads, arguments, names) for task in tasks}
        for title, headings in TABLE_HEADINGS.items():
            print(f"\n{threads} {'thread' if threads == 1 else 'threads'}: {title}\n")
            print("\n".join(table_lines(headings, rows)), flush=True)
    return 0


def header_lines(task, source, arguments, names):
    """Yield what to know before reading the tables, line by line."""
    yield (f"{len(task.train):,} images ({source}), batches of {BATCH_SIZE}, median of {arguments.rounds}, "
           f"in turns of {min(TURN_BATCHES, task.steps)} batches")
    for name in names:
        if ENGINES[name].whole_epochs:
            yield f"{name}: in turns of an epoch"
    yield "this engine gathers and warps its batches on a thread of its own, beside the threads below"
    for name, engine_class in ENGINES.items():
        if engine_class.is_missing() and name not in arguments.without:
            yield f"{name}: not installed, so not measured: {engine_class.install}"
    packages = dict.fromkeys(ENGINES[name].package for name in names)
    versions = ", ".join(f"{package} {import_module(package).__version__}" for package in packages)
    yield f"Python {sys.version.split()[0]}, {versions}; {os.cpu_count()} processors"


def measure_task(task, threads, arguments, names):
    """Return what was measured of one task: numbers by heading."""
    engines = {name: ENGINES[name](task) for name in names}
    use_threads(threads)
    seconds, milliseconds, values = {}, {}, {}
    for _ in range(arguments.rounds):
        for name, spent in time_epoch(engines, task.steps).items():
            seconds.setdefault(name, []).append(spent)
        for engine in engines.values():
            engine.new_epoch()
        for name, engine in engines.items():
            if hasattr(engine, "evaluate"):
                spent, accuracy = timed(engine.evaluate)
                milliseconds.setdefault(f"{name} ms", []).append(1000 * spent)
                values[f"{name} %"] = 100 * accuracy
    values |= {name: statistics.median(taken) for name, taken in (seconds | milliseconds).items()}
    return values | {f"{name} MB": peak_memory_mb(arguments.dataset, task.hidden, threads, augment)
                     for name, augment in MEMORY_WARPS.items() if name in names}


def use_threads(count):
    """Let every library that is loaded use this many threads."""
    limit_threads(count)
    if sys.modules.get("torch"):
        sys.modules["torch"].set_num_threads(count)


def time_epoch(engines, steps):
    """Let all learn an epoch of this many steps in turns; return the seconds of each."""
    spent = dict.fromkeys(engines, 0.0)
    for start in range(0, steps, TURN_BATCHES):
        turn = min(TURN_BATCHES, steps - start)
        for name, engine in engines.items():
            if not engine.whole_epochs:
                spent[name] += timed(engine.learn, turn)[0]
            elif start == 0:
                spent[name] += timed(engine.learn, steps)[0]
    return spent


def timed(action, *given):
    """Return the seconds that ``action`` takes, and what it returns."""
    time.sleep(PAUSE_S)
    before = time.perf_counter()
    result = action(*given)
    return time.perf_counter() - before, result


def table_lines(headings, rows):
    """Yield the lines of a table with these headings and a row for each number of hidden neurons."""
    widths = {heading: max(len(heading), 6) for heading in ("hidden", *headings)}
    yield "| " + " | ".join(heading.rjust(width) for heading, width in widths.items()) + " |"
    yield "|" + "|".join("-" * (width + 1) + ":" for width in widths.values()) + "|"
    for hidden, values in rows.items():
        cells = [cell_text(heading, {"hidden": hidden} | values).rjust(width) for heading, width in widths.items()]
        yield f"| {' | '.join(cells)} |"


def cell_text(heading, values):
    """Return what stands under a heading: a number, a ratio of two, or a dash for what was not measured."""
    numbers = [values.get(name) for name in heading.split("/")]
    if None in numbers:
        return "-"
    if len(numbers) == 2:
        return f"{numbers[0] / numbers[1]:.2f}"
    return f"{numbers[0]:.4g}"


if __name__ == "__main__":
    run_program(main)
