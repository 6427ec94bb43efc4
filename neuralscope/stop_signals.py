"""The signals that ask a program to stop: Ctrl-C, SIGTERM and the end of the terminal, each with its exit status.

There is one way to hear them. `raise_stopped` raises Stopped where the program is, so that what is open is closed;
`held_stops` lets it come to a place where what was learned can be kept. Only the first signal counts, and what was
ignored when the program began (as by ``nohup``) stays ignored. A handler of its own is set for each, for process 1 of a
container ignores what has none.
"""

import _thread
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

EXIT_STOPPED = 130  # by Ctrl-C
NAMES = "SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"  # Windows has no SIGHUP, and nobody else Ctrl-Break
STOP_SIGNALS = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
KEYBOARD_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name)]
SAME_WISH_S = 1.0  # a second signal within it means no more than the first
PATIENCE_S = 0.3  # a training that takes longer to stop is said to take a while
WINDOW_PATIENCE_S = 2.0  # and a window
RETRY_S = 0.01
AGAIN_TEXT = "stopping after this step, to keep what is learned; Ctrl-C again ends at once, without it"


class Stopped(KeyboardInterrupt):
    """A signal asked the program to stop: ``status`` is what it then exits with."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = exit_status(number)


def exit_status(number: int) -> int:
    """Return the exit status of a program that a signal stopped."""
    return EXIT_STOPPED if number in KEYBOARD_SIGNALS else 128 + number


class StopRequest:
    """Whether a signal has asked the program to stop, which is what a call returns, and which one: ``number``.

    ``act()`` is called when it comes, on the main thread; ``raised``: whether it went where it was as Stopped.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self.raised = self.is_lost = False
        self.act: Callable[[], object] = self.do_nothing

    def __call__(self) -> bool:
        return self.number is not None

    @property
    def status(self) -> int:
        """The exit status for it; 0 where nothing came."""
        return 0 if self.number is None else exit_status(self.number)

    def handle(self, number: int, _frame: object) -> None:
        """Hear a signal."""
        now = time.monotonic()
        if self.number is None:
            self.number, self.came = number, now
        elif now - self.came < SAME_WISH_S and not self.is_lost:
            return
        self.is_lost = False
        self.act()

    def do_nothing(self) -> None:
        """Wait until somebody asks."""

    def raise_stopped(self) -> None:
        """Raise Stopped, if anything came."""
        if self.number is not None:
            self.raised = True
            raise Stopped(self.number)

    def raise_again(self) -> None:
        """Raise Stopped once more in a moment, for what was raised in a destructor or a callback of C is lost."""
        number, main = signal.Signals(self.number or signal.SIGINT), threading.main_thread().ident or 0

        def later() -> None:
            time.sleep(RETRY_S)
            self.is_lost = True
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, number)  # also wakes it from a sleep
            else:
                _thread.interrupt_main(number)

        _thread.start_new_thread(later, ())  # threading's own locks may be held just now


program_request: StopRequest | None = None  # of the program that runs: signals are the process's


@contextmanager
def heard_stops() -> Iterator[StopRequest]:
    """Hear the signals from here on; yield the StopRequest of the program, which is one for all that is within."""
    global program_request
    if threading.current_thread() is not threading.main_thread():  # others hear none
        yield StopRequest()
        return
    outer = program_request
    request = program_request = outer or StopRequest()
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    ours = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    act = request.act
    try:
        for number in ours:
            signal.signal(number, request.handle)
        yield request
    finally:
        request.act = act
        if not outer:
            program_request = None
            for number in ours:
                if signal.getsignal(number) == request.handle:  # else it is ignored from here on
                    signal.signal(number, before[number])


@contextmanager
def held_stops(say: Callable[[str], object] | None = None, kept: Callable[[], str] = str,
               patience: float = PATIENCE_S) -> Iterator[StopRequest]:
    """Hold the signals back, and yield the StopRequest, which says whether one came.

    Where what is done within then takes longer than ``patience`` seconds, ``say(line)`` says so, whatever holds Python
    up; to press Ctrl-C again ends the program at once, and ``kept()`` says what is left of its work.
    """
    with heard_stops() as request:
        request.act = request.do_nothing
        if say is None or threading.current_thread() is not threading.main_thread():
            yield request
            return
        with answered_at_once(request, say, kept, patience):
            yield request


@contextmanager
def answered_at_once(request: StopRequest, say: Callable[[str], object], kept: Callable[[], str],
                     patience: float) -> Iterator[None]:
    """Let a thread answer signals: Python's own handlers wait until a product of matrices is done, maybe seconds."""
    import socket

    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before, is_over = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False), threading.Event()
    thread = threading.Thread(target=answer, args=(reader, is_over, say, kept, patience), name="signals", daemon=True)
    thread.start()
    if request():
        with suppress(OSError):
            writer.send(bytes([request.number or 0]))
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        is_over.set()
        writer.close()
        thread.join()
        reader.close()


def answer(reader: "socket.socket", is_over: threading.Event, say: Callable[[str], object],
           kept: Callable[[], str], patience: float) -> None:
    """Say that the first signal was heard, and end the program at one that comes later, by the keyboard."""
    came = None
    while number := next(iter(reader.recv(1)), 0):
        if number not in STOP_SIGNALS:
            continue
        if came is None:
            came = time.monotonic()
            if is_over.wait(patience):
                return
            say(AGAIN_TEXT)
        elif number in KEYBOARD_SIGNALS and time.monotonic() - came >= SAME_WISH_S:
            say("; ".join(filter(None, ("ended at once", kept()))))
            os._exit(exit_status(number))


@contextmanager
def quiet_when_stopped(request: StopRequest) -> Iterator[None]:
    """Let no Stopped be printed where C code cannot pass it on (a weak reference's callback, an import), nor be lost.
    """
    before = sys.unraisablehook, sys.excepthook

    def unraisable(hidden: "sys.UnraisableHookArgs") -> None:
        if issubclass(hidden.exc_type, Stopped):
            request.raise_again()
        else:
            before[0](hidden)

    def uncaught(kind: type[BaseException], error: BaseException, traceback: object) -> None:
        if not issubclass(kind, Stopped):
            before[1](kind, error, traceback)  # type: ignore[arg-type]

    sys.unraisablehook, sys.excepthook = unraisable, uncaught
    try:
        yield
    finally:
        sys.unraisablehook, sys.excepthook = before


def ignore_stops() -> None:
    """Ignore what comes from here on: in the interpreter's own end it would be a traceback."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
