"""Read digits from a CSV file in Kaggle's form: a row is a label and 784 pixels, with or without a header above.

Pixels are whole numbers 0..255, 255.0 among them, or fractions 0..1. The last sixth of the rows is the test part,
unless ``FILE_test.csv`` lies beside ``FILE.csv``.
"""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_PIXELS

ROW_COLUMNS = 1 + IMAGE_PIXELS
MAX_LINE_BYTES = 2**20  # bytes of a line; a file without line ends is not to fill the memory


@dataclass(frozen=True)
class CsvLayout:
    """What one pass over a file's lines finds.

    1 or 0 ``header`` lines, ``rows`` below it, ``columns`` in a row, and whether a number has a point.
    """

    header: int
    rows: int
    columns: int
    points: bool


def read_csv(path: str | os.PathLike, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images (n, 784) uint8, or float32 in [0, 1], and labels (n,) uint8 of ``part``, "train" or "test".

    Raises InputError with the line number of what is wrong.
    """
    path = Path(path)
    test_path = path.with_name(f"{path.stem}_test{path.suffix}")
    try:
        if path.exists() and not path.is_file():
            raise InputError("is not a file", "name a CSV file of digits")
        path.stat()  # also where only FILE_test.csv will be read
        if test_path.is_file():
            path = test_path if part == "test" else path
            layout = _scan_layout(path)
            return _parse_rows(path, layout, 0, layout.rows)
        layout = _scan_layout(path)
        split = layout.rows - max(1, layout.rows // 6)
        if part == "test":
            return _parse_rows(path, layout, split, layout.rows)
        if split == 0:
            raise InputError("has one row only, which is the test part", "add rows to train on")
        return _parse_rows(path, layout, 0, split)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", "name a CSV file of digits") from None
    except InputError as error:
        raise error.prefixed(f"{path}: ") from None


def read_csv_blocks(path: str | os.PathLike, size: int) -> Iterator[np.ndarray]:
    """Yield images (at most ``size``, 784) uint8, or float32 in [0, 1], of all rows, which may come without a label.

    Raises InputError, without the file's name, with the line number of what is wrong; OSError where the file cannot be
    opened.
    """
    layout = _scan_layout(path, (ROW_COLUMNS, IMAGE_PIXELS))
    with _open_text(path) as file:
        next(itertools.islice(file, layout.header, layout.header), None)  # past the header
        for above in range(layout.header, layout.header + layout.rows, size):
            count = min(size, layout.header + layout.rows - above)
            yield _parse_lines(itertools.islice(file, count), path, layout, above)[0]


def _scan_layout(path, widths=(ROW_COLUMNS,)):
    """Return the CsvLayout of a file; raise InputError for the first line that has not the form of a row.

    The first row's number of values counts for all, where it is one of ``widths``.
    """
    header = rows = blank = columns = 0
    points = False
    with open(path, "rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES), b""), 1):
            line = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not line:
                blank = blank or number
                continue
            if blank:
                raise InputError(f"line {blank}: blank", "remove the line")
            if number == 1 and not any(map(_is_number, line.split(b","))):  # else a bad row, and told as one
                header = 1
                continue
            columns = columns or (value_count(line) if value_count(line) in widths else widths[0])
            points |= _check_form(line, f"line {number}", columns)
            rows += 1
    if not rows:
        raise InputError("has no rows", "a row is a label and 784 pixels")
    return CsvLayout(header, rows, columns, points)


def value_count(line: bytes) -> int:
    """Return how many values a line holds."""
    return line.count(b",") + 1


def _is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def _check_form(line, where, columns):
    """Return whether a number has a point; raise InputError for strange letters or a wrong number of values."""
    strange = line.translate(None, b"0123456789, \t")  # a fast way past 47 million good characters
    if strange.strip(b".eE+-"):
        field = next(field for field in line.split(b",") if field.translate(None, b"0123456789 \t.eE+-"))
        raise InputError(f"{where}: {field[:20].decode('utf-8', 'replace')!r} is not a number",
                         "a row is a label and 784 pixels")
    if value_count(line) != columns:
        words = "a label and 784 pixels" if columns == ROW_COLUMNS else "as in the first row"
        raise InputError(f"{where}: {value_count(line)} values where {columns} were expected, {words}", "mend the line")
    return bool(strange.strip(b"+-"))


def _parse_rows(path, layout, first, last):
    """Return images and labels of rows ``first`` to ``last``, counted from 0 below the header."""
    above = layout.header + first
    with _open_text(path) as file:
        images, labels = _parse_lines(itertools.islice(file, above, layout.header + last), path, layout, above)
    _check_all(np.isin(labels, np.arange(10)), labels[:, None], "label {:g} is not one of 0..9", "mend the line", above)
    return images, labels.astype(np.uint8)


def _parse_lines(lines, path, layout, above):
    """Return images and the first column of ``lines``, before which are ``above`` others."""
    lines = (line.rstrip("\r\n") for line in lines)
    try:
        table = np.loadtxt(lines, np.float32 if layout.points else np.int16, delimiter=",", comments=None, ndmin=2)
    except ValueError as error:
        raise _bad_field(path, above) or InputError(str(error)) from None
    images = table[:, -IMAGE_PIXELS:]
    whole_numbers = not layout.points or (images.max() > 1 and (images == np.rint(images)).all())
    top = 255 if whole_numbers else 1
    fits = (images >= 0) & (images <= top)  # False for NaN too
    _check_all(fits, images, f"pixel {{:g}} is outside 0..{top}",
               "pixels are whole numbers from 0 to 255, or all from 0 to 1", above)
    return images.astype(np.uint8) if whole_numbers else images, table[:, 0]


def _check_all(fits, values, problem, remedy, above):
    """Raise InputError, with the line, for the first value that does not fit; ``problem`` has a place for it."""
    if not fits.all():
        row, column = np.argwhere(~fits.reshape(values.shape))[0]
        raise InputError(f"line {above + row + 1}: {problem.format(values[row, column])}", remedy)


def _open_text(path):
    """Open a file so that its lines are those that `_scan_layout` counts: only a line feed ends one."""
    return open(path, encoding="utf-8-sig", errors="replace", newline="\n")


def _bad_field(path, above):
    """Return the InputError for the first field that is no number or past any range, or None."""
    with _open_text(path) as file:
        for number, line in enumerate(file, 1):
            for field in line.split(",") if number > above else ():
                if not _is_number(field) or abs(float(field)) > 255:
                    return InputError(f"line {number}: {field.strip()[:20]!r} is not a number 0..255", "mend the line")
    return None
