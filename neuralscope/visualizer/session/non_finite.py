"""Weights that are no finite numbers: how many there are, and where; and what answers nothing for them."""

import numpy as np

from neuralscope.formatting import thousands

NO_ANSWER_TEXT, NO_ANSWER_REASON = "no answer", "the scores are not numbers"
NO_ANSWER_REMEDY = "train it anew with a smaller learning rate, or mend its file"


def has_answer(trace):
    """Return whether a network answers to the first image of a trace: else its outputs are no numbers."""
    return bool(np.isfinite(trace.outputs[0]).all())


def non_finite_texts(network):
    """Return which weights and biases are NaN or infinite, each array's as "W1 has 12 NaN, all into neuron 7"."""
    last = f"W{len(network.layers)}"
    return tuple(filter(None, (_array_text(name, array, "output" if name == last else "neuron")
                               for name, array in network.parameters.items())))


def _array_text(name, array, unit):
    is_nan, is_infinite = np.isnan(array), np.isinf(array)
    kinds = [f"{thousands(int(found.sum()))} {word}" for found, word in ((is_nan, "NaN"), (is_infinite, "infinite"))
             if found.any()]
    if not kinds:
        return ""
    columns = np.unique(np.nonzero(is_nan | is_infinite)[-1])
    where = "" if len(columns) > 1 else f", all into {unit} {columns[0]}" if array.ndim == 2 else f", of {columns[0]}"
    return f"{name} has {' and '.join(kinds)}{where}"
