"""What a gradient does to the parameters: optimizers, and schedules for the learning rate.

An optimizer is used so, and its ``step`` changes nothing but ``state``, a dict of arrays (or numbers) by name:

    state = optimizer.start(parameters)
    parameters = parameters + optimizer.step(gradients, state, learning_rate)

``default_learning_rate`` is one to begin with. The Trainer runs the same formulas in place: see ``buffers``.
"""

from dataclasses import dataclass
from math import cos, pi
from typing import Any

import numpy as np


@dataclass(frozen=True)
class SGD:
    """Plain gradient descent."""

    default_learning_rate = 0.1

    def start(self, parameters: np.ndarray) -> dict[str, Any]:
        """Return the state before the first step."""
        return {}

    def step(self, gradients: np.ndarray, state: dict[str, Any], learning_rate: float) -> np.ndarray:
        """Return what to add to the parameters."""
        return -learning_rate * gradients


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with momentum (Polyak 1964): a velocity that remembers the steps before.

    The velocity is a step, with the learning rate in it (Sutskever et al. 2013, as in Keras): a schedule changes what
    is added to it and not what it holds. PyTorch's is of gradients alone, and is multiplied by the rate of the day.
    While the rate stays, both are the same; Goyal et al. 2017, section 3, translate one into the other.
    """

    momentum: float = 0.9
    default_learning_rate = 0.1

    def start(self, parameters: np.ndarray) -> dict[str, Any]:
        """Return the state before the first step."""
        return {"velocity": np.zeros_like(parameters)}

    def step(self, gradients: np.ndarray, state: dict[str, Any], learning_rate: float) -> np.ndarray:
        """Return what to add to the parameters: the new velocity."""
        state["velocity"] = self.momentum * state["velocity"] - learning_rate * gradients
        return state["velocity"]


@dataclass(frozen=True)
class Adam:
    """Adam (Kingma & Ba 2015, Algorithm 1): each parameter's step is measured by how large its gradients were.

    ``mean_decay`` and ``square_decay`` are beta1 and beta2 in the paper, the state's ``mean`` and ``square`` m and v.
    """

    mean_decay: float = 0.9
    square_decay: float = 0.999
    epsilon: float = 1e-8
    default_learning_rate = 0.002

    def start(self, parameters: np.ndarray) -> dict[str, Any]:
        """Return the state before the first step."""
        return {"mean": np.zeros_like(parameters), "square": np.zeros_like(parameters), "steps": 0}

    def step(self, gradients: np.ndarray, state: dict[str, Any], learning_rate: float) -> np.ndarray:
        """Return what to add to the parameters."""
        state["steps"] += 1
        state["mean"] = self.mean_decay * state["mean"] + (1 - self.mean_decay) * gradients
        state["square"] = self.square_decay * state["square"] + (1 - self.square_decay) * gradients**2
        mean = state["mean"] / (1 - self.mean_decay ** state["steps"])  # for both began at 0
        square = state["square"] / (1 - self.square_decay ** state["steps"])
        return -learning_rate * mean / (np.sqrt(square) + self.epsilon)


def constant(progress: float) -> float:
    """Return the factor on the learning rate: 1, whatever the ``progress``."""
    return 1.0


def cosine(progress: float) -> float:
    """Return the factor on the learning rate: 1 at ``progress`` 0, 0 from 1 on (Loshchilov & Hutter 2017)."""
    return (1 + cos(pi * min(progress, 1))) / 2


OPTIMIZERS: dict[str, SGD | Momentum | Adam] = {"sgd": SGD(), "momentum": Momentum(), "adam": Adam()}
SCHEDULES = {"constant": constant, "cosine": cosine}
