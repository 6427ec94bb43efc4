"""Who races, and what a contestant is: this engine and scikit-learn, made of a training part, a test part and a seed.

All learn 784-256-10 (ReLU, softmax, cross-entropy) without warps.
"""

import importlib.util
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from neuralscope.network import SCHEDULES, Trainer, TrainingOptions, evaluate
from neuralscope.network.presets import PRESETS

HIDDEN, CLASS_COUNT = 256, 10
MAX_EPOCHS = 30  # of a contestant whose recipe does not say
QUICK = TrainingOptions(hidden=(HIDDEN,), **PRESETS["quick"].differences)  # that most contestants share
MOMENTUM_RATE = 0.9


def network_sizes(train):
    """Return the sizes of the layers."""
    return train.pixels.shape[1], HIDDEN, CLASS_COUNT


def is_installed(package):
    """Whether this package can be imported."""
    return importlib.util.find_spec(package) is not None


class Contestant:
    """Learns half an epoch at a time.

    Made of the data, which it may bring to the form it likes best, and of its library, which is imported then; next is
    ``make_ready``: what is compiled, and what a library does at first use. ``start`` makes network and optimizer,
    ``learn_half`` learns, ``accuracy`` judges. Seconds of learning are those of ``start`` and ``learn_half``, seconds
    from the process's start those of all. ``max_epochs`` is where it ends.
    """

    package, install = "numpy", ""
    batch_size, max_epochs = QUICK.batch_size, QUICK.epochs

    def __init__(self, train, test, seed):
        self.train, self.test, self.seed = train, test, seed
        self.sizes, self.count = network_sizes(train), len(train)
        self.forget()

    def forget(self):
        """Be as before the start."""
        self.rng, self.halves, self.progress = np.random.default_rng(self.seed), 0, 0.0

    @classmethod
    def missing(cls):
        """Return why it cannot take part, or ""."""
        return "" if is_installed(cls.package) else f"not installed: {cls.install}"

    def make_ready(self):
        """Do what is done once in a process."""

    def rehearse(self):
        """Learn a batch and forget it."""
        self.start()
        self.step(np.arange(min(self.batch_size, self.count)))
        self.forget()

    def start(self):
        """Make the network and its optimizer."""

    @property
    def steps_per_epoch(self):
        """The number of batches in an epoch."""
        return -(-self.count // self.batch_size)

    def half_steps(self):
        """Return the numbers, within the epoch, of the next half's first step and of the one after its last."""
        middle = -(-self.steps_per_epoch // 2)
        return (middle, self.steps_per_epoch) if self.halves % 2 else (0, middle)

    def half_batches(self):
        """Yield the images' indices of each of the next half's batches; an epoch's order is drawn at its start."""
        if self.halves % 2 == 0:
            self.order = self.rng.permutation(self.count)
        for step in range(*self.half_steps()):
            self.progress = (self.halves // 2 + step / self.steps_per_epoch) / self.max_epochs
            yield self.order[step * self.batch_size:(step + 1) * self.batch_size]

    def learn_half(self):
        """Learn the next half of an epoch."""
        for rows in self.half_batches():
            self.step(rows)
        self.halves += 1

    def recipe_rate(self):
        """Return the recipe's learning rate for the step that is next."""
        return QUICK.learning_rate * SCHEDULES[QUICK.schedule](self.progress)

    def he_parameters(self):
        """Return the recipe's first weights and biases (inputs, outputs), (outputs,) of both layers, float32."""
        arrays = []
        for inputs, outputs in zip(self.sizes, self.sizes[1:], strict=False):
            deviation = np.float32(np.sqrt(2 / inputs))
            arrays += [self.rng.standard_normal((inputs, outputs), np.float32) * deviation,
                       np.zeros(outputs, np.float32)]
        return arrays


class Quick(Contestant):
    """This engine with the recipe. Its data are the bytes of the files."""

    options = QUICK

    def start(self):
        """Make the trainer: its network, the order of its pixels, and the test images in this order."""
        options = replace(self.options, seed=self.seed)
        self.trainer = Trainer(options.network(self.sizes[0], CLASS_COUNT, self.rng), self.train, self.test, options,
                               self.rng)

    def learn_half(self):
        """Learn the next half; what ``Trainer.finish_epoch`` does, but that it is judged elsewhere."""
        trainer = self.trainer
        for _ in range(*self.half_steps()):
            trainer.step()
        if trainer.epoch_is_over:
            trainer.check_finite()
            trainer.epoch += 1
            trainer.reset_epoch()
        self.halves += 1

    def accuracy(self):
        """Return the share of the test images read rightly."""
        return evaluate(self.trainer.network, self.trainer.test_images, self.test.labels).accuracy


class Default(Quick):
    """This engine as the command trains where nothing is said, but without warps."""

    options, max_epochs = TrainingOptions(hidden=(HIDDEN,), augment="none"), MAX_EPOCHS
    batch_size = options.batch_size


class ScikitLearn(Contestant):
    """scikit-learn's MLPClassifier as it is, but for the hidden neurons; ``partial_fit`` takes halves of an epoch."""

    package, install = "sklearn", "pip install scikit-learn"
    max_epochs, chosen = MAX_EPOCHS, MappingProxyType({})

    def __init__(self, train, test, seed):
        from sklearn.neural_network import MLPClassifier

        super().__init__(train, test, seed)
        self.new_classifier = MLPClassifier
        self.images, self.test_images = train.images, test.images

    def make_ready(self):
        """Let a throw-away classifier learn a batch."""
        self.rehearse()

    def start(self):
        """Make the classifier."""
        self.model = self.new_classifier((HIDDEN,), random_state=self.seed, **self.chosen)

    def learn_half(self):
        """Learn the next half."""
        self.step(np.concatenate(list(self.half_batches())))
        self.halves += 1

    def step(self, rows):
        """Learn these images, batch by batch."""
        self.model.partial_fit(self.images[rows], self.train.labels[rows], classes=range(CLASS_COUNT))

    def accuracy(self):
        """Return the share read rightly."""
        return self.model.score(self.test_images, self.test.labels)


class ScikitLearnRecipe(ScikitLearn):
    """scikit-learn with the recipe as far as it goes: its own initial weights, and the rate falls in half epochs."""

    max_epochs = QUICK.epochs
    chosen = MappingProxyType({"solver": "sgd", "momentum": MOMENTUM_RATE, "nesterovs_momentum": False, "alpha": 0.0,
                               "batch_size": QUICK.batch_size, "learning_rate_init": QUICK.learning_rate})

    def learn_half(self):
        """Learn the next half, at the rate of its middle."""
        self.progress = (self.halves + 0.5) / (2 * self.max_epochs)
        if self.halves == 0:
            self.model.set_params(learning_rate_init=self.recipe_rate())
        else:
            self.model._optimizer.learning_rate = self.recipe_rate()  # it has no cosine and no other way to set one
        super().learn_half()
