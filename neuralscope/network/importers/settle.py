"""What a file leaves open is found by reading labelled training images with each choice."""

from dataclasses import dataclass, fields, replace
from itertools import product

import numpy as np

from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.network.evaluation import mcnemar_p
from neuralscope.network.functions import ACTIVATIONS, HEADS, sigmoid
from neuralscope.network.importers.choices import (
    NO_CHOICES,
    Choices,
    Reading,
    folded,
    parse_scale,
    picture_order,
    with_two_outputs,
)
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.trials import Trial, comparable, finalists, stratified_rows, try_readings
from neuralscope.network.inputs import INPUT_SCALES, InputScale, images_alike
from neuralscope.network.model import Network
from neuralscope.short_repr import short_repr

SAMPLE_IMAGES = 1000  # labelled training images that each choice reads
UNDECIDED_P = 0.01  # of McNemar's test between the two best: above it they may be equally good
# By how much the mean outputs may be off the classes' shares, summed; and within which accuracy of the best no other
# reading's may be off by less. Without these two, 4 of 144 networks of scikit-learn were read wrongly and surely.
MAX_ANSWER_BIAS, BIAS_MARGIN = 0.15, 0.05
NOUNS = {"activation": "the hidden activation", "scale": "the scale of the inputs",
         "transposed": "whether pictures are transposed", "other_layout": "which way round square weights lie",
         "biases_first": "which row the biases are"}
MIN_RENAMED = 0.5  # the share read rightly from which on answers tell classes apart, if only under other names
SIGMOID_SUM_ERROR = 0.2  # mean |sum - 1| of sigmoid outputs that were trained to be 1 for one class and 0 for the rest


class LeftOpenError(InputError):
    """A network that leaves open what only labelled images tell, and there are none: ``names``, of Reading's fields."""

    def __init__(self, names: list[str]) -> None:
        """Say what is open."""
        self.names = names
        super().__init__(f"leaves open {', '.join(NOUNS[name] for name in names)}, and there are no labelled images to "
                         "find it by")


@dataclass(frozen=True, eq=False)
class Settled:
    """A Network from elsewhere, in float32, and how sure it is that it is meant so.

    ``foreign``: as it was read, with two outputs at least; ``reading``: what was taken, with its ``accuracy`` on
    ``count`` images, both None where nothing was tried. ``equals``: Readings that answer all of them alike; ``others``:
    the rest with their accuracies, the best first. ``decided``: whether the best is better than all others by far;
    ``open``: those of the others that may be meant as well. ``renamed``: the accuracy by the best permutation of the
    classes, of a network that reads no better than chance without, or None. ``output_assumed``:
    whether nothing tells softmax from sigmoid, which give the same order.
    """

    network: Network
    foreign: ForeignNetwork
    reading: Reading
    accuracy: float | None = None
    count: int = 0
    equals: tuple[Reading, ...] = ()
    others: tuple[tuple[Reading, float], ...] = ()
    decided: bool = True
    open: tuple[Reading, ...] = ()
    renamed: float | None = None
    output_assumed: bool = False
    __repr__ = short_repr

    def exact_network(self) -> Network:
        """Return the network in float64."""
        return folded(self.foreign, self.reading, self.network.layers[-1].activation, np.float64)


def settle(foreign: ForeignNetwork, images: np.ndarray | None = None, labels: np.ndarray | None = None,
           choices: Choices = NO_CHOICES) -> Settled:
    """Return the Settled network of what was read, by training ``images`` (n, inputs) and ``labels`` (n,).

    ``images``: in [0, 1], or uint8 of 0..255; without them all that is open must be in ``choices``. Raises InputError
    where it is not, or the network cannot read these images.
    """
    if foreign.layers[-1].weights.shape[1] == 1:
        foreign, choices = with_two_outputs(foreign), replace(choices, output=None)
    check_fit(foreign, images, labels)
    readings = open_readings(foreign, images, choices)
    if images is None or labels is None:
        if len(readings) > 1:
            raise LeftOpenError(open_names(readings))
        output, assumed = output_function(foreign, choices, None)
        return Settled(folded(foreign, readings[0], output), foreign, readings[0], output_assumed=assumed)
    rows = stratified_rows(labels, SAMPLE_IMAGES)
    sample = np.asarray(images[rows], np.float32) / np.float32(255 if images.dtype == np.uint8 else 1)
    readings = finalists(foreign, readings, sample, labels[rows])
    trials = list(try_readings(foreign, readings, sample, labels[rows]))
    return settled_by(trials, labels[rows], foreign, choices)


def settled_by(trials: list[Trial], labels: np.ndarray, foreign: ForeignNetwork, choices: Choices) -> Settled:
    """Return the Settled network of the best Trial, or of the plainest that is as good."""
    rights, is_renamed = comparable(trials, labels)
    best = max(rights, key=np.mean)
    rivals = [trial for trial, right in zip(trials, rights, strict=True) if mcnemar_p(best, right) > UNDECIDED_P]
    renamed = float(best.mean()) if is_renamed and best.mean() > MIN_RENAMED else None
    taken = (rivals if renamed else trials)[0] if is_renamed else plainest(rivals, labels, foreign, choices)
    alike = [trial for trial in trials if trial is not taken and (trial.predictions == taken.predictions).all()]
    rest = sorted((trial for trial in trials if trial is not taken and trial not in alike),
                  key=lambda trial: -trial.accuracy)
    output, assumed = output_function(foreign, choices, taken.sums)
    bias = answer_bias(taken.sums, output, labels)
    is_clear = not is_renamed and bias <= MAX_ANSWER_BIAS
    may_be = [trial for trial in rest if trial in rivals or not is_clear or (
        trial.accuracy > taken.accuracy - BIAS_MARGIN and answer_bias(trial.sums, output, labels) <= bias)]
    return Settled(
        folded(foreign, taken.reading, output), foreign, taken.reading, taken.accuracy, len(labels),
        tuple(trial.reading for trial in alike), tuple((trial.reading, trial.accuracy) for trial in rest),
        len(trials) == 1 or (is_clear and not may_be), tuple(trial.reading for trial in may_be), renamed, assumed)


def plainest(rivals: list[Trial], labels: np.ndarray, foreign: ForeignNetwork, choices: Choices) -> Trial:
    """Return the first of Trials that read equally well whose outputs say about as much.

    A wrong scale may leave the order of the outputs as it is, and make them nearly equal: its squared error is that of
    equal outputs then, not that of the best.
    """
    output, _ = output_function(foreign, choices, max(rivals, key=lambda trial: trial.accuracy).sums)
    targets = np.eye(rivals[0].sums.shape[1])[labels]
    with np.errstate(all="ignore"):
        errors = [np.mean((HEADS[output].value(trial.sums.astype(np.float64)) - targets)**2) for trial in rivals]
    errors = np.nan_to_num(errors, nan=np.inf)
    limit = max(errors.min(), (errors.min() + np.mean((targets.mean(axis=1, keepdims=True) - targets)**2)) / 2)
    return rivals[int(np.argmax(errors <= limit))]


def check_fit(foreign: ForeignNetwork, images: np.ndarray | None, labels: np.ndarray | None) -> None:
    """Raise InputError where a network cannot read these images, or has no output for a label."""
    inputs, outputs = len(foreign.layers[0].weights), foreign.layers[-1].weights.shape[1]
    if images is not None and images.shape[1] != inputs:
        raise InputError(f"takes {counted(inputs, 'input')}, but the images have {images.shape[1]:,}",
                         "choose other data or another network")
    if images is None or labels is None:
        return
    if len(images) != len(labels):
        raise InputError(f"there are {counted(len(images), 'image')}, but {counted(len(labels), 'label')}")
    if not len(labels):
        raise InputError("there are no labelled images")
    if labels.min() < 0 or labels.max() >= outputs:
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise InputError(f"has {counted(outputs, 'output')}, but there is the label {wrong}",
                         "choose other data or another network")


def open_readings(foreign: ForeignNetwork, images: np.ndarray | None, choices: Choices) -> list[Reading]:
    """Return all Readings that are open, the plainest first."""
    layers = foreign.layers
    is_open = any(layer.activation is None for layer in layers[:-1])
    names = [*ACTIVATIONS] if is_open else [next(iter(ACTIVATIONS))]
    activations = [choices.activation] if choices.activation else names
    order = picture_order(len(layers[0].weights), foreign.image_shape)
    turned = [choices.transposed_images] if choices.transposed_images is not None else [False, True][
        :1 if order is None else 2]
    if order is None and choices.transposed_images:
        raise InputError(f"has {len(layers[0].weights)} inputs, which are no square pictures to transpose")
    flipped = [False, True] if any(layer.may_be_transposed for layer in layers) else [False]
    if choices.layout and len(flipped) > 1:
        flipped = [choices.layout != foreign.layout]
    first = [False, True] if any(layer.biases_may_be_first for layer in layers) else [False]
    return [Reading(*parts) for parts in product(activations, open_scales(foreign, images, choices), turned, flipped,
                                                 first)]


def open_scales(foreign: ForeignNetwork, images: np.ndarray | None, choices: Choices) -> list[InputScale]:
    """Return the scales that are open; raises InputError where a given one takes images, and there are none."""
    if foreign.scale is not None and choices.scale is None:
        return [foreign.scale]
    scale = parse_scale(choices.scale) if isinstance(choices.scale, str) else choices.scale
    if isinstance(scale, InputScale):
        return [scale]
    names = [scale] if scale else [*INPUT_SCALES]
    if images is None:
        images = np.full((1, len(foreign.layers[0].weights)), np.nan)
    alike = images_alike(images) if len(names) > 1 else images
    made = [INPUT_SCALES[name](alike) for name in names]
    if scale and not np.isfinite(made[0].factor).all():
        raise InputError(f"the scale {scale!r} is that of training images, and there are none", "give MEAN,DEVIATION")
    return made if scale or foreign.file_scale is None else [foreign.file_scale, *made]


def open_names(readings: list[Reading]) -> list[str]:
    """Return the names of what differs between Readings."""
    first = readings[0]
    return [entry.name for entry in fields(Reading)
            if any(getattr(reading, entry.name) is not getattr(first, entry.name) for reading in readings)]


def answer_bias(sums: np.ndarray, output: str, labels: np.ndarray) -> float:
    """Return how far the mean outputs are from the shares of the classes, summed over these.

    The biases of the outputs learn the shares first; a network that is read wrongly may still answer some classes well.
    """
    with np.errstate(all="ignore"):
        outputs = HEADS[output].value(sums.astype(np.float64)).mean(axis=0)
    return float(np.abs(outputs - np.bincount(labels, minlength=len(outputs)) / len(labels)).sum())


def output_function(foreign: ForeignNetwork, choices: Choices, sums: np.ndarray | None) -> tuple[str, bool]:
    """Return the output's name in HEADS, and whether that is assumed.

    Sigmoids that learned to be 1 for one class and 0 for the rest sum to 1 nearly; those of scores for a softmax do
    not.
    """
    known = choices.output or foreign.layers[-1].activation
    if known:
        return known, False
    if sums is None:
        return "softmax", True
    with np.errstate(all="ignore"):
        error = np.abs(sigmoid(sums.astype(np.float64)).sum(axis=1) - 1).mean()
    return ("sigmoid", False) if error < SIGMOID_SUM_ERROR else ("softmax", True)
