"""How numbers are written on the screen."""

from itertools import pairwise

import numpy as np
import pytest

from neuralscope import formatting


@pytest.mark.parametrize(("value", "text"), [
    (3.456, "3.46"), (-3.456, "−3.46"), (-0.001, "0.00"), (0.0, "0.00"), (1234.5, "1234.50")])
def test_numbers_have_a_true_minus_and_zero_has_none(value, text):
    assert formatting.number(value) == text


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (1000, "1,000"), (1e-6, "1e−6"), (-1.5e-7, "−1.5e−7"), (0.002, "0.002"), (1e-4, "0.0001"),
    (123456.0, "123,500"), (2e9, "2e9"), (0.1 + 0.2, "0.3")])
def test_plain_numbers_have_no_hyphen_and_have_commas(value, text):
    assert formatting.plain(value) == text


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0.000"), (0.1234, "0.123"), (0.005, "0.005"), (0.00042, "0.00042"), (4.21e-5, "4.2e−5"), (12.34, "12.3"),
    (4321.0, "4,321")])
def test_what_is_not_zero_is_not_written_as_zero(value, text):
    assert formatting.short_size(value, 3) == text


@pytest.mark.parametrize(("value", "text"), [(0.8, "+0.80"), (-0.8, "−0.80"), (-0.001, "+0.00")])
def test_signed_numbers_always_show_their_sign(value, text):
    assert formatting.signed(value) == text


@pytest.mark.parametrize(("share", "text"), [
    (0.98765, "98.8 %"), (0.9996, "> 99.9 %"), (0.99949, "99.9 %"), (0.0004, "< 0.1 %"), (0.0006, "0.1 %"),
    (1e-30, "< 0.1 %"), (0.9999999, "> 99.9 %"), (1, "> 99.9 %"), (0, "< 0.1 %"), (np.float32(1), "> 99.9 %"),
    (np.float32(0.9995), "99.9 %")])  # as float32 it is a little less
def test_no_probability_is_rounded_to_certainty(share, text):
    assert formatting.percent(share) == text
    assert formatting.related_percent(share) == (text[0], text[2:]) if text[0] in "<>" else ("=", text)


@pytest.mark.parametrize(("value", "text"), [
    (0.9876, "0.988"), (-0.9876, "−0.988"), (0.9995, "> 0.999"), (-0.9996, "< −0.999"), (1, "> 0.999"),
    (0.0005, "0.001"), (0.0004, "< 0.001"), (-0.0004, "> −0.001"), (0, "< 0.001"), (np.float32(0.9994), "0.999")])
def test_no_sigmoid_is_rounded_to_its_limits(value, text):
    assert formatting.bounded_fraction(value) == text
    assert formatting.related_fraction(value) == (text[0], text[2:]) if text[0] in "<>" else ("=", text)


@pytest.mark.parametrize(("value", "decimals"), [(0.3, 2), (0.004, 3), (-0.00012, 4), (0, 2), (1e-30, 2)])
def test_as_many_decimals_as_it_takes_to_differ_from_zero(value, decimals):
    assert formatting.decimals_needed(value) == decimals
    assert formatting.decimals_needed(0.99997, 3, besides=(0, 1)) == 5


@pytest.mark.parametrize(("value", "text"), [
    (0.95, "0.95"), (5.5, "5.5"), (0.015, "0.015"), (0.0015, "0.0015"), (1.5e-7, "1.5e−7"), (2e25, "2.0e25"),
    (1.5e-12, "1.5e−12")])
def test_a_colour_key_prints_its_end_as_it_is(value, text):
    assert formatting.key_end(value) == text


@pytest.mark.parametrize(("total", "part"), [(3.374, 0.115), (-2.3449, -0.105), (0.005, 0.005), (1e3, 999.996)])
def test_printed_parts_add_up_to_the_printed_total(total, part):
    rest = formatting.printed_remainder(total, part)
    printed = [float(formatting.number(value).replace("−", "-")) for value in (part, rest, total)]
    assert printed[0] + printed[1] == pytest.approx(printed[2], abs=1e-9)


@pytest.mark.parametrize(("value", "end"), [
    (0, 1), (3.37, 3.5), (3.5, 3.5), (4.02, 4.5), (0.86, 0.9), (12.1, 15), (9.99, 10), (1e-7, 1e-7), (0.3, 0.3)])
def test_a_colour_key_ends_at_a_round_number_at_or_above(value, end):
    assert formatting.round_up(value) == pytest.approx(end)


@pytest.mark.parametrize(("part", "whole", "text"), [
    (297, 297, "100 %"), (0, 297, "0 %"), (9855, 10_000, "98.55 %"), (99_999, 100_000, "> 99.99 %"),
    (1, 100_000, "< 0.01 %")])
def test_a_share_is_100_per_cent_only_of_all(part, whole, text):
    assert formatting.share(part, whole) == text


@pytest.mark.parametrize(("part", "whole", "text"), [
    (0, 0, "–"), (0, 7, "0 %"), (7, 7, "100 %"), (1, 1000, "< 1 %"), (999, 1000, "> 99 %"), (1, 3, "33 %")])
def test_a_share_in_whole_per_cents(part, whole, text):
    assert formatting.share(part, whole, 0) == text


@pytest.mark.parametrize(("value", "figures", "short", "text"), [
    (1.5e-6, 3, False, "1.50e−6"), (1.5e-6, 3, True, "1.5e−6"), (-9.996e9, 3, False, "−1.00e10"),
    (0.00012345, 2, False, "1.2e−4"), (2.5e7, 1, False, "2e7"), (np.float32(3e25), 1, False, "3e25"),
    (-np.inf, 2, False, "−∞"), (np.nan, 2, False, "NaN")])
def test_a_power_of_ten_is_written_in_few_letters(value, figures, short, text):
    assert formatting.scientific(value, figures, short=short) == text


@pytest.mark.parametrize(("value", "text"), [
    (-3.456, "−3.46"), (99.99, "99.99"), (-123.4, "−123"), (-123456.0, "−1e5"), (3e25, "3e25"), (0, "0.00")])
def test_a_score_takes_six_characters_at_most(value, text):
    assert formatting.score(value) == text
    assert len(text) <= 6


def test_products_and_quotients_come_out_as_they_are_printed():
    rng = np.random.default_rng(0)
    for one, other in zip(rng.gamma(1, 2, 3000), rng.normal(0, 0.4, 3000), strict=True):
        factors = [float(text.replace("−", "-")) for text in formatting.product_factors(one, other).split(" × ")]
        decimals = formatting.decimals_needed(one * other)
        assert formatting.number(factors[0] * factors[1], decimals) == formatting.number(one * other, decimals)
        assert float(formatting.number(one * other, decimals).replace("−", "-")) != 0
    for _ in range(300):
        scores = rng.normal(0, 4, 10)
        parts = np.exp(scores - scores.max())
        for part in parts:
            result = formatting.percent(part / parts.sum())
            numerator, denominator = map(float, formatting.quotient_terms(part, parts.sum(), result).split(" / "))
            assert formatting.percent(numerator / denominator) == result


def test_what_does_not_fit_loses_its_middle():
    cuts = list(formatting.elided("/home/somebody/with/a/long/name/picture.png"))
    assert cuts[0] == "/home/somebody/with/a/long/name/picture.png"
    assert all(len(one) > len(other) for one, other in pairwise(cuts))
    assert cuts[-1].startswith("/hom")
    assert cuts[-1].endswith(".png")


@pytest.mark.parametrize(("ends", "texts"), [
    ((0.99263, 0.99557), ("99.26", "99.56")), ((0, 1), ("0", "100")), ((0.96, 1 - 1e-16), ("96.00", "100")),
    ((1e-6, 1 - 1e-6), ("< 0.01", "> 99.99"))])
def test_the_ends_of_an_interval_are_0_and_100_only_where_it_ends(ends, texts):
    assert formatting.percent_interval(*ends) == texts


def test_one_is_one():
    assert [formatting.counted(count, "digit") for count in (0, 1, 2, 10_000)] == [
        "0 digits", "1 digit", "2 digits", "10,000 digits"]
    assert [formatting.counted(count, "class", "classes") for count in (1, 2)] == ["1 class", "2 classes"]
    assert [formatting.there_are(count, "training image") for count in (1, 3)] == [
        "there is 1 training image", "there are 3 training images"]
