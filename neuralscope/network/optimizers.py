"""What a gradient does to the parameters: optimizers, and schedules for the learning rate."""

from dataclasses import dataclass
from math import cos, pi

import numpy as np

# A velocity that no gradient feeds (of a pixel that is never lit) would fade into numbers below 1e-38, with which
# processors are a hundred times slower. It fades to this instead, too small to change any weight.
STATE_FLOOR = 1e-30
FLOOR_INTERVAL_STEPS = 64  # steps, in which nothing shrinks by more than 0.9**64 = 0.001


def keep_above_floor(state, *names):
    """Count a step in an optimizer's state; every now and then keep these of its arrays from fading to nothing."""
    state["steps"] += 1
    if state["steps"] % FLOOR_INTERVAL_STEPS == 0:
        for name in names:
            state[name] += STATE_FLOOR


@dataclass(frozen=True)
class SGD:
    """Plain gradient descent.

    All optimizers: ``default_learning_rate`` is a learning rate to begin with; ``takes_scaled_gradients`` says whether
    ``step`` wants the
    gradients times the learning rate, which saves a pass over them. Parameters, gradients and changes are arrays of one
    shape, the state is a dict of arrays. ``step`` works in place: it overwrites ``state`` and ``gradients``, and its
    result is one of their arrays.
    """

    default_learning_rate, takes_scaled_gradients = 0.1, True

    def start(self, parameters):
        """Return the state before the first step."""
        return {}

    def step(self, gradients, state, learning_rate):
        """Return what to add to the parameters: -gradients, which are scaled."""
        return np.negative(gradients, out=gradients)


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with momentum (Polyak 1964): a velocity that remembers the steps before."""

    momentum: float = 0.9
    default_learning_rate, takes_scaled_gradients = 0.1, True

    def start(self, parameters):
        """Return the state before the first step."""
        return {"velocity": np.zeros_like(parameters), "steps": np.zeros((), np.int64)}

    def step(self, gradients, state, learning_rate):
        """Return what to add to the parameters: momentum * velocity - scaled gradients, the new velocity."""
        velocity = state["velocity"]
        velocity *= self.momentum
        velocity -= gradients
        keep_above_floor(state, "velocity")
        return velocity


@dataclass(frozen=True)
class Adam:
    """Adam (Kingma & Ba 2015, Algorithm 1): each parameter's step is measured by how large its gradients were.

    The state's ``mean`` and ``square`` are the paper's m / (1 - beta1) and v / (1 - beta2), which saves two passes over
    the parameters; the corrections of the first steps make up for it.
    """

    mean_decay: float = 0.9
    square_decay: float = 0.999
    epsilon: float = 1e-8
    default_learning_rate, takes_scaled_gradients = 0.002, False

    def start(self, parameters):
        """Return the state before the first step."""
        return {"mean": np.zeros_like(parameters), "square": np.zeros_like(parameters), "steps": np.zeros((), np.int64)}

    def step(self, gradients, state, learning_rate):
        """Return what to add to the parameters: -learning_rate * m / (sqrt(v) + epsilon), both corrected for start."""
        mean, square = state["mean"], state["square"]
        keep_above_floor(state, "mean", "square")
        steps = int(state["steps"])
        mean_share = (1 - self.mean_decay) / (1 - self.mean_decay**steps)
        square_share = (1 - self.square_decay) / (1 - self.square_decay**steps)
        mean *= self.mean_decay
        mean += gradients
        square *= self.square_decay
        gradients *= gradients
        square += gradients
        # (-rate * share1 * mean) / (sqrt(share2 * square) + epsilon), with the numbers drawn together
        changes = np.sqrt(square, out=gradients)
        changes += self.epsilon / square_share**0.5
        np.divide(mean, changes, out=changes)
        changes *= -learning_rate * mean_share / square_share**0.5
        return changes


def constant(progress):
    """Return the factor on the learning rate: 1, whatever the ``progress``."""
    return 1.0


def cosine(progress):
    """Return the factor on the learning rate: 1 at ``progress`` 0, 0 from 1 on (Loshchilov & Hutter 2017)."""
    return (1 + cos(pi * min(progress, 1))) / 2


OPTIMIZERS = {"sgd": SGD(), "momentum": Momentum(), "adam": Adam()}
SCHEDULES = {"constant": constant, "cosine": cosine}
