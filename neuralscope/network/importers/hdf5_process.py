"""HDF5 files, read in a process of its own, which a damaged file may send round in circles or end."""

import json
import subprocess
import sys
from importlib.util import find_spec
from math import prod
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers import formats
from neuralscope.network.importers.hdf5 import Hdf5Content

MAX_SECONDS = 60  # where the system bounds no process; there it is `hdf5.MAX_CPU_SECONDS`
# It finds the modules where this program does, and none in the current folder that this program does not.
PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import main; main()"


def read_file(path: Path) -> Hdf5Content:
    """Return what an .h5 file or a .keras archive holds; raises InputError without the file's name, OSError."""
    check_installed()
    command = [sys.executable, "-I", "-c", PROGRAM.format(module=Hdf5Content.__module__), json.dumps(sys.path)]
    try:
        with open(path, "rb") as file:
            done = subprocess.run(command, stdin=file, capture_output=True, timeout=MAX_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError(f"is damaged: reading it takes more than {MAX_SECONDS} s") from error
    if done.returncode:
        raise InputError("is damaged: the process that read it came to an end")
    return parse_output(done.stdout)


def check_installed() -> None:
    """Raise InputError, with the line that installs it, where h5py is missing; it is not imported here."""
    if "h5py" in sys.modules or find_spec("h5py") is None:
        formats.required_package("h5py", formats.row_named("HDF5"))


def parse_output(output: bytes) -> Hdf5Content:
    """Return what the process wrote; raises the InputError that it met."""
    line, start = output.partition(b"\n")[0], output.index(b"\n") + 1
    header = json.loads(line)
    if "problem" in header:
        raise InputError(header["problem"], header["remedy"])
    arrays = {}
    for path, dtype, shape in header["arrays"]:
        arrays[path] = np.frombuffer(output, dtype, prod(shape), start).reshape(shape)
        start += arrays[path].nbytes
    return Hdf5Content(header["config"], arrays)
