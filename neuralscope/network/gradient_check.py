"""Proof by measurement: backpropagation's derivatives beside central differences of the loss, in float64."""

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from neuralscope.network.functions import one_hot
from neuralscope.network.model import Network

STEP_SIZE = 1e-5  # of a parameter; half of the step's error is from the curve, half from rounding
# A loss of about 1 is rounded by about 1e-16, so a difference over STEP_SIZE by about 1e-11. Errors of a derivative
# smaller than this are counted as if it were this large: no more of it can be measured.
MIN_MEASURABLE_DERIVATIVE = 1e6 * np.finfo(float).eps / STEP_SIZE


@dataclass(frozen=True)
class GradientCheck:
    """The result of ``check_gradients``.

    ``error``: the worst relative error; ``count``: derivatives compared; ``kinks``: those left out because a neuron's
    sum changed its sign within the step, where relu has no derivative; ``parameter`` and ``index``: where the worst
    is, as ``W1`` and ``(3, 5)``; ``computed`` and ``measured``: its two values.
    """

    error: float
    count: int
    kinks: int
    parameter: str
    index: tuple[int, ...]
    computed: float
    measured: float


def relative_error(computed: float, measured: float) -> float:
    """Return the difference over the larger of the two, or over MIN_MEASURABLE_DERIVATIVE where both are smaller."""
    error = float(abs(computed - measured) / max(abs(computed), abs(measured), MIN_MEASURABLE_DERIVATIVE))
    return error if isfinite(error) else inf


def check_gradients(network: Network, images: np.ndarray, labels: np.ndarray, *, weight_decay: float = 0.0,
                    smoothing: float = 0.0, max_count: int | None = None,
                    rng: np.random.Generator | None = None) -> GradientCheck:
    """Return the GradientCheck of ``network`` on ``images`` (batch, inputs) and their ``labels`` (batch,).

    What is differentiated is the mean loss plus ``weight_decay / 2`` times the sum of all squared parameters: what
    plain gradient descent with weight decay goes down; ``smoothing``: the share of targets spread over all classes.
    At most ``max_count`` derivatives of each array, drawn by ``rng`` (default: seed 0), are compared; None:
    all.
    """
    network_float64 = network.astype(np.float64)
    images = np.asarray(images, np.float64)
    targets = one_hot(labels, network.sizes[-1], np.float64, smoothing)
    gradients = network_float64.gradients(network_float64.forward(images), targets)
    parameters = {name: array.copy() for name, array in network_float64.parameters.items()}
    moved = network_float64.with_parameters(parameters)  # the same memory, so a parameter moves where it stands
    checks: list[tuple[float, str, tuple, float, float]] = []
    kinks = 0
    for name, array in parameters.items():
        computed = gradients[name] + weight_decay * array
        for position in sample_indices(array, max_count, rng):
            measured = central_difference(moved, images, targets, weight_decay, array, position)
            if measured is None:
                kinks += 1
                continue
            error = relative_error(float(computed[position]), measured)
            checks.append((error, name, position, float(computed[position]), measured))
    error, worst_name, position, backpropagated, measured = max(checks, key=lambda check: check[0])
    return GradientCheck(error, len(checks), kinks, worst_name, position, backpropagated, measured)


def sample_indices(array: np.ndarray, max_count: int | None, rng: np.random.Generator | None) -> list[tuple[int, ...]]:
    """Return the indices to look at: all of the array's, or ``max_count`` of them at random."""
    few = max_count is not None and max_count < array.size
    flat_indices = (
        (rng or np.random.default_rng(0)).choice(array.size, max_count, replace=False) if few else range(array.size)
    )
    return [tuple(map(int, np.unravel_index(number, array.shape))) for number in flat_indices]


def central_difference(network: Network, images: np.ndarray, targets: np.ndarray, weight_decay: float,
                       array: np.ndarray, position: tuple[int, ...]) -> float | None:
    """Return the central difference of what is differentiated, when the parameter at ``position`` of ``array`` moves.

    None where a hidden neuron's sum changes its sign meanwhile.
    """
    value, heights, signs = array[position], [], []
    for moved in (value + STEP_SIZE, value - STEP_SIZE):
        array[position] = moved
        trace = network.forward(images)
        losses = network.head.losses(trace.outputs, targets)
        heights.append(losses.mean() + weight_decay / 2 * moved**2)  # the other parameters' squares stay as they are
        signs.append([z > 0 for z in trace.sums[:-1]])
    array[position] = value
    if any((before != after).any() for before, after in zip(*signs, strict=True)):
        return None
    return float(heights[0] - heights[1]) / (2 * STEP_SIZE)
