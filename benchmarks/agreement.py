"""``python -m benchmarks.agreement``: steps of training here beside the same steps in PyTorch, in float64.

Every activation with every loss, optimizer and schedule, without weight decay and with it, one hidden layer and two:
the same start, the same batches, and the largest difference of any parameter after one step and after ten. The ten
cross the end of an epoch and its short last batch; a schedule has come most of its way by then.
"""

from itertools import product

import numpy as np

from benchmarks.contestants import MOMENTUM_RATE
from benchmarks.peers import PyTorch
from neuralscope.cli import Parser, limit_threads, run_program
from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, HEADS, OPTIMIZERS, SCHEDULES, Trainer, TrainingOptions

IMAGE_COUNT, BATCH_SIZE, STEP_COUNT, EPOCHS = 100, 16, 10, 2
WEIGHT_DECAYS = (0.0, 0.01)
HIDDEN_SIZES = ((24,), (24, 16))
MAX_DIFFERENCE = 1e-10
ROW_FORMAT = "| {:10} | {:13} | {:9} | {:8} | {:>12} | {:>6} | {:>7} | {:>8} | {:>7} | {:7} |"


def main(argv=None):
    """Print the table; return 1 if anything differs."""
    Parser(prog="python -m benchmarks.agreement", description="Take steps beside PyTorch's.").parse_args(argv)
    if PyTorch.is_missing():
        raise InputError(f"there is no PyTorch here to compare with: {PyTorch.install}")
    limit_threads(1)
    digits = load("digits")
    train, test = (Digits(part.images[:IMAGE_COUNT], part.labels[:IMAGE_COUNT]) for part in (digits.train, digits.test))
    print(
        ROW_FORMAT.format(
            "activation", "loss", "optimizer", "schedule", "weight decay", "hidden", "1 step", f"{STEP_COUNT} steps",
            "moved", ""
        )
    )
    print(ROW_FORMAT.format(*["-" * width for width in (10, 13, 9, 8, 12, 6, 7, 8, 7, 7)]))
    worst = []
    for activation, head, optimizer, schedule, decay, hidden in product(
        ACTIVATIONS, HEADS.values(), OPTIMIZERS, SCHEDULES, WEIGHT_DECAYS, HIDDEN_SIZES
    ):
        options = TrainingOptions(activation=activation, loss=head.loss, optimizer=optimizer, weight_decay=decay,
                                  hidden=hidden, learning_rate=0.05, schedule=schedule, batch_size=BATCH_SIZE,
                                  augment="none", epochs=EPOCHS)
        differences, moved = compare_steps(train, test, options)
        worst.append(np.max(differences))
        print(ROW_FORMAT.format(activation, head.loss, optimizer, schedule, decay, " ".join(map(str, hidden)),
                                *(f"{number:.1e}" for number in (differences[0], differences[-1], moved)),
                                verdict(worst[-1])), flush=True)
    print(f"\n{len(worst)} trainings, worst difference {np.max(worst):.1e} where {MAX_DIFFERENCE:g} is allowed: "
          f"{verdict(np.max(worst))}")
    return 0 if verdict(np.max(worst)) == "agrees" else 1


def verdict(difference):
    """Return what to call this difference."""
    return "agrees" if difference <= MAX_DIFFERENCE else "differs"  # as NaN does


def compare_steps(train, test, options):
    """Return the largest difference of any parameter after each step, and how far a parameter moved in all of them."""
    rng = np.random.default_rng(0)
    start = options.network(train.images.shape[1], 10, rng).astype(np.float64)
    trainer = Trainer(start, train, test, options, rng)
    reference = TorchReference(start, options, EPOCHS * trainer.steps_per_epoch)
    differences = []
    for _ in range(STEP_COUNT):
        if trainer.epoch_is_over:
            trainer.finish_epoch()
        rows = trainer.order[trainer.position:trainer.position + BATCH_SIZE]
        trainer.step()
        reference.step(train.images[rows], train.labels[rows])
        differences.append(largest_difference(trainer.network, reference.arrays()))
    return differences, largest_difference(trainer.network, start.parameters.values())


def largest_difference(network, arrays):
    """Return the largest difference between a network's parameters and these arrays."""
    return max(np.abs(ours - theirs).max() for ours, theirs in zip(network.parameters.values(), arrays, strict=True))


class TorchReference:
    """The same network in PyTorch: its own formulas and derivatives, its own optimizers and schedules."""

    def __init__(self, network, options, steps):
        import torch

        torch.set_num_threads(1)
        self.torch, self.functions, self.options = torch, torch.nn.functional, options
        self.parameters = [torch.tensor(array, requires_grad=True) for array in network.parameters.values()]
        self.activation = getattr(self.functions, options.activation.replace("-", "_"))
        self.loss = {"cross-entropy": self.functions.cross_entropy, "squared-error": self.squared_error}[options.loss]
        self.optimizer = {"sgd": self.sgd, "momentum": self.momentum, "adam": self.adam}[options.optimizer]()
        schedulers = self.torch.optim.lr_scheduler
        self.scheduler = (schedulers.CosineAnnealingLR(self.optimizer, steps) if options.schedule == "cosine" else
                          schedulers.ConstantLR(self.optimizer, factor=1))

    def step(self, images, labels):
        """Learn one batch."""
        values = self.torch.tensor(images, dtype=self.torch.float64)
        layers = list(zip(self.parameters[::2], self.parameters[1::2], strict=True))
        for weights, biases in layers[:-1]:
            values = self.activation(values @ weights + biases)
        weights, biases = layers[-1]
        self.optimizer.zero_grad()
        self.loss(values @ weights + biases, self.torch.tensor(labels)).backward()
        self.optimizer.step()
        self.scheduler.step()

    @property
    def rate(self):
        """The learning rate of the next step."""
        return self.optimizer.param_groups[0]["lr"]

    def arrays(self):
        """Return the parameters, in the order of the network's."""
        return [parameter.detach().numpy() for parameter in self.parameters]

    def squared_error(self, logits, labels):
        """Return half the squared error of the sigmoids, summed over the classes: the mean of the batch."""
        targets = self.functions.one_hot(labels, logits.shape[1]).to(logits.dtype)
        return self.functions.mse_loss(logits.sigmoid(), targets, reduction="sum") / (2 * len(labels))

    def sgd(self):
        """Return plain gradient descent, of which L2 in the gradient is the same as decay apart from it."""
        return self.torch.optim.SGD(self.parameters, self.options.learning_rate, weight_decay=self.options.weight_decay)

    def momentum(self):
        """Return gradient descent with momentum, and put before each step the decay and the correction of momentum.

        PyTorch multiplies its velocity by the learning rate of the day; ours has in it what the rates were, so that
        PyTorch's is to be scaled where the rate changes (Goyal et al. 2017, section 3).
        """
        optimizer = self.torch.optim.SGD(self.parameters, self.options.learning_rate, MOMENTUM_RATE)
        rate_before = self.options.learning_rate

        def prepare(*_):
            nonlocal rate_before
            with self.torch.no_grad():
                for parameter in self.parameters:
                    parameter.mul_(1 - self.rate * self.options.weight_decay)
                for state in optimizer.state.values():
                    state["momentum_buffer"].mul_(rate_before / self.rate)
            rate_before = self.rate

        optimizer.register_step_pre_hook(prepare)
        return optimizer

    def adam(self):
        """Return Adam with the decay apart from the gradient."""
        return self.torch.optim.AdamW(self.parameters, self.options.learning_rate,
                                      weight_decay=self.options.weight_decay)


if __name__ == "__main__":
    run_program(main)
