"""Weights that are not numbers: how many there are, NaN and infinite, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neuralscope.errors import sentence
from neuralscope.formatting import counted, thousands
from neuralscope.network.model import Network


@dataclass(frozen=True)
class Damage:
    """What is not finite in an array of a network: its ``name``, as W1; how many are NaN, and how many infinite.

    ``neurons``: the columns that they go into, in order; ``all_columns``: whether these are all of the array's.
    """

    name: str
    nan: int
    infinite: int
    neurons: tuple[int, ...]
    all_columns: bool

    @property
    def place(self) -> str:
        """Where they are in words, or "" where they are in many places."""
        if self.all_columns and len(self.neurons) > 1:
            return "in every neuron"
        if len(self.neurons) == 1:
            one = "all " if self.nan + self.infinite > 1 else ""
            return f"{one}{'into' if self.name[0] == 'W' else 'of'} neuron {self.neurons[0]}"
        return f"in {counted(len(self.neurons), 'neuron')}"


def locate(network: Network) -> tuple[Damage, ...]:
    """Return the Damage of each array in which anything is NaN or infinite, in order; () where all is finite."""
    found = []
    for name, array in network.parameters.items():
        bad = ~np.isfinite(array)
        if bad.any():
            columns = np.flatnonzero(bad.reshape(-1, array.shape[-1]).any(axis=0))
            nan = int(np.isnan(array).sum())
            found.append(Damage(name, nan, int(bad.sum()) - nan, tuple(columns.tolist()),
                                len(columns) == array.shape[-1]))
    return tuple(found)


def text(damages: Sequence[Damage]) -> str:
    """Return in a line what is not finite: "W1 has 12 NaN, all into neuron 7"; "" for nothing."""
    return sentence(*(f"{damage.name} has {counts_text(damage)}, {damage.place}" for damage in damages))


def counts_text(damage: Damage) -> str:
    """Return how many values of an array are NaN, and how many infinite."""
    counts = [f"{thousands(count)} {noun}" for count, noun in ((damage.nan, "NaN"), (damage.infinite, "infinite"))
              if count]
    return " and ".join(counts)
