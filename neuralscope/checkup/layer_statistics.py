"""What hidden layers do with many images, summed up while these pass through."""

from dataclasses import dataclass

import numpy as np

from neuralscope.network.functions import ACTIVATIONS
from neuralscope.network.model import Network, Trace
from neuralscope.short_repr import short_repr

FLAT_SLOPE = 0.01  # below it next to nothing is learned
SCAN = np.linspace(-20, 20, 4001)  # sums among which the bend of an activation is looked for
HISTOGRAM_BINS = 40


@dataclass(eq=False)
class LayerStatistics:
    """Of each hidden layer, arrays by neuron; ``predictions`` (count,) of all images, ``output_sums`` (count,).

    ``flat_counts``: for how many images the slope of a neuron's activation is below FLAT_SLOPE; ``sum_totals``,
    ``sum_squares``: of its sums. ``histograms`` and ``edges``: how many activations of the layer lie where.
    """

    network: Network
    predictions: np.ndarray
    output_sums: np.ndarray
    flat_counts: list[np.ndarray]
    sum_totals: list[np.ndarray]
    sum_squares: list[np.ndarray]
    histograms: list[np.ndarray]
    edges: list[np.ndarray]
    count: int = 0
    __repr__ = short_repr

    @classmethod
    def empty(cls, network: Network, count: int) -> "LayerStatistics":
        """Return those of a network that has seen none of ``count`` images."""
        sizes = network.sizes[1:-1]
        return cls(network, np.empty(count, np.int64), np.empty(count), [np.zeros(size, np.int64) for size in sizes],
                   [np.zeros(size) for size in sizes], [np.zeros(size) for size in sizes],
                   [np.zeros(HISTOGRAM_BINS, np.int64) for _ in sizes], [])

    def add(self, trace: Trace) -> None:
        """Add what a Trace of some of the images tells."""
        rows = slice(self.count, self.count + len(trace.predictions))
        self.predictions[rows], self.output_sums[rows] = trace.predictions, trace.outputs.sum(axis=1)
        self.count = rows.stop
        for layer, function in enumerate(self.network.functions[:-1]):
            z = trace.sums[layer]
            self.flat_counts[layer] += np.count_nonzero(np.abs(function.slope(z)) < FLAT_SLOPE, axis=0)
            self.sum_totals[layer] += z.sum(axis=0, dtype=np.float64)
            self.sum_squares[layer] += np.einsum("ij,ij->j", z, z, dtype=np.float64)
            activations = trace.activations[layer]
            if len(self.edges) == layer:  # by the first of the images; the last bin takes what is beyond
                self.edges.append(histogram_edges(self.network.layers[layer].activation, activations))
            edges = self.edges[layer]
            inside = np.clip(activations, edges[0], edges[-1])
            self.histograms[layer] += np.histogram(inside, edges)[0]

    def sum_deviation(self, layer: int) -> float:
        """Return the standard deviation of all sums of a hidden layer."""
        count = self.count * len(self.sum_totals[layer])
        mean = self.sum_totals[layer].sum() / count
        return float(max(0.0, self.sum_squares[layer].sum() / count - mean**2) ** 0.5)


def bend(activation: str) -> float | None:
    """Return beyond which sum, on both sides, an activation is flat: 4.59 for a sigmoid; None where it never is."""
    slopes = ACTIVATIONS[activation].slope(SCAN)
    steep = np.flatnonzero(np.abs(slopes) >= FLAT_SLOPE)
    return None if steep[0] == 0 or steep[-1] == len(SCAN) - 1 else float(np.abs(SCAN[steep]).max())


def histogram_edges(activation: str, activations: np.ndarray) -> np.ndarray:
    """Return where the bins of a layer's histogram end, (HISTOGRAM_BINS + 1,)."""
    if bend(activation) is not None:  # from where it is flat to where it is flat again
        low, high = ACTIVATIONS[activation].value(SCAN[[0, -1]])
    else:
        finite = activations[np.isfinite(activations)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return np.linspace(float(low), float(high) if high > low else float(low) + 1, HISTOGRAM_BINS + 1)
