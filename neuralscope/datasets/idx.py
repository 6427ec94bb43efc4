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

from neuralscope.datasets.idx_layout import file_names, find_part
from neuralscope.datasets.registry import (
    CLASS_NAMES,
    IMAGE_COUNTS,
    QMNIST_LABEL_COLUMNS,
    file_records,
    find_published_file,
)
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.images.augmentation import IMAGE_PIXELS, IMAGE_SIDE

GZIP_MAGIC = b"\x1f\x8b"
IDX_MAGIC = b"\0\0"
# By the third byte of an IDX file, the highest byte first in each.
IDX_DTYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
IDX_CODES = {1: 8, 2: 12, 3: 8}  # the third byte of labels, QMNIST's labels and images, by their number of dimensions
MAX_IDX_BYTES = 2**30  # of a file whose count is not known before


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


def read_idx_folder(folder: str | os.PathLike, name: str, part: str, any_count: bool = False
                    ) -> tuple[np.ndarray, np.ndarray, str, str]:
    """Read one part of the set ``name`` from wherever in ``folder`` `idx_layout` finds it, packed or not.

    Returns images (n, 784) uint8, labels (n,) uint8, where they came from in words, and a doubt to show or "".
    ``any_count``: n need not be the published one; then ``name`` may also be "qmnist", or "" for a set that nothing
    names. Files whose checksum is another set's raise InputError; unpacked files of fashion_mnist and kmnist have none
    on record: they are taken for what was asked, with that doubt where the labels speak against it.
    """
    places = find_part(Path(folder), name, part)
    paths = places[0]
    count = None if any_count else IMAGE_COUNTS[part]
    label_shape = (count, QMNIST_LABEL_COLUMNS) if name == "qmnist" else (count,)
    shapes = (count, IMAGE_SIDE, IMAGE_SIDE), label_shape
    parsed = [_read_idx_file(path, file, shape, name)
              for path, file, shape in zip(paths, file_names(name, part), shapes, strict=True)]
    (images, images_known), (labels, labels_known) = parsed
    known = images_known and labels_known
    labels = _checked_labels(labels if labels.ndim == 1 else labels[:, 0], paths, len(images))
    source = f"files in a folder ({'published' if known else 'unknown'} checksums)"
    doubts = [] if known else [_choice_notice(places)]
    if not labels_known and len(labels) == IMAGE_COUNTS[part] and name in CLASS_NAMES:
        doubts.append(_class_count_notice(labels, name, paths[0].parent))
    return images.reshape(-1, IMAGE_PIXELS), labels, source, sentence(*doubts)


def _checked_labels(labels, paths, count):
    """Return the labels of ``count`` images as uint8; raises InputError where they cannot be theirs."""
    if len(labels) != count:
        raise InputError(f"{paths[1]} holds {counted(len(labels), 'label')}, {paths[0]} {counted(count, 'image')}",
                         "they do not belong together; get both again")
    strange = (labels < 0) | (labels > 9)
    if strange.any():
        position = int(np.argmax(strange))
        raise InputError(f"{paths[1]}: label {labels[position]} at position {position} is outside 0..9",
                         "this is not a file of ten classes")
    return labels.astype(np.uint8)


def _choice_notice(places):
    """Return one line where one of the two files was there more than once, or ""."""
    taken, *others = places
    beside = next((path for place in others for path in place if path not in taken), None)
    return f"{taken[0]} and {taken[1].name} are taken, {beside} is not" if beside else ""


def identify_set(folder: str | os.PathLike) -> str:
    """Return the set that one of the test files in ``folder`` is of by its checksum, or ""; raises InputError."""
    for path in find_part(Path(folder), "", "test")[0]:
        raw = _read_bytes(path, MAX_IDX_BYTES, "an IDX file")
        content = _unpack(raw, path, MAX_IDX_BYTES) if raw.startswith(GZIP_MAGIC) else raw
        for held in (raw, content):
            if known := find_published_file(hashlib.sha256(held).hexdigest()):
                return known[0]
    return ""


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


def _read_idx_file(path, file, shape, name):
    """Return the values of one IDX file, and whether a checksum proves that they are the published ones."""
    size = MAX_IDX_BYTES if None in shape else prod(shape)
    raw = _read_bytes(path, size + 2**20, f"{name}'s {file}" if name else file)
    known = _is_published(hashlib.sha256(raw).hexdigest(), path, name, file)
    packed = raw.startswith(GZIP_MAGIC)
    content = _unpack(raw, path, 2 * size + 2**20) if packed else raw
    if packed and not known:
        known = _is_published(hashlib.sha256(content).hexdigest(), path, name, file)
        record = file_records(name).get(file)
        if not known and record and record.size == len(raw):
            raise InputError(f"{path} has the size of {name}'s published file but a wrong checksum: it is damaged",
                             "get it again")
    return _parse_idx(content, path, shape), known


def _read_bytes(path, limit, expected):
    """Return the bytes of a file; never of something huge by mistake."""
    try:
        if path.stat().st_size > limit:
            raise InputError(f"{path} is too long for {expected}", "put the right file there")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the file and its permissions") from None


def _is_published(checksum, path, name, file):
    """Tell whether the checksum is that of the expected file; raise InputError where it is another one's."""
    if name == "qmnist":  # has no checksums on record, and some of its images are MNIST's
        return False
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
    """Return the values of IDX ``content`` as an array of ``shape``, whose first length may be None: any."""
    magic = bytes([0, 0, IDX_CODES[len(shape)], len(shape)])
    if content[:4] != magic:
        raise InputError(f"{path} has the wrong magic number {content[:4].hex()} where {magic.hex()} was expected",
                         f"it is not an IDX file of {'images' if len(shape) == 3 else 'labels'}")
    stream = io.BytesIO(content)
    try:
        found, dtype = read_idx_header(stream)
    except EOFError:
        raise InputError(f"{path} is truncated: fewer than the {prod(filter(None, shape)):,} values that were expected",
                         "get it again") from None
    expected = (shape[0] or found[0], *shape[1:])
    if found != expected:
        raise InputError(f"{path} says it holds {_shape_text(found)} values where {_shape_text(expected)} were "
                         "expected", "put the right file there")
    start, size = stream.tell(), prod(found) * dtype.itemsize
    if len(content) != start + size:
        problem = "is truncated: fewer" if len(content) < start + size else "is too long: more"
        raise InputError(f"{path} {problem} than the {prod(found):,} values that were expected", "get it again")
    if not prod(found):
        raise InputError(f"{path} holds nothing: its count is 0", "get it again")
    return np.frombuffer(content, dtype, offset=start).reshape(found)


def _shape_text(shape):
    return " x ".join(f"{size:,}" for size in shape)
