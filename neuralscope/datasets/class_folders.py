"""How a folder of pictures is laid out: its parts, in each a folder for every digit, and what else lies there."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from neuralscope.datasets.registry import DIGIT_NAMES
from neuralscope.errors import InputError, printable
from neuralscope.short_repr import short_repr

# What the parts' folders are called, in any case; the first that is there is taken.
PART_FOLDERS = {"train": ("train", "training"), "test": ("test", "testing", "val", "validation", "valid")}
SYSTEM_FILES = "__macosx", ".ds_store", "thumbs.db", "desktop.ini"  # which archives carry along, in any case
LAYOUT_HINT = ("a folder of digits holds folders named 0 to 9 with pictures in them, as 4/0001.png, "
               "or IDX files by MNIST's names")


@dataclass(frozen=True)
class FolderEntries:
    """The names in a folder, sorted: folders, files, and what only the system put there; without the hidden ones."""

    folders: list[str]
    files: list[str]
    system_files: list[str]

    @property
    def classes(self) -> list[str]:
        """The folders that are a digit's."""
        return [name for name in self.folders if name in DIGIT_NAMES]

    def parts(self, part: str) -> list[str]:
        """Return the folders that are the ``part``, "train" or "test", the one to be taken first."""
        return [name for known in PART_FOLDERS[part] for name in self.folders if name.lower() == known]


@dataclass(frozen=True, eq=False)
class ClassFolders:
    """One part: ``home``, the ``names`` of the digits' folders in it, and ``left_out``, a line for each other thing.

    ``part_folder``: the name of the part's folder, or "" where all of ``home`` is the part.
    """

    home: Path
    names: list[str]
    left_out: list[str]
    part_folder: str
    __repr__ = short_repr


def list_folder(home: Path) -> FolderEntries:
    """Return the FolderEntries of a folder; raises InputError, one line, where it cannot be read."""
    names = _names(home)
    try:
        folders = [name for name in names if _is_folder(home / name)]
    except OSError as error:
        raise _unreadable(home, error) from None
    system_files = _system_files(names)
    shown = [name for name in names if name not in system_files and not name.startswith(".")]
    return FolderEntries([name for name in shown if name in folders], [name for name in shown if name not in folders],
                         system_files)


def _names(home):
    try:
        return sorted(os.listdir(home))
    except OSError as error:
        raise _unreadable(home, error) from None


def _unreadable(home, error):
    return InputError(f"{home} cannot be read ({error.strerror})", "name another folder")


def _system_files(names):
    return [name for name in names if name.lower() in SYSTEM_FILES]


def _is_folder(path):
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # os.path.isdir takes what it may not look at for no folder
    except FileNotFoundError:  # a link that leads nowhere
        return False


def find_classes(folder: Path, part: str) -> ClassFolders:
    """Return the ClassFolders of a part of ``folder``.

    Raises InputError where a folder in it is neither a digit's nor a part's, or cannot be read, or there is nothing to
    train on.
    """
    entries = list_folder(folder)
    if not (found := entries.parts(part)):
        if part == "train":
            raise InputError(f"{folder} is a folder to look at, with nothing to train on",
                             f"put folders 0 to 9 with pictures into {folder / part}, or choose another data set")
        _refuse_others(folder, entries, entries.parts("train"))
        return ClassFolders(folder, entries.classes, _strays(folder, entries), "")
    home, inside = folder / found[0], list_folder(folder / found[0])
    _refuse_others(home, inside, ())
    beside = _unused(entries, found[0]) if part == "test" else []  # once is enough
    return ClassFolders(home, inside.classes, [*beside, *_strays(home, inside)], found[0])


def _refuse_others(home, entries, parts):
    """Raise InputError for a folder that is neither a digit's nor one of ``parts``."""
    for name in entries.folders:
        if name not in DIGIT_NAMES and name not in parts:
            raise InputError(f"{home / name} is no digit's folder", LAYOUT_HINT)


def _unused(entries, taken):
    """Return a line for each thing beside the part's folder ``taken`` that is not the other part."""
    used = [name for part in PART_FOLDERS for name in entries.parts(part)[:1]]
    return [f"{printable(name)}: lies beside {printable(taken)}"
            for names in (entries.folders, entries.files, entries.system_files) for name in names if name not in used]


def _strays(home, entries):
    """Return a line for each thing in a part's folder and its digits' that is no picture; what matters comes first."""
    system_files = list(entries.system_files)
    for digit in entries.classes:  # one that cannot be read is refused: a whole class would be missing
        system_files += [os.path.join(digit, name) for name in _system_files(_names(home / digit))]
    return [*(f"{printable(name)}: is in no digit's folder" for name in entries.files),
            *(f"{printable(name)}: is the system's, no picture" for name in system_files)]


def unwrapped(folder: Path, holds_set: Callable[[Path], bool]) -> Path:
    """Return the folder with the data set: ``folder``, or the only one in it, as archives are unpacked.

    ``holds_set(folder)`` tells whether there is one of another kind. Raises InputError.
    """
    entries = list_folder(folder)
    if len(entries.folders) == 1 and not _has_digits(entries) and not holds_set(folder):
        inner = folder / entries.folders[0]
        if _has_digits(list_folder(inner)) or holds_set(inner):
            return inner
    return folder


def _has_digits(entries):
    return bool(entries.classes or any(map(entries.parts, PART_FOLDERS)))
