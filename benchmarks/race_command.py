"""The command itself in the race: ``python -m neuralscope.network --preset quick``, from its start."""

import json
import os
import subprocess
import sys
import tempfile
import time

POLL_S = 0.005


class QuickCommand:
    """The command with the recipe, judged after each epoch by itself; its log tells when and how well."""

    @classmethod
    def missing(cls):
        """Return why it cannot take part: it always can."""
        return ""

    @classmethod
    def race(cls, job):
        """Return what came of it, as ``race_run.race`` does; it began when its process was started."""
        with tempfile.TemporaryDirectory(prefix="neuralscope-") as folder:
            log = os.path.join(folder, "log")
            started = time.time()
            process = subprocess.Popen([
                sys.executable, "-m", "neuralscope.network", "--dataset", job["dataset"], "--seed", str(job["seed"]),
                "--threads", str(len(job["processors"])), "--log", log, "--output", os.path.join(folder, "out.npz"),
                "--quiet", "--preset", "quick"])
            ends = watch(process, log, started)
            if process.returncode:
                sys.exit(process.returncode)
            with open(log, encoding="utf-8") as file:
                return {"ready": 0.0, "rows": list(log_rows(map(json.loads, file), ends))}


def watch(process, log, started):
    """Return the seconds after which the log of a process got each of its lines."""
    ends, size = [], 0
    while True:
        over = process.poll() is not None
        now = os.path.getsize(log) if os.path.exists(log) else 0
        if now > size:
            with open(log, encoding="utf-8") as file:
                lines = sum(line.endswith("\n") for line in file)
            ends, size = ends + [time.time() - started] * (lines - len(ends)), now
        if over:
            return ends
        time.sleep(POLL_S)


def log_rows(epochs, ends):
    """Yield a row for each epoch of a log."""
    learning = 0.0
    for epoch, end in zip(epochs, ends, strict=True):
        learning += epoch["seconds"]
        yield {"epochs": epoch["epoch"], "percent": 100 * epoch["test_accuracy"], "learning": learning,
               "processor": None, "process": end}
