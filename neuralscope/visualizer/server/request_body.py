"""A request's body -> pictures: a PNG or JPEG file, or numbers as JSON_TYPE."""

import io
import itertools
import json

import numpy as np

from neuralscope.datasets import array_files, decode
from neuralscope.datasets.image_files import EMPTY_FILE_PROBLEM, LoadedImage
from neuralscope.errors import InputError

UNNAMED_PICTURE = "-"  # what a picture is called that comes without a file, as standard input is
JSON_TYPE, PICTURE_TYPES = "application/json", {"image/png": "PNG", "image/jpeg": "JPEG"}
MAX_PICTURE_PIXELS = 2**24  # of one picture, as 4,096 x 4,096; a telephone's photograph has 12 million
FILE_SIGNATURES = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MAX_LIST_DEPTH = 4  # lists in lists: count, height, width, channels
# bytes of a body that is answered at once, or with a pad's pictures: a hundred numbers a side, or a digit's file
SHORT_BODY_BYTES = 2**15
SMALL_SIDE_PIXELS, PAD_SIDE_PIXELS = 40, 512  # pixels a side: read at once, whatever is in it, and as a pad sends it
UNPACKED_CHUNKS = b"zTXt", b"iTXt", b"iCCP"  # chunks of a PNG file in which a kilobyte may stand for a million
MAX_JSON_BYTES = 2**21  # bytes: while numbers are read, nobody else is answered
MAX_PICTURES = 1000  # in one body
# lists, and numbers but one, of a body that is answered at once: a picture by rows has 29 and 783
MAX_SHORT_BODY_LISTS, MAX_SHORT_BODY_COMMAS = 40, SMALL_SIDE_PIXELS**2


class UnknownFormatError(InputError):
    """A body that is neither PNG nor JPEG, whatever it is said to be."""


def is_short(body, content_type):
    """Say whether reading a body takes so little time that nobody need wait for another process."""
    if content_type != JSON_TYPE:
        return is_small_png(body, SMALL_SIDE_PIXELS)
    return (len(body) <= SHORT_BODY_BYTES and body.count(b"[") <= MAX_SHORT_BODY_LISTS
            and body.count(b",") <= MAX_SHORT_BODY_COMMAS)


def is_small_png(body, max_side):
    """Say whether a body is a PNG file of few bytes and few pixels a side, with nothing in it that becomes many."""
    sides = int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")
    return (len(body) <= SHORT_BODY_BYTES and body.startswith(FILE_SIGNATURES[0]) and max(sides) <= max_side
            and not any(chunk in body for chunk in UNPACKED_CHUNKS))


def read_pictures(body, content_type):
    """Return the LoadedImages in a body of ``content_type``, and whether they came as many. Raises InputError."""
    if not body:
        raise InputError(f"the body {EMPTY_FILE_PROBLEM}", "send a picture")
    if content_type == JSON_TYPE:
        return pictures_from_array(array_from_lists(parse_json(body)))
    if not body.startswith(FILE_SIGNATURES):
        raise UnknownFormatError("the body is neither PNG nor JPEG", "send one of these, or numbers as JSON")
    try:
        return [
            LoadedImage(
                UNNAMED_PICTURE,
                decode.decode_image(io.BytesIO(body), tuple(PICTURE_TYPES.values()), MAX_PICTURE_PIXELS),
            )
        ], False
    except InputError as error:
        raise error.prefixed("the picture ") from None


def parse_json(body):
    """Return what is written in JSON_TYPE; raises InputError."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:  # the first also for bytes that are no UTF-8
        detail = f": {error}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"the body is not JSON{detail}", "send a list of 784 numbers, or of rows of numbers") from None


def array_from_lists(value):
    """Return lists of lists of numbers as an array: bool, int64 or float64; raises InputError.

    What NumPy would make of lists of unlike lengths, or of words among the numbers, can be far larger than these.
    """
    shape, values = [], [value]
    while values and isinstance(values[0], list):
        if len(shape) == MAX_LIST_DEPTH or set(map(type, values)) != {list} or len({*map(len, values)}) > 1:
            raise InputError("the lists are of unlike lengths, or too deep", array_files.SHAPE_HINT)
        shape.append(len(values[0]))
        values = list(itertools.chain.from_iterable(values))
    value_types = set(map(type, values))
    if value_types not in ({bool}, {int}, {float}, {int, float}):
        raise InputError("the body holds no numbers, or something else beside them", array_files.SHAPE_HINT)
    try:
        return np.array(values, bool if bool in value_types else float if float in value_types else np.int64).reshape(
            shape
        )
    except OverflowError:
        raise InputError("the picture has a number that is too large",
                         "give whole numbers 0 to 255, or 0 to 1") from None


def pictures_from_array(array):
    """Return the LoadedImages in an array, and whether it holds many; raises InputError."""
    count, picture_shape, _ = array_files.array_layout(array.shape)
    if count is None:
        return [LoadedImage(UNNAMED_PICTURE, array.reshape(picture_shape), is_array=True)], False
    if count > MAX_PICTURES:
        raise array_files.TooLargeError(f"the body holds {count:,} pictures", f"send {MAX_PICTURES:,} at a time")
    return [
        LoadedImage(UNNAMED_PICTURE, pixels, index, is_array=True)
        for index, pixels in enumerate(array.reshape(-1, *picture_shape))
    ], True
