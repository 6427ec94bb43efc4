"""Text of numbers: matrices and biases one below the other, parted by blank lines, by # lines, or by their width."""

import itertools
import re
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.arrays import MAX_ARRAYS, network_from_arrays
from neuralscope.network.importers.description import activation_array, own_layout, parse_texts, with_description
from neuralscope.network.importers.foreign import Ends, ForeignNetwork
from neuralscope.network.importers.json_file import MAX_JSON_BYTES

MAX_NAME = 60


def read_csv(path: Path, ends: Ends) -> ForeignNetwork:
    """Return the ForeignNetwork in a text of numbers; raises InputError without the file's name, OSError."""
    if path.stat().st_size > MAX_JSON_BYTES:
        raise InputError(f"has {path.stat().st_size / 2**20:.0f} MiB of text, and at most {MAX_JSON_BYTES // 2**20} "
                         "are read", "save it as .npz")
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        heading = [line[1:].partition(":") for line in itertools.takewhile(lambda line: line.startswith("#"), file)]
    description = parse_texts({name.strip(): value for name, _, value in heading})
    arrays = read_blocks(path) | activation_array(description)
    return with_description(network_from_arrays(arrays, "CSV", own_layout(ends, description)), description)


def read_blocks(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays in a text by the name in the # line above each, else by number; raises InputError."""
    blocks: dict[str, list[np.ndarray]] = {}
    name, begun = "", False
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                name, begun = line.lstrip("# ")[:MAX_NAME] or name * (not begun), False
                continue
            row = parse_row(line, number)
            last = list(blocks.values())[-1] if begun else []
            if not last or len(last[-1]) != len(row):
                blocks[free_name(name, blocks)] = last = []
                name = ""
            if len(blocks) > MAX_ARRAYS:
                raise InputError(f"holds more than {MAX_ARRAYS:,} arrays")
            last.append(row)
            begun = True
    return {name: rows[0] if len(rows) == 1 else np.array(rows) for name, rows in blocks.items()}


def free_name(name: str, blocks: dict[str, list[np.ndarray]]) -> str:
    """Return a name that no block has yet."""
    return name if name and name not in blocks else f"{name or 'block'} {len(blocks) + 1}"


def parse_row(line: str, number: int) -> np.ndarray:
    """Return a line's numbers, float64; raises InputError for what is none."""
    parts = [part for part in re.split(r"[,;\s]+", line) if part]
    try:
        return np.array(parts, np.float64) if parts else np.array([])
    except ValueError:
        raise InputError(f"line {number} holds more than numbers: {line[:40]!r}") from None
