"""Continuing a finished network, which has its weights and its history, but not what else its training needed."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.formatting import thousands
from neuralscope.network.storage import SavedNetwork
from neuralscope.network.trainer import Trainer
from neuralscope.network.trainer_state import CheckpointError
from neuralscope.runs.checkpoint import MACHINE_NAMES, check_history, load_to_continue, metadata_differences


def read_finished(path: Path, trainer: Trainer, expected: dict, column_names: Iterable[str]) -> SavedNetwork:
    """Return the SavedNetwork at ``path``, once ``trainer`` can go on with its weights for more epochs than it learned.

    ``expected``, ``column_names``: as for `read_checkpoint`; epochs, machine and version may be others, for the bytes
    are not those of one long training anyway. Raises CheckpointError where it cannot be, InputError where none is read.
    """
    saved = load_to_continue(path)
    found = metadata_differences(saved.metadata, expected, without=("epochs", *MACHINE_NAMES))
    if found:
        raise CheckpointError(f"{path}: was made with {'; '.join(found)}", "give the same again", "leave out --resume")
    epochs = epochs_of(saved.metadata)
    if trainer.options.epochs <= epochs:
        raise finished_error(path, epochs)
    if saved.network.architecture != trainer.working_network.architecture:
        raise CheckpointError(f"{path}: its network is not that of its options", option_remedy="leave out --resume")
    try:
        check_history(saved, column_names, trainer, epochs)
    except CheckpointError as error:
        raise error.prefixed(f"{path}: ") from error
    return saved


def epochs_of(metadata: dict) -> int:
    """Return how many epochs a file's network has learned."""
    return metadata.get("epochs_run", 0)


def finished_error(path: Path, epochs: int) -> InputError:
    """Return the InputError for a finished network that is to be continued for no more epochs."""
    return CheckpointError(f"{path}: has finished its {thousands(epochs)} epochs",
                           option_remedy="give more with --epochs, or leave out --resume")


def continued_state(trainer: Trainer, saved: SavedNetwork) -> dict[str, np.ndarray]:
    """Return the state from which a Trainer that has taken no step goes on with a finished network.

    The weights are the file's, the epoch is the next; the optimizer begins anew, and what is random with it: drawn from
    the seed and the epoch, so that it is not that of the epochs before, and the same each time.
    """
    epochs = epochs_of(saved.metadata)
    rng = np.random.default_rng([trainer.options.seed, epochs])
    order = rng.permutation(len(trainer.labels))
    parameters = np.concatenate([array.ravel() for array in saved.network.parameters.values()])
    return trainer.state | {"parameters": parameters, "epoch": np.array(epochs), "order": order,
                            "random": np.array(json.dumps(rng.bit_generator.state))}


def continuation_notice(path: Path, epochs: int, total: int) -> str:
    """Return a line on what is continued and what begins anew: a network of ``epochs`` epochs, to ``total``."""
    return (f"{path} has finished its {thousands(epochs)} epochs: goes on to {thousands(total)}, with the learning "
            "rate of their schedule; the optimizer begins anew, for the file does not hold its state")
