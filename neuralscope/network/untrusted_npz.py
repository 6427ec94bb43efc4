"""Reading an .npz that nobody vouches for: every array is checked before it is read, and pickles never are."""

import lzma
import os
import stat
import sys
import tokenize
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from math import prod
from typing import BinaryIO, NamedTuple

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
DIRECTORY_END, DIRECTORY_END_BYTES, MAX_COMMENT_BYTES = b"PK\5\6", 22, 2**16 - 1


class ObjectsError(InputError):
    """An array of Python's objects, which only a pickle can hold."""


class ArrayHeader(NamedTuple):
    """What an array says of itself before its values."""

    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """The bytes of its values."""
        return prod(self.shape) * self.dtype.itemsize


class NpzArrays(Mapping[str, np.ndarray]):
    """An open file's arrays by name, each read when it is asked for; raises InputError, without the file's name."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file, self.bytes_asked = file, 0
        self.headers: dict[str, ArrayHeader] = {}
        self.members = {member.filename.removesuffix(".npy"): member for member in file.infolist()
                        if member.filename.endswith(".npy")}

    def __getitem__(self, name: str) -> np.ndarray:
        self.bytes_asked += self.header(name).nbytes
        if self.bytes_asked > MAX_ARRAY_BYTES:
            raise InputError(f"it says it holds {self.bytes_asked / 2**30:.2g} GiB, more than the "
                             f"{MAX_ARRAY_BYTES / 2**30:.2g} GiB that are read")
        with damage_in_words():
            return read_member(self.file, self.members[name])

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def header(self, name: str) -> ArrayHeader:
        """Return shape and dtype of an array, which are those of as many bytes as the file has of it."""
        if name not in self.headers:
            with damage_in_words():
                self.headers[name] = read_header(self.file, self.members[name])
        return self.headers[name]


@contextmanager
def open_npz(path: str | os.PathLike) -> Iterator[NpzArrays]:
    """Yield a file's NpzArrays, once its directory is whole.

    Raises InputError (without the file's name) where it is no .npz or is damaged; OSError where it cannot be opened.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would hang, a device never end
        raise InputError("cannot be read, for it is not a file")
    with open(path, "rb") as stream:
        with damage_in_words():
            file = zipfile.ZipFile(stream)
            check_directory(file, stream)
        yield NpzArrays(file)


def read_npz(path: str | os.PathLike, wanted: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """Return a file's arrays by name; of those ``wanted``, names, where that is given.

    Raises InputError (without the file's name) where it is no .npz, is damaged, or asks for too much; OSError where
    it cannot be opened.
    """
    with open_npz(path) as arrays:
        return {name: arrays[name] for name in arrays if wanted is None or name in wanted}


@contextmanager
def damage_in_words() -> Iterator[None]:
    """Raise InputError for what damaged bytes raise inside."""
    try:
        yield
    except InputError:
        raise
    except NPZ_DAMAGE_ERRORS as error:
        raise InputError("it is not an .npz file, or a damaged one") from error


def check_directory(file: zipfile.ZipFile, stream: BinaryIO) -> None:
    """Raise BadZipFile where members are missing in an archive's directory, or have other names than in the archive.

    zipfile asks for the one never, and for the other of what is read: a damaged length of a comment hides all members
    that come after, a damaged name one.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - DIRECTORY_END_BYTES - MAX_COMMENT_BYTES))
    end = stream.read()
    at = end.rfind(DIRECTORY_END) + 10
    if int.from_bytes(end[at:at + 2], "little") != min(len(file.infolist()), 2**16 - 1):
        raise zipfile.BadZipFile("its directory is not whole")
    for member in file.infolist():
        file.open(member).close()  # which compares the names


def read_header(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> ArrayHeader:
    """Return the header of the array in one member, once it says a size that the file has."""
    name = member.filename.removesuffix(".npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{name!r} is compressed in a way that NumPy never writes")
    with file.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        parse = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = parse(stream)
        if dtype.hasobject:
            raise ObjectsError(f"{name!r} holds Python objects (a pickle), which are never read")
        header = ArrayHeader(shape, dtype)
        if header.nbytes != member.file_size - stream.tell():
            raise InputError(f"{name!r} says it has shape {shape}, but the file holds {member.file_size} bytes of it")
    return header


def read_member(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """Return the array in one member; raises ValueError for texts of letters that there are none of."""
    with file.open(member) as stream:
        array = np.lib.format.read_array(stream, allow_pickle=False)
    if array.dtype.kind == "U" and array.nbytes:  # of which Python itself raises SystemError, and later
        codes = np.ascontiguousarray(array, array.dtype.newbyteorder("=")).reshape(-1).view(np.uint32)
        if codes.max() > sys.maxunicode:
            raise ValueError("no such letter")
    return array
