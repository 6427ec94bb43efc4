"""The formats of tables, one row each: what such a file is called, the endings of its names, how it is read."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from neuralscope.datasets.arff import read_arff
from neuralscope.datasets.array_pairs import read_npy, read_npz
from neuralscope.datasets.delimited_text import read_delimited
from neuralscope.datasets.parquet import read_parquet
from neuralscope.datasets.pickles import PICKLE_ENDINGS, refuse_pickle
from neuralscope.datasets.table import Table
from neuralscope.errors import InputError

GZIP_ENDING = ".gz"


@dataclass(frozen=True)
class TableFormat:
    """A format of files with a row for each picture.

    ``read(path)`` returns the Tables in a file by their part: "train" and "test", or "" for the only one. Raises
    InputError, without the file's name, or OSError. ``packed``: whether a file may be gzipped.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[str | os.PathLike], Mapping[str, Table]]
    packed: bool = False


def only(read: Callable[[str | os.PathLike], Table]) -> Callable[[str | os.PathLike], Mapping[str, Table]]:
    """Return a function that returns what ``read`` does as the only part of a file."""
    return lambda path: {"": read(path)}


TABLE_FORMATS = (
    TableFormat("CSV", (".csv", ".tsv", ".tab", ".txt", ".dat", ".data"), only(read_delimited), packed=True),
    TableFormat("ARFF", (".arff",), only(read_arff), packed=True),
    TableFormat(".npz", (".npz",), read_npz),
    TableFormat(".npy", (".npy",), only(read_npy)),
    TableFormat("parquet", (".parquet",), only(read_parquet)),
)


def table_stem(name: str) -> str:
    """Return a file's name in small letters without its ending, of which .gz may be a part."""
    return os.path.splitext(name.lower().removesuffix(GZIP_ENDING))[0]


def find_format(path: str | os.PathLike) -> TableFormat | None:
    """Return the TableFormat of a file by the ending of its name, or None."""
    name = os.path.basename(os.fspath(path)).lower()
    bare = name.removesuffix(GZIP_ENDING)
    return next((entry for entry in TABLE_FORMATS if (bare if entry.packed else name).endswith(entry.endings)), None)


def is_table_name(path: str | os.PathLike) -> bool:
    """Whether a file is a table by the ending of its name, or a pickle, which is refused as one."""
    return bool(find_format(path)) or os.fspath(path).lower().removesuffix(GZIP_ENDING).endswith(PICKLE_ENDINGS)


def table_kinds() -> str:
    """Name the endings of all tables, as `.csv, ... or .parquet`."""
    *others, last = [entry.endings[0] for entry in TABLE_FORMATS]
    return f"{', '.join(others)} or {last}"


def read_tables(path: str | os.PathLike) -> Mapping[str, Table]:
    """Return the Tables in a file by their part, as `TableFormat.read` does; raises InputError or OSError."""
    check_is_file(path)
    refuse_pickle(path)
    found = find_format(path)
    if found is None:
        raise InputError("is no table by the ending of its name", f"call it by what it is: {table_kinds()}")
    return found.read(path)


def check_is_file(path: str | os.PathLike) -> None:
    """Raise InputError for a folder or a pipe, which would hang, and OSError where there is nothing."""
    if not Path(path).is_file():
        os.stat(path)
        raise InputError("is not a file", f"name a table: {table_kinds()}")
