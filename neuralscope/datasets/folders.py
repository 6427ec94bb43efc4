"""A folder as a data set, by what it holds: pictures in folders of digits, or IDX files, in the layouts people have."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from neuralscope.datasets import class_folders, idx, idx_layout, image_folder, registry
from neuralscope.errors import InputError, printable, sentence
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class FolderSet:
    """What a folder is as a data set; its fields are those of ``data_loader.Dataset``.

    ``test``: pixels (n, 784) uint8, or float32 in [0, 1], and labels (n,) uint8. ``read_train()`` returns the same of
    the training part and its own notice, or raises InputError.
    """

    name: str
    source: str
    class_names: tuple[str, ...]
    test: tuple[np.ndarray, np.ndarray]
    read_train: Callable[[], tuple[np.ndarray, np.ndarray, str]]
    notice: str
    __repr__ = short_repr


def open_folder(path: str) -> FolderSet:
    """Return the FolderSet of a folder, or of the only folder in it; raises InputError."""
    folder = Path(path)
    name = f"{printable(folder.resolve().name)}/"  # not to be taken for one of the published sets
    home = class_folders.unwrapped(folder, lambda folder: bool(idx_layout.find_sets(folder)))
    beside = [f"its folder {printable(home.name)} is read"] if home != folder else []
    has_classes = bool(class_folders.list_folder(home).classes)
    sets = [] if has_classes else idx_layout.find_sets(home)
    for place in dict.fromkeys((folder, home)):
        if sets or place != home:  # what lies beside pictures is told with them
            entries = class_folders.list_folder(place)
            beside += [f"{entry} in it is the system's and left out" for entry in entries.system_files]
    if len(sets) > 1:
        choices = ", ".join(known or "IDX files that no folder names" for known in sets)
        raise InputError(f"{home} holds more than one data set: {choices}", "name the folder of one of them")
    return _open_idx(home, name, sets[0], beside) if sets else _open_pictures(home, name, beside)


def _open_pictures(home, name, beside):
    pixels, labels, notice = image_folder.read_image_folder(home)
    part = class_folders.find_classes(home, "test").part_folder
    source = "a folder of pictures" + (f" (test part: {printable(part)}/)" if part not in ("", "test") else "")
    return FolderSet(name, source, registry.DIGIT_NAMES, (pixels, labels),
                     lambda: image_folder.read_image_folder(home, "train"), sentence(*beside, notice))


def _open_idx(home, name, known, beside):
    """Return the FolderSet of IDX files of the set ``known``, or where that is "" of the one that checksums tell."""
    known = known or idx.identify_set(home)
    pixels, labels, source, notice = idx.read_idx_folder(home, known, "test", any_count=True)
    if not known:
        beside = [*beside, f"nothing says which set {name} holds: its labels are taken for the digits 0 to 9"]
    def read_train():
        *digits, _, notice = idx.read_idx_folder(home, known, "train", any_count=True)
        return *digits, notice

    return FolderSet(known if known in registry.CLASS_NAMES else name,
                     f"QMNIST's {source}" if known == "qmnist" else source,
                     registry.CLASS_NAMES.get(known, registry.DIGIT_NAMES), (pixels, labels),
                     read_train, sentence(*beside, notice))
