"""A check-up's Findings, and how they are read: as lines, as HTML in a notebook, as JSON."""

from dataclasses import dataclass

from neuralscope.checkup.findings import CheckResult, Findings
from neuralscope.checkup.report_html import report_html
from neuralscope.checkup.report_json import report_json
from neuralscope.checkup.report_text import report_text

__all__ = ["CheckResult", "Report"]


@dataclass(frozen=True)
class Report(Findings):
    """Findings that can be read; ``print`` writes their lines, and a notebook shows them as a table."""

    def text(self, width: int | None = None) -> str:
        """Return the report as lines of at most ``width`` letters (default: as wide as the terminal, or 80)."""
        return report_text(self, width)

    def to_json(self) -> str:
        """Return the report as one JSON object in a line; what is no finite number is null."""
        return report_json(self)

    def _repr_html_(self) -> str:
        return report_html(self)

    def __str__(self) -> str:
        return self.text()
