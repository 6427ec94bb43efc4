"""Whether a checkpoint can be continued: of the same options, data and program, and whole."""

import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from neuralscope.data_loader import Dataset
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.network import nonfinite, storage, trainer_state
from neuralscope.network.options import option_flag
from neuralscope.network.storage import SavedNetwork
from neuralscope.network.trainer import Trainer
from neuralscope.network.trainer_state import CheckpointError
from neuralscope.runs.digest import is_float32_digest_of

MACHINE_NAMES = "threads", "neuralscope", "numpy"  # on which the bytes depend


def read_checkpoint(path: Path, trainer: Trainer, expected: dict, column_names: Iterable[str]) -> SavedNetwork:
    """Return the SavedNetwork at ``path``, once ``trainer`` can continue it.

    ``expected``: the metadata of this training; ``column_names``: the names of the history's columns. Raises
    CheckpointError where there is none, or one of another training, InputError where it cannot be read.
    """
    if not os.path.exists(path):
        raise CheckpointError(f"{path}: no such checkpoint to continue", option_remedy="leave out --resume")
    saved = load_to_continue(path)
    found = metadata_differences(saved.metadata, expected)
    if found:
        raise CheckpointError(f"{path}: was made with {'; '.join(found)}", "give the same again", "leave out --resume")
    try:
        trainer_state.check_state(trainer, saved.state)
        check_history(saved, column_names, trainer, int(saved.state["epoch"]))
    except CheckpointError as error:
        raise error.prefixed(f"{path}: ") from error
    return saved


def load_to_continue(path: Path) -> SavedNetwork:
    """Return the SavedNetwork at ``path``, once its weights are numbers to learn from; raises InputError."""
    saved = storage.load(path)
    if damage := nonfinite.locate(saved.network):
        raise InputError(f"{path}: {nonfinite.text(damage)}, and no training can go on from there",
                         "train anew", "leave out --resume")
    return saved


def older_digests(path: Path, data: Dataset, current: dict) -> dict[str, str]:
    """Return the digests that what is to be continued has of this data, but as they were once made: of float32.

    ``current``: the metadata with the digests as they are made now.
    """
    try:
        metadata = storage.load_metadata(path)
    except (InputError, OSError):  # `read_checkpoint` and `read_finished` say so
        return {}
    return {name: metadata[name] for name, part in (("train_sha256", data.train), ("test_sha256", data.test))
            if metadata.get(name) != current[name] and is_float32_digest_of(metadata.get(name), part)}


def metadata_differences(metadata: dict, expected: dict, without: Collection[str] = ()) -> list[str]:
    """Return in words what in ``metadata`` is not as ``expected`` says; ``without``: what may differ."""
    options, wanted = metadata.get("options", {}), expected["options"]
    found = [f"{option_flag(name)} {json.dumps(options.get(name)):.40}, not {wanted[name]}"
             for name in wanted if options.get(name) != wanted[name] and name not in without]
    found += [f"{name} {json.dumps(metadata.get(name)):.40}, not {expected.get(name)}"
              for name in ("dataset", "train_count", "split", *MACHINE_NAMES)
              if metadata.get(name) != expected.get(name) and name not in without]
    return found + [f"other {part} images" for name, part in (("train_sha256", "training"), ("test_sha256", "test"))
                    if metadata.get(name) != expected[name]]


def check_history(saved: SavedNetwork, column_names: Iterable[str], trainer: Trainer, epochs: int) -> None:
    """Raise CheckpointError where the history in a file is not that of so many epochs of this training.

    ``column_names``: those that it may have. The seconds are not in a finished file, nor in what continues one.
    """
    wanted = {name for name in column_names if name != "validation_accuracy" or trainer.options.validation}
    if set(saved.history) - {"seconds"} != (wanted - {"seconds"} if epochs else set()) or any(
            len(column) != epochs for column in saved.history.values()):
        raise CheckpointError(f"its history is not that of {counted(epochs, 'epoch')}",
                              option_remedy="start again without --resume")
