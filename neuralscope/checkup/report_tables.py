"""What a check-up of one's own code found, as small tables: each array's gradient, and which mistake gives it."""

from math import isfinite
from typing import Any

from neuralscope.checkup.code.match import EQUAL
from neuralscope.checkup.findings import CheckResult
from neuralscope.formatting import plain, scientific

Rows = list[tuple[str, ...]]
SMALL = 1e-3  # a difference below it is told as a power of ten, for in per cent it would be 0


def evidence_tables(result: CheckResult) -> list[tuple[str, Rows]]:
    """Return a caption and rows of cells for each table of what did not pass; none where there is nothing to show."""
    if result.passed is not False:
        return []
    details = result.details
    found = [("the gradients", [array_row(each) for each in details["arrays"]])] if details.get("arrays") else []
    if details.get("matches"):
        found.append(("which mistake gives yours, and how far the others are from it",
                      [match_row(name, far) for name, far in details["matches"]]))
    return found


def array_row(array: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of an array: whether its gradient is right, both lengths, and how far they differ."""
    right = "" if array["right"] is None else f"the right one {plain(array['right'])}"
    return (f"{'✓' if array['passed'] else '✗'} {array['name']}", f"length {plain(array['yours'])}", right,
            f"differ by {difference_text(array['difference'])}")


def match_row(name: str, far: float) -> tuple[str, ...]:
    """Return the cells of a mistake: = where it gives the person's gradient, its name, and how far it is from that."""
    return "=" if far <= EQUAL else "≠", name, difference_text(far)


def difference_text(far: float) -> str:
    """Write a relative difference."""
    if not isfinite(far):
        return "infinitely much"
    return scientific(far, 2) if 0 < far < SMALL else f"{100 * far:.1f} %"
