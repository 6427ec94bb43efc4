"""Pickles are never read, for they can run any program: how one is known, and the two lines that convert it."""

import os

from neuralscope.datasets.text_lines import UNPACKING_ERRORS, open_unpacked
from neuralscope.errors import InputError

PICKLE_ENDINGS = ".pkl", ".pickle", ".p", ".joblib"
PICKLE_MAGICS = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))


def refuse_pickle(path: str | os.PathLike) -> None:
    """Raise InputError where a file is a pickle, gzipped or not, by its name or its first bytes; may raise OSError."""
    name = os.fspath(path).lower().removesuffix(".gz")
    try:
        with open_unpacked(path) as file:
            start = file.read(2)
    except UNPACKING_ERRORS:  # whoever reads it says so
        start = b""
    if start not in PICKLE_MAGICS and not name.endswith(PICKLE_ENDINGS):
        return
    base = os.path.basename(os.fspath(path))
    opened = "gzip.open" if base.lower().endswith(".gz") else "open"
    raise InputError(
        "is a pickle, which can run any program when it is read",
        f"where you trust it, convert it in Python: (x, y), *_, (v, w) = pickle.load({opened}({base!r}, 'rb'), "
        "encoding='latin1'); numpy.savez('mnist.npz', x_train=x, y_train=y, x_test=v, y_test=w)")
