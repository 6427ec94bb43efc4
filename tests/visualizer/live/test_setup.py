"""What is to be trained, as it is chosen on the screen."""

import pytest

from neuralscope.errors import InputError
from neuralscope.network.options import TrainingOptions
from neuralscope.network.presets import PRESETS
from neuralscope.visualizer.live.controls import OptionControl
from neuralscope.visualizer.live.setup import DEFAULT_VALUES, OPTION_FIELDS, TrainingSetup, adjacent_value


def test_a_plan_is_at_first_what_the_command_line_trains():
    assert TrainingSetup().options() == TrainingOptions()
    assert TrainingSetup({"hidden": (7,), "epochs": 2}).options() == TrainingOptions(hidden=(7,), epochs=2)


def test_a_preset_is_taken_whole_and_keeps_the_seed():
    setup = TrainingSetup({"seed": 4, "dropout": 0.5})
    for name, preset in PRESETS.items():
        setup.apply_preset(name)
        assert [setup.is_preset(other) for other in PRESETS] == [name == other for other in PRESETS]
        assert setup.options() == TrainingOptions(**preset.differences, seed=4)
    setup.set("seed", 5)
    assert setup.is_preset(name)
    setup.set("epochs", 5)
    assert not setup.is_preset(name)


@pytest.mark.parametrize("name", OPTION_FIELDS)
def test_steps_up_and_down_lead_to_what_can_be(name):
    setup = TrainingSetup({"validation": 10} if name == "validation" else {})
    for direction in (1, -1):
        seen = [setup.format_value(name)]
        for _ in range(30):
            setup.step(name, direction)
            setup.options()
            seen.append(setup.format_value(name))
        assert len(set(seen)) > 1
    others = {other: value for other, value in setup.values.items() if other != name}
    assert others == {other: value for other, value in DEFAULT_VALUES.items() if other != name}


@pytest.mark.parametrize(("value", "up", "down"), [
    (1.0, 2.0, 0.5), (0.002, 0.005, 0.001), (0.0, 0.001, 0.0), (0.001, 0.002, 0.0005), (3.0, 5.0, 2.0), (128, 200, 100),
    (0, 1, 0), (1, 2, 0), (2, 5, 1), (9, 10, 5), (10, 20, 5), (300, 500, 200)])
def test_the_value_beside(value, up, down):
    kind = type(value)
    assert (adjacent_value(value, 1, kind), adjacent_value(value, -1, kind)) == (up, down)
    assert {type(adjacent_value(value, way, kind)) for way in (1, -1)} == {kind}


@pytest.mark.parametrize(("name", "typed", "words"), [
    ("epochs", "0", "choose a whole number of at least 1"), ("epochs", "3.5", "choose a whole number"),
    ("epochs", "", "choose a whole number"), ("hidden", "8 0", "choose a whole number of at least 1"),
    ("hidden", "8 -", "give a list of whole numbers"), ("learning_rate", "0", "choose a number above 0"),
    ("learning_rate", "1e999", "choose a finite number"), ("learning_rate", "-e", "choose a number"),
    ("dropout", "1", "choose a number from 0 to below 1"), ("batch_size", "-1", "choose a whole number of at least 0")])
def test_a_value_that_cannot_be_is_said_of_its_own_option(name, typed, words):
    setup = TrainingSetup()
    setup.parse_value(name, typed)
    assert list(setup.invalid_options) == [name]
    assert words in setup.invalid_options[name]
    option = OptionControl(type("Session", (), {"training_setup": setup}), name)
    assert option.refusal() == setup.invalid_options[name]
    assert option.text() in (typed, setup.format_value(name))
    setup.step(name, 1)
    setup.options()
    assert option.refusal() == ""


@pytest.mark.parametrize(("name", "typed", "value"), [
    ("hidden", "128 64", (128, 64)), ("hidden", "128,64", (128, 64)), ("hidden", "", ()), ("hidden", "none", ()),
    ("epochs", "12", 12), ("batch_size", "all", 0), ("batch_size", "0", 0), ("augment", "none", "none"),
    ("learning_rate", "3e-4", 3e-4), ("learning_rate", "3e\N{MINUS SIGN}4", 3e-4), ("dropout", ".5", 0.5)])
def test_what_is_typed_is_taken(name, typed, value):
    setup = TrainingSetup()
    setup.parse_value(name, typed)
    assert getattr(setup.options(), name) == value


def test_the_usual_learning_rate_follows_the_optimizer():
    setup = TrainingSetup()
    assert setup.format_value("learning_rate") == "0.002"
    setup.step("optimizer", 1)
    assert (setup.format_value("optimizer"), setup.format_value("learning_rate")) == ("sgd", "0.1")


def test_options_that_do_not_go_together_are_said_of_one_of_them():
    setup = TrainingSetup({"dropout": 0.5})
    setup.parse_value("hidden", "")
    assert list(setup.invalid_options) == ["dropout"]


def test_each_value_is_judged_by_itself_and_a_step_puts_the_default():
    setup = TrainingSetup()
    for name, typed in (("seed", "abc"), ("epochs", "-"), ("learning_rate", "x")):
        setup.parse_value(name, typed)
    options = [OptionControl(type("Session", (), {"training_setup": setup}), name) for name in OPTION_FIELDS]
    assert {option.option: option.refusal() for option in options if option.refusal()} == {
        "epochs": "choose a whole number of at least 1", "learning_rate": "choose a number above 0",
        "seed": "choose a whole number of at least 0"}
    setup.step("seed", 1)
    setup.step("epochs", -1)
    assert (setup.values["seed"], setup.values["epochs"]) == (0, DEFAULT_VALUES["epochs"])
    assert list(setup.invalid_options) == ["learning_rate"]
    setup.step("epochs", -1)
    assert setup.values["epochs"] == 200


def test_what_is_changed_is_no_longer_what_was_interrupted(shipped):
    setup = TrainingSetup()
    setup.continue_from(shipped.path)
    assert setup.resume == shipped.path
    assert setup.options().hidden == shipped.network.sizes[1:-1]
    setup.reseed()
    assert setup.resume is None
    with pytest.raises(InputError, match="no such file"):
        setup.continue_from("nothing.npz")


def test_layers_from_a_command_line_are_as_those_chosen():
    setup = TrainingSetup({"hidden": [9]})
    assert not setup.invalid_options
    assert setup.options().hidden == (9,)
