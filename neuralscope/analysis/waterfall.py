"""An Attribution as the steps of a waterfall, in the figures that are printed: they add up to the printed total."""

from dataclasses import dataclass

import numpy as np

from neuralscope.analysis.attribution import Attribution

BIAS_KIND, NEURON_KIND, OTHERS_KIND = "bias", "neuron", "others"
ROUNDING_KIND, RAISING_KIND, LOWERING_KIND = "rounding", "raising", "lowering"


@dataclass(frozen=True)
class WaterfallStep:
    """One step: a ``contribution`` as printed, two decimals, and the ``total`` after it; ``neuron``: its number."""

    kind: str
    contribution: float
    total: float
    neuron: int = -1


def printed_total(scores: np.ndarray, selected_class: int, contrast_class: int | None) -> float:
    """Return the score of a class as printed, or the difference of two: of what is printed, so that it adds up."""
    return round(float(scores[selected_class]), 2) - (
        0 if contrast_class is None else round(float(scores[contrast_class]), 2)
    )


def waterfall(attribution: Attribution, total: float, shown: int) -> list[WaterfallStep]:
    """Return the steps from 0 to ``total``: the bias, the ``shown`` largest contributions, all others as one.

    Contributions for the class come first, the largest first, then those against it. Bias and neurons are rounded each
    by itself, as anyone who looks them up finds them; the others take what rounding leaves over, and where there are no
    others, a step of its own.
    """
    contributions = attribution.contributions
    sizes = np.nan_to_num(np.abs(contributions), nan=np.inf)  # what is no number comes first: it makes the total none
    strongest = np.argsort(-sizes, kind="stable")[:shown]
    largest = sorted((int(neuron) for neuron in strongest if contributions[neuron]), key=lambda neuron: (
        contributions[neuron] < 0, -abs(contributions[neuron])))
    rows = [(BIAS_KIND, attribution.bias, -1), *((NEURON_KIND, contributions[neuron], neuron) for neuron in largest)]
    steps, sofar = [], 0.0
    for kind, contribution, neuron in rows:
        sofar = round(sofar + round(float(contribution), 2), 2)
        steps.append(WaterfallStep(kind, round(float(contribution), 2), sofar, neuron))
    rest, over = np.count_nonzero(contributions) > len(largest), round(total - sofar, 2)
    if rest or over:
        steps.append(WaterfallStep(OTHERS_KIND if rest else ROUNDING_KIND, over, round(total, 2)))
    return steps


def side_steps(attribution: Attribution) -> list[WaterfallStep]:
    """Return the steps from 0 to the attribution's total: the bias, all that raises it, all that lowers it.

    Each is rounded by itself but the larger side, which takes what rounding leaves over.
    """
    contributions = attribution.contributions.astype(np.float64)
    total, bias = round(attribution.total, 2), round(attribution.bias, 2)
    raised, lowered = (round(float(contributions[side].sum()), 2) for side in (contributions > 0, contributions < 0))
    if raised > -lowered:
        raised = round(total - bias - lowered, 2)
    elif lowered:
        lowered = round(total - bias - raised, 2)
    return [
        WaterfallStep(BIAS_KIND, bias, bias),
        WaterfallStep(RAISING_KIND, raised, round(bias + raised, 2)),
        WaterfallStep(LOWERING_KIND, lowered, total),
    ]
