"""python -m benchmarks.neuron_layout: how much smoother a sheet is when its neurons are arranged, and what that takes.

Roughness: the mean squared difference of neighbouring cells, by twice the variance of the sheet (Geary 1954): 1 where
neighbours are no more alike than others. Of the test digits the first half are for the arranging, the others measured.
"""

import subprocess
import sys
import time

import numpy as np

from neuralscope.analysis.neuron_layout import find_order
from neuralscope.cli import EXIT_DONE, Parser, add_data_options, limit_threads, run_program
from neuralscope.data_loader import load
from neuralscope.network import storage
from neuralscope.network.model import Network
from neuralscope.visualizer.widgets.hidden_layers import sheet_shape

IMPORT_TIMER_PROGRAM = (
    "import numpy, time; start = time.perf_counter(); import scipy.optimize; print(time.perf_counter() - start)"
)
TRY_COUNT = 5


def roughness(maps, shape):
    """Return the roughness of each of ``maps`` (n, cells) on a sheet of ``shape``: (n,), without constant maps."""
    cells = np.asarray(maps, np.float64)[maps.std(axis=1) > 0].reshape(-1, *shape)
    steps = [np.square(np.diff(cells, axis=axis)).reshape(len(cells), -1) for axis in (1, 2)]
    return np.concatenate(steps, axis=1).mean(axis=1) / (2 * cells.var(axis=(1, 2)))


def layout_at_once(*arguments):
    """Return the order, without the pauses."""
    steps = find_order(*arguments)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def print_roughness(network, digits, names):
    """Print roughness by class: a digit's (mean over the digits), then that of the mean map, for each order."""
    shape, half = sheet_shape(network.sizes[1]), len(digits.labels) // 2
    orders = {"file": np.arange(network.sizes[1]), "random": np.random.default_rng(0).permutation(network.sizes[1]),
              "by weights": layout_at_once(network, 0, shape), "by images": layout_at_once(network, 0, shape,
                                                                                           digits.images[:half])}
    maps, labels = network.forward(digits.images[half:]).activations[0], digits.labels[half:]
    print(f"| class | {' | '.join([f'digits, {name}' for name in orders] + [f'mean, {name}' for name in orders])} |")
    print("|---|" + "---:|" * 2 * len(orders))
    rows = []
    for number, name in enumerate(names):
        chosen = maps[labels == number]
        rows.append([roughness(part[:, order], shape).mean() for part in (chosen, chosen.mean(axis=0, keepdims=True))
                     for order in orders.values()])
        print(f"| {name} | {' | '.join(f'{figure:.2f}' for figure in rows[-1])} |")
    print(f"| all | {' | '.join(f'{figure:.2f}' for figure in np.mean(rows, axis=0))} |\n")


def layout_seconds(network, images):
    """Return the seconds of a whole arranging and of its longest step, at best of some tries."""
    tries = []
    for _ in range(TRY_COUNT):
        steps, taken, before = find_order(network, 0, sheet_shape(network.sizes[1]), images), [], time.perf_counter()
        for _ in steps:
            taken.append(-before + (before := time.perf_counter()))
        tries.append((sum(taken), max(taken)))
    return np.min(tries, axis=0)


def main(argv=None):
    """Measure and print the tables; return the exit status."""
    parser = Parser(prog="python -m benchmarks.neuron_layout", description="Measure how smooth arranged sheets are.")
    add_data_options(parser)
    options = parser.parse_args(argv)
    limit_threads(options.threads)
    network, dataset = storage.load(storage.find_weights()).network, load(options.dataset, options.data_dir)
    print(f"{dataset.name}, {network.architecture}\n")
    print_roughness(network, dataset.test, dataset.class_names)
    imports = [
        float(subprocess.run([sys.executable, "-c", IMPORT_TIMER_PROGRAM], check=True, capture_output=True).stdout)
        for _ in range(TRY_COUNT)
    ]
    print(f"import of scipy.optimize after numpy: {min(imports):.2f} s\n")
    print("| neurons | seconds | longest step ms |")
    print("|---:|---:|---:|")
    for count in (256, 1024, 2048):
        made = Network.random((dataset.test.images.shape[1], count, 10), rng=np.random.default_rng(0))
        total, longest = layout_seconds(made, dataset.test.images)
        print(f"| {count} | {total:.2f} | {1000 * longest:.0f} |")
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
