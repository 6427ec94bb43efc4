"""What the screen says of each loss and of each slope, with the numbers put in: formulas that come out as printed."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neuralscope.visualizer.drawing.formula import Formula, Word
from neuralscope.visualizer.widgets.significant import consistent_texts, significant

SMALLEST_OUTPUT = float(np.finfo(np.float64).tiny)  # what `cross_entropy_formula` takes an output for that is smaller


@dataclass(frozen=True)
class LossText:
    """How a head's loss is told.

    ``loss(outputs, target)`` and ``delta(output, wanted)`` return a `Formula`; ``loss_wordings`` and ``formula`` are
    wordings, longest first, of what the loss and an output's delta are.
    """

    loss: Callable
    loss_wordings: tuple
    delta: Callable
    formula: tuple


def cross_entropy_formula(outputs, target):
    """Tell the loss of a probability."""
    def loss(output):
        return -math.log(max(output, SMALLEST_OUTPUT))

    probability, result = consistent_texts(loss, max(outputs[target], SMALLEST_OUTPUT))
    return Formula((f"−log({probability})",), "=", result, loss(outputs[target]))


def squared_error_formula(outputs, target):
    """Tell half the squared error of the target's output, which should be 1, and of all others, which should be 0."""
    def loss(output, others):
        return ((output - 1) ** 2 + others) / 2

    squares = float(np.square(np.delete(outputs, target)).sum())
    output, rest, result = consistent_texts(loss, outputs[target], squares)
    terms = f"(({output} − 1)² + {rest}", Word("all others", in_brackets=True), ") / 2"
    return Formula(terms, "=", result, loss(outputs[target], squares))


def softmax_delta_formula(output, wanted):
    """Tell how far a probability is from what it should be."""
    text, result = consistent_texts(lambda figure: figure - wanted, output)
    return Formula((f"{text} − {wanted}",), "=", result, output - wanted)


def sigmoid_delta_formula(output, wanted):
    """Tell how far an output is from what it should be, times the sigmoid's slope."""
    def delta(figure):
        return (figure - wanted) * figure * (1 - figure)

    text, result = consistent_texts(delta, output)
    return Formula((f"({text} − {wanted}) × {text} × (1 − {text})",), "=", result, delta(output))


def sigmoid_slope_text(value, slope):
    """Tell the sigmoid's slope from its value."""
    text, result = consistent_texts(lambda figure: figure * (1 - figure), value)
    return f"{text} × (1 − {text}) = {result}"


def tanh_slope_text(value, slope):
    """Tell tanh's slope from its value."""
    text, result = consistent_texts(lambda figure: 1 - figure**2, value)
    return f"1 − ({text})² = {result}" if value < 0 else f"1 − {text}² = {result}"


def elu_slope_text(value, slope):
    """Tell elu's slope from its value."""
    if value >= 0:
        return "1 (above 0)"
    text, result = consistent_texts(lambda figure: figure + 1, value)
    return f"{text} + 1 = {result}"


def softplus_slope_text(value, slope):
    """Tell softplus's slope from its value."""
    text, result = consistent_texts(lambda figure: -math.expm1(-figure), value)
    return f"1 − e^−{text} = {result}"


class SlopeTexts(dict):
    """How the slope of each activation is told, by its name; of one without a row the slope alone."""

    def __missing__(self, name):
        return lambda value, slope: significant(slope)


# By the names that the tables in network.functions give them.
LOSS_TEXTS = {
    "softmax": LossText(
        cross_entropy_formula,
        ("−log(probability of the target): 0 only for certainty", "−log(probability of the target)",
         "−log(probability)"),
        softmax_delta_formula,
        ("error = probability − target, which is 1 for {0} and else 0", "error = probability − target")),
    "sigmoid": LossText(
        squared_error_formula, ("half of all squared differences to the target", "half the squared errors"),
        sigmoid_delta_formula, ("error = (output − target) × slope of the sigmoid", "(output − target) × slope")),
}
SLOPE_TEXTS = SlopeTexts({
    "relu": lambda value, slope: "1 (it fires)" if slope else "0 (it does not fire: nothing goes through)",
    "leaky-relu": lambda value, slope: "1 (above 0)" if slope == 1 else f"{significant(slope)} (at or below 0)",
    "sigmoid": sigmoid_slope_text,
    "tanh": tanh_slope_text,
    "identity": lambda value, slope: "1, whatever the sum",
    "elu": elu_slope_text,
    "softplus": softplus_slope_text,
})
