"""The process of its own in which a training runs for windows in the browser: what is done there.

It is told what to do over a pipe, and says over it what has changed: values, only the newest, and no more often than
POLL_INTERVAL_S. Where the other end is closed, nobody is left to learn for: what was learned is kept, and the process
ends.
"""

import signal
import time
from contextlib import suppress
from dataclasses import replace

from neuralscope.cli import limit_threads
from neuralscope.errors import InputError
from neuralscope.runs.snapshots import digits_sha256
from neuralscope.visualizer.live import launcher
from neuralscope.visualizer.live.protocol import TRAINING_FIELDS

POLL_INTERVAL_S = 0.03  # seconds between two looks at what has changed
OBSERVATION_INTERVAL_S = 0.2  # seconds between two TrainingObservations that are asked for, however many people look on
PIPE_CLOSED_ERRORS = EOFError, OSError  # what a pipe raises whose other end is closed, maybe within a message


def run_worker(pipe, setup, again, test_sha256):
    """Take the steps of the training of ``setup`` on the Dataset that ``again()`` loads, as the pipe says.

    First an InputError is sent, where there can be none. ``test_sha256``: the `digits_sha256` of the window's test
    digits.
    """
    def make(setup, again):
        with launcher.with_cause("there are no digits to learn from"):
            dataset = again()
            if digits_sha256(dataset.test) != test_sha256:
                raise InputError(f"{dataset.name} has changed since the window was opened", "start the program again")
        return launcher.make_training(setup, dataset)

    ended = handle_signals()
    limit_threads(setup.threads)
    starting, sender = launcher.Launcher(setup, again, None, make), None
    with suppress(*PIPE_CLOSED_ERRORS):
        while starting.thread.is_alive() and not ended:
            if pipe.poll(POLL_INTERVAL_S):
                pipe.recv()  # raises: nothing is said before there is a training
        if starting.error:
            pipe.send(starting.error)
        elif starting.training:
            sender = ChangeSender(starting.training, pipe)
            follow_commands(sender, ended)
    starting.abandon()
    if sender:
        with suppress(*PIPE_CLOSED_ERRORS):
            sender.send_changes()


def handle_signals():
    """Ignore Ctrl-C and the end of the terminal, which the window hears too; return a list that fills at SIGTERM."""
    ended = []
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):  # Windows has but one of them
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    return ended


class ChangeSender:
    """Says over ``pipe`` what has changed of a LiveTraining: a dict of what is in FACE, and of what was ``answered``.

    Of snapshots only those networks are sent that were not there before.
    """

    def __init__(self, training, pipe):
        """Begin with nothing said."""
        self.training, self.pipe, self.last_sent, self.answered = training, pipe, {}, 0

    def send_changes(self):
        """Say it."""
        now = {name: getattr(self.training, name) for name in TRAINING_FIELDS} | {"answered": self.answered}
        changed = {
            name: value for name, value in now.items() if name not in self.last_sent or self.last_sent[name] != value
        }
        if changed.get("snapshots"):
            before = self.last_sent.get("snapshots") or ()
            changed["snapshots"] = replace(now["snapshots"], networks=now["snapshots"].networks[len(before):])
        if changed:
            self.pipe.send(changed)
        self.last_sent = now


def follow_commands(sender, ended):
    """Do what the pipe says, until it is to close, or ``ended`` holds something."""
    training, wanted, due = sender.training, False, 0.0
    while not ended:
        sender.send_changes()
        if sender.pipe.poll(POLL_INTERVAL_S):
            name, *arguments = sender.pipe.recv()
            sender.answered += 1
            if name == "close":
                return
            if name == "learning_rate":
                training.learning_rate, = arguments
            elif name == "observe":
                wanted = True
            else:
                getattr(training, name)(*arguments)
        if wanted and time.monotonic() >= due:
            training.observe()
            wanted, due = False, time.monotonic() + OBSERVATION_INTERVAL_S
