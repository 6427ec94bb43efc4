"""A report as plain lines, for a terminal or a pipe."""

import shutil
import textwrap

from neuralscope.checkup.findings import CheckResult, Findings
from neuralscope.checkup.report_tables import evidence_tables
from neuralscope.errors import printable

MARKS = {True: "✓", False: "✗", None: "–"}  # the last: it could not be tried
LEAST_WIDTH = 40
INDENT = 5  # letters before what is said of a check: its number and mark
TABLE_INDENT = 7


def report_text(report: Findings, width: int | None = None) -> str:
    """Return a report's lines; see `Report.text`."""
    width = max(LEAST_WIDTH, width or shutil.get_terminal_size().columns)
    lines = textwrap.wrap(printable(": ".join(filter(None, (report.subject, ", ".join(report.facts))))), width)
    lines += textwrap.wrap(": ".join(filter(None, (report.verdict, report.advice))), width)
    lines.append("")
    for number, result in enumerate(report.results, 1):
        lines += result_lines(number, result, width)
    return "\n".join(lines)


def result_lines(number: int, result: CheckResult, width: int) -> list[str]:
    """Return the lines of one check: name and figure, the sentence, the remedy."""
    head = f"{number:>2} {MARKS[result.passed]} {result.name}"
    figure = printable(result.figure)
    room = width - len(head) - len(figure)
    lines = [head + " " * room + figure if figure and room > 1 else head]
    if figure and room <= 1:
        lines += indented(figure, width)
    for words in (result.explanation, follows_text(result), result.remedy and f"→ {result.remedy}"):
        lines += indented(words, width)
    for caption, rows in evidence_tables(result):
        lines += indented(caption, width)
        for cells in rows:
            lines += indented("  ".join(filter(None, cells)), width, TABLE_INDENT)
    return lines


def follows_text(result: CheckResult) -> str:
    """Return which other check's failing explains this one's, or ""."""
    return f"this follows from “{result.cause}”" if result.cause else ""


def indented(words: str, width: int, indent: int = INDENT) -> list[str]:
    """Return words as lines that stand below a check's name."""
    hanging = 2 if words.startswith("→") or indent > INDENT else 0
    return textwrap.wrap(printable(words), width, initial_indent=" " * indent,
                         subsequent_indent=" " * (indent + hanging))
