"""How numbers, shares, names and long texts are written on the screen: the one place."""

import math
from decimal import Context

MINUS = "\N{MINUS SIGN}"


def number(value, decimals=2, signs=("", MINUS)):
    """Write ``value`` with a true minus sign; what rounds to zero has no sign. ``signs``: that of 0 and more, of less.

    What is no number is written NaN, what is infinite ∞.
    """
    size = abs(float(value))
    if not math.isfinite(size):
        return "NaN" if math.isnan(size) else f"{signs[bool(value < 0)]}∞"
    return f"{signs[bool(value < 0 and round(size, decimals))]}{size:.{decimals}f}"


def signed(value, decimals=2):
    """Write ``value`` with its sign, plus included."""
    return number(value, decimals, ("+", MINUS))


def sign_word(value):
    """Return "positive" or "negative", and "text" for what is no number: the role of the colour that it is written in.
    """
    return "negative" if value < 0 else "positive" if value >= 0 else "text"


def signed_addend(value):
    """Write the second part of a sum with its sign parted from it, as ``+ 3.26``."""
    return number(value, signs=("+ ", f"{MINUS} ")) if value == value else "+ NaN"


def to_figures(value, figures):
    """Return ``value`` rounded to so many figures, as a Decimal."""
    return Context(prec=figures).create_decimal(float(value))


def scientific(value, figures, *, short=False, minus=MINUS):
    """Write ``value`` to so many figures, as 1.50e−6, or with ``short`` without the last zeros of its figures."""
    rounded = to_figures(value, figures)
    if not rounded.is_finite():
        return number(value, signs=("", minus))
    exponent = rounded.adjusted()
    mantissa = abs(rounded).scaleb(-exponent)
    text = f"{float(mantissa):g}" if short else f"{mantissa:.{figures - 1}f}"
    return f"{minus if value < 0 else ''}{text}e{minus if exponent < 0 else ''}{abs(exponent)}"


def plain(value, minus=MINUS):
    """Write a number to four figures, with commas, as 1,000 or 0.0002, and beyond that as 1.5e−6."""
    if value and not 1e-4 <= abs(value) < 1e7:
        return scientific(value, 4, short=True, minus=minus)
    return f"{minus if value < 0 else ''}{abs(float(to_figures(value, 4))):,.10g}"


def short_size(value, decimals):
    """Write what is not below 0 to so many decimals; what is larger, or too small for them, in few characters."""
    if value >= 10:
        return plain(value) if value >= 1000 else number(value, 1)
    if value and value < 5 / 10**decimals:
        return plain(float(to_figures(value, 2)))
    return number(value, decimals)


def finite(value):
    """Return a number, and 0 in place of what is none or infinite: what has no bar and no place."""
    return value if math.isfinite(value) else 0.0


def thousands(count):
    """Write a whole number with commas, as 10,000."""
    return f"{MINUS if count < 0 else ''}{abs(count):,}"


def counted(count, noun, plural=None):
    """Write how many there are of what ``noun`` names, as 1 digit or 10,000 digits; ``plural``: where it is not + s."""
    return f"{thousands(count)} {noun if count == 1 else plural or noun + 's'}"


def there_are(count, noun):
    """Write that there are so many, as there is 1 digit; see `counted`."""
    return f"there {'is' if count == 1 else 'are'} {counted(count, noun)}"


def related_percent(part, total=1, decimals=1, *, certain=False, unit=" %"):
    """Return how a part of a total is to what is written of it in per cent, =, < or >, and that.

    Never 100 % or 0 %, for a softmax is never certain; where ``certain`` of all and of none, and of nothing a dash.
    """
    if certain and not total:
        return "=", "–"
    hundredths = 100 * float(part) / float(total)  # NumPy before 2 would compute as float32 otherwise
    if not math.isfinite(hundredths):
        return "=", number(hundredths)
    if certain and round(hundredths, 7) in (0, 100):
        return "=", f"{hundredths:.0f}{unit}"
    step, rounded = 10.0**-decimals, round(hundredths, decimals)
    if rounded <= 0:
        return "<", f"{step:.{decimals}f}{unit}"
    return (">", f"{100 - step:.{decimals}f}{unit}") if rounded >= 100 else ("=", f"{rounded:.{decimals}f}{unit}")


def percent(probability):
    """Write a probability in per cent, to one decimal; see `related_percent`."""
    return with_bound(*related_percent(probability))


def share(part, total, decimals=2):
    """Write ``part`` of ``total``, which are counts, in per cent; see `related_percent`."""
    return with_bound(*related_percent(part, total, decimals, certain=True))


def percent_interval(low, high):
    """Write the ends of an interval of a share, 0 to 1, in per cent, without the unit; see `related_percent`."""
    return tuple(with_bound(*related_percent(end, decimals=2, certain=True, unit="")) for end in (low, high))


def related_fraction(value):
    """Return how a value between -1 and 1 is to what is written of it, =, < or >, and that; see `bounded_fraction`."""
    if abs(value) >= 0.9995:
        return (">", "0.999") if value > 0 else ("<", f"{MINUS}0.999")
    if abs(value) < 0.0005:
        return (">", f"{MINUS}0.001") if value < 0 else ("<", "0.001")
    return "=", number(value, 3)


def bounded_fraction(value):
    """Write what lies between -1 and 1 with three decimals; never 0.000, 1.000 or -1.000, for no sigmoid gets there."""
    return with_bound(*related_fraction(value))


def with_bound(relation, figure):
    """Write a figure, after its relation where that is not equality."""
    return figure if relation == "=" else f"{relation} {figure}"


def decimals_needed(value, least=2, besides=(0,)):
    """Return how many decimals, ``least`` or more, it takes to print the size of ``value`` as none of ``besides``.

    Where it is one of them, or too close for eight decimals, they are ``least``.
    """
    return next((decimals for decimals in range(least, 9) if abs(round(value, decimals)) not in besides), least)


def score(value):
    """Write a score in six characters at most."""
    if abs(value) < 99.995:
        return number(value)
    if abs(value) < 9999.5:
        return number(value, 0)
    return scientific(value, 1)


def printed_remainder(total, *known):
    """Return the remainder that makes printed parts add up to the printed total, at two decimals.

    ``known`` are rounded by themselves, as they are printed; the remainder takes what rounding leaves over.
    """
    return round(total, 2) - sum(round(part, 2) for part in known)


def round_up(value):
    """Return the smallest of 1, 1.5, 2, ..., 10 times a power of ten that is at least ``value``; 1 for zero.

    It is the upper end of a colour key, so that the end is a number one can read.
    """
    if not 0 < value < math.inf:
        return 1.0
    step = 10.0 ** math.floor(math.log10(value)) / 2
    return math.ceil(round(value / step, 9)) * step


def key_end(value):
    """Write the upper end of a colour key, a round number."""
    if not 0.001 <= value < 10_000:
        return scientific(value, 2)
    return number(value, 1 if value >= 1 else 2 if value >= 0.1 else 3 if value >= 0.01 else 4)


def product_factors(first, second, decimals=2, result=None):
    """Write two factors, to as many figures as it takes that their product, as printed, is the true one's.

    ``decimals``: how many the first has at least; ``result``: how many the product is printed to (default: as many as
    `decimals_needed` says).
    """
    result = decimals_needed(first * second) if result is None else result
    for more in range(7):
        factors = round(first, decimals + more), round(second, 3 + more)
        if number(factors[0] * factors[1], result) == number(first * second, result):
            break
    return f"{number(factors[0], decimals + more)} × {number(factors[1], 3 + more)}"


def consistent_argument(value, printed, result):
    """Round ``value`` to as many decimals as it takes that ``printed`` of it is ``result``; return it and these."""
    for decimals in range(2, 9):
        rounded = round(value, decimals)
        if printed(rounded) == result:
            break
    return rounded, decimals


def quotient_terms(part, total, result):
    """Write a part of a total, to as many figures as it takes that their ratio, as printed, is ``result`` per cent."""
    for decimals in range(2, 9):
        if percent(round(part, decimals) / round(total, decimals)) == result:
            break
    return f"{number(part, decimals)} / {number(total, decimals)}"


def elided(text):
    """Yield ``text``, then with more and more of its middle left out, for what does not fit (the path of a file)."""
    yield text
    for keep in range(len(text) // 2 - 2, 3, -2):
        yield f"{text[:keep]} … {text[-keep:]}"


def truncated(text):
    """Yield ``text``, then with more and more of its end left out."""
    yield text
    for keep in range(len(text) - 1, 2, -1):
        yield f"{text[:keep]}…"


def sheet_shape(count):
    """Return ``(rows, columns)`` of a sheet for ``count`` neurons.

    The sides of ``count`` where they are near (none more than twice the other), so 256 is 16 x 16 and 128 is 8 x 16;
    else the smallest near-square that holds it, whose last cells stay empty.
    """
    for rows in range(math.isqrt(count), 0, -1):
        if count % rows == 0 and count // rows <= 2 * rows:
            return rows, count // rows
    columns = math.isqrt(count - 1) + 1
    return -(-count // columns), columns


def signed_count(difference):
    """Write by how many a count changes: with its sign, a plain 0 for none."""
    return f"+{thousands(difference)}" if difference > 0 else thousands(difference)


def difference_terms(minuend, subtrahend, result):
    """Write one number minus another, to as many figures as it takes to come out as ``result``, of two decimals."""
    for decimals in range(3, 9):
        if round(round(minuend, decimals) - round(subtrahend, decimals), 2) == result:
            break
    return f"{number(minuend, decimals)} {'+' if subtrahend < 0 else MINUS} {number(abs(subtrahend), decimals)}"


def pixel_name(row, column):
    """Name a pixel."""
    return f"pixel row {row}, column {column}"
