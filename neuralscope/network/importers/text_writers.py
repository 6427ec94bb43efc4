"""A network as text that any language reads: JSON, and rows of numbers."""

import json
from collections.abc import Iterator

import numpy as np

from neuralscope.network.importers.description import describe
from neuralscope.network.storage import SavedNetwork

DIGITS = 9  # after which a float32 is the same again


def write_json(saved: SavedNetwork) -> bytes:
    """Return a network as one JSON object: W1 (inputs, outputs), b1, W2, ... as lists, and what they are."""
    fields = {**describe(saved), **{name: rounded(array) for name, array in saved.network.parameters.items()}}
    return ("{" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()) + "}\n"
            ).encode()


def write_csv(saved: SavedNetwork) -> bytes:
    """Return a network as rows of numbers, its arrays one below the other, each under its name in a # line."""
    return "".join(f"{line}\n" for line in csv_lines(saved)).encode()


def csv_lines(saved: SavedNetwork) -> Iterator[str]:
    """Yield the lines of `write_csv`."""
    for name, value in describe(saved).items():
        yield f"# {name}: {json.dumps(value)}"
    for name, array in saved.network.parameters.items():
        yield f"# {name}"
        yield from (",".join(f"{value:.{DIGITS}g}" for value in row) for row in np.atleast_2d(array).tolist())


def rounded(array: np.ndarray) -> list:
    """Return an array's values as nested lists of numbers, as short as a float32 allows."""
    def shorten(values):
        return [shorten(value) if isinstance(value, list) else float(f"{value:.{DIGITS}g}") for value in values]

    return shorten(array.tolist())
