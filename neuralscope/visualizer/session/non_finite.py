"""Weights that are no finite numbers: how many there are, and where; and what answers nothing for them."""

import numpy as np

from neuralscope.network import nonfinite

NO_ANSWER_TEXT, NO_ANSWER_REASON = "no answer", "the scores are not numbers"
NO_ANSWER_REMEDY = "train it anew with a smaller learning rate, or mend its file"


def has_answer(trace):
    """Return whether a network answers to the first image of a trace: else its outputs are no numbers."""
    return bool(np.isfinite(trace.outputs[0]).all())


def non_finite_texts(network):
    """Return which weights and biases are NaN or infinite, each array's as "W1 has 12 NaN, all into neuron 7"."""
    return tuple(nonfinite.text([damage]) for damage in nonfinite.locate(network))
