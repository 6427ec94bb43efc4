"""How much of the disk a training's files take, counted before it begins: together, and with what is there already."""

import dataclasses
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.formatting import thousands
from neuralscope.network.reports import EpochReport
from neuralscope.network.trainer import Trainer

FRAME_BYTES = 16_384  # of one file: names and shapes of its arrays, and what its metadata says once it is learned


@dataclasses.dataclass(frozen=True)
class FileSizes:
    """How many bytes the files of a training take at most; ``snapshots``: 0 where there are to be none."""

    network: int
    checkpoint: int
    snapshots: int = 0

    @property
    def with_temporaries(self) -> int:
        """How many bytes they take at most, those that are written again and again each with its temporary file."""
        return self.network + 2 * (self.checkpoint + self.snapshots)


@dataclasses.dataclass(frozen=True)
class PlannedFile:
    """A file of ``size`` bytes, or none with 0, that is to be written again and again, each time beside itself.

    ``held``: it is written once, into room of its own.
    """

    path: Path
    size: int
    held: bool = False

    @property
    def temporary_size(self) -> int:
        """How many bytes are taken beside it while it is written."""
        return 0 if self.held else self.size

    @property
    def growth(self) -> int:
        """How many bytes more there are of it then than now."""
        there = os.path.getsize(self.path) if not self.held and os.path.isfile(self.path) else 0
        return max(0, self.size - there)


def file_sizes(trainer: Trainer, metadata: dict, size_of_snapshots: int = 0) -> FileSizes:
    """Return the FileSizes of a training; ``metadata``: what it says before it begins; ``size_of_snapshots``: or 0."""
    frame = FRAME_BYTES + 4 * len(json.dumps(metadata))  # NumPy's texts take four bytes a letter
    history = 8 * len(dataclasses.fields(EpochReport)) * trainer.options.epochs
    network = trainer.parameters.nbytes + history + frame
    state = sum(array.nbytes for array in trainer.state.values())
    return FileSizes(network, network + state, size_of_snapshots and size_of_snapshots + frame)


def check_space(files: Iterable[PlannedFile]) -> None:
    """Raise InputError where a disk has no room for those of the files that go there; one at a time is written."""
    by_disk: dict[int, list[PlannedFile]] = defaultdict(list)
    try:
        for file in files:
            by_disk[os.stat(folder_of(file.path)).st_dev].append(file)
        room = {disk: shutil.disk_usage(folder_of(planned[0].path)) for disk, planned in by_disk.items()}
    except OSError:  # `check_output` says what is wrong there
        return
    for disk, planned in by_disk.items():
        needed = sum(file.growth for file in planned) + max(file.temporary_size for file in planned)
        if room[disk].total and needed > room[disk].free:  # some file systems tell nothing of themselves
            raise InputError(f"{planned[0].path}: a training's files there take up to {thousands(needed)} bytes, and "
                             f"{thousands(room[disk].free)} are free", "make room", "write elsewhere with --output")


def folder_of(path: Path) -> Path:
    """Return the folder that a file is really in."""
    return Path(os.path.realpath(path)).parent
