"""How the parts of the record network are taught: by committees of other networks, or by the labels themselves.

What a committee answers to a pool of warped epochs is written down once, softened by a temperature, and learned from
there (Hinton, Vinyals & Dean 2015). What was stopped continues; a convolutional teacher begins anew.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from benchmarks import convolutional_teacher
from neuralscope.errors import InputError
from neuralscope.images.augmentation import AUGMENTATIONS
from neuralscope.network import Trainer, TrainingOptions
from neuralscope.network import load as load_network
from neuralscope.network.batches import Batches
from neuralscope.network.functions import softmax
from neuralscope.runs.beginning import training_metadata
from neuralscope.runs.progress_bar import make_progress
from neuralscope.runs.run import TrainingRun

RECORD_WARP = replace(AUGMENTATIONS["elastic"], shift=1.0, turn=6.0, scale=0.12, shear=0.1, alpha=34.0, sigma=4.0)
PART_OPTIONS = TrainingOptions(optimizer="adam", learning_rate=0.001, weight_decay=0.0, augment="elastic")
DISTILLATION_TEMPERATURE = 2.0  # by which a committee's logits are divided
MIN_WARP_STRENGTH = 0.3  # strength of the last of a pool's fading warps


@dataclass(frozen=True)
class Committee:
    """Teachers and the pool of warped epochs that they answer.

    ``dense``: whether they are networks of this engine (see DENSE_TEACHER_OPTIONS), or convolutional ones;
    ``seeds``: one a teacher; ``full`` and ``faded``: epochs of warps at full strength, and of weaker and weaker ones.
    """

    dense: bool
    seeds: tuple
    full: int
    faded: int

    def pool_epoch(self, epoch, epochs):
        """Return which of the pool's epochs stands for one of a training: full strength for three quarters."""
        start = epochs * 3 // 4
        if epoch < start:
            return epoch % self.full
        return self.full + min((epoch - start) * self.faded // (epochs - start), self.faded - 1)

    def warp_strength(self, pool_epoch):
        """Return how strong the warps of one of the pool's epochs are."""
        return (
            1.0 if pool_epoch < self.full else 1 - (1 - MIN_WARP_STRENGTH) * (pool_epoch - self.full + 1) / self.faded
        )


DENSE_TEACHER_OPTIONS = replace(PART_OPTIONS, hidden=(1024, 1024), epochs=60)
COMMITTEES = {"dense": Committee(True, (1, 2, 3), 40, 20), "convolutional": Committee(False, (1, 2), 30, 15)}


@dataclass(frozen=True)
class RecordPart:
    """One part of the record network: ``hidden`` neurons, taught by a committee (its name) or by the labels ("")."""

    committee: str
    seed: int
    epochs: int
    hidden: int = 1536

    @property
    def logit_scale(self):
        """By what the part's logits are multiplied to be as sure as the committee was, or as the labels made it."""
        return DISTILLATION_TEMPERATURE if self.committee else 1.0


class WarpedTrainer(Trainer):
    """A Trainer with the record's warps."""

    def warp(self):
        """Return the record's own warp."""
        return RECORD_WARP


def student_class(committee, folder):
    """Return a Trainer class that learns the committee's answers in ``folder``."""
    class Student(WarpedTrainer):
        """A Trainer whose epochs are those of the pool, and whose targets are the answers to them."""

        def start_epoch(self, order):
            """Take up the pool's epoch for this one, with its own order."""
            pool_epoch = committee.pool_epoch(self.epoch, self.options.epochs)
            self.order = pool_order(pool_epoch, len(self.labels))
            self.batches.seed = 0
            self.batches.start_epoch(self.order, pool_epoch, committee.warp_strength(pool_epoch))
            self.answers = np.load(answers_path(folder, pool_epoch))
            if len(self.answers) != len(self.order):
                raise InputError(f"{answers_path(folder, pool_epoch)}: answers other digits; name another --folder")

        def targets(self, images, labels):
            """Return the committee's softened answers to this batch."""
            return self.answers[self.position:self.position + len(labels)].astype(np.float32)

    return Student


def pool_order(pool_epoch, count):
    """Return the order of the images in one of a pool's epochs."""
    return np.random.default_rng([1, pool_epoch]).permutation(count)


def answers_path(folder, pool_epoch):
    """Return the path of a committee's answers to one of the pool's epochs: (count, 10) float16."""
    return folder / f"answers-{pool_epoch:03}.npy"


def train_part(record_part, number, data, folder, validation, stop):
    """Return the network that a part of the recipe makes, or None where it was stopped; continues what is there.

    ``data``: a Dataset of prepared digits; ``validation``: training digits kept from everyone.
    """
    trainer_class = WarpedTrainer
    if record_part.committee:
        committee_folder = folder / record_part.committee
        if not prepare_answers(COMMITTEES[record_part.committee], data, committee_folder, validation, stop):
            return None
        trainer_class = student_class(COMMITTEES[record_part.committee], committee_folder)
    options = replace(
        PART_OPTIONS,
        hidden=(record_part.hidden,),
        epochs=record_part.epochs,
        seed=record_part.seed,
        validation=validation,
    )
    return train_to_end(trainer_class, options, data, folder / f"part-{number}.npz", stop)


def prepare_answers(committee, data, folder, validation, stop):
    """Train a committee and let it answer its pool, but for what is there; return whether all was done."""
    folder.mkdir(parents=True, exist_ok=True)
    count = len(data.train) - validation
    images, labels = data.train.images[:count], data.train.labels[:count]
    teachers = []
    for seed in committee.seeds:
        if committee.dense:
            options = replace(DENSE_TEACHER_OPTIONS, seed=seed, validation=validation)
            network = train_to_end(WarpedTrainer, options, data, folder / f"teacher-{seed}.npz", stop)
            if network is None:
                return False
            teachers.append(lambda batch, network=network: network.forward(batch).sums[-1])
        else:
            path = folder / f"teacher-{seed}.pt"
            if not (
                path.exists() or convolutional_teacher.train_teacher(path, images, labels, RECORD_WARP, seed, stop)
            ):
                return False
            teachers.append(convolutional_teacher.load_teacher(path))
    return write_answers(committee, teachers, images, folder, stop)


def write_answers(committee, teachers, images, folder, stop):
    """Write the answers to all of the pool that are not there yet; return whether to the end."""
    size = PART_OPTIONS.batch_size
    batches = Batches(images, size, RECORD_WARP, 0)
    for pool_epoch in range(committee.full + committee.faded):
        if answers_path(folder, pool_epoch).exists():
            continue
        batches.start_epoch(pool_order(pool_epoch, len(images)), pool_epoch, committee.warp_strength(pool_epoch))
        answers = np.empty((len(images), 10), np.float16)
        for position in range(0, len(images), size):
            if stop():
                return False
            batch = batches.take(position)
            logits = sum(teacher(batch) for teacher in teachers) / len(teachers)
            answers[position:position + len(batch)] = softmax(logits / DISTILLATION_TEMPERATURE)
        temporary = folder / "answers.tmp.npy"
        np.save(temporary, answers)
        temporary.replace(answers_path(folder, pool_epoch))
        print(f"answers {pool_epoch + 1}/{committee.full + committee.faded}", file=sys.stderr, flush=True)
    return True


def train_to_end(trainer_class, options, data, path, stop):
    """Train to the end and return the network, or None where it was stopped; continues what is there."""
    if not path.exists():
        rng = np.random.default_rng(options.seed)
        trainer = trainer_class(options.network(784, 10, rng), data.train, data.test, options, rng)
        training_run = TrainingRun(trainer, path, None, training_metadata(data, options, 1))
        if training_run.files.checkpoint.exists():
            training_run.resume()
        if not training_run.learn(make_progress(options.epochs, trainer.epoch, False), stop):
            return None
        training_run.finish()
    return load_network(path).network
