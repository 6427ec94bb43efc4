"""NumPy's files of arrays: .npz and .npy, every header checked before its values are read; pickles never are."""

from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network import untrusted_npz
from neuralscope.network.importers.arrays import network_from_arrays
from neuralscope.network.importers.foreign import Ends, ForeignNetwork

LISTS_REMEDY = ("where you trust it, convert it in Python: f = numpy.load({name!r}, allow_pickle=True); "
                "numpy.savez({new!r}, *(a for n in f for a in f[n]))")
OBJECTS_REMEDY = ("where you trust it, convert it in Python: a = numpy.load({name!r}, allow_pickle=True); "
                  "numpy.savez({new!r}, *(a.item().values() if a.ndim == 0 else a))")


def read_npz(path: Path, ends: Ends) -> ForeignNetwork:
    """Return the ForeignNetwork in an .npz file; raises InputError without the file's name, OSError."""
    with untrusted_npz.open_npz(path) as arrays:
        check_no_objects(arrays, path)
        found = {name: arrays[name] for name in arrays}
    return network_from_arrays(found, "npz", ends)


def check_no_objects(arrays: untrusted_npz.NpzArrays, path: Path) -> None:
    """Raise InputError for lists of arrays that were saved as one, with the line that saves them one by one."""
    for name in arrays:
        try:
            arrays.header(name)
        except untrusted_npz.ObjectsError as error:
            remedy = LISTS_REMEDY.format(name=path.name, new=f"{path.stem}_arrays.npz")
            raise InputError(error.problem, remedy) from None


def read_npy(path: Path, ends: Ends) -> ForeignNetwork:
    """Return the ForeignNetwork of the one array in an .npy file; raises InputError without its name, OSError."""
    with open(path, "rb") as stream, untrusted_npz.damage_in_words():
        version = np.lib.format.read_magic(stream)
        parse = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = parse(stream)
        if dtype.hasobject:
            raise InputError("holds Python objects (a pickle), which are never read",
                             OBJECTS_REMEDY.format(name=path.name, new=f"{path.stem}.npz"))
        header = untrusted_npz.ArrayHeader(shape, dtype)
        held = path.stat().st_size - stream.tell()
        if header.nbytes != held or header.nbytes > untrusted_npz.MAX_ARRAY_BYTES:
            raise InputError(f"says it has shape {shape}, but holds {held:,} bytes of it")
        stream.seek(0)
        array = np.lib.format.read_array(stream, allow_pickle=False)
    return network_from_arrays({"array": array}, "npy", ends)
