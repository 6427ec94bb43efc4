"""What is kept besides a training's own files: the network of a moment or after lessons, and the last good epoch."""

from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.network import storage
from neuralscope.network.trainer import DivergenceError
from neuralscope.runs.output_paths import release, reserve


def keep(training, hand_over=None):
    """Write the network of a LiveTraining's last Moment beside its output, never over a file; return what to say.

    ``hand_over``: a Session's; where there is one it takes the file.
    """
    moment, output = training.latest, training.output
    step = moment.step - moment.epoch * moment.steps_per_epoch
    name = f"{output.stem}-epoch-{moment.epoch}" + f"-step-{step}" * bool(step) + output.suffix
    facts = {"epochs_run": moment.epoch}
    if moment.rows and not step:
        accuracy, count = moment.rows[-1]["test_accuracy"], training.test_count
        facts |= {"test_accuracy": accuracy, "train_accuracy": moment.rows[-1]["train_accuracy"],
                  "test_errors": round((1 - accuracy) * count), "test_count": count}
    return write(moment.network, output.with_name(name), training.facts | facts, hand_over)


def keep_taught(session):
    """Write the network shown, after what it was taught, in the current folder; return what to say.

    What its training measured is not so any more; the test errors are counted anew, with all neurons awake.
    """
    training, count = session.training if session.learned_here else None, session.lessons.count
    about = training.facts if training else session.model.metadata
    about = {name: value for name, value in about.items() if not name.endswith(("_accuracy", "_errors", "_count"))}
    if about.get("dataset") == session.dataset.name:
        found = session.study.survey.evaluation
        about |= {"test_errors": found.errors, "test_count": found.count,
                  "test_accuracy": (found.count - found.errors) / found.count}
    name = training.output if training else session.model.path
    return write(session.whole, Path(f"{name.stem}-taught-{count}{name.suffix}"), about | {"steps_taught": count},
                 session.hand_over)


def write(network, path, about, hand_over):
    """Write a network to a path, or beside it where there is a file, or hand it over; return what to say."""
    if hand_over:
        return hand_over(path.name, storage.content(network, about))
    path = reserve(path)
    try:
        storage.save(network, path, about)
    except InputError as error:
        return f"not kept: {error}"
    finally:
        release(path)
    return f"kept as {path}; to look at it: --weights {path}"


def keep_last_good(run, error):
    """Keep the last good epoch of a Run that met an InputError; return why it cannot go on, and what else to say."""
    words, notice = str(error), ""
    if isinstance(error, DivergenceError):
        words = (f"the loss is no longer a number ({error.where}): r starts again; then choose a learning rate of "
                 f"{error.rate:.2g} or less")
    try:
        run.failure(error)
    except InputError as other:
        notice = str(other)
    kept = run.good and run.ours and not notice  # else the notice says what is there
    return words + (f"; epoch {run.kept}, the last good one, is in {run.checkpoint}" if kept else ""), notice


def keep_rest(run):
    """Keep what a Run learned so far, or the last good epoch; return why it cannot go on, or "", and what else to say.
    """
    try:
        run.leave()
    except DivergenceError as error:
        return keep_last_good(run, error)
    except InputError as error:
        return "", str(error)
    return "", ""
