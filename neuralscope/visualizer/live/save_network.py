"""What is kept besides a training's own files: the network of a moment or fine-tuned, and the last good epoch."""

from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.reports import DivergenceError
from neuralscope.runs.output_paths import release_output, reserve_output

# of how well a network reads and of how many digits: what a file no longer says of it once it is changed
MEASUREMENT_NAMES = ("train_count", "train_accuracy", "validation_accuracy", "test_accuracy", "test_errors",
                     "test_count")


def save_live_network(training, download=None):
    """Write the network of a training's last TrainingObservation beside its output, never over a file.

    Return what to say. ``download``: a Session's; where there is one it takes the file.
    """
    state = training.state
    observation, output = state.latest, state.output
    step = observation.step - observation.epoch * observation.steps_per_epoch
    name = f"{output.stem}-epoch-{observation.epoch}" + f"-step-{step}" * bool(step) + output.suffix
    metadata = {"epochs_run": observation.epoch}
    if observation.rows and not step:
        accuracy, count = observation.rows[-1]["test_accuracy"], state.test_count
        metadata |= {"test_accuracy": accuracy, "train_accuracy": observation.rows[-1]["train_accuracy"],
                     "test_errors": round((1 - accuracy) * count), "test_count": count}
    return write_network(observation.network, output.with_name(name), state.metadata | metadata, download)


def save_fine_tuned(session):
    """Write the network shown, fine-tuned, in the current folder; return what to say.

    What its training measured is not so any more; the test errors are counted anew, with no neuron ablated.
    """
    training, count = session.training if session.shows_live_network else None, session.fine_tuning.count
    metadata = training.state.metadata if training else session.model.metadata
    metadata = {name: value for name, value in metadata.items() if name not in MEASUREMENT_NAMES}
    if metadata.get("dataset") == session.dataset.name and session.has_labels:
        found = session.analysis.test_set.evaluation
        metadata |= {"test_errors": found.errors, "test_count": found.count,
                     "test_accuracy": (found.count - found.errors) / found.count}
    name = training.state.output if training else session.model.path
    path = Path(f"{name.stem}-taught-{count}{'.npz' if 'origin' in metadata else name.suffix}")
    return write_network(session.base_network, path, metadata | {"steps_taught": count}, session.download)


def write_network(network, path, metadata, download):
    """Write a network to a path, or beside it where there is a file, or hand it over; return what to say."""
    if download:
        return download(path.name, storage.encode_network(network, metadata))
    path = reserve_output(path)
    try:
        storage.save(network, path, metadata)
    except InputError as error:
        return f"not kept: {error}"
    finally:
        release_output(path)
    return f"kept as {path}; to look at it: --weights {path}"


def save_last_good_epoch(run, error):
    """Keep the last good epoch of a TrainingRun after an InputError; return why it cannot go on, and what else to say.
    """
    words, notice = str(error), ""
    if isinstance(error, DivergenceError):
        words = (f"the loss is no longer a number ({error.location}): r starts again; then choose a learning rate of "
                 f"{error.suggested_rate:.2g} or less")
    try:
        run.save_last_good(error)
    except InputError as other:
        notice = str(other)
    kept = run.last_good and run.files.own_fingerprint and not notice  # else the notice says what is there
    if kept:
        words += f"; epoch {run.files.checkpoint_epochs}, the last good one, is in {run.files.checkpoint}"
    return words, notice


def save_progress(run):
    """Keep what a TrainingRun learned, or the last good epoch; return why it cannot go on, or "", and a notice."""
    try:
        run.save_unfinished()
    except DivergenceError as error:
        return save_last_good_epoch(run, error)
    except InputError as error:
        return "", str(error)
    return "", run.files.write_failures.get("write_snapshots", "") if run.files.gave_way else ""
