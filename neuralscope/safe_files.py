"""Writing a file in one step: whatever happens, the path holds the old file or the new one."""

import errno
import glob
import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from neuralscope.errors import InputError
from neuralscope.file_locks import is_file_at, open_lock, remove_locked, try_lock

FULL_ERRORS = errno.ENOSPC, errno.EDQUOT
REMEDY_BY_ERRNO = {errno.ENOENT: "make the folder", errno.ENOTDIR: "make the folder",
                   **dict.fromkeys((*FULL_ERRORS, errno.EFBIG), "make room"),
                   errno.EROFS: "choose a folder that can be written",
                   errno.EACCES: "get the right to write there, or close the program that has it open"}
MIN_LEFTOVER_AGE_S = 3600  # where files have no locks


class Temporary:
    """An empty file beside ``path``, hidden, and locked for as long as its program lives; raises OSError.

    It takes the place of a path in one step, or goes. What killed programs left of them is removed.
    """

    def __init__(self, path: Path) -> None:
        remove_leftovers(path)
        while True:
            self.path = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
            self.file: BinaryIO = open(self.path, "x+b")  # noqa: SIM115  `close` does
            locked = try_lock(self.file)
            if locked is None or (locked and is_file_at(self.file, self.path)):
                return
            self.file.close()  # another program took it for a leftover just now

    def replace(self, path: Path) -> None:
        """Take the place of ``path``, once all is on the disk."""
        if os.name == "nt":  # which moves nothing that is open
            self.file.close()
        os.replace(self.path, path)

    def replace_with(self, path: Path, content: bytes) -> None:
        """Put ``content`` into the room that is held here already, and take the place of ``path``."""
        self.file.seek(0)
        self.file.write(content)
        self.file.truncate(len(content))
        self.sync()
        self.replace(path)

    def sync(self) -> None:
        """Wait until all that was written is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def is_there(self) -> bool:
        """Say whether nobody has removed it, or it itself has not taken the place of a path."""
        return not self.file.closed and is_file_at(self.file, self.path)

    def close(self) -> None:
        """Go, once or more often, if it is there still."""
        remove_locked(self.file, self.path)


def write_atomically(path, content, option, *, keep=True, held=None):
    """Put ``content`` (bytes) at ``path`` in one step: whatever happens, the path holds the old file or the new one.

    ``option`` is the one that names the path on the command line. With ``keep=False`` only try: write beside ``path``,
    and take it away again. ``held``: a Temporary of `hold_space`, which is used up. Raises InputError.
    """
    if os.path.exists(path) and not os.path.isfile(path):  # a file would take the place of a device or a pipe
        raise InputError(f"{path}: is not a file", option_remedy=f"name one with {option}")
    try:
        real = Path(os.path.realpath(path))  # a link stays one; raises where the current folder was removed
        if held and held.is_there():
            held.replace_with(real, content)
        else:
            replace_file(real, content, keep)
    except OSError as error:
        raise write_failure(path, error, option_remedy=f"write elsewhere with {option}") from error


def replace_file(path, content, keep=True):
    """Do what `write_atomically` does to a ``path`` that is no link; raises OSError."""
    with replacing(path, keep) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, keep: bool = True) -> Iterator[BinaryIO]:
    """Yield a file to write, which then takes the place of ``path`` in one step, unless ``keep`` is false.

    Whatever is raised meanwhile leaves ``path`` as it was. Raises OSError.
    """
    temporary = Temporary(path)
    try:
        yield temporary.file
        temporary.sync()
        if keep:
            temporary.replace(path)
    finally:
        temporary.close()


def hold_space(path, size, option):
    """Return a Temporary for ``path`` that holds ``size`` bytes of its disk, or None where no system call does that.

    ``option``: as in `write_atomically`. Raises InputError.
    """
    if not hasattr(os, "posix_fallocate"):
        return None
    try:
        temporary = Temporary(Path(os.path.realpath(path)))
        try:
            os.posix_fallocate(temporary.file.fileno(), 0, size)
        except BaseException:  # Ctrl-C too
            temporary.close()
            raise
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.EOPNOTSUPP):  # a file system without it
            return None
        raise write_failure(path, error, option_remedy=f"write elsewhere with {option}") from error
    return temporary


def is_disk_full(error):
    """Say whether an InputError came of a disk, or a share of one, that is full."""
    while isinstance(error, InputError):
        error = error.__cause__
    return isinstance(error, OSError) and error.errno in FULL_ERRORS


def write_making_room(write, *ways):
    """Call ``write()``; where the disk is full call one of ``ways`` after the other, and ``write`` again after each."""
    for make_room in ways:
        try:
            write()
        except InputError as error:
            if not is_disk_full(error):
                raise
            make_room()
        else:
            return
    write()


def write_failure(path, error, *alternatives, option_remedy=""):
    """Return the InputError for an OSError in writing ``path``; ``alternatives``: what else can be done about it."""
    remedies = REMEDY_BY_ERRNO.get(error.errno, "look what is wrong there"), *alternatives
    return InputError(f"{path}: cannot be written ({error.strerror})", ", or ".join(remedies), option_remedy)


def remove_leftovers(path):
    """Remove temporary files of programs that were killed while they wrote ``path``: those that nobody has locked."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with suppress(OSError), open_lock(leftover, "r+b") as file:  # its program has just renamed or removed it
            locked = try_lock(file)
            if locked or (locked is None and time.time() - leftover.stat().st_mtime > MIN_LEFTOVER_AGE_S):
                remove_locked(file, leftover)


def unused_path(path: Path, is_used: Callable[[Path], bool] = os.path.lexists, first: int = 1) -> Path:
    """Return ``path``, or it with the first number that makes it one that is not used: a.png, a-2.png, a-3.png.

    ``first``: 2 for a number at any rate.
    """
    names = (path if count == 1 else path.with_name(f"{path.stem}-{count}{path.suffix}")
             for count in itertools.count(first))
    return next(name for name in names if not is_used(name))
