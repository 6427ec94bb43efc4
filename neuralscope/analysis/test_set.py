"""What a whole set of labelled images does to a network: computed once, in parts short enough for a window to wait."""

import numpy as np

from neuralscope.analysis.ablation import KnockOuts, knocked_out, silence
from neuralscope.analysis.neuron_profile import dossier
from neuralscope.network.evaluation import CHUNK, evaluate
from neuralscope.network.functions import check_number
from neuralscope.network.model import Network

BLOCK = 16  # neurons knocked out in one part
LARGEST = 100_000  # weights after an inner layer all of whose neurons are knocked out unasked


class Survey:
    """All that ``network`` does with ``images`` (count, inputs) and ``labels`` (count,).

    What is asked for before it is there is computed then and there; ``steps`` prepares it in parts. Hidden layers are
    numbered from 0; every method that takes one raises InputError for a layer or neuron out of range.
    """

    def __init__(self, network, images, labels):
        self.network, self.images, self.labels = network, images, labels
        self._activations = [np.empty((len(labels), size), network.dtype) for size in network.sizes[1:-1]]
        self._read = 0  # images of which the activations are there
        self._evaluation = None
        self._answers, self._answered, self._knock_outs = {}, {}, {}  # by hidden layer
        self._known = set()  # hidden layers of which all answers are there
        self._dossiers = {}

    def steps(self):
        """Do in parts of a few milliseconds what is not done yet, and yield after each.

        May be run more than once and in turns: all share what is done.
        """
        yield from self._reading()
        if not self.evaluated:
            self._evaluate()
            yield
        for layer in reversed(range(len(self._activations))):  # the last one's cost least
            if self.prepares_knock_outs(layer):
                yield from self._knocking(layer)

    def activations(self, layer):
        """Return the activations of a hidden layer, (count, neurons)."""
        check_number(layer, len(self._activations), "hidden layer")
        finish(self._reading())
        return self._activations[layer]

    @property
    def evaluated(self):
        """Whether ``evaluation`` is there without a wait."""
        return self._evaluation is not None

    @property
    def evaluation(self):
        """The Evaluation of the network."""
        if not self.evaluated:
            finish(self._reading())
            self._evaluate()
        return self._evaluation

    def has_knock_outs(self, layer):
        """Whether ``knock_outs`` of a layer are there in a moment; those of an inner layer may take seconds."""
        return self._is_last(layer) or layer in self._known

    def prepares_knock_outs(self, layer):
        """Whether ``steps`` computes the ``knock_outs`` of a layer: not of a large inner one: that takes minutes."""
        sizes = self.network.sizes
        return self._is_last(layer) or sizes[layer + 1] * sizes[layer + 2] <= LARGEST

    def knock_outs(self, layer):
        """Return the KnockOuts of a hidden layer."""
        check_number(layer, len(self._activations), "hidden layer")
        if layer not in self._knock_outs:
            finish(self._knocking(layer))
            self._knock_outs[layer] = KnockOuts(self.labels, self.evaluation.predictions, self._answers[layer])
        return self._knock_outs[layer]

    def dossier(self, layer, neuron):
        """Return the Dossier of a neuron of a hidden layer."""
        if (layer, neuron) not in self._dossiers:
            self._dossiers[layer, neuron] = dossier(self.network, layer, neuron, self.activations(layer), self.labels)
        return self._dossiers[layer, neuron]

    def evaluate_silenced(self, silenced):
        """Return the Evaluation of ``silence(network, silenced)``, from the first silenced layer's activations on."""
        network = silence(self.network, silenced)
        if network is self.network:
            return self.evaluation
        layer = min(silenced)
        return evaluate(Network(network.layers[layer + 1:]), self.activations(layer), self.labels)

    def _reading(self):
        """Compute the activations that are not there, some images at a time."""
        while self._activations and self._read < len(self.labels):
            part = slice(self._read, self._read + CHUNK)
            with np.errstate(over="ignore", invalid="ignore"):  # as in an evaluation, whose loss tells
                trace = self.network.forward(self.images[part])
            for stored, computed in zip(self._activations, trace.activations, strict=False):
                stored[part] = computed
            self._read = part.stop
            yield

    def _evaluate(self):
        """Evaluate the last layer on what enters it."""
        inputs = self._activations[-1] if self._activations else self.images
        self._evaluation = evaluate(Network(self.network.layers[-1:]), inputs, self.labels)

    def _knocking(self, layer):
        """Compute the answers without each neuron of a hidden layer that are not there, some neurons at a time.

        Of an inner layer also some images at a time: each takes what all layers after it take.
        """
        activations = self.activations(layer)
        count, neurons = activations.shape
        answers = self._answers.setdefault(layer, np.empty((neurons, count), np.uint8))
        images = count if self._is_last(layer) else CHUNK
        parts = [(image, neuron) for image in range(0, count, images) for neuron in range(0, neurons, BLOCK)]
        while (done := self._answered.get(layer, 0)) < len(parts):
            image, neuron = parts[done]
            block, some = range(neuron, min(neuron + BLOCK, neurons)), slice(image, image + images)
            answers[block.start:block.stop, some] = knocked_out(self.network, layer, activations[some], block)
            self._answered[layer] = done + 1
            yield
        self._known.add(layer)

    def _is_last(self, layer):
        return layer == len(self._activations) - 1


def finish(parts):
    """Run a generator to its end."""
    for _ in parts:
        pass
