"""Tables in text: CSV and its kin, with commas, semicolons, tabs, bars or spaces between columns, a header or none.

Names and words may be quoted; decimals may have a comma where columns have another separator. A line that has not the
form of the first row is refused by its number.
"""

import contextlib
import itertools
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from neuralscope.datasets.table import Table, compacted, is_label_name
from neuralscope.datasets.text_layout import TextLayout, find_layout, is_number
from neuralscope.datasets.text_lines import read_lines
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.images.augmentation import IMAGE_PIXELS

BLOCK_ROWS = 256
MAX_NUMBER = np.iinfo(np.int64).max


class WordError(InputError):
    """A field that is no number; ``place``: of its column, None where it is too large a one."""

    def __init__(self, field: bytes, number: int, place: int) -> None:
        problem = "is too large a number" if is_number(field) else "is not a number"
        super().__init__(f"line {number}: {field[:20].decode('utf-8', 'replace')!r} {problem}",
                         f"a row is a label and {IMAGE_PIXELS} pixels")
        self.place = None if is_number(field) else place


def read_delimited(path: str | os.PathLike) -> Table:
    """Return the Table in a text file; raises InputError, with the number of the line, or OSError."""
    return parse_rows(lambda: numbered_lines(path))


def numbered_lines(path: str | os.PathLike) -> Generator[tuple[int, bytes]]:
    """Yield the lines of a text file with their numbers, from 1; closed, it closes the file."""
    with contextlib.closing(read_lines(path)) as lines:
        yield from enumerate(lines, 1)


def parse_rows(open_lines: Callable[[], Generator[tuple[int, bytes]]], names: Sequence[str] | None = None,
               quote: bytes = b'"') -> Table:
    """Return the Table in the lines that ``open_lines()`` yields with their numbers; raises InputError.

    ``names``: of the columns, where no header has them. The first row shows which columns hold words; in one that may
    be the labels' they may come later.
    """
    def parsed(more_words=()):
        with contextlib.closing(open_lines()) as lines:  # what is raised would keep the file open for a while
            return _parse_rows(lines, names, quote, more_words)

    try:
        return parsed()
    except WordError as error:
        with contextlib.closing(open_lines()) as lines:
            layout = find_layout([line for _, line in itertools.islice(lines, 2)], names, quote)
        named = [place for place, name in enumerate(layout.names) if is_label_name(name)]
        if error.place not in (named or (0, layout.columns - 1)) or error.place in layout.words:
            raise
        return parsed((error.place,))


def _parse_rows(lines, names, quote, more_words):
    lines = check_blank_lines(lines)
    head = list(itertools.islice(lines, 2))
    if not head:
        raise InputError("has no rows", f"a row is a label and {IMAGE_PIXELS} pixels")
    layout = find_layout([line for _, line in head], names, quote)
    layout = replace(layout, words=(*layout.words, *more_words))
    rows = head[1:] if layout.names and names is None else head
    if not rows:
        raise InputError("has no rows below its names", f"a row is a label and {IMAGE_PIXELS} pixels")
    first_line, lines = rows[0][0], itertools.chain(rows, lines)
    blocks, words = [], {place: [] for place in layout.words}
    while block := list(itertools.islice(lines, BLOCK_ROWS)):
        blocks.append(parse_block(block, layout, words))
    texts = {place: np.array(found) for place, found in words.items()}
    return Table(np.concatenate(blocks), layout.names, texts, first_line)


def check_blank_lines(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Yield all numbered lines but blank ones at the end; raise InputError for one between others."""
    blank = None
    for number, line in lines:
        if not line:
            blank = blank or number
            continue
        if blank:
            raise InputError(f"line {blank}: blank", "remove the line")
        yield number, line


def parse_block(block: list[tuple[int, bytes]], layout: TextLayout, words: dict[int, list[str]]) -> np.ndarray:
    """Return the numbers (rows, columns) of numbered lines, and add to ``words`` what their columns hold."""
    lines, points = [], False
    for number, line in block:
        if layout.words or layout.quote in line:
            fields = layout.fields(line)
            check_count(len(fields), number, layout)
            for place in layout.words:
                words[place].append(fields[place].decode("utf-8", "replace"))
                fields[place] = b"0"
            line = layout.separator.join(fields)
        points |= check_form(line, number, layout)
        lines.append((line.replace(b",", b".") if layout.decimal_comma else line).decode())
    delimiter = None if layout.separator == b" " else layout.separator.decode()
    for kind in (np.float32,) if points else (np.int16, np.int64):
        with contextlib.suppress(ValueError):
            return compacted(np.loadtxt(lines, kind, delimiter=delimiter, comments=None, ndmin=2))
    raise bad_field(block, layout)


def check_form(line: bytes, number: int, layout: TextLayout) -> bool:
    """Return whether a number has a point; raise InputError for strange letters or a wrong number of values."""
    strange = line.translate(None, b"0123456789" + layout.separator + b" \t")  # a fast way past good characters
    if strange.strip(b".eE+-," if layout.decimal_comma else b".eE+-"):
        for place, field in enumerate(layout.fields(line)):
            if not is_number(field, layout.decimal_comma):
                raise WordError(field, number, place)
    count = len(line.split()) if layout.separator == b" " else line.count(layout.separator) + 1
    check_count(count, number, layout)
    return bool(strange.strip(b"+-"))


def check_count(count: int, number: int, layout: TextLayout) -> None:
    """Raise InputError where a line has more or fewer values than there are columns."""
    if count != layout.columns:
        words = "as many as there are names" if layout.names else "as in the first row"
        raise InputError(f"line {number}: {counted(count, 'value')} where {layout.columns} were expected, {words}",
                         "mend the line")


def bad_field(block: list[tuple[int, bytes]], layout: TextLayout) -> InputError:
    """Return the InputError for the first field of these lines that cannot be read as a number."""
    fields = ((field, number, place) for number, line in block for place, field in enumerate(layout.fields(line))
              if place not in layout.words)
    wrong = (where for where in fields if not is_number(where[0], layout.decimal_comma)
             or abs(float(where[0].replace(b",", b"."))) > MAX_NUMBER)
    return next((WordError(*where) for where in wrong),
                InputError(f"line {block[0][0]} or one of the next cannot be read", "mend the line"))
