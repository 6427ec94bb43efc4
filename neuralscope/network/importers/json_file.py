"""JSON of nested lists: a dict of arrays, a list of [weights, biases], {"weights": [...], "biases": [...]}, layers."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.arrays import MAX_ARRAYS, network_from_arrays
from neuralscope.network.importers.description import own_fields, own_layout, with_description
from neuralscope.network.importers.foreign import Ends, ForeignNetwork

MAX_JSON_BYTES = 2**27  # of a file: six million weights of twenty characters
MAX_DEPTH = 12


def read_json(path: Path, ends: Ends) -> ForeignNetwork:
    """Return the ForeignNetwork in a JSON file; raises InputError without the file's name, OSError."""
    if path.stat().st_size > MAX_JSON_BYTES:
        raise InputError(f"has {path.stat().st_size / 2**20:.0f} MiB of JSON, and at most {MAX_JSON_BYTES // 2**20} "
                         "are read", "save it as .npz")
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        problem = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"is not JSON, or a damaged one ({problem:.100})") from None
    found: dict[str, np.ndarray] = {}
    description = own_fields(value)
    collect({name: value[name] for name in value if name not in description} if description else value, "", found, 0)
    return with_description(network_from_arrays(found, "JSON", own_layout(ends, description)), description)


def collect(value: Any, name: str, found: dict[str, np.ndarray], depth: int) -> None:
    """Put the arrays and texts in ``value`` into ``found`` by the names that lead to them; raises InputError."""
    if depth > MAX_DEPTH:
        raise InputError(f"is nested more than {MAX_DEPTH} deep, which no network is")
    if len(found) > MAX_ARRAYS:
        raise InputError(f"holds more than {MAX_ARRAYS:,} arrays")
    array = numbers(value)
    if array is not None:
        found[name or "array"] = array
    elif isinstance(value, str):
        found[name] = np.array(value[:MAX_ARRAYS])
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for part, inner in items:
            collect(inner, f"{name}.{part}" if name else str(part), found, depth + 1)


def numbers(value: Any) -> np.ndarray | None:
    """Return a number or a nested list of numbers as an array float64; None for what is none, or not rectangular."""
    inner, depth = value, 0
    while isinstance(inner, list) and inner and depth <= MAX_DEPTH:
        inner, depth = inner[0], depth + 1
    if not isinstance(inner, int | float) or not is_rectangular(value, depth):
        return None
    try:
        return np.array(value, np.float64)
    except (ValueError, TypeError, OverflowError):
        return None


def is_rectangular(value: Any, depth: int) -> bool:
    """Whether a nested list has lists of one length at each of its first ``depth`` levels; cheaper than to try it."""
    if depth < 2:
        return True
    lengths = {len(part) if isinstance(part, list) else -1 for part in value}
    return len(lengths) == 1 and -1 not in lengths and all(is_rectangular(part, depth - 1) for part in value)
