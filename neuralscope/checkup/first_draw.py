"""Whether weights moved from their first random draw, which the pixels that are never lit still hold."""

from collections.abc import Callable

import numpy as np

from neuralscope.checkup.folded import NOTHING_FOLDED
from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.study import Steps, Study
from neuralscope.errors import InputError
from neuralscope.formatting import plain, thousands
from neuralscope.network.functions import ACTIVATIONS, INITIALIZERS

LEAST_WEIGHTS = 200  # whose deviation is known well enough
ERRORS = 3  # standard errors within which two deviations are not told apart
PROBE_SHAPE = (64, 512)  # of the weights drawn to learn an initialiser's deviation


def weights_moved(study: Study) -> Steps:
    """Compare the deviation of the weights that learned with that of those which could not."""
    yield
    try:
        never_lit = study.data.never_lit
    except InputError as error:
        return Outcome(None, "", f"{error.problem}, so nothing tells the first draw")
    yield
    first = weights_as_learned(study, never_lit)
    if first is None:
        return Outcome(None, "", "it was fed no 0 where no ink is, so nothing tells the first draw")
    still, others = first[never_lit], first[~never_lit]
    if still.size < LEAST_WEIGHTS or others.size < LEAST_WEIGHTS:
        return Outcome(None, "", "nearly every input is lit in some training image, so nothing tells the first draw")
    drawn = float(still.std())
    deviations = {"W1, never lit": drawn, "W1, the others": float(others.std())}
    details = {"deviations": deviations, "never_lit": int(never_lit.sum())}
    unmoved = [1] * same_deviation(still, others)
    for number, expected in expected_deviations(study, drawn, still.size).items():
        layer = study.network.layers[number - 1]
        deviations |= {f"W{number}": float(layer.weights.std()), f"W{number}, expected": expected}
        tolerance = ERRORS * expected / (2 * layer.weights.size) ** 0.5
        if abs(layer.weights.std() - expected) < tolerance and np.ptp(layer.biases) == 0:
            unmoved.append(number)
    pixels = f"{thousands(int(never_lit.sum()))} inputs that are never lit"
    figure = f"{plain(round(deviations['W1, the others'] / drawn, 2))} ×" if drawn else "moved"
    if not unmoved:
        kept = f"deviation {plain(drawn)}" if drawn else "0"
        return Outcome(True, figure, f"the weights of the {pixels} still have {kept}, the others of W1 "
                       f"{plain(deviations['W1, the others'])}", details=details)
    names = " and ".join(f"W{number}" for number in unmoved)
    return Outcome(False, f"{names} unmoved", f"{names} never left the first draw: deviation "
                   f"{plain(drawn)} at the {pixels}, {plain(deviations['W1, the others'])} elsewhere",
                   f"let each step change {names} too: it learned nothing", details)


def weights_as_learned(study: Study, never_lit: np.ndarray) -> np.ndarray | None:
    """Return W1 without the scale that is folded into it; None where inputs that are never lit were not 0 with it."""
    weights = study.network.layers[0].weights
    if study.folded.name == NOTHING_FOLDED.name:
        return weights
    scale = study.folded.scale(study.data.train.images)
    if scale is None or np.any(np.broadcast_to(scale.shift, never_lit.shape)[never_lit]):
        return None
    return weights / np.reshape(scale.factor, (-1, 1))


def same_deviation(first: np.ndarray, second: np.ndarray) -> bool:
    """Say whether two sets of random weights may have one deviation, which is not 0."""
    one, two = float(first.std()), float(second.std())
    if not one or not two:
        return False
    error = (1 / (2 * first.size) + 1 / (2 * second.size)) ** 0.5
    return bool(abs(np.log(one / two)) < ERRORS * error)


def expected_deviations(study: Study, drawn: float, count: int) -> dict[int, float]:
    """Return the first deviation of each later layer by its number, where that of W1 is an initialiser's of ours."""
    sizes, layers = study.network.sizes, study.network.layers
    rng = np.random.default_rng(0)  # a probe's: its deviation depends on it by less than is told apart

    def deviation(draw: Callable, number: int) -> float:
        activation = layers[number - 1].activation
        gain = ACTIVATIONS[activation].gain if activation in ACTIVATIONS else 1.0
        probe = float(draw(*PROBE_SHAPE, gain, rng).std())
        inputs, outputs = sizes[number - 1], sizes[number]
        if draw is INITIALIZERS["he"]:
            return probe * (PROBE_SHAPE[0] / inputs) ** 0.5
        return probe * (sum(PROBE_SHAPE) / (inputs + outputs)) ** 0.5 if draw is INITIALIZERS["xavier"] else probe

    for draw in INITIALIZERS.values():
        if drawn and abs(np.log(deviation(draw, 1) / drawn)) < ERRORS / (2 * count) ** 0.5 + 0.01:  # the probe's error
            return {number: deviation(draw, number) for number in range(2, len(layers) + 1)}
    return {}
