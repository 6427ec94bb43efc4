"""How a training starts: a Trainer for its options and data, the network and all that is random from one seed."""

import numpy as np

from neuralscope.network.training import Trainer


def make_trainer(options, data):
    """Return a Trainer for a Dataset with a random network, both from the seed."""
    rng = np.random.default_rng(options.seed)
    network = options.network(data.train.images.shape[1], len(data.class_names), rng)
    return Trainer(network, data.train, data.test, options, rng)


def room(trainer):
    """Return how many bytes a training's files take at most: the output, and a checkpoint: four times and order."""
    return 5 * trainer.parameters.nbytes + 16 * len(trainer.labels)
