"""``neuralscope check``: the report on standard output, 0 where it ran, one line and 2 where it could not."""

import json
import os
import subprocess
import sys

import pytest

from neuralscope.checkup.__main__ import build_parser, main
from neuralscope.errors import InputError
from neuralscope.network import storage
from tests.helpers.environment import PROJECT

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def network_file(tmp_path, good):
    path = tmp_path / "my_net.npz"
    storage.save(good, path, {"dataset": "digits"})
    return str(path)


def test_the_report_is_printed(network_file, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([network_file]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("my_net.npz: 784-32-10 relu, 297 images of digits, ")  # its own data, where none is named
    assert max(map(len, out.splitlines())) <= 80
    assert "13 ✓ same on images it has not seen" in out


def test_json_is_one_line(network_file, capsys):
    assert main([network_file, "--json", "--dataset", "digits"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert len(json.loads(out, parse_constant=pytest.fail)["checks"]) == 13


@pytest.mark.parametrize(("name", "begins"), [
    ("a.txt", "my_net.npz: "), ("a.json", "{"), ("a.html", "<!DOCTYPE html>")])
def test_it_is_saved_too_and_never_over_a_file(network_file, tmp_path, name, begins):
    path = tmp_path / name
    assert main([network_file, "--save", str(path)]) == 0
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith(begins)
    with pytest.raises(InputError, match="there is such a file"):
        main([network_file, "--save", str(path)])
    assert path.read_text(encoding="utf-8") == kept


def test_bad_input_is_one_line_and_status_2(tmp_path):
    for words, said in (([str(tmp_path / "no.npz")], "no such file"), ([__file__], "test_main.py"),
                        (["--dataset", "nothing"], "there is no data set 'nothing'")):
        done = subprocess.run([sys.executable, "-m", "neuralscope", "check", *words], cwd=PROJECT, capture_output=True,
                              text=True, env=os.environ | {"PYTHONPATH": str(PROJECT)})
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_help_says_what_the_status_is(capsys):
    with pytest.raises(SystemExit):
        build_parser().parse_args(["--help"])
    assert "0 where the check-up ran, whatever it found" in " ".join(capsys.readouterr().out.split())
