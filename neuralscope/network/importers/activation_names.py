"""What other programs call activations, where a file of arrays says them in words."""

from collections.abc import Mapping, Sequence

import numpy as np

from neuralscope.network.functions import ACTIVATIONS, HEADS
from neuralscope.network.importers.array_names import ordered, words

ALIASES = {"linear": "identity", "none": "identity", "logistic": "sigmoid", "swish": "silu", "gelu_tanh": "gelu-tanh"}
MAX_TEXT = 40  # characters of a function's name


def known_activation(text: str, last: bool) -> str | None:
    """Return the name in ACTIVATIONS or, of the last layer, in HEADS or "identity"; None for what is neither."""
    name = ALIASES.get(text.strip().lower(), text.strip().lower())
    return name if name in ({*HEADS, "identity"} if last else ACTIVATIONS) else None


def activations_from_texts(texts: Mapping[str, np.ndarray], layers: int) -> tuple[list[str | None], list[str]]:
    """Return each layer's activation, None where no text says it, and the names of what says none.

    A single text is that of all hidden layers; of the output one whose name has "out" or "output" in it.
    """
    hidden: list[str] = []
    output: list[str] = []
    unused = []
    for name in ordered(list(texts)):
        array, found = texts[name], {*words(name)}
        is_text = array.dtype.kind == "U" and array.dtype.itemsize <= 4 * MAX_TEXT and 0 < array.size <= layers
        if not is_text or not any(word.startswith("act") for word in found):
            unused.append(name)
        else:
            (output if found & {"out", "output"} else hidden).extend(map(str, array.reshape(-1)))
    return layer_activations(hidden, output, layers), unused


def layer_activations(hidden: Sequence[str], output: Sequence[str], layers: int) -> list[str | None]:
    """Return each layer's activation by what texts say of the hidden layers, or of all, and of the output."""
    if len(hidden) == layers and not output:
        hidden, output = hidden[:-1], hidden[-1:]
    elif len(hidden) == 1:
        hidden = [*hidden] * (layers - 1)
    if len(hidden) != layers - 1:
        hidden = [""] * (layers - 1)
    return [*(known_activation(name, last=False) for name in hidden),
            known_activation(output[0], last=True) if len(output) == 1 else None]
