"""``python -m benchmarks.attribution``: how exact the accounts of a decision are, and how long they take.

The errors are the worst of all test digits and classes, in float64 and relative to the logit explained. The times are
medians on one thread in float32, each taken in turns with the bare matrix products that it stands beside.
"""

import statistics
import time
from itertools import combinations
from pathlib import Path

import numpy as np

from neuralscope.analysis import ablate_each, local_linear_map
from neuralscope.analysis.attribution import attribution
from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.data_loader import load
from neuralscope.network import Trainer, TrainingOptions, storage

SHIPPED_PATH = Path(__file__).parents[1] / storage.DEFAULT_FILE_NAME
BUDGETS = {"error": 1e-9, "local linear map": 2e-3, "ablations": 1.0}
ROUND_COUNTS = {"local linear map": 500, "ablations": 5}
ROW_FORMAT = "| {:50} | {:24} | {:>8} | {:>8} | {:>5} | {:>6} |"


def main(argv=None):
    """Print the table; return 1 if an account does not add up."""
    parser = Parser(prog="python -m benchmarks.attribution", description="Measure the accounts of a decision.")
    parser.add_argument("--data-dir", metavar="DIR", help="folder with MNIST's files (default: $NEURALSCOPE_DATA_DIR); "
                                                          "without MNIST the embedded digits stand in")
    arguments = parser.parse_args(argv)
    limit_threads(1)
    dataset = load("auto", arguments.data_dir)
    test, shipped = dataset.test, storage.load(SHIPPED_PATH).network
    print(f"{len(test):,} test digits ({dataset.name})\n")
    print(ROW_FORMAT.format("what", "network", "measured", "products", "ratio", "budget"))
    print(ROW_FORMAT.format(*["-" * width for width in (50, 24)], *["-" * (width - 1) + ":" for width in (8, 8, 5, 6)]))
    worst = []
    for network in (shipped, train_two_layers(dataset)):
        for name, error in worst_errors(network, test.images).items():
            worst.append(error)
            print(ROW_FORMAT.format(f"{name}: relative error", network.architecture, f"{error:.1e}", "", "",
                                    f"{BUDGETS['error']:.0e}"), flush=True)
    for label, seconds, bare, budget in (
        (
            "one local linear map, ms",
            *median_seconds(ROUND_COUNTS["local linear map"], *local_linear_map_work(shipped, test)),
            BUDGETS["local linear map"],
        ),
        (
            f"all {shipped.sizes[-2]} single ablations, ms",
            *median_seconds(ROUND_COUNTS["ablations"], *ablation_work(shipped, test)),
            BUDGETS["ablations"],
        ),
    ):
        print(ROW_FORMAT.format(label, shipped.architecture, f"{1000 * seconds:.4g}", f"{1000 * bare:.4g}",
                                f"{seconds / bare:.2f}", f"{1000 * budget:.0f}"))
    return EXIT_DONE if max(worst) <= BUDGETS["error"] else 1


def train_two_layers(dataset):
    """Return a network of two hidden layers with leaky-relu that learned the training digits for one epoch."""
    options = TrainingOptions(hidden=(128, 64), activation="leaky-relu", epochs=1, augment="none")
    rng = np.random.default_rng(0)
    network = options.network(dataset.train.images.shape[1], len(dataset.class_names), rng)
    return Trainer(network, dataset.train, dataset.test, options, rng).finish_epoch().network


def worst_errors(network, images):
    """Return, in float64, by how much of the logit each kind of account misses it at worst: numbers by name."""
    network = network.astype(np.float64)
    classes = range(network.sizes[-1])
    choices = [(selected_class, None) for selected_class in classes], list(combinations(classes, 2))
    errors = {"attribution of a logit": 0.0, "attribution of a difference of two": 0.0, "local linear map": 0.0}
    for image in images.astype(np.float64):
        trace = network.forward(image[np.newaxis])
        sums = trace.sums[-1][0]
        pairs = [[attributed_and_computed(network, trace, *choice) for choice in kind] for kind in choices]
        mapped = local_linear_map(network, trace)
        pairs.append(list(zip(mapped.weights @ image + mapped.constants, sums, strict=True)))
        for name, kind in zip(errors, pairs, strict=True):
            explained, computed = np.array(kind).T
            errors[name] = max(errors[name], float((np.abs(explained - computed) / np.abs(computed)).max()))
    return errors


def attributed_and_computed(network, trace, selected_class, contrast_class):
    """Return what an attribution sums to, and the logit or difference of two logits that the network computed."""
    result, sums = attribution(network, trace, selected_class, contrast_class), trace.sums[-1][0]
    return result.contributions.sum() + result.bias, sums[selected_class] - (
        0 if contrast_class is None else sums[contrast_class]
    )


def local_linear_map_work(network, test):
    """Return the work of one local linear map, and its bare product."""
    trace = network.forward(test.images[:1])
    rows = np.ascontiguousarray(network.layers[-1].weights.T)
    return lambda: local_linear_map(network, trace), lambda: rows @ network.layers[0].weights.T


def ablation_work(network, test):
    """Return the work of all single ablations, and the last layer's bare product once for each."""
    activations, last = network.forward(test.images).activations[0], network.layers[-1].weights
    neurons = range(network.sizes[1])
    return (lambda: ablate_each(network, 0, activations, neurons),
            lambda: [activations @ last for _ in neurons])


def median_seconds(rounds, *actions):
    """Return the median seconds of each action, all taken in turns."""
    spent = [[] for _ in actions]
    for _ in range(rounds):
        for action, taken in zip(actions, spent, strict=True):
            before = time.perf_counter()
            action()
            taken.append(time.perf_counter() - before)
    return [statistics.median(taken) for taken in spent]


if __name__ == "__main__":
    run_program(main)
