"""Weights that are not numbers: how many there are, NaN and infinite, and where; and sums that are not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neuralscope.errors import sentence
from neuralscope.formatting import counted, thousands
from neuralscope.network.model import Network

OVERFLOW_BATCH_SIZE = 1000  # images that weights are tried on at a time


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


def could_overflow(network: Network) -> bool:
    """Return whether weights are so large that sums of inputs from 0 to 1 may be beyond what the network can hold.

    Also where some are no numbers. A bound, quick and never too low: no activation function makes a sum larger, or
    anything larger than 1.
    """
    bound = 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in network.layers:
            sums = np.abs(layer.weights.astype(np.float64)).sum(axis=0) * bound + np.abs(layer.biases)
            bound = float(np.maximum(bound, sums.max()))  # NaN stays NaN
    return not bound < float(np.finfo(network.dtype).max) / 1000


def overflows(network: Network, images: np.ndarray) -> bool:
    """Say whether any sum or activation of any image is not finite.

    Few networks have weights so large that they could: only these are tried, image by image.
    """
    if not could_overflow(network):
        return False
    for start in range(0, len(images), OVERFLOW_BATCH_SIZE):
        with np.errstate(all="ignore"):
            trace = network.forward(images[start:start + OVERFLOW_BATCH_SIZE])
        if not all(np.isfinite(array).all() for array in (*trace.sums, *trace.activations)):
            return True
    return False


def overflow_text(network: Network, images: np.ndarray, name: str) -> str:
    """Return in words that sums overflow on some images of the data set of this name, or ""."""
    return f"the network's sums overflow on {name}" if overflows(network, images) else ""
