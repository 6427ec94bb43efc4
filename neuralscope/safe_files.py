"""Writing a file in one step: whatever happens, the path holds the old file or the new one."""

import errno
import glob
import itertools
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from neuralscope.errors import InputError

REMEDY_BY_ERRNO = {errno.ENOENT: "make the folder", errno.ENOTDIR: "make the folder", errno.ENOSPC: "make room",
                   errno.EFBIG: "make room", errno.EROFS: "choose a folder that can be written",
                   errno.EACCES: "get the right to write there, or close the program that has it open"}
MIN_LEFTOVER_AGE_S = 3600


def write_atomically(path, content, option, *, keep=True):
    """Put ``content`` (bytes) at ``path`` in one step: whatever happens, the path holds the old file or the new one.

    ``option`` is the one that names the path on the command line. With ``keep=False`` only try: write beside ``path``,
    and take it away again. Raises InputError.
    """
    try:
        path = Path(os.path.realpath(path))  # a link stays one; raises where the current folder was removed
        replace_file(path, content, keep)
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
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    remove_leftovers(path)
    try:
        with open(temporary, "x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if keep:
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_failure(path, error, *alternatives, option_remedy=""):
    """Return the InputError for an OSError in writing ``path``; ``alternatives``: what else can be done about it."""
    remedies = REMEDY_BY_ERRNO.get(error.errno, "look what is wrong there"), *alternatives
    return InputError(f"{path}: cannot be written ({error.strerror})", ", or ".join(remedies), option_remedy)


def remove_leftovers(path):
    """Remove temporary files of programs that were killed while they wrote ``path``."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with suppress(OSError):  # another program has just renamed or removed it
            # a younger one may be another program's, at work
            if time.time() - leftover.stat().st_mtime > MIN_LEFTOVER_AGE_S:
                leftover.unlink()


def unused_path(path: Path, is_used: Callable[[Path], bool] = os.path.lexists, first: int = 1) -> Path:
    """Return ``path``, or it with the first number that makes it one that is not used: a.png, a-2.png, a-3.png.

    ``first``: 2 for a number at any rate.
    """
    names = (path if count == 1 else path.with_name(f"{path.stem}-{count}{path.suffix}")
             for count in itertools.count(first))
    return next(name for name in names if not is_used(name))
