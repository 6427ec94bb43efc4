"""How numbers of any size are written: to so many figures, and with as many as it takes to come out as printed."""

import math

from neuralscope.formatting import number, scientific, to_figures

DEFAULT_FIGURES, MAX_FIGURES = 3, 17
SMALLEST_PLAIN, LARGEST_PLAIN = 0.001, 10_000  # between which a number is written without its power of ten


def significant(value, figures=DEFAULT_FIGURES):
    """Write a number to so many figures, as 0.0213 or −1.20e−5; whole numbers below 1,000, and only they, as such."""
    return with_printed(value, figures)[0]


def signed_significant(value):
    """Write a number to three figures with its sign, plus included; 0 has none."""
    return "+" * bool(value > 0) + significant(value)


def with_printed(value, figures):
    """Return what `significant` writes of a number, and the number that this says."""
    value = float(value)
    if not math.isfinite(value):
        return number(value), value
    if value == round(value) and abs(value) < 1000:
        return number(value, 0), value
    for more in range(figures, MAX_FIGURES + 1):
        text, printed = write_figures(value, more)
        if printed != round(printed) or abs(value) >= 1000:
            break
    return text, printed


def write_figures(value, figures):
    """Write a number to so many figures; return that, and the number that it says."""
    if SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        decimals = max(0, figures - 1 - math.floor(math.log10(abs(value))))
        return number(value, decimals), round(value, decimals)
    return scientific(value, figures), float(to_figures(value, figures))


def consistent_texts(combine, *values):
    """Write ``values``, and last what ``combine`` makes of them, so that it comes out of the others as printed."""
    result = significant(combine(*values))
    for figures in range(DEFAULT_FIGURES, MAX_FIGURES + 1):
        texts, printed = zip(*(with_printed(value, figures) for value in values), strict=True)
        if significant(combine(*printed)) == result:
            break
    return *texts, result
