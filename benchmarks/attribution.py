"""``python -m benchmarks.attribution``: how exact the accounts of a decision are, and how long they take.

The errors are the worst of all test digits and classes, in float64 and relative to the logit explained. The times are
medians on one thread in float32, each taken in turns with the bare matrix products that it stands beside.
"""

import statistics
import time
from itertools import combinations
from pathlib import Path

import numpy as np

from neuralscope.cli import DONE, Parser, limit_threads, run
from neuralscope.data_loader import load
from neuralscope.network import Trainer, TrainingOptions, knocked_out, ledger, storage, template

SHIPPED = Path(__file__).parents[1] / storage.FILE_NAME
BUDGET = {"error": 1e-9, "template": 2e-3, "knock-outs": 1.0}
ROUNDS = {"template": 500, "knock-outs": 5}
COLUMNS = "| {:45} | {:24} | {:>8} | {:>8} | {:>5} | {:>6} |"


def main(argv=None):
    """Print the table; return 1 if an account does not add up."""
    parser = Parser(prog="python -m benchmarks.attribution", description="Measure the accounts of a decision.")
    parser.add_argument("--data-dir", metavar="DIR", help="folder with MNIST's files (default: $NEURALSCOPE_DATA_DIR); "
                                                          "without MNIST the embedded digits stand in")
    arguments = parser.parse_args(argv)
    limit_threads(1)
    dataset = load("auto", arguments.data_dir)
    test, shipped = dataset.test, storage.load(SHIPPED).network
    print(f"{len(test):,} test digits ({dataset.name})\n")
    print(COLUMNS.format("what", "network", "measured", "products", "ratio", "budget"))
    print(COLUMNS.format(*["-" * width for width in (45, 24)], *["-" * (width - 1) + ":" for width in (8, 8, 5, 6)]))
    worst = []
    for network in (shipped, trained(dataset)):
        for name, error in worst_errors(network, test.images).items():
            worst.append(error)
            print(COLUMNS.format(f"{name}: relative error", network.architecture, f"{error:.1e}", "", "",
                                 f"{BUDGET['error']:.0e}"), flush=True)
    for what, seconds, bare, budget in (
            ("one template, ms", *in_turns(ROUNDS["template"], *template_work(shipped, test)), BUDGET["template"]),
            (f"all {shipped.sizes[-2]} single knock-outs, ms",
             *in_turns(ROUNDS["knock-outs"], *knock_out_work(shipped, test)), BUDGET["knock-outs"])):
        print(COLUMNS.format(what, shipped.architecture, f"{1000 * seconds:.4g}", f"{1000 * bare:.4g}",
                             f"{seconds / bare:.2f}", f"{1000 * budget:.0f}"))
    return DONE if max(worst) <= BUDGET["error"] else 1


def trained(dataset):
    """Return a network of two hidden layers with leaky-relu that learned the training digits for one epoch."""
    options = TrainingOptions(hidden=(128, 64), activation="leaky-relu", epochs=1, augment="none")
    rng = np.random.default_rng(0)
    network = options.network(dataset.train.images.shape[1], len(dataset.class_names), rng)
    return Trainer(network, dataset.train, dataset.test, options, rng).finish_epoch().network


def worst_errors(network, images):
    """Return, in float64, by how much of the logit each kind of account misses it at worst: numbers by name."""
    network = network.astype(np.float64)
    classes = range(network.sizes[-1])
    choices = [(chosen, None) for chosen in classes], list(combinations(classes, 2))
    errors = {"ledger of a logit": 0.0, "ledger of a difference of two": 0.0, "template": 0.0}
    for image in images.astype(np.float64):
        trace = network.forward(image[np.newaxis])
        sums = trace.sums[-1][0]
        pairs = [[account(network, trace, *choice) for choice in kind] for kind in choices]
        mapped = template(network, trace)
        pairs.append(list(zip(mapped.weights @ image + mapped.constants, sums, strict=True)))
        for name, kind in zip(errors, pairs, strict=True):
            explained, computed = np.array(kind).T
            errors[name] = max(errors[name], float((np.abs(explained - computed) / np.abs(computed)).max()))
    return errors


def account(network, trace, chosen, versus):
    """Return what a ledger sums to, and the logit or difference of two logits that the network computed."""
    made, sums = ledger(network, trace, chosen, versus), trace.sums[-1][0]
    return made.pushes.sum() + made.bias, sums[chosen] - (0 if versus is None else sums[versus])


def template_work(network, test):
    """Return the work of one template, and its bare product."""
    trace = network.forward(test.images[:1])
    rows = np.ascontiguousarray(network.layers[-1].weights.T)
    return lambda: template(network, trace), lambda: rows @ network.layers[0].weights.T


def knock_out_work(network, test):
    """Return the work of all single knock-outs, and the last layer's bare product once for each."""
    activations, last = network.forward(test.images).activations[0], network.layers[-1].weights
    neurons = range(network.sizes[1])
    return (lambda: knocked_out(network, 0, activations, neurons),
            lambda: [activations @ last for _ in neurons])


def in_turns(rounds, *actions):
    """Return the median seconds of each action, all taken in turns."""
    spent = [[] for _ in actions]
    for _ in range(rounds):
        for action, taken in zip(actions, spent, strict=True):
            before = time.perf_counter()
            action()
            taken.append(time.perf_counter() - before)
    return [statistics.median(taken) for taken in spent]


if __name__ == "__main__":
    run(main)
