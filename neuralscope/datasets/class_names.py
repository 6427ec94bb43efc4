"""The names of a network's classes, and which of them a data set's classes are."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from neuralscope.datasets.registry import CLASS_NAMES
from neuralscope.errors import InputError


def network_class_names(metadata: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """Return the names of a network's ``count`` classes: those in its metadata, its published set's, or numbers."""
    for names in (metadata.get("class_names", ()), CLASS_NAMES.get(metadata.get("dataset", ""), ())):
        if len(names) == count:
            return tuple(names)
    return tuple(map(str, range(count)))


def matching_places(data_name: str, names: tuple[str, ...], known: tuple[str, ...]) -> tuple[np.ndarray, str]:
    """Return for each of ``names``, a data set's classes, its place in ``known``, and what was assumed, or "".

    They are matched by name; where those of one side are only places, 0 and on, by these, if the other's have an order,
    as those of a network and of a published set, but not the words in a table. Raises InputError where neither can be.
    """
    if set(names) <= set(known):
        return np.array([known.index(name) for name in names], int), ""
    if are_places(names, len(known)) and not are_places(known, len(known)):
        places = np.array([int(name) for name in names])
        return places, f"labels {names[0]} to {names[-1]} are taken for {known[places[0]]} to {known[places[-1]]}"
    if are_places(known, len(known)) and len(names) == len(known) and names in CLASS_NAMES.values():
        return np.arange(len(names)), f"{names[0]} to {names[-1]} are taken for {known[0]} to {known[-1]}"
    stranger = next(name for name in names if name not in known)
    raise InputError(f"{data_name} has the label {stranger!r}, which is none of the network's {len(known)} classes "
                     f"({', '.join(known[:3])}, ...)", option_remedy="choose other weights or another --dataset")


def are_places(names: tuple[str, ...], count: int) -> bool:
    """Whether names are whole numbers from 0 to below ``count``."""
    return all(name.isdecimal() and int(name) < count for name in names)
