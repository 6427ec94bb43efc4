"""``neuralscope.check``: what is wrong with a network, by what it does with images."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from neuralscope.checkup.checks import check_steps
from neuralscope.checkup.report import Report
from neuralscope.checkup.statistics import right_share
from neuralscope.checkup.study import CheckData, Steps, Study
from neuralscope.checkup.subject import data_of_arrays, make_study, open_network
from neuralscope.data_loader import Dataset
from neuralscope.formatting import counted


def check(model: Any, images: ArrayLike, labels: ArrayLike | None = None, *,
          train: tuple[ArrayLike, ArrayLike] | None = None, class_names: Sequence[str] | None = None,
          image_shape: tuple[int, int] | None = None, gradients: Mapping[str, ArrayLike] | None = None) -> Report:
    """Return the Report on a network: a line a check, with what mends it.

    ``model``: a Network, a SavedNetwork or a file's path. ``images``: (n, inputs) or (n, height, width), bytes or
    floats; ``labels``: (n,) whole numbers from 0. ``train``: images and labels that it learned. ``gradients``: of the
    mean loss over the images, by name (W1, b1, ...), to be compared with the right ones. Raises InputError.
    """
    network, name = open_network(model)
    data = data_of_arrays(images, labels, train, class_names, image_shape, network.sizes[-1])
    return run_checks(make_study(network, data, gradients), name)


def data_of_dataset(dataset: Dataset) -> CheckData:
    """Return the CheckData of a data set."""
    return CheckData(dataset.name, dataset.test, dataset.class_names, lambda: dataset.train, dataset.image_shape,
                     knows_ink=dataset.image_shape is not None)


def run_checks(study: Study, subject: str) -> Report:
    """Return the Report of all checks of a Study."""
    results = tuple(filter(None, check_steps(study)))
    return Report(subject, results, run_to_end(study_facts(study)))


def study_facts(study: Study) -> Steps:
    """Return what a report's head says of a network and its images: texts."""
    test, name = study.data.test, study.data.name
    facts = study.network.architecture, f"{counted(len(test), 'image')} of {name}" if name else (
        counted(len(test), "image"))
    if not test.has_labels:
        return facts
    right = yield from study.right()
    return *facts, f"{right_share(right)} right"


def run_to_end(steps: Steps) -> Any:
    """Return what small steps come to."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
