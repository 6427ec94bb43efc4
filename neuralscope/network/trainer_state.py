"""All of a Trainer that a checkpoint holds, so that another one continues to the same bytes."""

import json
from typing import Any

import numpy as np

from neuralscope.errors import InputError

POSITION_NAMES = ("epoch", "position", "correct", "loss_sum", "seconds", "learning_rate", "warp_seed")


class CheckpointError(InputError):
    """A checkpoint that this training cannot continue."""


def read_state(trainer: Any) -> dict[str, np.ndarray]:
    """Return a Trainer's state: arrays by name, copied; of parameters in the order of the pictures' pixels."""
    restore, outputs = trainer.pixel_order.restore_row, trainer.working_network.sizes[1]
    state = {"parameters": restore(trainer.parameters, outputs), "order": trainer.order.copy(),
             "random": np.array(json.dumps(trainer.rng.bit_generator.state))}
    state |= {f"optimizer_{name}": restore(array, outputs) if array.ndim else array.copy()
              for name, array in trainer.update.state.items()}
    return state | {name: np.array(getattr(trainer, name)) for name in POSITION_NAMES}


def restore_state(trainer: Any, state: dict[str, np.ndarray]) -> None:
    """Let a Trainer continue where ``state`` was read; raises InputError, with nothing changed, where it is none."""
    random = check_state(trainer, state)
    sort, outputs = trainer.pixel_order.sort_row, trainer.working_network.sizes[1]
    trainer.parameters[:] = sort(state["parameters"], outputs)
    trainer.rng.bit_generator.state = random
    for name, array in trainer.update.state.items():
        stored = state[f"optimizer_{name}"]
        array[...] = sort(stored, outputs) if array.ndim else stored
    for name in POSITION_NAMES:
        setattr(trainer, name, state[name].item())
    trainer.start_epoch(state["order"].copy())


def check_state(trainer: Any, state: dict[str, np.ndarray]) -> dict:
    """Return the random generator's part of a state, once a Trainer can continue all of it; raises InputError."""
    for name, ours in read_state(trainer).items():
        array: Any = state.get(name)
        fits = array is not None and array.shape == ours.shape and (
            array.dtype == ours.dtype or array.dtype.kind == ours.dtype.kind == "U")  # texts differ in length
        if not fits or (array.dtype.kind == "f" and not np.isfinite(array).all()):
            raise misfit_error(name)
    count, position = len(trainer.order), state["position"]
    if (np.sort(state["order"]) != np.arange(count)).any():
        raise misfit_error("order")
    ranges = {"epoch": (0, trainer.options.epochs), "position": (0, count), "correct": (0, position),
              "loss_sum": (0, np.inf), "seconds": (0, np.inf), "learning_rate": (0, np.inf), "warp_seed": (0, np.inf)}
    for name, (low, high) in ranges.items():
        if not low <= state[name] <= high:
            raise misfit_error(name)
    if position % trainer.batch_size and position != count:
        raise misfit_error("position")
    if (state.get("optimizer_square", np.zeros(1)) < 0).any():  # Adam takes its root
        raise misfit_error("optimizer_square")
    steps = state["epoch"] * trainer.steps_per_epoch - (-position // trainer.batch_size)
    missed = steps - state.get("optimizer_steps", steps)  # whole epochs before a finished network was continued
    if missed < 0 or missed % trainer.steps_per_epoch:
        raise misfit_error("optimizer_steps")
    return random_state(trainer, state)


def random_state(trainer: Any, state: dict[str, np.ndarray]) -> dict:
    """Return what a Trainer's random generator can continue from; raises InputError."""
    try:
        random = json.loads(state["random"].item())
        probe = type(trainer.rng.bit_generator)()
        probe.state = random
        if probe.state != random:  # NumPy before 1.25 takes some numbers for others
            raise misfit_error("random")
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise misfit_error("random") from None
    return random


def misfit_error(name: str) -> CheckpointError:
    """Return the CheckpointError for a part of a state that no training like this one can have."""
    return CheckpointError(f"the checkpoint's array {name} does not fit this training",
                           option_remedy="start again without --resume")
