"""What there is to see of a training between two steps, as a value."""

import time
from dataclasses import dataclass

import numpy as np

from neuralscope.network.gradient_check import GradientCheck, check_gradients
from neuralscope.network.model import Network, Trace
from neuralscope.network.reports import EpochReport

SAMPLE_SIZE = 256  # training digits, as they are, on which sums, activations and gradients are shown
GRADIENT_CHECK_SIZE = 4, 3  # digits, and derivatives of each array, of a gradient check
CHECK_INTERVAL_S = 1  # at ends of epochs; each takes about 0.02 s


@dataclass(frozen=True, eq=False)
class TrainingObservation:
    """What a training had come to between two steps; nothing in it ever changes.

    ``epoch`` and ``step``: how many are done, the steps through all epochs; ``network``: a copy. ``trace``: what it
    does with the SAMPLE_SIZE; ``gradients``: the derivatives of the mean loss there, by name. ``update_norms``: for
    each layer's weights the lengths of the last step that was measured and of the weights before it; None before there
    was one.
    ``losses`` (step,) float64: of each batch before it was learned; NaN for steps before a training was continued.
    ``rows``: a dict of what was measured for each epoch; ``report``: the last EpochReport, or None. ``check``: the last
    GradientCheck, made after ``checked_step`` steps.
    """

    epoch: int
    step: int
    steps_per_epoch: int
    epochs: int
    network: Network
    trace: Trace
    gradients: dict
    update_norms: tuple | None
    losses: np.ndarray
    rows: tuple
    report: EpochReport | None
    check: GradientCheck
    checked_step: int


class Observer:
    """Makes the TrainingObservations of ``run``, a TrainingRun, on the thread that takes its steps."""

    def __init__(self, run):
        """Begin with what a training that is continued has measured before."""
        self.run, self.report, self.update_norms, self.latest = run, None, None, None
        self.losses, self.rows = np.full(max(1024, 2 * run.trainer.steps), np.nan), tuple(run.history)
        self.check_wanted, self.checked_at = True, 0.0

    def add_loss(self, report):
        """Keep the loss of a StepReport."""
        if len(self.losses) < report.step:  # another array: what a TrainingObservation shows of this one stays
            self.losses = np.concatenate([self.losses, np.full_like(self.losses, np.nan)])
        self.losses[report.step - 1] = report.loss

    def add_epoch(self, report):
        """Keep an EpochReport, which is in the run's history already."""
        self.report, self.rows = report, tuple(self.run.history)
        self.check_wanted |= time.monotonic() - self.checked_at > CHECK_INTERVAL_S

    def measure(self, before):
        """Measure the step between a network and the one as it is now."""
        self.update_norms = update_norms(before, self.run.trainer.network)

    def observe(self):
        """Make an observation; raises DivergenceError where a sum is infinite: ``latest`` stays the last good one."""
        trainer = self.run.trainer
        network, images, labels = trainer.network, trainer.first_images(SAMPLE_SIZE), trainer.labels[:SAMPLE_SIZE]
        with np.errstate(over="ignore", invalid="ignore"):
            trace = network.forward(images)
            gradients = network.gradients(trace, trainer.targets(images, labels))
        if not all(np.isfinite(array).all() for array in (*trace.sums, *gradients.values())):
            if self.latest:
                raise trainer.divergence(trainer.steps)
            return
        losses = self.losses[:trainer.steps].view()
        losses.flags.writeable = False
        self.latest = TrainingObservation(
            trainer.epoch, trainer.steps, trainer.steps_per_epoch, trainer.options.epochs, network, trace, gradients,
            self.update_norms, losses, self.rows, self.report, *self._check(network, images, labels))

    def _check(self, network, images, labels):
        """Return the GradientCheck to show, and after how many steps it was made."""
        if self.latest and not self.check_wanted:
            return self.latest.check, self.latest.checked_step
        self.check_wanted, self.checked_at = False, time.monotonic()
        (digits, max_count), steps, options = GRADIENT_CHECK_SIZE, self.run.trainer.steps, self.run.trainer.options
        return check_gradients(
            network, images[:digits], labels[:digits], weight_decay=options.weight_decay,
            smoothing=options.label_smoothing, max_count=max_count, rng=np.random.default_rng(steps)), steps


def update_norms(before, after):
    """Return, for each layer, the lengths of the change of its weights and of the weights that they were."""
    pairs = ((old.weights.astype(float), new.weights) for old, new in zip(before.layers, after.layers, strict=True))
    return tuple((float(np.linalg.norm(new - old)), float(np.linalg.norm(old))) for old, new in pairs)
