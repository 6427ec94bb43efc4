"""A ledger as the steps of a waterfall, in the figures that are printed: they add up to the printed total."""

from dataclasses import dataclass

import numpy as np

BIAS, NEURON, OTHERS, ROUNDING, RAISING, LOWERING = "bias", "neuron", "others", "rounding", "raising", "lowering"


@dataclass(frozen=True)
class Step:
    """One step: a ``push`` as printed, two decimals, and the ``total`` after it; ``neuron``: of that kind, which."""

    kind: str
    push: float
    total: float
    neuron: int = -1


def printed_total(scores, chosen, versus):
    """Return the score of a class as printed, or the difference of two: of what is printed, so that it adds up."""
    return round(float(scores[chosen]), 2) - (0 if versus is None else round(float(scores[versus]), 2))


def waterfall(ledger, total, shown):
    """Return the steps from 0 to ``total``: the bias, the ``shown`` largest pushes, all others as one.

    Pushes for the class come first, the largest first, then those against it. Bias and neurons are rounded each by
    itself, as anyone who looks them up finds them; the others take what rounding leaves over, and where there are none
    that push, a step of its own.
    """
    pushes = ledger.pushes
    largest = np.argsort(-np.abs(pushes), kind="stable")[:shown]
    largest = sorted((int(neuron) for neuron in largest if pushes[neuron]), key=lambda one: (
        pushes[one] < 0, -abs(pushes[one])))
    rows = [(BIAS, ledger.bias, -1), *((NEURON, pushes[neuron], neuron) for neuron in largest)]
    steps, sofar = [], 0.0
    for kind, push, neuron in rows:
        sofar = round(sofar + round(float(push), 2), 2)
        steps.append(Step(kind, round(float(push), 2), sofar, neuron))
    rest, over = np.count_nonzero(pushes) > len(largest), round(total - sofar, 2)
    if rest or over:
        steps.append(Step(OTHERS if rest else ROUNDING, over, round(total, 2)))
    return steps


def sides(ledger):
    """Return the steps from 0 to the ledger's total: the bias, all that raises it, all that lowers it.

    Each is rounded by itself but the larger side, which takes what rounding leaves over.
    """
    pushes = ledger.pushes.astype(np.float64)
    total, bias = round(ledger.total, 2), round(ledger.bias, 2)
    raised, lowered = (round(float(pushes[side].sum()), 2) for side in (pushes > 0, pushes < 0))
    if raised > -lowered:
        raised = round(total - bias - lowered, 2)
    elif lowered:
        lowered = round(total - bias - raised, 2)
    return [Step(BIAS, bias, bias), Step(RAISING, raised, round(bias + raised, 2)), Step(LOWERING, lowered, total)]
