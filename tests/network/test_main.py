"""``python -m neuralscope.network`` as a person meets it: what it prints, what it writes, how it stops."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import neuralscope.network
from neuralscope import data_loader
from neuralscope.errors import InputError
from neuralscope.network import Network, Trainer, batches, evaluate, load, save, storage
from neuralscope.network.__main__ import build_parser, main
from neuralscope.network.cli_options import options_from_arguments
from neuralscope.network.options import TrainingOptions
from neuralscope.runs import digest, output_paths, run, snapshots
from tests.helpers.environment import PROJECT

DIGITS = ["--dataset", "digits", "--hidden", "12", "--batch-size", "250", "--augment", "none", "--optimizer",
          "momentum", "--learning-rate", "0.2"]  # a few quick steps
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals, limits and terminals of POSIX")


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    """An empty current folder, and digits that are decoded already."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(*words, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen([sys.executable, "-m", "neuralscope.network", *words], text=True,
                            env=os.environ | {"PYTHONPATH": str(PROJECT)}, **options)


def files():
    return sorted(os.listdir())


def refused(words):
    """Return the line that a person reads after a command that is refused."""
    with pytest.raises(InputError) as caught:
        main(words)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_trains_says_so_and_saves(capsys):
    assert main([*DIGITS, "--epochs", "8", "--log", "log.jsonl"]) == 0
    out, err = capsys.readouterr()
    saved = load("trained_weights.npz")
    facts = saved.metadata
    assert re.sub(r"0:\d\d", "TIME", out) == (
        f"test accuracy {facts['test_accuracy']:.2%}, {facts['test_errors']} errors of 297 "
        "(784-12-10 relu, digits, 8 epochs, TIME); saved in trained_weights.npz\n")
    assert err.startswith("epoch 1/8: loss ")
    assert "epoch 8/8: loss " in err
    assert files() == ["log.jsonl", "trained_weights.npz"]

    test = data_loader.load("digits").test
    judged = evaluate(saved.network, test.images, test.labels)
    assert judged.accuracy == facts["test_accuracy"] > 0.7
    assert judged.errors == facts["test_errors"]
    assert facts["epochs_run"] == 8
    assert facts["options"]["hidden"] == [12]
    assert facts["options"]["seed"] == 0
    assert facts["threads"] == 1
    assert facts["source"] == "embedded in scikit-learn"
    assert {"neuralscope", "numpy", "train_accuracy", "test_sha256"} <= facts.keys()

    rows = [json.loads(line) for line in Path("log.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in rows] == list(range(1, 9))
    assert set(rows[0]) == {"epoch", "loss", "train_accuracy", "test_loss", "test_accuracy", "validation_accuracy",
                            "seconds"}
    assert rows[-1]["validation_accuracy"] is None
    np.testing.assert_array_equal(saved.history["loss"], [row["loss"] for row in rows])


def test_the_same_command_gives_the_same_bytes():
    for name in "one.npz", "two.npz":
        main([*DIGITS, "--epochs", "2", "--output", name, "--quiet"])
    assert Path("one.npz").read_bytes() == Path("two.npz").read_bytes()


def test_quiet_prints_nothing(capsys):
    main([*DIGITS, "--epochs", "1", "--quiet"])
    assert capsys.readouterr() == ("", "")


def test_validation_is_shown_and_kept(capsys):
    main([*DIGITS, "--epochs", "1", "--validation", "300"])
    assert ", validation " in capsys.readouterr().err
    assert load("trained_weights.npz").history["validation_accuracy"].shape == (1,)


def test_a_network_without_hidden_layer():
    main(["--dataset", "digits", "--epochs", "1", "--quiet", "--hidden"])
    assert load("trained_weights.npz").network.sizes == (784, 10)


def test_the_command_line_is_the_table_of_options(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # a narrow terminal's lines break at hyphens
    assert options_from_arguments(build_parser().parse_args([])) == TrainingOptions()
    words = build_parser().format_help()
    assert "--learning-rate" in words
    for one in dataclasses.fields(TrainingOptions):
        assert "--" + one.name.replace("_", "-") in words
        for name in one.metadata.get("choices", ()):
            assert re.search(rf"\b{name}\b", words)


@pytest.mark.parametrize(("words", "line"), [
    (["--epochs", "nan"], "--epochs nan: choose a whole number of at least 1"),
    (["--hidden", "20", "0x10"], "--hidden 0x10: choose a whole number of at least 1"),
    (["--learning-rate", "0,1"], "--learning-rate 0,1: choose a number above 0"),
    (["--dropout", "half"], "--dropout half: choose a number from 0 to below 1"),
    (["--epochs", "-1"], "--epochs -1: choose a whole number of at least 1"),
    (["--hidden", "0"], "--hidden 0: choose a whole number of at least 1"),
    (["--hidden", "10000000"], "would take 404.1 GiB of memory"),
    (["--learning-rate", "nan"], "--learning-rate nan: choose a finite number above 0"),
    (["--batch-size", "1501"], "--batch-size 1501: there are 1,500 training images"),
    (["--validation", "1500"], "--validation 1500: there are 1,500 training images"),
    (["--dataset", "minst"], "fashion_mnist"),
    (["--output", "none/weights.npz"], "make the folder"),
    (["--output", "."], "is not a file"), (["--output", os.devnull], f"{os.devnull}: is not a file; name one with"),
    (["--log", "none/log"], "--log none/log: cannot be written"),
    (["--output", "a" * 300], "cannot be written (File name too long)"),
    (["--output", ""], "--output '': name a file"),
    (["--log", ""], "--log '': name a file"),
    (["--evaluate", ""], "--evaluate '': name a file"),
    (["--evaluate", "--resume"], "leave out --resume, --snapshots, --output and --log, or --evaluate"),
    (["--evaluate", "--snapshots"], "leave out --resume, --snapshots, --output and --log, or --evaluate"),
    (["--evaluate", "--output", "x"], "leave out --resume, --snapshots, --output and --log, or --evaluate"),
    (["--show-augmentation", ""], "--show-augmentation '': name a file"),
    (["--show-augmentation", "x.png", "--evaluate"], "--evaluate and --show-augmentation are two things to do"),
    (["--show-augmentation", "x.png", "--augment", "none"], "nothing to show; choose one of affine, elastic"),
    (["--show-augmentation", "x.jpg", "--augment", "affine"], "name a file that ends in .png"),
    (["--show-augmentation", "none/x.png", "--augment", "affine"], "make the folder"),
    (["--augment", "plastic"], "--augment plastic: choose one of none, affine, elastic"),
    (["--loss", "hinge"], "--loss hinge: choose one of cross-entropy, squared-error"),
    (["--dropout", "1"], "--dropout 1.0: choose a number from 0 to below 1"),
    (["--dropout", "-0.1"], "--dropout -0.1: choose a number from 0 to below 1"),
    (["--dropout", "0.5", "--hidden"], "--dropout 0.5: there is no hidden layer"),
    (["--label-smoothing", "0.1", "--loss", "squared-error"], "goes with --loss cross-entropy alone"),
    (["--label-smoothing", "1"], "--label-smoothing 1.0: choose a number from 0 to below 1"),
    (["--seed", "9" * 400], "choose a number of at most 9223372036854775807"),
    (["--epochs", "9" * 400], "choose a number of at most 9223372036854775807"),
    (["--hidden", "9" * 400], "choose a number of at most 9223372036854775807"),
    (["--weight-decay", "1000"], "--weight-decay 1000.0: times --learning-rate 0.002 it is 2"),
    (["--log", "trained_weights.npz"], "--log trained_weights.npz: the network goes there"),
    (["--log", "./trained_weights.checkpoint.npz"], "the network goes there"),
    (["--snapshots", "--log", "trained_weights.epochs.npz"], "the network goes there"),
    (["--log", os.devnull], "is not a file"),
    (["--resume"], "trained_weights.checkpoint.npz: no such checkpoint"),
    (["--learning-rate", "1e38", "--weight-decay", "0"], "the loss is no longer a number (epoch 1, step"),
])
def test_bad_input_gets_one_line_and_writes_nothing(words, line):
    assert line in refused(["--dataset", "digits", "--epochs", "2", *words])
    assert files() == []


@pytest.mark.parametrize("words", [["--snapshots", "many"], ["--nonsense"], ["--threads", "0"],
                                   ["--threads", "9" * 20]])
def test_a_slip_on_the_command_line_gets_one_line(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


# Where it writes


def test_a_file_that_is_none_of_ours_is_not_overwritten():
    Path("thesis.npz").write_bytes(b"three years of work")
    assert "thesis.npz: will not be overwritten" in refused([*DIGITS, "--epochs", "1", "--output", "thesis.npz"])
    assert Path("thesis.npz").read_bytes() == b"three years of work"
    assert files() == ["thesis.npz"]


@pytest.mark.parametrize("content", [b"5,0,0\n", b"{}\n", b"[1]\n", b"PK\x03\x04\xff", b"{" * 10**6, b"[" * 10**5])
def test_a_log_that_is_no_log_is_not_overwritten(content):
    Path("precious").write_bytes(content)
    assert "will not be overwritten, for it is no log" in refused([*DIGITS, "--epochs", "1", "--log", "precious"])
    assert Path("precious").read_bytes() == content
    assert files() == ["precious"]


def test_a_log_that_is_removed_meanwhile_begins_again(monkeypatch):
    learn = Trainer.learn

    def remove_and_learn(self, images, labels):
        if (self.epoch, self.position) == (2, 0):
            os.remove("log")
        return learn(self, images, labels)

    monkeypatch.setattr(Trainer, "learn", remove_and_learn)
    main([*DIGITS, "--epochs", "4", "--quiet", "--log", "log"])
    assert [json.loads(line)["epoch"] for line in Path("log").read_text().splitlines()] == [3, 4]


def test_an_earlier_log_and_an_empty_one_are():
    for _ in range(2):
        main([*DIGITS, "--epochs", "2", "--quiet", "--log", "log"])
        assert Path("log").read_text().count("\n") == 2
    Path("log").write_bytes(b"")
    main([*DIGITS, "--epochs", "1", "--quiet", "--log", "log"])
    assert Path("log").read_text().count("\n") == 1


def test_a_checkpoint_that_is_none_is_not_overwritten():
    checkpoint = Path("trained_weights.checkpoint.npz")
    checkpoint.write_bytes(b"three years of work")
    assert "checkpoint.npz: will not be overwritten" in refused([*DIGITS, "--epochs", "1"])
    assert checkpoint.read_bytes() == b"three years of work"
    checkpoint.unlink()
    checkpoint.mkdir()
    assert "checkpoint.npz: is not a file" in refused([*DIGITS, "--epochs", "1"])
    assert files() == ["trained_weights.checkpoint.npz"]


def test_two_trainings_never_write_one_file(monkeypatch):
    learn, said = Trainer.learn, []

    def begin_another(self, images, labels):
        if not said:
            said.append("")
            said[0] = refused([*DIGITS, "--epochs", "1", "--quiet"])
        return learn(self, images, labels)

    monkeypatch.setattr(Trainer, "learn", begin_another)
    main([*DIGITS, "--epochs", "2", "--quiet"])
    assert said == [f"trained_weights.npz: another training, process {os.getpid()}, is writing it; end that one, or "
                    "give --output trained_weights-2.npz"]
    assert load("trained_weights.npz").metadata["epochs_run"] == 2
    assert files() == ["trained_weights.npz"]


@pytest.mark.parametrize("name", ["a.checkpoint", "a.checkpoint.npz", "a.epochs.npz"])
def test_no_network_goes_where_another_file_of_a_training_does(name):
    assert "is what another file of a training is called; name one with --output that does not end in" in refused(
        [*DIGITS, "--epochs", "1", "--output", name])
    assert files() == []


def test_a_finished_network_under_a_checkpoint_s_name_stays():
    assert main([*DIGITS, "--epochs", "1", "--output", "a.npz", "--quiet"]) == 0
    os.rename("a.npz", "b.checkpoint.npz")
    assert refused([*DIGITS, "--epochs", "1", "--output", "b.npz"]) == (
        "b.checkpoint.npz: will not be overwritten, for it is a finished network that has a checkpoint's name; "
        "rename it, or name another file with --output")
    assert files() == ["b.checkpoint.npz"]


def test_the_checkpoint_of_another_training_stays(monkeypatch):
    learn, other = Trainer.learn, Network.random((784, 3, 10), rng=np.random.default_rng(0))

    def learn_and_be_overtaken(self, images, labels):
        if self.epoch == 1:
            save(other, "trained_weights.checkpoint.npz", {"dataset": "digits"})
        return learn(self, images, labels)

    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0)
    main([*DIGITS, "--epochs", "2", "--quiet"])
    assert files() == ["trained_weights.npz"]  # its own goes
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 1e9)
    monkeypatch.setattr(Trainer, "learn", learn_and_be_overtaken)
    main([*DIGITS, "--epochs", "2", "--quiet"])
    assert load("trained_weights.checkpoint.npz").network.sizes == (784, 3, 10)


@pytest.mark.parametrize(("given", "output", "checkpoint"), [
    ("exp.lr0.1", "exp.lr0.1.npz", "exp.lr0.1.checkpoint.npz"), ("a.v1.npz", "a.v1.npz", "a.v1.checkpoint.npz")])
def test_the_output_ends_in_npz_and_has_a_checkpoint_of_its_own(given, output, checkpoint):
    path = output_paths.choose_output(given, "digits")[0]
    assert (str(path), str(output_paths.checkpoint_path(path))) == (output, checkpoint)


def test_an_empty_file_and_one_of_ours_are(capsys):
    Path("trained_weights.npz").touch()
    main([*DIGITS, "--epochs", "1", "--quiet"])
    main([*DIGITS, "--epochs", "2", "--quiet"])
    assert load("trained_weights.npz").metadata["epochs_run"] == 2


def test_the_default_file_of_another_data_set_is_spared(capsys):
    save(Network.random((784, 3, 10), rng=np.random.default_rng(0)), "trained_weights.npz", {"dataset": "mnist"})
    before = Path("trained_weights.npz").read_bytes()
    main([*DIGITS, "--epochs", "1"])
    out, err = capsys.readouterr()
    assert "trained_weights.npz holds a network for mnist, so this one goes to trained_weights.digits.npz" in err
    assert out.endswith("saved in trained_weights.digits.npz\n")
    assert Path("trained_weights.npz").read_bytes() == before
    assert files() == ["trained_weights.digits.npz", "trained_weights.npz"]
    main([*DIGITS, "--epochs", "1", "--output", "trained_weights.npz", "--quiet"])  # named, so meant
    assert load("trained_weights.npz").metadata["dataset"] == "digits"


@POSIX
def test_a_full_disk_is_found_before_training():
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    process = start(*DIGITS, "--epochs", "1", preexec_fn=limit)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert err.count("\n") == 1
    assert "cannot be written (File too large); make room" in err
    assert files() == []


def hinder(monkeypatch, name):
    """Let no file of this name come into its place, as Windows does while another program has it open."""
    replace = os.replace

    def refuse(source, target):
        if Path(target).name == name:
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)


def test_when_the_end_cannot_be_saved_nothing_is_lost(monkeypatch):
    with monkeypatch.context() as patch:
        hinder(patch, "trained_weights.npz")
        line = refused([*DIGITS, "--epochs", "2", "--quiet"])
    assert "close the program that has it open" in line
    assert "is in trained_weights.checkpoint.npz, and --resume will write it here" in line
    assert files() == ["trained_weights.checkpoint.npz"]
    main([*DIGITS, "--epochs", "2", "--quiet", "--resume"])
    assert files() == ["trained_weights.npz"]
    assert load("trained_weights.npz").metadata["epochs_run"] == 2


def test_a_checkpoint_that_cannot_be_written_does_not_stop_the_training(monkeypatch, capsys):
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0)
    hinder(monkeypatch, "trained_weights.checkpoint.npz")
    assert main([*DIGITS, "--epochs", "2"]) == 0
    assert "trained_weights.checkpoint.npz: cannot be written" in capsys.readouterr().err
    assert files() == ["trained_weights.npz"]


# Stopping and going on


@pytest.mark.parametrize("still", [0, 1])
def test_stopped_on_a_full_disk_it_says_what_the_checkpoint_still_holds(still, monkeypatch):
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0 if still else 1e9)
    keep = run.TrainingRun.record_epoch

    def keep_and_fill(self, report, note):
        if report.epoch == 2:
            hinder(monkeypatch, "trained_weights.checkpoint.npz")
        keep(self, report, note)

    monkeypatch.setattr(run.TrainingRun, "record_epoch", keep_and_fill)
    interrupt_at(monkeypatch, 15)  # in epoch 3
    line = refused([*DIGITS, "--epochs", "5", "--quiet"])
    assert "trained_weights.checkpoint.npz: cannot be written (Access is denied)" in line
    assert line.endswith("; epoch 1 is still in trained_weights.checkpoint.npz") == bool(still)
    assert os.path.exists("trained_weights.checkpoint.npz") == bool(still)
    if still:
        assert load("trained_weights.checkpoint.npz").state["epoch"] == 1


def stopped_run(*words, presses=1):
    """Train in another process, press Ctrl-C after the first epoch; return its exit status and what it printed."""
    process = start(*words)
    first = next(line for line in process.stderr if "will be replaced" not in line)
    assert first.startswith("epoch 1/"), first + process.stderr.read()
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("presses", [1, 3])
def test_control_c_keeps_what_was_learned_and_resume_ends_where_it_would_have_ended(presses, capsys):
    words = [*DIGITS, "--epochs", "300", "--log", "log.jsonl"]
    save(Network.random((784, 3, 10), rng=np.random.default_rng(0)), "trained_weights.npz",
         {"dataset": "digits", "test_accuracy": 0.1})
    good = Path("trained_weights.npz").read_bytes()
    status, out, err = stopped_run(*words, presses=presses)
    assert status == 130
    assert out == ""
    assert "Traceback" not in err
    assert "what was learned is in trained_weights.checkpoint.npz; to continue: python -m neuralscope.network" in err
    assert Path("trained_weights.npz").read_bytes() == good
    assert files() == ["log.jsonl", "trained_weights.checkpoint.npz", "trained_weights.npz"]
    done = load("trained_weights.checkpoint.npz").metadata["epochs_run"]
    assert 1 <= done < 300

    assert main([*words, "--resume", "--quiet"]) == 0
    assert main([*words, "--output", "straight.npz", "--quiet", "--log", "straight.jsonl"]) == 0
    assert Path("trained_weights.npz").read_bytes() == Path("straight.npz").read_bytes()
    resumed, straight = ([json.loads(line) | {"seconds": 0} for line in Path(name).read_text().splitlines()]
                         for name in ("log.jsonl", "straight.jsonl"))
    assert resumed == straight
    assert files() == ["log.jsonl", "straight.jsonl", "straight.npz", "trained_weights.npz"]


def interrupt_at(monkeypatch, steps, number=signal.SIGINT):
    """Press Ctrl-C when this many steps were taken, in this process; or let another signal come."""
    learn, count = Trainer.learn, iter(range(10**6))

    def pressed(self, images, labels):
        if next(count) == steps:
            signal.raise_signal(number)
        return learn(self, images, labels)

    monkeypatch.setattr(Trainer, "learn", pressed)


@pytest.mark.parametrize("steps", [0, 3, 5, 11])  # 5 and 11 end an epoch of batches
@pytest.mark.parametrize("chosen", [
    "", "--optimizer sgd --augment affine", "--optimizer adam --learning-rate 0.01 --augment elastic --dropout 0.3",
    "--optimizer momentum --schedule constant --label-smoothing 0.1 --validation 100 --weight-decay 0.01",
    "--batch-size 0 --loss squared-error --activation tanh --init xavier --epochs 12"])
def test_stopped_at_any_step_it_goes_on_to_the_same_bytes(steps, chosen, monkeypatch):
    monkeypatch.setattr(batches, "BLOCK_IMAGES", 500)
    words = [*DIGITS, "--epochs", "2", "--quiet", *chosen.split()]
    with monkeypatch.context() as patch:
        interrupt_at(patch, steps)
        assert main([*words, "--output", "stopped.npz"]) == 130
    assert files() == ["stopped.checkpoint.npz"]
    main([*words, "--output", "stopped.npz", "--resume"])
    main([*words, "--output", "straight.npz"])
    assert Path("stopped.npz").read_bytes() == Path("straight.npz").read_bytes()


@POSIX
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_every_signal_keeps_what_was_learned(name, status, monkeypatch, capsys):
    interrupt_at(monkeypatch, 7, getattr(signal, name))
    assert main([*DIGITS, "--epochs", "3", "--quiet"]) == status
    assert "what was learned is in trained_weights.checkpoint.npz; to continue" in capsys.readouterr().err
    assert files() == ["trained_weights.checkpoint.npz"]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@POSIX
def test_a_signal_that_comes_when_all_is_learned_stops_no_file(monkeypatch, capsys):
    finish = run.TrainingRun.finish

    def press_and_finish(self):
        signal.raise_signal(signal.SIGTERM)
        finish(self)

    monkeypatch.setattr(run.TrainingRun, "finish", press_and_finish)
    assert main([*DIGITS, "--epochs", "1", "--quiet"]) == 143
    assert capsys.readouterr().err.endswith("all was learned when it was to stop; the network is in "
                                            "trained_weights.npz\n")
    assert files() == ["trained_weights.npz"]


@POSIX
def test_sigterm_while_the_data_are_read(monkeypatch, capsys):
    monkeypatch.setattr(data_loader, "load", lambda *_: signal.raise_signal(signal.SIGTERM))
    assert main(DIGITS) == 143
    assert capsys.readouterr().err.endswith("stopped before training began, nothing was written\n")
    assert files() == []
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_control_c_before_training(monkeypatch, capsys):
    def press(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(data_loader, "load", press)
    assert main(DIGITS) == 130
    assert capsys.readouterr().err.endswith("stopped before training began, nothing was written\n")
    assert files() == []


def test_control_c_works_again_afterwards():
    main([*DIGITS, "--epochs", "1", "--quiet"])
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def checkpoint(monkeypatch, *words):
    with monkeypatch.context() as patch:
        interrupt_at(patch, 7)
        assert main([*DIGITS, "--epochs", "3", "--quiet", *words]) == 130


def test_a_checkpoint_opens_as_weights_and_a_new_training_says_that_it_goes(monkeypatch, capsys):
    checkpoint(monkeypatch)
    assert load("trained_weights.checkpoint.npz").network.sizes == (784, 12, 10)
    main([*DIGITS, "--epochs", "1"])
    assert "trained_weights.checkpoint.npz of another training may be replaced" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "line"), [
    (["--learning-rate", "0.01"], "was made with --learning-rate 0.1, not 0.01"),
    (["--epochs", "4", "--seed", "7"], "--epochs 3, not 4; --seed 0, not 7"),
])
def test_resuming_with_other_options_is_refused(monkeypatch, words, line):
    checkpoint(monkeypatch, "--learning-rate", "0.1")
    before = Path("trained_weights.checkpoint.npz").read_bytes()
    assert line in refused([*DIGITS, "--epochs", "3", "--learning-rate", "0.1", "--resume", *words])
    assert Path("trained_weights.checkpoint.npz").read_bytes() == before


def test_resuming_on_other_data_is_refused(monkeypatch):
    checkpoint(monkeypatch)
    rows = np.random.default_rng(0).integers(0, 10, (600, 785))
    names = ",".join(["label", *map(str, range(784))])
    np.savetxt("numbers.csv", rows, fmt="%d", delimiter=",", header=names, comments="")
    line = refused([*DIGITS, "--dataset", "numbers.csv", "--epochs", "3", "--resume"])
    assert 'dataset "digits", not numbers.csv' in line


def test_resuming_on_other_test_images_or_threads_is_refused(monkeypatch):
    checkpoint(monkeypatch)
    saved = load("trained_weights.checkpoint.npz")
    save(saved.network, saved.path, saved.metadata | {"test_sha256": "x", "threads": 2}, saved.history, saved.state)
    line = refused([*DIGITS, "--epochs", "3", "--resume"])
    assert "was made with threads 2, not 1; other test images; give" in line


def test_resuming_on_other_training_labels_is_refused(monkeypatch):
    checkpoint(monkeypatch)
    digits = data_loader.load("digits")
    other = dataclasses.replace(digits, read_train=lambda: dataclasses.replace(
        digits.train, labels=(digits.train.labels + 3) % 10))
    monkeypatch.setattr(data_loader, "load", lambda *_: other)
    assert "other training images" in refused([*DIGITS, "--epochs", "3", "--resume"])


def test_diverging_at_once_after_a_resume_names_the_checkpoint(monkeypatch):
    checkpoint(monkeypatch)
    before = Path("trained_weights.checkpoint.npz").read_bytes()
    monkeypatch.setattr(Trainer, "learn", lambda self, *_: self.parameters.fill(np.nan) or (0.0, 0))
    line = refused([*DIGITS, "--epochs", "3", "--quiet", "--resume"])
    assert "the last good one, is in trained_weights.checkpoint.npz" in line
    assert Path("trained_weights.checkpoint.npz").read_bytes() == before


def test_resuming_from_a_damaged_state_names_the_file(monkeypatch):
    checkpoint(monkeypatch)
    saved = load("trained_weights.checkpoint.npz")
    one = {name: column[:0] for name, column in saved.history.items()}
    for history, state in ((one, saved.state), ({}, saved.state),
                           (saved.history, saved.state | {"random": np.array("nojson")})):
        save(saved.network, saved.path, saved.metadata, history, state)
        line = refused([*DIGITS, "--epochs", "3", "--resume"])
        assert line.startswith("trained_weights.checkpoint.npz: ")
        assert "start again without --resume" in line


def test_stopped_on_a_step_that_broke_the_weights_the_last_good_epoch_is_kept(monkeypatch):
    learn = Trainer.learn

    def break_and_press(self, images, labels):
        result = learn(self, images, labels)
        if self.epoch == 1:
            self.parameters[784 * 12] = -np.inf  # a bias: relu hides it from the loss
            signal.raise_signal(signal.SIGINT)
        return result

    monkeypatch.setattr(Trainer, "learn", break_and_press)
    assert "epoch 1, the last good one, is in" in refused([*DIGITS, "--epochs", "3", "--quiet"])
    assert load("trained_weights.checkpoint.npz").metadata["epochs_run"] == 1


def test_resuming_from_weights_is_refused(monkeypatch):
    main([*DIGITS, "--epochs", "1", "--quiet"])
    os.rename("trained_weights.npz", "trained_weights.checkpoint.npz")
    assert "is a finished network that has a checkpoint's name" in refused([*DIGITS, "--epochs", "1", "--resume"])


def test_a_loss_that_is_no_number_leaves_the_last_good_epoch(monkeypatch):
    learn = Trainer.learn

    def diverge(self, images, labels):
        if self.epoch == 2:
            self.parameters[:] = np.nan
        return learn(self, images, labels)

    monkeypatch.setattr(Trainer, "learn", diverge)
    line = refused([*DIGITS, "--epochs", "5", "--quiet"])
    assert "the loss is no longer a number (epoch 3, step 13): start again and learn slower" in line
    assert "epoch 2, the last good one, is in trained_weights.checkpoint.npz" in line
    assert files() == ["trained_weights.checkpoint.npz"]
    assert load("trained_weights.checkpoint.npz").metadata["epochs_run"] == 2


@POSIX
def test_killed_while_training_the_checkpoint_and_the_good_file_are_whole(monkeypatch):
    program = ("import neuralscope.runs.run as run; run.CHECKPOINT_INTERVAL_S = 0; import sys; "
               "from neuralscope.network.__main__ import main; main(sys.argv[1:])")
    main([*DIGITS, "--epochs", "1", "--quiet"])
    good = Path("trained_weights.npz").read_bytes()
    for wait in (1, 4, 9):
        words = [*DIGITS, "--epochs", "9999", "--log", "log", "--snapshots"]
        process = subprocess.Popen([sys.executable, "-c", program, *words], stderr=subprocess.DEVNULL,
                                   env=os.environ | {"PYTHONPATH": str(PROJECT)})
        while not Path("log").exists() or Path("log").read_text().count("\n") <= wait:
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.wait()
        saved = load("trained_weights.checkpoint.npz")
        assert saved.metadata["epochs_run"] >= wait
        assert snapshots.load_snapshots(UNFINISHED, saved).epochs[-1] >= wait / 2
        assert Path("trained_weights.npz").read_bytes() == good
        Path("log").unlink()


@POSIX
def test_a_terminal_gets_a_bar(folder):
    import fcntl
    import pty
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = start(*DIGITS, "--epochs", "3", stderr=follower)
    os.close(follower)
    shown = b""
    while b"epoch 3/3" not in shown or not shown.endswith(b"%\r\n"):
        shown += os.read(leader, 1000)
    assert process.communicate(timeout=60)[0].startswith("test accuracy ")
    os.close(leader)
    for words in (b"epoch 0/3, ", b" left |", b"loss ", b"training ", b"test "):
        assert words in shown


# Snapshots


SNAPSHOTS = "trained_weights.epochs.npz"
UNFINISHED = "trained_weights.checkpoint.epochs.npz"


def test_snapshots_are_kept_and_change_nothing_else(capsys):
    assert main([*DIGITS, "--epochs", "6", "--snapshots"]) == 0
    assert capsys.readouterr().out.endswith(f"saved in trained_weights.npz, 7 snapshots in {SNAPSHOTS}\n")
    assert files() == [SNAPSHOTS, "trained_weights.npz"]
    saved = load("trained_weights.npz")
    kept = snapshots.load_snapshots(SNAPSHOTS, saved)
    assert kept.epochs.tolist() == list(range(7))
    assert kept.matches_test_set(data_loader.load("digits").test)
    np.testing.assert_array_equal(kept.history["loss"][1:], saved.history["loss"])
    main([*DIGITS, "--epochs", "6", "--output", "without.npz", "--quiet"])
    assert Path("without.npz").read_bytes() == Path("trained_weights.npz").read_bytes()
    before = Path(SNAPSHOTS).read_bytes()
    main([*DIGITS, "--epochs", "6", "--snapshots", "--quiet"])
    assert Path(SNAPSHOTS).read_bytes() == before


@pytest.mark.parametrize("steps", [0, 3, 5, 11])  # 5 and 11 end an epoch of batches
def test_stopped_at_any_step_the_snapshots_go_on_to_the_same_bytes(steps, monkeypatch, capsys):
    words = [*DIGITS, "--epochs", "3", "--snapshots"]
    main([*words, "--output", "straight.npz", "--quiet"])
    with monkeypatch.context() as patch:
        interrupt_at(patch, steps)
        assert main(words) == 130
    assert "--snapshots --resume" in capsys.readouterr().err
    assert SNAPSHOTS not in files()
    kept = snapshots.load_snapshots(UNFINISHED, load("trained_weights.checkpoint.npz"))
    assert kept.epochs.tolist() == list(range(1 + steps // 6))
    assert main([*words, "--resume"]) == 0
    assert Path(SNAPSHOTS).read_bytes() == Path("straight.epochs.npz").read_bytes()
    assert files() == ["straight.epochs.npz", "straight.npz", SNAPSHOTS, "trained_weights.npz"]


def test_a_checkpoint_never_is_ahead_of_its_snapshots(monkeypatch):
    saved, save_one = [], storage.save

    def look_and_save(network, path, metadata, *rest, **options):
        if "checkpoint" in str(path):
            saved.append((metadata["epochs_run"], int(snapshots.read_snapshots(UNFINISHED).epochs[-1])))
        save_one(network, path, metadata, *rest, **options)

    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0)
    monkeypatch.setattr(storage, "save", look_and_save)
    main([*DIGITS, "--epochs", "3", "--snapshots", "--quiet"])
    assert saved == [(1, 1), (2, 2), (3, 3)]


def test_resumed_without_earlier_snapshots_they_begin_there(monkeypatch, capsys):
    checkpoint(monkeypatch)
    main([*DIGITS, "--epochs", "3", "--resume", "--snapshots"])
    assert f"there is no {UNFINISHED} to continue: the snapshots begin here" in capsys.readouterr().err
    assert snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz")).epochs.tolist() == [2, 3]


def test_resumed_without_saying_so_the_snapshots_that_were_begun_go_on(monkeypatch, capsys):
    checkpoint(monkeypatch, "--snapshots")
    capsys.readouterr()
    assert main([*DIGITS, "--epochs", "3", "--resume"]) == 0
    assert f"goes on with the snapshots in {UNFINISHED}\n" in capsys.readouterr().err
    assert files() == [SNAPSHOTS, "trained_weights.npz"]
    assert snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz")).epochs.tolist() == [0, 1, 2, 3]
    checkpoint(monkeypatch)
    Path(UNFINISHED).write_bytes(b"damaged")
    main([*DIGITS, "--epochs", "3", "--resume", "--quiet"])
    assert Path(UNFINISHED).read_bytes() == b"damaged"


def test_resumed_beside_the_snapshots_of_another_training_it_is_refused(monkeypatch):
    checkpoint(monkeypatch, "--snapshots", "--seed", "5")
    other = Path(UNFINISHED).read_bytes()
    checkpoint(monkeypatch)
    assert "holds snapshots of another training; remove it, or leave out --snapshots" in refused(
        [*DIGITS, "--epochs", "3", "--resume", "--snapshots"])
    assert Path(UNFINISHED).read_bytes() == other
    main([*DIGITS, "--epochs", "3", "--resume", "--quiet"])  # their checkpoint is gone, and they stay
    assert files() == [UNFINISHED, "trained_weights.npz"]


@pytest.mark.parametrize("name", [SNAPSHOTS, UNFINISHED])
def test_what_is_no_snapshots_is_not_overwritten(name):
    Path(name).write_bytes(b"three years of work")
    assert f"{name}: will not be overwritten, for it holds no snapshots" in refused(
        [*DIGITS, "--epochs", "1", "--snapshots"])
    assert Path(name).read_bytes() == b"three years of work"
    main([*DIGITS, "--epochs", "1", "--quiet"])
    assert Path(name).read_bytes() == b"three years of work"


def test_a_loss_that_is_no_number_leaves_the_snapshots_before(monkeypatch):
    learn = Trainer.learn

    def diverge(self, images, labels):
        if self.epoch == 2:
            self.parameters[:] = np.nan
        return learn(self, images, labels)

    monkeypatch.setattr(Trainer, "learn", diverge)
    assert "epoch 2, the last good one, is in" in refused([*DIGITS, "--epochs", "5", "--quiet", "--snapshots"])
    kept = snapshots.load_snapshots(UNFINISHED, load("trained_weights.checkpoint.npz"))
    assert kept.epochs.tolist() == [0, 1, 2]


def test_when_the_end_cannot_be_saved_the_snapshots_are_kept_with_the_checkpoint(monkeypatch):
    with monkeypatch.context() as patch:
        hinder(patch, "trained_weights.npz")
        refused([*DIGITS, "--epochs", "2", "--quiet", "--snapshots"])
    assert files() == [UNFINISHED, "trained_weights.checkpoint.npz"]
    main([*DIGITS, "--epochs", "2", "--quiet", "--snapshots", "--resume"])
    assert len(snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz"))) == 3


def test_when_the_snapshots_cannot_be_moved_the_network_is_saved_and_it_is_told(monkeypatch, capsys):
    hinder(monkeypatch, SNAPSHOTS)
    assert main([*DIGITS, "--epochs", "2", "--quiet", "--snapshots"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{SNAPSHOTS}: cannot be written (Access is denied); the snapshots are in {UNFINISHED}: move it" in err
    assert files() == [UNFINISHED, "trained_weights.npz"]
    os.rename(UNFINISHED, SNAPSHOTS)
    assert len(snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz"))) == 3


@POSIX
@pytest.mark.parametrize(("full", "times", "written"), [({2, 3, 4}, 1, 9), ({2, 3, 4, 5, 6, 7}, 1, 3), ({2, 5}, 2, 9)])
def test_a_disk_that_is_full_for_a_while_does_not_stop_the_training(full, times, written, monkeypatch, capsys):
    import resource

    limits, learn, finish = resource.getrlimit(resource.RLIMIT_FSIZE), Trainer.learn, run.TrainingRun.finish

    def fill_and_learn(self, images, labels):
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, limits[1]) if self.epoch in full else limits)
        return learn(self, images, labels)

    def clear_and_finish(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert snapshots.read_snapshots(UNFINISHED).epochs.tolist() == list(range(written))
        finish(self)

    monkeypatch.setattr(Trainer, "learn", fill_and_learn)
    monkeypatch.setattr(run.TrainingRun, "finish", clear_and_finish)
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0)
    try:
        assert main([*DIGITS, "--epochs", "8", "--snapshots", "--log", "log"]) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    told = [line for line in capsys.readouterr().err.splitlines() if "cannot be written" in line]
    assert told == ["--log log: cannot be written (File too large); name another file; the training goes on, "
                    "and tries again"] * times
    assert files() == ["log", SNAPSHOTS, "trained_weights.npz"]
    assert [json.loads(line)["epoch"] for line in Path("log").read_text().splitlines()] == list(range(1, 9))
    assert len(snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz"))) == 9


def test_snapshots_that_cannot_be_written_are_told_once(monkeypatch, capsys):
    monkeypatch.setattr(run, "CHECKPOINT_INTERVAL_S", 0)
    hinder(monkeypatch, UNFINISHED)
    assert main([*DIGITS, "--epochs", "4", "--snapshots"]) == 0
    words = f"{UNFINISHED}: cannot be written (Access is denied)"
    told = [line for line in capsys.readouterr().err.splitlines() if words in line]
    assert [line.endswith("the training goes on, and tries again") for line in told] == [True, False]  # and at the end
    assert files() == ["trained_weights.npz"]


# Evaluating


def test_evaluate_prints_the_account(capsys):
    main([*DIGITS, "--epochs", "5", "--quiet"])
    assert main(["--evaluate"]) == 0  # the network's own data, where none is named
    lines = capsys.readouterr().out.splitlines()
    facts = load("trained_weights.npz").metadata
    assert lines[0] == f"network    {Path.cwd() / 'trained_weights.npz'} (784-12-10 relu, learned from digits)"
    assert lines[1] == "data       digits, 297 test images (embedded in scikit-learn)"
    assert lines[2].startswith(f"accuracy   {facts['test_accuracy']:.2%}, 95 % interval ")
    assert lines[3] == f"errors     {facts['test_errors']} of 297"
    assert files() == ["trained_weights.npz"]


def test_evaluating_what_is_not_there_or_does_not_fit():
    assert "none.npz: no such file" in refused(["--evaluate", "none.npz"])
    save(Network.random((4, 3), rng=np.random.default_rng(0)), "small.npz", {})
    line = refused(["--evaluate", "small.npz", "--dataset", "digits"])
    assert "takes 4 inputs to 3 classes, but digits has 784 and 10" in line


@POSIX
def test_a_name_that_would_move_the_cursor_is_printed_as_it_is(capsys):
    save(Network.random((784, 10), rng=np.random.default_rng(0)), "a\x1b[2J\nb.npz", {})
    assert main(["--evaluate", "a\x1b[2J\nb.npz", "--dataset", "digits"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith(r"network    a\x1b[2J\nb.npz (")


@POSIX
def test_a_pipe_is_no_weights_and_no_log():
    os.mkfifo("pipe")
    assert "pipe: cannot be read, for it is not a file" in refused(["--evaluate", "pipe"])
    assert "pipe: is not a file; name one with --output" in refused([*DIGITS, "--epochs", "1", "--output", "pipe"])
    assert "--log pipe: is not a file" in refused([*DIGITS, "--epochs", "1", "--log", "pipe"])
    assert "is not a file" in refused(["--evaluate", "/dev/zero"])


def test_evaluating_what_learned_from_a_table_asks_for_it():
    save(Network.random((784, 10), rng=np.random.default_rng(0)), "mine.npz", {"dataset": "mine.csv"})
    assert refused(["--evaluate", "mine.npz"]) == "mine.npz: learned from mine.csv; name its data with --dataset"


def test_evaluating_what_learned_from_mnist_takes_the_substitute_where_there_is_none(capsys):
    save(Network.random((784, 10), rng=np.random.default_rng(0)), "mine.npz", {"dataset": "mnist"})
    assert main(["--evaluate", "mine.npz"]) == 0
    assert "data       digits, 297 test images" in capsys.readouterr().out


# The whole


def test_importing_the_network_loads_no_heavy_package():
    program = ("import sys, neuralscope.network as network; [getattr(network, name) for name in network.__all__]; "
               "sys.exit(str([name for name in ('matplotlib', 'tensorflow_datasets', 'sklearn', 'tqdm', 'PIL') "
               "if name in sys.modules] or ''))")
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True)
    assert (done.stderr.strip(), done.stdout) == ("", "")


def test_every_public_name_exists():
    for name in neuralscope.network.__all__:
        assert getattr(neuralscope.network, name).__class__
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = neuralscope.network.nonsense


@pytest.mark.slow
def test_one_epoch_of_mnist(mnist_dir):
    words = ["--dataset", "mnist", "--data-dir", str(mnist_dir), "--epochs", "1", "--quiet"]
    assert main(words) == 0
    saved = load("trained_weights.npz")
    assert saved.metadata["test_accuracy"] > 0.95
    assert saved.metadata["source"] == "files in a folder (published checksums)"
    assert str(mnist_dir) not in json.dumps(saved.metadata)
    assert os.stat("trained_weights.npz").st_size < 2e6


def test_the_shipped_network(mnist_dir):
    path = PROJECT / storage.DEFAULT_FILE_NAME
    saved = load(path)
    test = data_loader.load("mnist", mnist_dir).test
    judged = evaluate(saved.network, test.images, test.labels)
    assert judged.accuracy == saved.metadata["test_accuracy"] >= 0.992
    assert judged.errors == saved.metadata["test_errors"]
    assert saved.metadata["options"] == TrainingOptions().__dict__ | {"hidden": [256]}
    assert saved.network.sizes == (784, 256, 10)
    assert len(saved.history["test_accuracy"]) == 300
    assert path.stat().st_size <= 2e6


def test_the_shipped_network_reads_other_people_s_digits(embedded):
    saved = load(PROJECT / storage.DEFAULT_FILE_NAME)
    judged = [evaluate(saved.network, part.images, part.labels) for part in (embedded.train, embedded.test)]
    assert saved.metadata["dataset"] == "mnist"
    assert sum(one.count for one in judged) == 1797
    assert sum(one.errors for one in judged) <= 0.07 * 1797


def test_a_checkpoint_whose_digests_are_of_float32_is_continued(monkeypatch):
    checkpoint(monkeypatch)
    saved, digits = load("trained_weights.checkpoint.npz"), data_loader.load("digits")
    older = {f"{name}_sha256": digest.arrays_sha256(part.images, part.labels)
             for name, part in (("train", digits.train), ("test", digits.test))}
    assert all(saved.metadata[name] != value for name, value in older.items())
    save(saved.network, saved.path, saved.metadata | older, saved.history, saved.state)
    assert main([*DIGITS, "--epochs", "3", "--resume", "--quiet"]) == 0
    assert older.items() <= load("trained_weights.npz").metadata.items()


@pytest.mark.parametrize(("number", "epochs"), [("2", [0, 6]), ("4", [0, 1, 2, 6])])
def test_as_many_snapshots_are_kept_as_were_asked_for(number, epochs):
    assert main([*DIGITS, "--epochs", "6", "--snapshots", number, "--quiet"]) == 0
    assert snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz")).epochs.tolist() == epochs


@pytest.mark.parametrize("number", ["0", "1", "41", "many", "2.5"])
def test_a_number_of_snapshots_that_cannot_be_is_refused(number, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([*DIGITS, "--snapshots", number])
    [line] = capsys.readouterr().err.splitlines()
    assert f"--snapshots: {number!r}: choose a whole number from 2 to 40" in line


@pytest.mark.parametrize("words", [[], ["--snapshots"], ["--snapshots", "3"]], ids=" ".join)
def test_a_number_of_snapshots_is_that_of_the_training_to_its_end(words, monkeypatch):
    with monkeypatch.context() as patch:
        interrupt_at(patch, 7)
        assert main([*DIGITS, "--epochs", "6", "--snapshots", "3", "--quiet"]) == 130
    assert main([*DIGITS, "--epochs", "6", "--resume", "--quiet", *words]) == 0
    ours = Path(SNAPSHOTS).read_bytes()
    assert snapshots.load_snapshots(SNAPSHOTS, load("trained_weights.npz")).epochs.tolist() == [0, 1, 6]
    assert main([*DIGITS, "--epochs", "6", "--snapshots", "3", "--quiet"]) == 0
    assert Path(SNAPSHOTS).read_bytes() == ours


def test_another_number_of_snapshots_cannot_be_had_when_resuming(monkeypatch):
    checkpoint(monkeypatch, "--snapshots", "3")
    line = refused([*DIGITS, "--epochs", "3", "--resume", "--snapshots", "2"])
    assert f"{UNFINISHED}: is of a training that keeps up to 3 snapshots; give --snapshots without a number" in line
