"""Which neurons a person's dropout leaves out: seen by moving the weights behind each."""

from itertools import pairwise

import numpy as np

from neuralscope.checkup.code.layout import Chain, Samples, as_rows
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.user_functions import UserCode

KEPT_SHARES = (0.5, 0.8, 0.9, 0.7, 0.75, 0.6, 0.85, 0.95, 0.4, 0.3, 0.25, 0.2, 0.1)  # that people take
MAX_NEURONS = 1024  # a forward pass each


def dropout_patterns(code: UserCode, arrays: dict[Path, np.ndarray], samples: Samples,
                     chain: Chain) -> list[np.ndarray | None] | None:
    """Return for each hidden layer 0 where dropout left a neuron out and 1 elsewhere (batch, neurons).

    None for a layer without dropout, and instead of all where there are too many neurons. Each layer is seen with its
    sums as they are and with their signs turned, for a relu at 0 looks like one that is left out.
    """
    patterns: list[np.ndarray | None] = []
    for layer, above in pairwise(chain):
        if arrays[above.weights].shape[above.transposed] > MAX_NEURONS:
            return None
        own = (layer.weights,) if layer.bias is None else (layer.weights, layer.bias)
        turned = {**arrays, **{path: -arrays[path] for path in own}}
        pattern = _moving(code, arrays, samples, above) | _moving(code, turned, samples, above)
        patterns.append(None if pattern.all() else pattern.astype(float))
    return patterns


def _moving(code, arrays, samples, above):
    """Return where the outputs follow the weights from each neuron to the layer ``above`` (batch, neurons)."""
    before = code.outputs(arrays, samples.x)
    axis = next((axis for axis in (samples.x_axis, -1 - samples.x_axis) if before.shape[axis] == len(samples)), 0)
    weights = arrays[above.weights].T if above.transposed else arrays[above.weights]
    moving = np.zeros((len(samples), len(weights)), bool)
    for neuron in range(len(weights)):
        moved = weights.copy()
        moved[neuron] += np.linspace(0.3, 0.7, weights.shape[1])  # unlike, for a softmax does not see a shift
        after = code.outputs({**arrays, above.weights: moved.T if above.transposed else moved}, samples.x)
        moving[:, neuron] = (as_rows(after, axis) != as_rows(before, axis)).any(axis=1)
    return moving
