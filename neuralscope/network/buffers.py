"""The step that the Trainer runs: the formulas of ``model`` and ``optimizers`` in place, on arrays made once.

It gives the numbers of ``Network.forward`` and ``Network.gradients`` to the bit, and those of the optimizers but for
rounding. What it adds to them is dropout, and that images may end at their last lit pixel (see ``pixel_order``), whose
sums then are rounded in another order.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from neuralscope.network.model import Network, Trace
from neuralscope.network.optimizers import SGD, Adam, Momentum
from neuralscope.short_repr import short_repr

# A velocity that no gradient feeds (of a pixel that is never lit) would fade into numbers below 1e-38, with which
# processors are a hundred times slower. It fades to this instead, too small to change any weight.
STATE_FLOOR = 1e-30
FLOOR_INTERVAL_STEPS = 64  # steps, in which nothing shrinks by more than 0.9**64 = 0.001


@dataclass(frozen=True, eq=False)
class StepBuffers:
    """Arrays that forward and backward write to: one a layer, (batch, neurons), and ``gradients`` by parameter name.

    ``masks``: dropout's, one (batch, neurons) a hidden layer, by which ``forward`` multiplies its activations and
    ``backward`` their derivatives; None for no dropout.
    """

    sums: list[np.ndarray]
    activations: list[np.ndarray]
    slopes: list[np.ndarray]
    deltas: list[np.ndarray]
    gradients: dict[str, np.ndarray]
    masks: list[np.ndarray] | None = None
    __repr__ = short_repr

    @classmethod
    def allocate(cls, network: Network, batch: int, gradients: dict[str, np.ndarray],
                 dropout: bool = False) -> "StepBuffers":
        """Return arrays for ``batch`` images, and ``gradients``, a dict of arrays, to write the derivatives to."""
        def arrays():
            return [np.empty((batch, size), network.dtype) for size in network.sizes[1:]]

        return cls(arrays(), arrays(), arrays(), arrays(), gradients, arrays()[:-1] if dropout else None)

    def first_rows(self, batch: int) -> "StepBuffers":
        """Return the same arrays' first ``batch`` rows."""
        sums, activations, slopes, deltas = ([array[:batch] for array in arrays] for arrays in (
            self.sums, self.activations, self.slopes, self.deltas))
        masks = [mask[:batch] for mask in self.masks] if self.masks else None
        return StepBuffers(sums, activations, slopes, deltas, self.gradients, masks)

    def draw_dropout_masks(self, share: float, rng: np.random.Generator) -> None:
        """Draw new masks: 0 for ``share`` of the neurons, and for the others what makes up for them on average.

        Inverted dropout, after Srivastava et al. 2014: nothing need be scaled when the network is used.
        """
        for mask in self.masks or ():
            rng.random(out=mask, dtype=mask.dtype)
            np.greater_equal(mask, share, out=mask)
            mask *= 1 / (1 - share)

    def forward(self, network: Network, images: np.ndarray) -> Trace:
        """Return the Trace of ``images`` (batch, inputs), as ``Network.forward`` does; its arrays are the buffers.

        Of images the last inputs may be left out, where all of these are 0.
        """
        values = images = np.asarray(images, dtype=network.dtype)
        masks: list[np.ndarray | None] = [None] * len(self.sums)
        masks[:-1] = self.masks or masks[:-1]
        for layer, function, z, a, mask in zip(
                network.layers, network.functions, self.sums, self.activations, masks, strict=True):
            np.matmul(values, layer.weights[:values.shape[1]], out=z)
            z += layer.biases
            values = function.value(z, out=a)
            if mask is not None:
                values *= mask
        return Trace(images, tuple(self.sums), tuple(self.activations), values, values.argmax(axis=1))

    def backward(self, network: Network, trace: Trace, targets: np.ndarray, scale: float = 1.0) -> None:
        """Write ``scale`` times what ``Network.gradients`` returns to ``gradients``; ``trace`` is ``forward``'s."""
        delta = network.head.delta(trace.outputs, np.asarray(targets, network.dtype), out=self.deltas[-1])
        delta *= scale  # here it is a few numbers a picture; the gradients are a thousand times as many
        for number in range(len(network.layers), 0, -1):
            inputs = trace.activations[number - 2] if number > 1 else trace.images
            gradient, count = self.gradients[f"W{number}"], inputs.shape[1]
            np.matmul(inputs.T, delta, out=gradient[:count])
            gradient[count:] = 0
            np.add.reduce(delta, axis=0, out=self.gradients[f"b{number}"])
            if number > 1:
                slope = network.functions[number - 2].slope(trace.sums[number - 2], out=self.slopes[number - 2])
                delta = np.matmul(delta, network.layers[number - 1].weights.T, out=self.deltas[number - 2])
                delta *= slope
                if self.masks:
                    delta *= self.masks[number - 2]


class SGDUpdate:
    """Plain gradient descent in place.

    All updates: ``state`` is a dict of arrays; ``apply`` changes the parameters, and overwrites state and gradients.
    ``gradient_scale(learning_rate)`` is what the gradients are to be multiplied by: ``backward`` does so at no cost.
    """

    def __init__(self, optimizer: Any, parameters: np.ndarray) -> None:
        self.optimizer = optimizer
        self.state: dict[str, np.ndarray] = {}

    def gradient_scale(self, learning_rate: float) -> float:
        """Return the learning rate."""
        return learning_rate

    def apply(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Add a step to the parameters."""
        parameters -= gradients


class MomentumUpdate(SGDUpdate):
    """Gradient descent with momentum in place."""

    def __init__(self, optimizer: Any, parameters: np.ndarray) -> None:
        self.optimizer = optimizer
        self.state = {"velocity": np.zeros_like(parameters), "steps": np.zeros((), np.int64)}

    def apply(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Add a step to the parameters."""
        velocity = self.state["velocity"]
        velocity *= self.optimizer.momentum
        velocity -= gradients
        keep_above_floor(self.state, "velocity")
        parameters += velocity


class AdamUpdate:
    """Adam in place.

    The state's ``mean`` and ``square`` are the paper's m / (1 - beta1) and v / (1 - beta2), which saves two passes over
    the parameters; the corrections of the first steps make up for it.
    """

    def __init__(self, optimizer: Adam, parameters: np.ndarray) -> None:
        self.optimizer = optimizer
        self.state = {"mean": np.zeros_like(parameters), "square": np.zeros_like(parameters),
                      "steps": np.zeros((), np.int64)}

    def gradient_scale(self, learning_rate: float) -> float:
        """Return 1: Adam measures gradients by themselves."""
        return 1.0

    def apply(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Add a step to the parameters."""
        adam, mean, square = self.optimizer, self.state["mean"], self.state["square"]
        keep_above_floor(self.state, "mean", "square")
        steps = int(self.state["steps"])
        mean_share = (1 - adam.mean_decay) / (1 - adam.mean_decay**steps)
        square_share = (1 - adam.square_decay) / (1 - adam.square_decay**steps)
        mean *= adam.mean_decay
        mean += gradients
        square *= adam.square_decay
        gradients *= gradients
        square += gradients
        # (-rate * mean_share * mean) / (sqrt(square_share * square) + epsilon), with the numbers drawn together
        changes = np.sqrt(square, out=gradients)
        changes += adam.epsilon / square_share**0.5
        np.divide(mean, changes, out=changes)
        changes *= -learning_rate * mean_share / square_share**0.5
        parameters += changes


def keep_above_floor(state: dict[str, np.ndarray], *names: str) -> None:
    """Count a step in an update's state; every now and then keep these of its arrays from fading to nothing."""
    state["steps"] += 1
    if state["steps"] % FLOOR_INTERVAL_STEPS == 0:
        for name in names:
            state[name] += STATE_FLOOR


UPDATES: dict[type, Any] = {SGD: SGDUpdate, Momentum: MomentumUpdate, Adam: AdamUpdate}


def start_update(optimizer: SGD | Momentum | Adam, parameters: np.ndarray) -> SGDUpdate | AdamUpdate:
    """Return the update that runs an optimizer in place on parameters of this shape."""
    return UPDATES[type(optimizer)](optimizer, parameters)


def parameter_views(row: np.ndarray, shapes: dict[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Return arrays of these shapes, by name, that together are the memory of ``row``."""
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    parts = np.split(row, np.cumsum(sizes)[:-1])
    return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
