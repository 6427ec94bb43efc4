"""Made-up files in the published form, for tests: random pictures, published by nobody."""

import gzip

import numpy as np

from neuralscope.datasets.registry import FILE_NAMES, IMAGE_COUNTS

IMAGES, LABELS = FILE_NAMES["test"]


def pack(content):
    """Return the bytes gzipped, quickly and always alike."""
    return gzip.compress(content, compresslevel=1, mtime=0)


def write_part(folder, part, packed=True):
    """Write both files of a part; return images (n, 28, 28) and labels (n,), uint8."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    count = IMAGE_COUNTS[part]
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 10:14, 10:14] = rng.integers(256, size=(count, 4, 4))
    labels = rng.integers(10, size=count).astype(np.uint8)
    for file, values in zip(FILE_NAMES[part], (images, labels), strict=True):
        write_idx(folder / (file if packed else file.removesuffix(".gz")), values)
    return images, labels


def idx_bytes(values):
    """Return an array, uint8 or int32, as the bytes of an IDX file."""
    code = {1: 8, 4: 12}[values.itemsize]
    header = bytes([0, 0, code, values.ndim]) + b"".join(size.to_bytes(4, "big") for size in values.shape)
    return header + values.astype(values.dtype.newbyteorder(">")).tobytes()


def write_idx(path, values):
    """Write an IDX file, packed where its name ends in .gz, and make its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack(idx_bytes(values)) if path.name.endswith(".gz") else idx_bytes(values))
