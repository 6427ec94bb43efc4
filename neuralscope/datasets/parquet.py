"""Parquet files: a column of numbers for each pixel, one of lists of them, or one of pictures as Hugging Face has it.

They are read by pyarrow, which is there where tensorflow-datasets is.
"""

import io
import os
from typing import Any

import numpy as np

from neuralscope.datasets.decode import decode_image
from neuralscope.datasets.table import Table, compacted
from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_PIXELS, IMAGE_SIDE

FORM_HINT = "a row is a label and 784 numbers, a list of them, or a picture"


def read_parquet(path: str | os.PathLike) -> Table:
    """Return the Table in a parquet file; raises InputError, without the file's name, or OSError."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError("is a parquet file, which pyarrow reads, and that is missing",
                         "install it: python -m pip install pyarrow") from None
    with open(path, "rb") as file:
        try:
            found = parquet.read_table(file)
            columns = [(name, found.column(place).combine_chunks()) for place, name in enumerate(found.column_names)]
            if found.num_rows:
                return to_table(columns, found.num_rows)
        except InputError:
            raise
        except (pyarrow.ArrowException, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"is damaged or no parquet file ({reason:.60})", "get it again") from None
    raise InputError("has no rows", FORM_HINT)


def to_table(columns: list[tuple[str, Any]], rows: int) -> Table:
    """Return the Table of named columns of Arrow's; raises InputError for one that holds neither numbers nor words."""
    parts, words = [], {}
    names: list[str] = []
    for name, column in columns:
        if column.null_count:
            raise InputError(f"column {name!r} has rows without a value", "fill them or leave them out")
        values = column_values(name, column)
        if values.dtype.kind == "U":
            words[len(names)], values = values, np.zeros(rows, np.uint8)
        parts.append(compacted(values).reshape(rows, -1))
        width = parts[-1].shape[1]
        names += [name] if width == 1 else [f"{name} {number}" for number in range(width)]
    return Table(np.concatenate(parts, axis=1), tuple(names), words)


def column_values(name: str, column: Any) -> np.ndarray:
    """Return the values of one of Arrow's columns: (rows,) numbers or texts, or (rows, 784) numbers."""
    from pyarrow import types

    kind = column.type
    if types.is_dictionary(kind):
        return column_values(name, column.dictionary_decode())
    if types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind):
        return column.to_numpy(zero_copy_only=False)
    if types.is_string(kind) or types.is_large_string(kind):
        return np.array(column.to_pylist(), dtype=str)
    if types.is_struct(kind) and kind.get_field_index("bytes") >= 0:
        return decoded_pictures(column.field("bytes").to_pylist())
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        flat = column.flatten()
        while types.is_list(flat.type) or types.is_large_list(flat.type) or types.is_fixed_size_list(flat.type):
            flat = flat.flatten()
        values = flat.to_numpy(zero_copy_only=False)
        if values.dtype.kind in "iufb" and len(values) == IMAGE_PIXELS * len(column):
            return values.reshape(-1, IMAGE_PIXELS)
    raise InputError(f"column {name!r} holds {kind!s:.40}, which is neither numbers nor words", FORM_HINT)


def decoded_pictures(contents: list[bytes]) -> np.ndarray:
    """Return the pixels (rows, 784) uint8 of pictures of 28x28 as their files' bytes; raises InputError."""
    pixels = np.empty((len(contents), IMAGE_PIXELS), np.uint8)
    for row, content in enumerate(contents):
        picture = decode_image(io.BytesIO(content or b""))
        if picture.shape != (IMAGE_SIDE, IMAGE_SIDE) or picture.dtype != np.uint8:
            raise InputError(f"row {row + 1}: is a picture of {' x '.join(map(str, picture.shape))}, "
                             "and grey ones of 28 x 28 are read", "make them so")
        pixels[row] = picture.reshape(-1)
    return pixels
