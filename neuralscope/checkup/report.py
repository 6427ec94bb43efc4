"""What a check-up found: a line a check, with its figure, a sentence and the remedy."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class CheckResult:
    """What came of one check.

    ``name``: what is checked, as "hidden neurons alive". ``passed``: None where it could not be tried, and the
    explanation says why. ``figure``: as "98 of 100". ``explanation``: a sentence. ``remedy``: what to do, or "".
    ``details``: values by name that the view and JSON show beside it. ``view``: the title of the view that shows more.

    ``details`` of a layer's gradient in one's own code: "arrays", for each its "name", the lengths of "yours" and of
    the "right" gradient (None where that is not known), their relative "difference", that to the slopes measured, and
    "passed"; where they differ "matches", pairs of a mistake's name and the relative difference of what it gives, the
    nearest first; "mistakes", for each that gives yours the keys of `checkup.code.mistakes.MISTAKES` that are made
    together; and "neuron", both gradients of the weights into the one where they differ most: "number", "yours",
    "right", or None.
    """

    name: str
    passed: bool | None
    figure: str = ""
    explanation: str = ""
    remedy: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    view: str = ""


@dataclass(frozen=True)
class Report:
    """All CheckResults of a check-up, in order. ``subject``: what was checked, as the file's name."""

    subject: str
    results: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The results that did not pass."""
        return tuple(result for result in self.results if result.passed is False)
