"""The checks in their order: one table, and what runs it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from neuralscope.checkup import baseline, first_draw, form, given_gradients, pictures, renaming, units
from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.report import CheckResult
from neuralscope.checkup.study import Steps, Study

NO_LABELS = "there are no labels to judge by"


class Check(NamedTuple):
    """A row: the name, what finds out, the title of the view that shows more, and whether images need labels for it.

    ``causes``: names of earlier checks whose failing, if nothing mended it, explains that this one fails.
    """

    name: str
    find: Callable[[Study], Steps]
    view: str = ""
    needs_labels: bool = False
    causes: tuple[str, ...] = ()


ALIVE, DIFFER, MOVED = "hidden neurons alive", "hidden neurons differ", "weights moved from their first draw"
SCALE, COVERAGE, LABELS = "scale of the inputs", "every class is answered", "labels in order"
CHECKS = (
    Check("arrays fit each other", form.arrays_fit, "network"),
    Check("numbers are numbers", form.finite, "neuron"),
    Check("pictures the right way round", pictures.right_way_round, "explore", True),
    Check(SCALE, pictures.input_scale, "explore"),
    Check("outputs add up to 1", units.outputs_sum_to_one, "explore"),
    Check(ALIVE, units.neurons_alive, "neuron", causes=(SCALE,)),
    Check(DIFFER, units.neurons_differ, "neuron"),
    Check(MOVED, first_draw.weights_moved, "neuron"),
    Check("gradients are right", given_gradients.gradients_right, "backward", True),
    Check(LABELS, renaming.labels_in_order, "mistakes", True),
    Check(COVERAGE, renaming.class_coverage, "mistakes", causes=(ALIVE, SCALE, DIFFER, MOVED)),
    Check("better than no hidden layer", baseline.better_than_linear, "mistakes", True,
          causes=(ALIVE, SCALE, DIFFER, MOVED, COVERAGE)),
    Check("same on images it has not seen", baseline.same_on_unseen, "mistakes", True),
)


def check_steps(study: Study) -> Iterator[CheckResult | None]:
    """Yield the result of each check once it is there, and None between its small steps.

    A fault that a check can mend is mended in what the later ones look at, so that it makes none of them fail; one
    that stays, and that a later failure follows from, is named as its cause.
    """
    unmended: list[str] = []
    for number, check in enumerate(CHECKS, 1):
        if check.needs_labels and not study.data.test.has_labels:
            yield CheckResult(check.name, None, explanation=NO_LABELS, view=check.view)
            continue
        outcome = yield from check.find(study)
        yield finished(check, outcome, study, unmended)
        if outcome.mended:
            mended = outcome.mended
            study = mended.with_mended(mended=(*study.mended, number))
        elif outcome.passed is False:
            unmended.append(check.name)


def finished(check: Check, outcome: Outcome, study: Study, unmended: list[str]) -> CheckResult:
    """Return the CheckResult of a check's Outcome."""
    cause = next((name for name in check.causes if name in unmended), "") if outcome.passed is False else ""
    explanation = outcome.explanation
    if study.mended and outcome.passed is not None:
        lines = " and ".join(map(str, study.mended))
        explanation += f" (with line{'s' * (len(study.mended) > 1)} {lines} mended)"
    return CheckResult(check.name, outcome.passed, outcome.figure, explanation, outcome.remedy, outcome.details,
                       check.view, cause, None if study.mended else outcome.gain)
