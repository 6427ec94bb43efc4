"""``neuralscope`` and ``python -m neuralscope``: which program runs, and what a reader is told to type."""

import os
import re
import signal
import subprocess

import pytest

import neuralscope
from neuralscope import cli
from tests.helpers.environment import PROJECT, python, python_module

CONSOLE_SCRIPT = """import sys
from neuralscope.__main__ import run
sys.argv[0] = {name!r}
run()"""


AS_MODULE = python_module("neuralscope")


def run(*words, start=AS_MODULE):
    """Run the program in a process; return its status, output and errors."""
    done = subprocess.run([*start, *map(str, words)], env=os.environ | {"COLUMNS": "200"}, capture_output=True,
                          text=True, cwd=PROJECT, check=False)
    return done.returncode, done.stdout, done.stderr


def console_script(name="/somewhere/bin/neuralscope"):
    """Return what starts the program as an installer's script does."""
    return python(CONSOLE_SCRIPT.format(name=name))


@pytest.mark.parametrize("words", [["--version"], ["train", "--version"], ["open", "--version"],
                                   ["predict", "--version"]])
def test_every_program_tells_the_version(words):
    assert run(*words) == (0, f"neuralscope {neuralscope.__version__}\n", "")


def test_help_names_the_commands():
    status, out, err = run("--help")
    assert (status, err) == (0, "")
    assert all(re.search(rf"^  {name}  +{re.escape(command.summary)}$", out, flags=re.MULTILINE)
               for name, command in cli.SUBCOMMANDS.items())


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("words", [[], ["open"]])
def test_without_a_command_the_window_opens(words, tmp_path):
    picture = tmp_path / "first.png"
    status, _, err = run(*words, "--dataset", "digits", "--save", picture)
    assert (status, err) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("warm")
def test_a_command_runs_its_program(tmp_path):
    log = tmp_path / "log.jsonl"
    options = "--dataset", "digits", "--epochs", 1, "--augment", "none", "--output", tmp_path / "n.npz", "--log", log
    status, out, err = run("train", *options, "--quiet")
    assert (status, out, err) == (0, "", "")
    assert log.read_text().count("\n") == 1
    status, out, _ = run("train", "--dataset", "digits", "--evaluate", tmp_path / "n.npz")
    assert (status, out.startswith(f"network    {tmp_path / 'n.npz'} (784-256-10 relu")) == (0, True)


def test_a_word_that_is_no_command_is_told_what_is():
    assert run("Train") == (
        2, "", "neuralscope: Train: is no command; choose from train, open, predict, check, export (--help "
        "lists the options)\n")
    assert run("docs/why.png")[2] == (
        "neuralscope: docs/why.png: is no command; choose from train, open, predict, check, export; to open it: "
        "python -m neuralscope open docs/why.png (--help lists the options)\n")


def test_a_command_s_lines_begin_alike_however_it_was_started():
    line = "neuralscope.network: unrecognized arguments: --none (--help lists the options)\n"
    for start in (AS_MODULE, console_script()):
        assert run("train", "--none", start=start) == (2, "", line)
    assert run("--none", start=python_module("neuralscope.network")) == (2, "", line)


@pytest.mark.parametrize(("start", "typed"), [
    (AS_MODULE, "python -m neuralscope train"),
    (python_module("neuralscope.visualizer"), "python -m neuralscope.network"),
    (console_script(), "neuralscope train"),
    (console_script("C:\\Scripts\\neuralscope.exe".replace("\\", "/")), "neuralscope train"),
])
def test_what_a_reader_is_told_to_type_is_there(start, typed, tmp_path):
    weights = tmp_path / "none.npz"
    words = ["--weights", weights, "--save", tmp_path / "x.png"]
    status, _, err = run(*words, start=start)
    assert status == 2
    assert err.endswith(f"train one with: {typed}\n")


def test_the_usage_line_is_what_was_typed():
    assert run("predict", "--help", start=console_script())[1].startswith("usage: neuralscope predict [")
    in_python = python_module("neuralscope.predict")
    assert run("--help", start=in_python)[1].startswith("usage: python -m neuralscope.predict [")


def test_the_files_about_the_project_name_one_version():
    assert f"\nversion: {neuralscope.__version__}\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", changelog, flags=re.MULTILINE)[1] == neuralscope.__version__


EARLY = """import builtins, signal
real = builtins.__import__
def slow(name, *rest, **names):
    if name == "argparse":  # the first thing that a program imports for itself
        signal.raise_signal(signal.SIGINT)
    return real(name, *rest, **names)
builtins.__import__ = slow
import runpy
runpy.run_module({program!r}, run_name="__main__", alter_sys=True)"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("program", ["neuralscope", *(command.module for command in cli.SUBCOMMANDS.values())])
def test_ctrl_c_while_a_program_begins_to_be_imported_is_no_traceback(program):
    assert run("--version", start=python(EARLY.format(program=program))) == (-signal.SIGINT, "", "")
