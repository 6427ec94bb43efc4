"""What the screen says of each activation and of each head: the formula, with the numbers in it, and what to count."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neuralscope.formatting import argument, equals, fraction, number, percent, places, quotient, thousands

UNIT = 3  # decimals of what lies between -1 and 1
LARGEST, SMALLEST = 16, -99  # scores between which e^score can be read and computed


@dataclass(frozen=True)
class ActivationWords:
    """How the values of a hidden layer are told.

    ``signed``: whether they may be negative, and the map has zero in its middle. ``count(values)`` returns wordings,
    longest first, that say how many neurons did what. ``account(total, value)`` returns, of a neuron's sum and what
    the function made of it: words, figures that come out as printed, and the decimals of the value in them.
    ``formula``: wordings, longest first, of what the function does. ``passes``: what it does to a sum that the figures
    leave as it is. ``write`` prints a value.
    """

    signed: bool
    count: Callable
    account: Callable
    formula: tuple
    passes: str = ""
    write: Callable = number

    def equation(self, total, value):
        """Return figures that come out as the value printed, from the sum printed."""
        figures = self.account(total, value)[1]
        return figures if any(sign in figures for sign in "=<>") else f"{self.passes.format(number(total))} = {figures}"


@dataclass(frozen=True)
class HeadWords:
    """How the outputs are told.

    ``name``: what an output is. ``write(output)`` prints one. ``formula``: wordings, longest first.
    ``account(scores, row, result)`` returns figures that come out as ``result``, the printed output, and a remark;
    ``from_score(scores, row, result)`` such figures that begin with the score itself, words in braces.
    """

    name: str
    write: Callable
    formula: tuple
    account: Callable
    from_score: Callable


def sigmoid(value):
    """Return ``1 / (1 + e^-value)`` of any number."""
    return (1 + math.tanh(value / 2)) / 2


def over(exponent, decimals):
    """Write the sigmoid of minus ``exponent``."""
    return f"1 / (1 + e^{number(exponent, decimals)})"


def count_firing(values):
    """Say how many fire and how many stay at 0."""
    fire = int(np.count_nonzero(values > 0))
    return f"{thousands(fire)} fire, {thousands(len(values) - fire)} stay at 0", f"{thousands(fire)} fire"


def count_leaking(values):
    """Say how many fire and how many are a little below 0."""
    fire, leak = int(np.count_nonzero(values > 0)), int(np.count_nonzero(values < 0))
    return (f"{thousands(fire)} fire, {thousands(leak)} leak below 0{at_zero(values)}",
            f"{thousands(fire)} fire, {thousands(leak)} leak", f"{thousands(fire)} fire")


def count_high(values):
    """Say how many are in the upper half of 0 to 1."""
    high = thousands(int(np.count_nonzero(values > 0.5)))
    low = thousands(int(np.count_nonzero(values <= 0.5)))
    return f"{high} above 0.5, {low} at or below it", f"{high} above 0.5", f"{high} > 0.5"


def count_signs(values):
    """Say how many are above 0 and how many below."""
    above, below = (thousands(int(np.count_nonzero(side))) for side in (values > 0, values < 0))
    return f"{above} above 0, {below} below{at_zero(values)}", f"{above} above 0", f"{above} > 0"


def at_zero(values):
    """Say how many are exactly 0, if any."""
    count = int(np.count_nonzero(values == 0))
    return f", {thousands(count)} at 0" if count else ""


def account_relu(total, value):
    """Tell what a neuron fires."""
    return "fires", number(value), 2


def account_leaky_relu(total, value):
    """Tell what a neuron fires, or which share of a negative sum it lets through."""
    if value >= 0:
        return account_relu(total, value)
    decimals, share = places(total), round(value / total, 2)
    result = number(share * round(total, decimals), decimals + 2)
    return "leaks", f"{number(share)} × {number(total, decimals)} = {result}", decimals + 2


def account_sigmoid(total, value):
    """Tell a neuron's sigmoid."""
    return "sigmoid gives", *unit_account(total, value, sigmoid, lambda at, decimals: over(-at, decimals))


def account_tanh(total, value):
    """Tell a neuron's hyperbolic tangent."""
    return "gives", *unit_account(total, value, math.tanh, lambda at, decimals: f"tanh({number(at, decimals)})")


def unit_account(total, value, function, write):
    """Return the figures of a function that stays between -1 and 1, and the decimals that tell its value from these."""
    result = fraction(value) if value else number(0, UNIT)  # float32 has an exact 0 where the formula has none
    at, decimals = argument(total, lambda rounded: fraction(function(rounded)), result)
    return f"{write(at, decimals)} {equals(result)}", places(value, UNIT, besides=(0, 1))


def account_softmax_output(scores, row, result):
    """Divide one e^score by the sum of all, the largest score taken off each: no ratio changes, nothing overflows."""
    top = float(scores.max())
    parts = np.exp(scores - top)
    remark = f"each e^(score − {number(top)})" if top >= 0 else f"each e^(score + {number(-top)})"
    return f"{quotient(parts[row], parts.sum(), result)} {equals(result)}", remark


def softmax_from_score(scores, row, result):
    """Divide e^score by itself and what the others have, or where these are too large to be read, as the account does.
    """
    if scores.max() > LARGEST or scores[row] < SMALLEST:
        figures, remark = account_softmax_output(scores, row, result)
        relation = figures.rfind(equals(result))
        return f"{figures[:relation]}{{{remark}}} {figures[relation:]}"
    others = float(np.exp(np.delete(scores, row)).sum())
    for decimals in range(2, 9):
        own, rest = round(float(scores[row]), decimals), round(others, decimals)
        if percent(1 / (1 + rest * math.exp(-own))) == result:
            break
    power = f"e^{number(own, decimals)}"
    return f"{power} / ({power} + {number(rest, decimals)} {{all others}}) {equals(result)}"


def sigmoid_from_score(scores, row, result):
    """Tell the sigmoid of the row's score."""
    return account_sigmoid_output(scores, row, result)[0]


def account_sigmoid_output(scores, row, result):
    """Tell the sigmoid of the row's score."""
    at, decimals = argument(float(scores[row]), lambda rounded: fraction(sigmoid(rounded)), result)
    return f"{over(-at, decimals)} {equals(result)}", "whatever the others are"


# By the names that the tables in network.functions give them.
ACTIVATIONS = {
    "relu": ActivationWords(False, count_firing, account_relu, (
        "keep what is above 0, else 0: so strongly the neuron fires", "keep what is above 0, else 0"),
        "max(0, {0})"),
    "leaky-relu": ActivationWords(True, count_leaking, account_leaky_relu, (
        "keep what is above 0, and a hundredth of what is below", "a hundredth of what is below 0"),
        "max({0}, 0.01 × {0})"),
    "sigmoid": ActivationWords(False, count_high, account_sigmoid, (
        "1 / (1 + e^(−sum)): the sum squeezed between 0 and 1", "1 / (1 + e^(−sum))"),
        write=fraction),
    "tanh": ActivationWords(True, count_signs, account_tanh, (
        "tanh(sum): the sum squeezed between −1 and 1", "tanh(sum)"), write=fraction),
}
HEADS = {
    "softmax": HeadWords("probability", percent, ("probability = e^score / the sum of all e^score",
                                                  "e^score / sum of all e^score"), account_softmax_output,
                           softmax_from_score),
    "sigmoid": HeadWords("output", fraction, ("output = 1 / (1 + e^(−score)), each on its own",
                                              "output = 1 / (1 + e^(−score))"), account_sigmoid_output,
                           sigmoid_from_score),
}
