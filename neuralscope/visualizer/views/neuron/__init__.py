"""One neuron: its weights, its digits, its classes, and the network without it."""
