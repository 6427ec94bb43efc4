"""Keep decoded pictures in the user's cache folder, so that the next start takes milliseconds.

A published set's table is a uint8 array (n, 785), a row one picture: its label, then its 784 pixels. What was read in a
person's file is several arrays. A file is an ordinary .npy (never a pickle), or several behind one another, followed by
a digest of itself and of the origin: one file, so that no half of it can be another's. What does not match is as good
as absent; what cannot be written is left out.
"""

import contextlib
import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from neuralscope.images.augmentation import IMAGE_PIXELS
from neuralscope.safe_files import replacing

DIGEST_SIZE = hashlib.sha256().digest_size
MAX_ARRAYS_BYTES = 2**30  # of all files of several arrays together; the oldest go


def cache_folder() -> Path:
    """Return the cache folder: ``NEURALSCOPE_CACHE_DIR``, or where the platform keeps caches. It may not exist.

    Raises OSError where there can be none, for a user without a home folder.
    """
    import platformdirs

    chosen = os.environ.get("NEURALSCOPE_CACHE_DIR")
    try:
        folder = os.path.expanduser(chosen or platformdirs.user_cache_dir("neuralscope", appauthor=False))
    except RuntimeError:  # platformdirs finds no home; an older one returns "~", as expanduser does
        folder = "~"
    if folder.startswith("~"):
        raise FileNotFoundError("there is no home folder")
    return Path(folder)


def missing_notice() -> str:
    """Return a line on why nothing is kept, where there can be no cache folder; else ""."""
    try:
        cache_folder()
    except OSError as error:
        return f"{error}, so nothing is kept for the next start (NEURALSCOPE_CACHE_DIR may name a folder for that)"
    return ""


def read_table(name: str, origin: str, rows: int) -> np.ndarray | None:
    """Return the table ``name``, (rows, 785) uint8 and memory-mapped, or None unless it is whole and of this origin.

    ``origin`` is any text that changes when the data do, as a checksum.
    """
    try:
        path = cache_folder() / f"{name}.npy"
        if not _is_whole(path, origin):
            return None
        table = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError):
        return None
    right = table.shape == (rows, 1 + IMAGE_PIXELS) and table.dtype == np.uint8 and table[:, 0].max() <= 9
    return table if right else None


def write_table(name: str, origin: str, table: np.ndarray) -> None:
    """Keep the table under ``name``; do nothing where that fails, as on a full or read-only disk."""
    with contextlib.suppress(OSError):
        _write(cache_folder() / f"{name}.npy", origin, [table])


def read_arrays(name: str, origin: str) -> list[np.ndarray] | None:
    """Return the arrays that are kept under ``name``, or None unless they are whole and of this origin."""
    arrays = []
    try:
        path = cache_folder() / f"{name}.npys"
        if not _is_whole(path, origin):
            return None
        with open(path, "rb") as file:
            while file.tell() < os.fstat(file.fileno()).st_size - DIGEST_SIZE:
                arrays.append(np.lib.format.read_array(file, allow_pickle=False))
    except (OSError, ValueError, EOFError):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # the oldest by use goes first
    return arrays


def write_arrays(name: str, origin: str, arrays: Sequence[np.ndarray]) -> None:
    """Keep arrays under ``name``, and of all that are kept so the latest; do nothing where that fails."""
    if sum(array.nbytes for array in arrays) > MAX_ARRAYS_BYTES:
        return
    with contextlib.suppress(OSError):
        _write(cache_folder() / f"{name}.npys", origin, arrays)
        kept = sorted(cache_folder().glob("*.npys"), key=lambda path: path.stat().st_mtime, reverse=True)
        sizes = np.cumsum([path.stat().st_size for path in kept])
        for path, size in zip(kept[1:], sizes[1:], strict=True):
            if size > MAX_ARRAYS_BYTES:
                path.unlink()


def _is_whole(path, origin):
    """Whether a file ends in the digest of what is before it and of this origin; raises OSError or ValueError."""
    if not path.is_file():  # to open a pipe would wait for its other end
        return False
    content = np.memmap(path, np.uint8, "r")
    return content[-DIGEST_SIZE:].tobytes() == _digest(content[:-DIGEST_SIZE], origin)


def _write(path, origin, arrays):
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        for array in arrays:
            np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        file.write(_digest(np.memmap(file, np.uint8, "r"), origin))


def _digest(content, origin):
    """Return 32 bytes for the origin and the content; a CRC of the latter takes 3 ms for 10,000 pictures, a SHA 20."""
    return hashlib.sha256(f"{origin} {zlib.crc32(content)}".encode()).digest()
