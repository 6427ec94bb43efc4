"""The process of its own in which a training runs for windows in the browser: what is done there.

It is told what to do over a pipe, a Command and its value at a time, and says over it how many it has done and what has
changed of its TrainingState, no more often than POLL_INTERVAL_S. Where the other end is closed, nobody is left to learn
for: what was learned is kept, and the process ends.
"""

import signal
import time
from contextlib import suppress

from neuralscope.cli import limit_threads
from neuralscope.errors import InputError
from neuralscope.runs.digest import digits_sha256
from neuralscope.stop_signals import ignore_stops
from neuralscope.visualizer.live import launcher
from neuralscope.visualizer.live.phases import Command

POLL_INTERVAL_S = 0.03  # seconds between two looks at what has changed
OBSERVATION_INTERVAL_S = 0.2  # seconds between two TrainingObservations that are asked for, however many people look on
PIPE_CLOSED_ERRORS = EOFError, OSError  # what a pipe raises whose other end is closed, maybe within a message


def run_worker(pipe, setup, reload, test_sha256):
    """Take the steps of the training of ``setup`` on the Dataset that ``reload()`` loads, as the pipe says.

    First an InputError is sent, where there can be none. ``test_sha256``: the `digits_sha256` of the window's test
    digits.
    """
    def make(setup, reload):
        with launcher.with_cause("there are no digits to learn from"):
            dataset = reload()
            if digits_sha256(dataset.test) != test_sha256:
                raise InputError(f"{dataset.name} has changed since the window was opened", "start the program again")
        return launcher.make_training(setup, dataset)

    ended = handle_signals()
    limit_threads(setup.threads)
    starting, sender = launcher.Launcher(setup, reload, make), None
    with suppress(*PIPE_CLOSED_ERRORS):
        while not (starting.done or ended):
            if pipe.poll(POLL_INTERVAL_S):
                pipe.recv()  # raises: nothing is said before there is a training
        if starting.error:
            pipe.send(starting.error)
        elif starting.value:
            sender = ChangeSender(starting.value, pipe)
            follow_commands(sender, ended)
    starting.abandon()
    if sender:
        with suppress(*PIPE_CLOSED_ERRORS):
            sender.send_changes()


def handle_signals():
    """Ignore Ctrl-C and the end of the terminal, which the window hears too; return a list that fills at SIGTERM."""
    ended = []
    ignore_stops()
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    return ended


class ChangeSender:
    """Says over ``pipe`` how many Commands are ``answered``, and what has changed of the state of a LiveTraining."""

    def __init__(self, training, pipe):
        """Begin with nothing said."""
        self.training, self.pipe, self.answered, self.last_sent = training, pipe, 0, (None, None)

    def send_changes(self):
        """Say it, where there is anything."""
        answered, state = self.answered, self.training.state
        changes = state.changes(self.last_sent[1])
        if changes or answered != self.last_sent[0]:
            self.pipe.send((answered, changes))
        self.last_sent = answered, state


def follow_commands(sender, ended):
    """Do what the pipe says, until it is to close, or ``ended`` holds something."""
    training, wanted, due = sender.training, False, 0.0
    while not ended:
        sender.send_changes()
        if sender.pipe.poll(POLL_INTERVAL_S):
            command, value = sender.pipe.recv()
            sender.answered += 1
            if command is Command.CLOSE:
                return
            if command is Command.OBSERVE:
                wanted = True
            else:
                training.tell(command, value)
        if wanted and time.monotonic() >= due:
            training.tell(Command.OBSERVE)
            wanted, due = False, time.monotonic() + OBSERVATION_INTERVAL_S
