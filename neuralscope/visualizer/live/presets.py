"""What a training may begin with, and what comes of it, in words."""

from functools import partial
from itertools import pairwise

from neuralscope.errors import InputError
from neuralscope.formatting import plain, thousands
from neuralscope.network.options import option_label
from neuralscope.network.presets import PRESETS
from neuralscope.runs.beginning import no_labels_error
from neuralscope.runs.output_paths import free_output_path, output_path
from neuralscope.visualizer.input.results import Say
from neuralscope.visualizer.live.server_files import without_folders


def preset_cards(setup):
    """Return ``(title, words, taken, choose)`` for each beginning that is offered by a TrainingSetup."""
    interrupted = setup.interrupted
    found = [(preset.title, preset.description, setup.is_preset(name), partial(setup.apply_preset, name))
             for name, preset in PRESETS.items()]
    if interrupted:  # one card for all of them: each choice is of the next older one
        at = next((index for index, (path, _) in enumerate(interrupted) if path == setup.resume), None)
        path, metadata = interrupted[at or 0]
        following = interrupted[0 if at is None else (at + 1) % len(interrupted)][0]
        words = f"epoch {metadata.get('epochs_run', 0)} of {metadata.get('options', {}).get('epochs', '?')} is done"
        if metadata.get("learning_rates"):
            words += f", learning rate {plain(metadata['learning_rates'][-1][1])}"
        if len(interrupted) > 1:
            words += f"; {(at or 0) + 1} of {len(interrupted)} to continue" + ", again: the next" * (at is not None)
        found.append((f"continue {path.name}", words, at is not None, lambda: continue_checkpoint(setup, following)))
    return found


def continue_checkpoint(setup, path):
    """Choose to continue a checkpoint; return what to say where it cannot be read."""
    try:
        setup.continue_from(path)
    except InputError as error:
        return Say(without_folders(str(error), path))  # the card names no folder either
    return None


def setup_summary(session):
    """Return wordings, a line each, of what the session's TrainingSetup comes to."""
    setup = session.training_setup
    if missing := no_labels_text(session):
        return (missing,),
    if setup.failure:
        return (f"{setup.cause}:",), (setup.failure,)
    if setup.invalid_options:
        return (invalid_option_text(setup),),
    options = setup.options()
    sizes = session.digits.images.shape[1], *options.hidden, len(session.dataset.class_names)
    count = sum((before + 1) * after for before, after in pairwise(sizes))
    goes = output_path(setup.resume) if setup.resume else free_output_path(setup.output)
    goes = goes.name if session.shared_training else goes
    return (
        (f"{'-'.join(map(str, sizes))}: {thousands(count)} weights and biases",),
        (f"learns the training digits of {session.dataset.name}, {thousands(options.epochs)} times each",),
        (f"goes to {goes} at the end, until then to a checkpoint beside it", f"goes to {goes}"),
        *sharing_notes(session),
    )


def no_labels_text(session):
    """Return why there is nothing to learn from where nobody said what the digits show, else ""."""
    return "" if session.has_labels else str(no_labels_error(session.dataset))


def sharing_notes(session):
    """Return wordings, if any, of what comes of a training where many windows share one."""
    return [("others can watch it; when you leave it ends, and for a day its card continues it",
             "when you leave it ends; for a day its card continues it")] * bool(session.shared_training)


def training_summary(training):
    """Return wordings, each a list of words, of what a training trains, and how."""
    state = training.state
    options, network = state.options, state.latest.network.architecture
    rate, batch = plain(state.learning_rate), thousands(state.batch_size)
    learned = f"{options.optimizer} {rate}, {options.schedule}, batch {batch}, seed {options.seed}"
    warps = "" if options.augment == "none" else f"{options.augment} warps"
    return [network, learned, warps], [network, learned], ["-".join(map(str, state.latest.network.sizes)), learned]


def invalid_option_text(setup):
    """Return which option of a TrainingSetup cannot be so, and why: the first, where there are more."""
    name, words = next(iter(setup.invalid_options.items()))
    return f"{option_label(name)}: {words}"
