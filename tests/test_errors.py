"""What a person did wrong: its problem and its remedy, in one line, and from one process to another."""

import ast
import pickle
import sys

import pytest

from neuralscope.errors import InputError, print_line
from neuralscope.network.options import OptionError, TrainingOptions, option_label
from neuralscope.network.trainer import DivergenceError
from neuralscope.visualizer.live.launcher import LaunchError
from tests.helpers.environment import PROJECT


def test_what_a_person_did_wrong_crosses_to_another_process():
    for error in (InputError("no\nmore"), InputError("no", "more", "with --more", "--help says"),
                  OptionError("epochs", -1, "more"), OptionError("seed", 1, "a {other}", "more", other="hidden"),
                  InputError("no", "more", joint=": ").followed_by("kept"), DivergenceError("step 1", 0.1),
                  LaunchError("why", "that"), LaunchError("why", "that", "try again")):
        found = pickle.loads(pickle.dumps(error))
        assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize(("error", "line"), [
    (InputError("a.npz: is no file"), "a.npz: is no file"),
    (InputError("a\n.npz: is no file", "name\tone"), r"a\n.npz: is no file; name\tone"),
    (InputError("it is full", "make room", "write elsewhere with --output"),
     "it is full; make room, or write elsewhere with --output"),
    (InputError("it is full", option_remedy="write elsewhere with --output"),
     "it is full; write elsewhere with --output"),
    (InputError("it is bad", "remove it", option_hint="--evaluate says why"),
     "it is bad (--evaluate says why); remove it"),
    (InputError("--output ''", "name a file", joint=": "), "--output '': name a file"),
    (InputError("--output ''", joint=": "), "--output ''"),
    (InputError("it is full", "make room", "write elsewhere with --output").followed_by("epoch 3 is still there"),
     "it is full; make room, or write elsewhere with --output; epoch 3 is still there"),
    (DivergenceError("epoch 2, step 7", 0.025).followed_by("epoch 1 is still there").followed_by("it can be read"),
     "the loss is no longer a number (epoch 2, step 7): start again and learn slower, for example with "
     "--learning-rate 0.025; epoch 1 is still there; it can be read"),
    (InputError("is empty", "get it again").prefixed("a; b.npz: "), "a; b.npz: is empty; get it again")])
def test_problem_and_remedy_are_one_line(error, line):
    assert str(error) == line


def test_what_others_named_stays_in_its_line_and_moves_no_cursor(capsys):
    print_line("saved in a\x1b[31m\r\n\u202e\udcff.npz — grün")
    print_line("b\a", sys.stderr)
    assert capsys.readouterr() == (r"saved in a\x1b[31m\r\n\u202e\udcff.npz — grün" + "\n", r"b\x07" + "\n")


def test_nothing_else_prints():
    found = [path.name for path in sorted((PROJECT / "neuralscope").rglob("*.py"))
             for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Name) and node.id == "print"]
    assert {*found} == {"errors.py", "download.py"}  # the latter's is a process of its own, that is read


def test_a_prefix_leaves_the_remedies_and_the_class():
    plain = InputError("is empty", "get it again", "leave out --it", "--help says")
    error = plain.prefixed("a\n.npz: ")
    assert (error.problem, error.remedy, plain.problem) == (r"a\n.npz: is empty", "get it again", "is empty")
    assert (error.option_remedy, error.option_hint) == ("leave out --it", "--help says")
    error = LaunchError("why", "it is full", "make room").prefixed("a.npz: ")
    assert (type(error), error.cause, str(error)) == (LaunchError, "why", "a.npz: it is full; make room")


@pytest.mark.parametrize(("values", "line", "words"), [
    ({"learning_rate": 10.0, "weight_decay": 1.0},
     "--weight-decay 1.0: times --learning-rate 10.0 it is 10, so that a step would take more of every weight than "
     "there is; choose a smaller one",
     "times learning rate 10.0 it is 10, so that a step would take more of every weight than there is; choose a "
     "smaller one"),
    ({"loss": "squared-error", "label_smoothing": 0.1},
     "--label-smoothing 0.1: goes with --loss cross-entropy alone, not with squared-error; leave one of them out",
     "goes with loss cross-entropy alone, not with squared-error; leave one of them out"),
    ({"hidden": (), "dropout": 0.5},
     "--dropout 0.5: there is no hidden layer to leave neurons out of; give --hidden",
     "there is no hidden layer to leave neurons out of; give hidden"),
    ({"epochs": 0}, "--epochs 0: choose a whole number of at least 1", "choose a whole number of at least 1")])
def test_an_option_is_named_as_where_it_is_read(values, line, words):
    with pytest.raises(OptionError) as caught:
        TrainingOptions(**values)
    assert (str(caught.value), caught.value.text(option_label)) == (line, words)
