"""Several digits in a picture that was taken for one: told where it is sure, and never of one digit."""

import functools
import time

import numpy as np
import pytest
from PIL import Image, ImageDraw

from neuralscope import images
from neuralscope.errors import InputError
from neuralscope.images.digit_count import MAX_DIGIT_RATIO, find_row, find_unannounced_row
from neuralscope.images.segmentation import cut_digits, cut_ink

pytestmark = pytest.mark.usefixtures("warm")  # digits need seconds to be decoded


@pytest.fixture
def classify(shipped):
    """Return the shipped network's outputs as a function of digits."""
    return lambda digits: shipped.network.forward(digits).outputs


def drawn(*strokes, width=20, size=(280, 280)):
    """Return strokes of a dark pen on light paper."""
    picture = Image.new("L", size, 255)
    for stroke in strokes:
        ImageDraw.Draw(picture).line(stroke, 0, width, joint="curve")
    return np.asarray(picture)


ELEVEN = [(90, 60), (90, 230)], [(180, 60), (180, 230)]
SEVENS = [(20, 60), (110, 60), (60, 230)], [(150, 60), (240, 60), (190, 230)]
FIVE = [(100, 110), (100, 150), (160, 150), (180, 190), (150, 225), (90, 220)], [(95, 75), (180, 75)]
STROKED_SEVEN = [(80, 60), (200, 60), (130, 230)], [(100, 150), (190, 150)]
OPEN_FOUR = [(90, 60), (80, 150), (160, 150)], [(185, 60), (180, 230)]


def unannounced(picture, classify):
    """Return what `find_unannounced_row` finds in a picture."""
    done = images.preprocess(picture)
    return find_unannounced_row(done.ink, done.shrunk, classify)


@pytest.mark.parametrize(("strokes", "number"), [(ELEVEN, [1, 1]), (SEVENS, [7, 7])])
def test_digits_beside_each_other_are_told(strokes, number, classify):
    found = unannounced(drawn(*strokes), classify)
    assert classify(found.digits).argmax(axis=1).tolist() == number
    assert found.boxes == tuple(images.find_digits(drawn(*strokes)))
    assert found.too_wide == ()


def test_specks_beside_them_do_not_count(classify):
    picture = drawn(*ELEVEN, [(135, 215), (138, 215)], width=18)
    assert len(unannounced(picture, classify).boxes) == 2


@pytest.mark.parametrize("strokes", [FIVE, STROKED_SEVEN, OPEN_FOUR, ELEVEN[:1]])
def test_pieces_of_one_digit_are_one(strokes, classify):
    assert unannounced(drawn(*strokes), classify) is None


def test_single_digits_are_one(embedded, classify):
    taken = [image for image in embedded.test.images
             if find_unannounced_row(image.reshape(28, 28), 1, classify) is not None]
    assert len(taken) == 0


@functools.cache
def touching(one, other, overlap):
    """Return two embedded digits, (height, width) in [0, 1], whose ink reaches so many columns into each other."""
    from neuralscope.data_loader import load

    test = load("digits").test
    left, right = (test.images[test.labels == label][0].reshape(28, 28) for label in (one, other))
    left, right = (part[:, np.flatnonzero(part.any(axis=0))] for part in (left, right))
    start = left.shape[1] - overlap
    pair = np.zeros((28, start + right.shape[1]), np.float32)
    pair[:, :left.shape[1]] = left
    pair[:, start:] = np.maximum(pair[:, start:], right)
    return np.pad(pair, 6)


@pytest.mark.parametrize(("one", "other"), [(5, 0), (2, 6), (3, 5)])
def test_touching_digits_are_parted(one, other, classify):
    pair = touching(one, other, 1)
    assert len(cut_digits(pair)) == 1
    found = find_row(cut_digits(pair), classify)
    assert classify(found.digits).argmax(axis=1).tolist() == [one, other]
    (left, top, right, bottom), second = found.boxes
    assert 6 <= left < right <= second[0] + 1
    assert bottom - top == pytest.approx(20, abs=3)
    assert len(unannounced(pair, classify).boxes) == 2


def test_halves_that_are_not_read_surely_stay_whole(classify):
    pair = cut_digits(touching(5, 0, 1))
    assert len(find_row(pair, lambda digits: 0.9 * classify(digits)).boxes) == 1
    assert len(find_row(pair, lambda digits: np.ones((len(digits), 10))).boxes) == 1  # the whole is as sure


def test_what_is_too_wide_for_one_digit_and_stays_whole_is_told(classify):
    ladder = drawn(*([(40 * place, 100), (40 * place, 200)] for place in range(1, 7)), [(40, 150), (240, 150)])
    [(left, top, right, bottom)] = cut_digits(ladder)
    assert (right - left) / (bottom - top) > MAX_DIGIT_RATIO
    for found in (find_row(cut_digits(ladder), classify), unannounced(ladder, classify)):
        assert found.too_wide == found.boxes == ((left, top, right, bottom),)


def test_a_full_stop_in_a_row_is_no_digit(classify):
    picture = np.full((280, 400), 255, np.uint8)
    picture[:, :280] = drawn(*ELEVEN)
    dot = Image.fromarray(picture)
    ImageDraw.Draw(dot).ellipse([280, 200, 310, 230], 0)
    assert len(cut_digits(np.asarray(dot))) == 3
    assert len(find_row(cut_digits(np.asarray(dot)), classify).boxes) == 2
    alone = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(alone).ellipse([120, 120, 160, 160], 0)
    with pytest.raises(InputError, match="too little ink"):
        find_row(cut_digits(np.asarray(alone)), classify)


def read_ones(digits):
    """Return the outputs of a network that reads a 1 in everything, and surely."""
    return np.tile(np.float32([0, 0.95]), (len(digits), 1))


def bars(*places):
    """Return clean ink with bars of ``(left, top, right, bottom)``."""
    ink = np.zeros((100, 200), np.float32)
    for left, top, right, bottom in places:
        ink[top:bottom, left:right] = 1
    return ink


TALL = (20, 10, 32, 90), (120, 10, 132, 90)


def test_of_pieces_of_unlike_height_or_ink_the_large_ones_count():
    low, faint = (170, 55, 176, 90), (170, 10, 171, 90)
    for other in (low, faint):
        found = find_unannounced_row(bars(*TALL, other), 1, read_ones)
        assert found.boxes == TALL
    assert len(find_row(cut_ink(bars(*TALL, low)), read_ones).boxes) == 3  # where a row is announced, they are digits


def test_pieces_of_which_one_is_not_read_surely_may_be_one_digit():
    assert find_unannounced_row(bars(*TALL), 1, read_ones) is not None
    assert find_unannounced_row(bars(*TALL), 1, lambda digits: 0.4 * read_ones(digits)) is None


@pytest.mark.parametrize(("distance", "count"), [(60, 2), (45, 0)])
def test_pieces_that_reach_far_into_each_other_may_be_one_digit(distance, count):
    slanting = [(20, 90), (80, 10)], [(20 + distance, 90), (80 + distance, 10)]
    ink = 1 - drawn(*slanting, width=6, size=(200, 100)) / np.float32(255)
    assert len(cut_ink(ink)) == 2
    found = find_unannounced_row(ink, 1, read_ones)
    assert (len(found.boxes) if found else 0) == count


def test_a_piece_of_which_a_half_is_low_stays_whole(classify):
    """A seven's bar, or a two's foot, is no digit, however surely something is read in it."""
    def surer_in_halves(digits):
        return np.tile(np.float32([0, 0.995 if len(digits) == 2 else 0.9]), (len(digits), 1))

    low = cut_ink(bars((10, 10, 24, 90), (24, 40, 100, 48), (100, 36, 108, 54)))
    assert len(find_row(low, surer_in_halves).boxes) == 1
    high = cut_ink(bars((10, 10, 24, 90), (24, 40, 100, 48), (100, 16, 108, 84)))
    assert len(find_row(high, surer_in_halves).boxes) == 2


def test_two_digits_are_told_even_where_one_is_read_hardly(embedded, classify):
    rng = np.random.default_rng(0)
    for _ in range(20):
        pair = [embedded.test.images[place].reshape(28, 28) for place in rng.integers(0, len(embedded.test), 2)]
        found = unannounced(np.rint(255 * np.hstack(pair)).astype(np.uint8), classify)
        assert len(found.boxes) == 2


def test_noise_is_no_row_and_takes_no_time(classify):
    noise = np.uint8(255 * (np.random.default_rng(0).random((280, 280)) < 0.1))
    started = time.process_time()
    assert unannounced(noise, classify) is None
    assert time.process_time() - started < 1  # a fiftieth of it; it took one and a half
