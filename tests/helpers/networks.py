"""Networks that nobody trained: small ones in float64, any inside the shipped model, and snapshots of a training."""

import functools
from dataclasses import replace

import numpy as np

from neuralscope.network.evaluation import evaluate
from neuralscope.network.model import Network
from neuralscope.runs.digest import digits_sha256
from neuralscope.runs.snapshots import HISTORY_NAMES, Snapshots

DEPTHS = {1: (6, 4, 3), 2: (6, 5, 4, 3), 3: (6, 5, 4, 4, 3)}


def random_network(sizes, **names):
    rng = np.random.default_rng(2)
    net = Network.random(sizes, **names, rng=rng)
    return net.with_parameters({name: array + rng.normal(0, 0.1, array.shape)
                                for name, array in net.parameters.items()}).astype(np.float64)


def random_batch(count=5):
    rng = np.random.default_rng(1)
    return rng.random((count, 6)), rng.integers(0, 3, count)


def model_of(shipped, *hidden, classes=10, **names):
    """Return the shipped model with another, random network inside; ``names`` are those of its functions."""
    return replace(shipped, network=Network.random([784, *hidden, classes], **names, rng=np.random.default_rng(2)))


def snapshots_of(model, dataset, epochs=(0, 1, 2, 3, 6, 9, 12, 15)):
    """Return Snapshots of a training that never was: the network of ``model`` coming out of noise."""
    return _snapshots_of(model.network, dataset.test, tuple(epochs))


@functools.lru_cache(maxsize=4)
def _snapshots_of(network, digits, epochs):
    rng = np.random.default_rng(4)
    noise = {name: rng.normal(0, 0.2, array.shape) for name, array in network.parameters.items()}
    found = Snapshots("stand-in", np.empty(0, np.int64), np.empty((0, len(digits)), np.uint8),
                      {name: np.empty(0) for name in HISTORY_NAMES}, epochs[-1],
                      {"test_sha256": digits_sha256(digits)}, ())
    for place, epoch in enumerate(epochs):
        share = place / max(1, len(epochs) - 1)
        with np.errstate(over="ignore", invalid="ignore"):  # of a network that is not all numbers
            mixed = {name: share * array + (1 - share) * noise[name] for name, array in network.parameters.items()}
            small = network.with_parameters(mixed).astype(np.float16)
        answers = evaluate(small.astype(np.float32), digits.images, digits.labels).predictions
        found = found.with_snapshot(epoch, small, answers, {})
    return found
