"""Keep decoded pictures in the user's cache folder, so that the next start takes milliseconds.

A table is a uint8 array (n, 785), a row one picture: its label, then its 784 pixels. The file is an ordinary .npy
(never a pickle) followed by a digest of itself and the table's origin: one file, so that no half of it can be
another's. What does not match is as good as absent; what cannot be written is left out.
"""

import contextlib
import hashlib
import os
import zlib
from pathlib import Path

import numpy as np

from neuralscope.images.augmentation import IMAGE_PIXELS
from neuralscope.safe_files import replacing

DIGEST_SIZE = hashlib.sha256().digest_size


def cache_folder() -> Path:
    """Return the cache folder: ``NEURALSCOPE_CACHE_DIR``, or where the platform keeps caches. It may not exist."""
    chosen = os.environ.get("NEURALSCOPE_CACHE_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("neuralscope", appauthor=False))


def read_table(name: str, origin: str, rows: int) -> np.ndarray | None:
    """Return the table ``name``, (rows, 785) uint8 and memory-mapped, or None unless it is whole and of this origin.

    ``origin`` is any text that changes when the data do, as a checksum.
    """
    path = cache_folder() / f"{name}.npy"
    try:
        content = np.memmap(path, np.uint8, "r")
        if content[-DIGEST_SIZE:].tobytes() != _digest(content[:-DIGEST_SIZE], origin):
            return None
        table = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError):
        return None
    right = table.shape == (rows, 1 + IMAGE_PIXELS) and table.dtype == np.uint8 and table[:, 0].max() <= 9
    return table if right else None


def write_table(name: str, origin: str, table: np.ndarray) -> None:
    """Keep the table under ``name``; do nothing where that fails, as on a full or read-only disk."""
    with contextlib.suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        with replacing(cache_folder() / f"{name}.npy") as file:
            np.lib.format.write_array(file, np.ascontiguousarray(table), allow_pickle=False)
            file.flush()
            file.write(_digest(np.memmap(file, np.uint8, "r"), origin))


def _digest(content, origin):
    """Return 32 bytes for the origin and the content; a CRC of the latter takes 3 ms for 10,000 pictures, a SHA 20."""
    return hashlib.sha256(f"{origin} {zlib.crc32(content)}".encode()).digest()
