"""Networks for check-ups: one that learned the embedded digits well, and data whose two parts are alike."""

import dataclasses

import numpy as np
import pytest

from neuralscope.checkup.network_check import data_of_dataset, run_checks
from neuralscope.checkup.subject import make_study
from neuralscope.data_loader import Digits
from neuralscope.network import Trainer, TrainingOptions


@pytest.fixture(scope="session")
def mixed(embedded):
    """Return the embedded digits with every third one to test, so that both parts are by the same writers."""
    pixels = np.concatenate([embedded.train.pixels, embedded.test.pixels])
    labels = np.concatenate([embedded.train.labels, embedded.test.labels])
    tested = np.arange(len(labels)) % 3 == 0
    train = Digits(pixels[~tested], labels[~tested])
    return dataclasses.replace(embedded, test=Digits(pixels[tested], labels[tested]), read_train=lambda: train)


@pytest.fixture(scope="session")
def learn(mixed):
    """Return a function that trains a small network on images and labels, by default the digits'."""
    def learn(images=None, labels=None, **options):
        images = mixed.train.images if images is None else np.ascontiguousarray(images)
        labels = mixed.train.labels if labels is None else labels
        options = TrainingOptions(**{"hidden": (32,), "epochs": 10, "optimizer": "momentum", "learning_rate": 0.1,
                                     "augment": "none", "batch_size": 50, **options})
        rng = np.random.default_rng(0)
        trainer = Trainer(options.network(images.shape[1], 10, rng), Digits(images, labels), mixed.test, options, rng)
        for _ in range(options.epochs):
            report = trainer.finish_epoch()
        return report.network

    return learn


@pytest.fixture(scope="session")
def good(learn):
    """Return a network without a fault."""
    return learn()


@pytest.fixture(scope="session")
def check_data(mixed):
    """Return the CheckData of the digits, which keeps what was learned of them."""
    return data_of_dataset(mixed)


@pytest.fixture(scope="session")
def examine(check_data):
    """Return a function that checks a network on the digits; other fields of their CheckData may be given."""
    def examine(network, gradients=None, **changes):
        data = dataclasses.replace(check_data, **changes) if changes else check_data
        return run_checks(make_study(network, data, gradients), "my_net.npz")

    return examine
