"""Recipes of a training by name: one table for the command line, the train view's cards and the benchmarks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from neuralscope.cli import command


@dataclass(frozen=True)
class Preset:
    """A recipe, and what it is in words; ``differences``: what is not the default, by TrainingOptions' field names.

    The seed is no part of a recipe.
    """

    name: str
    title: str
    description: str
    differences: Mapping[str, Any]


PRESETS = {preset.name: preset for preset in (
    Preset("default", "the default", f"what {command('train')} learns", {}),
    # benchmarks/quick_recipe.py: chosen on training digits that were held out
    Preset("quick", "quick", "98 % of MNIST in seconds: momentum, four epochs, no warps",
           {"epochs": 4, "optimizer": "momentum", "learning_rate": 0.2, "augment": "none"}),
    Preset("two-layers", "two layers", "784-128-64-10, the tutorials' network", {"hidden": (128, 64)}),
    Preset("classical", "classical", "784-100-10 sigmoid, squared error, all digits in each step",
           {"hidden": (100,), "activation": "sigmoid", "loss": "squared-error", "init": "normal", "optimizer": "sgd",
            "learning_rate": 2.0, "schedule": "constant", "batch_size": 0, "augment": "none", "epochs": 600}),
)}
