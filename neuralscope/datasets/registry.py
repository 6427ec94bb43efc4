"""The published data sets: their files, their class names, and what tensorflow-datasets has on record of them."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

FILE_NAMES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}
IMAGE_COUNTS = {"train": 60_000, "test": 10_000}
# QMNIST, which is read from a folder alone: the first of eight columns of its labels is the class.
# https://github.com/facebookresearch/qmnist
QMNIST_FILE_NAMES = {
    part: (f"qmnist-{part}-images-idx3-ubyte.gz", f"qmnist-{part}-labels-idx2-int.gz") for part in FILE_NAMES
}
QMNIST_LABEL_COLUMNS = 8
# What torchvision calls a set's folder; the files lie in its folder raw.
TORCHVISION_FOLDERS = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "kmnist": "KMNIST", "qmnist": "QMNIST"}

DIGIT_NAMES = tuple("0123456789")
CLASS_NAMES = {
    "mnist": DIGIT_NAMES,
    "fashion_mnist": ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                      "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}

# SHA-256 of MNIST's files once unpacked; tensorflow-datasets records the packed files only.
UNPACKED_MNIST_CHECKSUMS = {
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db": "train-images-idx3-ubyte.gz",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5": "train-labels-idx1-ubyte.gz",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7": "t10k-images-idx3-ubyte.gz",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2": "t10k-labels-idx1-ubyte.gz",
}


@dataclass(frozen=True)
class FileRecord:
    """What is on record of one packed file: address, size in bytes, SHA-256 as hexadecimal text."""

    url: str
    size: int
    checksum: str


def checksum_file(name: str) -> Path | None:
    """Return the path of tensorflow-datasets' checksum file for the set ``name``, or None. It is not imported."""
    package = importlib.util.find_spec("tensorflow_datasets")
    if package is None:
        return None
    root = Path(package.origin).parent
    candidates = root / "url_checksums" / f"{name}.txt", root / "datasets" / name / "checksums.tsv"
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def file_records(name: str) -> dict[str, FileRecord]:
    """Return ``{file name: FileRecord}`` of the set ``name``; empty where tensorflow-datasets has no record of it."""
    path = checksum_file(name)
    return read_checksum_file(path) if path else {}


def read_checksum_file(path: str | os.PathLike) -> dict[str, FileRecord]:
    """Return ``{file name: FileRecord}`` from a checksum file of tensorflow-datasets: tabs between four columns."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip()]
    return {file: FileRecord(url, int(size), checksum) for url, size, checksum, file in rows}


def find_published_file(checksum: str) -> tuple[str, str] | None:
    """Return ``(set, file name)`` of the published file that has this SHA-256, packed or unpacked, or None."""
    for name in CLASS_NAMES:
        for file, record in file_records(name).items():
            if record.checksum == checksum:
                return name, file
    return ("mnist", UNPACKED_MNIST_CHECKSUMS[checksum]) if checksum in UNPACKED_MNIST_CHECKSUMS else None
