"""What a check-up found, as values: a line a check, with its figure, a sentence and the remedy."""

from dataclasses import dataclass, field
from typing import Any

from neuralscope.formatting import counted


@dataclass(frozen=True)
class CheckResult:
    """What came of one check.

    ``name``: what is checked, as "hidden neurons alive". ``passed``: None where it could not be tried, and the
    explanation says why. ``figure``: as "98 of 100". ``explanation``: a sentence. ``remedy``: what to do, or "".
    ``details``: values by name that the view and JSON show beside it. ``view``: the title of the view that shows more.
    ``cause``: the name of another check that failed and explains this failure, or "". ``gain``: by how much the
    remedy raises the share that is right, where that was measured with nothing else mended.

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
    cause: str = ""
    gain: float | None = None


@dataclass(frozen=True)
class Findings:
    """All CheckResults of a check-up, in order. ``subject``: what was checked, as the file's name.

    ``facts``: what else the head says of it, as its architecture, the images and the share that is right.
    """

    subject: str
    results: tuple[CheckResult, ...]
    facts: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The results that did not pass."""
        return tuple(result for result in self.results if result.passed is False)

    @property
    def untried(self) -> tuple[CheckResult, ...]:
        """The results of what could not be tried."""
        return tuple(result for result in self.results if result.passed is None)

    @property
    def first_to_mend(self) -> CheckResult | None:
        """The failed check whose mending brings most, by what was measured; where nothing was, the first of them.

        None where fewer than two failed, for then there is no choice.
        """
        failed = self.failed
        if len(failed) < 2:
            return None
        return max((result for result in failed if not result.cause), default=failed[0],
                   key=lambda result: (result.gain or 0, len(self.lines_mended_by(result))))

    def line(self, result: CheckResult) -> int:
        """Return the number of a result's line, from 1."""
        return self.results.index(result) + 1

    def lines_mended_by(self, result: CheckResult) -> tuple[int, ...]:
        """Return the numbers of the lines whose failing a result explains."""
        return tuple(self.line(other) for other in self.failed if other.cause == result.name)

    @property
    def verdict(self) -> str:
        """How many checks fail, in a few words with their mark."""
        tried = len(self.results) - len(self.untried)
        if self.failed:
            return f"✗ {len(self.failed)} of {counted(tried, 'check')} fail{'s' * (len(self.failed) == 1)}"
        return f"✓ {counted(tried, 'check')}, none fails"

    @property
    def advice(self) -> str:
        """Which line to mend first, or ""."""
        first = self.first_to_mend
        if not first:
            return ""
        mended = self.lines_mended_by(first)
        some = ", ".join(map(str, mended[:-1]))
        too = f": it mends {some}{' and ' * bool(some)}{mended[-1]} too" if mended else ""
        return f"mend line {self.line(first)} first{too}"
