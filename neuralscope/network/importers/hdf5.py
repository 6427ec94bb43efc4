"""Reading an HDF5 file that nobody vouches for: nothing outside it is opened, and every array is checked first."""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers import formats
from neuralscope.network.untrusted_npz import MAX_ARRAY_BYTES

MAX_OBJECTS = 10_000  # groups and arrays that are looked at
MAX_CONFIG_BYTES = 2**23  # of the text in which Keras describes a model
CONFIG_NAME = "model_config"
OWN_FILTERS = {1, 2, 3}  # deflate, shuffle, checksum; for another one HDF5 would look for a library to load
# What h5py raises on bytes that nobody meant; found by damaging files at random.
HDF5_DAMAGE_ERRORS = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, MemoryError,
                      RuntimeError, AssertionError)


class Hdf5Content(NamedTuple):
    """What is read of a file: the model's description, "" for none, and the arrays by their paths."""

    config: str
    arrays: dict[str, np.ndarray]


def read_hdf5(content: bytes) -> Hdf5Content:
    """Return what a file's bytes hold; raises InputError without the file's name."""
    h5py = formats.required_package("h5py", formats.row_named("HDF5"))
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return Hdf5Content(read_config(file), dict(read_arrays(file, h5py)))
    except InputError:
        raise
    except HDF5_DAMAGE_ERRORS as error:
        raise InputError("it is not an HDF5 file, or a damaged one") from error


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
