"""What the programs have in common: shared options, exit statuses and the words for bad input."""

import argparse
import gc
import io
import os
import sys
from contextlib import contextmanager

from neuralscope.errors import InputError, printable
from neuralscope.stop_signals import EXIT_STOPPED, Stopped, heard_stops, ignore_stops, quiet_when_stopped

EXIT_DONE, EXIT_BAD_INPUT = 0, 2
MAX_THREADS = 1024


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message):
        """Say what is wrong and exit with 2."""
        self.exit(EXIT_BAD_INPUT, f"{program_name()}: {printable(message)} (--help lists the options)\n")

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


def thread_count(text):
    """Parse a whole number from 1 to 1024, for argparse."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MAX_THREADS:
        raise argparse.ArgumentTypeError(f"{text!r}: choose a whole number from 1 to {MAX_THREADS}")
    return number


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
    """Let BLAS use at most ``count`` threads from here on."""
    import numpy  # noqa: F401  threadpoolctl sees only what is loaded
    import threadpoolctl

    threadpoolctl.threadpool_limits(count, user_api="blas")


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
    sys.exit(status or stop.status)


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
        print(f"{program_name()}: {error}", file=sys.stderr)
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
    print(f"{program_name()}: stopped", file=sys.stderr)
    return status


def program_name():
    """Return how the running program is called, as ``neuralscope.network``."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return spec.name.removesuffix(".__main__") if spec else "neuralscope"


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
        from neuralscope.safe_files import write_failure

        raise write_failure("standard output", error, "write elsewhere") from None


class StandardError(StandardOutput):
    """Standard error: where it cannot be written there is nobody to tell, and the work goes on."""

    def raise_error(self, error):
        """Do nothing."""


def print_shutdown_message(words):
    """Print what became of the program's training to standard error, if there was one."""
    if words:
        print(f"{program_name()}: {words}", file=sys.stderr, flush=True)
