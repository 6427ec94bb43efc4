"""Which columns of a table are pixels, which one is the label, which only counts the rows: by names, or by values.

A name decides. Without one the label can only be the first or the last column, and only where exactly one of the two
holds whole numbers without a gap from 0 or 1, or words, and is no pixel by its values. Of the 784 columns of MNIST
(training and test part) and of a sample of EMNIST none would be taken for a label, nor of their first 100 or 1,000 rows
(``benchmarks.label_rule``).
"""

from dataclasses import dataclass

import numpy as np

from neuralscope.datasets.pixel_scale import MAX_LEVELS
from neuralscope.datasets.table import LABEL_NAMES, Table, is_label_name
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.images.augmentation import IMAGE_PIXELS
from neuralscope.short_repr import short_repr

MAX_CLASSES = 1000
# of rows that the most frequent label may have; the pixels at a picture's edge are nearly always 0
MAX_COMMON_SHARE = 0.8
INDEX_NAMES = "", "unnamed: 0", "index", "id", "rownames"
LABEL_COLUMN_REMEDY = "name the column of the labels with --label-column NAME_OR_NUMBER"


@dataclass(frozen=True, eq=False)
class ColumnRoles:
    """What a table's columns are: the places (784,) of the ``pixels``, and of the ``labels``, several of one-hot ones.

    ``notice``: what was assumed without a name that says so, or ""; ``guessed``: whether the values alone say where the
    label is.
    """

    pixels: np.ndarray
    labels: tuple[int, ...]
    notice: str = ""
    guessed: bool = False
    __repr__ = short_repr


def find_columns(table: Table, label_column: str | None = None) -> ColumnRoles:
    """Return the ColumnRoles of a Table; raises InputError where they are not certain.

    ``label_column``: the name of the labels' column, or its number: 1 is the first, -1 the last.
    """
    places = np.arange(table.column_count)
    if label_column is not None:
        label = find_asked_column(table, label_column)
        strays = index_columns(table, places[places != label]) + named_columns(table)
        return ColumnRoles(pixel_columns(table, places, label, strays), (label,))
    index, named = index_columns(table, places), named_columns(table)
    if len(named) > 1:
        raise InputError(f"has {len(named)} columns that may be the labels: {', '.join(table.names[i] for i in named)}",
                         option_remedy=LABEL_COLUMN_REMEDY)
    if named:
        return ColumnRoles(pixel_columns(table, places, named[0], index), (named[0],))
    rest = places[~np.isin(places, index)]
    if len(rest) == IMAGE_PIXELS:
        return ColumnRoles(rest, ())
    if len(rest) == IMAGE_PIXELS + 1:
        return guess_label(table, rest)
    return find_one_hot(table, rest) or refuse_width(table, len(rest))


def find_asked_column(table: Table, asked: str) -> int:
    """Return the place of the column that a person named or numbered; raises InputError."""
    names = [name.strip().lower() for name in table.names]
    for known, wanted in ((list(table.names), asked), (names, asked.strip().lower())):
        if known.count(wanted) == 1:
            return known.index(wanted)
    count = table.column_count
    try:
        number = int(asked)
    except ValueError:
        number = 0
    if not 1 <= abs(number) <= count:
        some = f", but {table.names[0]!r} to {table.names[-1]!r}" if table.names else ", for they have no names"
        raise InputError(f"has no column {asked!r}{some}", option_remedy="give --label-column a name, or a "
                         f"number from 1 to {count} (-1 for the last)")
    return number - 1 if number > 0 else count + number


def named_columns(table: Table) -> list[int]:
    """Return the places of the columns whose names say that they are labels."""
    return [place for place, name in enumerate(table.names) if is_label_name(name)]


def index_columns(table: Table, places: np.ndarray) -> list[int]:
    """Return those of ``places`` that only count the rows: by their name, and because no number comes twice."""
    return [place for place in places.tolist() if table.names and place not in table.words
            and table.names[place].strip().lower() in INDEX_NAMES
            and len(np.unique(table.numbers[:, place])) == len(table)]


def counts_rows(values: np.ndarray) -> bool:
    """Whether numbers run 0, 1, 2 and on, or from 1."""
    return values[0] in (0, 1) and bool((values == np.arange(len(values)) + values[0]).all())


def pixel_columns(table: Table, places: np.ndarray, label: int, strays: list[int]) -> np.ndarray:
    """Return the columns beside the label and what else is no pixel; raises InputError where they are not 784."""
    pixels = places[~np.isin(places, [label, *strays])]
    if len(pixels) != IMAGE_PIXELS:
        raise InputError(f"has {counted(len(pixels), 'column')} beside the labels in "
                         f"{table.column_name(label)}, and a picture of 28x28 has {IMAGE_PIXELS} pixels",
                         "leave out what is no pixel")
    return pixels


def guess_label(table: Table, rest: np.ndarray) -> ColumnRoles:
    """Return the ColumnRoles of 785 columns of which no name says which is the label: by their values."""
    ends = rest[[0, -1]].tolist()
    found = [place for place in ends if is_label_like(table, place, rest)]
    if len(found) != 1:
        no_name = f"no column is named {', '.join(LABEL_NAMES[:-1])} or {LABEL_NAMES[-1]}" if table.names else (
            "there are no names above its columns")
        words = "the first and the last column both hold" if found else "neither the first nor the last column holds"
        raise InputError(f"has {counted(len(rest), 'column')}, {no_name}, and {words} what only labels can be",
                         option_remedy=LABEL_COLUMN_REMEDY)
    side = "first" if found[0] == ends[0] else "last"
    return ColumnRoles(rest[rest != found[0]], (found[0],), f"the {side} column is taken for the label "
                       f"({table.column_name(found[0])}; --label-column names another)", guessed=True)


def is_label_like(table: Table, place: int, rest: np.ndarray) -> bool:
    """Whether a column holds what labels are and pixels are not."""
    if place in table.words:
        check_words(table, place)
        return len(np.unique(table.words[place])) <= MAX_CLASSES
    values = table.numbers[:, place]
    if not are_labels_by_value(values):
        return False
    others = table.numbers[:, rest[rest != place]]
    if others.dtype.kind == "f":
        return True
    top = others.max()  # pixels of few greys run without a gap too, and of many pictures those that reach white
    return values.max() > top or (top > MAX_LEVELS and values.max() < top)


def are_labels_by_value(values: np.ndarray) -> bool:
    """Whether numbers are whole, without a gap from 0 or 1, of 2 to 1,000 kinds, none much the most, and no index."""
    kinds, counts = np.unique(values, return_counts=True)
    if not 2 <= len(kinds) <= MAX_CLASSES or counts_rows(values) or counts.max() > MAX_COMMON_SHARE * len(values):
        return False
    return kinds[0] in (0, 1) and bool((kinds == np.arange(len(kinds)) + kinds[0]).all())


def check_words(table: Table, place: int) -> None:
    """Raise InputError for an empty label, and for a word among numbers that occurs once: it is a slip of the pen."""
    words = table.words[place]
    kinds, first, counts = np.unique(words, return_index=True, return_counts=True)
    whole = np.array([is_whole(kind) for kind in kinds])
    wrong = [row for kind, row, count, number in zip(kinds, first, counts, whole, strict=True)
             if not kind or not kind.isprintable() or (whole.any() and not number and count == 1)]
    if wrong:
        row = min(wrong)
        problem = f"{words[row][:20]!r} is not a number, as other labels are" if words[row] else "the label is empty"
        raise InputError(f"{table.row_name(row)}: {problem}", "mend the line")


def is_whole(name: str) -> bool:
    """Whether a name is a whole number."""
    return name.removeprefix("-").isdecimal()


def find_one_hot(table: Table, rest: np.ndarray) -> ColumnRoles | None:
    """Return the ColumnRoles where the columns before or behind 784 others hold exactly one 1 in each row, or None."""
    count = len(rest) - IMAGE_PIXELS
    if not 2 <= count <= MAX_CLASSES:
        return None
    found = [part for part in (rest[:count], rest[-count:]) if is_one_hot(table.numbers[:, part])]
    if len(found) != 1 or table.words.keys() & set(found[0].tolist()):
        return None
    labels = found[0]
    side = "first" if labels[0] == rest[0] else "last"
    return ColumnRoles(rest[~np.isin(rest, labels)], tuple(labels.tolist()),
                       f"the {side} {count} columns are taken for the label: a 1 in the place of the class")


def is_one_hot(values: np.ndarray) -> bool:
    """Whether each row (count, classes) holds a single 1 and else 0."""
    return bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all())


def refuse_width(table: Table, count: int) -> ColumnRoles:
    """Raise InputError for a number of columns that are no pictures."""
    raise InputError(f"{table.row_name(0)}: {counted(count, 'value')} where {IMAGE_PIXELS} pixels of 28x28 were "
                     "expected, with or without a label", "leave out what is neither",
                     "" if count <= IMAGE_PIXELS else LABEL_COLUMN_REMEDY)
