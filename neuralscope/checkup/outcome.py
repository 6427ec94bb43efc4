"""What a check found, before it has its place in the report."""

from dataclasses import dataclass, field
from typing import Any

from neuralscope.checkup.study import Study
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class Outcome:
    """The fields of a CheckResult that a check fills in, and ``mended``: the Study in which its fault is mended."""

    passed: bool | None
    figure: str = ""
    explanation: str = ""
    remedy: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    gain: float | None = None
    mended: Study | None = None
    __repr__ = short_repr
