"""A network as NeuralScope's own file, which NumPy reads: W1 (inputs, outputs), b1, W2, ... and the rest."""

from neuralscope.network.storage import SavedNetwork, encode_network


def write_npz(saved: SavedNetwork) -> bytes:
    """Return the bytes of a network's file, the history of its training with it."""
    return encode_network(saved.network, saved.metadata, saved.history)
