"""What a window sees of a training, wherever it runs: a Training, which always is in one TrainingState.

The phases and what leads from one to another stand in TRANSITIONS, for the training itself and for those who look at
it through a pipe.
"""

from dataclasses import dataclass, fields, replace
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from neuralscope.network.options import TrainingOptions
from neuralscope.network.trainer import EpochReport
from neuralscope.runs.snapshots import Snapshots
from neuralscope.visualizer.live.observation import TrainingObservation


class Phase(Enum):
    """How far a training is."""

    PAUSED = auto()  # nothing is at work
    RUNNING = auto()  # steps are taken
    PAUSING = auto()  # the last step that was wanted is at work, or being looked at
    WRITING = auto()  # all steps are taken, the output is being written
    UNWRITTEN = auto()  # which failed, and is tried again
    SAVED = auto()
    FAILED = auto()  # it cannot go on
    CLOSING = auto()  # what was learned is being kept
    CLOSED = auto()


class Event(Enum):
    """What leads from one phase to another."""

    GO = auto()  # the window tells it to take steps
    PAUSE = auto()
    CLOSE = auto()
    RESTED = auto()  # no step is wanted any more
    LEARNED = auto()  # the last step is taken
    WRITTEN = auto()
    NOT_WRITTEN = auto()
    FAILED = auto()
    CLOSED = auto()  # it lets go of its files
    PROCESS_ENDED = auto()


class Command(Enum):
    """What a window can tell a training; the value is the Event that this is, if it is one."""

    START = "start", Event.GO  # learn until it is paused, or to the end
    TAKE_STEP = "take_step", Event.GO  # one step, and no more
    TAKE_EPOCH = "take_epoch", Event.GO  # to the end of this epoch, and no further
    PAUSE = "pause", Event.PAUSE  # after the step at work
    OBSERVE = "observe", None  # ask for a new TrainingObservation, after the next step; at rest the last one is of now
    CHECK_GRADIENTS = "check_gradients", None  # ask for one with derivatives compared again
    SET_PACE = "set_pace", None  # so many steps a second from now on; None: as many as there can be
    SET_LEARNING_RATE = "set_learning_rate", None  # of the steps to come
    CLOSE = "close", Event.CLOSE


COMMANDED_EVENTS = {Event.GO, Event.PAUSE, Event.CLOSE}
STEPPING_PHASES = {Phase.PAUSED, Phase.RUNNING, Phase.PAUSING}  # steps can be taken
IDLE_PHASES = {Phase.PAUSED, Phase.UNWRITTEN, Phase.SAVED, Phase.FAILED, Phase.CLOSED}
TRANSITIONS = {  # for each event: in which phases it may come, and the phase after it
    Event.GO: (STEPPING_PHASES, Phase.RUNNING),
    Event.PAUSE: ({Phase.RUNNING, Phase.PAUSING}, Phase.PAUSING),
    Event.CLOSE: (STEPPING_PHASES, Phase.CLOSING),
    Event.RESTED: ({Phase.PAUSING}, Phase.PAUSED),
    Event.LEARNED: ({Phase.RUNNING, Phase.PAUSING, Phase.CLOSING}, Phase.WRITING),
    Event.WRITTEN: ({Phase.WRITING, Phase.UNWRITTEN}, Phase.SAVED),
    Event.NOT_WRITTEN: ({Phase.WRITING, Phase.UNWRITTEN}, Phase.UNWRITTEN),
    Event.FAILED: (STEPPING_PHASES | {Phase.WRITING, Phase.UNWRITTEN, Phase.CLOSING}, Phase.FAILED),
    Event.CLOSED: ({Phase.CLOSING, Phase.UNWRITTEN, Phase.SAVED, Phase.FAILED}, Phase.CLOSED),
    Event.PROCESS_ENDED: (set(Phase), Phase.CLOSED),
}


def next_phase(phase, event):
    """Return the phase after an event; what is told where it has no sense changes nothing, else it is a ValueError."""
    allowed, following = TRANSITIONS[event]
    if phase in allowed:
        return following
    if event in COMMANDED_EVENTS:
        return phase
    raise ValueError(f"{event} in {phase}")


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

    def told(self, command, value=None):
        """Return the state once a Command is given; raises OptionError for a learning rate that cannot be."""
        changes = {"pace": value} if command is Command.SET_PACE else {}
        if command is Command.SET_LEARNING_RATE:
            changes["learning_rate"] = replace(self.options, learning_rate=value).learning_rate
        return self.after(command.value[1], **changes)

    def changes(self, before):
        """Return the fields, by name, that differ from those of a state ``before``, or None: all.

        Of snapshots only those networks that were not there before.
        """
        now = {field.name: getattr(self, field.name) for field in fields(self)}
        if before is None:
            return now
        changed = {name: value for name, value in now.items() if getattr(before, name) != value}
        if "snapshots" in changed and before.snapshots:
            new = self.snapshots.networks[len(before.snapshots):]
            changed["snapshots"] = replace(self.snapshots, networks=new)
        return changed

    def with_changes(self, changed):
        """Return the state that has these `changes` to this one."""
        if "snapshots" in changed and self.snapshots:
            networks = self.snapshots.networks + changed["snapshots"].networks
            changed = changed | {"snapshots": replace(changed["snapshots"], networks=networks)}
        return replace(self, **changed)


class Training(Protocol):
    """A training as a window sees it: on a thread, in another process, or in another reader's window."""

    read_only: str  # why it heeds nobody here, in words, or ""

    @property
    def state(self) -> TrainingState:
        """What it has come to: always a whole value."""

    def tell(self, command: Command, value=None) -> None:
        """Let it do something; raises OptionError for a learning rate that cannot be."""

    def close(self) -> Path | None:
        """End, keep what was learned, and return the file that holds it, or what could be kept; None: there is none.
        """
