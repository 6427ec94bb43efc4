"""Recipes by name: each is what it says, on the command line and in its files, and what is given beside it wins."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.recipes import KAGGLE_OPTIONS
from neuralscope.errors import InputError
from neuralscope.network import OPTIMIZERS, Trainer, load
from neuralscope.network.__main__ import build_parser, main
from neuralscope.network.cli_options import options_from_arguments, preset_notice
from neuralscope.network.options import TrainingOptions
from neuralscope.network.presets import PRESETS

DIGITS = ["--dataset", "digits", "--quiet"]
QUICK = {"optimizer": "momentum", "learning_rate": 0.2, "batch_size": 128, "schedule": "cosine", "augment": "none",
         "epochs": 4, "hidden": [256]}
every_preset = pytest.mark.parametrize("name", PRESETS)


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    """An empty current folder, and digits that are decoded already."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parsed(*words):
    return build_parser().parse_args(words)


def stop_within_an_epoch(monkeypatch, *words):
    """Train as the command line says, and end in the second epoch; the first is in the checkpoint."""
    def learn(trainer, *batch):
        if trainer.epoch:
            raise KeyboardInterrupt
        return original(trainer, *batch)

    original = Trainer.learn
    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "learn", learn)
        patched.setattr("neuralscope.runs.run.CHECKPOINT_INTERVAL_S", 0)
        with pytest.raises(KeyboardInterrupt):
            main([*DIGITS, *words])


@every_preset
def test_a_preset_is_its_differences_from_the_defaults(name):
    preset = PRESETS[name]
    assert preset.name == name
    assert set(preset.differences) <= {field.name for field in fields(TrainingOptions)} - {"seed"}
    assert options_from_arguments(parsed("--preset", name)) == TrainingOptions(**preset.differences)
    assert not [option for option, value in preset.differences.items() if value == getattr(TrainingOptions(), option)]


def test_the_default_is_what_a_bare_command_trains_and_the_classical_one_is_the_recipe():
    bare = options_from_arguments(parsed())
    assert bare == options_from_arguments(parsed("--preset", "default")) == TrainingOptions()
    assert (bare.epochs, bare.augment) == (300, "elastic")
    assert options_from_arguments(parsed("--preset", "classical")) == KAGGLE_OPTIONS
    assert options_from_arguments(parsed("--preset", "two-layers")) == TrainingOptions(hidden=(128, 64))


def test_quick_learns_and_its_file_holds_the_options_as_they_came_to_be():
    main([*DIGITS, "--preset", "quick", "--output", "my_network.npz"])
    facts = load("my_network.npz").metadata
    assert QUICK.items() <= facts["options"].items()
    assert "preset" not in json.dumps(facts)
    assert facts["epochs_run"] == 4
    assert facts["test_accuracy"] > 0.8


def test_a_preset_is_the_same_as_its_options_spelled_out():
    main([*DIGITS, "--preset", "quick", "--output", "one.npz"])
    main([*DIGITS, "--epochs", "4", "--optimizer", "momentum", "--learning-rate", "0.2", "--augment", "none",
          "--output", "two.npz"])
    assert Path("one.npz").read_bytes() == Path("two.npz").read_bytes()


@pytest.mark.parametrize(("words", "said"), [
    (["--preset", "quick"], ""),
    (["--epochs", "5"], ""),
    (["--preset", "quick", "--epochs", "5"], "preset quick, but with --epochs 5"),
    (["--hidden", "9", "8", "--preset", "quick", "--epochs", "5"], "preset quick, but with --epochs 5, --hidden 9 8"),
    (["--preset", "quick", "--hidden"], "preset quick, but with --hidden"),
    (["--preset", "quick", "--epochs", "300"], "preset quick, but with --epochs 300"),  # given, though the default
    (["--preset", "quick", "--epochs", "4", "--learning-rate", "0.2", "--hidden", "256", "--seed", "3"], ""),
    (["--preset", "default", "--learning-rate", "0.002"], ""),
    (["--preset", "classical", "--batch-size", "10"], "preset classical, but with --batch-size 10"),
])
def test_what_is_given_wins_and_what_is_not_the_recipe_then_is_said(words, said):
    arguments = parsed(*words)
    assert preset_notice(arguments) == said
    options = options_from_arguments(arguments)
    for name in ("epochs", "batch_size", "seed"):
        given = getattr(arguments, name)
        assert given is None or getattr(options, name) == given


def test_the_notice_is_a_line_on_standard_error_unless_quiet(capsys):
    words = ["--dataset", "digits", "--preset", "quick", "--hidden", "8", "--epochs", "1"]
    main(words)
    output, errors = capsys.readouterr()
    assert errors.splitlines()[0] == "preset quick, but with --epochs 1, --hidden 8"
    assert "preset" not in output
    main([*words, "--quiet"])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("words", [[], ["--evaluate"], ["--show-augmentation", "x.png"], ["--resume"]])
def test_a_preset_that_there_is_not_is_refused_with_those_that_there_are(words):
    with pytest.raises(InputError) as caught:
        main(["--dataset", "digits", "--preset", "fast", *words])
    assert str(caught.value) == "--preset fast: choose one of default, quick, two-layers, classical"


def test_a_stopped_preset_is_continued_to_the_same_bytes_and_by_no_other(monkeypatch):
    few = ["--hidden", "8"]
    main([*DIGITS, "--preset", "quick", *few, "--snapshots", "--output", "straight.npz"])
    stop_within_an_epoch(monkeypatch, "--preset", "quick", *few, "--snapshots", "--output", "stopped.npz")
    before = Path("stopped.checkpoint.npz").read_bytes()
    with pytest.raises(InputError) as caught:
        main([*DIGITS, "--preset", "two-layers", *few, "--output", "stopped.npz", "--resume"])
    assert str(caught.value) == (
        'stopped.checkpoint.npz: was made with --epochs 4, not 300; --optimizer "momentum", not adam; --learning-rate '
        '0.2, not 0.002; --augment "none", not elastic; give the same again, or leave out --resume')
    assert Path("stopped.checkpoint.npz").read_bytes() == before
    main([*DIGITS, "--preset", "quick", *few, "--output", "stopped.npz", "--resume"])
    for suffix in (".npz", ".epochs.npz"):
        assert Path(f"stopped{suffix}").read_bytes() == Path(f"straight{suffix}").read_bytes()


def test_help_names_the_presets_and_still_the_defaults(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    words = " ".join(build_parser().format_help().split())
    assert ", ".join(PRESETS) in words
    for default in ("learned (default: 300)", "hidden layer (default: 256)", "elastic (default: elastic)",
                    "a step; 0: all of them (default: 128)"):
        assert default in words


def test_another_optimizer_brings_its_own_learning_rate_and_a_line_says_so():
    arguments = build_parser().parse_args(["--preset", "quick", "--optimizer", "adam"])
    assert options_from_arguments(arguments).learning_rate == OPTIMIZERS["adam"].default_learning_rate
    assert preset_notice(arguments) == "preset quick, but with --optimizer adam, --learning-rate 0.002"
    arguments = build_parser().parse_args(["--preset", "quick", "--optimizer", "adam", "--learning-rate", "0.01"])
    assert options_from_arguments(arguments).learning_rate == 0.01
