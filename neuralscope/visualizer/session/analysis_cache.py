"""What all windows on a network share: what the whole test set does to it, and how its neurons are arranged."""

import numpy as np

from neuralscope.analysis import neuron_layout
from neuralscope.analysis.test_set import Survey
from neuralscope.formatting import sheet_shape


class Study:
    """Facts that take a while, found in small steps between a window's events, once for all windows.

    ``network`` is as its file has it: what a person silences is the session's. Where ``like``, the study of another
    network of the same shape, is given, the neurons stand where they stand in it, so that the two compare.
    """

    def __init__(self, network, digits, like=None):
        """Start with nothing found."""
        self.network = network
        self.survey = Survey(network, digits.images, digits.labels)
        self._like = (like._like or like) if like and like.network.sizes == network.sizes else None
        self._orders = {}
        self._running = None

    def steps(self):
        """Do what is left to do, yielding between steps; windows that take turns share the progress."""
        for _ in self.survey.steps():
            yield
            if self.survey.evaluated:
                break
        for layer in range(len(self.network.layers) - 1):
            while not self._like and layer not in self._orders:
                self._step(layer)
                yield
        yield from self.survey.steps()

    def _step(self, layer):
        """Find one layer's order, or come nearer to it."""
        shape = sheet_shape(self.network.sizes[layer + 1])
        if self._running is None:
            found = neuron_layout.kept(self.network, layer, shape, self.survey.images)
            if found is not None:
                self._orders[layer] = found
                return
            self._running = neuron_layout.arranging(self.network, layer, shape, self.survey.images)
        try:
            next(self._running)
        except StopIteration as done:
            self._running, self._orders[layer] = None, done.value
            neuron_layout.keep(self.network, layer, shape, done.value, self.survey.images)

    @property
    def found(self):
        """What is there by now: it changes when there is something new to show."""
        known = [self.survey.has_knock_outs(layer) for layer in range(len(self.network.layers) - 1)]
        return self.survey.evaluated, len(self._orders), known

    def order(self, layer):
        """Return ``(neurons,)``: which neuron stands in each cell; the file's order until another is found."""
        if self._like:
            return self._like.order(layer)
        return self._orders.get(layer, np.arange(self.network.sizes[layer + 1]))
