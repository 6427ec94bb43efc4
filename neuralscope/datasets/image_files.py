"""Files of pictures -> arrays: whatever Pillow opens, files of numbers as ARRAY_FORMATS has them, folders of them all.

A bad file is refused in words, and the next one read. Never more than a block of pictures is in memory, but for tables,
of which all rows say which column is the label.
"""

import functools
import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from neuralscope.datasets import array_files, decode, pickles, table_formats
from neuralscope.datasets.digit_files import read_digit_tables
from neuralscope.datasets.idx import GZIP_MAGIC, IDX_DTYPES, IDX_MAGIC
from neuralscope.errors import InputError, printable, sentence
from neuralscope.images.augmentation import IMAGE_PIXELS, IMAGE_SIDE, MASS_CENTRE
from neuralscope.images.dark_ink import is_surely_dark_ink
from neuralscope.images.grayscale import to_channels, to_grayscale
from neuralscope.images.placement import INK_SIDE, TIE, ink_spans
from neuralscope.images.preprocessing import STEPS, as_digit
from neuralscope.images.stroke_width import widening_share
from neuralscope.short_repr import short_repr

MIN_PREPARED_PEAK = 0.9  # of white: the lightest pixel of a picture file that is taken for one that is prepared
MAX_LENGTH_OFF = 1.5  # pixels by which prepared ink is longer or shorter, where it lies between pixels or was enlarged
MAX_IMAGE_BYTES = 2**26  # of a picture that comes as bytes
READ_REMEDIES = {FileNotFoundError: "check the name", PermissionError: "get the right to read it"}
EMPTY_FILE_PROBLEM = "is empty (zero bytes)"


@dataclass(frozen=True, eq=False)
class LoadedImage:
    """One picture, or what was wrong with a file.

    ``name``: the file's. ``array``: as ``images.preprocess`` takes it; None where ``error``, a sentence without the
    name, says why. ``index``: its number in a file of many, else None. ``is_array``: whether it came as an array and
    not as a picture file: such are light ink. ``label``: what the file says that it shows, or None; ``notice``: what
    was assumed of the file, with its first picture, or "".
    """

    name: str
    array: np.ndarray | None
    index: int | None = None
    is_array: bool = False
    error: str = ""
    label: str | None = None
    notice: str = ""
    __repr__ = short_repr

    def __str__(self) -> str:
        """Return the name, and the place in a file of many, so that they stay in one line."""
        return printable(self.name) + ("" if self.index is None else f"[{self.index}]")


def read_images(path: str | os.PathLike, label_column: str | None = None) -> Iterator[LoadedImage]:
    """Yield every LoadedImage of a file, or of a folder's files, in natural order. Raises nothing for a bad one.

    ``label_column``: that of tables, as `find_columns` has it.
    """
    name = None
    for name in walk_files(os.fspath(path)):
        try:
            yield from read_image_file(name, label_column)
        except InputError as error:
            yield LoadedImage(name, None, error=str(error))
    if name is None:
        yield LoadedImage(os.fspath(path), None, error="is a folder without files; put pictures there")


def read_first_image(path: str | os.PathLike, label_column: str | None = None) -> LoadedImage:
    """Return the first LoadedImage of a file or folder; raises InputError, one line with the file's name."""
    picture = next(read_images(path, label_column))
    if picture.error:
        raise InputError(f"{picture}: {picture.error}")
    return picture


def as_prepared_digit(picture: LoadedImage, steps: Sequence[str] = STEPS) -> tuple[np.ndarray, tuple] | None:
    """Return a LoadedImage that is prepared as (1, 784) float32, and the few of ``steps`` that it took, or None.

    See ``prepared_grey``.
    """
    found = prepared_grey(picture, steps)
    if found is None:
        return None
    grey, taken = found
    return (as_digit(grey, taken) if taken else grey).reshape(1, IMAGE_PIXELS), taken


def prepared_grey(picture: LoadedImage, steps: Sequence[str] = STEPS) -> tuple[np.ndarray, tuple[str, ...]] | None:
    """Return a LoadedImage that is prepared as (28, 28) float32, and the few of ``steps`` that it yet takes, or None.

    Numbers are taken at their word, light ink on black, but where their ink is surely dark; a file only where it was
    prepared already: thin strokes in it are to be widened. Raises InputError for numbers that are no picture.
    """
    array = picture.array
    if (array.shape[:2] != (IMAGE_SIDE, IMAGE_SIDE) or (picture.is_array and array.ndim == 3)
            or not (picture.is_array or set(steps) == set(STEPS))):
        return None
    grey = to_grayscale(to_channels(array))
    if grey.min() == grey.max():
        return None  # no ink, as preparing it says
    if picture.is_array:
        return grey, ("ink",) if "ink" in steps and is_surely_dark_ink(grey) else ()
    return (grey, ("stroke",) if widening_share(grey) else ()) if is_prepared(grey) else None


def is_prepared(grey: np.ndarray) -> bool:
    """Say whether a picture of 28x28 is as preparing it would leave it: 20 pixels long, in the middle, light."""
    if grey.max() < MIN_PREPARED_PEAK or grey[0, 0] == grey.max():  # the latter is light paper, seen at once
        return False
    longer = max(span.length for span in ink_spans(grey, soft=True))
    masses = [grey.sum(axis=axis) for axis in (1, 0)]
    mass_centres = [mass @ np.arange(IMAGE_SIDE) / mass.sum() for mass in masses]
    return (abs(longer - INK_SIDE) <= MAX_LENGTH_OFF
            and all(abs(mass_centre - MASS_CENTRE) <= 1 + TIE for mass_centre in mass_centres))


def read_image_bytes(stream: BinaryIO, name: str) -> LoadedImage:
    """Return the LoadedImage in a stream of a picture file's bytes, of which at most MAX_IMAGE_BYTES are read."""
    try:
        content = stream.read(MAX_IMAGE_BYTES + 1)
        if not content:
            raise InputError(EMPTY_FILE_PROBLEM, "get it again")
        if len(content) > MAX_IMAGE_BYTES:
            raise InputError(f"is more than {MAX_IMAGE_BYTES // 2**20} MiB", "send a smaller picture")
        return LoadedImage(name, decode.decode_image(io.BytesIO(content), remedy=f"name a {readable_kinds()}"))
    except OSError as error:
        return LoadedImage(name, None, error=str(read_failure(error)))
    except InputError as error:
        return LoadedImage(name, None, error=str(error))


def walk_files(path: str) -> Iterator[str]:
    """Yield ``path``, or where it is a folder all files in it and its folders, in natural order.

    Names that begin with a dot are left out; each folder is read once, wherever links lead.
    """
    seen, waiting = set(), [path]
    while waiting:
        path = waiting.pop()
        try:
            entry = os.stat(path)
            if not stat.S_ISDIR(entry.st_mode):
                yield path
            elif (entry.st_dev, entry.st_ino) not in seen:
                seen.add((entry.st_dev, entry.st_ino))
                names = [name for name in os.listdir(path) if not name.startswith(".")]
                waiting += [os.path.join(path, name) for name in sorted(names, key=natural_key, reverse=True)]
        except (OSError, ValueError):
            yield path  # reading it says what is wrong


def natural_key(name: str) -> tuple:
    """Return the key that sorts 2.png before 10.png."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)], name


def read_image_file(path: str, label_column: str | None = None) -> Iterator[LoadedImage]:
    """Yield every LoadedImage of one file. Raises InputError, without the file's name."""
    try:
        if "\0" in path:
            raise InputError("holds a NUL character, which no path may", "name another one")
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            os.listdir(path)  # raises what kept `walk_files` from looking into it
        if not stat.S_ISREG(mode):  # a pipe would hang, a device never end
            raise InputError("is not a file", f"name a {readable_kinds()}, or a folder of these")
        with open(path, "rb") as file:
            start = file.read(len(array_files.NPY_MAGIC))
            if not start:
                raise InputError(EMPTY_FILE_PROBLEM, "get it again")
            pickles.refuse_pickle(path)
            array_format = next((entry for entry in ARRAY_FORMATS if entry.recognizes(path, start)), None)
            if array_format is None:
                file.seek(0)
                yield LoadedImage(path, decode.decode_image(file, remedy=f"name a {readable_kinds()}"))
                return
        if array_format.labelled:
            yield from array_format.read(path, label_column)
            return
        for index, array in array_format.read(path):
            yield LoadedImage(path, array, index, is_array=True)
    except OSError as error:
        raise read_failure(error) from None


def readable_kinds() -> str:
    """Name every kind of file that is read, as ``picture, .npy, IDX, ... or parquet file``."""
    *others, last = [array_format.name for array_format in ARRAY_FORMATS]
    return f"{', '.join(['picture', *others])} or {last} file"


def read_failure(error: OSError) -> InputError:
    """Return the InputError for an OSError in reading."""
    return InputError(f"cannot be read ({error.strerror})", READ_REMEDIES.get(type(error), "look what is wrong there"))


def read_table_images(path: str, label_column: str | None) -> Iterator[LoadedImage]:
    """Yield the LoadedImages in a table with their labels, of the test part where it has one."""
    found = read_digit_tables(path, label_column)
    part = "test" if "test" in found else next(iter(found))
    digits, notice = found[part], f"its {part} part is read" if len(found) > 1 else ""
    for row, pixels in enumerate(digits.pixels):
        label = None if digits.labels is None else digits.class_names[digits.labels[row]]
        yield LoadedImage(path, pixels.reshape(IMAGE_SIDE, IMAGE_SIDE), row, is_array=True, label=label,
                          notice="" if row else sentence(notice, digits.notice))


@dataclass(frozen=True)
class ArrayFormat:
    """A format of files of numbers: what such files are called, ``recognizes(path, start)`` by name or first 6 bytes.

    ``read(path)`` does as `array_files.read_npy`; its arrays are uint8, uint16 or floats from 0 to 1. That of a
    ``labelled`` one does as `read_table_images`.
    """

    name: str
    recognizes: Callable[[str, bytes], bool]
    read: Callable[..., Iterator]
    labelled: bool = False


def is_named_as(table_format: table_formats.TableFormat, path: str, start: bytes) -> bool:
    """Whether a file's name says that it is a table of this format."""
    return table_formats.find_format(path) is table_format


def is_idx(path: str, start: bytes) -> bool:
    """Whether a file begins as an IDX file does, or is gzipped, as these are."""
    return start[:2] == GZIP_MAGIC or (start[:2] == IDX_MAGIC and start[2] in IDX_DTYPES)


ARRAY_FORMATS = (  # the first that recognizes a file reads it; what none does is Pillow's
    ArrayFormat(".npy", lambda path, start: start == array_files.NPY_MAGIC, array_files.read_npy),
    *(ArrayFormat(entry.name, functools.partial(is_named_as, entry), read_table_images, labelled=True)
      for entry in table_formats.TABLE_FORMATS if entry.name != ".npy"),  # which may hold pictures of any size
    ArrayFormat("IDX", is_idx, array_files.read_idx),
)
