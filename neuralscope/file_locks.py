"""Locks on open files: the system lets go of one with the program that held it, however that ends."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

BUSY_ERRORS = errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK  # of a lock that somebody else has
LOCKED_BYTE = 2**30  # on Windows nobody else may read what is locked: a byte far behind the content


def open_lock(path: Path, mode: str) -> IO:
    """Open a file to lock it so, or, where it is another user's, to read; raises OSError."""
    try:
        return open(path, mode)
    except PermissionError:
        return open(path, "rb")


def try_lock(file: IO, *, shared: bool = False) -> bool | None:
    """Lock an open file until it is closed; return whether nobody else had, or None where files have no locks.

    ``shared``: others may lock it so, too; Windows has no such lock here.
    """
    try:
        if os.name == "nt":
            import msvcrt

            place = file.tell()
            file.seek(LOCKED_BYTE)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            finally:
                file.seek(place)
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in BUSY_ERRORS else None
    return True


def is_file_at(file: IO, path: Path) -> bool:
    """Say whether an open file is the one at a path still, and not one that was removed meanwhile."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False


def remove_locked(file: IO, path: Path) -> None:
    """Remove a locked file, if it is there still, and then let go of it."""
    with suppress(OSError):  # Windows removes nothing that is open
        os.unlink(path)
    with suppress(OSError):  # what waited to be written finds no room, and is not wanted
        file.close()
    if os.name == "nt":
        with suppress(OSError):
            os.unlink(path)
