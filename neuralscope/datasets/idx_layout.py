"""Where the IDX files of a set lie in a folder: the folders and the spellings that archives and libraries leave."""

import os
from itertools import product
from pathlib import Path

from neuralscope.datasets.registry import FILE_NAMES, QMNIST_FILE_NAMES, TORCHVISION_FOLDERS
from neuralscope.errors import InputError

RAW_FOLDER = "raw"  # torchvision's, in a set's own: MNIST/raw
PACKED_ENDING = ".gz"


def file_names(name: str, part: str) -> tuple[str, str]:
    """Return the published names of a part's images and labels; ``name`` "": those that three sets share."""
    return (QMNIST_FILE_NAMES if name == "qmnist" else FILE_NAMES)[part]


def find_part(folder: Path, name: str, part: str) -> list[tuple[Path, ...]]:
    """Return ``(images, labels)`` of every place in ``folder`` that holds both files of a part, the first to be taken.

    Raises InputError where there is none, or the folder cannot be read.
    """
    files = file_names(name, part)
    try:
        os.scandir(folder).close()
        places = [tuple(product(*(spelled_files(home, file) for file in files)))
                  for home in holding_folders(folder, name)]
    except OSError as error:
        raise InputError(f"data folder {folder}: {error.strerror}",
                         f"name a folder with {' and '.join(files)}, packed or not") from None
    if found := [pair for pairs in places for pair in pairs]:
        return found
    raise InputError(f"data folder {folder} does not hold {' and '.join(files)} (packed or not, there"
                     f"{f' or in {name}' if name else ''})", "put them there or leave the folder out")


def holding_folders(folder: Path, name: str) -> list[Path]:
    """Return where in ``folder`` the files of a set may lie; ``name`` "": of one that nothing names."""
    own = [folder / name, folder / TORCHVISION_FOLDERS[name]] if name else []
    homes = [*own[:1], folder, *own[1:]]
    return homes + [home / RAW_FOLDER for home in (*own[1:], folder)]


def spelled_files(home: Path, file: str) -> list[Path]:
    """Return all files in ``home`` that are ``file`` by name: packed or not, with a dot, in a folder called the same.

    So ``t10k-images-idx3-ubyte.gz`` is ``t10k-images.idx3-ubyte`` too, and what lies in a folder of that name.
    """
    stem = file.removesuffix(PACKED_ENDING)
    spellings = [spelled + ending for spelled in (stem, stem.replace("-idx", ".idx")) for ending in (PACKED_ENDING, "")]
    candidates = [home / spelling for spelling in spellings]
    candidates += [home / around / spelling for around, spelling in product(spellings, spellings)]
    return [candidate for candidate in candidates if candidate.is_file()]


def find_sets(folder: Path) -> list[str]:
    """Return the names of the sets whose files, of one part or the other, ``folder`` holds.

    "" stands for files under the names that three sets share, where no folder says whose they are. Raises InputError.
    """
    try:
        here = [folder, folder / RAW_FOLDER]
        names = {name: [folder / name, folder / own, folder / own / RAW_FOLDER]
                 for name, own in TORCHVISION_FOLDERS.items()}
        names["qmnist"] += here
        names.setdefault(named_by(folder), []).extend(here)
        return [name for name, homes in names.items() if any(_holds_files(home, name) for home in homes)]
    except OSError as error:
        raise InputError(f"{folder} cannot be read ({error.strerror})", "get the right to read it") from None


def named_by(folder: Path) -> str:
    """Return the set that a folder's own name, or where it is ``raw`` that of the one around it, says; or ""."""
    resolved = folder.resolve()
    said = (resolved.parent if resolved.name == RAW_FOLDER else resolved).name.lower()
    return next((name for name, own in TORCHVISION_FOLDERS.items() if said in (name, own.lower())), "")


def _holds_files(home, name):
    return any(spelled_files(home, file) for part in FILE_NAMES for file in file_names(name, part))
