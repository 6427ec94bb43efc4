"""What a whole set of images does to a network: computed once, in parts short enough for a window to wait."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from neuralscope.analysis.ablation import NO_ANSWER, AblatedAnswers, SingleAblations, ablate, ablate_each
from neuralscope.analysis.neuron_profile import NeuronProfile, neuron_profile
from neuralscope.errors import InputError
from neuralscope.network.evaluation import CHUNK_IMAGES, Answers, Evaluation, answer, evaluate
from neuralscope.network.functions import check_index
from neuralscope.network.model import Network

BLOCK_NEURONS = 16  # neurons ablated in one part
MAX_PREPARED_WEIGHTS = 100_000  # weights after an inner layer all of whose neurons are ablated ahead of need


class TestSetAnalysis:
    """All that ``network`` does with ``images`` (count, inputs) and ``labels`` (count,), or None where there are none.

    What is asked for before it is there is computed then and there; ``steps`` prepares it in parts. Hidden layers are
    numbered from 0; every method that takes one raises InputError for a layer or neuron out of range.
    """

    def __init__(self, network: Network, images: np.ndarray, labels: np.ndarray | None) -> None:
        self.network, self.images, self.labels = network, images, labels
        self._activations = [np.empty((len(images), size), network.dtype) for size in network.sizes[1:-1]]
        self._images_done = 0  # images of which the activations are there
        self._answers: Answers | None = None
        self._ablated_predictions: dict[int, np.ndarray] = {}  # these three by hidden layer
        self._parts_done: dict[int, int] = {}
        self._single_ablations: dict[int, AblatedAnswers] = {}
        self._complete_layers: set[int] = set()  # hidden layers of which all answers are there
        self._neuron_profiles: dict[tuple[int, int], NeuronProfile] = {}

    def steps(self) -> Iterator[None]:
        """Do in parts of a few milliseconds what is not done yet, and yield after each.

        May be run more than once and in turns: all share what is done.
        """
        yield from self._compute_activations()
        if self._answers is None:
            self._answers = self._answer()
            yield
        for layer in reversed(range(len(self._activations))):  # the last one's cost least
            if self.prepares_single_ablations(layer):
                yield from self._compute_ablations(layer)

    def activations(self, layer: int) -> np.ndarray:
        """Return the activations of a hidden layer, (count, neurons)."""
        check_index(layer, len(self._activations), "hidden layer")
        run_to_end(self._compute_activations())
        return self._activations[layer]

    @property
    def evaluated(self) -> bool:
        """Whether ``answers`` are there without a wait."""
        return self._answers is not None

    @property
    def answers(self) -> Answers:
        """The Evaluation of the network; without labels its Answers."""
        if self._answers is None:
            run_to_end(self._compute_activations())
            self._answers = self._answer()
        return self._answers

    @property
    def evaluation(self) -> Evaluation:
        """The Evaluation of the network; raises InputError where there are no labels."""
        if not isinstance(self.answers, Evaluation):
            raise InputError("nothing can be counted as right or wrong", "name images with labels")
        return self.answers

    def has_single_ablations(self, layer: int) -> bool:
        """Whether ``single_ablations`` of a layer are there in a moment; those of an inner layer may take seconds."""
        return self._is_last(layer) or layer in self._complete_layers

    def prepares_single_ablations(self, layer: int) -> bool:
        """Whether ``steps`` computes the ``single_ablations`` of a layer: of a large inner one that takes minutes."""
        sizes = self.network.sizes
        return self._is_last(layer) or sizes[layer + 1] * sizes[layer + 2] <= MAX_PREPARED_WEIGHTS

    def single_ablations(self, layer: int) -> AblatedAnswers:
        """Return the SingleAblations of a hidden layer; without labels its AblatedAnswers."""
        check_index(layer, len(self._activations), "hidden layer")
        if layer not in self._single_ablations:
            run_to_end(self._compute_ablations(layer))
            before = np.where(self.answers.answered, self.answers.predictions, NO_ANSWER)
            answers = before, self._ablated_predictions[layer]
            self._single_ablations[layer] = (
                AblatedAnswers(*answers) if self.labels is None else SingleAblations(*answers, self.labels))
        return self._single_ablations[layer]

    def neuron_profile(self, layer: int, neuron: int) -> NeuronProfile:
        """Return the NeuronProfile of a neuron of a hidden layer; without labels by the classes that are read."""
        if (layer, neuron) not in self._neuron_profiles:
            classes = self.answers.predictions if self.labels is None else self.labels
            self._neuron_profiles[layer, neuron] = neuron_profile(
                self.network, layer, neuron, self.activations(layer), classes
            )
        return self._neuron_profiles[layer, neuron]

    def evaluate_ablated(self, ablated: Mapping[int, Collection[int]]) -> Answers:
        """Return the ``answers`` of ``ablate(network, ablated)``, from the first ablated layer's activations on."""
        network = ablate(self.network, ablated)
        if network is self.network:
            return self.answers
        layer = min(ablated)
        activations, held = self.activations(layer), list(ablated[layer])
        if not np.isfinite(activations[:, held]).all():  # what is no number stays none, times 0
            activations = activations.copy()
            activations[:, held] = 0
        return self._answers_of(Network(network.layers[layer + 1:]), activations)

    def _compute_activations(self) -> Iterator[None]:
        """Compute the activations that are not there, some images at a time."""
        while self._activations and self._images_done < len(self.images):
            part = slice(self._images_done, self._images_done + CHUNK_IMAGES)
            with np.errstate(over="ignore", invalid="ignore"):  # as in an evaluation, whose loss tells
                trace = self.network.forward(self.images[part])
            for stored, computed in zip(self._activations, trace.activations, strict=False):
                stored[part] = computed
            self._images_done = part.stop
            yield

    def _answer(self) -> Answers:
        """Return the ``answers`` of the last layer to what enters it."""
        return self._answers_of(Network(self.network.layers[-1:]),
                                self._activations[-1] if self._activations else self.images)

    def _answers_of(self, network: Network, inputs: np.ndarray) -> Answers:
        """Return the Evaluation of a network on its inputs; without labels its Answers."""
        if self.labels is None:
            return answer(network, inputs)
        return evaluate(network, inputs, self.labels)

    def _compute_ablations(self, layer: int) -> Iterator[None]:
        """Compute the answers without each neuron of a hidden layer that are not there, some neurons at a time.

        Of an inner layer also some images at a time: each takes what all layers after it take.
        """
        activations = self.activations(layer)
        count, neurons = activations.shape
        answers = self._ablated_predictions.setdefault(layer, np.empty((neurons, count), np.uint8))
        images = count if self._is_last(layer) else CHUNK_IMAGES
        parts = [(image, neuron) for image in range(0, count, images) for neuron in range(0, neurons, BLOCK_NEURONS)]
        while (done := self._parts_done.get(layer, 0)) < len(parts):
            image, neuron = parts[done]
            block, some = range(neuron, min(neuron + BLOCK_NEURONS, neurons)), slice(image, image + images)
            answers[block.start:block.stop, some] = ablate_each(self.network, layer, activations[some], block)
            self._parts_done[layer] = done + 1
            yield
        self._complete_layers.add(layer)

    def _is_last(self, layer: int) -> bool:
        return layer == len(self._activations) - 1


def run_to_end(parts: Iterator[None]) -> None:
    """Run a generator to its end."""
    for _ in parts:
        pass
