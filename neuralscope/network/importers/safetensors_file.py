"""safetensors: arrays by name, with texts by name beside them."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers import formats
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.state_dict import is_state_dict, read_state_dict
from neuralscope.network.untrusted_npz import MAX_ARRAY_BYTES

MAX_HEADER_BYTES = 2**23
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
          "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1"}
FORMAT = "safetensors"


def read_safetensors(path: Path) -> ForeignNetwork:
    """Return the network in a file; raises InputError without the file's name, OSError."""
    if path.stat().st_size > MAX_ARRAY_BYTES + MAX_HEADER_BYTES:
        raise InputError(f"it has more than the {MAX_ARRAY_BYTES / 2**30:.2g} GiB that are read")
    arrays, texts = read_arrays(path.read_bytes())
    return network_of(arrays, texts)
