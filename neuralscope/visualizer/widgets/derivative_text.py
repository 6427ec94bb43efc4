"""What the screen says of each loss and of each slope, with the numbers put in: the formulas of the way back.

Figures come out as printed; words in them stand in braces.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neuralscope.visualizer.widgets.significant import settled, significant

TINY = float(np.finfo(np.float64).tiny)  # what `cross_entropy` takes an output for that is smaller


@dataclass(frozen=True)
class HeadWords:
    """How a head's loss is told.

    ``loss(outputs, target)`` and ``error(output, wanted)`` return figures; ``told`` and ``formula`` are wordings,
    longest first, of what the loss and an error are.
    """

    loss: Callable
    told: tuple
    error: Callable
    formula: tuple


def cross_entropy(outputs, target):
    """Tell the loss of a probability."""
    probability, result = settled(lambda output: -math.log(max(output, TINY)), max(outputs[target], TINY))
    return f"−log({probability}) = {result}"


def squared_error(outputs, target):
    """Tell half the squared error of the target's output, which should be 1, and of all others, which should be 0."""
    rest = float(np.square(np.delete(outputs, target)).sum())
    output, rest, result = settled(lambda one, others: ((one - 1) ** 2 + others) / 2, outputs[target], rest)
    return f"(({output} − 1)² + {rest} {{all others}}) / 2 = {result}"


def softmax_error(output, wanted):
    """Tell how far a probability is from what it should be."""
    output, result = settled(lambda one: one - wanted, output)
    return f"{output} − {wanted} = {result}"


def sigmoid_error(output, wanted):
    """Tell how far an output is from what it should be, times the sigmoid's slope."""
    output, result = settled(lambda one: (one - wanted) * one * (1 - one), output)
    return f"({output} − {wanted}) × {output} × (1 − {output}) = {result}"


def sigmoid_slope(value, slope):
    """Tell the sigmoid's slope from its value."""
    value, result = settled(lambda one: one * (1 - one), value)
    return f"{value} × (1 − {value}) = {result}"


def tanh_slope(value, slope):
    """Tell tanh's slope from its value."""
    value, result = settled(lambda one: 1 - one**2, value)
    return f"1 − {value}² = {result}" if value[0] != "−" else f"1 − ({value})² = {result}"


# By the names that the tables in network.functions give them.
HEADS = {
    "softmax": HeadWords(cross_entropy, ("−log(probability of the target): 0 only for certainty",
                                         "−log(probability of the target)", "−log(probability)"),
                         softmax_error, ("error = probability − target, which is 1 for {0} and else 0",
                                         "error = probability − target")),
    "sigmoid": HeadWords(squared_error, ("half of all squared differences to the target", "half the squared errors"),
                         sigmoid_error, ("error = (output − target) × slope of the sigmoid",
                                         "(output − target) × slope")),
}
SLOPES = {
    "relu": lambda value, slope: "1 {it fires}" if slope else "0 {it does not fire: nothing goes through}",
    "leaky-relu": lambda value, slope: "1 {above 0}" if slope == 1 else f"{significant(slope)} {{at or below 0}}",
    "sigmoid": sigmoid_slope,
    "tanh": tanh_slope,
}
