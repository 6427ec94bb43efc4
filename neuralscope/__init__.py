"""NeuralScope: train a small neural network in NumPy, then see inside it."""

__version__ = "0.2.0"
