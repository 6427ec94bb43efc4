"""The best network with one hidden layer that we can train: ``python -m benchmarks.record``; RECORD.md tells of it.

Networks with one hidden layer are taught apart and then put side by side: the mean of their logits is itself what one
network with one hidden layer computes, whose hidden neurons are all of theirs.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.distillation import (
    COMMITTEES,
    DENSE_TEACHER_OPTIONS,
    DISTILLATION_TEMPERATURE,
    PART_OPTIONS,
    RECORD_WARP,
    RecordPart,
    train_part,
)
from neuralscope import __version__
from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.data_loader import Dataset, Digits, load
from neuralscope.errors import InputError
from neuralscope.network import Layer, Network, evaluate, save
from neuralscope.network import load as load_network
from neuralscope.stop_signals import held_stops

PROGRAM_NAME = "python -m benchmarks.record"
PREPARATION_NAME = "deskew"
RECORD_PARTS = (
    RecordPart("dense", 10, 240),
    RecordPart("convolutional", 10, 180),
    RecordPart("dense", 11, 180),
    RecordPart("", 12, 180),
)
VALIDATION_COUNT = 5_000  # training digits, the last ones, by which all is judged while the test set is left alone
WEIGHTS_PATH = Path(__file__).parent / "record_weights.npz"


def recipe_record(validation):
    """Return, in JSON's types, all that the record network depends on beside the code and the digits."""
    return {
        "lessons": [asdict(record_part) for record_part in RECORD_PARTS],
        "learning": asdict(PART_OPTIONS),
        "warp": asdict(RECORD_WARP),
        "committees": {name: asdict(committee) for name, committee in COMMITTEES.items()},
        "temperature": DISTILLATION_TEMPERATURE,
        "dense_teacher": asdict(DENSE_TEACHER_OPTIONS),
        "preparation": PREPARATION_NAME,
        "validation": validation,
    }


def prepare_folder(folder, validation):
    """Make the folder and write down what is made in it; raises InputError where that was something else."""
    path, words = folder / "recipe.json", json.dumps(recipe_record(validation), indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_text(encoding="utf-8") != words:
            raise InputError(f"{path}: another recipe was begun in this folder; name another one with --folder")
        path.write_text(words, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--folder {folder}: cannot be written ({error.strerror}); name another one") from error


def train_record(folder, validation, stop):
    """Train all parts; return the network that they make, or None where stopped."""
    prepare_folder(folder, validation)
    mnist = load("mnist").prepared(PREPARATION_NAME)
    digits = mnist.train
    validation_digits = Digits(digits.images[-VALIDATION_COUNT:], digits.labels[-VALIDATION_COUNT:])
    data = Dataset(mnist.name, mnist.source, mnist.class_names, validation_digits, lambda: digits)
    parts = []
    for number, record_part in enumerate(RECORD_PARTS, 1):
        part = train_part(record_part, number, data, folder, validation, stop)
        if part is None:
            return None
        parts.append(part)
    network = concatenate_parts(parts, [record_part.logit_scale for record_part in RECORD_PARTS])
    if validation:
        print_errors(evaluate(network, validation_digits.images, validation_digits.labels))
    return network


def concatenate_parts(parts, logit_scales):
    """Return the one network whose logits are the mean of the parts' logits, each times its ``logit_scales``.

    All parts have one hidden layer and the same names of activation and head.
    """
    hidden, outputs = zip(*(part.layers for part in parts), strict=True)
    shares = [np.float32(scale / len(parts)) for scale in logit_scales]
    weights = np.concatenate([layer.weights * share for layer, share in zip(outputs, shares, strict=True)])
    biases = sum(layer.biases * share for layer, share in zip(outputs, shares, strict=True))
    return Network([Layer(np.concatenate([layer.weights for layer in hidden], axis=1),
                          np.concatenate([layer.biases for layer in hidden]), hidden[0].activation),
                    Layer(weights, biases, outputs[0].activation)])


def publish_weights(network):
    """Write the record's weights as float16, with their one look at the test set; return that Evaluation."""
    network = network.astype(np.float16).astype(np.float32)  # what the file will hold
    result = evaluate_on_test(network)
    save(network, WEIGHTS_PATH, {
        "dataset": "mnist", "preparation": PREPARATION_NAME, "test_accuracy": result.accuracy,
        "test_errors": result.errors, "test_count": result.count, "train_count": 60_000,
        "record": recipe_record(0), "neuralscope": __version__, "numpy": np.__version__}, dtype=np.float16)
    return result


def evaluate_on_test(network):
    """Return the Evaluation of a network on MNIST's test digits, prepared as it wants them."""
    test = load("mnist").prepared(PREPARATION_NAME).test
    return evaluate(network, test.images, test.labels)


def print_errors(result):
    """Print the count of errors; return the exit status."""
    low, high = result.interval
    print(f"{result.errors} errors of {result.count:,} (error {1 - result.accuracy:.2%}, "
          f"95 % interval {1 - high:.2%} to {1 - low:.2%})")
    print("misread digits:", *sorted(result.mistakes.tolist()))
    return EXIT_DONE


def build_parser():
    """Return the parser of all options."""
    parser = Parser(prog=PROGRAM_NAME, allow_abbrev=False,
                    description="Train the record network, or count the errors of the one that is published.")
    parser.add_argument("--verify", action="store_true", help="count the errors of the published weights, in seconds")
    parser.add_argument("--folder", type=Path, default=Path("record"), metavar="DIR",
                        help="where the stages go (default: record)")
    parser.add_argument(
        "--validation",
        action="store_true",
        help=f"hold the last {VALIDATION_COUNT:,} training digits back from every stage, and publish nothing",
    )
    return parser


def main(argv=None):
    """Train, publish or verify; return the exit status."""
    arguments = build_parser().parse_args(argv)
    limit_threads(1)
    if arguments.verify:
        if not WEIGHTS_PATH.exists():
            raise InputError(f"{WEIGHTS_PATH}: no such file; train it with: {PROGRAM_NAME}")
        saved = load_network(WEIGHTS_PATH)
        if saved.metadata.get("preparation") != PREPARATION_NAME:
            raise InputError(
                f"{WEIGHTS_PATH}: does not say that its input is prepared by {PREPARATION_NAME}; train it again"
            )
        return print_errors(evaluate_on_test(saved.network))
    with held_stops() as stop:
        network = train_record(arguments.folder, VALIDATION_COUNT * arguments.validation, stop)
    if network is None:
        print(f"stopped; to continue: {PROGRAM_NAME} with the same options", file=sys.stderr)
        return stop.status
    return EXIT_DONE if arguments.validation else print_errors(publish_weights(network))


if __name__ == "__main__":
    run_program(main)
