"""A table as a data set: which file beside it holds the labels or the test part, or which of its rows."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from neuralscope.datasets.array_pairs import LABEL_WORDS, PICTURE_WORDS, names_part, one_label_column
from neuralscope.datasets.digit_files import read_digit_tables
from neuralscope.datasets.digit_table import DigitTable, sorted_names
from neuralscope.datasets.label_column import LABEL_COLUMN_REMEDY
from neuralscope.datasets.split import ALL_ROWS, TEST_FILE, Split
from neuralscope.datasets.table_formats import find_format, read_tables, table_stem
from neuralscope.errors import InputError, sentence
from neuralscope.short_repr import short_repr

TRAIN_WORD = re.compile(r"(?<![a-z])train(?=(ing)?(?![a-z]))")
PICTURE_WORD = re.compile(rf"(?<![a-z])({'|'.join(PICTURE_WORDS)})(?![a-z])")


@dataclass(frozen=True, eq=False)
class TableSet:
    """The parts of a table, whose labels are places in ``class_names``, and what was assumed, in ``notice``.

    ``train`` is None where there is nothing to learn from: without labels, or where all rows are the test part.
    """

    train: DigitTable | None
    test: DigitTable
    class_names: tuple[str, ...]
    split: Split
    notice: str
    __repr__ = short_repr


def read_table_set(path: str | os.PathLike, asked: str | None = None, split: Split | None = None) -> TableSet:
    """Return the TableSet at ``path``; raises InputError.

    ``asked``: the label's column, as `find_columns` has it. ``split``: which rows are the test part; None: the file
    beside it that is named so, or else a sixth.
    """
    path = Path(path)
    found = read_named(path, asked)
    digits = found.get("train", found.get("", found.get("test")))
    if digits.labels is None:
        digits = with_label_file(digits, path)
    if digits.labels is None:
        return TableSet(None, digits, (), Split(ALL_ROWS), sentence(digits.notice, f"{path.name} has no labels"))
    if split and split.kind != TEST_FILE:
        return split_rows(found.get("test", digits) if split.kind == ALL_ROWS else digits, split, path)
    if "train" in found and "test" in found:
        return joined(digits, found["test"], path.name, digits.notice, path)
    test_path = find_test_file(path)
    if test_path is None:
        return split_rows(digits, Split(), path)
    test = read_test_file(test_path, asked, digits)
    if test.labels is None:
        notice = f"{test_path.name} beside it has no labels and is left out"
        return split_rows(digits, Split(), path, notice)
    notice = sentence(digits.notice, f"{test_path.name} beside it is the test part")
    return joined(digits, test, test_path.name, notice, path)


def read_named(path: Path, asked: str | None = None) -> Mapping[str, DigitTable]:
    """Do what `read_digit_tables` does; raises InputError alone, with the file's name."""
    try:
        return read_digit_tables(path, asked)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", "name a table of digits") from None
    except InputError as error:
        raise error.prefixed(f"{path}: ") from None


def split_rows(digits: DigitTable, split: Split, path: Path, notice: str = "") -> TableSet:
    """Return the TableSet of rows that are parted, or all to be judged where they cannot be; raises InputError."""
    check_labels(digits, path)
    try:
        chosen = split.test_rows(digits.labels)
    except InputError as error:  # nothing to learn, and all to look at
        notice = sentence(digits.notice, notice, error.problem)
        return TableSet(None, digits, digits.class_names, Split(ALL_ROWS), notice)
    if chosen.all():
        return TableSet(None, digits, digits.class_names, split, sentence(digits.notice, notice))
    words = f"{chosen.sum():,} of its {len(chosen):,} rows, the same share of every class, are the test part"
    train, test = (digits.rows(np.flatnonzero(rows)) for rows in (~chosen, chosen))
    return TableSet(train, test, digits.class_names, split,
                    sentence(digits.notice, notice, words if split.kind == Split().kind else ""))


def joined(train: DigitTable, test: DigitTable, file: str, notice: str, path: Path) -> TableSet:
    """Return the TableSet of two parts, whose labels become places in the names of both."""
    check_labels(train, path)
    if test.labels is None:
        raise InputError(f"{path}: its test part has no labels", "bring them, or leave it out")
    names = sorted_names((*train.class_names, *test.class_names))
    unlearned = [name for name in names if name not in train.class_names]
    words = f"label {', '.join(unlearned[:3])} is in the test part alone" if unlearned else ""
    return TableSet(train.with_class_names(names), test.with_class_names(names), names, Split(TEST_FILE, file=file),
                    sentence(notice, words))


def check_labels(digits: DigitTable, path: Path) -> None:
    """Raise InputError where all labels are the same."""
    if len(digits.class_names) < 2:
        raise InputError(f"{path}: every label is {digits.class_names[0]}, so there is nothing to tell apart",
                         option_remedy=LABEL_COLUMN_REMEDY)


def with_label_file(digits: DigitTable, path: Path) -> DigitTable:
    """Return pictures with the labels that lie in a file beside them, or as they are; raises InputError."""
    stem = table_stem(path.name)
    stems = [PICTURE_WORD.sub(word, stem, count=1) for word in LABEL_WORDS if PICTURE_WORD.search(stem)]
    label_path = find_beside(path, stems)
    if label_path is None:
        return digits
    try:
        return digits.with_labels_of(one_label_column(read_tables(label_path)[""]),
                                     f"the labels are those in {label_path.name} beside it")
    except (KeyError, OSError):
        raise InputError(f"{label_path}: cannot be read as labels", "move it away") from None
    except InputError as error:
        raise error.prefixed(f"{label_path}: ") from None


def find_test_file(path: Path) -> Path | None:
    """Return the path of the test part that belongs to a file by its name, in any format of tables, or None."""
    stem = table_stem(path.name)
    if names_part(stem) == "test":
        return None
    return find_beside(path, [TRAIN_WORD.sub("test", stem)] if TRAIN_WORD.search(stem) else
                       [f"{stem}_test", f"{stem}-test", f"{stem}.test"])


def find_beside(path: Path, stems: Iterable[str]) -> Path | None:
    """Return the path of the first table beside ``path`` with one of these stems, one of the same ending before others.
    """
    wanted, ending = list(stems), path.name[len(table_stem(path.name)):].lower()
    try:
        names = sorted(os.listdir(path.parent)) if wanted else []
    except OSError:
        return None
    found = [name for name in names if table_stem(name) in wanted and find_format(name) and name != path.name]
    found.sort(key=lambda name: (wanted.index(table_stem(name)), not name.lower().endswith(ending)))
    return next((path.parent / name for name in found if (path.parent / name).is_file()), None)


def read_test_file(path: Path, asked: str | None, train: DigitTable) -> DigitTable:
    """Return the DigitTable of a test file: its label is where the training file's is; raises InputError."""
    asked = asked or (str(train.label_column) if train.label_column else None)
    try:
        found = read_named(path, asked)
    except InputError as error:
        found = read_named(path) if asked else {}
        if not found or any(digits.labels is not None for digits in found.values()):
            raise error  # else it has no labels, and so no column of them
    test = found.get("test", found.get("", found.get("train")))
    return test if test.labels is not None else with_label_file(test, path)
