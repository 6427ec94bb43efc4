"""How numbers of any size are written: to so many figures, and with as many as it takes to come out as printed."""

import math

from neuralscope.formatting import MINUS, number

DEFAULT_FIGURES, MAX_FIGURES = 3, 17
SMALLEST_PLAIN, LARGEST_PLAIN = 0.001, 10_000  # between which a number is written without its power of ten


def significant(value, figures=DEFAULT_FIGURES):
    """Write a number to so many figures, as 0.0213 or −1.20e−5; whole numbers below 1,000, and only they, as such."""
    value = float(value)
    if value == round(value) and abs(value) < 1000:
        return number(value, 0)
    for more in range(figures, MAX_FIGURES + 1):
        text = write_figures(value, more)
        if parse_written(text) != round(parse_written(text)) or abs(value) >= 1000:
            break
    return text


def write_figures(value, figures):
    """Write a number to so many figures."""
    if SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        return number(value, max(0, figures - 1 - math.floor(math.log10(abs(value)))))
    mantissa, power = f"{value:.{figures - 1}e}".split("e")
    return f"{mantissa}e{int(power)}".replace("-", MINUS)


def parse_written(text):
    """Return the number that was written."""
    return float(text.replace(MINUS, "-"))


def consistent_texts(combine, *values):
    """Write ``values``, and last what ``combine`` makes of them, so that it comes out of the others as printed."""
    result = significant(combine(*values))
    for figures in range(DEFAULT_FIGURES, MAX_FIGURES + 1):
        texts = [significant(value, figures) for value in values]
        if significant(combine(*map(parse_written, texts))) == result:
            break
    return *texts, result


def addend(text):
    """Write the second part of a sum with its sign parted from it."""
    return f"{MINUS} {text[1:]}" if text.startswith(MINUS) else f"+ {text}"


def with_sign(text):
    """Put the sign before a written number, plus included; 0 has none."""
    return text if text.startswith(MINUS) or text == "0" else f"+{text}"
