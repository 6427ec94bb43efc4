"""How a training shows on the screen: a bar on a terminal, a line now and then elsewhere, or nothing."""

import os
import sys
import time

from neuralscope.errors import print_line, printable
from neuralscope.network.reports import EpochReport

LINE_INTERVAL_S = 10
MIN_BAR_COLUMNS, MIN_BAR_ROWS = 20, 3  # tqdm hides itself in fewer rows


def make_progress(epochs: int, done: int, quiet: bool) -> "NoProgress | ProgressLines | ProgressBar":
    """Return what shows a training of ``epochs``, ``done`` of them behind it: ``show(report)``, ``note``, ``close``."""
    if quiet:
        return NoProgress()
    return (ProgressBar if shows_bar() else ProgressLines)(epochs, done)


def shows_bar() -> bool:
    """Say whether standard error is a terminal with room for a bar, and the line below it; some tell no size."""
    if not sys.stderr.isatty():
        return False
    columns, rows = os.get_terminal_size(sys.stderr.fileno())
    return columns >= MIN_BAR_COLUMNS and rows >= MIN_BAR_ROWS


def report_text(report: EpochReport) -> str:
    """Return an EpochReport in words."""
    validation_text = f", validation {report.validation_accuracy:.2%}" if report.validation_accuracy is not None else ""
    return (f"loss {report.loss:.4f}, training {report.train_accuracy:.2%}{validation_text}, "
            f"test {report.test_accuracy:.2%}")


def format_duration(seconds: int) -> str:
    """Return whole seconds as ``m:ss``, or ``h:mm:ss``."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class NoProgress:
    """Shows nothing."""

    def show(self, report: EpochReport) -> None:
        """Take an EpochReport."""

    def note(self, text: str) -> None:
        """Take a line that should not be lost among the others."""

    def close(self) -> None:
        """Take the end."""


class ProgressLines:
    """A line for the first epoch, the last, and every ten seconds between."""

    def __init__(self, epochs: int, done: int) -> None:
        self.epochs, self.done = epochs, done
        self.start, self.shown = time.monotonic(), float(-LINE_INTERVAL_S)

    def show(self, report: EpochReport) -> None:
        """Print the line of an EpochReport, if it is time for one."""
        now = time.monotonic()
        if now - self.shown >= LINE_INTERVAL_S or report.epoch == self.epochs:
            left = round((now - self.start) / (report.epoch - self.done) * (self.epochs - report.epoch))
            self.note(f"epoch {report.epoch}/{self.epochs}: {report_text(report)}, {format_duration(left)} left")
            self.shown = now

    def note(self, text: str) -> None:
        """Print a line at once."""
        print_line(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Do nothing: every line stands already."""


class ProgressBar:
    """tqdm's bar; what is wider than the terminal it cuts off at the right, so that the time left comes before."""

    def __init__(self, epochs: int, done: int) -> None:
        from tqdm import tqdm

        self.bar = tqdm(total=epochs, initial=done, file=sys.stderr, dynamic_ncols=True,
                        bar_format="epoch {n_fmt}/{total_fmt}, {remaining} left |{bar}| {postfix[0]}", postfix=[""])

    def show(self, report: EpochReport) -> None:
        """Move the bar to the epoch of an EpochReport."""
        self.bar.postfix[0] = report_text(report)
        self.bar.update(report.epoch - self.bar.n)

    def note(self, text: str) -> None:
        """Print a line above the bar."""
        self.bar.write(printable(text), file=sys.stderr)

    def close(self) -> None:
        """Leave the bar as it is, and the cursor below it."""
        self.bar.close()
