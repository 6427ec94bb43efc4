"""The slopes of a person's loss, measured by central differences in float64."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neuralscope.checkup.code.parameters import Path

STEP = 1e-5  # of a parameter, or along a direction of length 1
COORDINATES = 24  # measured of each array: half drawn evenly, half where the person's gradient is largest
DIRECTIONS = 3  # measured of each array, through all its numbers
KINK = 1e-4  # relative difference of the slopes of two step sizes that says relu's kink lies between

Arrays = dict[Path, np.ndarray]


@dataclass(frozen=True, eq=False)
class Measured:
    """The slopes of the loss measured in one array: along each row of ``directions``, as (flat indices, values)."""

    directions: list[tuple[np.ndarray, np.ndarray]]
    slopes: np.ndarray
    noise: float
    tried: int

    @property
    def enough(self) -> bool:
        """Whether most slopes could be measured: not of a loss that is computed in float32, or that jumps."""
        return 2 * len(self.slopes) >= self.tried

    def difference(self, gradient: np.ndarray) -> float:
        """Return how far a gradient is from what was measured, relative to the larger of the two."""
        claimed = self.along(gradient)
        size = max(float(np.linalg.norm(claimed)), float(np.linalg.norm(self.slopes)), self.noise)
        return float(np.linalg.norm(claimed - self.slopes)) / size if np.isfinite(size) else np.inf

    def along(self, gradient: np.ndarray) -> np.ndarray:
        """Return the slopes that a gradient claims."""
        flat = gradient.reshape(-1)
        return np.array([flat[places] @ values for places, values in self.directions])


def measure(loss_at: Callable[[Arrays], float], arrays: Arrays, claimed: Arrays,
            rng: np.random.Generator) -> dict[Path, Measured]:
    """Return what was Measured in each of ``arrays``; ``claimed``: the person's gradients, to see where they are large.

    What changes with the size of the step, at a relu's kink, is left out.
    """
    rounding = 64 * np.finfo(float).eps * abs(loss_at(arrays)) / STEP
    found = {}
    for path, array in arrays.items():
        kept, slopes = [], []
        tried = _directions(array, claimed[path], rng)
        for direction in tried:
            slope = _slope(loss_at, arrays, path, direction, STEP)
            near = KINK * abs(slope) + 16 * rounding
            fits = claimed[path].size == array.size
            claim = claimed[path].reshape(-1)[direction[0]] @ direction[1] if fits else np.inf
            if abs(slope - claim) <= near or abs(slope - _slope(loss_at, arrays, path, direction, STEP / 4)) <= near:
                kept.append(direction)
                slopes.append(slope)
        found[path] = Measured(kept, np.array(slopes), 1e5 * rounding * max(1, len(slopes))**0.5,
                               len(tried))
    return found


def _directions(array, claimed, rng):
    """Return directions in an array, each as flat indices and values of length 1."""
    size = array.size
    if size <= COORDINATES:
        places = np.arange(size)
    else:
        largest = np.argsort(-np.abs(claimed.reshape(-1)), kind="stable")[:COORDINATES // 2] % size
        places = np.unique([*rng.choice(size, COORDINATES - len(largest), replace=False), *largest])
    everywhere = [rng.standard_normal(size) for _ in range(DIRECTIONS)]
    return [(np.array([place]), np.ones(1)) for place in places] + [
        (np.arange(size), values / np.linalg.norm(values)) for values in everywhere]


def _slope(loss_at, arrays, path, direction, step):
    """Return the central difference of the loss along a direction."""
    values = []
    for sign in (1, -1):
        moved = arrays[path].copy()
        moved.reshape(-1)[direction[0]] += sign * step * direction[1]
        values.append(loss_at({**arrays, path: moved}))
    return (values[0] - values[1]) / (2 * step)
