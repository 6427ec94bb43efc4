"""Signals that stop a program: each has its exit status, no traceback is ever seen, and what was begun is closed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from neuralscope.network import storage
from neuralscope.runs import snapshots
from tests.helpers.environment import PROJECT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(PROJECT)}
STATUS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
STOPPED = "neuralscope: stopped\n"
PROGRAM = """\
import atexit, hashlib, os, signal, sys, threading, time
from neuralscope.cli import run_program
from neuralscope.errors import InputError
from neuralscope.stop_signals import held_stops
def press(number=signal.SIGINT):
    os.kill(os.getpid(), number)
    [None for _ in range(3)]  # where Python looks for signals
def say(line):
    print(line, flush=True)
def long_product(rounds):  # Python's own handlers wait for its end
    hashlib.pbkdf2_hmac("sha256", b"", b"", rounds)
class Pressing:
    def __del__(self):
        press()
def main():
{}
run_program(main)
"""

TRAINING = """\
import sys
from neuralscope.cli import run_program
from neuralscope.network.__main__ import main
run_program(lambda: print("heard", flush=True) or main(sys.argv[1:]))
"""


def ran(code, **options):
    """Return status, output and errors of a program whose ``main`` is ``code``."""
    code = "\n".join(f"    {line}" for line in code.strip("\n").split("\n"))
    done = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM.format(code)], env=ENVIRONMENT,
                          capture_output=True, text=True, check=False, timeout=60, **options)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", STATUS)
def test_each_signal_has_its_status_and_what_is_open_is_closed(name):
    code = f"""
try:
    press(signal.{name})
    time.sleep(60)
finally:
    print("closed")
"""
    assert ran(code) == (STATUS[name], "closed\n", STOPPED)


@pytest.mark.parametrize("name", STATUS)
def test_what_was_ignored_at_the_start_stays_ignored(name):
    number = getattr(signal, name)
    code = f"press({number})\nwith held_stops() as stop:\n    press({number})\n    return 7 if stop() else 0"
    assert ran(code, preexec_fn=lambda: signal.signal(number, signal.SIG_IGN)) == (0, "", "")


@pytest.mark.parametrize("code", [
    "Pressing()\ntime.sleep(60)",  # Python drops what a destructor raises, with a traceback
    "try:\n    press()\nexcept KeyboardInterrupt:\n    raise ImportError('numpy failed to import') from None",
    "try:\n    press()\nexcept KeyboardInterrupt:\n    raise InputError('no Tk here') from None",
    "try:\n    press()\nexcept:\n    return 0",
    "atexit.register(press)\npress()",
])
def test_a_stop_is_neither_lost_nor_told_by_a_traceback(code):
    status, output, errors = ran(code)
    assert (status, output) == (130, "")
    assert errors in (STOPPED, "")


@pytest.mark.parametrize(("code", "status"), [("return 0", 0), ("sys.exit(2)", 2), ("return 2", 2)])
def test_what_comes_when_all_is_done_changes_nothing(code, status):
    assert ran(f"atexit.register(press)\n{code}") == (status, "", "")


def test_where_stops_are_held_bad_input_stays_bad_input_and_else_the_signal_counts():
    code = "with held_stops():\n    press()\n    raise InputError('disk full')"
    assert ran(code) == (2, "", "neuralscope: disk full\n")
    assert ran("with held_stops() as stop:\n    press()\n    print(stop())") == (130, "True\n", "")


def test_a_long_step_does_not_keep_the_answer_waiting():
    code = """
with held_stops(say):
    threading.Timer(0.1, press).start()
    long_product(3_000_000)
    say("the step is done")
"""
    status, output, errors = ran(code)
    assert (status, errors) == (130, "")
    assert [line[:8] for line in output.splitlines()] == ["stopping", "the step"]


def test_a_short_step_needs_no_answer():
    assert ran("with held_stops(say):\n    press()\n    press()") == (130, "", "")


def test_a_second_press_within_a_second_is_the_same_one():
    code = "try:\n    press()\nfinally:\n    press()\n    print('closed')"
    assert ran(code) == (130, "closed\n", STOPPED)
    code = "with held_stops(say):\n    press()\n    time.sleep(0.5)\n    press()\n    time.sleep(0.1)"
    status, output, errors = ran(code)
    assert (status, errors, output.count("\n"), output[:8]) == (130, "", 1, "stopping")


def test_a_later_press_ends_at_once_and_says_what_is_left():
    code = """
with held_stops(say, lambda: "epoch 3 is in x.npz"):
    threading.Timer(0.1, press).start()
    threading.Timer(1.3, press).start()
    long_product(300_000_000)
    say("the step is done")
"""
    status, output, _ = ran(code)
    assert status == 130
    assert output.splitlines()[1:] == ["ended at once; epoch 3 is in x.npz"]


def check_files(folder):
    """Raise where something in a folder is torn, or was left behind."""
    for path in folder.iterdir():
        assert path.suffix in (".npz", ".jsonl"), path
        if path.suffix == ".jsonl":
            assert all("epoch" in json.loads(line) for line in path.read_text().splitlines())
        else:
            (snapshots.read_snapshots if ".epochs." in path.name else storage.load)(path)


@pytest.mark.slow
def test_at_random_moments_of_loading_training_and_saving_nothing_is_torn(tmp_path):
    rng = random.Random(1)
    words = ["--dataset", "digits", "--augment", "none", "--epochs", "40", "--hidden", "32", "--snapshots", "--log",
             "log.jsonl", "--quiet"]
    for moment in range(40):
        folder, name = tmp_path / str(moment), rng.choice(list(STATUS))
        folder.mkdir()
        with subprocess.Popen([sys.executable, "-c", TRAINING, *words], env=ENVIRONMENT, cwd=folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            assert program.stdout.readline() == "heard\n"
            time.sleep(rng.uniform(0, 2))
            for _ in range(1 + (name == "SIGINT")):
                program.send_signal(getattr(signal, name))
                time.sleep(0.02)
            errors = program.communicate(timeout=60)[1]
        assert program.returncode in (0, STATUS[name]), errors  # it may have been done
        assert "Traceback" not in errors
        check_files(folder)
        assert ("checkpoint.npz" in errors) == Path(folder / "trained_weights.checkpoint.npz").exists()
