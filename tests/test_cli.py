"""What all programs have in common: output that cannot be written, exit statuses, and complaints of one line."""

import os
import subprocess
import sys

import pytest

from tests.helpers.environment import PROJECT, python

ENVIRONMENT = os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": ""}
PROGRAM = """\
import sys
from neuralscope.cli import Parser, add_threads_option, run_program
from neuralscope.errors import InputError
def main():
    {}
run_program(main)
"""
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="has no /dev/full")
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes and redirections of POSIX")
UNWRITABLE = "neuralscope: standard output: cannot be written ({}); {}, or write elsewhere\n"
NO_ROOM = UNWRITABLE.format("No space left on device", "make room")
CLOSED = UNWRITABLE.format("Bad file descriptor", "look what is wrong there")
MANY = "[print('line') for _ in range(100_000)]; return 2"
HELP = "Parser().parse_args(['--help'])"


def ran(code, redirection, *options):
    """Return status, output and errors of a program whose ``main`` is ``code``, redirected as a shell does it."""
    program, *rest = python(PROGRAM.format(code))
    words = [program, *options, *rest]
    done = subprocess.run(["sh", "-c", f'"$@" {redirection}', "sh", *words], env=ENVIRONMENT, capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@POSIX
@pytest.mark.parametrize("options", [(), ("-u",)])
@pytest.mark.parametrize("code", ["print('line'); return 0", "print('line', flush=True); return 0", MANY, HELP])
@pytest.mark.parametrize(("redirection", "line"), [pytest.param(">/dev/full", NO_ROOM, marks=FULL), (">&-", CLOSED)])
def test_output_that_cannot_be_written_is_told_in_a_line(code, options, redirection, line):
    assert ran(code, redirection, *options) == (2, "", line)


@POSIX
@pytest.mark.parametrize("options", [(), ("-u",)])
@pytest.mark.parametrize("redirection", [pytest.param("2>/dev/full", marks=FULL), "2>&-"])
@pytest.mark.parametrize(("code", "status"), [
    ("raise InputError('bad')", 2),
    ("raise KeyboardInterrupt", 130),
    ("Parser().parse_args(['--bad'])", 2),
    ("[print('bad', file=sys.stderr) for _ in range(3)]; return 0", 0),
])
def test_errors_that_cannot_be_written_change_neither_output_nor_status(code, status, redirection, options):
    assert ran(f"print('line'); {code}", redirection, *options) == (status, "line\n", "")


@POSIX
@pytest.mark.parametrize(("options", "line"), [(("-u",), "line"), ((), "")])
def test_lines_wait_as_long_as_they_did(options, line):
    assert ran("import os; print('line', end=''); os._exit(0)", "", *options) == (0, line, "")


@FULL
def test_neither_can_be_written():
    assert ran("print('line'); return 0", ">/dev/full 2>&1") == (2, "", "")


@POSIX
def test_who_prints_nothing_needs_no_output():
    assert ran("return 0", ">&- 2>&-") == (0, "", "")


@POSIX
@pytest.mark.parametrize(("code", "status"), [
    ("print('line'); return 0", 0),
    ("print('line'); return 2", 2),
    (MANY, 0),  # it did not come to its end
    (HELP, 0),
])
def test_a_reader_that_leaves_is_no_failure(code, status):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer) as pipe:
        done = subprocess.run([sys.executable, "-c", PROGRAM.format(code)], env=ENVIRONMENT, stdout=pipe,
                              stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (status, b"")


@POSIX
@pytest.mark.parametrize(("code", "line"), [
    ("raise InputError('a\\nb\\x1b[31m: no such file')", r"neuralscope: a\nb\x1b[31m: no such file"),
    ("Parser().parse_args(['--bad\\nopt\\x1b[31m'])",
     r"neuralscope: unrecognized arguments: --bad\nopt\x1b[31m (--help lists the options)"),
])
def test_a_complaint_stays_in_its_line_whatever_was_typed(code, line):
    assert ran(code, "") == (2, "", f"{line}\n")


@POSIX
@pytest.mark.parametrize("text", ["x", "", "0", "1.5", "9" * 20])
def test_a_number_of_threads_that_is_none(text):
    code = f"parser = Parser(); add_threads_option(parser); parser.parse_args(['--threads', {text!r}])"
    assert ran(code, "") == (2, "", f"neuralscope: --threads: {text!r}: choose a whole number from 1 to 1024 "
                                    "(--help lists the options)\n")


@POSIX
def test_a_file_that_looks_like_an_option(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "Parser().parse_args(['-x.png'])"
    assert ran(code, "") == (2, "", "neuralscope: unrecognized arguments: -x.png (--help lists the options)\n")
    (tmp_path / "-x.png").touch()
    (tmp_path / "x.png").touch()
    assert "unrecognized arguments: x.png" in ran("Parser().parse_args(['x.png'])", "")[2]
    assert ran(code, "") == (2, "", "neuralscope: -x.png: is taken for an option; to name the file, write ./-x.png "
                                    "(--help lists the options)\n")


@POSIX
def test_a_current_folder_that_was_removed_is_said(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    done = subprocess.run([sys.executable, "-c", PROGRAM.format("return 0")], env=ENVIRONMENT, cwd=folder,
                          preexec_fn=folder.rmdir, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (
        2, "", "neuralscope: the current folder was removed; change to another one\n")
