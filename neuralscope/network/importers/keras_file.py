"""Keras' files, .keras and .h5, read without Keras: a description in JSON, and arrays in HDF5."""

import re
from collections import Counter
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.arrays import network_from_arrays
from neuralscope.network.importers.foreign import Ends, ForeignNetwork
from neuralscope.network.importers.hdf5_process import read_file
from neuralscope.network.importers.keras_config import LayerEntry, Variables, parse_model, read_config

LAYER_GROUPS = ("layers", "_layer_checkpoint_dependencies")  # today's, and that of Keras 2.12 to 2.15


def read_keras(path: Path) -> ForeignNetwork:
    """Return the network in a .keras file; raises InputError without the file's name, OSError."""
    content = read_file(path)
    return read_config(*parse_model(content.config), variables_by_place(content.arrays), "Keras")


def read_h5(path: Path, ends: Ends) -> ForeignNetwork:
    """Return the network in an .h5 file, of Keras or of arrays alone; raises InputError without its name, OSError."""
    content = read_file(path)
    if not content.config:
        return network_from_arrays(*keras_names(content.arrays, ends))
    return read_config(*parse_model(content.config), variables_by_name(content.arrays), "Keras .h5")


def keras_names(arrays: dict[str, np.ndarray], ends: Ends) -> tuple[dict[str, np.ndarray], str, Ends]:
    """Return arrays by names that say what they are, where `save_weights` wrote them: layers/dense/vars/0."""
    if not arrays or not all(re.fullmatch(r"\w+/\w+/vars/[01]", path) for path in arrays):
        return arrays, "HDF5", ends
    parts = {path: path.split("/") for path in arrays}
    named = {f"{parts[path][1]}/{('kernel', 'bias')[int(parts[path][3])]}": array for path, array in arrays.items()}
    return named, "Keras .weights.h5", ends._replace(layout="in-out")


def variables_by_place(arrays: dict[str, np.ndarray]) -> Variables:
    """Return what finds a layer's variables in a .keras file, where each class counts its layers: dense, dense_1."""
    groups: dict[str, dict[int, np.ndarray]] = {}
    for path, array in arrays.items():
        top, *middle, parent, leaf = ("", "", *path.split("/"))[-4:]
        if top in LAYER_GROUPS and parent == "vars" and leaf.isdecimal() and len(middle) == 1:
            groups.setdefault(middle[0], {})[int(leaf)] = array
    counts: Counter = Counter()

    def find(entry: LayerEntry, names: tuple[str, ...]) -> list[np.ndarray]:
        kind = snake_case(entry.kind)
        group = f"{kind}_{counts[kind]}" if counts[kind] else kind
        counts[kind] += entry.kind != "InputLayer"
        found = groups.get(group, {})
        return checked(entry, names, [found[number] for number in sorted(found)])

    return find


def variables_by_name(arrays: dict[str, np.ndarray]) -> Variables:
    """Return what finds a layer's variables in an .h5 file, below the layer's name: dense/dense/kernel:0."""
    groups: dict[str, dict[str, np.ndarray]] = {}
    for path, array in arrays.items():
        top, layer, *_, leaf = (*path.split("/"), "", "")[:-2] if path.count("/") > 1 else ("", "", "")
        if top == "model_weights":
            groups.setdefault(layer, {})[leaf.partition(":")[0]] = array

    def find(entry: LayerEntry, names: tuple[str, ...]) -> list[np.ndarray]:
        found = groups.get(entry.name, {})
        return checked(entry, names, [found[name] for name in names if name in found] + [
            found[name] for name in found if name not in names])

    return find


def checked(entry: LayerEntry, names: tuple[str, ...], arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Return a layer's arrays, of which there are as many as it must have; raises InputError."""
    if len(arrays) != len(names):
        raise InputError(f"layer {entry.place}, {entry.kind}: the file has {len(arrays)} arrays of it, "
                         f"not {len(names)} ({', '.join(names)})")
    return arrays


def snake_case(name: str) -> str:
    """Return a class's name as Keras writes it in files: batch_normalization, leaky_re_lu."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()
