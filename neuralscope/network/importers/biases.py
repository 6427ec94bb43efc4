"""Which array is which layer's biases: by name where names say so, else by size and order."""

from collections.abc import Mapping, Sequence

import numpy as np

from neuralscope.network.importers.array_names import BIAS, OTHER, key, role


def is_vector(array: np.ndarray) -> bool:
    """Whether an array can be biases: (n,), (n, 1), (1, n) or a single number."""
    return array.ndim < 2 or (array.ndim == 2 and 1 in array.shape)


def assign_biases(weights: Sequence[str], widths: Sequence[int], vectors: Sequence[str],
                  arrays: Mapping[str, np.ndarray]) -> tuple[str | None, ...]:
    """Return for each layer the name of its biases, or None; what does not say whose it is is nobody's.

    ``weights``: the layers' by name. ``widths``: their outputs. ``vectors``: the names of what can be biases.
    """
    found: dict[int, str] = {}
    for width in dict.fromkeys(widths):
        layers = [number for number, other in enumerate(widths) if other == width]
        names = [name for name in vectors if arrays[name].size == width and (arrays[name].ndim or role(name) == BIAS)]
        by_key = {number: same[0] for number in layers
                  if len(same := [name for name in names if key(name) == key(weights[number])]) == 1}
        found |= by_key
        layers = [number for number in layers if number not in by_key]
        names = [name for name in names if name not in by_key.values()]
        for roles in ((BIAS,), (BIAS, ""), (BIAS, "", OTHER)):
            fitting = [name for name in names if role(name) in roles]
            if layers and len(fitting) == len(layers):
                found |= dict(zip(layers, fitting, strict=True))
                break
    return tuple(found.get(number) for number in range(len(widths)))
