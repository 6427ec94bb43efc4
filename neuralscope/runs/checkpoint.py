"""Whether a checkpoint can be continued: of the same options, data and program, and whole."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from neuralscope.data_loader import Dataset
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.network import storage, trainer_state
from neuralscope.network.options import option_flag
from neuralscope.network.storage import SavedNetwork
from neuralscope.network.trainer import Trainer
from neuralscope.network.trainer_state import CheckpointError
from neuralscope.runs.digest import is_float32_digest_of


def read_checkpoint(path: Path, trainer: Trainer, expected: dict, column_names: Iterable[str]) -> SavedNetwork:
    """Return the SavedNetwork at ``path``, once ``trainer`` can continue it.

    ``expected``: the metadata of this training; ``column_names``: the names of the history's columns. Raises
    CheckpointError where there is none, or one of another training, InputError where it cannot be read.
    """
    if not os.path.exists(path):
        raise CheckpointError(f"{path}: no such checkpoint to continue", option_remedy="leave out --resume")
    saved = storage.load(path)
    found = metadata_differences(saved.metadata, expected)
    if found:
        raise CheckpointError(f"{path}: was made with {'; '.join(found)}", "give the same again", "leave out --resume")
    try:
        trainer_state.check_state(trainer, saved.state)
        check_history(saved, [name for name in column_names
                              if name != "validation_accuracy" or trainer.options.validation])
    except CheckpointError as error:
        raise error.prefixed(f"{path}: ") from error
    return saved


def older_digests(path: Path, data: Dataset, current: dict) -> dict[str, str]:
    """Return the digests in a checkpoint's metadata that are of this data, but as they were once made: of float32.

    ``current``: the metadata with the digests as they are made now.
    """
    try:
        metadata = storage.load_checkpoint_metadata(path)
    except (InputError, OSError):  # `read_checkpoint` says so
        return {}
    return {name: metadata[name] for name, part in (("train_sha256", data.train), ("test_sha256", data.test))
            if metadata.get(name) != current[name] and is_float32_digest_of(metadata.get(name), part)}


def metadata_differences(metadata: dict, expected: dict) -> list[str]:
    """Return in words what in ``metadata`` is not as ``expected`` says."""
    options, wanted = metadata.get("options", {}), expected["options"]
    found = [f"{option_flag(name)} {json.dumps(options.get(name)):.40}, not {wanted[name]}"
             for name in wanted if options.get(name) != wanted[name]]
    found += [f"{name} {json.dumps(metadata.get(name)):.40}, not {expected.get(name)}"
              for name in ("dataset", "train_count", "split", "threads", "neuralscope", "numpy")
              if metadata.get(name) != expected.get(name)]
    return found + [f"other {part} images" for name, part in (("train_sha256", "training"), ("test_sha256", "test"))
                    if metadata.get(name) != expected[name]]


def check_history(saved: SavedNetwork, measured: Iterable[str]) -> None:
    """Raise CheckpointError where a checkpoint's history is not that of its epochs."""
    epochs = int(saved.state["epoch"])
    if set(saved.history) != set(measured if epochs else ()) or any(
            len(column) != epochs for column in saved.history.values()):
        raise CheckpointError(f"its history is not that of {counted(epochs, 'epoch')}",
                              option_remedy="start again without --resume")
