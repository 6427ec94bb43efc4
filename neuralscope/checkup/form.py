"""Whether a network's arrays fit, and whether the numbers in them are numbers."""

from typing import Any

import numpy as np

from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.statistics import interval_text, right_share
from neuralscope.checkup.study import Steps, Study
from neuralscope.formatting import counted, thousands
from neuralscope.network.importers.settle import NOUNS

NAMED_PLACES = 3  # neurons that are named; of more the number is said


def arrays_fit(study: Study) -> Steps:
    """Say what the network consists of; what does not fit is no network, and was refused before."""
    yield
    network, data = study.network, study.data
    head = {"softmax": "softmax outputs", "sigmoid": "sigmoid outputs"}.get(network.layers[-1].activation, "")
    names = ", ".join(dict.fromkeys(layer.activation for layer in network.layers[:-1])) or "no hidden layer"
    classes = len(data.class_names)
    spare = network.sizes[-1] - classes
    words = f"; {counted(spare, 'output')} stands for no class" if spare > 0 else ""
    parts = [name for name in study.folded.undecided if name not in ("scale", "transposed")]
    is_open = f"; not decided is {' and '.join(NOUNS[name] for name in parts)}" if parts else ""
    return Outcome(None if parts else True, counted(parameter_count(study), "number"),
                   f"{'-'.join(map(str, network.sizes))}, {names}, {head}{words}{is_open}",
                   "; ".join(filter(None, map(study.folded.remedy, parts))),
                   details={"shapes": {name: array.shape for name, array in network.parameters.items()}})


def finite(study: Study) -> Steps:
    """Count and locate what is no finite number; mended with zeros in its place."""
    yield
    parameters = study.network.parameters
    broken = {name: ~np.isfinite(array) for name, array in parameters.items()}
    count = sum(int(np.count_nonzero(mask)) for mask in broken.values())
    figure = f"{thousands(count)} of {thousands(parameter_count(study))}"
    names = ", ".join(parameters)
    if not count:
        return Outcome(True, figure, f"no NaN, no infinity in {names}")
    zeros = {name: np.where(broken[name], 0, array).astype(array.dtype) for name, array in parameters.items()}
    mended = study.with_mended(network=study.network.with_parameters(zeros))
    where = "; ".join(located(name, parameters[name], mask) for name, mask in broken.items() if mask.any())
    details: dict[str, Any] = {"places": {name: np.argwhere(mask)[:100] for name, mask in broken.items() if mask.any()}}
    remedy, gain = "train again with a smaller learning rate", None
    if study.data.test.has_labels:
        right, before = (yield from mended.right()), (yield from study.right())
        remedy = f"with 0 in their place {right_share(right)} right, measured; before {right_share(before)}"
        gain = float(right.mean() - before.mean())
        details["accuracies"] = {"as it is": float(before.mean()), "with 0 instead": float(right.mean())}
        details |= {"images": len(right), "interval": interval_text(right)}
    return Outcome(False, figure, where, remedy, details, gain, mended)


def parameter_count(study: Study) -> int:
    """Return how many weights and biases there are."""
    return sum(array.size for array in study.network.parameters.values())


def located(name: str, array: np.ndarray, broken: np.ndarray) -> str:
    """Say how many numbers of an array are broken, and into which neurons they lead."""
    kinds = (("NaN", np.isnan(array)), ("infinite", np.isinf(array)))
    counts = " and ".join(f"{thousands(int(mask.sum()))} {kind}" for kind, mask in kinds if mask.any())
    neurons = np.flatnonzero(broken if broken.ndim == 1 else broken.any(axis=0))
    if len(neurons) == 1:
        return f"{name} has {counts}, all into neuron {neurons[0]}"
    if len(neurons) <= NAMED_PLACES:
        return f"{name} has {counts}, into neurons {', '.join(map(str, neurons))}"
    return f"{name} has {counts}, into {thousands(len(neurons))} neurons"
