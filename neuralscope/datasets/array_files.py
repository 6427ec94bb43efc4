"""Pictures that come as arrays, .npy or IDX files: any size, count and kind of number, block by block.

``(height, width)`` and ``(height, width, channels)`` are one picture, ``(count, height, width)`` and so on many; 784
numbers in a row are the 28 x 28 of one. IDX is told in ``idx.py``.
"""

import gzip
import os
import tokenize
import zlib
from collections.abc import Iterator
from math import prod
from typing import IO, Any

import numpy as np

from neuralscope.datasets.idx import GZIP_MAGIC, read_exactly, read_idx_header
from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_PIXELS, IMAGE_SIDE

NPY_MAGIC = b"\x93NUMPY"
MAX_CHANNELS = 4  # at most; a last dimension above it is a width
MAX_IMAGE_PIXELS = 50_000_000  # of one picture; its size is known before it is read
MAX_BLOCK_IMAGES, MAX_BLOCK_PIXELS = 256, 2**22  # of many pictures so many are in memory, or fewer where they are large
# What NumPy raises on bytes that nobody meant; found by damaging files at random.
NPY_DAMAGE_ERRORS = (ValueError, TypeError, OverflowError, MemoryError, EOFError, SyntaxError, tokenize.TokenError)
SHAPE_HINT = (
    "a picture is (height, width) or (height, width, channels), many are (count, height, width) or (count, 784)"
)


def array_layout(shape: tuple[int, ...]) -> tuple[int | None, tuple[int, ...], int]:
    """Return how many pictures an array of this shape holds, None for a single one, the shape of each, and of a block.

    Raises InputError.
    """
    image_shape: tuple[int, ...]
    if shape == (IMAGE_PIXELS,):
        count, image_shape = None, (IMAGE_SIDE, IMAGE_SIDE)
    elif len(shape) == 2 and shape[1] == IMAGE_PIXELS:
        count, image_shape = shape[0], (IMAGE_SIDE, IMAGE_SIDE)
    elif len(shape) == 2 or (len(shape) == 3 and shape[2] <= MAX_CHANNELS):
        count, image_shape = None, shape
    elif len(shape) == 3 or (len(shape) == 4 and shape[3] <= MAX_CHANNELS):
        count, image_shape = shape[0], shape[1:]
    else:
        raise InputError(f"its shape is {shape!s:.60}, which is no picture", SHAPE_HINT)
    if 0 in shape:
        raise InputError(f"its shape is {shape!s:.60}, so it holds nothing", SHAPE_HINT)
    check_image_size(*image_shape[:2])
    return count, image_shape, max(1, min(MAX_BLOCK_IMAGES, MAX_BLOCK_PIXELS // prod(image_shape[:2])))


class TooLargeError(InputError):
    """A picture of more pixels than are read."""


def check_image_size(height: int, width: int, max_pixels: int = MAX_IMAGE_PIXELS) -> None:
    """Raise TooLargeError for a picture of more than ``max_pixels`` pixels."""
    if height * width > max_pixels:
        raise TooLargeError(f"says it has {height:,} x {width:,} pixels, and at most {max_pixels:,} are read",
                            "make it smaller")


def read_npy(path: str | os.PathLike) -> Iterator[tuple[int | None, np.ndarray]]:
    """Yield ``(place, array)`` of every picture in a .npy file, which is mapped; the place of a single one is None.

    Raises InputError, without the file's name, or OSError.
    """
    try:
        array = np.lib.format.open_memmap(path, mode="r")  # raises ValueError for pickles
    except NPY_DAMAGE_ERRORS:
        raise damaged_npy(path) from None
    count, image_shape, size = array_layout(array.shape)
    native = array.dtype.newbyteorder("=")
    if count is None:
        yield None, np.array(array, native).reshape(image_shape)
        return
    for start in range(0, count, size):
        yield from enumerate(np.array(array[start:start + size], native).reshape(-1, *image_shape), start)


def damaged_npy(path: str | os.PathLike) -> InputError:
    """Return the InputError for a .npy file that cannot be read: it holds objects, or is damaged."""
    if holds_objects(path):
        name = os.path.basename(os.fspath(path))
        return InputError(
            "is a pickle of objects, which can run any program when it is read",
            f"where you trust it, convert it in Python: found = numpy.load({name!r}, allow_pickle=True); "
            f"numpy.save({name!r}, numpy.array([*found], 'float32'))")
    return InputError("is damaged or holds no numbers", "write it anew with numpy.save")


def holds_objects(path: str | os.PathLike) -> bool:
    """Whether a .npy file says that it holds Python's objects."""
    try:
        with open(path, "rb") as file:
            version = np.lib.format.read_magic(file)
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
            return read(file)[2].hasobject
    except (OSError, KeyError, *NPY_DAMAGE_ERRORS):
        return False


def read_idx(path: str | os.PathLike) -> Iterator[tuple[int | None, np.ndarray]]:
    """Yield ``(place, array)`` of every picture in an IDX file, gzipped or not; the place of a single one is None.

    Raises InputError, without the file's name, or OSError.
    """
    with open(path, "rb") as file:
        opened = gzip.open if file.read(2) == GZIP_MAGIC else open
    try:
        with opened(path, "rb") as file:
            yield from read_idx_stream(file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"is damaged or truncated ({error})", "get it again") from None


def read_idx_stream(file: Any) -> Iterator[tuple[int | None, np.ndarray]]:
    """Yield ``(place, array)`` of every picture in an open IDX file."""
    shape, dtype = read_idx_header(file)
    count, image_shape, size = array_layout(shape)
    if count is None:
        yield None, read_idx_values(file, image_shape, dtype)
    for start in range(0, count or 0, size):
        yield from enumerate(read_idx_values(file, (min(size, count - start), *image_shape), dtype), start)
    if file.read(1):
        raise InputError(f"is too long: it says it holds {' x '.join(map(str, shape))} values", "get it again")


def read_idx_values(file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Return the file's next values as an array of this shape, in the machine's byte order."""
    values = np.frombuffer(read_exactly(file, prod(shape) * dtype.itemsize), dtype)
    return values.astype(dtype.newbyteorder("=")).reshape(shape)
