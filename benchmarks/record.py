"""The best network with one hidden layer that we can train: ``python -m benchmarks.record``; RECORD.md tells of it.

Networks with one hidden layer are taught apart and then put side by side: the mean of their logits is itself what one
network with one hidden layer computes, whose hidden neurons are all of theirs.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.distillation import COMMITTEES, DENSE_TEACHER, LEARNING, TEMPERATURE, WARP, Lesson, teach
from neuralscope import __version__
from neuralscope.cli import DONE, STOPPED, Parser, limit_threads, run
from neuralscope.data_loader import Dataset, Digits, load
from neuralscope.errors import InputError
from neuralscope.network import Layer, Network, evaluate, save
from neuralscope.network import load as load_network
from neuralscope.runs.run import interrupts_held

PROGRAM = "python -m benchmarks.record"
PREPARATION = "deskew"
LESSONS = (Lesson("dense", 10, 240), Lesson("convolutional", 10, 180), Lesson("dense", 11, 180), Lesson("", 12, 180))
JUDGED = 5_000  # training digits, the last ones, by which all is judged while the test set is left alone
WEIGHTS = Path(__file__).parent / "record_weights.npz"


def recipe(validation):
    """Return, in JSON's types, all that the record network depends on beside the code and the digits."""
    return {"lessons": [asdict(lesson) for lesson in LESSONS], "learning": asdict(LEARNING), "warp": asdict(WARP),
            "committees": {name: asdict(one) for name, one in COMMITTEES.items()}, "temperature": TEMPERATURE,
            "dense_teacher": asdict(DENSE_TEACHER), "preparation": PREPARATION, "validation": validation}


def set_up(folder, validation):
    """Make the folder and write down what is made in it; raises InputError where that was something else."""
    path, words = folder / "recipe.json", json.dumps(recipe(validation), indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_text(encoding="utf-8") != words:
            raise InputError(f"{path}: another recipe was begun in this folder; name another one with --folder")
        path.write_text(words, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--folder {folder}: cannot be written ({error.strerror}); name another one") from error


def train(folder, validation, stop):
    """Go through all lessons; return the network that they make, or None where stopped."""
    set_up(folder, validation)
    mnist = load("mnist").prepared(PREPARATION)
    digits = mnist.train
    judged = Digits(digits.images[-JUDGED:], digits.labels[-JUDGED:])
    data = Dataset(mnist.name, mnist.source, mnist.class_names, judged, lambda: digits)
    parts = []
    for number, lesson in enumerate(LESSONS, 1):
        part = teach(lesson, number, data, folder, validation, stop)
        if part is None:
            return None
        parts.append(part)
    network = side_by_side(parts, [lesson.sharpness for lesson in LESSONS])
    if validation:
        say(evaluate(network, judged.images, judged.labels))
    return network


def side_by_side(parts, sharpness):
    """Return the one network whose logits are the mean of the parts' logits, each times its ``logit_scales``.

    All parts have one hidden layer and the same names of activation and head.
    """
    hidden, outputs = zip(*(part.layers for part in parts), strict=True)
    shares = [np.float32(one / len(parts)) for one in sharpness]
    weights = np.concatenate([layer.weights * share for layer, share in zip(outputs, shares, strict=True)])
    biases = sum(layer.biases * share for layer, share in zip(outputs, shares, strict=True))
    return Network([Layer(np.concatenate([layer.weights for layer in hidden], axis=1),
                          np.concatenate([layer.biases for layer in hidden]), hidden[0].activation),
                    Layer(weights, biases, outputs[0].activation)])


def publish(network):
    """Write the record's weights as float16, with their one look at the test set; return that Evaluation."""
    network = network.astype(np.float16).astype(np.float32)  # what the file will hold
    result = judge(network)
    save(network, WEIGHTS, {
        "dataset": "mnist", "preparation": PREPARATION, "test_accuracy": result.accuracy,
        "test_errors": result.errors, "test_count": result.count, "train_count": 60_000,
        "record": recipe(0), "neuralscope": __version__, "numpy": np.__version__}, dtype=np.float16)
    return result


def judge(network):
    """Return the Evaluation of a network on MNIST's test digits, prepared as it wants them."""
    test = load("mnist").prepared(PREPARATION).test
    return evaluate(network, test.images, test.labels)


def say(result):
    """Print the count of errors; return the exit status."""
    low, high = result.interval
    print(f"{result.errors} errors of {result.count:,} (error {1 - result.accuracy:.2%}, "
          f"95 % interval {1 - high:.2%} to {1 - low:.2%})")
    print("misread digits:", *sorted(result.mistakes.tolist()))
    return DONE


def build_parser():
    """Return the parser of all options."""
    parser = Parser(prog=PROGRAM, allow_abbrev=False,
                    description="Train the record network, or count the errors of the one that is published.")
    parser.add_argument("--verify", action="store_true", help="count the errors of the published weights, in seconds")
    parser.add_argument("--folder", type=Path, default=Path("record"), metavar="DIR",
                        help="where the stages go (default: record)")
    parser.add_argument("--validation", action="store_true",
                        help=f"hold the last {JUDGED:,} training digits back from every stage, and publish nothing")
    return parser


def main(argv=None):
    """Train, publish or verify; return the exit status."""
    arguments = build_parser().parse_args(argv)
    limit_threads(1)
    if arguments.verify:
        if not WEIGHTS.exists():
            raise InputError(f"{WEIGHTS}: no such file; train it with: {PROGRAM}")
        saved = load_network(WEIGHTS)
        if saved.metadata.get("preparation") != PREPARATION:
            raise InputError(f"{WEIGHTS}: does not say that its input is prepared by {PREPARATION}; train it again")
        return say(judge(saved.network))
    with interrupts_held() as pressed:
        network = train(arguments.folder, JUDGED * arguments.validation, pressed)
    if network is None:
        print(f"stopped; to continue: {PROGRAM} with the same options", file=sys.stderr)
        return STOPPED
    return DONE if arguments.validation else say(publish(network))


if __name__ == "__main__":
    run(main)
