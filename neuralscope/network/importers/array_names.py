"""What arrays are called: their order, their roles and which belong together, as far as names say."""

import re
from collections.abc import Sequence

WEIGHT, BIAS, OTHER, UNKNOWN = "weights", "biases", "other", ""
WEIGHT_WORDS = {"w", "weight", "weights", "kernel", "kernels", "coef", "coefs", "theta", "thetas", "matrix"}
BIAS_WORDS = {"b", "bias", "biases", "intercept", "intercepts"}
OTHER_WORDS = {"dw", "db", "mw", "mb", "vw", "vb", "sw", "sb", "grad", "grads", "gradient", "gradients", "velocity",
               "velocities", "momentum", "momenta", "moment", "adam", "optimizer", "exp", "avg", "image", "images",
               "label", "labels", "train", "test", "data", "history", "loss", "losses", "accuracy", "accuracies",
               "epoch", "epochs", "seed", "mean", "std", "var", "mu", "sigma", "cache", "mask", "confusion", "acc",
               "accs", "cost", "costs", "error", "errors", "score", "scores", "prev", "previous", "update", "updates"}
OTHER_LETTERS = {"x", "y", "m", "v", "s", "z", "a", "d"}  # alone, or before W and b: of weights they are only a name
NORMALIZATION_WORDS = {"running", "moving", "gamma", "beta", "tracked", "bn", "norm", "batchnorm", "layernorm", "ln"}
CONVOLUTION_WORDS = {"conv", "conv1d", "conv2d", "convolution", "filters"}


def words(name: str) -> list[str]:
    """Return the words and numbers in a name, in small letters: hidden, w, 1 of hiddenW_1."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return re.findall(r"[a-z]+|\d+", parted.lower())


def role(name: str) -> str:
    """Return what a name says that its array is: WEIGHT, BIAS, OTHER or UNKNOWN."""
    found = [word for word in words(name) if not word.isdigit()]
    if {*found} & OTHER_WORDS:
        return OTHER
    roles = {word: WEIGHT if word in WEIGHT_WORDS or re.fullmatch("w[ihoxy]{1,2}", word) else BIAS for word in found
             if word in WEIGHT_WORDS | BIAS_WORDS or re.fullmatch("w[ihoxy]{1,2}|b[iho]{1,2}", word)}
    told = [word for word in roles if len(word) > 3]  # in full, as "weight", which b.weight is
    if not told and {*found} & OTHER_LETTERS:
        return OTHER
    return roles[(told or [*roles])[-1]] if roles else UNKNOWN


def key(name: str) -> tuple[str, ...]:
    """Return what a layer's weights and biases are both called: a name without its role."""
    return tuple(word for word in words(name) if word not in WEIGHT_WORDS | BIAS_WORDS)


def numbers(name: str) -> tuple[int, ...]:
    """Return the numbers in a name."""
    return tuple(int(word) for word in words(name) if word.isdigit())


def ordered(names: Sequence[str]) -> list[str]:
    """Return names in their order, but those that differ in their numbers alone by these: W2 before W10."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(re.sub(r"\d+", "#", name), []).append(name)
    turns = {pattern: iter(sorted(group, key=numbers)) for pattern, group in groups.items()}
    return [next(turns[re.sub(r"\d+", "#", name)]) for name in names]


def is_state_dict(names: Sequence[str]) -> bool:
    """Whether all arrays are called as in PyTorch's state dicts, whose weights are (outputs, inputs) always."""
    return bool(names) and all(name.endswith((".weight", ".bias")) for name in names)
