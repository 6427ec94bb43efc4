"""Where snapshots come from."""

from types import SimpleNamespace

from neuralscope.visualizer.session.snapshot_choice import SnapshotChoice


def test_those_of_the_training_count_while_there_are_any():
    session = SimpleNamespace(training=None)
    choice = SnapshotChoice(session)
    choice.look_for_snapshots = lambda: ("beside the file", "")
    assert choice.snapshots == "beside the file"
    session.training = SimpleNamespace(state=SimpleNamespace(snapshots=None))
    assert choice.snapshots == "beside the file"
    session.training.state.snapshots = "of the training"
    assert choice.snapshots == "of the training"
    fork = choice.fork(SimpleNamespace(training=None))  # it has no training, but its snapshots
    assert (fork.snapshots, choice.file_snapshots) == ("of the training", "beside the file")


def test_what_was_found_is_looked_for_again_once_it_is_forgotten():
    choice = SnapshotChoice(SimpleNamespace(training=None))
    choice.file_snapshots = "those of a training that is over"
    assert choice.snapshots == "those of a training that is over"
    choice.forget()
    assert (choice.snapshots, choice.no_snapshots_reason) == (None, "")
