"""The phases of a training, what a window can tell it, and the one table of what leads from phase to phase."""

from enum import Enum, auto


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
    """What a window can tell a training."""

    START = auto()  # learn until it is paused, or to the end
    TAKE_STEP = auto()  # one step, and no more
    TAKE_EPOCH = auto()  # to the end of this epoch, and no further
    PAUSE = auto()  # after the step at work
    OBSERVE = auto()  # ask for a new TrainingObservation, after the next step; at rest the last one is of now
    CHECK_GRADIENTS = auto()  # ask for one with derivatives compared again
    SET_PACE = auto()  # so many steps a second from now on; None: as many as there can be
    SET_LEARNING_RATE = auto()  # of the steps to come
    CLOSE = auto()


COMMAND_EVENTS = {Command.START: Event.GO, Command.TAKE_STEP: Event.GO, Command.TAKE_EPOCH: Event.GO,
                  Command.PAUSE: Event.PAUSE, Command.CLOSE: Event.CLOSE}
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
    if event in COMMAND_EVENTS.values():
        return phase
    raise ValueError(f"{event} in {phase}")
