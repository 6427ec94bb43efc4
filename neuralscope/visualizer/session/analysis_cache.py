"""What all windows on a network share: what the whole test set does to it, and how its neurons are arranged."""

import numpy as np

from neuralscope.analysis import neuron_layout
from neuralscope.analysis.test_set import TestSetAnalysis
from neuralscope.formatting import sheet_shape
from neuralscope.visualizer.session import neuron_layout_cache


class AnalysisCache:
    """Facts that take a while, found in small steps between a window's events, once for all windows.

    ``network`` is as its file has it: what a person ablates is the session's. Where ``layout_source``, the analysis of
    another network of the same shape, is given, the neurons stand where they stand in it, so that the two compare.
    """

    def __init__(self, network, digits, layout_source=None):
        """Start with nothing found."""
        self.network = network
        self.test_set = TestSetAnalysis(network, digits.images, digits.labels if digits.has_labels else None)
        fits = layout_source and layout_source.network.sizes == network.sizes
        self._layout_source = (layout_source._layout_source or layout_source) if fits else None
        self._orders = {}
        self._layout_steps = None

    def steps(self):
        """Do what is left to do, yielding between steps; windows that take turns share the progress."""
        for _ in self.test_set.steps():
            yield
            if self.test_set.evaluated:
                break
        for layer in range(len(self.network.layers) - 1):
            while not self._layout_source and layer not in self._orders:
                self._step(layer)
                yield
        yield from self.test_set.steps()

    def _step(self, layer):
        """Find one layer's order, or come nearer to it."""
        shape = sheet_shape(self.network.sizes[layer + 1])
        if self._layout_steps is None:
            found = neuron_layout_cache.load_order(self.network, layer, shape, self.test_set.images)
            if found is not None:
                self._orders[layer] = found
                return
            self._layout_steps = neuron_layout.find_order(self.network, layer, shape, self.test_set.images)
        try:
            next(self._layout_steps)
        except StopIteration as done:
            self._layout_steps, self._orders[layer] = None, done.value
            neuron_layout_cache.save_order(self.network, layer, shape, done.value, self.test_set.images)

    @property
    def progress(self):
        """What is there by now: it changes when there is something new to show."""
        known = [self.test_set.has_single_ablations(layer) for layer in range(len(self.network.layers) - 1)]
        return self.test_set.evaluated, len(self._orders), known

    def order(self, layer):
        """Return ``(neurons,)``: which neuron stands in each cell; the file's order until another is found."""
        if self._layout_source:
            return self._layout_source.order(layer)
        return self._orders.get(layer, np.arange(self.network.sizes[layer + 1]))
