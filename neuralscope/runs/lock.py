"""One training at a time on the files of an output: the system lets go of a lock with the program that held it."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from neuralscope.errors import InputError

BUSY_ERRORS = errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK  # of a lock that somebody else has


def lock_path(output: Path) -> Path:
    """Return the path of the file, hidden beside an output, that is there while a training holds its files.

    Of an output that is a link it is beside what it leads to, which is what is written.
    """
    output = Path(os.path.realpath(output))
    return output.with_name(f".{output.name}.lock")


class OutputLock:
    """Holds the files of ``output`` until `release`; raises InputError where another training holds them.

    In a folder that cannot be written nothing is held, for there nothing can be lost; nor where files have no locks.
    """

    def __init__(self, output: Path) -> None:
        self.path, self.file = lock_path(output), None
        with suppress(OSError):
            self.file = open_lock(self.path, "ab")
        if self.file and not (try_lock(self.file) and is_file_at(self.file, self.path)):
            self.file.close()
            raise InputError(f"{output}: another training is writing it", "end that one",
                             "name another file with --output")

    def release(self) -> None:
        """Let go, once or more often."""
        if self.file and not self.file.closed:
            with suppress(OSError):  # Windows removes nothing that is open
                os.unlink(self.path)
            self.file.close()
            with suppress(OSError):
                if os.name == "nt":
                    os.unlink(self.path)


def is_held(output: Path) -> bool:
    """Say whether a training holds the files of an output."""
    try:
        with open_lock(lock_path(output), "r+b") as file:
            return not try_lock(file)
    except OSError:
        return False


def open_lock(path: Path, mode: str) -> IO:
    """Open a lock's file so, or, where it is another user's, to read; raises OSError."""
    try:
        return open(path, mode)
    except PermissionError:
        return open(path, "rb")


def try_lock(file: IO) -> bool:
    """Lock an open file until it is closed; return whether nobody else had, or its file system has no locks."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in BUSY_ERRORS
    return True


def is_file_at(file: IO, path: Path) -> bool:
    """Say whether an open file is the one at a path still, and not one that was removed meanwhile."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False
