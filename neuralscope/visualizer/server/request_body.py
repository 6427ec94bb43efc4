"""A request's body -> pictures: a PNG or JPEG file, or numbers as JSON."""

import io
import itertools
import json

import numpy as np

from neuralscope.datasets import array_files, decode
from neuralscope.datasets.image_files import EMPTY, Picture
from neuralscope.errors import InputError

NAME = "-"  # what a picture is called that comes without a file, as standard input is
JSON, PICTURES = "application/json", {"image/png": "PNG", "image/jpeg": "JPEG"}
MOST_PIXELS = 2**24  # of one picture, as 4,096 x 4,096; a telephone's photograph has 12 million
SIGNATURES = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
DEEPEST = 4  # lists in lists: count, height, width, channels
SHORT = 2**15  # bytes of a body that is answered in a few milliseconds: a hundred numbers a side, or a digit's file
SMALL = 100  # pixels a side
MOST_JSON = 2**21  # bytes: while numbers are read, nobody else is answered
MOST_PICTURES = 1000  # in one body
LISTS = 40  # of a body that is answered at once: a picture by rows has 29


class UnknownFormatError(InputError):
    """A body that is neither PNG nor JPEG, whatever it is said to be."""


def is_short(body, kind):
    """Say whether reading a body takes so little time that nobody need wait for another thread."""
    if len(body) > SHORT or kind == JSON:
        return len(body) <= SHORT and body.count(b"[") <= LISTS
    sides = int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")  # where a PNG file has them
    return body.startswith(SIGNATURES[0]) and max(sides) <= SMALL


def pictures(body, kind):
    """Return the Pictures in a body of ``content_type``, and whether they came as many. Raises InputError."""
    if not body:
        raise InputError(f"the body {EMPTY}".replace("get it again", "send a picture"))
    if kind == JSON:
        return from_numbers(array_of(parsed(body)))
    if not body.startswith(SIGNATURES):
        raise UnknownFormatError("the body is neither PNG nor JPEG; send one of these, or numbers as JSON")
    try:
        return [Picture(NAME, decode.decode(io.BytesIO(body), tuple(PICTURES.values()), MOST_PIXELS))], False
    except InputError as error:
        raise type(error)(f"the picture {error}") from None


def parsed(body):
    """Return what is written in JSON; raises InputError."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:  # the first also for bytes that are no UTF-8
        where = f": {error}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"the body is not JSON{where}; send a list of 784 numbers, or of rows of numbers") from None


def array_of(value):
    """Return lists of lists of numbers as an array: bool, int64 or float64; raises InputError.

    What NumPy would make of lists of unlike lengths, or of words among the numbers, can be far larger than these.
    """
    shape, values = [], [value]
    while values and isinstance(values[0], list):
        if len(shape) == DEEPEST or set(map(type, values)) != {list} or len({*map(len, values)}) > 1:
            raise InputError(f"the lists are of unlike lengths, or too deep; {array_files.SHAPES}")
        shape.append(len(values[0]))
        values = list(itertools.chain.from_iterable(values))
    kinds = set(map(type, values))
    if kinds not in ({bool}, {int}, {float}, {int, float}):
        raise InputError(f"the body holds no numbers, or something else beside them; {array_files.SHAPES}")
    try:
        return np.array(values, bool if bool in kinds else float if float in kinds else np.int64).reshape(shape)
    except OverflowError:
        raise InputError("the picture has a number that is too large; give whole numbers 0 to 255, or 0 to 1") from None


def from_numbers(array):
    """Return the Pictures in an array, and whether it holds many; raises InputError."""
    count, each, _ = array_files.layout(array.shape)
    if count is None:
        return [Picture(NAME, array.reshape(each), numbers=True)], False
    if count > MOST_PICTURES:
        raise array_files.TooLargeError(f"the body holds {count:,} pictures; send {MOST_PICTURES:,} at a time")
    return [Picture(NAME, one, place, numbers=True) for place, one in enumerate(array.reshape(-1, *each))], True
