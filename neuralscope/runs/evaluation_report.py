"""``--evaluate``: how well a saved network reads the test images, printed."""

import argparse
import dataclasses
import sys
from collections.abc import Sequence

from neuralscope.cli import EXIT_DONE, command
from neuralscope.data_loader import DATASET_NAMES, Dataset, load
from neuralscope.datasets.split import TEST_FILE, Split
from neuralscope.errors import InputError, print_line, sentence
from neuralscope.formatting import counted
from neuralscope.network import storage
from neuralscope.network.evaluation import Evaluation, evaluate
from neuralscope.network.functions import Head
from neuralscope.network.importers.cli_options import choices_from_arguments
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs.network_data import load_network_data, whole_table
from neuralscope.runs.open_network import open_network


def print_evaluation(arguments: argparse.Namespace) -> int:
    """Print accuracy, confusions and mistakes; return the exit status. Raises InputError."""
    path = storage.find_weights() if arguments.evaluate is True else arguments.evaluate
    saved, notice = open_network(path, lambda: load(arguments.dataset, arguments.data_dir, arguments.label_column),
                                 choices_from_arguments(arguments))
    if notice:
        print_line(notice, file=sys.stderr)
    learned = saved.metadata.get("dataset", "auto")
    # Where nobody names a data set it is the network's own; for MNIST "auto" has a substitute.
    uses_own_dataset = arguments.dataset == "auto" and learned != "mnist"
    if uses_own_dataset and learned not in DATASET_NAMES:
        raise InputError(f"{saved.path}: learned from {learned}", option_remedy="name its data with --dataset")
    data = load_judged_data(saved, learned if uses_own_dataset else arguments.dataset, arguments)
    if data.notice:
        print_line(data.notice, file=sys.stderr)
    data = data.prepared(saved.metadata.get("preparation"))
    result = evaluate(saved.network, data.test.pixels, data.test.labels)
    low, high = result.interval
    origin = saved.metadata.get("origin")
    history = f"learned from {learned}" if origin is None else f"in {origin.get('format', 'another format')}"
    print_line(f"network    {saved.path} ({saved.network.architecture}, {history})")
    print_line(f"data       {data.name}, {counted(result.count, 'test image')} ({data.source})")
    print_line(f"accuracy   {result.accuracy:.2%}, 95 % interval {low:.2%} to {high:.2%} (Wilson)")
    print_line(f"errors     {result.errors} of {result.count:,}")
    print_confusion(result, data.class_names)
    print_mistakes(result, data.class_names, saved.network.head)
    return EXIT_DONE


def load_judged_data(saved: SavedNetwork, name: str, arguments: argparse.Namespace) -> Dataset:
    """Return the Dataset ``name`` with a test part that a SavedNetwork did not learn from; raises InputError."""
    data, learned = load_network_data(saved, name, arguments.data_dir, arguments.label_column)
    if not data.test.has_labels:
        raise InputError(f"{data.name} has no labels to judge by", "choose a data set with labels",
                         f"read it with {command('predict')}")
    has_own_part = data.split and data.split == Split(TEST_FILE, file=data.name)
    if data.split is None or learned or has_own_part:
        return data
    data = whole_table(saved, name, arguments.label_column)
    known = "is not as it was when the network learned from a file of that name" if (
        saved.metadata.get("dataset") == data.name) else "is not what the network learned from"
    return dataclasses.replace(data, notice=sentence(data.notice, f"{data.name} {known}: all its "
                                                     f"{len(data.test):,} rows are judged"))


def print_confusion(result: Evaluation, class_names: Sequence[str]) -> None:
    """Print how many images of each class (row) were read as which (column), and the share of each read rightly."""
    width = max(5, len(str(result.confusion.max())) + 2)
    names = max(map(len, class_names))
    print_line("confusion  rows: what it is, columns: what was read")
    print_line(" " * (names + 4) + "".join(f"{number:{width}}" for number in range(len(class_names))) + "     right")
    for number, (name, row) in enumerate(zip(class_names, result.confusion, strict=True)):
        label = f"{number}" if name == str(number) else f"{number} {name}"
        right = f"{result.class_accuracies[number]:.2%}" if row.sum() else "-"
        print_line(f"{label:>{names + 4}}" + "".join(f"{value or '.':>{width}}" for value in row) + f"{right:>10}")


def print_mistakes(result: Evaluation, class_names: Sequence[str], head: Head) -> None:
    """Print every image read wrongly, the greatest loss first: what it is, what was read, and the outputs of both."""
    if not result.errors:
        return
    output_noun = "probabilities" if head.sums_to_one else "outputs"
    print_line(f"misread    {output_noun} of what was read and of what it is; the worst first")
    for index in result.mistakes:
        truth, predicted = result.labels[index], result.predictions[index]
        print_line(f"{index:>11,}  is {class_names[truth]}, read as {class_names[predicted]}: "
                   f"{result.outputs[index, predicted]:.4f}, {result.outputs[index, truth]:.4f}")
