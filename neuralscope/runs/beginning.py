"""What a training begins with: digits whose labels are known, a random network, and what its file will say of both."""

import dataclasses
from pathlib import Path

import numpy as np

from neuralscope import __version__
from neuralscope.data_loader import Dataset
from neuralscope.errors import InputError
from neuralscope.network.inputs import PLAIN_SCALE
from neuralscope.network.metadata import check_writable
from neuralscope.network.options import TrainingOptions
from neuralscope.network.trainer import Trainer
from neuralscope.runs.checkpoint import older_digests
from neuralscope.runs.digest import digits_sha256


def check_labels(data: Dataset) -> None:
    """Raise InputError where nobody said what the digits of a Dataset show; reading them may say it first."""
    if not (data.train.has_labels and data.test.has_labels):
        raise no_labels_error(data)


def no_labels_error(data: Dataset) -> InputError:
    """Return the InputError for a training on a Dataset of which nobody said what its digits show."""
    return InputError(f"{data.name} has no labels to learn from", "choose a data set with labels")


def training_metadata(data: Dataset, options: TrainingOptions, threads: int, resume: Path | None = None) -> dict:
    """Return what the metadata says of a training before it began; ``data`` is a Dataset. Raises InputError.

    ``resume``: what it is to continue, a checkpoint or a network, whose digests of the same data stay as they are.
    """
    if not data.name.isprintable():
        raise InputError(f"--dataset {data.name!r}: a file cannot say that it learned from this", "rename the data")
    chosen = dataclasses.asdict(options) | {"hidden": list(options.hidden)}  # JSON knows no tuples
    metadata = {
        "dataset": data.name,
        "source": data.source,
        "train_count": len(data.train.labels),
        "train_sha256": digits_sha256(data.train),
        "test_sha256": digits_sha256(data.test),
        "options": chosen,
        "class_names": list(data.class_names),
        "inputs": {"scale": PLAIN_SCALE, "transposed": False},
        "threads": threads,
        "neuralscope": __version__,
        "numpy": np.__version__,
    }
    if data.image_shape:
        metadata["image_shape"] = list(data.image_shape)
    if data.feature_names:
        metadata["feature_names"] = list(data.feature_names)
    if data.split:
        metadata["split"] = data.split.as_metadata()
    check_writable(metadata)
    return metadata | older_digests(resume, data, metadata) if resume else metadata


def make_trainer(options: TrainingOptions, data: Dataset) -> Trainer:
    """Return a Trainer for a Dataset with a random network, both from the seed."""
    rng = np.random.default_rng(options.seed)
    network = options.network(data.train.pixels.shape[1], len(data.class_names), rng)
    return Trainer(network, data.train, data.test, options, rng)
