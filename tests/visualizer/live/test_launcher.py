"""From a plan to a training, and where its network goes."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

import pytest

from neuralscope.errors import InputError
from neuralscope.network import storage, untrusted_npz
from neuralscope.network.options import TrainingOptions
from neuralscope.network.presets import PRESETS
from neuralscope.network.trainer_state import misfit_error
from neuralscope.runs.output_paths import checkpoint_path, free_output_path
from neuralscope.visualizer.live import launcher, presets
from neuralscope.visualizer.live.cli_options import add_train_options, setup_from_arguments
from neuralscope.visualizer.live.interrupted import find_interrupted
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.setup import TrainingSetup
from tests.helpers.trainings import wait
from tests.helpers.unlabelled import without_labels

FEW = {"epochs": 2, "hidden": (5,), "augment": "none", "batch_size": 500}


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def launched(setup, dataset, first=Command.PAUSE):
    """Return the training of a plan, or None where there can be none."""
    setup.launch_training(dataset, first)
    setup.launcher.thread.join()
    return setup.launcher.result()


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".epochs.npz"))


def test_no_file_that_is_there_is_ever_replaced(embedded, folder):
    (folder / "my-training.npz").write_bytes(b"mine")
    setup = TrainingSetup(FEW)
    trainings = [launched(setup, embedded) for _ in range(2)]
    assert [str(one.run.files.output) for one in trainings] == ["my-training-2.npz", "my-training-3.npz"]
    for training in trainings:
        training.tell(Command.START)
        wait(lambda training=training: training.state.saved)
        assert launcher.end_training(training) == f"trained all 2 epochs; the network is in {training.run.files.output}"
    assert names(folder) == ["my-training-2.npz", "my-training-3.npz", "my-training.npz"]
    assert (folder / "my-training.npz").read_bytes() == b"mine"


def test_a_training_that_is_closed_can_be_continued_and_one_of_other_data_is_not_offered(embedded, folder):
    setup = TrainingSetup(FEW | {"seed": 7})
    assert find_interrupted(setup.output, embedded) == []
    training = launched(setup, embedded, Command.TAKE_STEP)
    wait(lambda: training.state.idle)
    words = launcher.shutdown_message(
        type("Session", (), {"training_setup": setup, "training": training, "shared_training": None})()
    )
    assert words == ("stopped in epoch 1 of 2; what was learned is in my-training.checkpoint.npz; to continue: "
                     "python -m neuralscope.visualizer --train --resume --output my-training.npz")
    [(path, facts)] = find_interrupted(setup.output, embedded)
    assert (path, facts["epochs_run"]) == (Path("my-training.checkpoint.npz"), 0)
    assert find_interrupted(setup.output, replace(embedded, name="another")) == []
    other = TrainingSetup()
    other.continue_from(path)
    assert other.options() == setup.options()
    training = launched(other, embedded, Command.START)
    assert training.state.latest.losses.size >= 1
    wait(lambda: training.state.saved)
    launcher.end_training(training)
    assert names(folder) == ["my-training.npz"]
    assert storage.load("my-training.npz").metadata["options"]["seed"] == 7


def test_a_training_without_a_step_and_one_that_cannot_begin_leave_nothing(embedded, folder):
    launcher.end_training(launched(TrainingSetup(FEW), embedded))
    setup = TrainingSetup(FEW | {"batch_size": 5000})
    assert setup.invalid_options == {}
    assert launched(setup, embedded) is None
    assert setup.invalid_options == {
        "batch_size": "there are 1,500 training images; choose at most that many, or 0 for all " "of them"
    }
    assert names(folder) == []


def test_few_images_are_learned_in_batches_of_all_and_that_is_said(embedded, folder):
    few = replace(embedded.train, pixels=embedded.train.pixels[:15], labels=embedded.train.labels[:15])
    dataset = replace(embedded, read_train=lambda: few)
    training = launched(TrainingSetup({"epochs": 1, "hidden": (5,), "augment": "none"}), dataset)
    assert training.state.batch_size == 15
    assert training.state.notice == "batch size is 15, for there are no more training images"
    launcher.end_training(training)
    assert launched(TrainingSetup(FEW), dataset) is None  # chosen by hand


def test_a_training_that_cannot_have_its_files_gives_the_name_free(embedded, folder, monkeypatch):
    def full(path, *sizes):
        raise InputError(f"{path}: make room")

    monkeypatch.setattr(launcher, "check_output", full)
    setup = TrainingSetup(FEW)
    assert launched(setup, embedded) is None
    assert setup.failure == "my-training.npz: make room"
    assert names(folder) == []


def test_data_that_cannot_be_had_is_said(embedded, folder):
    def read():
        raise InputError("mnist: the training part is missing; get it")

    setup = TrainingSetup(FEW)
    assert launched(setup, replace(embedded, read_train=read)) is None
    assert setup.failure == "mnist: the training part is missing; get it"
    assert launched(setup, embedded)
    assert setup.failure == ""
    assert not (folder / "my-training.checkpoint.npz").stat().st_size


def test_a_folder_that_cannot_be_written_is_said(embedded):
    setup = TrainingSetup(FEW, "nowhere/my.npz")
    assert launched(setup, embedded) is None
    assert "nowhere" in setup.failure
    assert "make the folder" in setup.failure


def test_a_launch_that_nobody_waits_for_ends_its_training(embedded, folder):
    setup = TrainingSetup(FEW)
    setup.launch_training(embedded, Command.START)
    session = type("Session", (), {"training_setup": setup, "training": None, "shared_training": None})()
    begun = setup.launcher
    assert launcher.shutdown_message(session) == ""
    assert names(folder) == []
    assert not begun.thread.is_alive()


def test_a_launch_that_is_done_but_was_not_looked_at_is_ended_too(embedded, folder):
    setup = TrainingSetup(FEW)
    setup.launch_training(embedded, Command.START)
    setup.launcher.thread.join()
    assert [name for name in names(folder) if name[0] != "."] == ["my-training.checkpoint.npz"]
    launcher.shutdown_message(
        type("Session", (), {"training_setup": setup, "training": None, "shared_training": None})()
    )
    assert names(folder) == []


def test_an_empty_file_that_an_ended_program_left_is_free_and_one_of_a_window_is_not(embedded, folder):
    left = folder / "my-training.checkpoint.npz"
    left.touch()
    assert free_output_path(Path("my-training.npz")) == Path("my-training-2.npz")
    os.utime(left, (1, 1))
    assert free_output_path(Path("my-training.npz")) == Path("my-training.npz")
    training = launched(TrainingSetup(FEW), embedded)
    assert training.run.files.output == Path("my-training.npz")
    os.utime(left, (1, 1))
    assert free_output_path(Path("my-training.npz")) == Path("my-training-2.npz")
    launcher.end_training(training)


def test_the_file_that_is_promised_is_the_one_that_is_written(embedded, folder, open_window):
    (folder / "my-training.npz").write_bytes(b"mine")
    session = open_window().session
    assert "goes to my-training-2.npz" in presets.setup_summary(session)[2]
    assert names(folder) == ["my-training.npz"]
    training = launched(session.training_setup, embedded)
    assert str(training.run.files.output) == "my-training-2.npz"
    launcher.end_training(training)


def full_disk(monkeypatch):
    """Let no checkpoint be written from now on."""
    def save(network, path, *rest, **options):
        raise InputError(f"{path}: cannot be written (No space left on device); make room")

    monkeypatch.setattr(storage, "save", save)


def test_the_last_words_on_a_full_disk_say_which_epoch_is_there(embedded, monkeypatch):
    training = launched(TrainingSetup(FEW | {"epochs": 1000}), embedded, Command.TAKE_EPOCH)
    wait(lambda: training.state.idle)
    training.run.write_checkpoint(*training.run.last_good)
    training.tell(Command.TAKE_EPOCH)
    wait(lambda: training.state.steps == 6 and training.state.idle)
    full_disk(monkeypatch)
    words = launcher.end_training(training, "again")
    assert words.startswith("stopped in epoch 3 of 1000; epoch 1 is in my-training.checkpoint.npz; again; "
                            "my-training.checkpoint.npz: cannot be written (No space left on device)")
    assert "what was learned is in" not in words


@pytest.mark.parametrize("steps", [0, 2])
def test_the_last_words_after_a_failure_begin_with_it(embedded, steps):
    setup = TrainingSetup(FEW | {"optimizer": "momentum", "schedule": "constant", "epochs": 1000})
    training = launched(setup, embedded, Command.TAKE_EPOCH)
    wait(lambda: training.state.idle)
    training.tell(Command.SET_LEARNING_RATE, 1e35)
    for _ in range(steps):
        training.tell(Command.TAKE_STEP)
        wait(lambda: training.state.idle)
    if not steps:
        training.tell(Command.START)
        wait(lambda: training.state.failure)
    words = launcher.end_training(training, "again")
    assert words.startswith("the loss is no longer a number")
    assert "epoch 1, the last good one, is in my-training.checkpoint.npz" in words


def left(output, dataset, seconds):
    """Leave the checkpoint of a training that was to go to ``output``, of a given age."""
    training = launched(TrainingSetup(FEW, output), dataset, Command.TAKE_STEP)
    wait(lambda: training.state.idle)
    launcher.end_training(training)
    path = checkpoint_path(training.run.files.output)
    os.utime(path, (10**9 - seconds, 10**9 - seconds))
    return path


def arguments(*words):
    parser = argparse.ArgumentParser()
    add_train_options(parser)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args(words)


def test_all_that_can_be_continued_is_offered_the_newest_first_and_nothing_of_another_name(embedded):
    paths = [left("my.npz", embedded, 30), left("my.npz", embedded, 10), left("my.npz", embedded, 20)]
    left("my-other.npz", embedded, 0)
    storage.save(storage.load(paths[0]).network, "my-7.checkpoint.npz", {"dataset": "digits"})  # nothing to continue
    found = find_interrupted(Path("my.npz"), embedded)
    assert [path.name for path, _ in found] == ["my-2.checkpoint.npz", "my-3.checkpoint.npz", "my.checkpoint.npz"]
    setup = TrainingSetup({}, "my.npz")
    setup.find_interrupted_trainings(embedded)
    seen = []
    for _ in range(4):
        card = presets.preset_cards(setup)[-1]
        card[3]()
        card = presets.preset_cards(setup)[-1]
        assert card[0] == f"continue {setup.resume.name}"
        assert card[2]
        seen.append(setup.resume)
    assert seen == [paths[1], paths[2], paths[0], paths[1]]


def test_resume_continues_the_checkpoint_of_its_output_and_no_other(embedded):
    first = left("my.npz", embedded, 10)
    left("my.npz", embedded, 0)
    setup = setup_from_arguments(arguments("--train", "--resume", "--output", "my.npz"), embedded)
    assert setup.resume == first
    first.unlink()
    with pytest.raises(InputError) as caught:
        setup_from_arguments(arguments("--train", "--resume", "--output", "my.npz"), embedded)
    assert str(caught.value) == ("--resume: there is no my.checkpoint.npz of a training on digits; "
                                 "for my-2.checkpoint.npz give --output my-2.npz")


def test_a_preset_begins_the_train_view_and_what_is_given_beside_it_wins(embedded):
    setup = setup_from_arguments(arguments("--train", "--preset", "quick", "--seed", "3"), embedded)
    assert setup.options() == TrainingOptions(**PRESETS["quick"].differences, seed=3)
    assert [name for name in PRESETS if setup.is_preset(name)] == ["quick"]
    assert [card[0] for card in presets.preset_cards(setup) if card[2]] == [PRESETS["quick"].title]
    setup = setup_from_arguments(arguments("--train", "--preset", "classical", "--hidden", "5"), embedded)
    assert (setup.options().hidden, setup.options().batch_size) == ((5,), 0)
    setup = setup_from_arguments(arguments("--train", "--preset", "default"), embedded)
    assert setup.is_preset("default")


@pytest.mark.parametrize(("words", "line"), [
    (["--preset", "quick"], "--preset: of a training; give --train too"),
    (["--train", "--preset", "fast"], "--preset fast: choose one of default, quick, two-layers, classical"),
    (["--train", "--preset", "quick", "--resume", "--output", "my.npz"],
     "--resume: my.checkpoint.npz was made with --epochs 2, --hidden 5, --optimizer adam, --learning-rate 0.002, "
     "--batch-size 500; give the same again, or leave out --resume"),
])
def test_a_preset_that_cannot_be_is_refused(embedded, words, line):
    left("my.npz", embedded, 0)
    with pytest.raises(InputError) as caught:
        setup_from_arguments(arguments(*words), embedded)
    assert str(caught.value) == line


def test_a_training_of_a_preset_is_continued_with_it_and_what_was_given_beside_it(embedded):
    words = "--train", "--preset", "quick", "--hidden", "5", "--seed", "7"
    training = launched(setup_from_arguments(arguments(*words), embedded), embedded, Command.TAKE_STEP)
    wait(lambda: training.state.idle)
    launcher.end_training(training)
    for given in (words, words[:-2]):  # the seed is no part of a preset
        setup = setup_from_arguments(arguments(*given, "--resume"), embedded)
        assert (setup.resume, setup.options()) == (Path("my-training.checkpoint.npz"), training.state.options)
    with pytest.raises(InputError, match="was made with --hidden 5; give the same again"):
        setup_from_arguments(arguments("--train", "--preset", "quick", "--resume"), embedded)


def test_options_given_again_are_as_the_checkpoint_has_them_and_its_threads_are_asked_for(embedded):
    left("my.npz", embedded, 0)
    again = "--train", "--resume", "--output", "my.npz"
    for words in (["--hidden", "5"], ["--epochs", "2"], ["--batch-size", "500"], ["--augment", "none"], ["--seed", "0"],
                  ["--weight-decay", "0"], ["--learning-rate", "0.002"], ["--threads", "1"], ["--dropout", "0"]):
        assert setup_from_arguments(arguments(*again, *words), embedded).resume == Path("my.checkpoint.npz")
    for words, was in ((["--hidden", "6"], "--hidden 5"), (["--hidden"], "--hidden 5"), (["--seed", "1"], "--seed 0"),
                       (["--hidden", "5", "5"], "--hidden 5"), (["--threads", "2"], "--threads 1")):
        with pytest.raises(InputError, match=f"^--resume: my.checkpoint.npz was made with {was}; give the same again"):
            setup_from_arguments(arguments(*again, *words), embedded)


def finished(dataset, output="my.npz"):
    """Leave the finished network of a training, of two epochs; return its path."""
    training = launched(TrainingSetup(FEW, output), dataset, Command.START)
    wait(lambda: training.state.saved)
    launcher.end_training(training)
    return training.run.files.output


def test_a_finished_network_is_continued_for_more_epochs_and_it_is_said(embedded, folder):
    path = finished(embedded)
    again = "--train", "--resume", "--output", "my.npz"
    for words in ([], ["--epochs", "2"]):
        with pytest.raises(InputError) as caught:
            setup_from_arguments(arguments(*again, *words), embedded)
        assert str(caught.value) == "my.npz: has finished its 2 epochs; give more with --epochs, or leave out --resume"
    with pytest.raises(InputError, match=r"my\.npz was made with --hidden 5; give the same again"):
        setup_from_arguments(arguments(*again, "--epochs", "4", "--hidden", "6"), embedded)
    with pytest.raises(InputError, match=r"my\.npz is no network for another; leave it out"):
        setup_from_arguments(arguments(*again, "--epochs", "4"), replace(embedded, name="another"))
    setup = setup_from_arguments(arguments(*again, "--epochs", "4", "--threads", "2"), embedded)
    training = launched(setup, embedded, Command.PAUSE)
    assert training.state.notice.startswith("my.npz has finished its 2 epochs: goes on to 4, with the learning rate of "
                                            "their schedule; the optimizer begins anew")
    assert len(training.state.latest.rows) == 2
    training.tell(Command.START)
    wait(lambda: training.state.saved)
    launcher.end_training(training)
    saved = storage.load(path)
    assert (saved.metadata["epochs_run"], saved.metadata["continued_after"]) == (4, [2])
    assert len(saved.history["loss"]) == 4
    assert names(folder) == ["my.npz"]


def test_a_better_network_that_a_training_of_the_window_replaces_is_kept_and_it_is_said(embedded, folder):
    path = finished(embedded)
    saved = storage.load(path)
    storage.save(saved.network, path, saved.metadata | {"test_accuracy": 1.0}, saved.history)
    setup = setup_from_arguments(arguments("--train", "--resume", "--output", "my.npz", "--epochs", "3"), embedded)
    training = launched(setup, embedded, Command.START)
    wait(lambda: training.state.saved)
    assert launcher.end_training(training) == ("trained all 3 epochs; the network is in my.npz; the network that was "
                                               "there is kept as my.1.npz")
    assert storage.load("my.1.npz").metadata["test_accuracy"] == 1
    assert storage.load("my.npz").metadata["epochs_run"] == 3


def test_what_can_be_continued_is_found_without_reading_networks_and_read_once(embedded, monkeypatch):
    path = left("my.npz", embedded, 0)
    read, names = untrusted_npz.read_member, []
    monkeypatch.setattr(untrusted_npz, "read_member",
                        lambda file, member: names.append(member.filename) or read(file, member))
    for _ in range(2):
        assert len(find_interrupted(Path("my.npz"), embedded)) == 1
    assert names == ["metadata.npy"]
    os.utime(path, (1, 1))
    assert len(find_interrupted(Path("my.npz"), embedded)) == 1
    assert len(names) == 2


def test_two_windows_never_learn_one_checkpoint(embedded, folder):
    path = left("my.npz", embedded, 0)
    plans = TrainingSetup({}, "my.npz"), TrainingSetup({}, "my.npz")
    for setup in plans:
        setup.continue_from(path)
    first = launched(plans[0], embedded)
    assert launched(plans[1], embedded) is None
    assert plans[1].failure == f"my.npz: another training, process {os.getpid()}, is writing it; end that one"
    assert find_interrupted(Path("my.npz"), embedded) == []
    with pytest.raises(InputError, match=r"--resume: another training, process \d+, is writing my\.npz; end that one"):
        setup_from_arguments(arguments("--train", "--resume", "--output", "my.npz"), embedded)
    launcher.end_training(first)
    assert names(folder) == ["my.checkpoint.npz"]
    assert [path for path, _ in find_interrupted(Path("my.npz"), embedded)] == [path]
    launcher.end_training(launched(plans[1], embedded))


def test_a_checkpoint_that_another_program_wrote_meanwhile_is_spared(embedded, folder):
    training = launched(TrainingSetup(FEW | {"epochs": 1000}), embedded, Command.TAKE_EPOCH)
    wait(lambda: training.state.idle)
    training.run.write_checkpoint(*training.run.last_good)
    Path("my-training.checkpoint.npz").write_bytes(b"another's")
    assert "what was learned is in my-training-2.checkpoint.npz" in launcher.end_training(training, "again")
    assert Path("my-training.checkpoint.npz").read_bytes() == b"another's"
    assert names(folder) == ["my-training-2.checkpoint.npz", "my-training.checkpoint.npz"]


def test_each_failure_stands_below_its_own_cause_in_the_windows_words_until_something_is_chosen(embedded, open_window):
    def read():
        raise InputError("the training part is missing; get it")

    path = left("my.npz", embedded, 0)
    session = open_window().session
    setup = session.training_setup = TrainingSetup(FEW, "my.npz", threads=2)
    setup.continue_from(path)
    assert launched(setup, embedded) is None
    assert presets.setup_summary(session) == (("it cannot be continued:",), (
        "my.checkpoint.npz: was made with threads 1, not 2; begin with something else",))
    setup.step("epochs", 1)
    assert setup.failure == ""
    assert "weights and biases" in presets.setup_summary(session)[0][0]
    launched(setup, replace(embedded, read_train=read))
    assert presets.setup_summary(session)[0] == ("there are no digits to learn from:",)
    setup = session.training_setup = TrainingSetup(FEW, "nowhere/my.npz")
    launched(setup, embedded)
    (cause,), (words,) = presets.setup_summary(session)
    assert cause == "its files cannot be written:"
    assert words.endswith("make the folder")


@pytest.mark.parametrize(("error", "line", "wanted"), [
    (InputError("a.npz: is write-protected", option_remedy="name another file with --output"),
     "a.npz: is write-protected; name another file with --output", "a.npz: is write-protected"),
    (InputError("a.npz: will not be overwritten, for it holds no network that can be read", "remove it",
                "name another file with --output", "--evaluate says why"),
     "a.npz: will not be overwritten, for it holds no network that can be read (--evaluate says why); remove it, or "
     "name another file with --output",
     "a.npz: will not be overwritten, for it holds no network that can be read; remove it"),
    (InputError("a.npz: holds snapshots of another training", "remove it", "leave out --snapshots"),
     "a.npz: holds snapshots of another training; remove it, or leave out --snapshots",
     "a.npz: holds snapshots of another training; remove it"),
    (misfit_error("order").prefixed("a.npz: "),
     "a.npz: the checkpoint's array order does not fit this training; start again without --resume",
     "a.npz: the checkpoint's array order does not fit this training; begin with something else")])
def test_the_window_does_not_speak_of_the_command_line(error, line, wanted):
    with pytest.raises(launcher.LaunchError) as caught, launcher.with_cause("why"):
        raise error
    assert (str(error), caught.value.cause, str(caught.value)) == (line, "why", wanted)


def test_there_is_nothing_to_learn_from_without_labels(embedded, folder):
    setup, dataset = TrainingSetup(FEW), without_labels(embedded)
    assert launched(setup, dataset) is None
    assert setup.cause == "there are no digits to learn from"
    assert setup.failure == "pictures.csv has no labels to learn from; choose a data set with labels"
    assert not names(folder)


@pytest.mark.parametrize("arguments", [["--train"], ["--train", "--epochs", "2"], ["--train", "--resume"]])
def test_a_training_asked_for_without_labels_is_refused_before_a_window_opens(embedded, arguments):
    parser = argparse.ArgumentParser()
    add_train_options(parser)
    parser.set_defaults(threads=1, seed=None)
    with pytest.raises(InputError, match=r"^pictures\.csv has no labels to learn from"):
        setup_from_arguments(parser.parse_args(arguments), without_labels(embedded))
    assert setup_from_arguments(parser.parse_args([]), without_labels(embedded)).values["epochs"]
