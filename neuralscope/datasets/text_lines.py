"""The lines of a text file, whatever ends them and whatever letters they are in, gzipped or not."""

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Generator, Iterator
from typing import IO, Any

from neuralscope.datasets.idx import GZIP_MAGIC
from neuralscope.errors import InputError

MAX_LINE_BYTES = 2**20  # bytes of a line; a file without line ends is not to fill the memory
WIDE_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # by the mark at the beginning
ARCHIVE_MAGICS = {b"PK\3\4": "a ZIP archive or a spreadsheet", b"BZh": "packed by bzip2", b"\xfd7zXZ": "packed by xz",
                  b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"\xd0\xcf\x11\xe0": "a spreadsheet"}
UNPACKING_ERRORS = EOFError, zlib.error, gzip.BadGzipFile


def open_unpacked(path: str | os.PathLike) -> IO[bytes]:
    """Open a file's bytes to read, unpacked where it is gzipped; raises OSError."""
    with open(path, "rb") as file:
        opened: Any = gzip.open if file.read(2) == GZIP_MAGIC else open
    return opened(path, "rb")


def read_lines(path: str | os.PathLike) -> Generator[bytes]:
    """Yield a text file's lines as UTF-8 without their ends, of a longer one at most MAX_LINE_BYTES at a time.

    A line feed ends a line, or in a file that has none a carriage return. Raises InputError, without the file's name,
    or OSError.
    """
    try:
        with open_unpacked(path) as file:
            start = file.read(MAX_LINE_BYTES)
            file.seek(0)
            encoding = next((name for mark, name in WIDE_ENCODINGS.items() if start.startswith(mark)), None)
            check_is_text(start, encoding)
            end = "\n" if b"\n" in start or b"\r" not in start else "\r"
            if encoding or end == "\r":
                yield from wide_lines(file, encoding, end)
            else:
                first = file.readline(MAX_LINE_BYTES).removeprefix(codecs.BOM_UTF8)
                yield first.strip(b"\r\n ")
                for line in iter(lambda: file.readline(MAX_LINE_BYTES), b""):
                    yield line.strip(b"\r\n ")
    except UNPACKING_ERRORS as error:
        raise InputError(f"is damaged or truncated ({error})", "get it again") from None


def check_is_text(start: bytes, encoding: str | None) -> None:
    """Raise InputError for the beginning of a file that is no text."""
    for magic, words in ARCHIVE_MAGICS.items():
        if start.startswith(magic):
            raise InputError(f"is {words}, which is not read", "unpack it, or save it as CSV")
    if b"\0" in start and not encoding:
        raise InputError("line 1: is not text, for it holds NUL characters", "save it as CSV in UTF-8")


def wide_lines(file: Any, encoding: str | None, end: str) -> Iterator[bytes]:
    """Yield the lines of an open file in UTF-16, or with ends that files of bytes do not know."""
    # Latin 1: bytes as they are
    with io.TextIOWrapper(file, encoding or "latin-1", errors="replace", newline=end) as text:
        for number, line in enumerate(iter(lambda: text.readline(MAX_LINE_BYTES), "")):
            content = line.encode("utf-8" if encoding else "latin-1")
            yield (content if number else content.removeprefix(codecs.BOM_UTF8)).strip(b"\r\n ")
