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
        header = bytes([0, 0, 8, values.ndim]) + b"".join(size.to_bytes(4, "big") for size in values.shape)
        content = header + values.tobytes()
        path = folder / (file if packed else file.removesuffix(".gz"))
        path.write_bytes(pack(content) if packed else content)
    return images, labels
