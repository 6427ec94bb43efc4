"""How the rows of a text file are written: what separates its columns, whether names stand above them, which are words.
"""

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_PIXELS

# Between columns, the surest first: a comma may be a decimal's, a space may stand beside another separator.
SEPARATORS = {b"\t": "tabs", b";": "semicolons", b"|": "bars", b",": "commas", b" ": "spaces"}
NUMBER_LETTERS = b"0123456789.eE+-"


@dataclass(frozen=True)
class TextLayout:
    """How a file's rows are written, as its first lines show.

    ``separator``: one of SEPARATORS; ``quote``: b'"' or b"'"; ``names``: those in the header, or (); ``columns``: of a
    row; ``words``: the places of the columns that hold words; ``decimal_comma``: whether 0,5 is a number.
    """

    separator: bytes
    quote: bytes
    names: tuple[str, ...]
    columns: int
    words: tuple[int, ...]
    decimal_comma: bool

    def fields(self, line: bytes) -> list[bytes]:
        """Return what stands between separators, without quotes and spaces around it."""
        if self.quote in line:
            text = csv.reader([line.decode("utf-8", "replace")], delimiter=self.separator.decode(),
                              quotechar=self.quote.decode(), skipinitialspace=True)
            with contextlib.suppress(csv.Error):  # of quotes and returns that nobody meant
                return [field.strip().encode() for field in next(text)]
        parts = line.split() if self.separator == b" " else line.split(self.separator)
        return [part.strip() for part in parts]


def find_layout(head: list[bytes], names: Sequence[str] | None, quote: bytes = b'"') -> TextLayout:
    """Return the TextLayout of a file by its first one or two lines; raises InputError."""
    separator = find_separator(head[-1], quote)
    commas = separator != b"," and b"," in head[-1] and b"." not in head[-1]
    layout = TextLayout(separator, quote, tuple(names or ()), 0, (), commas)
    fields = [layout.fields(line) for line in head]
    if names is None and is_header(fields[0]):
        header = [field.decode("utf-8", "replace") for field in fields[0]]
        header[0] = header[0].removeprefix("#").strip()
        if len(head) > 1 and len(fields[1]) == len(header) + 1:
            header = ["", *header]  # as R writes it: the names of the rows have none
        layout = TextLayout(separator, quote, tuple(header), 0, (), commas)
    row = fields[-1 if layout.names and names is None else 0]
    words = tuple(place for place, field in enumerate(row) if field and not is_number(field, commas))
    columns = len(layout.names) or len(row)
    if columns < IMAGE_PIXELS:
        check_other_separators(head[-1], separator, columns)
    return TextLayout(separator, quote, layout.names, columns, words, commas)


def find_separator(line: bytes, quote: bytes) -> bytes:
    """Return the separator of a line's columns: the first that makes a picture's, or else the most frequent."""
    bare = re.sub(rb"%b[^%b]*%b" % (quote, quote, quote), b"x", line)
    counts = {separator: len(bare.split()) - 1 if separator == b" " else bare.count(separator)
              for separator in SEPARATORS}
    enough = (separator for separator, count in counts.items() if count >= IMAGE_PIXELS - 1)
    most = max(counts, key=counts.__getitem__)
    return next(enough, most if counts[most] else b",")


def check_other_separators(line: bytes, separator: bytes, columns: int) -> None:
    """Raise InputError where a line's columns seem to be separated by something that is not read."""
    marks = Counter(line.decode("utf-8", "replace"))
    for mark, count in marks.most_common():
        if not mark.isalnum() and mark not in "+-.\"' " and mark != separator.decode() and count >= IMAGE_PIXELS - 1:
            raise InputError(f"columns are separated by {mark!r}, which is not read",
                             "save it with commas, semicolons, tabs or spaces between them")


def is_number(field: bytes, decimal_comma: bool = False) -> bool:
    """Whether a field is a number as tables have it; "nan" and "infinity" are none."""
    field = field.replace(b",", b".") if decimal_comma else field
    try:
        float(field)
    except ValueError:
        return False
    return not field.translate(None, NUMBER_LETTERS)


def is_header(fields: list[bytes]) -> bool:
    """Whether a first line holds names: none is a number, or those that are count the columns.

    What pandas gives columns without a name is their number: 0, 1, 2 and on, which no row of pixels is.
    """
    numbers = [field for field in fields if is_number(field)]
    if not numbers:
        return any(fields)
    counted = [int(field) if field.isdigit() else -1 for field in numbers]
    return len(numbers) >= IMAGE_PIXELS and counted == list(range(counted[0], counted[0] + len(counted)))
