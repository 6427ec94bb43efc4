"""One contestant's race, in a process of its own that benchmarks.race starts; its one argument is the job.

The job is JSON; what it prints is JSON. Nothing heavy is imported before the process is bound to its processors.
"""

import json
import os
import sys
import time


def race(contestant_class, job):
    """Return what came of a race: the seconds of making ready, and a row for each time it was judged."""
    from neuralscope.data_loader import load

    dataset = load(job["dataset"])
    contestant = contestant_class(dataset.train, dataset.test, job["seed"])
    ready_seconds, _ = timed(contestant.make_ready)
    learning, processor = timed(contestant.start)
    rows = []
    while is_on(contestant.max_epochs, rows, job):
        spent = timed(contestant.learn_half)
        learning, processor = learning + spent[0], processor + spent[1]
        accuracy = contestant.accuracy()
        rows.append({"epochs": contestant.halves / 2, "percent": 100 * accuracy, "learning": learning,
                     "processor": processor, "process": time.time() - job["started"]})
    return {"ready": ready_seconds, "rows": rows}


def is_on(max_epochs, rows, job):
    """Whether there is something left to reach, and time for it."""
    if not rows:
        return True
    best, last = max(row["percent"] for row in rows), rows[-1]
    return best < max(job["percent"]) and last["learning"] < job["limit"] and last["epochs"] < max_epochs


def timed(action):
    """Return the seconds, and the processor's seconds, that ``action()`` takes."""
    before, processor_before = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - before, time.process_time() - processor_before


def bind(processors):
    """Keep this process on these processors, where that can be asked for."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, processors)


def main():
    """Race, and print what came of it."""
    job = json.loads(sys.argv[1])
    bind(job["processors"])
    from benchmarks.race_table import CONTESTANTS

    contestant_class = CONTESTANTS[job["name"]]()
    run = getattr(contestant_class, "race", None)
    print(json.dumps(run(job) if run else race(contestant_class, job)))
