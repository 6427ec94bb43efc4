"""The network at chosen epochs of its training, and what it then read: one file beside the weights."""

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from neuralscope.cli import command
from neuralscope.data_loader import Digits
from neuralscope.errors import InputError, sentence
from neuralscope.network import storage, untrusted_npz
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs.digest import is_digest_of
from neuralscope.safe_files import write_atomically
from neuralscope.short_repr import short_repr

SNAPSHOTS_VERSION = 1  # of the file
MIN_SNAPSHOTS = 2  # before the training and after it
SNAPSHOTS_HINT = f"to keep snapshots of a training: {command('train')} --snapshots"
SNAPSHOTS_REMEDY = f"remove it; {SNAPSHOTS_HINT}"
HISTORY_NAMES = ("loss", "train_accuracy", "test_loss", "test_accuracy")


@dataclass(frozen=True, eq=False)
class Snapshots:
    """A training at n of its epochs, 0 before the first step.

    ``epochs`` (n,) int64, ascending; ``predictions`` (n, count) uint8, or uint16 of more than 256 classes: those
    predicted for the test set; ``history``: arrays (n,) float64 named as in HISTORY_NAMES, NaN for what is not measured
    before the first step; ``epoch_count``: the epochs of the whole training; ``metadata``: what it learned from, and
    how; ``networks``: n, float16; ``max_count``: how many to keep at most, where that was chosen. Predictions,
    ``test_loss`` and ``test_accuracy`` are those of the rounded weights, so that all adds up.
    """

    path: Path
    epochs: np.ndarray
    predictions: np.ndarray
    history: dict[str, np.ndarray]
    epoch_count: int
    metadata: dict
    networks: tuple[Network, ...]
    max_count: int | None = None
    __repr__ = short_repr

    def __len__(self) -> int:
        return len(self.epochs)

    def network(self, index: int) -> Network:
        """Return the network of snapshot ``index``, from 0, in float32."""
        return self.networks[index].astype(np.float32)

    def matches_test_set(self, digits: Digits) -> bool:
        """Say whether the predictions are those of these test digits."""
        return is_digest_of(self.metadata.get("test_sha256"), digits)

    def same_training_as(self, saved: SavedNetwork) -> bool:
        """Say whether a SavedNetwork is of the same training: equal in its metadata, and at the same epoch.

        A checkpoint may be some steps beyond its epoch; of that the metadata alone tells.
        """
        if saved.network.architecture != self.networks[0].architecture or any(
                saved.metadata.get(name) != value for name, value in self.metadata.items()):
            return False
        indices = () if saved.state else np.flatnonzero(self.epochs == saved.metadata.get("epochs_run", -1))
        with np.errstate(over="ignore"):
            return all((self.networks[index].parameters[name] == array.astype(np.float16)).all()
                       for index in indices for name, array in saved.network.parameters.items())

    def up_to(self, epoch: int) -> "Snapshots":
        """Return the snapshots of no later epoch."""
        count = int(np.searchsorted(self.epochs, epoch, side="right"))
        return replace(self, epochs=self.epochs[:count], predictions=self.predictions[:count],
                       history={name: column[:count] for name, column in self.history.items()},
                       networks=self.networks[:count])

    def with_snapshot(self, epoch: int, network: Network, predictions: np.ndarray, row: dict) -> "Snapshots":
        """Return these snapshots and one more: ``network`` in float16, ``row`` a dict named as in HISTORY_NAMES."""
        return replace(self, epochs=np.append(self.epochs, epoch),
                       predictions=np.concatenate([self.predictions, predictions[None].astype(class_dtype(network))]),
                       history={name: np.append(self.history[name], row.get(name, np.nan)) for name in HISTORY_NAMES},
                       networks=(*self.networks, network))


def class_dtype(network: Network) -> type[np.unsignedinteger]:
    """Return the dtype that classes predicted by a network are kept in."""
    return np.uint8 if network.sizes[-1] <= 256 else np.uint16


def snapshots_path(weights_path: str | os.PathLike) -> Path:
    """Return where the snapshots of a weights file or a checkpoint are: NAME.epochs.npz beside NAME.npz."""
    path = Path(weights_path)
    return path.with_name(path.name.removesuffix(".npz") + ".epochs.npz")


def save_snapshots(snapshots: Snapshots, deflated: bool = False) -> None:
    """Write snapshots, at least one, to their path in one step; raises InputError.

    ``deflated``: a tenth smaller, and ten times as long in writing.
    """
    arrays: dict[str, Any] = {name: np.stack([network.parameters[name] for network in snapshots.networks])
                              for name in snapshots.networks[0].parameters}
    arrays["activations"] = np.array([layer.activation for layer in snapshots.networks[0].layers])
    arrays |= {"snapshots_version": np.array(SNAPSHOTS_VERSION), "last": np.array(snapshots.epoch_count),
               "epochs": snapshots.epochs, "predictions": snapshots.predictions,
               "metadata": np.array(json.dumps(snapshots.metadata, sort_keys=True))}
    if snapshots.max_count is not None:
        arrays["max_count"] = np.array(snapshots.max_count)
    stream = io.BytesIO()
    arrays |= {f"history_{name}": column for name, column in snapshots.history.items()}
    (np.savez_compressed if deflated else np.savez)(stream, **arrays)
    write_atomically(snapshots.path, stream.getvalue(), "--output")


def load_snapshots(path: str | os.PathLike, saved: SavedNetwork) -> Snapshots:
    """Return the Snapshots at ``path``, once they are of the training that ``saved``, a SavedNetwork, comes from.

    Raises InputError, in words that say what to do.
    """
    found = read_snapshots(path)
    if not found.same_training_as(saved):
        raise InputError(f"{path}: holds snapshots of another training than {saved.path}",
                         f"name the weights that it belongs to with --weights, or move it away; {SNAPSHOTS_HINT}")
    return found


def read_snapshots(path: str | os.PathLike) -> Snapshots:
    """Return the Snapshots at ``path``, whatever training they are of; raises InputError."""
    try:
        with untrusted_npz.open_npz(path) as arrays:
            version = read_version(arrays)
            if version <= SNAPSHOTS_VERSION:
                return parse_snapshots(Path(path), arrays)
    except FileNotFoundError:
        raise InputError(f"there is no {path}", SNAPSHOTS_HINT) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", "see to it that it can be") from error
    except InputError as error:
        raise InputError(sentence(f"{path}: {error.problem}", error.remedy), SNAPSHOTS_REMEDY) from None
    raise InputError(f"{path}: written by a newer NeuralScope (snapshots {version}, this one reads "
                     f"{SNAPSHOTS_VERSION})", "update NeuralScope")


def read_version(arrays: Mapping[str, np.ndarray]) -> int:
    """Return the version of the file that these arrays are of; raises InputError."""
    if "snapshots_version" not in arrays:
        raise InputError("it holds no snapshots of a training")
    version = storage.single_value(arrays, "snapshots_version", "i")
    if version < 1:
        raise InputError(f"snapshots_version is {version}, and the first was 1")
    return version


def parse_snapshots(path: Path, arrays: Mapping[str, np.ndarray]) -> Snapshots:
    """Return the Snapshots in a file's arrays; raises InputError."""
    last, epochs = storage.single_value(arrays, "last", "i"), storage.required_array(arrays, "epochs")
    if (epochs.dtype, epochs.ndim) != (np.int64, 1) or not len(epochs) or epochs[0] < 0 or epochs[-1] > last or (
            np.diff(epochs) <= 0).any():
        raise InputError("its epochs are not ascending numbers from 0 to the last of its training")
    networks = parse_networks(arrays, len(epochs))
    predictions = storage.required_array(arrays, "predictions")
    if (predictions.dtype, predictions.ndim, len(predictions)) != (class_dtype(networks[0]), 2, len(epochs)) or (
            predictions >= networks[0].sizes[-1]).any():
        raise InputError("its predictions are not one class a test digit in each epoch")
    history = {name: storage.required_array(arrays, f"history_{name}") for name in HISTORY_NAMES}
    if any(column.shape != epochs.shape or column.dtype != np.float64 or np.isinf(column).any()
           for column in history.values()):
        raise InputError("its history is not one number an epoch")
    max_count = storage.single_value(arrays, "max_count", "i") if "max_count" in arrays else None
    if max_count is not None and max_count < MIN_SNAPSHOTS:
        raise InputError(f"max_count is {max_count}, and at least {MIN_SNAPSHOTS} are kept")
    return Snapshots(path, epochs, predictions, history, last, storage.parse_metadata(arrays), networks, max_count)


def parse_networks(arrays: Mapping[str, np.ndarray], count: int) -> tuple[Network, ...]:
    """Return the networks in a file's arrays, one for each epoch; raises InputError."""
    activations = storage.parse_activations(arrays)
    names = [f"{kind}{layer}" for layer in range(1, len(activations) + 1) for kind in "Wb"]
    stacks = {name: storage.required_array(arrays, name) for name in names}
    for name, array in stacks.items():
        if array.shape[:1] != (count,) or array.dtype != np.float16 or not np.isfinite(array).all():
            raise InputError(f"{name} is not one finite float16 array an epoch")
    first = storage.parse_network({"activations": activations} | {name: array[0] for name, array in stacks.items()})
    return tuple(first.with_parameters({name: stacks[name][index] for name in first.parameters})
                 for index in range(count))
