"""Whether a network reads better than one without a hidden layer, and as well what it has not seen."""

import dataclasses

import numpy as np

from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.statistics import P_LIMIT, gap_interval, interval_text, mcnemar, right_share
from neuralscope.checkup.study import Steps, Study
from neuralscope.errors import InputError
from neuralscope.formatting import counted, plain, signed, thousands
from neuralscope.network.evaluation import evaluate
from neuralscope.network.options import TrainingOptions
from neuralscope.network.trainer import Trainer

# One layer learns in seconds: rate and epochs by tries on MNIST's training digits, where ten times as many add 0.2 %.
LINEAR_OPTIONS = TrainingOptions(hidden=(), optimizer="momentum", learning_rate=0.1, epochs=5, augment="none")
LINEAR_IMAGES = 5_000
BATCH_IMAGES = 100
GAP_LIMIT = 0.02  # of the share that is right: more is overfitted


def better_than_linear(study: Study) -> Steps:
    """Compare with a softmax regression that learns some of the same images."""
    if len(study.network.layers) < 2:
        return Outcome(None, "", "it has no hidden layer itself")
    try:
        linear = yield from linear_right(study)
    except InputError as error:
        return Outcome(None, "", error.problem)
    right = yield from study.right()
    chance = mcnemar(right, linear)
    learned = counted(study.data.baseline["learned"], f"training {study.data.noun}")
    details = {"images": len(right), "p": chance, "learned": study.data.baseline["learned"],
               "accuracies": {"this network": float(right.mean()), "no hidden layer": float(linear.mean())},
               "intervals": {"this network": interval_text(right), "no hidden layer": interval_text(linear)}}
    words = f"one layer, {LINEAR_OPTIONS.epochs} epochs on {learned}: {right_share(linear)}"
    if chance >= P_LIMIT:
        return Outcome(None, right_share(right), f"{words}; too near to tell with "
                       f"{counted(len(right), study.data.noun)} (p {plain(round(chance, 3))})", details=details)
    passed = bool(right.sum() > linear.sum())
    return Outcome(passed, right_share(right), words,
                   "" if passed else "its hidden layers lose more than they bring: mend what fails above; where "
                   "nothing does, have its gradients checked", details)


def linear_right(study: Study) -> Steps:
    """Return which test images a softmax regression reads rightly, (count,) bool; trained once a data set."""
    kept = study.data.baseline
    if "right" not in kept:
        train, test = study.data.train, study.data.test
        count = min(len(train), LINEAR_IMAGES)
        rows = np.linspace(0, len(train) - 1, count).astype(np.intp)
        digits = type(train)(train.images[rows], train.labels[rows])
        options = dataclasses.replace(LINEAR_OPTIONS, batch_size=min(BATCH_IMAGES, count))
        rng = np.random.default_rng(0)  # always the same network, so that a report can be repeated
        classes = max(len(study.data.class_names), int(max(train.labels.max(), test.labels.max())) + 1)
        network = options.network(train.images.shape[1], classes, rng)
        trainer = Trainer(network, digits, type(train)(test.images[:1], test.labels[:1]), options, rng)
        yield
        while trainer.epoch < options.epochs:
            if trainer.epoch_is_over:
                trainer.finish_epoch()
            else:
                trainer.step()
            yield
        found = evaluate(trainer.network, test.images, test.labels)
        kept |= {"right": found.predictions == test.labels, "learned": count}
    return kept["right"]


def same_on_unseen(study: Study) -> Steps:
    """Compare training images with those that were not learned."""
    try:
        train = study.data.train
    except InputError as error:
        return Outcome(None, "", error.problem)
    yield
    right = yield from study.right()
    learned = yield from study.right(train)
    low, high = gap_interval(learned, right)
    gap = float(learned.mean() - right.mean())
    seen, unseen = f"training {study.data.noun}s", f"test {study.data.noun}s"
    details = {"images": len(right), "train_images": len(learned), "gap": gap, "gap_interval": (low, high),
               "accuracies": {seen: float(learned.mean()), unseen: float(right.mean())},
               "intervals": {seen: interval_text(learned), unseen: interval_text(right)}}
    words = (f"{right_share(learned)} of {thousands(len(learned))} {seen}, {right_share(right)} of "
             f"{thousands(len(right))} {unseen}: gap {signed(100 * low)} to {signed(100 * high)} (95 %)")
    figure = f"gap {signed(100 * gap)}"
    if low <= GAP_LIMIT:
        return Outcome(True, figure, words, details=details)
    warps = "with warps (--augment), " if study.data.image_shape else ""
    return Outcome(False, figure, words, f"unless the {unseen} are of another kind, it learned by heart: train {warps}"
                   f"with dropout, or with more {study.data.noun}s", details)
