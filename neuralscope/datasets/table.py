"""A table as a file holds it: rows are pictures, columns their pixels and what else is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from neuralscope.errors import InputError
from neuralscope.short_repr import short_repr

LABEL_NAMES = "label", "class", "y", "target", "digit"  # of the column that says what a picture shows, in any case


def is_label_name(name: str) -> bool:
    """Whether a column's name says that it holds the labels."""
    return name.strip().lower() in LABEL_NAMES


@dataclass(frozen=True, eq=False)
class Table:
    """Rows and columns, before anybody has said what a column means.

    ``numbers`` (rows, columns), any kind of number, 0 in columns of words; ``words``: the (rows,) texts of such a
    column, by its place; ``names``: of all columns, or (). ``first_line``: that of the first row, in a file of lines.
    """

    numbers: np.ndarray
    names: tuple[str, ...] = ()
    words: Mapping[int, np.ndarray] = field(default_factory=dict)
    first_line: int | None = None
    __repr__ = short_repr

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def column_count(self) -> int:
        """How many columns there are."""
        return self.numbers.shape[1]

    def column(self, place: int) -> np.ndarray:
        """Return the numbers or the words of a column, (rows,)."""
        return self.words[place] if place in self.words else self.numbers[:, place]

    def row_name(self, row: int) -> str:
        """Return what a person finds a row by: its line, or its number from 1."""
        return f"row {row + 1}" if self.first_line is None else f"line {self.first_line + row}"

    def column_name(self, place: int) -> str:
        """Return what a person finds a column by: its name, or its number from 1."""
        return repr(self.names[place]) if self.names and self.names[place] else f"column {place + 1}"

    def check_numbers(self, places: np.ndarray) -> None:
        """Raise InputError where one of these columns holds words."""
        for place in sorted(self.words.keys() & set(places.tolist())):
            words = self.words[place]
            row = next((row for row, word in enumerate(words) if not word.replace(".", "", 1).isdecimal()), 0)
            raise InputError(f"{self.row_name(row)}: {words[row][:20]!r} is not a number, as pixels are",
                             "mend the line", "name the column of the labels with --label-column")


def compacted(numbers: np.ndarray) -> np.ndarray:
    """Return numbers in the smallest dtype that holds them: whole ones as integers, all others as float32.

    What is not finite stays where it is.
    """
    if numbers.dtype.kind == "b":
        return numbers.astype(np.uint8)
    if not numbers.size:
        return numbers
    low, high = numbers.min(), numbers.max()
    if numbers.dtype.kind == "f":
        whole = abs(low) < 2**31 and abs(high) < 2**31 and (numbers == np.rint(numbers)).all()  # False for NaN
        if not whole:
            return numbers.astype(np.float32, copy=False)
    smallest = np.result_type(np.min_scalar_type(int(low)), np.min_scalar_type(int(high)))
    return numbers.astype(smallest, copy=False)
