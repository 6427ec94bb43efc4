"""Lit pixels first: the order of inputs in which a batch's last ones are dark, and need no product.

Four fifths of a digit's pixels are dark, and those along the edges nearly always. With the inputs in order of how often
they are lit, a batch ends at its last lit one: the products with the first layer's weights end there too. What is left
out is times zero: the sums are the same but for rounding. The order is a Trainer's own: networks, files and states
outside it are in the pictures' order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neuralscope.images.pixels import to_unit_range
from neuralscope.network.model import Layer, Network
from neuralscope.short_repr import short_repr

COUNTED_IMAGES = 8192  # at most; more of them give the same order but for a few pixels


@dataclass(frozen=True, eq=False)
class PixelOrder:
    """``indices`` (inputs,): which input stands at each place."""

    indices: np.ndarray
    __repr__ = short_repr

    @classmethod
    def by_count(cls, images: np.ndarray) -> "PixelOrder":
        """Return the order of how often each input of ``images`` (count, inputs) is not 0, the most often first."""
        some = images[::-(-len(images) // COUNTED_IMAGES)]
        return cls(np.argsort(-np.count_nonzero(some, axis=0), kind="stable"))

    @cached_property
    def inverse(self) -> np.ndarray:
        """At which place each input stands (inputs,)."""
        return np.argsort(self.indices)

    def sort_network(self, network: Network) -> Network:
        """Return this network for sorted images; of the first layer's weights with a copy."""
        return with_first_weights(network, network.layers[0].weights[self.indices])

    def restore_network(self, network: Network) -> Network:
        """Return a copy of a network for sorted images as one for images as they are."""
        return with_first_weights(network.astype(network.dtype), network.layers[0].weights[self.inverse])

    def sort_row(self, row: np.ndarray, outputs: int) -> np.ndarray:
        """Return a copy of all parameters in a row, the weights (inputs, outputs) first, with the inputs sorted."""
        return reorder_row(row, self.indices, outputs)

    def restore_row(self, row: np.ndarray, outputs: int) -> np.ndarray:
        """Return a copy of a sorted row with the inputs as they are in images."""
        return reorder_row(row, self.inverse, outputs)


def with_first_weights(network: Network, weights: np.ndarray) -> Network:
    """Return this network with other weights in its first layer."""
    first = network.layers[0]
    return Network((Layer(weights, first.biases, first.activation), *network.layers[1:]))


def reorder_row(row: np.ndarray, indices: np.ndarray, outputs: int) -> np.ndarray:
    """Return a copy of a row whose first numbers are (inputs, outputs), with these inputs."""
    result, size = row.copy(), len(indices) * outputs
    result[:size].reshape(-1, outputs)[:] = row[:size].reshape(-1, outputs)[indices]
    return result


def count_lit(images: np.ndarray) -> int:
    """Return how many of the first columns of ``images`` (count, inputs) hold all that is not 0."""
    some_lit = images.max(axis=0) != 0
    if images.dtype.kind != "u":
        some_lit |= images.min(axis=0) != 0
    lit = np.flatnonzero(some_lit)
    return int(lit[-1]) + 1 if len(lit) else 0


class SortedImages:
    """Images to be read again and again: sorted once, the pixels by how often and the images by how far they are lit.

    Raises nothing; ``pixels`` (count, inputs), uint8 or float32, is copied.
    """

    def __init__(self, pixels: np.ndarray) -> None:
        self.pixel_order = PixelOrder.by_count(pixels)
        images = pixels.take(self.pixel_order.indices, axis=1)
        lit_counts = images.shape[1] - (images[:, ::-1] != 0).argmax(axis=1)  # of a dark image all: no harm
        self.rows = np.argsort(lit_counts, kind="stable")  # at each place: which image stands there
        self.images = images.take(self.rows, axis=0)

    __repr__ = short_repr

    def __len__(self) -> int:
        return len(self.images)

    def chunks(self, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield which images (chunk,), and these up to their last lit pixel (chunk, inputs) float32 in [0, 1]."""
        for start in range(0, len(self), size):
            part = self.images[start:start + size]
            yield self.rows[start:start + size], to_unit_range(part[:, :count_lit(part)])
