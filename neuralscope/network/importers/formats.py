"""The formats of networks from elsewhere: one table of how each is recognised, read and written.

A row's ``matches`` is asked with the FileContent, never with the file's name; the first row that fits reads it.
``read``, as "module:function", takes a Path and returns a ForeignNetwork; ``write``, alike or "" where a format is only
read, takes a SavedNetwork and returns the file's bytes. Both raise InputError without the file's name; the module is
imported when it is needed. ``packages`` are what reading or writing imports, and ``extra`` is what installs them.
``takes_ends``: whether the format has arrays without an order, so that ``read`` takes a Path and `foreign.Ends`; such
a reader hands its arrays by name to `arrays.network_from_arrays`. ``written_as``: what a written file holds, in words.
"""

import importlib
import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neuralscope.errors import InputError
from neuralscope.network.untrusted_npz import NPZ_DAMAGE_ERRORS

HEAD_BYTES = 4096  # of a file's beginning, by which its format is recognised
MAX_FILE_BYTES = 2**31  # of a file that is read; of its arrays see untrusted_npz
TEXT_BYTES = bytes(range(0x20, 0x7f)) + b"\t\n\r\f"
NUMBER_LETTERS = frozenset("0123456789.eE+-,; \t\r\n#nainfNAIF")  # of a table without names, with nan and inf


@dataclass(frozen=True)
class FileContent:
    """What a format is recognised by: the file's first bytes, and its members' names where it is a .zip archive."""

    head: bytes
    members: tuple[str, ...] = ()
    size: int = 0

    @property
    def text(self) -> str:
        """The first bytes as text without the white space before it, or "" where they are none."""
        head = self.head.removeprefix(b"\xef\xbb\xbf")
        return "" if head.translate(None, TEXT_BYTES).strip(bytes(range(0x80, 0x100))) else (
            head.decode("utf-8", "replace").lstrip())


@dataclass(frozen=True)
class Format:
    """One row of the table; see the module."""

    name: str
    endings: tuple[str, ...]
    matches: Callable[[FileContent], bool]
    read: str
    write: str = ""
    packages: tuple[str, ...] = ()
    extra: str = ""
    takes_ends: bool = False
    written_as: str = ""


def is_safetensors(content: FileContent) -> bool:
    """Whether a file begins with the length of a JSON header, and the header."""
    return content.head[8:9] == b"{" and 2 <= int.from_bytes(content.head[:8], "little") <= content.size - 8


def is_onnx(content: FileContent) -> bool:
    """Whether a file begins as a protocol buffer does whose first field is a small version number."""
    return content.head[:1] == b"\x08" and 0 < int.from_bytes(content.head[1:2], "big") < 64


def is_csv(content: FileContent) -> bool:
    """Whether a file is text, whose first line without a # has numbers alone."""
    lines = [line for line in content.text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines) and set(lines[0]) <= NUMBER_LETTERS and any(letter.isdigit() for letter in lines[0])


def has_member(*endings: str) -> Callable[[FileContent], bool]:
    """Return a check for an archive that has a member with one of these endings."""
    return lambda content: any(name.endswith(endings) for name in content.members)


def begins_with(magic: bytes) -> Callable[[FileContent], bool]:
    """Return a check for these first bytes."""
    return lambda content: content.head.startswith(magic)


HERE = "neuralscope.network.importers"
FORMATS = (
    Format("Keras", (".keras",), has_member("model.weights.h5"), f"{HERE}.keras_file:read_keras",
           packages=("h5py",), extra="formats"),
    Format("HDF5", (".h5", ".hdf5"), begins_with(b"\x89HDF\r\n\x1a\n"), f"{HERE}.keras_file:read_h5",
           packages=("h5py",), extra="formats", takes_ends=True),
    Format("npz", (".npz",), has_member(".npy"), f"{HERE}.array_files:read_npz", f"{HERE}.npz_writer:write_npz",
           takes_ends=True, written_as="all that is known of it; weights W1 (inputs, outputs), biases b1, W2, ..."),
    Format("npy", (".npy",), begins_with(b"\x93NUMPY"), f"{HERE}.array_files:read_npy", takes_ends=True),
    Format("safetensors", (".safetensors",), is_safetensors, f"{HERE}.safetensors_file:read_safetensors",
           f"{HERE}.safetensors_file:write_safetensors", ("safetensors",), "formats", takes_ends=True,
           written_as="0.weight (outputs, inputs), 0.bias, 2.weight, ... as in PyTorch; activations as texts beside"),
    Format("JSON", (".json",), lambda content: content.text[:1] in ("{", "["), f"{HERE}.json_file:read_json",
           f"{HERE}.text_writers:write_json", takes_ends=True,
           written_as="lists W1 (inputs, outputs), b1, W2, ...; activations beside"),
    Format("CSV", (".csv", ".txt"), is_csv, f"{HERE}.csv_file:read_csv", f"{HERE}.text_writers:write_csv",
           takes_ends=True, written_as="W1 (inputs, outputs), b1, W2, ... one below the other; activations in # lines"),
    Format("ONNX", (".onnx",), is_onnx, f"{HERE}.onnx_file:read_onnx", f"{HERE}.onnx_writer:write_onnx",
           ("onnx",), "formats", written_as="a graph from images (batch, inputs) to outputs (batch, classes)"),
)


def find_format(content: FileContent) -> Format | None:
    """Return the row that a file's content fits, or None."""
    return next((row for row in FORMATS if row.matches(content)), None)


def format_of_ending(path: str | os.PathLike) -> Format:
    """Return the row that writes a file of this name; raises InputError where there is none."""
    rows = [row for row in FORMATS if row.write]
    for row in rows:
        if Path(path).suffix.lower() in row.endings:
            return row
    raise InputError(f"{os.fspath(path)}: its ending is that of no format that is written",
                     f"choose one of {', '.join(row.endings[0] for row in rows)}")


def look_into(path: str | os.PathLike) -> FileContent:
    """Return the FileContent of a file; raises InputError without its name, OSError."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):  # a pipe would hang, a device never end
        raise InputError("is a folder" if stat.S_ISDIR(status.st_mode) else "cannot be read, for it is not a file")
    if status.st_size > MAX_FILE_BYTES:
        raise InputError(f"has {status.st_size / 2**30:.2g} GiB, more than the {MAX_FILE_BYTES / 2**30:.2g} GiB that "
                         "are read")
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.startswith(b"PK"):
        return FileContent(head, (), status.st_size)
    try:
        with zipfile.ZipFile(path) as archive:
            return FileContent(head, tuple(archive.namelist()), status.st_size)
    except NPZ_DAMAGE_ERRORS as error:
        raise InputError("is a damaged .zip archive") from error


def function_of(place: str) -> Any:
    """Return the function at "module:function"; the module is imported."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def required_package(name: str, row: Format) -> Any:
    """Return an optional package that a format needs; raises InputError with the line that installs it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(f"{row.name} takes the package {name}, which is not installed",
                         f"install it: pip install 'neuralscope[{row.extra}]'") from None


def row_named(name: str) -> Format:
    """Return the row of this name."""
    return next(row for row in FORMATS if row.name == name)
