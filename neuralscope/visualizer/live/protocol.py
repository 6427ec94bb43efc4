"""What a window sees of a training, wherever it runs: a Training, which always is in one TrainingState."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from neuralscope.network.options import TrainingOptions
from neuralscope.network.reports import EpochReport
from neuralscope.runs.snapshots import Snapshots
from neuralscope.visualizer.live.observation import TrainingObservation
from neuralscope.visualizer.live.phases import COMMAND_EVENTS, IDLE_PHASES, Command, Phase, next_phase


@dataclass(frozen=True, eq=False)
class TrainingState:
    """What a training had come to at one moment; nothing in it ever changes.

    ``steps`` are taken, ``pace``: steps a second, None: as many as there can be; ``learning_rate``, which the schedule
    multiplies. ``failure``: why it cannot go on, in words, or ""; ``notice``: what else should be known. ``latest``:
    the last TrainingObservation, ``report``: the last EpochReport, or None; ``snapshots``: of its epochs, or None.
    ``output``: the path that is to hold the network; ``metadata``: what its files say of data and options, and of
    changes on the way; ``checkpoint_epochs``: what its checkpoint holds, in words. ``kept_path``: the file that holds
    what was learned, once it is saved or closed.
    """

    phase: Phase
    steps: int
    pace: float | None
    learning_rate: float
    failure: str
    notice: str
    latest: TrainingObservation
    report: EpochReport | None
    snapshots: Snapshots | None
    output: Path
    metadata: dict
    checkpoint_epochs: str
    kept_path: Path | None
    options: TrainingOptions
    batch_size: int  # images a step
    test_count: int

    @property
    def steps_per_epoch(self):
        """Steps an epoch."""
        return self.latest.steps_per_epoch

    @property
    def total_steps(self):
        """Steps of all epochs."""
        return self.latest.epochs * self.latest.steps_per_epoch

    @property
    def running(self):
        """Whether it takes steps."""
        return self.phase is Phase.RUNNING

    @property
    def idle(self):
        """Whether nothing is at work."""
        return self.phase in IDLE_PHASES

    @property
    def finished(self):
        """Whether all steps are taken."""
        return self.steps >= self.total_steps

    @property
    def saved(self):
        """Whether the output is written."""
        return self.kept_path == self.output

    @property
    def closed(self):
        """Whether it has let go of its files."""
        return self.phase is Phase.CLOSED

    @property
    def ended(self):
        """Whether nothing more is to come."""
        return self.phase in (Phase.SAVED, Phase.FAILED, Phase.CLOSED)

    def after(self, event, **changes):
        """Return the state after an Event, or None, with what else has changed."""
        return replace(self, phase=next_phase(self.phase, event) if event else self.phase, **changes)

    def after_command(self, command, value=None):
        """Return the state once a Command is given; raises OptionError for a learning rate that cannot be."""
        changes = {"pace": value} if command is Command.SET_PACE else {}
        if command is Command.SET_LEARNING_RATE:
            changes["learning_rate"] = replace(self.options, learning_rate=value).learning_rate
        return self.after(COMMAND_EVENTS.get(command), **changes)

    def changes(self, before):
        """Return the fields, by name, that differ from those of a state ``before``, or None: all.

        Of snapshots only those networks that were not there before.
        """
        changed = {field.name: getattr(self, field.name) for field in fields(self)
                   if before is None or getattr(self, field.name) != getattr(before, field.name)}
        if "snapshots" in changed and before and before.snapshots:
            new = self.snapshots.networks[len(before.snapshots):]
            changed["snapshots"] = replace(self.snapshots, networks=new)
        return changed

    def with_changes(self, changed):
        """Return the state that has these `changes` to this one."""
        if "snapshots" in changed and self.snapshots:
            networks = self.snapshots.networks + changed["snapshots"].networks
            changed = changed | {"snapshots": replace(changed["snapshots"], networks=networks)}
        return replace(self, **changed)


@runtime_checkable
class Training(Protocol):
    """A training as a window sees it: on a thread, in another process, or in another reader's window."""

    read_only: str  # why it heeds nobody here, in words, or ""

    @property
    def state(self) -> TrainingState:
        """What it has come to."""

    def tell(self, command: Command, value=None) -> None:
        """Let it do something; raises OptionError for a learning rate that cannot be."""

    def close(self) -> Path | None:
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
