"""``python -m neuralscope.network``: options, load, train, show progress, save; or evaluate what was saved.

Everything heavy is imported inside the functions, so that Ctrl-C at the start finds somebody to catch it.
"""

import os
import sys
import time

from neuralscope.cli import DONE, STOPPED, Parser, add_data_options, limit_threads, run
from neuralscope.errors import InputError

PROGRAM = "python -m neuralscope.network"


def build_parser():
    """Return the parser of all options."""
    from neuralscope.network.options import add_training_options

    parser = Parser(prog=PROGRAM, allow_abbrev=False,
                    description="Train a network, show progress, and save it.")
    add_training_options(parser)
    add_data_options(parser)
    parser.add_argument("--output", metavar="FILE", help="where the network goes (default: trained_weights.npz)")
    parser.add_argument("--log", metavar="FILE", help="write one JSON object a line for each epoch")
    parser.add_argument("--resume", action="store_true", help="continue the checkpoint of a training that was stopped")
    parser.add_argument("--snapshots", action="store_true",
                        help="keep the network at up to 40 epochs in NAME.epochs.npz beside it, for the visualizer")
    parser.add_argument("--evaluate", nargs="?", const=True, metavar="FILE",
                        help="train nothing: say how well FILE (default: trained_weights.npz) reads the test images")
    parser.add_argument("--show-augmentation", metavar="FILE.png",
                        help="train nothing: draw training images and what --augment makes of them")
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    return parser


def main(words=None):
    """Do what the command line says; return the exit status. Raises InputError."""
    try:
        from neuralscope.network.options import from_arguments

        arguments = build_parser().parse_args(words)
        check_arguments(arguments)
        from_arguments(arguments)  # says what is wrong with the options, whatever is asked for
        limit_threads(arguments.threads)
        if arguments.evaluate is not None:
            from neuralscope.runs.evaluation_report import print_evaluation

            return print_evaluation(arguments)
        if arguments.show_augmentation is not None:
            return show_augmentation(arguments)
        work = prepare(arguments)
    except KeyboardInterrupt:
        print(f"{PROGRAM}: stopped before training began, nothing was written", file=sys.stderr)
        return STOPPED
    return train_and_save(work, arguments, sys.argv[1:] if words is None else words)


def check_arguments(arguments):
    """Raise InputError for options that are empty or do not go together."""
    for name in ("output", "log", "evaluate", "show_augmentation"):
        if getattr(arguments, name) == "":
            raise InputError(f"--{name.replace('_', '-')} '': name a file")
    without = [flag for flag, given in (("--evaluate", arguments.evaluate),
                                        ("--show-augmentation", arguments.show_augmentation)) if given is not None]
    if without and (arguments.resume or arguments.snapshots or arguments.output or arguments.log):
        raise InputError(f"{without[0]} trains nothing; leave out --resume, --snapshots, --output and --log, "
                         f"or {without[0]}")
    if arguments.evaluate is not None and arguments.quiet:
        raise InputError("--evaluate is there to print; leave out --quiet")
    if len(without) > 1:
        raise InputError(f"{' and '.join(without)} are two things to do; ask for one of them")


def prepare(arguments):
    """Return the Run that the arguments ask for, ready to learn; raises InputError. Writes nothing that stays."""
    from neuralscope.data_loader import load
    from neuralscope.network.options import from_arguments
    from neuralscope.runs.output_paths import check_log, check_output, checkpoint_of, choose_output, make_trainer, room
    from neuralscope.runs.run import Run, about
    from neuralscope.runs.snapshot_writer import Recorder
    from neuralscope.runs.snapshots import path_of

    def say(text):
        if text and not arguments.quiet:
            print(text, file=sys.stderr)

    options = from_arguments(arguments)
    data = load(arguments.dataset, arguments.data_dir)
    say(data.notice)
    options.check_data(*data.train.images.shape, len(data.class_names))
    path, notice = choose_output(arguments.output, data.name)
    say(notice)
    if arguments.log:
        check_log(arguments.log, path)
    trainer = make_trainer(options, data)
    facts = about(data, options, arguments.threads)
    recorder = Recorder(path_of(checkpoint_of(path)), options, data.test, facts)
    recorder = recorder if arguments.snapshots or (arguments.resume and recorder.begun()) else None
    check_output(path, room(trainer), recorder.size if recorder else 0)
    work = Run(trainer, path, arguments.log, facts, recorder)
    say(take_up(work, arguments))
    return work


def take_up(work, arguments):
    """Let a Run continue what lies there, if that is asked for; return a line to say of it or "". Raises InputError."""
    if not arguments.resume:
        return (f"{work.checkpoint} of another training may be replaced; --resume would continue it"
                if os.path.exists(work.checkpoint) else "")
    work.resume()
    if work.recorder and not work.recorder.snapshots:
        return f"there is no {work.recorder.snapshots.path} to continue: the snapshots begin here"
    if work.recorder and not arguments.snapshots:
        return f"goes on with the snapshots in {work.recorder.snapshots.path}"
    return ""


def train_and_save(work, arguments, words):
    """Let a Run learn and save; print what came of it and return the exit status."""
    import shlex

    from neuralscope.runs.progress_bar import progress
    from neuralscope.runs.run import interrupts_held

    epochs, start = work.trainer.options.epochs, time.monotonic()
    shown = progress(epochs, work.trainer.epoch, arguments.quiet)
    with interrupts_held() as pressed:
        try:
            finished = work.learn(shown, pressed)
        finally:
            shown.close()
        if finished:
            work.finish()
    for trouble in work.troubles.values():
        print(f"{PROGRAM}: {trouble}", file=sys.stderr)
    if finished:
        if not arguments.quiet:
            print(summary(work, round(time.monotonic() - start)))
        return DONE
    if not work.trainer.steps:
        stopped = "stopped before training began, nothing was written"
    else:
        again = shlex.join([word for word in words if word != "--resume"] + ["--resume"])
        stopped = (f"stopped in epoch {work.trainer.epoch + 1} of {epochs}; what was learned is in {work.checkpoint}; "
                   f"to continue: {PROGRAM} {again}")
    print(f"{PROGRAM}: {stopped}", file=sys.stderr)
    return STOPPED


def summary(work, seconds):
    """Return the one line for a training's end."""
    from neuralscope.runs.progress_bar import clock

    facts, kept = work.metadata(), work.recorder.snapshots if work.recorder else ()
    snapshots = f", {len(kept)} snapshots in {kept.path}" if kept else ""
    return (f"test accuracy {facts['test_accuracy']:.2%}, {facts['test_errors']} errors of {facts['test_count']:,} "
            f"({work.trainer.live.architecture}, {facts['dataset']}, {facts['epochs_run']} epochs, {clock(seconds)}); "
            f"saved in {work.output}{snapshots}")


def show_augmentation(arguments):
    """Write a picture of warped training images; return the exit status. Raises InputError."""
    from pathlib import Path

    import numpy as np

    from neuralscope.data_loader import load
    from neuralscope.images import augmentation_sheet
    from neuralscope.images.augmentation import AUGMENTATIONS
    from neuralscope.network.options import from_arguments
    from neuralscope.safe_files import write_whole

    options, path = from_arguments(arguments), Path(arguments.show_augmentation)
    warp = AUGMENTATIONS[options.augment]
    if warp is None:
        raise InputError(f"--augment {options.augment}: there is nothing to show; choose one of "
                         f"{', '.join(name for name, each in AUGMENTATIONS.items() if each)}")
    if path.suffix.lower() != ".png":
        raise InputError(f"--show-augmentation {path}: the picture is a PNG; name a file that ends in .png")
    data = load(arguments.dataset, arguments.data_dir)
    if data.notice and not arguments.quiet:
        print(data.notice, file=sys.stderr)
    picture = augmentation_sheet.draw(data.train, options.augment, warp, np.random.default_rng(options.seed))
    write_whole(path, picture, "--show-augmentation")
    if not arguments.quiet:
        print(f"{data.name}, warped; drawn in {path}")
    return DONE


if __name__ == "__main__":
    run(main)
