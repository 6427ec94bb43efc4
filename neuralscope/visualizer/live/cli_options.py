"""The training that a command line asks for: its options, and the TrainingSetup that comes of them."""

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.cli_options import (
    add_training_options,
    chosen_options,
    given_options,
    options_from_arguments,
)
from neuralscope.network.options import option_flag
from neuralscope.runs.beginning import no_labels_error
from neuralscope.runs.continuation import epochs_of, finished_error
from neuralscope.runs.lock import holder, is_held
from neuralscope.runs.output_paths import checkpoint_path, choose_output, output_path, resumed_file
from neuralscope.visualizer.live.interrupted import find_interrupted
from neuralscope.visualizer.live.setup import DEFAULT_OUTPUT, TrainingSetup


def add_train_options(parser):
    """Give an argparse parser ``--train`` and what goes with it; ``--seed`` it has already. Not given is None."""
    parser.add_argument("--train", action="store_true",
                        help="begin in the train view, with these options of a training, all of which it shows")
    parser.add_argument("--output", metavar="FILE", help="where a network trained in the window goes (default: "
                        f"{DEFAULT_OUTPUT}); never over a file")
    parser.add_argument("--resume", action="store_true", help="continue a training that was interrupted, or with "
                        "more --epochs a finished network")
    add_training_options(parser, leave_out=("seed",))


def setup_from_arguments(arguments, dataset):
    """Return the TrainingSetup that argparse's result asks for; raises InputError."""
    named = ["--preset"] * (arguments.preset is not None)
    named += [option_flag(name) for name in given_options(arguments) if name != "seed"]
    named += ["--output"] * (arguments.output is not None) + ["--resume"] * arguments.resume
    if named and not arguments.train:
        raise InputError(f"{', '.join(named)}: of a training", option_remedy="give --train too")
    if arguments.train and not dataset.test.has_labels:
        raise no_labels_error(dataset)
    if arguments.output == "":
        raise InputError("--output ''", "name a file", joint=": ")
    output, _ = choose_output(arguments.output or str(DEFAULT_OUTPUT), dataset.name)
    if arguments.resume:
        return resumed_setup(settled_options(arguments), TrainingSetup({}, output, arguments.threads), dataset)
    setup = TrainingSetup(chosen_options(arguments), output, arguments.threads)
    options = setup.options()  # raises what is wrong with them
    if arguments.augment is not None:  # else what cannot be warped is learned without warps
        options.check_warps(dataset.test.pixels.shape[1])
    return setup


def settled_options(arguments):
    """Return the values that a checkpoint must have, by name: those given, and with ``--preset`` all but the seed."""
    given = given_options(arguments)
    if arguments.preset is None:
        return given
    return {name: value for name, value in vars(options_from_arguments(arguments)).items()
            if name in given or name != "seed"}


def resumed_setup(given, setup, dataset):
    """Return ``setup`` with the options of what is to be continued, from which those given may not differ.

    That is the checkpoint, or else a finished network, which goes on for the epochs given.
    """
    if is_held(setup.output):
        raise InputError(f"--resume: another training{holder(setup.output)} is writing {setup.output}", "end that one")
    checkpoint, epochs = checkpoint_path(setup.output), None
    path, found = resumed_file(setup.output), [path for path, _ in find_interrupted(setup.output, dataset)]
    if path == checkpoint and path not in found:
        other = f"for {found[0]} give --output {output_path(found[0])}" if found else "leave it out"
        raise InputError(f"--resume: there is no {path} of a training on {dataset.name}", option_remedy=other)
    if path != checkpoint:
        epochs = given.pop("epochs", 0)
        check_finished(path, epochs, dataset)
    metadata = setup.continue_from(path, epochs)
    setup.options()
    others = [f"{option_flag(name)} {setup.format_value(name, minus='-')}" for name in given
              if given[name] != setup.values[name]]
    if path == checkpoint and metadata.get("threads", setup.threads) != setup.threads:
        others.append(f"--threads {metadata['threads']}")
    if others:
        raise InputError(f"--resume: {path} was made with {', '.join(others)}", "give the same again",
                         "leave out --resume")
    return setup


def check_finished(path, epochs, dataset):
    """Raise InputError where a finished network cannot go on for so many epochs of this data."""
    metadata = storage.load(path).metadata
    if metadata.get("dataset") != dataset.name:
        raise InputError(f"--resume: {path} is no network for {dataset.name}", option_remedy="leave it out")
    if epochs <= epochs_of(metadata):
        raise finished_error(path, epochs_of(metadata))
