"""Whether outputs are probabilities, and whether hidden neurons do something, each something else."""

import numpy as np

from neuralscope.checkup.layer_statistics import FLAT_SLOPE, LayerStatistics, bend
from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.study import Steps, Study
from neuralscope.formatting import counted, number, percent, thousands

SUM_TOLERANCE = 1e-3
DEAD_LIMIT = 0.5  # of a layer: networks that read well have had a quarter of theirs dead
SATURATED_SHARE = 0.99  # of the images: a neuron that is flat for more of them is saturated
COPY_COSINE = 0.99  # between the weights into two neurons: above it they see the same
LEAST_INPUTS = 16  # with fewer, some of many neurons are near each other by chance
NO_HIDDEN = "it has no hidden layer"


def outputs_sum_to_one(study: Study) -> Steps:
    """Say what the outputs of each image add up to."""
    sums = (yield from study.look()).output_sums
    low, high = float(sums.min()), float(sums.max())
    figure = f"{low:.3f} to {high:.3f}" if f"{low:.3f}" != f"{high:.3f}" else f"{low:.3f}"
    details = {"images": len(sums), "least": low, "most": high}
    if not study.network.head.sums_to_one:
        return Outcome(None, figure, f"{study.network.layers[-1].activation} outputs are each for themselves, and need "
                       "not add up to 1", details=details)
    passed = bool(np.all(np.abs(sums - 1) <= SUM_TOLERANCE))
    noun = study.data.noun
    words = f"of all {thousands(len(sums))} {noun}s" if passed else "probabilities of the classes add up to 1"
    return Outcome(passed, figure, words, "" if passed else f"divide the outputs of each {noun} by their sum", details)


def neurons_alive(study: Study) -> Steps:
    """Count hidden neurons that never change, or that stand where their activation is flat."""
    if len(study.network.layers) < 2:
        return Outcome(None, "", NO_HIDDEN)
    found = yield from study.look()
    dead = [dead_neurons(found, layer) for layer in range(len(found.flat_counts))]
    sizes = study.network.sizes[1:-1]
    total, alive = sum(sizes), sum(sizes) - sum(map(len, dead))
    worst = max(range(len(dead)), key=lambda layer: len(dead[layer]) / sizes[layer])
    passed = len(dead[worst]) <= DEAD_LIMIT * sizes[worst]
    details = {"images": found.count, "dead": {f"layer {layer + 1}": each for layer, each in enumerate(dead)},
               "histogram": {"layer": worst, "activation": study.network.layers[worst].activation,
                             "edges": found.edges[worst], "counts": found.histograms[worst]},
               "flat_shares": found.flat_counts[worst] / found.count}
    if len(dead[worst]):
        details["neuron"] = worst, int(dead[worst][0])
    activation, where = study.network.layers[worst].activation, f"layer {worst + 1}: " if len(dead) > 1 else ""
    return Outcome(passed, f"{thousands(alive)} of {thousands(total)}",
                   where + alive_text(activation, len(dead[worst]), sizes[worst],
                                      counted(found.count, study.data.noun)),
                   "" if passed else alive_remedy(activation), details)


def dead_neurons(found: LayerStatistics, layer: int) -> np.ndarray:
    """Return the neurons of a layer that are flat: for all images, or for most where it has two flat sides."""
    two_sided = bend(found.network.layers[layer].activation) is not None
    most = SATURATED_SHARE * found.count if two_sided else found.count - 1
    return np.flatnonzero(found.flat_counts[layer] > most)


def alive_text(activation: str, dead: int, size: int, images: str) -> str:
    """Say what the neurons of the worst layer do; ``images``: how many of what it was looked at with."""
    two_sided = bend(activation) is not None
    if not dead:
        return (f"each is where {activation} bends for more than {percent(1 - SATURATED_SHARE)} of {images}"
                if two_sided else f"none stays the same for all {images}")
    many = "all" if dead == size else thousands(dead)
    if two_sided:
        return (f"{many} of {thousands(size)} stand where {activation} is flat, its slope below {FLAT_SLOPE}, for more "
                f"than {percent(SATURATED_SHARE)} of {images}")
    verb = "never fire" if activation == "relu" else "never leave where the slope is 0"
    return f"{many} of {thousands(size)} {verb if dead != 1 else verb.replace('fire', 'fires')} in {images}"


def alive_remedy(activation: str) -> str:
    """Say what to do about dead neurons."""
    if bend(activation) is None:
        return "train again with a smaller learning rate, or with leaky-relu"
    return "train again with inputs of 0 to 1 and smaller first weights"


def neurons_differ(study: Study) -> Steps:
    """Look for hidden neurons, of those alive, that are copies of each other."""
    if len(study.network.layers) < 2:
        return Outcome(None, "", NO_HIDDEN)
    found = yield from study.look()
    copies, highest, pair, total = 0, -1.0, None, 0
    for layer, parameters in enumerate(study.network.layers[:-1]):
        alive = np.setdiff1d(np.arange(parameters.weights.shape[1]), dead_neurons(found, layer))
        if len(alive) < 2 or len(parameters.weights) < LEAST_INPUTS:
            continue
        total += len(alive)
        cosines = cosine_table(parameters.weights[:, alive])
        yield
        np.fill_diagonal(cosines, -1)
        copies += int(np.count_nonzero(cosines.max(axis=1) >= COPY_COSINE))
        if cosines.max() > highest:
            highest, place = float(cosines.max()), int(cosines.argmax())
            pair = layer, *(int(alive[at]) for at in divmod(place, len(cosines)))
    if pair is None:
        return Outcome(None, "", f"there are no two neurons alive with {LEAST_INPUTS} inputs or more to compare")
    layer, first, second = pair
    where = f" in layer {layer + 1}" if len(study.network.layers) > 2 else ""
    words = f"the two most alike{where}, {first} and {second}, by the angle of their weights"
    details = {"pair": pair, "cosine": highest, "copies": copies, "neuron": (layer, first)}
    if not copies:
        return Outcome(True, f"cosine {number(highest, 3)}", words, details=details)
    return Outcome(False, f"{thousands(copies)} copies", f"{thousands(copies)} of {thousands(total)} neurons have the "
                   f"weights of another{where}, as {first} and {second} (cosine {number(highest, 4)})",
                   "begin with random weights, another for each neuron: equal ones stay equal", details)


def cosine_table(weights: np.ndarray) -> np.ndarray:
    """Return the cosine between the weights into each two neurons, (neurons, neurons); 0 where all are 0."""
    lengths = np.linalg.norm(weights, axis=0)
    units = weights / np.where(lengths > 0, lengths, 1)
    return units.T @ units
