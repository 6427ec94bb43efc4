"""Learning: a Trainer that takes one step after the other, and the generator of what each epoch brought."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import numpy as np

from neuralscope.errors import InputError
from neuralscope.images.augmentation import AUGMENTATIONS, fade_strength
from neuralscope.network import trainer_state
from neuralscope.network.batches import Batches
from neuralscope.network.buffers import StepBuffers, parameter_views, start_update
from neuralscope.network.evaluation import evaluate
from neuralscope.network.functions import one_hot
from neuralscope.network.model import Network
from neuralscope.network.optimizers import OPTIMIZERS, SCHEDULES
from neuralscope.network.options import TrainingOptions
from neuralscope.short_repr import short_repr


class DivergenceError(InputError):
    """The loss is no longer a finite number from ``location`` on; ``suggested_rate``: a learning rate to try."""

    def __init__(self, location: str, suggested_rate: float) -> None:
        super().__init__(f"the loss is no longer a number ({location})", joint=": ", option_remedy=(
            f"start again and learn slower, for example with --learning-rate {suggested_rate:.2g}"))
        self.location, self.suggested_rate = location, suggested_rate


class LabelledImages(Protocol):
    """What a Trainer learns, as ``data_loader.Digits`` is: ``images`` (count, inputs) and ``labels`` (count,)."""

    @property
    def images(self) -> np.ndarray:
        """The images, float32 in [0, 1]."""

    @property
    def labels(self) -> np.ndarray:
        """The class of each image, from 0."""


@dataclass(frozen=True)
class StepReport:
    """One step: its number, from 1 and through all epochs, and the mean loss of its batch before it was learned."""

    step: int
    loss: float


@dataclass(frozen=True, eq=False)
class EpochReport:
    """One epoch, numbered from 1.

    ``loss`` and ``train_accuracy`` are means over the epoch's images as they were learned, so by networks younger
    than ``network``, which is the one at its end. ``validation_accuracy`` is None where nothing was held back.
    Accuracies are 0 to 1; ``seconds`` count the learning alone.
    """

    epoch: int
    loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    validation_accuracy: float | None
    seconds: float
    network: Network
    __repr__ = short_repr


class Trainer:
    """Teaches ``network`` the images of ``train``; ``test`` is only ever read.

    ``train`` and ``test`` are neither copied nor changed, and the network given stays as it is.
    ``learning_rate`` can be set at any time; the schedule multiplies it.
    """

    def __init__(self, network: Network, train: LabelledImages, test: LabelledImages, options: TrainingOptions,
                 rng: np.random.Generator) -> None:
        count = len(train.labels) - options.validation
        self.options, self.rng, self.test = options, rng, test
        self.images, self.labels = train.images[:count], train.labels[:count]
        self.validation = train.images[count:], train.labels[count:]
        self.learning_rate = options.learning_rate
        self.batch_size = options.batch_size or count
        self.steps_per_epoch = -(-count // self.batch_size)
        self.optimizer = OPTIMIZERS[options.optimizer]
        self.allocate_arrays(network)
        self.warp_seed = int(rng.integers(2**63))
        self.batches = Batches(self.images, self.batch_size, AUGMENTATIONS[options.augment], self.warp_seed)
        self.epoch = 0
        self.reset_epoch()

    def allocate_arrays(self, network: Network) -> None:
        """Make all arrays that a step writes to. Parameters and gradients are one row each, for the optimizer."""
        shapes = {name: array.shape for name, array in network.parameters.items()}
        self.parameters = np.concatenate([array.ravel() for array in network.parameters.values()])
        self.gradients = np.empty_like(self.parameters)
        # changes with every step, so it never leaves
        self.working_network = network.with_parameters(parameter_views(self.parameters, shapes))
        self.buffers = StepBuffers.allocate(network, self.batch_size, parameter_views(self.gradients, shapes),
                                            dropout=self.options.dropout > 0)
        self.update = start_update(self.optimizer, self.parameters)

    def reset_epoch(self) -> None:
        """Draw the order of the next epoch's images, and count from nothing."""
        self.position = self.correct = 0
        self.loss_sum = self.seconds = 0.0
        self.start_epoch(self.rng.permutation(len(self.labels)))

    def start_epoch(self, order: np.ndarray) -> None:
        """Take up this order of the epoch's images."""
        self.order = order
        self.batches.seed = self.warp_seed
        self.batches.start_epoch(order, self.epoch, fade_strength(self.epoch / max(self.options.epochs - 1, 1)))

    @property
    def network(self) -> Network:
        """A copy of the network as it is now."""
        return self.working_network.astype(self.working_network.dtype)

    @property
    def epoch_is_over(self) -> bool:
        """Whether every image of this epoch was learned, so that ``finish_epoch`` is next."""
        return self.position == len(self.order)

    @property
    def steps(self) -> int:
        """The number of steps taken."""
        return self.epoch * self.steps_per_epoch + -(-self.position // self.batch_size)

    def step(self) -> StepReport:
        """Learn one batch and return its StepReport; raises DivergenceError where the loss is no finite number."""
        if self.epoch_is_over:
            raise RuntimeError("this epoch is over: finish_epoch comes next")
        start = time.perf_counter()
        rows = self.order[self.position:self.position + self.batch_size]
        with np.errstate(over="ignore", invalid="ignore"):  # the loss tells
            loss, correct = self.learn(self.batches.take(self.position), self.labels[rows])
        self.position += len(rows)
        self.loss_sum += loss * len(rows)
        self.correct += correct
        self.seconds += time.perf_counter() - start
        return StepReport(self.steps, loss)

    def learn(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, int]:
        """Learn one batch; return its mean loss and how many were read rightly before."""
        buffers = self.buffers if len(labels) == self.batch_size else self.buffers.first_rows(len(labels))
        buffers.draw_dropout_masks(self.options.dropout, self.rng)
        trace = buffers.forward(self.working_network, images)
        targets = self.targets(images, labels)
        loss = float(self.working_network.head.losses(trace.outputs, targets).mean())
        if not isfinite(loss):
            raise self.divergence(self.steps + 1)
        rate = self.learning_rate * SCHEDULES[self.options.schedule](
            self.steps / (self.options.epochs * self.steps_per_epoch))
        buffers.backward(self.working_network, trace, targets, self.update.gradient_scale(rate))
        if self.options.weight_decay:
            self.parameters *= 1 - rate * self.options.weight_decay  # apart from the gradient: Loshchilov & Hutter 2019
        self.update.apply(self.parameters, self.gradients, rate)
        return loss, int(np.count_nonzero(trace.predictions == labels))

    def targets(self, images: np.ndarray | None, labels: np.ndarray) -> np.ndarray:
        """Return what the network should answer: (batch, classes), each row's sum 1."""
        return one_hot(labels, self.working_network.sizes[-1], self.working_network.dtype, self.options.label_smoothing)

    def check_finite(self) -> None:
        """Raise DivergenceError where a parameter is no finite number, as a last step may leave it."""
        if not np.isfinite(self.parameters).all():
            raise self.divergence(self.steps)

    def divergence(self, step: int) -> DivergenceError:
        """Return the DivergenceError of this step, with a learning rate to try."""
        rate = min(self.learning_rate / 4, self.optimizer.default_learning_rate)
        return DivergenceError(f"epoch {self.epoch + 1}, step {step}", rate)

    def finish_epoch(self) -> EpochReport:
        """Take the steps that are left of this epoch, judge the network, and return the EpochReport."""
        while not self.epoch_is_over:
            self.step()
        self.check_finite()
        network, count = self.network, len(self.order)
        test = evaluate(network, self.test.images, self.test.labels)
        if not isfinite(test.loss):
            raise self.divergence(self.steps)
        self.epoch += 1
        validation = evaluate(network, *self.validation).accuracy if self.options.validation else None
        report = EpochReport(self.epoch, self.loss_sum / count, self.correct / count, test.loss, test.accuracy,
                             validation, self.seconds, network)
        self.reset_epoch()
        return report

    @property
    def state(self) -> dict[str, np.ndarray]:
        """All that another Trainer of the same data and options needs to continue bit for bit: arrays by name."""
        return trainer_state.read_state(self)

    @state.setter
    def state(self, values: dict[str, np.ndarray]) -> None:
        trainer_state.restore_state(self, values)


def train(trainer: Trainer, stop: Callable[[], bool] = lambda: False) -> Iterator[EpochReport]:
    """Yield an EpochReport for each epoch that the trainer's options still ask for.

    ``stop()`` is asked before every step; once it is true the generator ends, within an epoch or not.
    """
    while trainer.epoch < trainer.options.epochs and not stop():
        if trainer.epoch_is_over:
            yield trainer.finish_epoch()
        else:
            trainer.step()
