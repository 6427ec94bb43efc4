"""A training of the command line before its first step: its data, its files, and the checkpoint that it continues."""

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from neuralscope import data_loader
from neuralscope.errors import print_line, sentence
from neuralscope.network.cli_options import options_from_arguments, preset_notice
from neuralscope.network.options import option_flag
from neuralscope.network.trainer import Trainer
from neuralscope.runs.beginning import check_labels, make_trainer, training_metadata
from neuralscope.runs.disk_space import file_sizes
from neuralscope.runs.kept_network import replacement_notice
from neuralscope.runs.lock import OutputLock
from neuralscope.runs.output_paths import check_log, check_output, checkpoint_path, choose_output, resumed_file
from neuralscope.runs.run import TrainingRun
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import snapshots_path


def prepare_run(arguments: argparse.Namespace, held: ExitStack) -> TrainingRun:
    """Return the TrainingRun that the arguments ask for; raises InputError. Writes nothing that stays.

    No other training may write its files until ``held`` is closed.
    """
    def say(text):
        if text and not arguments.quiet:
            print_line(text, file=sys.stderr)

    options = options_from_arguments(arguments)
    say(preset_notice(arguments))
    data = data_loader.load(arguments.dataset, arguments.data_dir, arguments.label_column)
    say(data.notice)
    check_labels(data)
    say(data.train.notice)
    if arguments.batch_size is None:
        options, notice = options.fitted_to(len(data.train), option_flag)
        say(notice)
    options.check_data(len(data.train), data.train.pixels.shape[1], len(data.class_names))
    path, notice = choose_output(arguments.output, data.name)
    say(notice)
    take_locks(path, arguments.log, held)
    trainer = make_trainer(options, data)
    metadata = training_metadata(data, options, arguments.threads, resumed_file(path) if arguments.resume else None)
    snapshot_writer = make_snapshot_writer(arguments, checkpoint_path(path), trainer, metadata)
    check_output(path, file_sizes(trainer, metadata, snapshot_writer.size if snapshot_writer else 0))
    training_run = TrainingRun(trainer, path, arguments.log, metadata, snapshot_writer)
    say(resume_run(training_run, arguments))
    say(replacement_notice(path, data.name, data.test))
    held.callback(training_run.files.release_space)
    training_run.hold_space()
    return training_run


def take_locks(output: Path, log: str | None, held: ExitStack) -> None:
    """Hold an output and a log until ``held`` is closed; raises InputError where another training does."""
    held.callback(OutputLock(output).release)
    if log:
        check_log(log, output)
        held.callback(OutputLock(Path(log), "--log").release)


def make_snapshot_writer(arguments: argparse.Namespace, checkpoint: Path, trainer: Trainer,
                         metadata: dict) -> SnapshotWriter | None:
    """Return a SnapshotWriter where snapshots are asked for, or the checkpoint to continue has some; else None."""
    writer = SnapshotWriter(snapshots_path(checkpoint), trainer.options, trainer.test, metadata,
                            arguments.snapshots or None)
    asked = arguments.snapshots is not None
    return writer if asked or (arguments.resume and writer.has_own_file()) else None


def resume_run(training_run: TrainingRun, arguments: argparse.Namespace) -> str:
    """Let a TrainingRun continue its checkpoint, if asked for; return a line to print or "". Raises InputError."""
    if not arguments.resume:
        return (f"{training_run.files.checkpoint} of another training may be replaced; --resume would continue it"
                if os.path.exists(training_run.files.checkpoint) else "")
    notice, writer = training_run.resume(), training_run.files.snapshot_writer
    if writer and not writer.snapshots:
        return sentence(notice, f"there is no {writer.snapshots.path} to continue: the snapshots begin here")
    if writer and arguments.snapshots is None:
        return sentence(notice, f"goes on with the snapshots in {writer.snapshots.path}")
    return notice
