"""A report as HTML, for a notebook: one piece that needs nothing else, and reads on a dark page as on a light one."""

from html import escape

from neuralscope.checkup.findings import CheckResult, Findings
from neuralscope.checkup.report_tables import Rows, evidence_tables
from neuralscope.checkup.report_text import MARKS, follows_text
from neuralscope.errors import printable

# The colour of words is the page's; what is small is the same at less strength, so that it goes with any ground.
STYLE = """
.neuralscope-report { max-width: 46em; font: 14px/1.4 sans-serif }
.neuralscope-report table { width: 100%; border-collapse: collapse }
.neuralscope-report td { border-top: 1px solid rgba(128, 128, 128, 0.35); padding: 4px 8px; text-align: left;
  vertical-align: top; background: none }
.neuralscope-report td:last-child { text-align: right; font-family: monospace; white-space: nowrap }
.neuralscope-report small { opacity: 0.75 }
.neuralscope-report .failed { color: #c2408f; font-weight: bold }
.neuralscope-report .passed { color: #17936a; font-weight: bold }
"""
CLASSES = {True: "passed", False: "failed", None: "untried"}


def report_html(report: Findings) -> str:
    """Return a report as one HTML element."""
    rows = "".join(result_row(number, result) for number, result in enumerate(report.results, 1))
    kind = CLASSES[not report.failed]
    return (f'<div class="neuralscope-report"><style>{STYLE}</style>'
            f"<p><b>{text(report.subject)}</b> <small>{text(', '.join(report.facts))}</small><br>"
            f'<span class="{kind}">{text(report.verdict)}</span> {text(report.advice)}</p>'
            f"<table>{rows}</table></div>")


def result_row(number: int, result: CheckResult) -> str:
    """Return the row of one check."""
    below = [f"<br><small>{text(words)}</small>" for words in (result.explanation, follows_text(result)) if words]
    remedy = f"<br>→ {text(result.remedy)}" if result.remedy else ""
    tables = "".join(table_html(caption, rows) for caption, rows in evidence_tables(result))
    return (f'<tr><td>{number}</td><td class="{CLASSES[result.passed]}">{MARKS[result.passed]}</td>'
            f"<td>{text(result.name)}{''.join(below)}{remedy}{tables}</td><td>{text(result.figure)}</td></tr>")


def table_html(caption: str, rows: Rows) -> str:
    """Return what a check found as a small table of its own."""
    body = "".join(f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in cells)}</tr>" for cells in rows)
    return f"<br><small>{text(caption)}</small><table>{body}</table>"


def text(words: str) -> str:
    """Return words as HTML shows them as they are."""
    return escape(printable(words))
