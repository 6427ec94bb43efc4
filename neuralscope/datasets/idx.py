"""IDX files: those of the published sets, read from a folder, with format, checksum, count and labels checked.

The format (http://yann.lecun.com/exdb/mnist): two zero bytes, a type (8: unsigned byte), the number of dimensions, each
dimension as four bytes with the highest first, then the values.
"""

import gzip
import hashlib
import io
import os
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from neuralscope.datasets.registry import FILE_NAMES, IMAGE_COUNTS, file_records, find_published_file
from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_PIXELS, IMAGE_SIDE

GZIP_MAGIC = b"\x1f\x8b"
IDX_MAGIC = b"\0\0"
# By the third byte of an IDX file, the highest byte first in each.
IDX_DTYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read_idx_header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """Return the shape and the dtype that an open IDX file says at its start.

    Raises InputError, without the file's name, where it is none, and EOFError where it ends there.
    """
    zeros, code, dimensions = file.read(2), *read_exactly(file, 2)
    if zeros != IDX_MAGIC or code not in IDX_DTYPES:
        raise InputError("is not an IDX file by its first bytes", "name another file")
    lengths = np.frombuffer(read_exactly(file, 4 * dimensions), ">u4")
    return tuple(map(int, lengths)), np.dtype(IDX_DTYPES[code])


def read_exactly(file: IO[bytes], count: int) -> bytes:
    """Return ``count`` bytes; raises EOFError where there are fewer."""
    content = file.read(count)
    if len(content) < count:
        raise EOFError("it ends too early")
    return content


def read_idx_folder(folder: str | os.PathLike, name: str, part: str) -> tuple[np.ndarray, np.ndarray, str, str]:
    """Read one part of the set ``name`` from ``folder/name`` or else ``folder``, packed or not.

    Returns images (n, 784) uint8, labels (n,) uint8, where they came from in words, and a doubt to show or "". Files
    whose checksum is another set's raise InputError; unpacked files of fashion_mnist and kmnist have none on record:
    they are taken for what was asked, with that doubt where the labels speak against it.
    """
    holding_folder, paths = _find_files(Path(folder), name, part)
    shapes = (IMAGE_COUNTS[part], IMAGE_SIDE, IMAGE_SIDE), (IMAGE_COUNTS[part],)
    parsed = [_read_idx_file(*candidate, name) for candidate in zip(paths, FILE_NAMES[part], shapes, strict=True)]
    (images, images_known), (labels, labels_known) = parsed
    if labels.max() > 9:
        position = int(np.argmax(labels > 9))
        raise InputError(f"{paths[1]}: label {labels[position]} at position {position} is outside 0..9",
                         "this is not a file of ten classes")
    checksums = "published" if images_known and labels_known else "unknown"
    source = f"files in a folder ({checksums} checksums)"
    notice = "" if labels_known else _class_count_notice(labels, name, holding_folder)
    return images.reshape(-1, IMAGE_PIXELS), labels, source, notice


def _class_count_notice(labels, name, holding_folder):
    """Return one line where the class counts cannot be the set's: those of mnist differ, the other two's are equal."""
    counts = np.bincount(labels, minlength=10)
    if (counts.min() == counts.max()) == (name != "mnist"):
        return ""
    return (
        f"{holding_folder} may not hold {name}: its classes are "
            f"{'equally' if name == 'mnist' else 'not equally'} frequent, "
        f"{name}'s are {'not' if name == 'mnist' else 'so'}; check --dataset"
    )


def _find_files(folder, name, part):
    """Return the folder that holds both files of the part, and their two paths."""
    try:
        os.scandir(folder).close()
        for holding_folder in (folder / name, folder):
            paths = [_existing_file(holding_folder / file) for file in FILE_NAMES[part]]
            if all(paths):
                return holding_folder, paths
    except OSError as error:
        raise InputError(f"data folder {folder}: {error.strerror}",
                         f"name a folder with {' and '.join(FILE_NAMES[part])}, packed or not") from None
    raise InputError(f"data folder {folder} does not hold {' and '.join(FILE_NAMES[part])} (packed or not, there or "
                     f"in {name})", "put them there or leave the folder out")


def _existing_file(path):
    return next((candidate for candidate in (path, path.with_suffix("")) if candidate.is_file()), None)


def _read_idx_file(path, file, shape, name):
    """Return the values of one IDX file, and whether a checksum proves that they are the published ones."""
    try:
        if path.stat().st_size > prod(shape) + 2**20:  # never read something huge by mistake
            raise InputError(f"{path} is too long for {name}'s {file}", "put the right file there")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the file and its permissions") from None
    known = _is_published(hashlib.sha256(raw).hexdigest(), path, name, file)
    packed = raw.startswith(GZIP_MAGIC)
    content = _unpack(raw, path, 2 * prod(shape) + 2**20) if packed else raw
    if packed and not known:
        known = _is_published(hashlib.sha256(content).hexdigest(), path, name, file)
        record = file_records(name).get(file)
        if not known and record and record.size == len(raw):
            raise InputError(f"{path} has the size of {name}'s published file but a wrong checksum: it is damaged",
                             "get it again")
    return _parse_idx(content, path, shape), known


def _is_published(checksum, path, name, file):
    """Tell whether the checksum is that of the expected file; raise InputError where it is another one's."""
    found = find_published_file(checksum)
    if found and found != (name, file):
        raise InputError(f"{path} is {found[0]}'s {found[1]}, not {name}'s {file} (by its checksum)",
                         option_remedy=f"put the right file there or ask for --dataset {found[0]}")
    return found is not None


def _unpack(raw, path, limit):
    """Return the unpacked bytes, at most ``limit`` of them: gzip's own checksum lies behind the last."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            return file.read(limit)
    except EOFError:
        raise InputError(f"{path} is truncated: its gzip data ends too early", "get it again") from None
    except (OSError, zlib.error) as error:
        raise InputError(f"{path} is damaged (wrong checksum or gzip data: {error})", "get it again") from None


def _parse_idx(content, path, shape):
    """Return the values of IDX ``content`` as a uint8 array of ``shape``."""
    magic = bytes([0, 0, 8, len(shape)])
    if content[:4] != magic:
        raise InputError(f"{path} has the wrong magic number {content[:4].hex()} where {magic.hex()} was expected",
                         f"it is not an IDX file of {'images' if len(shape) == 3 else 'labels'}")
    stream = io.BytesIO(content)
    try:
        found, dtype = read_idx_header(stream)
    except EOFError:
        raise InputError(f"{path} is truncated: fewer than the {prod(shape):,} values that were expected",
                         "get it again") from None
    if found != shape:
        raise InputError(f"{path} says it holds {_shape_text(found)} values where {_shape_text(shape)} were expected",
                         "put the right file there")
    start = stream.tell()
    if len(content) != start + prod(shape):
        problem = "is truncated: fewer" if len(content) < start + prod(shape) else "is too long: more"
        raise InputError(f"{path} {problem} than the {prod(shape):,} values that were expected", "get it again")
    return np.frombuffer(content, dtype, offset=start).reshape(shape)


def _shape_text(shape):
    return " x ".join(f"{size:,}" for size in shape)
