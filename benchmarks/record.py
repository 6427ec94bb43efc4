"""``python -m benchmarks.record``: the best network with one hidden layer that we can train; RECORD.md tells of it.

A committee of convolutional networks learns warped, deskewed digits. What it answers, softened, is what the one network
then learns (Hinton, Vinyals & Dean 2015). Every stage continues where it was stopped, a teacher from its beginning.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import teachers
from neuralscope.augmentation import AUGMENTATIONS
from neuralscope.command_line import DONE, STOPPED, Parser, limit_threads, run
from neuralscope.data_loader import Dataset, Digits, load
from neuralscope.errors import InputError
from neuralscope.images import PREPARATIONS
from neuralscope.network import Trainer, TrainingOptions, evaluate, save
from neuralscope.network import load as load_network
from neuralscope.network.batches import Batches
from neuralscope.network.functions import softmax
from neuralscope.network.progress import progress
from neuralscope.network.run import Run, about, interrupts_held

PREPARATION = "deskew"
WARP = replace(AUGMENTATIONS["elastic"], shift=1.0, turn=6.0, scale=0.12, shear=0.1, alpha=34.0, sigma=4.0)
COMMITTEE = (1, 2)  # seeds of the teachers
PUPIL = TrainingOptions(epochs=180, hidden=(1536,), optimizer="adam", learning_rate=0.001, weight_decay=0.0,
                        augment="elastic", seed=10)
TEMPERATURE = 2.0  # by which the committee's logits are divided
POOL, FADED = 30, 15  # epochs of warps that the committee answers: at full strength, and weaker and weaker ones
WEAKEST = 0.3
JUDGED = 5_000  # training digits, the last ones, by which stages are judged while the test set is left alone
WEIGHTS = Path(__file__).parent / "record_weights.npz"


class Pupil(Trainer):
    """A Trainer whose targets are the committee's answers to a pool of warped epochs, in ``folder``."""

    folder = None

    def warp(self):
        """Return the record's own warp."""
        return WARP

    def set_out(self, order):
        """Take up the pool's epoch for this one, with its own order."""
        chosen = pooled(self.epoch, self.options.epochs)
        self.order = order_of(chosen, len(self.labels))
        self.batches.seed = 0
        self.batches.begin(self.order, chosen, strength_of(chosen))
        self.answers = np.load(pool_file(self.folder, chosen))

    def targets(self, images, labels):
        """Return the committee's softened answers to this batch."""
        return self.answers[self.position:self.position + len(labels)].astype(np.float32)


def pooled(epoch, epochs):
    """Return which of the pool's epochs stands for an epoch: full strength for three quarters, then weaker ones."""
    full = epochs * 3 // 4
    return epoch % POOL if epoch < full else POOL + min((epoch - full) * FADED // (epochs - full), FADED - 1)


def strength_of(chosen):
    """Return how strong the warps of one of the pool's epochs are."""
    return 1.0 if chosen < POOL else 1 - (1 - WEAKEST) * (chosen - POOL + 1) / FADED


def order_of(chosen, count):
    """Return the order of the images in one of the pool's epochs."""
    return np.random.default_rng([1, chosen]).permutation(count)


def pool_file(folder, chosen):
    """Return the path of the committee's answers to one of the pool's epochs: (count, 10) float16."""
    return folder / f"answers-{chosen:03}.npy"


def answer(folder, committee, images, stop):
    """Write the committee's answers to all of the pool that are not there yet."""
    batches = Batches(images, PUPIL.batch_size, WARP, 0)
    for chosen in range(POOL + FADED):
        if pool_file(folder, chosen).exists():
            continue
        batches.begin(order_of(chosen, len(images)), chosen, strength_of(chosen))
        answers = np.empty((len(images), 10), np.float16)
        for position in range(0, len(images), PUPIL.batch_size):
            batch = batches.take(position)
            logits = sum(teacher(batch) for teacher in committee) / len(committee)
            answers[position:position + len(batch)] = softmax(logits / TEMPERATURE)
            if stop():
                return
        temporary = folder / "answers.tmp.npy"
        np.save(temporary, answers)
        temporary.replace(pool_file(folder, chosen))
        print(f"answers {chosen + 1}/{POOL + FADED}", file=sys.stderr, flush=True)


def learn(options, data, path, stop):
    """Train the pupil to the end and return it, or None where it was stopped; continues what is there."""
    if not path.exists():
        rng = np.random.default_rng(options.seed)
        trainer = Pupil(options.network(784, 10, rng), data.train, data.test, options, rng)
        work = Run(trainer, path, None, about(data, options, 1) | {"preparation": PREPARATION})
        if work.checkpoint.exists():
            work.resume()
        if not work.learn(progress(options.epochs, trainer.epoch, False), stop):
            return None
        work.finish()
    return load_network(path).network


def train(folder, validation, stop):
    """Go through all stages; return the pupil, or None where stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    mnist = load("mnist")
    digits = Digits(PREPARATIONS[PREPARATION](mnist.train.images), mnist.train.labels)
    judged = Digits(digits.images[-JUDGED:], digits.labels[-JUDGED:])
    data = Dataset(mnist.name, mnist.source, mnist.class_names, judged, lambda: digits)
    count = len(digits) - validation
    paths = [folder / f"teacher-{seed}.pt" for seed in COMMITTEE]
    for seed, path in zip(COMMITTEE, paths, strict=True):
        if not (path.exists() or teachers.learn(path, digits.images[:count], digits.labels[:count], WARP, seed, stop)):
            return None
    answer(folder, [teachers.load(path) for path in paths], digits.images[:count], stop)
    if stop():
        return None
    Pupil.folder = folder
    return learn(replace(PUPIL, validation=validation), data, folder / "pupil.npz", stop)


def publish(pupil, folder):
    """Write the pupil as the record's weights, with its one look at the test set."""
    saved = load_network(folder / "pupil.npz")
    last = pupil.layers[-1]
    # It learned answers softened by the temperature; multiplied by it, its own are as sure as the committee's were.
    calm = pupil.with_parameters(pupil.parameters | {
        f"W{len(pupil.layers)}": last.weights * np.float32(TEMPERATURE),
        f"b{len(pupil.layers)}": last.biases * np.float32(TEMPERATURE)})
    result = judge(calm)
    metadata = saved.metadata | {"test_accuracy": result.accuracy, "test_errors": result.errors,
                                 "test_count": result.count, "teachers": len(COMMITTEE)}
    save(calm, WEIGHTS, metadata)
    return result


def judge(network):
    """Return the Evaluation of a network on MNIST's test digits, prepared as it wants them."""
    test = load("mnist").test
    return evaluate(network, PREPARATIONS[PREPARATION](test.images), test.labels)


def main():
    """Train, publish or verify; return the exit status."""
    parser = Parser(prog="python -m benchmarks.record", description=__doc__.splitlines()[0])
    parser.add_argument("--verify", action="store_true", help="count the errors of the published weights, in seconds")
    parser.add_argument("--folder", type=Path, default=Path("record"), help="where the stages go (default: record)")
    parser.add_argument("--validation", action="store_true",
                        help=f"hold the last {JUDGED:,} training digits back from every stage, and publish nothing")
    arguments = parser.parse_args()
    limit_threads(1)
    if arguments.verify:
        saved = load_network(WEIGHTS)
        if saved.metadata.get("preparation") != PREPARATION:
            raise InputError(f"{WEIGHTS}: does not say that its input is prepared by {PREPARATION}; train it again")
        return say(judge(saved.network))
    with interrupts_held() as pressed:
        pupil = train(arguments.folder, JUDGED * arguments.validation, pressed)
    if pupil is None:
        print(f"stopped; to continue: python -m benchmarks.record {' '.join(sys.argv[1:])}".rstrip(), file=sys.stderr)
        return STOPPED
    return DONE if arguments.validation else say(publish(pupil, arguments.folder))


def say(result):
    """Print the count of errors; return the exit status."""
    low, high = result.interval
    print(f"{result.errors} errors of {result.count:,} (error {1 - result.accuracy:.2%}, "
          f"95 % interval {1 - high:.2%} to {1 - low:.2%})")
    print("misread digits:", *sorted(result.mistakes.tolist()))
    return DONE


if __name__ == "__main__":
    run(main)
