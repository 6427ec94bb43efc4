"""What the screen says of each activation and of each head: the formula, with the numbers in it, and what to count."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from neuralscope.formatting import (
    MINUS,
    bounded_fraction,
    consistent_argument,
    decimals_needed,
    number,
    percent,
    product_factors,
    quotient_terms,
    related_fraction,
    related_percent,
    thousands,
    with_bound,
)
from neuralscope.network.functions import ACTIVATIONS, gelu_tanh_gate, normal_share_below
from neuralscope.visualizer.drawing.formula import Formula, Word

AXIS_TICKS = 0, 0.25, 0.5, 0.75, 1
SAMPLE_SUMS = np.linspace(-20, 20, 401)  # where an activation is looked at for values below 0
UNIT_DECIMALS = 3  # decimals of what lies between -1 and 1
SOFTPLUS_START = math.log(2)  # softplus of 0
LARGEST_SCORE, SMALLEST_SCORE = 16, -99  # scores between which e^score can be read and computed


@dataclass(frozen=True)
class ActivationText:
    """How the values of a hidden layer are told.

    ``signed``: whether they may be negative, and the map has zero in its middle. ``count(values)`` returns wordings,
    longest first, that say how many neurons did what. ``describe(total, value)`` returns, of a neuron's sum and what
    the function made of it: words, a `Formula` that comes out as printed, and the decimals of the value in it.
    ``formula``: wordings, longest first, of what the function does. ``expression``: what it does to a sum where the
    `Formula` is the value alone. ``write`` prints a value.
    """

    signed: bool
    count: Callable
    describe: Callable
    formula: tuple
    expression: str = ""
    write: Callable = number

    def equation(self, total, value):
        """Return the `Formula` that comes out as the value printed, from the sum printed."""
        formula = self.describe(total, value)[1]
        return formula if formula.terms else Formula((self.expression.format(number(total)),), "=", formula.result)


@dataclass(frozen=True)
class OutputText:
    """How the outputs are told.

    ``name``: what an output is, ``plural``: what several are; ``ticks``: what the marks of an axis from 0 to 1 say, by
    where they are. ``related(output)`` returns how one is to what is written of it, =, < or >, and that. ``formula``:
    wordings, longest first. ``describe(scores, row, output)`` returns a `Formula` that comes out as ``output`` is
    printed, and a remark; ``from_score(scores, row, output)`` such a `Formula` that begins with the score itself.
    """

    name: str
    plural: str
    ticks: dict
    related: Callable
    formula: tuple
    describe: Callable
    from_score: Callable

    def write(self, output):
        """Write an output."""
        return with_bound(*self.related(output))

    def is_least(self, output):
        """Say whether an output is too small to be told from 0."""
        return self.related(output)[0] == "<"


def scalar_sigmoid(value):
    """Return ``1 / (1 + e^-value)`` of any number."""
    return (1 + math.tanh(value / 2)) / 2


def reciprocal_figures(exponent, decimals):
    """Write the sigmoid of minus ``exponent``."""
    return f"1 / (1 + e^{number(exponent, decimals)})"


def count_firing(values):
    """Say how many fire and how many stay at 0."""
    fire = int(np.count_nonzero(values > 0))
    return f"{thousands(fire)} fire, {thousands(len(values) - fire)} stay at 0", f"{thousands(fire)} fire"


def count_leaking(values):
    """Say how many fire and how many are a little below 0."""
    fire, leak = int(np.count_nonzero(values > 0)), int(np.count_nonzero(values < 0))
    return (f"{thousands(fire)} fire, {thousands(leak)} leak below 0{zero_count_text(values)}",
            f"{thousands(fire)} fire, {thousands(leak)} leak", f"{thousands(fire)} fire")


def count_high(values):
    """Say how many are in the upper half of 0 to 1."""
    high = thousands(int(np.count_nonzero(values > 0.5)))
    low = thousands(int(np.count_nonzero(values <= 0.5)))
    return f"{high} above 0.5, {low} at or below it", f"{high} above 0.5", f"{high} > 0.5"


def count_above_start(values):
    """Say how many are above what softplus gives for a sum of 0."""
    above = thousands(int(np.count_nonzero(values > SOFTPLUS_START)))
    below = thousands(int(np.count_nonzero(values <= SOFTPLUS_START)))
    start = number(SOFTPLUS_START)
    return f"{above} above {start} = log 2, {below} at or below it", f"{above} above {start}", f"{above} > {start}"


def count_signs(values):
    """Say how many are above 0 and how many below."""
    above, below = (thousands(int(np.count_nonzero(side))) for side in (values > 0, values < 0))
    return f"{above} above 0, {below} below{zero_count_text(values)}", f"{above} above 0", f"{above} > 0"


def zero_count_text(values):
    """Say how many are exactly 0, if any."""
    count = int(np.count_nonzero(values == 0))
    return f", {thousands(count)} at 0" if count else ""


def describe_relu(total, value):
    """Tell what a neuron fires."""
    return "fires", Formula(result=number(value)), 2


def describe_leaky_relu(total, value):
    """Tell what a neuron fires, or which share of a negative sum it lets through."""
    if value >= 0:
        return describe_relu(total, value)
    decimals, share = decimals_needed(total), round(value / total, 2)
    result = number(share * round(total, decimals), decimals + 2)
    return "leaks", Formula((f"{number(share)} × {number(total, decimals)}",), "=", result), decimals + 2


def describe_sigmoid(total, value):
    """Tell a neuron's sigmoid."""
    return "sigmoid gives", *describe_bounded(
        total, value, scalar_sigmoid, lambda at, decimals: reciprocal_figures(-at, decimals))


def describe_tanh(total, value):
    """Tell a neuron's hyperbolic tangent."""
    return "gives", *describe_bounded(total, value, math.tanh, lambda at, decimals: f"tanh({number(at, decimals)})")


def describe_identity(total, value):
    """Tell the sum itself."""
    decimals = decimals_needed(value)
    return "gives", Formula((f"1 × {number(total, decimals)}",), "=", number(value, decimals)), decimals


def describe_elu(total, value):
    """Tell what a neuron fires, or how far below 0 a negative sum leads."""
    if value >= 0:
        return describe_relu(total, value)
    return "gives", *describe_plain(total, value, math.expm1, lambda at: f"e^{at} {MINUS} 1", besides=(0, 1))


def describe_silu(total, value):
    """Tell the sum times its own sigmoid."""
    if total < -LARGEST_SCORE:  # whose power no one can read
        return "gives", *describe_plain(total, value, lambda at: at * scalar_sigmoid(at),
                                        lambda at: f"{at} × e^{at} / (1 + e^{at})")
    return "gives", *describe_plain(total, value, lambda at: at * scalar_sigmoid(at),
                                    lambda at: f"{at} / (1 + e^{opposite(at)})")


def describe_softplus(total, value):
    """Tell the logarithm that bends softly where relu has its corner."""
    def softplus(at):
        return max(at, 0) + math.log1p(math.exp(-abs(at)))

    if total > LARGEST_SCORE:
        return "gives", *describe_plain(total, value, softplus, lambda at: f"{at} + log(1 + e^{opposite(at)})")
    return "gives", *describe_plain(total, value, softplus, lambda at: f"log(1 + e^{at})")


def describe_plain(total, value, function, write, besides=(0,)):
    """Return the `Formula` of a function of the sum, and the decimals that tell its value from those ``besides``.

    ``write`` makes its terms of the sum as it is written.
    """
    decimals = decimals_needed(value, besides=besides)
    result = number(value, decimals)
    at, digits = consistent_argument(total, lambda rounded: number(function(rounded), decimals), result)
    return Formula((write(number(at, digits)),), "=", result), decimals


def opposite(text):
    """Write the opposite of a number as it is written."""
    return text[1:] if text[0] == MINUS else MINUS + text


def describe_gated(gate):
    """Return the `describe` of what takes a sum times a share of 0 to 1 that ``gate`` returns of it."""
    def describe(total, value):
        share, decimals = float(gate(np.array([total]))[0]), decimals_needed(value)
        return "gives", Formula((product_factors(total, share, result=decimals),), "=",
                                number(value, decimals)), decimals

    return describe


def describe_by_name(name):
    """Return the `describe` of an activation that has no words of its own: its name stands for its formula."""
    def describe(total, value):
        def printed(at):
            return number(float(ACTIVATIONS[name].value(np.array([at]))[0]))

        at, decimals = consistent_argument(total, printed, number(value))
        return "gives", Formula((f"{name}({number(at, decimals)})",), "=", number(value)), 2

    return describe


class ActivationTexts(dict):
    """The ActivationText of each activation by its name; one without a row is told by its name."""

    def __missing__(self, name):
        signed = bool((ACTIVATIONS[name].value(SAMPLE_SUMS) < 0).any())
        return ActivationText(signed, count_signs, describe_by_name(name), (f"{name}(sum)",))


def describe_bounded(total, value, function, write):
    """Return the `Formula` of a function between -1 and 1, and the decimals that tell its value from these."""
    # float32 has an exact 0 where the formula has none
    result = related_fraction(value) if value else ("=", number(0, UNIT_DECIMALS))
    at, decimals = consistent_argument(total, lambda rounded: related_fraction(function(rounded)), result)
    return Formula((write(at, decimals),), *result), decimals_needed(value, UNIT_DECIMALS, besides=(0, 1))


def no_output(output):
    """Return the `Formula` of an output that is no number, and why it is none."""
    return Formula(result=number(output)), "for a score is no finite number"


def describe_softmax_output(scores, row, output):
    """Divide one e^score by the sum of all, the largest score taken off each: no ratio changes, nothing overflows."""
    if not math.isfinite(output):
        return no_output(output)
    top = float(scores.max())
    parts = np.exp(scores - top)
    remark = f"each e^(score − {number(top)})" if top >= 0 else f"each e^(score + {number(-top)})"
    return Formula((quotient_terms(parts[row], parts.sum(), percent(output)),), *related_percent(output)), remark


def softmax_from_score(scores, row, output):
    """Divide e^score by itself and what the others have; where these are too large to be read, each without the top."""
    if not math.isfinite(output):
        return no_output(output)[0]
    if scores.max() > LARGEST_SCORE or scores[row] < SMALLEST_SCORE:
        formula, remark = describe_softmax_output(scores, row, output)
        return replace(formula, terms=(*formula.terms, Word(remark)))
    others, result = float(np.exp(np.delete(scores, row)).sum()), related_percent(output)
    for decimals in range(2, 9):
        score, rest = round(float(scores[row]), decimals), round(others, decimals)
        if related_percent(1 / (1 + rest * math.exp(-score))) == result:
            break
    power = f"e^{number(score, decimals)}"
    terms = f"{power} / ({power} + {number(rest, decimals)}", Word("all others", in_brackets=True), ")"
    return Formula(terms, *result)


def sigmoid_from_score(scores, row, output):
    """Tell the sigmoid of the row's score."""
    return describe_sigmoid_output(scores, row, output)[0]


def describe_sigmoid_output(scores, row, output):
    """Tell the sigmoid of the row's score."""
    if not math.isfinite(output):
        return no_output(output)
    result = related_fraction(output)
    at, decimals = consistent_argument(
        float(scores[row]), lambda rounded: related_fraction(scalar_sigmoid(rounded)), result)
    return Formula((reciprocal_figures(-at, decimals),), *result), "whatever the others are"


# By the names that the tables in network.functions give them.
ACTIVATION_TEXTS = ActivationTexts({
    "relu": ActivationText(False, count_firing, describe_relu, (
        "keep what is above 0, else 0: so strongly the neuron fires", "keep what is above 0, else 0"),
        "max(0, {0})"),
    "leaky-relu": ActivationText(True, count_leaking, describe_leaky_relu, (
        "keep what is above 0, and a hundredth of what is below", "a hundredth of what is below 0"),
        "max({0}, 0.01 × {0})"),
    "sigmoid": ActivationText(False, count_high, describe_sigmoid, (
        "1 / (1 + e^(−sum)): the sum squeezed between 0 and 1", "1 / (1 + e^(−sum))"),
        write=bounded_fraction),
    "tanh": ActivationText(True, count_signs, describe_tanh, (
        "tanh(sum): the sum squeezed between −1 and 1", "tanh(sum)"), write=bounded_fraction),
    "identity": ActivationText(True, count_signs, describe_identity, (
        "the sum itself: the next layer could do this one's work too", "the sum itself")),
    "gelu": ActivationText(True, count_signs, describe_gated(normal_share_below), (
        "sum × the share of a normal distribution that lies below it", "sum × normal share below it")),
    "gelu-tanh": ActivationText(True, count_signs, describe_gated(gelu_tanh_gate), (
        "sum × (1 + tanh(√(2/π) (sum + 0.0447 sum³))) / 2: nearly gelu", "nearly gelu, by tanh")),
    "elu": ActivationText(True, count_signs, describe_elu, (
        "keep what is above 0, and e^sum − 1 of what is below", "below 0: e^sum − 1"), "{0}"),
    "silu": ActivationText(True, count_signs, describe_silu, (
        "sum / (1 + e^(−sum)): the sum times its own sigmoid", "sum / (1 + e^(−sum))")),
    "softplus": ActivationText(False, count_above_start, describe_softplus, (
        "log(1 + e^sum): never 0, and bent softly where relu has its corner", "log(1 + e^sum)")),
})
OUTPUT_TEXTS = {
    "softmax": OutputText(
        "probability", "probabilities", {share: f"{100 * share:.0f} %" for share in AXIS_TICKS}, related_percent,
        ("probability = e^score / the sum of all e^score", "e^score / sum of all e^score"),
        describe_softmax_output, softmax_from_score),
    "sigmoid": OutputText(
        "output", "outputs", {share: str(share) for share in AXIS_TICKS}, related_fraction,
        ("output = 1 / (1 + e^(−score)), each on its own", "output = 1 / (1 + e^(−score))"),
        describe_sigmoid_output, sigmoid_from_score),
}
