"""A report as a file: as lines, as JSON or as HTML, by its name."""

import os
from collections.abc import Callable
from pathlib import Path

from neuralscope.checkup.report import Report
from neuralscope.checkup.report_html import report_html
from neuralscope.errors import InputError
from neuralscope.safe_files import write_atomically

TEXT_WIDTH = 80
FORMATS: dict[str, Callable[[Report], str]] = {  # by the end of a file's name; any other is lines
    ".json": lambda report: report.to_json() + "\n",
    ".html": lambda report: f"<!DOCTYPE html><meta charset=\"utf-8\"><title>check-up</title>{report_html(report)}\n",
}


def report_bytes(report: Report, suffix: str) -> bytes:
    """Return a report as the bytes of a file whose name ends so."""
    make = FORMATS.get(suffix.lower(), lambda report: report.text(TEXT_WIDTH) + "\n")
    return make(report).encode()


def check_report_path(path: str | os.PathLike) -> None:
    """Raise InputError where a report would replace a file."""
    if os.path.lexists(path):
        raise InputError(f"--save {path}: there is such a file", "name another one")


def save_report(report: Report, path: str | os.PathLike) -> None:
    """Write a report, never over a file; raises InputError in words where that fails."""
    check_report_path(path)
    write_atomically(Path(path), report_bytes(report, Path(path).suffix), "--save")
