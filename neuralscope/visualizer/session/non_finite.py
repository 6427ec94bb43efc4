"""Weights that are no finite numbers: how many there are, and where; and what answers nothing for them."""

import numpy as np

from neuralscope.network import nonfinite

OVERFLOW_BATCH_SIZE = 1000  # digits that weights are tried on at a time
NO_ANSWER_TEXT, NO_ANSWER_REASON = "no answer", "the scores are not numbers"
NO_ANSWER_REMEDY = "train it anew with a smaller learning rate, or mend its file"


def has_answer(trace):
    """Return whether a network answers to the first image of a trace: else its outputs are no numbers."""
    return bool(np.isfinite(trace.outputs[0]).all())


def could_overflow(network):
    """Return whether weights are so large that sums of inputs from 0 to 1 may be beyond what the network can hold.

    A bound, quick and never too low: no activation function makes a sum larger, or anything larger than 1.
    """
    bound = np.float64(1)
    for layer in network.layers:
        bound = max(bound, (np.abs(layer.weights.astype(np.float64)).sum(axis=0) * bound + np.abs(layer.biases)).max())
    return not bound < np.finfo(network.dtype).max / 1000


def overflows(network, images):
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


def overflow_text(network, digits, name):
    """Return in words that sums overflow on some of the digits of the data set of this name, or ""."""
    return f"the network's sums overflow on {name}" if overflows(network, digits.images) else ""


def non_finite_texts(network):
    """Return which weights and biases are NaN or infinite, each array's as "W1 has 12 NaN, all into neuron 7"."""
    return tuple(nonfinite.text([damage]) for damage in nonfinite.locate(network))
