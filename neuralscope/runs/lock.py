"""One training at a time on the files of an output: the system lets go of a lock with the program that held it."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from neuralscope.errors import InputError
from neuralscope.file_locks import is_file_at, open_lock, remove_locked, try_lock
from neuralscope.safe_files import unused_path

MAX_HOLDER_BYTES = 20
MAX_LOOK_S = 0.2  # `is_held` has a lock for a moment while it looks; a training has it for longer
RETRY_S = 0.005


def lock_path(output: Path) -> Path:
    """Return the path of the file, hidden beside an output, that is there while a training holds its files.

    Of an output that is a link it is beside what it leads to, which is what is written.
    """
    output = Path(os.path.realpath(output))
    return output.with_name(f".{output.name}.lock")


class OutputLock:
    """Holds the files of ``output`` until `release`; raises InputError where another training holds them.

    ``option``: the one that names another file. In a folder that cannot be written nothing is held, for there nothing
    can be lost; nor where files have no locks. The lock's file tells which process holds it.
    """

    def __init__(self, output: Path, option: str = "--output") -> None:
        self.path, latest = lock_path(output), time.monotonic() + MAX_LOOK_S
        self.file: IO | None
        while not self._take():
            if time.monotonic() > latest:
                raise held_error(output, option)
            time.sleep(RETRY_S)
        if self.file:
            self._sign()

    def _take(self) -> bool:
        """Take the lock, where files have any; return False where somebody else has it or removed its file just now."""
        self.file = None
        with suppress(OSError):
            self.file = open_lock(self.path, "ab")
        if not self.file or (try_lock(self.file) is not False and is_file_at(self.file, self.path)):
            return True
        self.file.close()
        return False

    def _sign(self) -> None:
        assert self.file
        with suppress(OSError):  # a full disk, or another user's file
            os.ftruncate(self.file.fileno(), 0)
            os.write(self.file.fileno(), str(os.getpid()).encode())

    def release(self) -> None:
        """Let go, once or more often."""
        if self.file and not self.file.closed:
            remove_locked(self.file, self.path)


def held_error(output: Path, option: str) -> InputError:
    """Return the InputError for a file that another training writes: which process it is, and what to give instead."""
    free = unused_path(output, lambda name: os.path.lexists(name) or is_held(name), first=2)
    return InputError(f"{output}: another training{holder(output)} is writing it", "end that one",
                      f"give {option} {free}")


def holder(output: Path) -> str:
    """Return ", process N," where the file of a lock tells who holds it, else ""."""
    with suppress(OSError, ValueError), open(lock_path(output), "rb") as file:
        return f", process {int(file.read(MAX_HOLDER_BYTES))},"
    return ""


def is_held(output: Path) -> bool:
    """Say whether a training holds the files of an output."""
    try:
        with open_lock(lock_path(output), "r+b") as file:
            return try_lock(file, shared=True) is False
    except OSError:
        return False
