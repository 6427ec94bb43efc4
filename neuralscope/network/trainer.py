"""Learning: a Trainer that takes one step after the other, and the generator of what each epoch brought."""

import time
from collections.abc import Callable, Iterator
from math import isfinite

import numpy as np

from neuralscope.images.augmentation import AUGMENTATIONS, fade_strength
from neuralscope.images.pixels import to_unit_range
from neuralscope.network import trainer_state
from neuralscope.network.batches import Batches
from neuralscope.network.buffers import StepBuffers, parameter_views, start_update
from neuralscope.network.evaluation import evaluate
from neuralscope.network.functions import one_hot
from neuralscope.network.model import Network
from neuralscope.network.optimizers import OPTIMIZERS, SCHEDULES
from neuralscope.network.options import TrainingOptions
from neuralscope.network.pixel_order import PixelOrder, SortedImages
from neuralscope.network.reports import DivergenceError, EpochReport, LabelledImages, StepReport


class Trainer:
    """Teaches ``network`` the images of ``train``; ``test`` is only ever read.

    The training images are neither copied nor changed, and the network given stays as it is.
    ``learning_rate`` can be set at any time; the schedule multiplies it.
    """

    def __init__(self, network: Network, train: LabelledImages, test: LabelledImages, options: TrainingOptions,
                 rng: np.random.Generator) -> None:
        count = len(train.labels) - options.validation
        self.options, self.rng, self.train, self.test = options, rng, train, test
        self.pixels, self.labels = train.pixels[:count], train.labels[:count]
        self.pixel_order = PixelOrder.by_count(self.pixels)
        self.test_images = SortedImages(test.pixels)
        self.validation_images = SortedImages(train.pixels[count:]) if options.validation else None
        self.learning_rate = options.learning_rate
        self.batch_size = options.batch_size or count
        self.steps_per_epoch = -(-count // self.batch_size)
        self.optimizer = OPTIMIZERS[options.optimizer]
        classes = network.sizes[-1]
        self.class_targets = one_hot(range(classes), classes, network.dtype, options.label_smoothing)
        self.allocate_arrays(network)
        self.warp_seed = int(rng.integers(2**63))
        self.batches = Batches(self.pixels, self.batch_size, AUGMENTATIONS[options.augment], self.warp_seed,
                               self.pixel_order)
        self.epoch = 0
        self.reset_epoch()

    def allocate_arrays(self, network: Network) -> None:
        """Make all arrays that a step writes to. Parameters and gradients are one row each, for the optimizer.

        All are for images in the pixels' order.
        """
        network = self.pixel_order.sort_network(network)
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
        return self.pixel_order.restore_network(self.working_network)

    def first_images(self, count: int) -> np.ndarray:
        """Return the first ``count`` training images (count, inputs) float32 in [0, 1]."""
        return to_unit_range(self.pixels[:count])

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
        loss = float(np.add.reduce(self.working_network.head.losses(trace.outputs, targets))) / len(labels)
        if not isfinite(loss):
            raise self.divergence(self.steps + 1)
        rate = self.learning_rate * SCHEDULES[self.options.schedule](
            self.steps / (self.options.epochs * self.steps_per_epoch))
        buffers.backward(self.working_network, trace, targets, self.update.gradient_scale(rate))
        if self.options.weight_decay:
            # apart from the gradient, and of all parameters, biases too: Loshchilov & Hutter 2019, Algorithm 2
            self.parameters *= 1 - rate * self.options.weight_decay
        self.update.apply(self.parameters, self.gradients, rate)
        return loss, int(np.count_nonzero(trace.predictions == labels))

    def targets(self, images: np.ndarray | None, labels: np.ndarray) -> np.ndarray:
        """Return what the network should answer: (batch, classes), each row's sum 1."""
        return self.class_targets.take(labels, axis=0)

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
        test = evaluate(network, self.test_images, self.test.labels)
        if not isfinite(test.loss):
            raise self.divergence(self.steps)
        self.epoch += 1
        validation = None
        if self.validation_images is not None:
            held_out_labels = self.train.labels[len(self.labels):]
            validation = evaluate(network, self.validation_images, held_out_labels).accuracy
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
