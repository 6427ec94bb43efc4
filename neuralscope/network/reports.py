"""What a Trainer is given and what it says: labelled images, a report for each step and epoch, why it cannot go on."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.model import Network
from neuralscope.short_repr import short_repr


class DivergenceError(InputError):
    """The loss is no longer a finite number from ``location`` on; ``suggested_rate``: a learning rate to try."""

    def __init__(self, location: str, suggested_rate: float) -> None:
        super().__init__(f"the loss is no longer a number ({location})", joint=": ", option_remedy=(
            f"start again and learn slower, for example with --learning-rate {suggested_rate:.2g}"))
        self.location, self.suggested_rate = location, suggested_rate


class LabelledImages(Protocol):
    """What a Trainer learns, as ``data_loader.Digits`` is: ``pixels`` (count, inputs) and ``labels`` (count,)."""

    @property
    def pixels(self) -> np.ndarray:
        """The images, uint8 of 0..255 or float32 in [0, 1]."""

    @property
    def labels(self) -> np.ndarray:
        """The class of each image, from 0."""


@dataclass(frozen=True)
class StepReport:
    """One step: its number, from 1 and through all epochs, and the mean loss of its batch before it was learned."""

    step: int
    loss: float


@dataclass(frozen=True, eq=False)
class EpochReport:
    """One epoch, numbered from 1.

    ``loss`` and ``train_accuracy`` are means over the epoch's images as they were learned, so by networks younger
    than ``network``, which is the one at its end. ``validation_accuracy`` is None where nothing was held back.
    Accuracies are 0 to 1; ``seconds`` count the learning alone.
    """

    epoch: int
    loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    validation_accuracy: float | None
    seconds: float
    network: Network
    __repr__ = short_repr
