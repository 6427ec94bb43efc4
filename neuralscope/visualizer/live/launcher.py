"""How a training begins and ends beside the window: reading the digits, and writing files, take a second or more."""

import threading
from contextlib import ExitStack, contextmanager

from neuralscope.cli import command
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import counted
from neuralscope.network.options import OptionError, TrainingOptions, option_label
from neuralscope.network.trainer_state import CheckpointError
from neuralscope.runs.beginning import check_labels, make_trainer, training_metadata
from neuralscope.runs.disk_space import file_sizes
from neuralscope.runs.kept_network import replacement_notice
from neuralscope.runs.lock import OutputLock
from neuralscope.runs.output_paths import (
    check_output,
    checkpoint_path,
    output_path,
    release_output,
    reserve_output,
    resumed_file,
)
from neuralscope.runs.run import TrainingRun
from neuralscope.runs.snapshot_writer import SnapshotWriter
from neuralscope.runs.snapshots import snapshots_path
from neuralscope.visualizer.live.protocol import Training
from neuralscope.visualizer.live.server_files import check_disk
from neuralscope.visualizer.live.training import LiveTraining

END_TIMEOUT_S = 2
PROGRAM_COMMAND = command("open")


class BackgroundCall:
    """Calls a function on a thread of its own: ``value`` is what it returned, ``error`` the InputError it raised."""

    def __init__(self, name, function, *arguments):
        """Start."""
        self.value, self.error = None, None
        self.thread = threading.Thread(target=self._call, args=(function, *arguments), name=name, daemon=True)
        self.thread.start()

    def _call(self, function, *arguments):
        try:
            self.value = function(*arguments)
        except InputError as error:
            self.error = error

    @property
    def done(self):
        """Whether it has returned."""
        return not self.thread.is_alive()

    def wait(self):
        """Return its value, once it has returned."""
        self.thread.join()
        return self.value


class Launcher(BackgroundCall):
    """Makes the training of ``setup`` on a Dataset, its ``value``, and tells it ``command``, where there is one.

    ``make_training(setup, dataset)`` returns it, or raises InputError.
    """

    def __init__(self, setup, dataset, make_training, command=None):
        """Start; the training before lets go of its files first."""
        self.training_setup, self.command, self.abandoned, self._before = setup, command, False, setup.shutdown
        super().__init__("launch", self._make, make_training, dataset)

    def _make(self, make_training, dataset):
        if self._before:
            self._before.wait()
        training = make_training(self.training_setup, dataset)
        if self.abandoned:
            end_training(training)
        return training

    def abandon(self):
        """End the training that nobody waits for any more, if it is there soon: no file of it is left then."""
        self.abandoned = True
        self.thread.join(END_TIMEOUT_S)
        if self.value and self.done:
            end_training(self.value)  # once more does no harm

    def result(self):
        """Return the training, told to do what it is to do first, once it is there; None before, or where it failed.

        What is wrong is then said by the setup.
        """
        if not self.done:
            return None
        setup = self.training_setup
        setup.launcher = None
        if isinstance(self.error, OptionError):
            setup.invalid_options = {self.error.option: self.error.text(option_label)}
        elif self.error:
            setup.cause, setup.failure = self.error.cause, str(self.error)
        if self.value and self.command:
            self.value.tell(self.command)
        return self.value


class LaunchError(InputError):
    """Why a training cannot begin, and its ``cause`` in general, which is a heading for it."""

    def __init__(self, cause, problem, remedy=""):
        super().__init__(problem, remedy)
        self.cause = cause


@contextmanager
def with_cause(cause):
    """Say an InputError under the heading of its cause, without the remedies that the command line alone has."""
    try:
        yield
    except OptionError:
        raise
    except InputError as error:
        remedy = "begin with something else" if isinstance(error, CheckpointError) else error.remedy
        raise LaunchError(cause, error.problem, remedy) from error


def make_training(setup, dataset):
    """Return the LiveTraining of a setup on a Dataset, whose training part is read; raises InputError."""
    options = setup.options()
    with with_cause("there are no digits to learn from"):
        check_labels(dataset)
        shape = dataset.train.pixels.shape
    notice = ""
    if options.batch_size == TrainingOptions.batch_size:
        options, notice = options.fitted_to(shape[0], option_label)
    with with_cause("it cannot begin"):
        options.check_data(*shape, len(dataset.class_names))
        trainer = make_trainer(options, dataset)
    path = output_path(setup.resume) if setup.resume else reserve_output(setup.output)
    with ExitStack() as undo:
        undo.callback(release_output, path)
        with with_cause("its files cannot be written"):
            lock = OutputLock(path)
            undo.callback(lock.release)
            run = make_run(setup, dataset, trainer, path)
            undo.callback(run.files.release_space)
            run.hold_space()
        with with_cause("it cannot be continued" if setup.resume else "it cannot begin"):
            if setup.resume:
                notice = sentence(notice, run.resume(), replacement_notice(path, dataset.name, dataset.test))
            training = LiveTraining(run, lock, notice)
        undo.pop_all()
        return training


def make_run(setup, dataset, trainer, path):
    """Return the TrainingRun of a setup, once its files can be written; raises InputError."""
    resumed = resumed_file(path) if setup.resume else None
    metadata = training_metadata(dataset, trainer.options, setup.threads, resumed) | setup.metadata
    writer = SnapshotWriter(snapshots_path(checkpoint_path(path)), trainer.options, dataset.test, metadata)
    sizes = file_sizes(trainer, metadata, writer.size)
    if setup.disk_bytes is not None:
        check_disk(setup.output, setup.disk_bytes, sizes.with_temporaries)
    check_output(path, sizes)
    return TrainingRun(trainer, path, None, metadata, writer)


def end_training(training: Training, again: str = "") -> str:
    """Close a training; return a line on what became of it, or ""; ``again``: how it can be continued, if it can."""
    if training.read_only:
        return ""
    path, state = training.close(), training.state
    epochs = state.latest.epochs
    if state.saved:
        line = f"trained {'all ' * (epochs > 1)}{counted(epochs, 'epoch')}; the network is in {path}"
    elif state.failure:  # which says where the last good epoch is
        line = state.failure
    elif path:
        epoch = min(state.steps // state.steps_per_epoch + 1, epochs)
        line = sentence(f"stopped in epoch {epoch} of {epochs}", f"{state.checkpoint_epochs} is in {path}", again)
    else:
        line = "the training is left, and nothing was written" * bool(state.steps)
    return sentence(line, state.notice)


def shutdown_message(session):
    """End what the session trains; return a line on what became of it, or ""; a server's others do not wait for that.
    """
    if session.shared_training:
        session.shared_training.end_training_of(session)
        return ""
    return shut_down(session)


def shut_down(session):
    """End what the session trains, or begins to; return a line on what became of it, or ""."""
    setup = session.training_setup
    if setup.launcher:
        setup.launcher.abandon()
    training, session.training = session.training, None
    if not training:
        return setup.shutdown.wait() if setup.shutdown else ""
    output = training.state.output
    return end_training(training, f"to continue: {PROGRAM_COMMAND} --train --resume --output {output}")
