"""All checks of a network, by what it does with images."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from neuralscope.checkup.checks import check_steps
from neuralscope.checkup.folded import Folded
from neuralscope.checkup.report import Report
from neuralscope.checkup.statistics import right_share
from neuralscope.checkup.study import CheckData, Steps, Study
from neuralscope.checkup.subject import make_study
from neuralscope.data_loader import Dataset
from neuralscope.formatting import counted
from neuralscope.network.storage import SavedNetwork


def check_saved(saved: SavedNetwork, dataset: Dataset, gradients: Mapping[str, ArrayLike] | None = None) -> Report:
    """Return the Report on a network on the test part of a data set, prepared as it takes it; raises InputError."""
    folded = Folded.from_metadata(saved.metadata)
    return run_checks(make_study(saved.network, data_of_dataset(dataset), gradients, folded), saved.path.name)


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
    facts = study.network.architecture, f"{counted(len(test), study.data.noun)} of {name}" if name else (
        counted(len(test), study.data.noun))
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
