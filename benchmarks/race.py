"""``python -m benchmarks.race``: seconds until 97, 98 and 98.5 % of the test digits are read rightly, beside others.

Every race of a contestant is a process of its own, and the contestants take turns, seed by seed. All are judged after
each half of an epoch (the command itself after each epoch). Seconds of learning are those of making the network and
optimizer and of learning: neither judging, nor loading, nor bringing the data to a contestant's form, nor making it
ready (compiling, and what a library does at first use). Seconds from the process's start are all of these. Who has not
arrived within its recipe's 4 epochs, where it has no such recipe 30, or by --limit, has failed.
"""

import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version

from benchmarks.race_table import CLOCKS, CONTESTANTS, table_lines
from neuralscope.cli import Parser, run_program
from neuralscope.errors import InputError

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
                    "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS", "CPU_COUNT")
PACKAGES = {"numpy": "quick", "scikit-learn": "scikit-learn", "torch": "pytorch", "jax": "jax", "tinygrad": "tinygrad"}
RACE_PROGRAM = "from benchmarks.race_run import main; main()"
OTHER_LIMIT_S = 600  # of a process, for loading, compiling and judging


def build_parser():
    """Return the parser of all options."""
    parser = Parser(prog="python -m benchmarks.race", allow_abbrev=False,
                    description="Measure the seconds until a test accuracy is reached, beside what others would use.")
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="races of each contestant (default: 10)")
    parser.add_argument("--only", choices=CONTESTANTS, nargs="+", default=list(CONTESTANTS), metavar="NAME",
                        help="who races: %(choices)s (default: all)")
    parser.add_argument("--cores", choices=["one", "all", "both"], default="both",
                        help="processors: one, all, or both, one after the other (default: both)")
    parser.add_argument("--core", type=int, metavar="N", help="which one, where it is one (default: the last)")
    parser.add_argument("--percent", type=float, nargs="+", default=[97, 98, 98.5], metavar="P",
                        help="test accuracies to reach (default: 97 98 98.5)")
    parser.add_argument("--limit", type=float, default=60, metavar="S", help="seconds of learning (default: 60)")
    parser.add_argument("--json", metavar="FILE", help="write what came of every race")
    parser.add_argument("--dataset", default="mnist", metavar="NAME", help="what to learn (default: mnist)")
    return parser


def main(argv=None):
    """Print the tables; return the exit status."""
    from neuralscope.data_loader import load

    arguments = build_parser().parse_args(argv)
    if arguments.seeds < 1:
        raise InputError(f"--seeds {arguments.seeds}: choose a number of at least 1")
    choices = processor_choices(arguments)
    load(arguments.dataset)  # says what is wrong with it
    names = [name for name in CONTESTANTS if name in arguments.only]
    reasons = {name: CONTESTANTS[name]().missing() for name in names}
    for name in filter(reasons.get, names):
        print(f"{name}: {reasons[name]}")
    names = [name for name in names if not reasons[name]]
    print(versions_line(names), flush=True)
    results = {}
    for title, processors in choices.items():
        results[title] = {name: [] for name in names}
        run_races(results[title], processors, arguments, lambda: write_results(results, arguments.json))
        for clock, words in CLOCKS.items():
            print(f"\n{title}: {words}\n")
            print("\n".join(table_lines(results[title], arguments.percent, clock)), flush=True)
    return 0


def write_results(results, path):
    """Write what came of every race so far, if a file is named."""
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


def processor_choices(arguments):
    """Return lists of processors by the title of their tables; raises InputError for one that is not there."""
    everyone = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count()))
    one = everyone[-1] if arguments.core is None else arguments.core
    if one not in everyone:
        raise InputError(f"--core {one}: there is none; choose one of {', '.join(map(str, everyone))}")
    choices = {"one": {f"core {one} alone": [one]}, "all": {f"all {len(everyone)} cores": everyone}}
    return choices["one"] | choices["all"] if arguments.cores == "both" else choices[arguments.cores]


def run_races(results, processors, arguments, save):
    """Let all race in turns, into lists of races by contestant. Who breaks down is told of, and out."""
    for seed in range(arguments.seeds):
        for name in list(results):
            job = {"name": name, "seed": seed, "dataset": arguments.dataset, "processors": processors,
                   "percent": arguments.percent, "limit": arguments.limit}
            try:
                results[name].append(run_race(job))
            except RuntimeError as error:
                print(f"{name}: not measured: {error}", flush=True)
                del results[name]
        save()


def run_race(job):
    """Return what came of one race in a process of its own; raises RuntimeError where it broke down."""
    threads = str(len(job["processors"]))
    environment = os.environ | dict.fromkeys(THREAD_VARIABLES, threads) | {"DEV": "CPU", "JAX_PLATFORMS": "cpu"}
    job, limit = job | {"started": time.time()}, job["limit"] + OTHER_LIMIT_S
    try:
        done = subprocess.run([sys.executable, "-c", RACE_PROGRAM, json.dumps(job)], env=environment,
                              capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"it was not over after {limit:g} seconds") from None
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    return json.loads(done.stdout.splitlines()[-1])


def versions_line(names):
    """Return the line of versions and the processor."""
    packages = [package for package, start in PACKAGES.items()
                if package == "numpy" or any(name.startswith(start) for name in names)]
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"Python {platform.python_version()}, {versions}; {os.cpu_count()} processors: {processor_name()}"


def processor_name():
    """Return what the processor calls itself."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    run_program(main)
