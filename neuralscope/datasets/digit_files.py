"""A file of pictures and labels in any format of tables, read once and kept in the cache for the next start."""

import functools
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from neuralscope.datasets import (
    arff,
    array_pairs,
    cache,
    delimited_text,
    digit_table,
    label_column,
    parquet,
    pixel_scale,
    table,
    text_layout,
    text_lines,
)
from neuralscope.datasets.digit_table import DigitTable, make_digit_table
from neuralscope.datasets.table_formats import check_is_file, read_tables
from neuralscope.images import background, dark_ink, frames

MIN_CACHED_BYTES = 2**20  # of a file; a smaller one is read at once
HASHED_BYTES = 2**20  # at a time
# what decides how a file is read: where one of these changes, what was kept does not count any more
RECIPE_MODULES = (arff, array_pairs, background, dark_ink, frames, delimited_text, digit_table, label_column, parquet,
                  pixel_scale, table, text_layout, text_lines)


def read_digit_tables(path: str | os.PathLike, asked: str | None = None) -> Mapping[str, DigitTable]:
    """Return the DigitTables in a file by their part: "train" and "test", or "" for the only one.

    ``asked``: the label's column, as `find_columns` has it. Raises InputError, without the file's name, where it is
    damaged or not certain, or OSError.
    """
    check_is_file(path)
    if os.stat(path).st_size < MIN_CACHED_BYTES:
        return make_digit_tables(path, asked)
    origin = file_origin(path, asked)
    name = f"table-{hashlib.sha256(origin.encode()).hexdigest()[:32]}"
    found = unpack_arrays(cache.read_arrays(name, origin))
    if found is None:
        found = make_digit_tables(path, asked)
        cache.write_arrays(name, origin, pack_arrays(found))
    return found


def make_digit_tables(path: str | os.PathLike, asked: str | None) -> dict[str, DigitTable]:
    """Do what `read_digit_tables` does, from the file itself."""
    return {part: make_digit_table(content, asked) for part, content in read_tables(path).items()}


def file_origin(path: str | os.PathLike, asked: str | None) -> str:
    """Return a text that is another one where a file has changed, or is to be read otherwise; raises OSError."""
    checksum = 0
    with open(path, "rb") as file:
        for block in iter(functools.partial(file.read, HASHED_BYTES), b""):
            checksum = zlib.crc32(block, checksum)
        entry = os.fstat(file.fileno())
    return f"{recipe_digest()} {entry.st_size} {entry.st_mtime_ns} {checksum} {asked!r} {Path(path).suffix.lower()}"


@functools.cache
def recipe_digest() -> str:
    """Return a digest of how files are read."""
    content = b"".join(Path(str(module.__file__)).read_bytes() for module in RECIPE_MODULES)
    return hashlib.sha256(content).hexdigest()


def pack_arrays(tables: Mapping[str, DigitTable]) -> list[np.ndarray]:
    """Return DigitTables as arrays: pixels and labels of each, and last in JSON what is said of them."""
    arrays, said = [], []
    for part, digits in tables.items():
        labels = np.empty(0, np.uint8) if digits.labels is None else digits.labels
        arrays += [digits.pixels, labels.astype(np.min_scalar_type(max(1, len(digits.class_names))))]
        said.append([part, digits.labels is not None, digits.class_names, digits.notice, digits.label_column])
    return [*arrays, np.frombuffer(json.dumps(said).encode(), np.uint8)]


def unpack_arrays(arrays: list[np.ndarray] | None) -> dict[str, DigitTable] | None:
    """Return the DigitTables in arrays that `pack_arrays` made, or None where there are none."""
    if arrays is None:
        return None
    said = json.loads(arrays[-1].tobytes())
    pairs = zip(arrays[:-1:2], arrays[1:-1:2], said, strict=True)
    return {part: DigitTable(pixels, labels.astype(np.int64) if has_labels else None, tuple(names), notice, column)
            for pixels, labels, (part, has_labels, names, notice, column) in pairs}
