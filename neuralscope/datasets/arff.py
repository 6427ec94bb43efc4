"""ARFF files, as Weka and OpenML have them: names of columns by @attribute, then rows with commas below @data."""

import contextlib
import os
import re
from collections.abc import Generator

from neuralscope.datasets.delimited_text import numbered_lines, parse_rows
from neuralscope.datasets.table import Table
from neuralscope.errors import InputError

ATTRIBUTE = re.compile(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s+\S", re.IGNORECASE)


def read_arff(path: str | os.PathLike) -> Table:
    """Return the Table in an ARFF file; raises InputError, with the number of the line, or OSError."""
    names = read_names(path)
    return parse_rows(lambda: data_lines(path), names, b"'")


def read_names(path: str | os.PathLike) -> list[str]:
    """Return the names of the columns."""
    names = []
    with contextlib.closing(numbered_lines(path)) as lines:
        for number, line in lines:
            text = line.decode("utf-8", "replace")
            if text.lower().startswith("@data"):
                break
            if text.lower().startswith("@attribute"):
                found = ATTRIBUTE.match(text)
                if not found:
                    raise InputError(f"line {number}: is no @attribute with a name and a type", "mend the line")
                names.append(found[1].strip("'\""))
        else:
            raise InputError("has no line @data, below which an ARFF file's rows are", "get it again")
    if not names:
        raise InputError("has no line @attribute, which names an ARFF file's columns", "get it again")
    return names


def data_lines(path: str | os.PathLike) -> Generator[tuple[int, bytes]]:
    """Yield the lines below @data with their numbers, but for comments and blank ones."""
    below = False
    with contextlib.closing(numbered_lines(path)) as lines:
        for number, line in lines:
            if below and line and not line.startswith(b"%"):
                if line.startswith(b"{"):
                    raise InputError(f"line {number}: is sparse ARFF, which is not read", "save it with all its values")
                yield number, line
            below = below or line.lower().startswith(b"@data")
