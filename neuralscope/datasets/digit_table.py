"""A table's pictures and what they show: pixels in their range, labels as places among the names of the classes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from neuralscope.datasets.label_column import (
    LABEL_COLUMN_REMEDY,
    MAX_CLASSES,
    ColumnRoles,
    check_words,
    find_columns,
    is_whole,
)
from neuralscope.datasets.pixel_scale import lighten_ink, scale_pixels
from neuralscope.datasets.table import Table, compacted
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted, there_are
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class DigitTable:
    """Pictures, and their labels where there are any.

    ``pixels`` (n, 784) uint8, or float32 in [0, 1]; ``labels`` (n,) int64: places in ``class_names``, or None;
    ``notice``: what was assumed of the file, or ""; ``label_column``: the number of the labels' column, from 1, where
    only its values say that it is.
    """

    pixels: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    notice: str = ""
    label_column: int | None = None
    __repr__ = short_repr

    def __len__(self) -> int:
        return len(self.pixels)

    def rows(self, places: np.ndarray) -> "DigitTable":
        """Return the rows at these places."""
        return replace(self, pixels=self.pixels[places], labels=None if self.labels is None else self.labels[places])

    def with_class_names(self, names: tuple[str, ...]) -> "DigitTable":
        """Return the same rows with labels that are places in ``names``, in which all of its own are."""
        if self.labels is None or names == self.class_names:
            return replace(self, class_names=names)
        places = np.array([names.index(name) for name in self.class_names])
        return replace(self, labels=places[self.labels], class_names=names)

    def with_labels_of(self, table: Table, notice: str) -> "DigitTable":
        """Return the same pictures with the labels in a Table of one column; raises InputError."""
        if len(table) != len(self):
            raise InputError(f"{there_are(len(table), 'label')} to {counted(len(self), 'picture')}",
                             "bring one for each")
        labels, names = column_labels(table, 0)
        return replace(self, labels=labels, class_names=names, notice=sentence(self.notice, notice))


def make_digit_table(table: Table, label_column: str | None = None) -> DigitTable:
    """Return the DigitTable of a Table; ``label_column``: as `find_columns` has it. Raises InputError."""
    roles = find_columns(table, label_column)
    table.check_numbers(roles.pixels)
    first, last = roles.pixels[[0, -1]]
    together = last - first + 1 == len(roles.pixels)
    values = table.numbers[:, first:last + 1] if together else table.numbers[:, roles.pixels]
    pixels, notice = scale_pixels(compacted(values), table.row_name)
    pixels, ink_notice = lighten_ink(pixels)
    labels, names = read_labels(table, roles)
    column = roles.labels[0] + 1 if roles.guessed else None
    return DigitTable(np.ascontiguousarray(pixels), labels, names, sentence(roles.notice, notice, ink_notice),
                      column)


def read_labels(table: Table, roles: ColumnRoles) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return labels (n,) int64, or None, and the names of the classes, in which they are places; raises InputError."""
    if len(roles.labels) < 2:
        return column_labels(table, roles.labels[0]) if roles.labels else (None, ())
    labels = table.numbers[:, roles.labels].argmax(axis=1)
    names = [table.names[place] for place in roles.labels] if table.names else []
    common = 0  # letters: what is common to digit_0 and digit_1 is no name
    while names and len({name[:common + 1] for name in names}) == 1:
        common += 1
    names = [name[common:] for name in names]
    if len(set(names)) < len(roles.labels) or not all(names):
        names = [str(place) for place in range(len(roles.labels))]
    return labels.astype(np.int64), tuple(names)


def column_labels(table: Table, place: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return a column as labels (n,) int64 and the names of the classes; raises InputError where it holds none."""
    values = table.column(place)
    if place in table.words:
        check_words(table, place)
    else:
        check_whole(table, place)
    kinds, found = np.unique(values, return_inverse=True)
    if len(kinds) > MAX_CLASSES:
        raise InputError(f"{table.column_name(place)} holds {len(kinds):,} different labels, and at most "
                         f"{MAX_CLASSES:,} are learned", option_remedy=LABEL_COLUMN_REMEDY)
    texts = [str(kind) if place in table.words else str(int(kind)) for kind in kinds]
    names = sorted_names(texts)
    return np.array([names.index(text) for text in texts])[found.reshape(-1)].astype(np.int64), names


def sorted_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of classes without repetition: numbers in their order, then words in theirs."""
    return tuple(sorted(set(names), key=lambda name: (0, int(name), "") if is_whole(name) else (1, 0, name)))


def check_whole(table: Table, place: int) -> None:
    """Raise InputError for a label that is a number, but no whole one."""
    values = table.numbers[:, place]
    wrong = np.flatnonzero(values != np.rint(values))
    if wrong.size:
        raise InputError(f"{table.row_name(wrong[0])}: label {values[wrong[0]]:g} in {table.column_name(place)} is no "
                         "whole number", option_remedy=LABEL_COLUMN_REMEDY)
