"""What the programs have in common: shared options, exit statuses and the words for bad input."""

import argparse
import gc
import io
import math
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from neuralscope import __version__
from neuralscope.errors import InputError, print_line, printable
from neuralscope.safe_files import write_failure
from neuralscope.stop_signals import EXIT_STOPPED, Stopped, heard_stops, ignore_stops, quiet_when_stopped

EXIT_DONE, EXIT_BAD_INPUT = 0, 2
MAX_THREADS = 1024
NUMBER_NOUNS = {int: "a whole number", float: "a number"}

DISPATCHER = "neuralscope.__main__"  # the module that runs what the first word says


class Subcommand(NamedTuple):
    """A program: the module that it is, whose ``main(argv)`` returns the exit status, and in a line what it does."""

    module: str
    summary: str


SUBCOMMANDS = {
    "train": Subcommand("neuralscope.network.__main__", "train a network, show progress, and save it; or evaluate one"),
    "open": Subcommand("neuralscope.visualizer.__main__", "open the window on a network, here or in the browser"),
    "predict": Subcommand("neuralscope.predict", "say what the network reads in pictures, a line each"),
    "check": Subcommand("neuralscope.checkup.__main__", "say what is wrong with a network, and what mends it"),
    "export": Subcommand("neuralscope.export", "write a network for another program: as JSON, ONNX and others"),
}


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, about numbers too, and which tells the version."""

    def __init__(self, **options):
        """Begin with ``--version``."""
        super().__init__(**options)
        self.add_argument("--version", action="version", version=f"neuralscope {__version__}",
                          help="show program's version number and exit")

    def add_argument(self, *names, **settings):
        """Add an option as argparse does; ``type`` may be int or float."""
        if settings.get("type") in NUMBER_NOUNS:
            settings["type"] = number_reader(settings["type"])
        return super().add_argument(*names, **settings)

    def error(self, message):
        """Say what is wrong and exit with 2."""
        problem = printable(message.removeprefix("argument "))
        self.exit(EXIT_BAD_INPUT, f"{program_name()}: {problem} (--help lists the options)\n")

    def parse_args(self, args=None, namespace=None):
        """Return what is asked for; a file whose name begins as an option's does is told how to be spelled."""
        found, unknown = self.parse_known_args(args, namespace)
        for name in unknown:
            if name.startswith("-") and os.path.lexists(name):
                self.error(f"{name}: is taken for an option; to name the file, write {os.path.join('.', name)}")
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found


def add_data_options(parser):
    """Add ``--dataset`` and what goes with it, and ``--threads``, which the programs have that load a data set."""
    parser.add_argument("--dataset", default="auto", metavar="NAME",
                        help="auto, mnist, fashion_mnist, kmnist, digits, FILE.csv or another table, or FOLDER "
                             "(default: auto, which is MNIST where it can be had and the embedded digits elsewhere)")
    add_label_column_option(parser)
    parser.add_argument("--data-dir", metavar="DIR",
                        help="folder with the data set's four files (default: $NEURALSCOPE_DATA_DIR)")
    add_threads_option(parser)


def add_label_column_option(parser):
    """Add ``--label-column``, which every program has that reads tables."""
    parser.add_argument("--label-column", metavar="COLUMN",
                        help="name of the column of a table that holds the labels, or its number: 1 is the first, -1 "
                             "the last (default: the one that its names or values say)")


def add_threads_option(parser):
    """Add ``--threads``, which every program has."""
    parser.add_argument("--threads", type=thread_count, default=1, metavar="N",
                        help="threads for matrix products (default: 1, which is the faster on a busy machine)")


def number_reader(kind, low=None, high=None):
    """Return a function that reads an int or a float from ``low`` to ``high``, for argparse."""
    ends = "" if low is None else f" of at least {low}" if high is None else f" from {low} to {high}"

    def read(text):
        try:
            number = kind(text)
        except ValueError:
            number = math.nan
        if not (-math.inf if low is None else low) <= number <= (math.inf if high is None else high):
            raise argparse.ArgumentTypeError(f"{text!r}: choose {NUMBER_NOUNS[kind]}{ends}")
        return number

    return read


thread_count = number_reader(int, 1, MAX_THREADS)


@contextmanager
def pause_garbage_collection():
    """Collect no garbage inside, and never look again at what is there at the end.

    Hundreds of imports leave no garbage, and to look for it takes a tenth of their time, now or later.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()


def limit_threads(count):
    """Let BLAS use at most ``count`` threads from here on, or inside ``with limit_threads(count):`` alone."""
    import numpy  # noqa: F401  threadpoolctl sees only what is loaded
    import threadpoolctl

    return threadpoolctl.threadpool_limits(count, user_api="blas")


def run_program(main):
    """Run ``main() -> exit status`` and exit with it; bad input gets one line and 2, Ctrl-C 130.

    SIGTERM gets 143 and SIGHUP 129. Standard output that cannot be written is bad input too.
    """
    sys.stdout, sys.stderr = StandardOutput.wrap(sys.stdout), StandardError.wrap(sys.stderr)
    with heard_stops() as stop, quiet_when_stopped(stop):
        try:
            stop.act = stop.raise_stopped
            status = guarded_status(main, stop)
            stop.act = stop.do_nothing
        except Stopped as error:  # it came while what ended the program was said
            status = error.status
        ignore_stops()
    if stop():
        end_at_once(status or stop.status)
    sys.exit(status)


def end_at_once(status):
    """End the program without the interpreter's own end, which an import that was cut short can let abort."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError, InputError):
            stream.flush()
    os._exit(status)


def guarded_status(main, stop):
    """Return the exit status of ``main``, whatever comes; ``stop``: the program's StopRequest."""
    status = EXIT_DONE
    try:
        try:
            check_current_folder()
            status = main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe (head, less) left, which is no failure
        pass
    except KeyboardInterrupt as error:
        return say_stopped(stop.status or getattr(error, "status", EXIT_STOPPED))
    except BaseException as error:
        if stop.raised:  # what C code, as in an import, made of it
            return say_stopped(stop.status)
        if isinstance(error, SystemExit):  # the parser has said why
            return error.code
        if not isinstance(error, InputError):
            raise
        print_line(f"{program_name()}: {error}", file=sys.stderr)
        status = EXIT_BAD_INPUT
    return status


def check_current_folder():
    """Raise InputError where the current folder was removed: no name means anything there."""
    try:
        os.getcwd()
    except FileNotFoundError as error:
        raise InputError("the current folder was removed", "change to another one") from error


def say_stopped(status):
    """Say that a signal stopped the program; return the exit status."""
    print_message("stopped")
    return status


def program_name():
    """Return how the running program is called: as its module, ``neuralscope.network``, however it was started."""
    started = main_module() or DISPATCHER
    if started == DISPATCHER and sys.argv[1:2] and sys.argv[1] in SUBCOMMANDS:
        started = SUBCOMMANDS[sys.argv[1]].module
    return started.removesuffix(".__main__")


def main_module():
    """Return the name of the module that was started with ``python -m``; "" where none was."""
    spec = None if is_console_script() else getattr(sys.modules["__main__"], "__spec__", None)
    return spec.name if spec else ""


def is_console_script():
    """Say whether the program was started by its name alone, as installers put it on the PATH."""
    return Path((sys.argv or [""])[0]).stem == "neuralscope"


def command(subcommand):
    """Return what a reader types to start a program: a name in SUBCOMMANDS.

    It is of the kind that started this one, for where a console script is, ``python`` may know nothing of its package.
    """
    if is_console_script():
        return f"neuralscope {subcommand}"
    if main_module() == DISPATCHER:
        return f"python -m neuralscope {subcommand}"
    return f"python -m {SUBCOMMANDS[subcommand].module.removesuffix('.__main__')}"


class StandardOutput(io.TextIOWrapper):
    """Standard output: raises InputError where it cannot be written, BrokenPipeError where its reader left."""

    @classmethod
    def wrap(cls, stream):
        """Return a stream in place of ``sys``'s; None, which is a closed one's, cannot be written."""
        if stream is None:
            unwritable = io.FileIO(os.open(os.devnull, os.O_RDONLY), "w", closefd=False)
            return cls(unwritable, "utf-8", write_through=True)
        # A terminal may not know the letters of a file's name.
        return cls(stream.buffer, stream.encoding, "backslashreplace", line_buffering=stream.line_buffering,
                   write_through=stream.write_through)

    def write(self, text):
        """Write text and return how long it is."""
        try:
            return super().write(text)
        except OSError as error:
            self.fail(error)
            return len(text)

    def flush(self):
        """Write what waits."""
        try:
            super().flush()
        except OSError as error:
            self.fail(error)

    def fail(self, error):
        """Let whatever is still written come to nothing, and raise what there is to raise for an OSError."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
        self.raise_error(error)

    def raise_error(self, error):
        """Raise an OSError in words."""
        if isinstance(error, BrokenPipeError):
            raise error

        raise write_failure("standard output", error, "write elsewhere") from None


class StandardError(StandardOutput):
    """Standard error: where it cannot be written there is nobody to tell, and the work goes on."""

    def raise_error(self, error):
        """Do nothing."""


def print_message(words):
    """Print a line on what the program does, as what became of its training, to standard error, if there is one."""
    if words:
        print_line(f"{program_name()}: {words}", file=sys.stderr, flush=True)
