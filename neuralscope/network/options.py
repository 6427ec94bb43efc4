"""What can be chosen about a training: one table of options, from which the command line is generated (cli_options)."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np

from neuralscope.errors import InputError, printable, sentence
from neuralscope.formatting import there_are
from neuralscope.images.augmentation import AUGMENTATIONS, IMAGE_PIXELS
from neuralscope.network.functions import ACTIVATIONS, INITIALIZERS, LOSSES
from neuralscope.network.model import Network
from neuralscope.network.optimizers import OPTIMIZERS, SCHEDULES

MEMORY_LIMIT_BYTES = 2 * 2**30
MAX_WHOLE_NUMBER = 2**63 - 1  # as files hold it
OUTPUTS_HELP = ", ".join(f"{head} for {loss}" for loss, head in LOSSES.items())
DEFAULT_RATES_HELP = ", ".join(f"{each.default_learning_rate} for {name}" for name, each in OPTIMIZERS.items())
# of the parameters at most: gradients, Adam's two, a report's, a checkpoint's four, twice in writing
PARAMETER_COPIES = 13


class OptionError(InputError):
    """A value that no training can have: of which ``option``, by its field's name, and why.

    ``other``: another option, by its field's name, which problem or remedy name as {other}.
    """

    def __init__(self, option: str, value: Any, problem: str, remedy: str = "", other: str | None = None) -> None:
        super().__init__(problem, remedy)
        self.option, self.value, self.other = option, value, other

    def __str__(self) -> str:
        """Return the line."""
        return printable(f"{option_flag(self.option)} {self.value}: {self.text(option_flag)}")

    def text(self, name: Callable[[str], str]) -> str:
        """Return problem and remedy in one line; ``name(option)`` is what an option is called where it is read."""
        text = sentence(self.problem, self.remedy)
        return text.format(other=name(self.other)) if self.other else text


def option_field(default: Any, help_text: str, **rules: Any) -> Any:
    """Return a field with its help and its rules: ``choices``, ``minimum``, ``above`` (a bound itself refused)."""
    return field(default=default, metadata={"help": help_text, **rules})


@dataclass(frozen=True)
class TrainingOptions:
    """How to train. Raises OptionError, naming the command line's option, for a value that no training can have."""

    epochs: int = option_field(300, "times that every training image is learned", minimum=1)
    hidden: tuple = option_field((256,), "neurons of each hidden layer; no number: no hidden layer", minimum=1)
    activation: str = option_field("relu", "activation of the hidden layers", choices=ACTIVATIONS)
    loss: str = option_field("cross-entropy", f"what is made small, which settles the outputs ({OUTPUTS_HELP})",
                             choices=LOSSES)
    init: str = option_field("he", "initial weights", choices=INITIALIZERS)
    optimizer: str = option_field("adam", "what a gradient does to the weights", choices=OPTIMIZERS)
    learning_rate: float = option_field(None, f"step size at the start; default: {DEFAULT_RATES_HELP}", above=0)
    schedule: str = option_field("cosine", "how the learning rate falls", choices=SCHEDULES)
    batch_size: int = option_field(128, "images a step; 0: all of them", minimum=0)
    weight_decay: float = option_field(
        0.0, "share of every weight that a step takes off, times the learning rate; of every bias too, as in PyTorch",
        minimum=0
    )
    dropout: float = option_field(0.0, "share of hidden neurons left out at random in each step", minimum=0, below=1)
    label_smoothing: float = option_field(0.0, "share of each target spread over all classes", minimum=0, below=1)
    augment: str = option_field("elastic", "warps of the training images, new ones every epoch", choices=AUGMENTATIONS)
    seed: int = option_field(0, "of all that is random: initial weights, order, warps, dropout", minimum=0)
    validation: int = option_field(0, "training images, the last ones, to judge by instead of learning", minimum=0)

    def __post_init__(self) -> None:
        if isinstance(self.hidden, list):
            object.__setattr__(self, "hidden", tuple(self.hidden))
        for entry in dataclasses.fields(self):
            check_field(entry, getattr(self, entry.name))
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", OPTIMIZERS[self.optimizer].default_learning_rate)
        product = self.learning_rate * self.weight_decay
        if product >= 1:
            raise OptionError("weight_decay", self.weight_decay, f"times {{other}} {self.learning_rate} it is "
                              f"{product:.4g}, so that a step would take more of every weight than there is",
                              "choose a smaller one", other="learning_rate")
        if self.label_smoothing and self.loss != "cross-entropy":
            raise OptionError("label_smoothing", self.label_smoothing, f"goes with {{other}} cross-entropy alone, "
                              f"not with {self.loss}", "leave one of them out", other="loss")
        if self.dropout and not self.hidden:
            raise OptionError("dropout", self.dropout, "there is no hidden layer to leave neurons out of",
                              "give {other}", other="hidden")

    def fitted_to(self, count: int, name: Callable[[str], str]) -> tuple["TrainingOptions", str]:
        """Return these options with batches that ``count`` training images can fill, and what is then to be said.

        ``name(option)``: what an option is called where that is read.
        """
        left = count - self.validation
        if not 0 < left < self.batch_size:
            return self, ""
        notice = f"{name('batch_size')} is {left}, for there are no more training images"
        return dataclasses.replace(self, batch_size=left), notice

    def check_data(self, count: int, inputs: int, classes: int) -> None:
        """Raise OptionError where ``count`` training images of this many inputs and classes cannot be learned so."""
        left = count - self.validation
        if left < 1:
            raise OptionError("validation", self.validation, there_are(count, "training image"),
                              "leave some to learn")
        if self.batch_size > left:
            raise OptionError("batch_size", self.batch_size, there_are(left, "training image"),
                              "choose at most that many, or 0 for all of them")
        self.check_warps(inputs)
        sizes = (inputs, *self.hidden, classes)
        parameters = sum((before + 1) * after for before, after in pairwise(sizes))
        needed = 4 * (PARAMETER_COPIES * parameters + 4 * (self.batch_size or left) * sum(sizes))
        if needed > MEMORY_LIMIT_BYTES:
            raise OptionError("hidden", " ".join(map(str, self.hidden)), f"training {parameters:,} parameters would "
                              f"take {needed / 2**30:,.1f} GiB of memory, and the limit is "
                              f"{MEMORY_LIMIT_BYTES / 2**30:.0f} GiB", "choose fewer neurons or smaller batches")

    def check_warps(self, inputs: int) -> None:
        """Raise OptionError where inputs, so many, are no pictures that can be warped."""
        if self.augment != "none" and inputs != IMAGE_PIXELS:
            raise OptionError(
                "augment", self.augment, f"warps pictures of {IMAGE_PIXELS} pixels, and these have {inputs}",
                "choose none"
            )

    def network(self, inputs: int, classes: int, rng: np.random.Generator) -> Network:
        """Return a random network of these options."""
        return Network.random((inputs, *self.hidden, classes), self.activation, LOSSES[self.loss], self.init, rng=rng)


def option_flag(name: str) -> str:
    """Return an option's name on the command line."""
    return "--" + name.replace("_", "-")


def option_label(name: str) -> str:
    """Return an option's name in a window."""
    return name.replace("_", " ")


# types that a value may have, and what they are called
VALUE_KINDS: dict[Any, tuple[Any, str]] = {int: (int, "whole number"), float: ((int, float), "number"),
                                           str: (str, "name")}


def check_field(entry: Any, value: Any) -> None:
    """Raise OptionError where a value cannot be that of ``entry``, a field of TrainingOptions, by itself."""
    if entry.type is tuple and not isinstance(value, tuple):
        raise OptionError(entry.name, value, "", "give a list of whole numbers")
    if value is None and entry.default is None:
        return  # it depends on another option
    for single in value if entry.type is tuple else (value,):
        check_value(entry.name, single, int if entry.type is tuple else entry.type, entry.metadata)


def check_value(name: str, value: Any, kind: type, rules: Mapping[str, Any]) -> None:
    """Raise OptionError where a value is not of its option's kind or breaks its rules.

    A number is rounded to float32 in training, and what it is then may not break them either.
    """
    types, _ = VALUE_KINDS[kind]
    adjective = "finite " if isinstance(value, float) and not isfinite(value) else ""
    remedy = f"choose {allowed_words(kind, rules, adjective)}"
    if not isinstance(value, types) or isinstance(value, bool) or not keeps_rules(value, rules):
        raise OptionError(name, value, "", remedy)
    if isinstance(value, int) and value > MAX_WHOLE_NUMBER:
        raise OptionError(name, value, "", f"choose a number of at most {MAX_WHOLE_NUMBER}")
    if kind is float:
        with np.errstate(over="ignore"):
            rounded = float(np.float32(value))
        if not keeps_rules(rounded, rules):
            raise OptionError(name, value, f"is {rounded:g} in the float32 of a training", remedy)


def keeps_rules(value: Any, rules: Mapping[str, Any]) -> bool:
    """Say whether a value keeps the rules of its option."""
    if "choices" in rules:
        return value in rules["choices"]
    return (isinstance(value, int) or isfinite(value)) and value > rules.get("above", -np.inf) and (
        rules.get("minimum", -np.inf) <= value < rules.get("below", np.inf))


def allowed_words(kind: type, rules: Mapping[str, Any], adjective: str = "") -> str:
    """Return in words what an option may be, as "a number from 0 to below 1"; ``adjective``: of the number."""
    if "choices" in rules:
        return f"one of {', '.join(rules['choices'])}"
    noun = f"a {adjective}{VALUE_KINDS[kind][1]}"
    if "below" in rules:
        return f"{noun} from {rules['minimum']} to below {rules['below']}"
    return f"{noun} above {rules['above']}" if "above" in rules else f"{noun} of at least {rules['minimum']}"
