"""Reading an .npz that nobody vouches for: every array is checked before it is read, and pickles never are."""

import lzma
import os
import stat
import tokenize
import zipfile
import zlib
from collections.abc import Collection

import numpy as np

from neuralscope.errors import InputError

MAX_ARRAY_BYTES = 2**30  # bytes of all arrays together; a network of this size has a quarter of a billion parameters
# What zipfile and NumPy raise on bytes that nobody meant; found by damaging files at random.
NPZ_DAMAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    TypeError,
    OverflowError,
    MemoryError,
    EOFError,
    RuntimeError,
    SyntaxError,
    tokenize.TokenError,
)


def read_npz(path: str | os.PathLike, wanted: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """Return a file's arrays by name; of those ``wanted``, names, where that is given.

    Raises InputError (without the file's name) where it is no .npz, is damaged, or asks for too much; OSError where
    it cannot be opened.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would hang, a device never end
        raise InputError("cannot be read, for it is not a file")
    try:
        with zipfile.ZipFile(path) as file:
            members = [member for member in file.infolist() if member.filename.endswith(".npy")]
            total = sum(member.file_size for member in members)
            if total > MAX_ARRAY_BYTES:
                raise InputError(
                    f"it says it holds {total / 2**30:.2g} GiB, more than the {MAX_ARRAY_BYTES / 2**30:.2g} GiB "
                    "that are read"
                )
            return {member.filename.removesuffix(".npy"): read_member(file, member) for member in members
                    if wanted is None or member.filename.removesuffix(".npy") in wanted}
    except InputError:
        raise
    except NPZ_DAMAGE_ERRORS as error:
        raise InputError("it is not an .npz file, or a damaged one") from error


def read_member(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """Return the array in one member, once its header says a size that the file has."""
    name = member.filename.removesuffix(".npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{name!r} is compressed in a way that NumPy never writes")
    with file.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(stream)
        if dtype.hasobject:
            raise InputError(f"{name!r} holds Python objects (a pickle), which are never read")
        count = 1
        for length in shape:
            count *= length
        if count * dtype.itemsize != member.file_size - stream.tell():
            raise InputError(f"{name!r} says it has shape {shape}, but the file holds {member.file_size} bytes of it")
    with file.open(member) as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)
