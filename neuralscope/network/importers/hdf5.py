"""Reading an HDF5 file that nobody vouches for: nothing outside it is opened, and every array is checked first.

This is the process of its own that `hdf5_process` starts: HDF5 is a library in C that a damaged file can send round in
circles, or end. The file, or the .keras archive that it lies in, is standard input; what is read goes to standard
output: a line of JSON, and the arrays' bytes.
"""

import io
import json
import os
import signal
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.untrusted_npz import MAX_ARRAY_BYTES, NPZ_DAMAGE_ERRORS

MAX_OBJECTS = 10_000  # groups and arrays that are looked at
MAX_CONFIG_BYTES = 2**23  # of the text in which Keras describes a model
MAX_WORKING_BYTES = 2**31 + 2**28  # beside what the process begins with: an archive's member, and its arrays
MAX_CPU_SECONDS = 10  # a GiB takes three
CONFIG_NAME, CONFIG_MEMBER, WEIGHTS_MEMBER = "model_config", "config.json", "model.weights.h5"
OWN_FILTERS = {1, 2, 3}  # deflate, shuffle, checksum; for another one HDF5 would look for a library to load
# What h5py raises on bytes that nobody meant; found by damaging files at random.
HDF5_DAMAGE_ERRORS = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError,
                      RuntimeError, AssertionError, SystemError)


class Hdf5Content(NamedTuple):
    """What is read of a file: the model's description, "" for none, and the arrays by their paths."""

    config: str
    arrays: dict[str, np.ndarray]


def main() -> None:
    """Read standard input and write what it holds, or what is wrong with it."""
    import h5py

    bound_process()
    try:
        with open(0, "rb", closefd=False) as stream:
            content = read_stream(stream, h5py)
        header: dict[str, Any] = {"config": content.config, "arrays": [
            [path, array.dtype.str, array.shape] for path, array in content.arrays.items()]}
    except InputError as error:
        content, header = Hdf5Content("", {}), {"problem": error.problem, "remedy": error.remedy}
    except MemoryError:
        content, header = Hdf5Content("", {}), {"problem": "takes more memory than there is", "remedy": ""}
    output = sys.stdout.buffer
    output.write(json.dumps(header).encode() + b"\n")
    for array in content.arrays.values():
        output.write(np.ascontiguousarray(array).data)
    output.flush()


def bound_process() -> None:
    """Let this process end, without a trace, where it takes too long or too much memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends it
    with suppress(ImportError, OSError, ValueError):  # Windows has no such bounds, and only Linux tells what is used
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        spent = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(spent.ru_utime + spent.ru_stime) + MAX_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + MAX_WORKING_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def read_stream(stream: BinaryIO, h5py: Any) -> Hdf5Content:
    """Return what an .h5 file or a .keras archive holds; raises InputError."""
    if stream.read(2) != b"PK":
        stream.seek(0)
        return read_hdf5(stream, h5py)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            text = read_member(archive, CONFIG_MEMBER, MAX_CONFIG_BYTES).decode("utf-8")
            weights = read_member(archive, WEIGHTS_MEMBER, MAX_ARRAY_BYTES)
    except InputError:
        raise
    except (*NPZ_DAMAGE_ERRORS, KeyError, OSError) as error:
        raise InputError("is not a .keras file, or a damaged one") from error
    return read_hdf5(io.BytesIO(weights), h5py)._replace(config=text)


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return the bytes of one member, which Keras stores as they are; raises InputError where there are too many."""
    member = archive.getinfo(name)
    if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
        raise InputError(f"its {name} is compressed, as Keras never writes it", "save it with Keras again")
    if member.file_size > limit:
        raise InputError(f"its {name} has {member.file_size:,} bytes, and at most {limit:,} are read")
    return archive.read(member)


def read_hdf5(stream: BinaryIO, h5py: Any) -> Hdf5Content:
    """Return what an HDF5 file holds; raises InputError."""
    try:
        with h5py.File(stream, "r") as file:
            return Hdf5Content(read_config(file), dict(read_arrays(file, h5py)))
    except InputError:
        raise
    except HDF5_DAMAGE_ERRORS as error:
        raise InputError("is not an HDF5 file, or a damaged one") from error


def read_config(file: Any) -> str:
    """Return the text in which Keras describes a model, or ""; raises InputError."""
    if CONFIG_NAME not in file.attrs:
        return ""
    attribute = file.attrs.get_id(CONFIG_NAME)
    if attribute.shape != () or attribute.get_storage_size() > MAX_CONFIG_BYTES:
        raise InputError(f"its {CONFIG_NAME} is not a single text")
    text = file.attrs[CONFIG_NAME]
    text = text.decode("utf-8") if isinstance(text, bytes) else text
    if not isinstance(text, str) or len(text) > MAX_CONFIG_BYTES:
        raise InputError(f"its {CONFIG_NAME} is not a single text")
    return text


def read_arrays(file: Any, h5py: Any) -> Iterator[tuple[str, np.ndarray]]:
    """Yield path and array of all weights in an open file, those of an optimizer left out; raises InputError."""
    waiting = [("", file["/"])]
    seen = bytes_asked = 0
    while waiting:
        path, group = waiting.pop()
        for name in group:
            seen += 1
            if seen > MAX_OBJECTS:
                raise InputError(f"it has more than {MAX_OBJECTS:,} groups and arrays")
            where = f"{path}/{name}".lstrip("/")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise InputError(f"{where!r} is a link, which may lead to another file, and none is followed")
            item = group[name]
            if isinstance(item, h5py.Group):
                waiting += [(where, item)] if not where.startswith("optimizer") else []
            elif isinstance(item, h5py.Dataset) and item.shape is not None and item.dtype.kind in "fiu":
                bytes_asked += check_dataset(item, where)
                if bytes_asked > MAX_ARRAY_BYTES:
                    raise InputError(f"it says it holds {bytes_asked / 2**30:.2g} GiB, more than the "
                                     f"{MAX_ARRAY_BYTES / 2**30:.2g} GiB that are read")
                yield where, item[()]


def check_dataset(item: Any, where: str) -> int:
    """Return the bytes of an array that lies in its file; raises InputError for one that does not."""
    properties = item.id.get_create_plist()
    if item.is_virtual or properties.get_external_count():
        raise InputError(f"{where!r} lies in another file, which is not opened")
    filters = {properties.get_filter(number)[0] for number in range(properties.get_nfilters())}
    if filters - OWN_FILTERS:
        raise InputError(f"{where!r} is compressed in a way that Keras never writes")
    size = int(item.size) * item.dtype.itemsize
    if not filters and item.id.get_storage_size() < size:
        raise InputError(f"{where!r} says it has shape {item.shape}, but the file holds "
                         f"{item.id.get_storage_size()} bytes of it")
    return size
