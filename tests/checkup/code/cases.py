"""The mistakes that every style has a switch for, the network each shows in, and how it is to be named."""

from dataclasses import dataclass, field

import numpy as np

from neuralscope import check_code
from neuralscope.checkup.code.parameters import array_paths, with_arrays
from tests.checkup.styles import columns, layers, loops, rows

STYLES = {"rows": rows, "columns": columns, "loops": loops, "layers": layers}
SIZES = (12, 7, 7, 4)
SQUARED = {"output": "sigmoid", "loss_name": "half squared error"}
MEAN_SQUARED = {"output": "sigmoid", "loss_name": "mean squared error"}


@dataclass(frozen=True)
class Case:
    """A switch of the styles, what else the network has, and the keys of the table of which one is to be named."""

    mistake: str
    settings: dict = field(default_factory=dict)
    keys: tuple[str, ...] = ()


GRADIENT_CASES = [
    Case("summed over batch"),
    Case("batch twice"),
    Case("bias averaged twice", keys=("batch twice",)),
    Case("bias left out", keys=("zeros",)),
    Case("bias over wrong axis", keys=("bias over wrong axis", "bias over both axes")),
    Case("summed over classes", MEAN_SQUARED),
    Case("factor 1/2", MEAN_SQUARED),
    Case("factor 2", SQUARED),
    Case("no output slope", SQUARED),
    Case("sign"),
    Case("extra output slope"),
    Case("squared error's delta"),
    Case("labels one up"),
    Case("labels one down"),
    Case("no slope"),
    Case("slope of the output"),
    Case("slope of the sum", {"activation": "tanh"}),
    Case("slope 1 - a", {"activation": "tanh"}),
    Case("relu turned", {"activation": "relu"}),
    Case("no transpose"),
    Case("sums as inputs", {"activation": "relu"}),
    Case("last sample"),
    Case("weights updated first"),
    Case("no dropout mask", {"dropout": 0.3}),
    Case("no decay", {"decay": 0.01}),
    Case("decay turned", {"decay": 0.01}),
]
FORWARD_CASES = [Case("softmax over the samples"), Case("late bias"), Case("overflow"),
                 Case("exchanged activations", {"output": "sigmoid", "loss_name": "binary cross-entropy"}),
                 Case("inputs 0..255")]


def learnable(count, inputs, classes, rng):
    """Return inputs (count, inputs) in [0, 1] of so many classes, and their labels, each of which there is."""
    labels = np.concatenate([np.arange(classes), rng.integers(0, classes, count - classes)])
    centres = rng.random((classes, inputs))
    return np.clip(centres[labels] + rng.normal(0, 0.2, (count, inputs)), 0, 1), labels


def report(style, mistake, settings, *, sizes=SIZES, count=24, seed=0, scale=1.0, zero_biases=False):
    """Return the Report of a style's network with a mistake in it; ``zero_biases``: as most people start."""
    rng = np.random.default_rng(seed)
    x, labels = learnable(count, sizes[0], sizes[-1], rng)
    module = STYLES[style]
    forward, loss, gradients, step = module.make(mistake, **settings)
    parameters = module.start(sizes, rng)
    if zero_biases:
        arrays = array_paths(parameters)
        parameters = with_arrays(parameters, {path: array * (max(array.shape) < array.size)
                                              for path, array in arrays.items()})
    return check_code(forward, loss, gradients, parameters, *module.data(x * scale, labels), seed=seed, step=step)


def named(found):
    """Return the keys that a report names, as sets that are given beside each other for one result."""
    return [[set(keys) for keys in result.details["mistakes"]] for result in found.failed
            if result.details.get("mistakes")]


def verdict(style, case, seed=0):
    """Return "named", "wrong" where another name is given as the only one, or "unnamed"."""
    found = report(style, case.mistake, case.settings, seed=seed, scale=255 if case.mistake == "inputs 0..255" else 1)
    wanted = set(case.keys or (case.mistake,))
    every = named(found)
    if every and all(any(keys <= wanted for keys in result) for result in every):
        return "named"
    return "wrong" if any(not any(keys <= wanted for keys in result) for result in every) else "unnamed"
