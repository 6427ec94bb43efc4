"""Proof by measurement: backpropagation's derivatives beside central differences of the loss, in float64."""

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from neuralscope.network.functions import one_hot

STEP = 1e-5  # of a parameter; half of the step's error is from the curve, half from rounding
# A loss of about 1 is rounded by about 1e-16, so a difference over STEP by about 1e-11. Errors of a derivative smaller
# than this are counted as if it were this large: no more of it can be measured.
MEASURABLE = 1e6 * np.finfo(float).eps / STEP


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
    index: tuple
    computed: float
    measured: float


def check_gradients(network, images, labels, *, weight_decay=0.0, smoothing=0.0, most=None, rng=None):
    """Return the GradientCheck of ``network`` on ``images`` (batch, inputs) and their ``labels`` (batch,).

    What is differentiated is the mean loss plus ``weight_decay / 2`` times the sum of all squared parameters: what
    plain gradient descent with weight decay goes down; ``smoothing``: the share of targets spread over all classes.
    Relative error: the difference over the larger of the two values, or over MEASURABLE where both are smaller. At most
    ``most`` derivatives of each array, drawn by ``rng`` (default: seed 0), are compared; None: all.
    """
    exact = network.astype(np.float64)
    images = np.asarray(images, np.float64)
    targets = one_hot(labels, network.sizes[-1], np.float64, smoothing)
    gradients = exact.gradients(exact.forward(images), targets)
    parameters = {name: array.copy() for name, array in exact.parameters.items()}
    moved = exact.with_parameters(parameters)  # the same memory, so a parameter moves where it stands
    checks, kinks = [], 0
    for name, array in parameters.items():
        computed = gradients[name] + weight_decay * array
        for place in places(array, most, rng):
            measured = slope(moved, images, targets, weight_decay, array, place)
            if measured is None:
                kinks += 1
                continue
            ours = float(computed[place])
            error = float(abs(ours - measured) / max(abs(ours), abs(measured), MEASURABLE))
            checks.append((error if isfinite(error) else inf, name, place, ours, measured))
    error, *worst = max(checks, key=lambda check: check[0])
    return GradientCheck(error, len(checks), kinks, *worst)


def places(array, most, rng):
    """Return the indices to look at: all of the array's, or ``most`` of them at random."""
    few = most is not None and most < array.size
    chosen = (rng or np.random.default_rng(0)).choice(array.size, most, replace=False) if few else range(array.size)
    return [tuple(map(int, np.unravel_index(number, array.shape))) for number in chosen]


def slope(network, images, targets, weight_decay, array, place):
    """Return the central difference of what is differentiated, when the parameter at ``place`` of ``array`` moves.

    None where a hidden neuron's sum changes its sign meanwhile.
    """
    value, heights, signs = array[place], [], []
    for moved in (value + STEP, value - STEP):
        array[place] = moved
        trace = network.forward(images)
        losses = network.head.losses(trace.outputs, targets)
        heights.append(losses.mean() + weight_decay / 2 * moved**2)  # the other parameters' squares stay as they are
        signs.append([z > 0 for z in trace.sums[:-1]])
    array[place] = value
    if any((before != after).any() for before, after in zip(*signs, strict=True)):
        return None
    return float(heights[0] - heights[1]) / (2 * STEP)
