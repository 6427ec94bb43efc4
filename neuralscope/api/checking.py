"""``neuralscope.check``: what is wrong with a network, by what it does with rows as somebody feeds it with them."""

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from neuralscope.api.foreign import foreign_facts, keywords_named, read_foreign
from neuralscope.api.opening import open_network, own_network
from neuralscope.api.rows import network_rows
from neuralscope.api.training import Training
from neuralscope.cli import limit_threads
from neuralscope.data_loader import NO_LABEL, Dataset, Digits
from neuralscope.datasets.array_inputs import ArrayInputs, read_inputs
from neuralscope.datasets.array_labels import read_labels
from neuralscope.errors import InputError, print_line
from neuralscope.images.pixels import to_unit_range
from neuralscope.network.importers.choices import NO_SCALE, Choices, folded
from neuralscope.network.inputs import INPUT_SCALES, PLAIN_SCALE, InputScale
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork

if TYPE_CHECKING:
    from neuralscope.checkup.report import Report

BEFORE_FEEDING = ("scale", "transposed")  # what rows are fed in, which the check-up judges, so that nothing settles it


def check(model: Any = None, X: Any = None, y: Any = None, X_test: Any = None, y_test: Any = None, *,  # noqa: N803
          train: tuple[Any, Any] | None = None, class_names: Sequence[Any] | None = None,
          image_shape: tuple[int, int] | None = None, feature_names: Sequence[str] | None = None,
          gradients: Mapping[str, ArrayLike] | None = None, activation: str | None = None, output: str | None = None,
          layout: str | None = None) -> "Report":
    """Return the Report on a network: a line a check, with what mends it; a notebook shows it, ``print`` writes it.

    ``model``: as `show` takes it. ``X`` and ``y``: rows as the network is fed with them, and what they are, as
    `dataset_from_arrays` takes them; their scale and which way round pictures are is what is checked. Only a Network
    and a file of NeuralScope get bytes as 0 to 1; what ``train`` returned and an estimator read X as they learned it.
    Without X: the rows that ``train`` kept for the test, or MNIST's test digits. What it learned is ``train``, a pair
    (X, y), or X and y themselves where ``X_test`` and ``y_test`` are given. ``gradients``: of the mean loss over the
    rows, by name (W1, b1, ...), to be compared with the right ones. ``activation``, ``output``, ``layout``: what
    arrays from elsewhere leave open. Raises InputError.
    """
    if X_test is not None:
        if train is not None:
            raise InputError("both train and X_test are given", "give one of the two")
        train, X, y = (X, y), X_test, y_test  # noqa: N806
    elif y_test is not None:
        raise InputError("y_test has no rows", "give X_test")
    choices = Choices(activation, output, None, None, layout)
    described = {"class_names": class_names, "image_shape": image_shape, "feature_names": feature_names}
    with limit_threads(1):
        if X is None:
            return check_learned(model, described, choices, gradients)
        return check_rows(model, X, y, train, described, choices, gradients)


def check_learned(model: Any, described: dict[str, Any], choices: Choices,
                  gradients: Mapping[str, ArrayLike] | None) -> "Report":
    """Return the Report on what a model learned itself, or on MNIST."""
    from neuralscope.checkup.network_check import check_saved

    given = {field.name: value for field in dataclasses.fields(choices)
             if (value := getattr(choices, field.name)) is not None}
    saved, dataset, notice = open_network(model, **described, **given)
    tell(notice)
    return check_saved(saved, dataset.prepared(saved.metadata.get("preparation")), gradients)


def check_rows(model: Any, X: Any, y: Any, train: tuple[Any, Any] | None, described: dict[str, Any],  # noqa: N803
               choices: Choices, gradients: Mapping[str, ArrayLike] | None) -> "Report":
    """Return the Report on a model that is fed X."""
    from neuralscope.checkup.folded import Folded
    from neuralscope.checkup.network_check import run_checks
    from neuralscope.checkup.subject import make_study

    saved, _ = own_network(model)
    foreign, path = (None, saved.path) if saved else read_foreign(model, X, described["image_shape"], choices.layout)
    sizes, known = (saved.network.sizes, saved.metadata) if saved else foreign_facts(foreign)
    dataset = network_rows(sizes, known, X, y, described)
    inputs = read_inputs(X, dataset.image_shape, dataset.feature_names or None)
    fed = fed_scale(model, saved, X, inputs)
    with keywords_named():
        network, undecided, notice = (saved.network, (), "") if saved else settled_network(foreign, dataset, fed,
                                                                                           choices)
    tell(notice)
    data = check_data(dataset, inputs, fed, train)
    return run_checks(make_study(network, data, gradients, Folded(undecided=undecided)), path.name)


def tell(notice: str) -> None:
    """Say what was assumed, in a line."""
    if notice:
        print_line(f"neuralscope: {notice}", file=sys.stderr)


def fed_scale(model: Any, saved: SavedNetwork | None, X: Any, inputs: ArrayInputs) -> InputScale:  # noqa: N803
    """Return the scale in which a model gets the ink of X: numbers as they are, but for what reads X itself."""
    reads_itself = isinstance(model, Training) or (hasattr(model, "network_") and saved is not None)
    is_bytes = saved is not None and getattr(X, "dtype", None) == np.uint8
    if reads_itself or is_bytes:
        return INPUT_SCALES[PLAIN_SCALE](inputs.pixels)
    return InputScale(f"{inputs.low:g}..{inputs.high:g}", np.array(inputs.high - inputs.low), np.array(inputs.low))


def check_data(dataset: Dataset, inputs: ArrayInputs, fed: InputScale, train: tuple[Any, Any] | None) -> Any:
    """Return the CheckData of rows, and of those that were learned; raises InputError."""
    from neuralscope.checkup.study import CheckData

    read_train = None
    if train is not None:
        pixels = inputs.read(train[0]).astype(np.float32)
        labels = np.full(len(pixels), NO_LABEL)
        if train[1] is not None:
            labels, _ = read_labels(train[1], len(pixels), dataset.class_names, "the training y")
        digits = Digits(pixels, labels)
        read_train = partial(lambda digits: digits, digits)
    return CheckData("", dataset.test, dataset.class_names, read_train, dataset.image_shape, fed,
                     dataset.image_shape is not None)


def settled_network(foreign: Any, dataset: Dataset, fed: InputScale,
                    choices: Choices) -> tuple[Network, tuple[str, ...], str]:
    """Return a network from elsewhere as it is fed, the names of what stays undecided, and what was assumed."""
    from neuralscope.network.importers.settle import settle
    from neuralscope.network.importers.text import undecided_names, unscaled_text

    as_fed = foreign.scale or NO_SCALE
    if dataset.test.has_labels:
        settled = settle_by_rows(foreign, dataset, fed, choices)
    else:
        settled = settle(foreign, choices=dataclasses.replace(choices, scale=as_fed, transposed_images=False))
    reading = dataclasses.replace(settled.reading, scale=as_fed, transposed=False)
    network = folded(settled.foreign, reading, settled.network.layers[-1].activation)
    undecided = tuple(name for name in undecided_names(settled) if name not in BEFORE_FEEDING)
    return network, undecided, unscaled_text(settled)


def settle_by_rows(foreign: Any, dataset: Dataset, fed: InputScale, choices: Choices) -> Any:
    """Return the Settled network by the first scale and way round in which it clearly reads the rows; else the best.

    Of these no more is taken than what the network itself leaves open: how it should be fed is the check-up's to say.
    """
    from neuralscope.checkup.opening import OTHER_WAYS, reads
    from neuralscope.checkup.pictures import turned
    from neuralscope.network.importers.settle import settle

    shape, pixels = dataset.image_shape, to_unit_range(dataset.test.pixels)
    trials: list[tuple[InputScale | None, Any]] = [(foreign.scale or fed, None), (foreign.scale, None)]
    trials += [(foreign.scale, partial(turned, way, shape)) for way in OTHER_WAYS] if shape else []
    found = []
    for scale, turn in trials:
        images = turn(pixels) if turn else pixels
        settled = settle(foreign, images, dataset.test.labels, dataclasses.replace(choices, scale=scale))
        if reads(settled.network, dataset.test, turn):
            return settled
        found.append(settled)
    return max(found, key=lambda settled: settled.accuracy or 0)
