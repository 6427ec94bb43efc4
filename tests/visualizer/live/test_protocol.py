"""The state of a training: what follows from it, what is told, and what of it crosses a pipe."""

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from neuralscope.network.options import OptionError, TrainingOptions
from neuralscope.runs.snapshots import Snapshots
from neuralscope.visualizer.live.phases import Command, Event, Phase
from neuralscope.visualizer.live.protocol import TrainingState


@pytest.fixture
def state():
    """Return a state at rest, of a training of two epochs of four steps."""
    values = dict.fromkeys(field.name for field in fields(TrainingState)) | {
        "phase": Phase.PAUSED, "steps": 3, "failure": "", "notice": "", "learning_rate": 0.5, "output": Path("a.npz"),
        "options": TrainingOptions(weight_decay=0.5), "latest": SimpleNamespace(epochs=2, steps_per_epoch=4)}
    return TrainingState(**values)


def snapshots_of(count):
    """Return so many snapshots; they hold no networks, but objects to count."""
    return Snapshots(Path("a.epochs.npz"), np.arange(count), None, {}, 0, {}, tuple(range(count)))


@pytest.mark.parametrize(("phase", "running", "idle", "ended"), [
    ("PAUSED", False, True, False), ("RUNNING", True, False, False), ("PAUSING", False, False, False),
    ("WRITING", False, False, False), ("UNWRITTEN", False, True, False), ("SAVED", False, True, True),
    ("FAILED", False, True, True), ("CLOSING", False, False, False), ("CLOSED", False, True, True)])
def test_a_phase_says_what_is_at_work_and_whether_anything_is_to_come(state, phase, running, idle, ended):
    now = replace(state, phase=Phase[phase])
    assert (now.running, now.idle, now.ended, now.closed) == (running, idle, ended, phase == "CLOSED")


def test_steps_and_paths_say_what_is_finished_and_what_is_saved(state):
    assert (state.finished, state.saved, state.total_steps) == (False, False, 8)
    assert replace(state, steps=8).finished
    assert not replace(state, kept_path=Path("a.checkpoint.npz")).saved
    assert replace(state, kept_path=Path("a.npz")).saved


def test_what_is_told_is_in_the_next_state_and_a_wrong_rate_in_none(state):
    assert [state.after_command(command).phase.name for command in (Command.START, Command.PAUSE, Command.CLOSE)] == [
        "RUNNING", "PAUSED", "CLOSING"]
    assert state.after_command(Command.SET_PACE, 5).pace == 5
    assert state.after_command(Command.SET_LEARNING_RATE, 1.5).learning_rate == 1.5
    for rate in (-1.0, "fast", 2.0):  # 2 x 0.5: nothing would be left of the weights
        with pytest.raises(OptionError):
            state.after_command(Command.SET_LEARNING_RATE, rate)
    assert (state.phase, state.pace, state.learning_rate) == (Phase.PAUSED, None, 0.5)


def test_of_a_state_only_what_changed_crosses_over_and_only_new_networks(state):
    first = replace(state, snapshots=snapshots_of(2))
    assert set(first.changes(None)) == {field.name for field in fields(TrainingState)}
    assert first.changes(first) == {}
    second = first.after(Event.GO, steps=4, snapshots=snapshots_of(3))
    changes = second.changes(first)
    assert (set(changes), changes["snapshots"].networks) == ({"phase", "steps", "snapshots"}, (2,))
    joined = first.with_changes(changes)
    assert (joined.phase, joined.steps, joined.snapshots.networks) == (Phase.RUNNING, 4, (0, 1, 2))
    begun = state.with_changes(first.changes(state))
    assert begun.snapshots.networks == (0, 1)
