"""``python -m neuralscope.network``: options, load, train, show progress, save; or evaluate what was saved.

Everything heavy is imported inside the functions, so that Ctrl-C at the start finds somebody to catch it.
"""

if __name__ == "__main__":
    import neuralscope.quiet_start  # noqa: F401

import argparse
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from neuralscope.cli import (
    Parser,
    add_data_options,
    command,
    limit_threads,
    number_reader,
    print_message,
    run_program,
)
from neuralscope.errors import InputError, print_line
from neuralscope.stop_signals import EXIT_STOPPED, heard_stops, held_stops

if TYPE_CHECKING:
    from neuralscope.runs.run import TrainingRun

COMMAND = command("train")
NOTHING_WRITTEN_TEXT = "stopped before training began, nothing was written"


def build_parser() -> Parser:
    """Return the parser of all options."""
    from neuralscope.network.cli_options import add_training_options
    from neuralscope.network.importers.cli_options import add_choice_options
    from neuralscope.runs.snapshot_writer import MAX_SNAPSHOTS
    from neuralscope.runs.snapshots import MIN_SNAPSHOTS

    parser = Parser(prog=COMMAND, allow_abbrev=False,
                    description="Train a network, show progress, and save it.")
    add_training_options(parser)
    add_data_options(parser)
    parser.add_argument("--output", metavar="FILE", help="where the network goes (default: trained_weights.npz)")
    parser.add_argument("--log", metavar="FILE", help="write one JSON object a line for each epoch")
    parser.add_argument("--resume", action="store_true", help="continue the checkpoint of a training that was stopped, "
                        "or with more --epochs a finished network")
    parser.add_argument("--snapshots", nargs="?", const=0, metavar="N",
                        type=number_reader(int, MIN_SNAPSHOTS, MAX_SNAPSHOTS),
                        help=f"keep the network at up to N epochs (default: {MAX_SNAPSHOTS}) in NAME.epochs.npz beside "
                             "it, for the visualizer")
    parser.add_argument("--evaluate", nargs="?", const=True, metavar="FILE",
                        help="train nothing: say how well FILE (default: trained_weights.npz) reads the test images")
    add_choice_options(parser)
    parser.add_argument("--show-augmentation", metavar="FILE.png",
                        help="train nothing: draw training images and what --augment makes of them")
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says; return the exit status. Raises InputError."""
    from neuralscope.network.cli_options import options_from_arguments

    arguments = build_parser().parse_args(argv)
    check_arguments(arguments)
    options_from_arguments(arguments)  # says what is wrong with the options, whatever is asked for
    with limit_threads(arguments.threads):
        return do(arguments, sys.argv[1:] if argv is None else argv)


def do(arguments: argparse.Namespace, argv: list[str]) -> int:
    """Do what the arguments, parsed from ``argv``, ask for; return the exit status. Raises InputError."""
    if arguments.evaluate is not None:
        from neuralscope.runs.evaluation_report import print_evaluation

        return print_evaluation(arguments)
    if arguments.show_augmentation is not None:
        from neuralscope.runs.augmentation_picture import show_augmentation

        return show_augmentation(arguments)
    with ExitStack() as held:
        try:
            training_run = prepare(arguments, held)
        except KeyboardInterrupt as error:
            print_message(NOTHING_WRITTEN_TEXT)
            return getattr(error, "status", EXIT_STOPPED)
        return train_and_save(training_run, arguments, argv)


def prepare(arguments: argparse.Namespace, held: ExitStack) -> "TrainingRun":
    """Return what `prepare_run` does; raises Stopped where a signal comes meanwhile."""
    from neuralscope.runs.preparation import prepare_run

    with heard_stops() as stop:
        stop.act = stop.raise_stopped
        training_run = prepare_run(arguments, held)
    stop.raise_stopped()  # what was raised is lost where C code called what it was raised in
    return training_run


def check_arguments(arguments: argparse.Namespace) -> None:
    """Raise InputError for options that are empty or do not go together."""
    for flag, path in (("--output", arguments.output), ("--log", arguments.log), ("--evaluate", arguments.evaluate),
                       ("--show-augmentation", arguments.show_augmentation)):
        if path == "":
            raise InputError(f"{flag} ''", "name a file", joint=": ")
    without = [flag for flag, given in (("--evaluate", arguments.evaluate),
                                        ("--show-augmentation", arguments.show_augmentation)) if given is not None]
    if without and (arguments.resume or arguments.snapshots is not None or arguments.output or arguments.log):
        raise InputError(f"{without[0]} trains nothing", option_remedy=(
            f"leave out --resume, --snapshots, --output and --log, or {without[0]}"))
    if arguments.evaluate is not None and arguments.quiet:
        raise InputError("--evaluate is there to print", option_remedy="leave out --quiet")
    if len(without) > 1:
        raise InputError(f"{' and '.join(without)} are two things to do", "ask for one of them")


def train_and_save(training_run: "TrainingRun", arguments: argparse.Namespace, argv: list[str]) -> int:
    """Let a TrainingRun learn and save; print what came of it and return the exit status."""
    from neuralscope.runs.progress_bar import make_progress

    epochs, start = training_run.trainer.options.epochs, time.monotonic()
    display = make_progress(epochs, training_run.trainer.epoch, arguments.quiet)
    with held_stops(print_message, lambda: kept_text(training_run)) as stop:
        try:
            finished = training_run.learn(display, stop)
        finally:
            display.close()
        if finished:
            training_run.finish()
        for trouble in training_run.files.write_failures.values():
            print_message(trouble)
        if finished and not arguments.quiet:
            print_line(summary(training_run, round(time.monotonic() - start)))
        if stop():
            print_message(stopped_text(training_run, argv) if not finished else
                          f"all was learned when it was to stop; the network is in {training_run.files.output}")
        return stop.status


def stopped_text(training_run: "TrainingRun", argv: list[str]) -> str:
    """Say where a training was stopped, what it leaves, and how to continue it."""
    import shlex

    if not training_run.trainer.steps:
        return NOTHING_WRITTEN_TEXT
    again = shlex.join([word for word in argv if word != "--resume"] + ["--resume"])
    return (f"stopped in epoch {training_run.trainer.epoch + 1} of {training_run.trainer.options.epochs}; what was "
            f"learned is in {training_run.files.checkpoint}; to continue: {COMMAND} {again}")


def kept_text(training_run: "TrainingRun") -> str:
    """Say what is left of a training that ends this moment."""
    epochs = training_run.files.checkpoint_epochs
    return "nothing was kept" if epochs is None else f"epoch {epochs} is in {training_run.files.checkpoint}"


def summary(training_run: "TrainingRun", seconds: int) -> str:
    """Return the one line for a training's end."""
    from neuralscope.formatting import counted
    from neuralscope.runs.progress_bar import format_duration

    metadata, architecture = training_run.metadata(), training_run.trainer.working_network.architecture
    kept = training_run.files.snapshot_writer.snapshots if training_run.files.snapshot_writer else ()
    snapshots = f", {counted(len(kept), 'snapshot')} in {kept.path}" if kept else ""
    before = f"; the network that was there is kept as {training_run.files.kept}" if training_run.files.kept else ""
    return (f"test accuracy {metadata['test_accuracy']:.2%}, {counted(metadata['test_errors'], 'error')} of "
            f"{metadata['test_count']:,} ({architecture}, {metadata['dataset']}, "
            f"{counted(metadata['epochs_run'], 'epoch')}, {format_duration(seconds)}); "
            f"saved in {training_run.files.output}{snapshots}{before}")


if __name__ == "__main__":
    run_program(main)
