"""``neuralscope check``: the report on standard output, 0 where it ran, one line and 2 where it could not."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from neuralscope.checkup.__main__ import build_parser, main
from neuralscope.checkup.checks import MOVED, SCALE
from neuralscope.errors import InputError
from neuralscope.network import storage
from tests.helpers.environment import PROJECT

pytestmark = pytest.mark.usefixtures("warm")

ARRAYS, NUMBERS, WAY = "arrays fit each other", "numbers are numbers", "pictures the right way round"


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


@pytest.fixture
def write_theirs(tmp_path, good):
    """Return a function that writes a file of another program, of whose arrays some may be given otherwise."""
    def write_theirs(**changes):
        arrays = {"fc1.weight": good.layers[0].weights.T, "fc1.bias": good.layers[0].biases,
                  "fc2.weight": good.layers[1].weights.T, "fc2.bias": good.layers[1].biases}
        np.savez(tmp_path / "theirs.npz", **arrays | {name.replace("_", "."): each for name, each in changes.items()})
        return str(tmp_path / "theirs.npz")

    return write_theirs


def checked(capsys, *words):
    """Return the checks of a report by name, and what was said beside it."""
    assert main([*words, "--dataset", "digits", "--json"]) == 0
    out, err = capsys.readouterr()
    return {each["name"]: each for each in json.loads(out)["checks"]}, err


def test_how_a_network_from_elsewhere_learned_is_found_and_said(write_theirs, good, capsys):
    turned = good.layers[0].weights.reshape(28, 28, -1).swapaxes(0, 1).reshape(784, -1).T / 255
    given = "--hidden-activation", "relu", "--output-function", "softmax", "--input-scale", "0..255"
    found, err = checked(capsys, write_theirs(fc1_weight=turned), *given)
    assert "transposed pictures" in err
    assert found[WAY]["figure"] == "transposed, folded in"
    assert "not transposed " in found[WAY]["explanation"]
    assert (found[SCALE]["passed"], found[SCALE]["figure"]) == (True, "0..255, folded in")
    assert found[MOVED]["details"]["deviations"]["W1, the others"] == pytest.approx(
        float(good.layers[0].weights[lit()].std()) / 255, rel=1e-4)  # as the file has them
    plain, _ = checked(capsys, write_theirs(), *given[:4], "--input-scale", "0..1")
    shares = [each[SCALE]["details"]["accuracies"] for each in (plain, found)]
    assert shares[0]["0..1"] == pytest.approx(shares[1]["0..255"])
    wrong, _ = checked(capsys, write_theirs(fc1_weight=turned), *given[:4], "--input-scale", "0..1",
                       "--transposed-images")
    assert (wrong[SCALE]["passed"], wrong[WAY]["passed"]) == (False, True)


def lit():
    from neuralscope.data_loader import load

    return load("digits").train.pixels.max(axis=0) > 0


def test_what_stays_open_is_no_tick_and_says_how_to_give_it(write_theirs, capsys):
    found, err = checked(capsys, write_theirs())
    assert "this is not decided: say it with --hidden-activation" in err
    for name, option in ((ARRAYS, "--hidden-activation (activation= in Python)"),
                         (SCALE, "--input-scale (scale= in Python)")):
        assert (found[name]["passed"], found[name]["remedy"]) == (None, f"say it with {option}")
    assert found[WAY]["passed"] is True  # for transposed pictures it reads surely worse


def test_dark_ink_and_what_is_no_number_are_found(write_theirs, good, capsys):
    weights, biases = good.layers[0].weights.copy(), good.layers[0].biases
    options = "--hidden-activation", "relu", "--input-scale", "0..1"
    dark = write_theirs(fc1_weight=-weights.T, fc1_bias=biases + weights.sum(axis=0))
    found, err = checked(capsys, dark, *options)
    assert "found with inverted pictures" in err
    assert (found[WAY]["passed"], found[WAY]["figure"]) == (False, "inverted")
    weights[:12, 7] = np.nan
    found, err = checked(capsys, write_theirs(fc1_weight=weights.T), *options[:2], "--input-scale", "0.1307,0.3081")
    assert "W1 has 12 NaN, all into neuron 7" in err
    assert found[NUMBERS]["explanation"] == "W1 has 12 NaN, all into neuron 7"  # not its bias, into which they fold
