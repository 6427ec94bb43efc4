"""Which hidden neurons are held at 0."""

from neuralscope.analysis.ablation import ablate


class Ablation:
    """The ablated ``neurons``: a frozenset by hidden layer, in the order of the layers; never changed, only replaced.
    """

    def __init__(self, neurons=None):
        """Begin with none, or with ``neurons``."""
        self.neurons = neurons or {}

    def is_ablated(self, layer, neuron):
        """Say whether a neuron is held at 0."""
        return neuron in self.neurons.get(layer, ())

    def toggle(self, layer, neuron):
        """Ablate a neuron, or restore it."""
        self.neurons = self.toggled(layer, neuron)

    def toggled(self, layer, neuron):
        """Return the ablated neurons with one of them the other way."""
        neurons = self.neurons | {layer: self.neurons.get(layer, frozenset()) ^ {neuron}}
        return {layer: ablated for layer, ablated in sorted(neurons.items()) if ablated}

    def restore_all(self):
        """Hold no neuron at 0."""
        self.neurons = {}

    def without_ablated(self, network):
        """Return the network that answers: ``network`` itself where no neuron is ablated."""
        return ablate(network, self.neurons)

    def with_restored(self, network, layer, neuron):
        """Return the network that answers with this neuron restored, whatever others are."""
        return ablate(network, self.toggled(layer, neuron) if self.is_ablated(layer, neuron) else self.neurons)
