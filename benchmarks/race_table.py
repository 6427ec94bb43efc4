"""Who is in the race, by name, and the table of what came of it."""

import statistics
from importlib import import_module
from math import inf

REFERENCE = "quick"
CLOCKS = {"learning": "seconds of learning, from data in memory", "process": "seconds from the process's start",
          "processor": "processor seconds of learning, from data in memory"}


def from_module(module, name):
    """Return a function that imports a contestant's class."""
    return lambda: getattr(import_module(f"benchmarks.{module}"), name)


CONTESTANTS = {
    "quick": from_module("race_contestants", "Quick"),
    "quick-command": from_module("race_command", "QuickCommand"),
    "default": from_module("race_contestants", "Default"),
    "scikit-learn": from_module("race_contestants", "ScikitLearn"),
    "scikit-learn-recipe": from_module("race_contestants", "ScikitLearnRecipe"),
    "pytorch-loader": from_module("race_torch", "TorchLoader"),
    "pytorch-usual": from_module("race_torch", "TorchUsual"),
    "pytorch-recipe": from_module("race_torch", "TorchRecipe"),
    "pytorch-best": from_module("race_torch", "TorchBest"),
    "pytorch-compiled": from_module("race_torch", "TorchCompiled"),
    "jax": from_module("race_others", "Jax"),
    "tinygrad": from_module("race_others", "Tinygrad"),
    "c": from_module("race_others", "CLoop"),
}


def arrival(rows, percent, clock):
    """Return the seconds by this clock until the first row of at least ``percent``; infinity if there is none."""
    return next((row[clock] for row in rows if row["percent"] >= percent), inf)


def table_lines(runs, percents, clock):
    """Yield the table by one clock: ``runs`` are lists of races by contestant, one a seed."""
    headings = ["contestant", *(f"{percent:g} %{end}" for percent in percents for end in ("", " / quick")),
                "made ready", "last %"]
    lines = [headings]
    reference = runs.get(REFERENCE)
    for name, races in runs.items():
        cells = [name]
        for percent in percents:
            seconds = arrivals(races, percent, clock)
            cells += [seconds_text(seconds), ratio_text(seconds, reference and arrivals(reference, percent, clock))]
        ready = statistics.median(race["ready"] for race in races)
        lasts = statistics.median(race["rows"][-1]["percent"] for race in races)
        lines.append([*cells, f"{ready:.2f}" if ready >= 0.005 else "-", f"{lasts:.2f}"])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * (width - 1) + ":" for width in widths])
    for cells in lines:
        yield f"| {' | '.join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))} |"


def arrivals(races, percent, clock):
    """Return the seconds of each race until this percentage; None where this clock was not read."""
    seconds = [arrival(race["rows"], percent, clock) for race in races]
    return None if None in seconds else seconds


def seconds_text(seconds):
    """Return "median (least to most), failures"; a failure counts as infinitely long."""
    if seconds is None:
        return "-"
    arrived, count = [each for each in seconds if each < inf], len(seconds)
    failed = f"{count - len(arrived)} of {count} failed"
    if not arrived:
        return failed
    median = statistics.median(seconds)
    text = f"{f'{median:.2f}' if median < inf else 'never'} ({min(arrived):.2f} to {max(arrived):.2f})"
    return text if len(arrived) == count else f"{text}, {failed}"


def ratio_text(seconds, reference):
    """Return the ratio of two medians, or a dash where one of them is not there."""
    if not seconds or not reference:
        return "-"
    median, ours = statistics.median(seconds), statistics.median(reference)
    return f"{median / ours:.2f}" if median < inf and ours < inf else "-"
