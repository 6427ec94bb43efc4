"""The process of its own in which a training runs for windows in the browser: what is done there.

It is told what to do over a pipe, and says over it what has changed: values, only the newest, and no more often than
BEAT. Where the other end is closed, nobody is left to learn for: what was learned is kept, and the process ends.
"""

import signal
import time
from contextlib import suppress
from dataclasses import replace

from neuralscope.cli import limit_threads
from neuralscope.errors import InputError
from neuralscope.runs.snapshots import digest
from neuralscope.visualizer.live import launcher
from neuralscope.visualizer.live.protocol import FACE

BEAT = 0.03  # seconds between two looks at what has changed
REST = 0.2  # seconds between two Moments that are asked for, however many people look on
GONE = EOFError, OSError  # what a pipe raises whose other end is closed, maybe within a message


def work(pipe, plan, again, test_sha256):
    """Take the steps of the training of ``plan`` on the Dataset that ``again()`` loads, as the pipe says.

    First an InputError is sent, where there can be none. ``test_sha256``: the `digest` of the window's test digits.
    """
    def make(plan, again):
        with launcher.said("there are no digits to learn from"):
            dataset = again()
            if digest(dataset.test) != test_sha256:
                raise InputError(f"{dataset.name} has changed since the window was opened; start the program again")
        return launcher.make(plan, dataset)

    ended = heed_signals()
    limit_threads(plan.threads)
    begun, teller = launcher.Launch(plan, again, None, make), None
    with suppress(*GONE):
        while begun.thread.is_alive() and not ended:
            if pipe.poll(BEAT):
                pipe.recv()  # raises: nothing is said before there is a training
        if begun.error:
            pipe.send(begun.error)
        elif begun.training:
            teller = Teller(begun.training, pipe)
            obey(teller, ended)
    begun.abandon()
    if teller:
        with suppress(*GONE):
            teller.tell()


def heed_signals():
    """Ignore Ctrl-C and the end of the terminal, which the window hears too; return a list that fills at SIGTERM."""
    ended = []
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):  # Windows has but one of them
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    return ended


class Teller:
    """Says over ``pipe`` what has changed of a LiveTraining: a dict of what is in FACE, and of what was ``answered``.

    Of snapshots only those networks are sent that were not there before.
    """

    def __init__(self, training, pipe):
        """Begin with nothing said."""
        self.training, self.pipe, self.known, self.answered = training, pipe, {}, 0

    def tell(self):
        """Say it."""
        now = {name: getattr(self.training, name) for name in FACE} | {"answered": self.answered}
        changed = {name: value for name, value in now.items() if name not in self.known or self.known[name] != value}
        if changed.get("snapshots"):
            before = self.known.get("snapshots") or ()
            changed["snapshots"] = replace(now["snapshots"], networks=now["snapshots"].networks[len(before):])
        if changed:
            self.pipe.send(changed)
        self.known = now


def obey(teller, ended):
    """Do what the pipe says, until it is to close, or ``ended`` holds something."""
    training, wanted, due = teller.training, False, 0.0
    while not ended:
        teller.tell()
        if teller.pipe.poll(BEAT):
            name, *arguments = teller.pipe.recv()
            teller.answered += 1
            if name == "close":
                return
            if name == "learning_rate":
                training.learning_rate, = arguments
            elif name == "look":
                wanted = True
            else:
                getattr(training, name)(*arguments)
        if wanted and time.monotonic() >= due:
            training.look()
            wanted, due = False, time.monotonic() + REST
