"""One step of learning on one image, and what it does to all others: what they gain, and what is forgotten for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neuralscope.analysis.ablation import ablate
from neuralscope.analysis.backprop import backpropagate
from neuralscope.errors import InputError
from neuralscope.network.evaluation import Answers, Evaluation
from neuralscope.network.functions import one_hot
from neuralscope.network.model import Network
from neuralscope.short_repr import short_repr


@dataclass(frozen=True, eq=False)
class ChangedAnswers:
    """What became of the answers to the same images: Answers ``before`` and ``after``."""

    before: Answers
    after: Answers
    __repr__ = short_repr

    @cached_property
    def changed(self) -> np.ndarray:
        """The indices of the images that are read otherwise, the surest answers first."""
        return self._surest_first(np.flatnonzero(self.before.predictions != self.after.predictions))

    def _surest_first(self, found):
        """Return indices of images in the order of how sure the answers ``after`` are."""
        sureness = self.after.outputs[found, self.after.predictions[found]]
        return found[np.argsort(-sureness, kind="stable")]


@dataclass(frozen=True, eq=False)
class FineTuningEffect(ChangedAnswers):
    """The same of labelled images, for which there are Evaluations."""

    before: Evaluation
    after: Evaluation
    __repr__ = short_repr

    @cached_property
    def forgotten(self) -> np.ndarray:
        """The indices of the images read rightly before and wrongly after, the surest answers first."""
        return self._flipped(self.before, self.after)

    @cached_property
    def learned(self) -> np.ndarray:
        """The indices of the images read wrongly before and rightly after, the surest answers first."""
        return self._flipped(self.after, self.before)

    def _flipped(self, right, wrong):
        """Return the indices of the images that are right in one Evaluation and wrong in the other."""
        return self._surest_first(np.flatnonzero(
            ~right.wrong & wrong.wrong))


def fine_tuned(network: Network, image: np.ndarray, label: int, learning_rate: float,
               ablated: Mapping[int, Collection[int]] | None = None) -> Network:
    """Return the network after one step of plain gradient descent on ``image`` (1, inputs) as class ``label``.

    ``ablated``: hidden layer -> neurons held at 0. The step is that of the network as it answers then; ablated
    neurons learn nothing: the weights into and out of them stay as they are. Raises InputError for a layer or neuron
    out of range, where there is more than one image, and where the step leads to weights that are no numbers.
    """
    image = network.as_batch(image)
    if len(image) != 1:
        raise InputError(f"a step is on one image, and these are {len(image):,}", "give images[i:i + 1]")
    ablated_network, targets = ablate(network, ablated or {}), one_hot([label], network.sizes[-1], network.dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # told below
        gradients = backpropagate(ablated_network, ablated_network.forward(image), targets, ablated).gradients
        parameters = {name: array - learning_rate * gradients[name] for name, array in network.parameters.items()}
    if not all(np.isfinite(array).all() for array in parameters.values()):
        raise overflow_error()
    return network.with_parameters(parameters)


def overflow_error() -> InputError:
    """Return the InputError for a step after which the network computes nothing any more."""
    return InputError("after this step the sums would be too large for any number", "choose a smaller learning rate",
                      joint=": ")
