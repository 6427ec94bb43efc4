"""Networks in files: one .npz with named arrays and no pickles, written whole or not at all."""

import io
import json
import os
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from neuralscope.errors import InputError, sentence
from neuralscope.network import untrusted_npz
from neuralscope.network.model import Layer, Network
from neuralscope.safe_files import write_atomically
from neuralscope.short_repr import short_repr

FORMAT_VERSION = 1
DEFAULT_FILE_NAME = "trained_weights.npz"
TRAIN_HINT = "train one with: python -m neuralscope.network"
WEIGHTS_REMEDY = f"choose another file, or {TRAIN_HINT}"


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """What a file held.

    ``metadata``: how the network was trained, in JSON's types. ``history``: arrays with one value an epoch, by name.
    ``state``: what a Trainer needs to continue, by name; empty but in checkpoints.
    """

    path: Path
    network: Network
    metadata: dict
    history: dict
    state: dict
    __repr__ = short_repr


def save(network: Network, path: str | os.PathLike, metadata: dict, history: dict[str, np.ndarray] | None = None,
         state: dict[str, np.ndarray] | None = None, dtype: DTypeLike = np.float32) -> None:
    """Write a network to ``path`` as `encode_network` has it.

    Raises InputError where the file cannot be written; ``path`` then holds what it held before.
    """
    write_atomically(Path(path), encode_network(network, metadata, history, state, dtype), "--output")


def encode_network(network: Network, metadata: dict, history: dict[str, np.ndarray] | None = None,
                   state: dict[str, np.ndarray] | None = None, dtype: DTypeLike = np.float32) -> memoryview:
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
    return stream.getbuffer()


def load(path: str | os.PathLike) -> SavedNetwork:
    """Return the SavedNetwork at ``path``.

    Raises InputError, in words that say what to do, where there is no such file or anything in it is not as written.
    """
    path = Path(path)
    try:
        arrays = untrusted_npz.read_npz(path)
        return SavedNetwork(path, *parse_arrays(arrays))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", WEIGHTS_REMEDY) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", WEIGHTS_REMEDY) from error
    except InputError as error:
        raise InputError(sentence(f"{path}: {error.problem}", error.remedy), WEIGHTS_REMEDY) from None


def load_checkpoint_metadata(checkpoint: str | os.PathLike) -> dict:
    """Return the metadata of a checkpoint, whose network is not read; raises InputError where it is none, OSError."""
    arrays = untrusted_npz.read_npz(checkpoint, ("metadata", "state_epoch"))
    required_array(arrays, "state_epoch")
    return parse_metadata(arrays)


def parse_arrays(arrays: Mapping[str, np.ndarray]) -> tuple[Network, dict, dict, dict]:
    """Return network, metadata, history and state from a file's arrays by name; raises InputError."""
    version = single_value(arrays, "format_version", "i")
    if version < 1:
        raise InputError(f"format_version is {version}, and the first was 1")
    if version > FORMAT_VERSION:
        raise InputError(f"written by a newer NeuralScope (format {version}, this one reads {FORMAT_VERSION})",
                         "update NeuralScope")
    network = parse_network(arrays)
    groups = []
    for prefix in ("history_", "state_"):
        groups.append({name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)})
    history, state = groups
    if any(array.ndim != 1 or array.dtype.kind not in "iuf" or not np.isfinite(array).all()
           for array in history.values()) or len({len(array) for array in history.values()}) > 1:
        raise InputError("the history_ arrays do not have one finite number an epoch")
    return network, parse_metadata(arrays), history, state


def parse_network(arrays: Mapping[str, np.ndarray]) -> Network:
    """Return the network in a file's arrays; raises InputError."""
    activations = required_array(arrays, "activations")
    if activations.ndim != 1 or activations.dtype.kind != "U" or not len(activations):
        raise InputError("activations is not a list of names, one a layer")
    layers = []
    for number, activation in enumerate(activations, 1):
        values = [required_array(arrays, f"W{number}"), required_array(arrays, f"b{number}")]
        for name, array in zip((f"W{number}", f"b{number}"), values, strict=True):
            if array.dtype not in (np.float32, np.float16):
                raise InputError(f"{name} is {array.dtype}, not float32 or float16")
            if not np.isfinite(array).all():
                raise InputError(f"{name} holds values that are infinite or not a number")
        weights, biases = (array.astype(np.float32, copy=False) for array in values)
        layers.append(Layer(weights, biases, str(activation)))
    return Network(tuple(layers))


def parse_metadata(arrays: Mapping[str, np.ndarray]) -> dict:
    """Return the metadata as a dict; raises InputError."""
    text = single_value(arrays, "metadata", "U")
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("its metadata is not JSON") from None
    if not isinstance(metadata, dict):
        raise InputError("its metadata is not a JSON object")
    for name, fits in METADATA_CHECKS.items():
        if name in metadata and not fits(metadata[name]):
            raise InputError(f"its metadata gives {name} as {metadata[name]!r:.40}")
    return metadata


def is_line(value: object) -> bool:
    """Say whether a value is a text that can stand in a line."""
    return isinstance(value, str) and value.isprintable() and value != ""


def is_count(value: Any) -> bool:
    """Say whether a value is a whole number of at least 0."""
    return type(value) is int and value >= 0  # bool is a kind of int


def is_fraction(value: Any) -> bool:
    """Say whether a value is a number from 0 to 1."""
    return type(value) in (int, float) and 0 <= value <= 1  # NaN is not


# What the programs show of the metadata, and what it must be where it is given.
METADATA_CHECKS = {"dataset": is_line, "source": is_line, "preparation": is_line, "test_accuracy": is_fraction,
                   "train_accuracy": is_fraction, "validation_accuracy": is_fraction, "test_errors": is_count,
                   "test_count": lambda value: is_count(value) and value > 0, "epochs_run": is_count,
                   "options": lambda value: isinstance(value, dict), "split": lambda value: isinstance(value, dict),
                   "class_names": lambda value: isinstance(value, list) and all(map(is_line, value))}


def single_value(arrays: Mapping[str, np.ndarray], name: str, kind: str) -> Any:
    """Return the one value in the array ``name``, whose dtype must be of this kind; raises InputError."""
    array = required_array(arrays, name)
    if array.shape != () or array.dtype.kind != kind:
        raise InputError(f"{name} is not a single {'text' if kind == 'U' else 'whole number'}")
    return array.item()


def required_array(arrays: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Return ``arrays[name]``; raises InputError."""
    if name not in arrays:
        raise InputError(f"the array {name} is missing, so it is no such file of NeuralScope, or a damaged one")
    return arrays[name]


def find_weights() -> Path:
    """Return the path of the default trained_weights.npz: in the current folder, the project's, or an installed one.

    Raises InputError where there is none.
    """
    folders = [Path.cwd(), Path(__file__).resolve().parents[2]]
    schemes = [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
    folders += [Path(sysconfig.get_path("data", scheme)) / "share" / "neuralscope" for scheme in schemes]
    for folder in folders:
        if os.path.isfile(folder / DEFAULT_FILE_NAME):  # Path's own raises where a folder may not be searched
            return folder / DEFAULT_FILE_NAME
    raise InputError(f"no {DEFAULT_FILE_NAME} in {', '.join(map(str, dict.fromkeys(folders)))}", TRAIN_HINT)
