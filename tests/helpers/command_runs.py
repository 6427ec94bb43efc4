"""``python -m neuralscope.network`` in this process: a few quick steps, refused, or stopped."""

import os
import signal
from pathlib import Path

import pytest

from neuralscope.errors import InputError
from neuralscope.network import Trainer
from neuralscope.network.__main__ import main

QUICK = ["--dataset", "digits", "--hidden", "12", "--batch-size", "250", "--augment", "none"]  # six steps an epoch


def train(*words):
    """Train so; return the exit status."""
    return main([*QUICK, *words])


def refusal(*words):
    """Return the line that a person reads after a training that is refused."""
    with pytest.raises(InputError) as caught:
        train(*words)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def train_and_stop(steps, *words):
    """Train so, and press Ctrl-C before the step after this many."""
    learn, count = Trainer.learn, iter(range(10**6))

    def press(self, images, labels):
        if next(count) == steps:
            signal.raise_signal(signal.SIGINT)
        return learn(self, images, labels)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "learn", press)
        return train(*words)


def files():
    """Return the names of all that is in the current folder."""
    return sorted(os.listdir())


def train_once(folder, *words):
    """Leave what such a training leaves in ``folder`` in the current one too; it is trained the first time alone."""
    if not folder.exists():
        folder.mkdir()
        train(*words, "--quiet", "--output", str(folder / "trained_weights.npz"))
    for path in folder.iterdir():
        Path(path.name).write_bytes(path.read_bytes())
