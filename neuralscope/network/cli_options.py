"""A training's options on the command line: generated from their table, taken from a preset, or given."""

import argparse
import dataclasses
from collections.abc import Callable, Collection
from typing import Any

from neuralscope.network.options import OptionError, TrainingOptions, check_field, option_flag
from neuralscope.network.presets import PRESETS


def add_training_options(parser: argparse.ArgumentParser, leave_out: Collection[str] = ()) -> None:
    """Give an argparse parser ``--preset``, and one option for each field but for those whose names are left out.

    What is not given is None.
    """
    parser.add_argument("--preset", metavar="NAME", help="a recipe: its options, but for those given beside it: "
                        f"{', '.join(PRESETS)} (default: default)")
    entry: Any
    for entry in dataclasses.fields(TrainingOptions):
        if entry.name in leave_out:
            continue
        many, choices = entry.type is tuple, entry.metadata.get("choices")
        default = " ".join(map(str, entry.default)) if many else entry.default
        kind = {"type": reader(int), "nargs": "*"} if many else {"type": reader(entry.type)}
        names = f": {', '.join(map(str, choices))}" if choices else ""
        default = "" if entry.default is None else f" (default: {default})"
        parser.add_argument(option_flag(entry.name), metavar="NAME" if choices else "N",
                            help=f"{entry.metadata['help']}{names}{default}", **kind)


def reader(kind: type) -> Callable[[str], Any]:
    """Return a function that reads a text as of this type; what is none stays a text, which `given_options` refuses."""
    def read(text):
        try:
            return kind(text)
        except ValueError:
            return text

    return read


def given_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the values given in argparse's result, by the names of TrainingOptions' fields; raises OptionError."""
    given = {}
    for entry in dataclasses.fields(TrainingOptions):
        value = getattr(arguments, entry.name)
        if value is not None:
            given[entry.name] = tuple(value) if isinstance(value, list) else value
            check_field(entry, given[entry.name])
    return given


def chosen_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what is not the default in argparse's result: the preset's values, and over them those given.

    Raises OptionError where there is no such preset.
    """
    if arguments.preset is None:
        return given_options(arguments)
    if arguments.preset not in PRESETS:
        raise OptionError("preset", arguments.preset, "", f"choose one of {', '.join(PRESETS)}")
    recipe, given = dict(PRESETS[arguments.preset].differences), given_options(arguments)
    optimizer = recipe_options(arguments).optimizer
    if given.get("optimizer", optimizer) != optimizer:
        recipe.pop("learning_rate", None)  # it was that of another optimizer
    return recipe | given


def recipe_options(arguments: argparse.Namespace) -> TrainingOptions:
    """Return the TrainingOptions of the preset in argparse's result."""
    return TrainingOptions(**PRESETS[arguments.preset].differences)


def options_from_arguments(arguments: argparse.Namespace) -> TrainingOptions:
    """Return the TrainingOptions in argparse's result; raises InputError."""
    return TrainingOptions(**chosen_options(arguments))


def preset_notice(arguments: argparse.Namespace) -> str:
    """Return a line that says in what a training is not the preset that was asked for, or ""."""
    if arguments.preset is None:
        return ""
    recipe, chosen = recipe_options(arguments), options_from_arguments(arguments)
    others = [option_words(entry.name, getattr(chosen, entry.name)) for entry in dataclasses.fields(TrainingOptions)
              if entry.name != "seed" and getattr(chosen, entry.name) != getattr(recipe, entry.name)]
    return f"preset {arguments.preset}, but with {', '.join(others)}" if others else ""


def option_words(name: str, value: Any) -> str:
    """Return an option and its value as the command line takes them."""
    return f"{option_flag(name)} {' '.join(map(str, value)) if isinstance(value, tuple) else value}".rstrip()
