"""What is measured: a task, what a contestant is, and those of this project: the engine and its bare matrix products.

All learn a network of one hidden layer (ReLU, softmax, cross-entropy) by gradient descent with momentum and weight
decay, in batches of 128.
"""

import importlib.util
from dataclasses import dataclass

import numpy as np

from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.network import OPTIMIZERS, Trainer, TrainingOptions, evaluate
from neuralscope.network.evaluation import CHUNK_IMAGES

BATCH_SIZE, CLASS_COUNT = 128, 10
MOMENTUM_RATE = OPTIMIZERS["momentum"].momentum
LEARNING_OPTIONS = {"optimizer": "momentum", "learning_rate": 0.05, "schedule": "constant", "weight_decay": 0.001,
                    "batch_size": BATCH_SIZE, "augment": "none"}  # whatever the defaults of the command may be


@dataclass(frozen=True, eq=False)
class Task:
    """What there is to learn: ``train`` and ``test`` Digits, and the number of hidden neurons to learn it with."""

    train: Digits
    test: Digits
    hidden: int

    def options(self, **chosen):
        """Return TrainingOptions of this task; raises InputError where they are impossible."""
        options = TrainingOptions(hidden=(self.hidden,), **LEARNING_OPTIONS | chosen)
        options.check_data(len(self.train), self.inputs, CLASS_COUNT)
        return options

    @property
    def inputs(self):
        """The number of pixels."""
        return self.train.pixels.shape[1]

    @property
    def steps(self):
        """The number of batches in an epoch."""
        return -(-len(self.train) // BATCH_SIZE)


def load_parts(name):
    """Return the training part, the test part and where they are from; random numbers stand in for absent MNIST."""
    try:
        dataset = load(name)
        return dataset.train, dataset.test, dataset.name
    except InputError:
        if name != "mnist":
            raise
        rng = np.random.default_rng(0)
        parts = [Digits(rng.random((count, 784), dtype=np.float32), rng.integers(0, CLASS_COUNT, count))
                 for count in (60_000, 10_000)]
        return *parts, "random numbers of MNIST's shape, for there is no MNIST here"


class Engine:
    """Made of a Task; learns batches.

    ``package`` is what it needs and ``install`` how to get it. ``whole_epochs``: its turn is an epoch. ``evaluate()``,
    which
    some have, returns the share of the test images read rightly.
    """

    package, install = "numpy", ""
    whole_epochs = False

    def __init__(self, task):
        self.task, self.rng = task, np.random.default_rng(0)
        self.new_epoch()

    def new_epoch(self):
        """Draw a new order of the images."""
        self.position, self.order = 0, self.rng.permutation(len(self.task.train))

    def rows(self):
        """Return the indices of the next batch's images."""
        self.position += BATCH_SIZE
        return self.order[self.position - BATCH_SIZE:self.position]

    def learn(self, batches):
        """Learn this many batches."""
        for _ in range(batches):
            self.step()

    @classmethod
    def is_missing(cls):
        """Whether its package is not installed."""
        return importlib.util.find_spec(cls.package) is None


class NeuralScope(Engine):
    """This engine, float32; ``chosen`` are the training options that differ from the task's."""

    def __init__(self, task, **chosen):
        self.task, rng = task, np.random.default_rng(0)
        options = task.options(**chosen)
        network = options.network(task.inputs, CLASS_COUNT, rng)
        self.trainer = Trainer(network, task.train, task.test, options, rng)
        self.step = self.trainer.step

    def new_epoch(self):
        """Finish the epoch, and keep its network."""
        self.network = self.trainer.finish_epoch().network

    def evaluate(self):
        """Return the share read rightly; what it calls counts confusions and losses too."""
        return evaluate(self.network, self.trainer.test_images, self.task.test.labels).accuracy


class NeuralScopeAugmented(NeuralScope):
    """This engine with elastic warps. In shorter turns its second thread would get ahead while others are measured."""

    whole_epochs = True

    def __init__(self, task):
        super().__init__(task, augment="elastic")


class NeuralScopeAdam(NeuralScope):
    """This engine with the optimizer Adam."""

    def __init__(self, task):
        super().__init__(task, optimizer="adam", learning_rate=0.001)


class BareProducts(Engine):
    """One batch's matrix products on arrays that already lie in memory: what no engine on this machine can beat."""

    def __init__(self, task):
        super().__init__(task)
        inputs, hidden = task.inputs, task.hidden
        self.images, self.first, self.second, self.activations, self.deltas, self.answers = (
            self.rng.random(shape, dtype=np.float32)
            for shape in (
                (BATCH_SIZE, inputs),
                (inputs, hidden),
                (hidden, CLASS_COUNT),
                (BATCH_SIZE, hidden),
                (BATCH_SIZE, hidden),
                (BATCH_SIZE, CLASS_COUNT),
            )
        )
        self.sums, self.logits = np.empty_like(self.activations), np.empty_like(self.answers)
        self.back = np.empty_like(self.deltas)
        self.gradient_1, self.gradient_2 = np.empty_like(self.first), np.empty_like(self.second)

    def step(self):
        """Compute forward, the gradients of the weights, and the delta backward."""
        np.matmul(self.images, self.first, out=self.sums)
        np.matmul(self.activations, self.second, out=self.logits)
        np.matmul(self.activations.T, self.answers, out=self.gradient_2)
        np.matmul(self.answers, self.second.T, out=self.back)
        np.matmul(self.images.T, self.deltas, out=self.gradient_1)

    def evaluate(self):
        """Compute the products of evaluating the test images, some at a time; what share is right nobody asks."""
        sums = np.empty((CHUNK_IMAGES, len(self.second)), np.float32)
        for start in range(0, len(self.task.test), CHUNK_IMAGES):
            part = self.task.test.images[start:start + CHUNK_IMAGES]
            np.matmul(np.matmul(part, self.first, out=sums[:len(part)]), self.second)
        return np.nan
