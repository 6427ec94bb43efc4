"""Tables of digits as people have them, written from columns."""

import gzip
from pathlib import Path

import numpy as np

PIXEL_NAMES = [f"pixel{number}" for number in range(784)]


def write_table(path, columns, names=None, separator=",", end="\n", encoding="utf-8"):
    """Write columns as rows of text below their ``names``, gzipped where the path says so."""
    rows = zip(*(np.asarray(column).tolist() for column in columns), strict=True)
    lines = [separator.join(map(str, row)) for row in ([names] if names else []) + list(rows)]
    content = (end.join(lines) + end).encode(encoding)
    path = Path(path)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def content_of(dataset):
    """Return a sorted list of (pixels as bytes of 0 to 255, name of the class) of both parts of a Dataset."""
    return sorted((np.rint(image * 255).astype(np.uint8).tobytes(), dataset.class_names[label])
                  for digits in (dataset.train, dataset.test)
                  for image, label in zip(digits.images, digits.labels, strict=True))


def expected(pixels, names):
    """Return what `content_of` returns of a data set with these pixels (n, 784) uint8 and names of their classes."""
    return sorted((row.tobytes(), str(name)) for row, name in zip(pixels, names, strict=True))
