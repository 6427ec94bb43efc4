"""The data set that a saved network is looked at with: labels in its own order, parted as when it learned."""

import dataclasses
import os

from neuralscope.data_loader import Dataset, Digits, load
from neuralscope.datasets.class_names import network_class_names
from neuralscope.datasets.split import ALL_ROWS, LAST_ROWS, STRATIFIED, TEST_FILE, Split
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.network.storage import SavedNetwork
from neuralscope.runs.digest import is_digest_of


def load_network_data(saved: SavedNetwork, name: str | os.PathLike, data_dir: str | os.PathLike | None = None,
                      label_column: str | None = None) -> tuple[Dataset, bool]:
    """Return the Dataset ``name`` as a network takes it, and whether the network learned from its training part.

    A table is parted as it was then, where its training part is what the network learned from; of other data sets
    nobody asks, and the answer is False. Where the network learned from all its rows, the notice says so. Raises
    InputError where the network has other inputs or classes.
    """
    def loaded(split=None):
        data = load(name, data_dir, label_column, split)
        check_inputs(saved, data)
        return data.with_classes(network_class_names(saved.metadata, saved.network.sizes[-1]))

    data = loaded()
    if data.split is None or not data.test.has_labels:
        return data, False
    if learned_from(saved, data):
        return data, True
    known = Split.from_metadata(saved.metadata.get("split")) or Split(LAST_ROWS)  # as older versions parted them
    if known.kind != TEST_FILE and known != data.split:
        other = loaded(known)
        if learned_from(saved, other):
            return other, True
    if data.split.kind == STRATIFIED and saved.metadata.get("train_count") == len(data.train) + len(data.test) and (
            were_learned(saved, loaded(Split(ALL_ROWS)).test)):
        words = f"the network learned from all rows of {data.name}"
        data = dataclasses.replace(data, notice=sentence(data.notice, words))
    return data, False


def whole_table(saved: SavedNetwork, name: str | os.PathLike, label_column: str | None) -> Dataset:
    """Return a table that a network did not learn from with all its rows to judge; raises InputError.

    Also where all its rows are what the network learned from, so that nothing is left to judge by.
    """
    data = load(name, None, label_column, Split(ALL_ROWS))
    data = data.with_classes(network_class_names(saved.metadata, saved.network.sizes[-1]))
    if were_learned(saved, data.test):
        file = (Split.from_metadata(saved.metadata.get("split")) or Split()).file
        raise InputError(f"{saved.path}: learned from all rows of {data.name}",
                         f"put {file or 'its test file'} beside it, or judge it by other rows")
    return data


def learned_from(saved: SavedNetwork, data: Dataset) -> bool:
    """Whether a network learned from the training part of a table."""
    try:
        return were_learned(saved, data.train)
    except InputError:  # it has none
        return False


def were_learned(saved: SavedNetwork, digits: Digits) -> bool:
    """Whether these are the digits that a network learned from; the count is asked first, for digests take a while."""
    count = saved.metadata.get("train_count", len(digits))
    return count == len(digits) and is_digest_of(saved.metadata.get("train_sha256"), digits)


def check_inputs(saved: SavedNetwork, data: Dataset) -> None:
    """Raise InputError where a network takes pictures of another size, or cannot tell as many classes apart."""
    inputs, classes = saved.network.sizes[0], saved.network.sizes[-1]
    pixels, labels = data.test.pixels.shape[1], len(data.class_names)
    if inputs != pixels or (data.test.has_labels and labels > classes):
        raise InputError(f"{saved.path}: takes {counted(inputs, 'input')} to {counted(classes, 'class', 'classes')}, "
                         f"but {data.name} has {pixels} and {labels}",
                         option_remedy="choose other weights or another --dataset")
