"""Networks in files: one .npz with named arrays and no pickles, written whole or not at all."""

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from neuralscope.cli import command
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.network import metadata as metadata_fields
from neuralscope.network import untrusted_npz
from neuralscope.network.model import Layer, Network
from neuralscope.network.untrusted_npz import ArrayHeader, NpzArrays
from neuralscope.safe_files import Temporary, write_atomically
from neuralscope.short_repr import short_repr

FORMAT_VERSION = 2  # 1 had no image_shape, inputs and origin in its metadata
UTF32_BYTES = 4  # of a character in an array
DEFAULT_FILE_NAME = "trained_weights.npz"
TRAIN_HINT = f"train one with: {command('train')}"
WEIGHTS_REMEDY = f"choose another file, or {TRAIN_HINT}"


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """What a file held.

    ``metadata``: how the network was trained, in JSON's types. ``history``: arrays with one value an epoch, by name.
    ``state``: what a Trainer needs to continue, by name; empty but in checkpoints. ``assumed``: what was found out
    and assumed of a network from elsewhere, in sentences.
    """

    path: Path
    network: Network
    metadata: dict
    history: dict
    state: dict
    assumed: tuple[str, ...] = ()
    __repr__ = short_repr


def save(network: Network, path: str | os.PathLike, metadata: dict, history: dict[str, np.ndarray] | None = None,
         state: dict[str, np.ndarray] | None = None, dtype: DTypeLike = np.float32, *,
         held: Temporary | None = None) -> None:
    """Write a network to ``path`` as `encode_network` has it; ``held``: into room that `hold_space` held for it.

    Raises InputError where the file cannot be written; ``path`` then holds what it held before.
    """
    write_atomically(Path(path), encode_network(network, metadata, history, state, dtype), "--output", held=held)


def encode_network(network: Network, metadata: dict, history: dict[str, np.ndarray] | None = None,
                   state: dict[str, np.ndarray] | None = None, dtype: DTypeLike = np.float32) -> bytes:
    """Return the bytes of a network's file; the same values give the same bytes.

    ``metadata`` is a dict of JSON's types; ``history`` and ``state`` are dicts of arrays as in SavedNetwork.
    Weights are stored as ``dtype``: float32, or float16 at half the size and a relative error of up to 0.0005.
    """
    arrays = {name: np.asarray(array, dtype=dtype) for name, array in network.parameters.items()}
    arrays["activations"] = np.array([layer.activation for layer in network.layers])
    arrays["format_version"] = np.array(FORMAT_VERSION)
    arrays["metadata"] = np.array(json.dumps(metadata, sort_keys=True))
    for prefix, group in (("history_", history), ("state_", state)):
        arrays |= {prefix + name: np.asarray(array) for name, array in (group or {}).items()}
    stream = io.BytesIO()
    members: dict[str, Any] = arrays
    np.savez(stream, **members)  # dates every member 1980, so that the bytes depend on the values alone
    return stream.getvalue()


def load(path: str | os.PathLike) -> SavedNetwork:
    """Return the SavedNetwork at ``path``.

    Raises InputError, in words that say what to do, where there is no such file or anything in it is not as written.
    """
    path = Path(path)
    try:
        with untrusted_npz.open_npz(path) as arrays:
            return SavedNetwork(path, *parse_arrays(arrays))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", WEIGHTS_REMEDY) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", WEIGHTS_REMEDY) from error
    except InputError as error:
        raise InputError(sentence(f"{path}: {error.problem}", error.remedy), WEIGHTS_REMEDY) from None


def load_checkpoint_metadata(checkpoint: str | os.PathLike) -> dict:
    """Return the metadata of a checkpoint, whose network is not read; raises InputError where it is none, OSError."""
    with untrusted_npz.open_npz(checkpoint) as arrays:
        required_header(arrays, "state_epoch")
        return parse_metadata(arrays)


def load_metadata(path: str | os.PathLike) -> dict:
    """Return the metadata of a network's file, finished or not; raises InputError where it is none, OSError."""
    with untrusted_npz.open_npz(path) as arrays:
        return parse_metadata(arrays)


def parse_arrays(arrays: Mapping[str, np.ndarray]) -> tuple[Network, dict, dict, dict]:
    """Return network, metadata, history and state from a file's arrays by name; raises InputError."""
    version = single_value(arrays, "format_version", "i")
    if version < 1:
        raise InputError(f"format_version is {version}, and the first was 1")
    if version > FORMAT_VERSION:
        raise InputError(f"written by a newer NeuralScope (format {version}, this one reads {FORMAT_VERSION})",
                         "update NeuralScope")
    network, metadata = parse_network(arrays), parse_metadata(arrays)
    state = {name.removeprefix("state_"): arrays[name] for name in arrays if name.startswith("state_")}
    epochs = None if state else metadata.get("epochs_run")  # of a checkpoint --resume asks
    return network, metadata, parse_history(arrays, epochs), state


def parse_history(arrays: Mapping[str, np.ndarray], epochs: int | None) -> dict[str, np.ndarray]:
    """Return the history in a file's arrays: one value an epoch, of as many as its training had; raises InputError."""
    headers = {name: required_header(arrays, name) for name in arrays if name.startswith("history_")}
    counts = {header.shape for header in headers.values()}
    wrong = any(header.ndim != 1 or header.dtype.kind not in "iuf" for header in headers.values()) or len(counts) > 1
    history = {} if wrong else {name.removeprefix("history_"): arrays[name] for name in headers}
    if wrong or not all(np.isfinite(array).all() for array in history.values()):
        raise InputError("the history_ arrays do not have one finite number an epoch")
    if history and epochs is not None and counts != {(epochs,)}:
        raise InputError(f"the history_ arrays have {counted(counts.pop()[0], 'value')}, but its training had "
                         f"{counted(epochs, 'epoch')}")
    return history


def parse_network(arrays: Mapping[str, np.ndarray]) -> Network:
    """Return the network in a file's arrays, whose weights may be any numbers, NaN too; raises InputError."""
    activations = parse_activations(arrays)
    layers = []
    for number, activation in enumerate(activations, 1):
        values = [required_array(arrays, f"W{number}"), required_array(arrays, f"b{number}")]
        for name, array in zip((f"W{number}", f"b{number}"), values, strict=True):
            if array.dtype not in (np.float32, np.float16):
                raise InputError(f"{name} is {array.dtype}, not float32 or float16")
        weights, biases = (array.astype(np.float32, copy=False) for array in values)
        layers.append(Layer(weights, biases, str(activation)))
    return Network(tuple(layers))


def parse_activations(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the names of a network's activations, one a layer, (n,) texts; raises InputError."""
    header = required_header(arrays, "activations")
    if header.ndim != 1 or header.dtype.kind != "U" or not header.shape[0]:
        raise InputError("activations is not a list of names, one a layer")
    check_text_size(header, "activations")
    return arrays["activations"]


def parse_metadata(arrays: Mapping[str, np.ndarray]) -> dict:
    """Return the metadata as a dict; raises InputError."""
    return metadata_fields.parse_metadata(single_value(arrays, "metadata", "U"))


def single_value(arrays: Mapping[str, np.ndarray], name: str, kind: str) -> Any:
    """Return the one value in the array ``name``, whose dtype must be of this kind; raises InputError."""
    header = required_header(arrays, name)
    if header.shape != () or header.dtype.kind != kind:
        raise InputError(f"{name} is not a single {'text' if kind == 'U' else 'whole number'}")
    check_text_size(header, name)
    return arrays[name].item()


def check_text_size(header: ArrayHeader | np.ndarray, name: str) -> None:
    """Raise InputError where an array of texts is larger than any that is read."""
    count = header.nbytes // UTF32_BYTES
    if header.dtype.kind == "U" and count > metadata_fields.MAX_CHARACTERS:
        raise InputError(f"{name} has {count:,} characters, and at most {metadata_fields.MAX_CHARACTERS:,} are read")


def required_array(arrays: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Return ``arrays[name]``; raises InputError."""
    required_header(arrays, name)
    return arrays[name]


def required_header(arrays: Mapping[str, np.ndarray], name: str) -> ArrayHeader | np.ndarray:
    """Return what has the shape and dtype of ``arrays[name]``, of a file's without reading it; raises InputError."""
    if name not in arrays:
        raise InputError(f"the array {name} is missing, so it is no such file of NeuralScope, or a damaged one")
    return arrays.header(name) if isinstance(arrays, NpzArrays) else arrays[name]


def find_weights() -> Path:
    """Return the path of the default trained_weights.npz: in the current folder, the package's, or the project's.

    Raises InputError where there is none.
    """
    package = Path(__file__).resolve().parents[1]
    folders = [Path.cwd(), package, package.parent]
    for folder in folders:
        if os.path.isfile(folder / DEFAULT_FILE_NAME):  # Path's own raises where a folder may not be searched
            return folder / DEFAULT_FILE_NAME
    raise InputError(f"no {DEFAULT_FILE_NAME} in {', '.join(map(str, dict.fromkeys(folders)))}", TRAIN_HINT)
