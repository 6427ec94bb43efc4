"""What is to be trained, as it is chosen on the screen."""

from dataclasses import fields

import pytest

from benchmarks.recipes import KAGGLE
from neuralscope.errors import InputError
from neuralscope.network.options import TrainingOptions
from neuralscope.visualizer.live.controls import Option
from neuralscope.visualizer.live.setup import DEFAULTS, FIELDS, PRESETS, Plan, beside


def test_a_plan_is_at_first_what_the_command_line_trains():
    assert Plan().options() == TrainingOptions()
    assert Plan({"hidden": (7,), "epochs": 2}).options() == TrainingOptions(hidden=(7,), epochs=2)


def test_the_presets_are_what_they_say():
    plan = Plan({"seed": 4})
    found = []
    for place in range(len(PRESETS)):
        plan.take_preset(place)
        assert plan.presets_taken() == [place == other for other in range(len(PRESETS))]
        found.append(plan.options())
    assert [options.hidden for options in found] == [(256,), (128, 64), (100,)]
    assert {options.seed for options in found} == {4}
    classical = TrainingOptions(**{one.name: getattr(KAGGLE, one.name) for one in fields(KAGGLE)} | {"seed": 4})
    assert found[2] == classical


@pytest.mark.parametrize("name", FIELDS)
def test_steps_up_and_down_lead_to_what_can_be(name):
    plan = Plan({"validation": 10} if name == "validation" else {})
    for direction in (1, -1):
        seen = [plan.write(name)]
        for _ in range(30):
            plan.step(name, direction)
            plan.options()
            seen.append(plan.write(name))
        assert len(set(seen)) > 1
    others = {other: value for other, value in plan.values.items() if other != name}
    assert others == {other: value for other, value in DEFAULTS.items() if other != name}


@pytest.mark.parametrize(("value", "up", "down"), [
    (1.0, 2.0, 0.5), (0.002, 0.005, 0.001), (0.0, 0.001, 0.0), (0.001, 0.002, 0.0005), (3.0, 5.0, 2.0), (128, 200, 100),
    (0, 1, 0), (1, 2, 0), (2, 5, 1), (9, 10, 5), (10, 20, 5), (300, 500, 200)])
def test_the_value_beside(value, up, down):
    kind = type(value)
    assert (beside(value, 1, kind), beside(value, -1, kind)) == (up, down)
    assert {type(beside(value, way, kind)) for way in (1, -1)} == {kind}


@pytest.mark.parametrize(("name", "typed", "words"), [
    ("epochs", "0", "choose a number of at least 1"), ("epochs", "3.5", "choose a whole number"),
    ("epochs", "", "choose a whole number"), ("hidden", "8 0", "choose a number of at least 1"),
    ("hidden", "8 -", "give a list of whole numbers"), ("learning_rate", "0", "choose a number above 0"),
    ("learning_rate", "1e999", "choose a finite number"), ("learning_rate", "-e", "choose a number"),
    ("dropout", "1", "choose a number below 1"), ("batch_size", "-1", "choose a number of at least 0")])
def test_a_value_that_cannot_be_is_said_of_its_own_option(name, typed, words):
    plan = Plan()
    plan.read(name, typed)
    assert list(plan.refused) == [name]
    assert words in plan.refused[name]
    option = Option(type("Session", (), {"plan": plan}), name)
    assert option.refusal() == plan.refused[name]
    assert option.text() in (typed, plan.write(name))
    plan.step(name, 1)
    plan.options()
    assert option.refusal() == ""


@pytest.mark.parametrize(("name", "typed", "value"), [
    ("hidden", "128 64", (128, 64)), ("hidden", "128,64", (128, 64)), ("hidden", "", ()), ("epochs", "12", 12),
    ("learning_rate", "3e-4", 3e-4), ("dropout", ".5", 0.5)])
def test_what_is_typed_is_taken(name, typed, value):
    plan = Plan()
    plan.read(name, typed)
    assert getattr(plan.options(), name) == value


def test_the_usual_learning_rate_follows_the_optimizer():
    plan = Plan()
    assert plan.write("learning_rate") == "0.002"
    plan.step("optimizer", 1)
    assert (plan.write("optimizer"), plan.write("learning_rate")) == ("sgd", "0.1")


def test_options_that_do_not_go_together_are_said_of_one_of_them():
    plan = Plan({"dropout": 0.5})
    plan.read("hidden", "")
    assert list(plan.refused) == ["dropout"]


def test_each_value_is_judged_by_itself_and_a_step_puts_the_default():
    plan = Plan()
    for name, typed in (("seed", "abc"), ("epochs", "-"), ("learning_rate", "x")):
        plan.read(name, typed)
    options = [Option(type("Session", (), {"plan": plan}), name) for name in FIELDS]
    assert {option.option: option.refusal() for option in options if option.refusal()} == {
        "epochs": "choose a whole number", "learning_rate": "choose a number", "seed": "choose a whole number"}
    plan.step("seed", 1)
    plan.step("epochs", -1)
    assert (plan.values["seed"], plan.values["epochs"]) == (0, DEFAULTS["epochs"])
    assert list(plan.refused) == ["learning_rate"]
    plan.step("epochs", -1)
    assert plan.values["epochs"] == 200


def test_what_is_changed_is_no_longer_what_was_interrupted(shipped):
    plan = Plan()
    plan.go_on(shipped.path)
    assert plan.resume == shipped.path
    assert plan.options().hidden == shipped.network.sizes[1:-1]
    plan.reseed()
    assert plan.resume is None
    with pytest.raises(InputError, match="no such file"):
        plan.go_on("nothing.npz")


def test_layers_from_a_command_line_are_as_those_chosen():
    plan = Plan({"hidden": [9]})
    assert not plan.refused
    assert plan.options().hidden == (9,)
