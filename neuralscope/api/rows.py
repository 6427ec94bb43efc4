"""A caller's rows as a network takes them."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from neuralscope.array_data import dataset_from_arrays
from neuralscope.data_loader import Dataset
from neuralscope.datasets.array_inputs import as_rows, column_names, read_inputs
from neuralscope.datasets.array_labels import called_by_name, checked_names
from neuralscope.datasets.class_names import network_class_names
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.network.inputs import InputScale


def network_rows(sizes: Sequence[int], metadata: dict[str, Any], X: Any, y: Any,  # noqa: N803
                 described: dict[str, Any]) -> Dataset:
    """Return a caller's rows as a network of these ``sizes`` takes them; raises InputError where they do not fit."""
    inputs, outputs = sizes[0], max(sizes[-1], 2)  # one output tells two classes apart
    names = None if described["class_names"] is None else checked_names(described["class_names"])
    if names is not None and len(names) != outputs:
        raise InputError(f"class_names has {counted(len(names), 'name')}, and the network has "
                         f"{counted(outputs, 'class', 'classes')}", "give one name for each")
    count = as_rows(X, described["image_shape"], "X", column_names(X))[0].shape[1]
    if count != inputs:
        raise InputError(f"X has {counted(count, 'input')} a row, and the network takes {inputs:,}",
                         "give the rows that it takes")
    given: dict[str, Any] = {"image_shape": described["image_shape"] or metadata.get("image_shape"), "test_share": 1,
             "feature_names": described["feature_names"] or metadata.get("feature_names")}
    known = names if names is not None else network_class_names(metadata, outputs)
    if names is None:
        y = called_by_name(y, known)
    try:
        return dataset_from_arrays(X, y, class_names=known, **given)
    except InputError:
        if names is not None or metadata.get("class_names"):
            raise
        data = dataset_from_arrays(X, y, **given)  # words, where nobody said what the classes are called
        if len(data.class_names) != outputs or data.class_names[-1].isdecimal():
            raise
        words = f"classes are {', '.join(data.class_names)}, in this order" if outputs < 9 else "classes are in order"
        return dataclasses.replace(data, notice=sentence(data.notice, f"{words} (class_names= says another)"))


def own_scale(X: Any, data: Dataset) -> InputScale:  # noqa: N803
    """Return the scale on which X is, of the pixels of its Dataset."""
    inputs = read_inputs(X, data.image_shape, data.feature_names or None)
    return InputScale("as X has them", np.array(inputs.high - inputs.low), np.array(inputs.low))
