"""safetensors: arrays by name, with texts by name beside them."""

import json
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers import formats
from neuralscope.network.importers.arrays import network_from_arrays
from neuralscope.network.importers.description import activation_array, describe, parse_texts, with_description
from neuralscope.network.importers.foreign import Ends, ForeignNetwork
from neuralscope.network.storage import SavedNetwork
from neuralscope.network.untrusted_npz import MAX_ARRAY_BYTES

LENGTH_BYTES = 8  # of the header's length, before it
TEXTS = "__metadata__"
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
          "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"}


def read_safetensors(path: Path, ends: Ends) -> ForeignNetwork:
    """Return the ForeignNetwork in a file; raises InputError without the file's name, OSError."""
    if path.stat().st_size > MAX_ARRAY_BYTES:
        raise InputError(f"has more than the {MAX_ARRAY_BYTES / 2**30:.2g} GiB that are read")
    arrays, texts = read_arrays(path.read_bytes())
    description = parse_texts(texts)
    return with_description(network_from_arrays(arrays | activation_array(description), "safetensors", ends),
                            description)


def read_arrays(content: bytes) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the arrays and the texts in a file's bytes by name; raises InputError."""
    library = formats.required_package("safetensors", formats.row_named("safetensors"))
    try:
        tensors = library.deserialize(content)  # which refuses overlaps, holes, and lengths that the file has not
    except library.SafetensorError as error:
        raise InputError(f"is not a safetensors file, or a damaged one ({error})") from error
    texts = json.loads(content[LENGTH_BYTES:LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")])
    return {name: tensor_values(name, tensor["dtype"], tensor["data"]).reshape(tensor["shape"])
            for name, tensor in tensors}, texts.get(TEXTS) or {}


def tensor_values(name: str, dtype: str, data: bytes) -> np.ndarray:
    """Return a tensor's values in a row; raises InputError for a dtype that no network is kept in."""
    if dtype == "BF16":  # the upper half of float32, which NumPy does not know
        return (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    if dtype not in DTYPES:
        raise InputError(f"{name} is {dtype}", f"read are {', '.join(DTYPES)} and BF16")
    return np.frombuffer(data, DTYPES[dtype])


def write_safetensors(saved: SavedNetwork) -> bytes:
    """Return the bytes of a file with a network's arrays, named and turned as ``torch.nn.Sequential`` has them."""
    formats.required_package("safetensors", formats.row_named("safetensors"))
    from safetensors.numpy import save

    arrays: dict[str, np.ndarray] = {}
    for number, layer in enumerate(saved.network.layers):
        place = 2 * number  # an activation stands between
        arrays |= {f"{place}.weight": np.ascontiguousarray(layer.weights.T, np.float32),
                   f"{place}.bias": np.ascontiguousarray(layer.biases, np.float32)}
    return save(arrays, {name: json.dumps(value) for name, value in describe(saved).items()})
