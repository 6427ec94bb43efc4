"""What a gradient does to the parameters: optimizers, and schedules for the learning rate."""

from dataclasses import dataclass
from math import cos, pi

import numpy as np

# A velocity that no gradient feeds (of a pixel that is never lit) would fade into numbers below 1e-38, with which
# processors are a hundred times slower. It fades to this instead, too small to change any weight.
FLOOR = 1e-30


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with momentum (Polyak 1964): a velocity that remembers the steps before.

    Parameters, gradients and changes are arrays of one shape; the state is a dict of arrays.
    """

    momentum: float = 0.9

    def start(self, parameters):
        """Return the state before the first step."""
        return {"velocity": np.zeros_like(parameters)}

    def step(self, gradients, state, learning_rate):
        """Return what to add to the parameters: momentum * velocity - learning_rate * gradients, the new velocity.

        Works in place: ``state`` and ``gradients`` are overwritten, and the result is the state's own array.
        """
        velocity = state["velocity"]
        velocity *= self.momentum
        gradients *= learning_rate
        velocity -= gradients
        velocity += FLOOR
        return velocity


def cosine(progress):
    """Return the factor on the learning rate: 1 at ``progress`` 0, 0 from 1 on (Loshchilov & Hutter 2017)."""
    return (1 + cos(pi * min(progress, 1))) / 2


OPTIMIZERS = {"momentum": Momentum()}
SCHEDULES = {"cosine": cosine}
