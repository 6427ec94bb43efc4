"""Bodies of requests -> pictures: PNG, JPEG, numbers as JSON."""

import json
import tracemalloc

import numpy as np
import pytest
from PIL.PngImagePlugin import PngInfo

from neuralscope.datasets.array_files import TooLargeError
from neuralscope.errors import InputError
from neuralscope.visualizer.server.request_body import (
    JSON_TYPE,
    PAD_SIDE_PIXELS,
    SHORT_BODY_BYTES,
    UnknownFormatError,
    array_from_lists,
    is_short,
    is_small_png,
    read_pictures,
)
from tests.helpers.image_bytes import image_bytes, oversized_png


@pytest.mark.parametrize(("shape", "each", "many"), [
    ((784,), (28, 28), False), ((28, 28), (28, 28), False), ((40, 30), (40, 30), False),
    ((40, 30, 3), (40, 30, 3), False), ((1, 784), (28, 28), True), ((3, 784), (28, 28), True),
    ((3, 28, 28), (28, 28), True), ((2, 9, 8, 4), (9, 8, 4), True)])
@pytest.mark.parametrize("dtype", [int, float, bool])
def test_numbers_are_the_pictures_that_an_array_of_their_shape_holds(shape, each, many, dtype):
    array = (np.random.default_rng(0).integers(0, 256, shape) % 2 if dtype is bool else
             np.random.default_rng(0).integers(0, 256, shape)).astype(dtype)
    found, are_many = read_pictures(json.dumps(array.tolist()).encode(), JSON_TYPE)
    assert are_many == many
    assert [one.index for one in found] == (list(range(shape[0])) if many else [None])
    for one, expected in zip(found, array.reshape(-1, *each), strict=True):
        assert one.is_array
        assert one.array.dtype == dtype
        np.testing.assert_array_equal(one.array, expected)


@pytest.mark.parametrize(("body", "words"), [
    (b"", "empty"), (b"x", "not JSON"), (b"\xff", "not JSON"), (b"[" * 10**6, "not JSON"), (b"{}", "no numbers"),
    (b'"784"', "no numbers"), (b"null", "no numbers"), (b"7", "shape"), (b"[]", "no numbers"), (b"[[]]", "no numbers"),
    (b"[1, 2]", "shape"), (b"[[1, 2], [3]]", "unlike"), (b"[[1, 2], 3]", "unlike"), (b"[1, [2]]", "no numbers"),
    (b'[[1, "2"]]', "no numbers"), (b"[[1, null]]", "no numbers"), (b"[[true, 1], [1, 1]]", "no numbers"),
    (b"[[[[[1]]]]]", "too deep"), (b"[[1" + b"0" * 400 + b"]]", "too large"),
    (b"[[1" + b"0" * 5000 + b"]]", "not JSON|too large"), (b"[[1.5, 1" + b"0" * 400 + b"]]", "too large")])
def test_what_is_no_picture_is_refused_in_words(body, words):
    with pytest.raises(InputError, match=words):
        read_pictures(body, JSON_TYPE)


def test_words_among_numbers_take_no_memory():
    """NumPy would make every number as long as the longest word."""
    tracemalloc.start()
    with pytest.raises(InputError, match="no numbers"):
        array_from_lists([[1, 2] * 1000, ["x" * 10**6, 2] * 1000])
    assert tracemalloc.get_traced_memory()[1] < 10**7
    tracemalloc.stop()


@pytest.mark.parametrize(("kind", "format"), [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/jpeg", "PNG")])
def test_picture_files_are_decoded(kind, format):
    picture = np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8)
    (found,), many = read_pictures(image_bytes(picture, format), kind)
    assert (found.name, found.is_array, many) == ("-", False, False)
    assert found.array.shape == picture.shape
    if format == "PNG":
        np.testing.assert_array_equal(found.array, picture)


@pytest.mark.parametrize("format", ["GIF", "BMP", "TIFF", "WEBP"])
def test_other_formats_are_not_even_looked_at(format):
    with pytest.raises(UnknownFormatError):
        read_pictures(image_bytes(np.zeros((30, 30), np.uint8), format), "image/png")


@pytest.mark.parametrize("size", [(4097, 4096), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size):
    with pytest.raises(TooLargeError, match="make it smaller"):
        read_pictures(oversized_png(*size), "image/png")


@pytest.mark.parametrize("cut", [8, 20, 60, -60])
def test_a_damaged_file_is_refused(cut):
    with pytest.raises(InputError):
        read_pictures(image_bytes(np.random.default_rng(0).integers(0, 256, (40, 30), np.uint8))[:cut], "image/png")


def test_only_what_is_read_at_once_is_short():
    digit = np.zeros((28, 28), np.uint8)
    assert is_short(image_bytes(digit), "image/png")
    assert is_short(json.dumps(np.linspace(0, 1, 784).tolist()).encode(), JSON_TYPE)
    assert not is_short(image_bytes(np.zeros((3000, 3000), np.uint8)), "image/png")  # few bytes, many pixels
    assert not is_short(image_bytes(digit, "JPEG"), "image/jpeg")
    assert not is_short(b"[" * (SHORT_BODY_BYTES + 1), JSON_TYPE)
    assert not is_short(json.dumps([[0] * 400] * 30).encode(), JSON_TYPE)
    drawing = image_bytes(np.zeros((280, 280), np.uint8))
    assert not is_short(drawing, "image/png")
    assert is_small_png(drawing, PAD_SIDE_PIXELS)
    assert not is_small_png(image_bytes(np.zeros((600, 280), np.uint8)), PAD_SIDE_PIXELS)


def test_a_small_file_that_unpacks_to_much_is_not_short():
    texts = PngInfo()
    for _ in range(20):
        texts.add_text("Comment", "x" * 2**20, zip=True)
    body = image_bytes(np.zeros((28, 28), np.uint8), pnginfo=texts)
    assert len(body) < SHORT_BODY_BYTES
    assert not is_short(body, "image/png")
