"""A report as JSON."""

import dataclasses
import json
from math import isfinite
from typing import Any

import numpy as np

from neuralscope.checkup.findings import Findings


def report_json(report: Findings) -> str:
    """Return a report as one JSON object; see `Report.to_json`."""
    first = report.first_to_mend
    return json.dumps(plain_values({
        "subject": report.subject, "facts": report.facts, "verdict": report.verdict,
        "failed": len(report.failed), "untried": len(report.untried),
        "mend_first": report.line(first) if first else None,
        "checks": [{"line": report.line(result), **dataclasses.asdict(result)} for result in report.results],
    }), allow_nan=False, ensure_ascii=False)


def plain_values(value: Any) -> Any:
    """Return a value in JSON's types: arrays as lists, and None for what is no finite number."""
    if isinstance(value, dict):
        return {str(name): plain_values(each) for name, each in value.items()}
    if isinstance(value, np.ndarray):
        return plain_values(value.tolist())
    if isinstance(value, list | tuple):
        return [plain_values(each) for each in value]
    if isinstance(value, np.generic):
        return plain_values(value.item())
    return None if isinstance(value, float) and not isfinite(value) else value
