"""What can be chosen about a training: one table of options, from which the command line is generated."""

import dataclasses
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite

from neuralscope.errors import InputError
from neuralscope.images.augmentation import AUGMENTATIONS, PIXELS
from neuralscope.network.functions import ACTIVATIONS, INITIALIZERS, LOSSES
from neuralscope.network.model import Network
from neuralscope.network.optimizers import OPTIMIZERS, SCHEDULES

MEMORY_LIMIT = 2 * 2**30  # bytes
LARGEST = 2**63 - 1  # whole number, as files hold it
OUTPUTS = ", ".join(f"{head} for {loss}" for loss, head in LOSSES.items())
USUAL = ", ".join(f"{one.usual_rate} for {name}" for name, one in OPTIMIZERS.items())
COPIES = 13  # of the parameters at most: gradients, Adam's two, a report's, a checkpoint's four, twice in writing


class OptionError(InputError):
    """A value that no training can have: of which ``option``, by its field's name, and why, in ``words``."""

    def __init__(self, option, value, words):
        super().__init__(f"{flag(option)} {value}: {words}")
        self.option, self.words = option, words


def option(default, help_text, **rules):
    """Return a field with its help and its rules: ``choices``, ``minimum``, ``above`` (a bound itself refused)."""
    return field(default=default, metadata={"help": help_text, **rules})


@dataclass(frozen=True)
class TrainingOptions:
    """How to train. Raises OptionError, naming the command line's option, for a value that no training can have."""

    epochs: int = option(300, "times that every training image is learned", minimum=1)
    hidden: tuple = option((256,), "neurons of each hidden layer; no number: no hidden layer", minimum=1)
    activation: str = option("relu", "activation of the hidden layers", choices=ACTIVATIONS)
    loss: str = option("cross-entropy", f"what is made small, which settles the outputs ({OUTPUTS})",
                       choices=LOSSES)
    init: str = option("he", "initial weights", choices=INITIALIZERS)
    optimizer: str = option("adam", "what a gradient does to the weights", choices=OPTIMIZERS)
    learning_rate: float = option(None, f"step size at the start; default: {USUAL}", above=0)
    schedule: str = option("cosine", "how the learning rate falls", choices=SCHEDULES)
    batch_size: int = option(128, "images a step; 0: all of them", minimum=0)
    weight_decay: float = option(0.0, "share of every weight that a step takes off, times the learning rate", minimum=0)
    dropout: float = option(0.0, "share of hidden neurons left out at random in each step", minimum=0, below=1)
    label_smoothing: float = option(0.0, "share of each target spread over all classes", minimum=0, below=1)
    augment: str = option("elastic", "warps of the training images, new ones every epoch", choices=AUGMENTATIONS)
    seed: int = option(0, "of all that is random: initial weights, order, warps, dropout", minimum=0)
    validation: int = option(0, "training images, the last ones, to judge by instead of learning", minimum=0)

    def __post_init__(self):
        if isinstance(self.hidden, list):
            object.__setattr__(self, "hidden", tuple(self.hidden))
        for one in dataclasses.fields(self):
            check_alone(one, getattr(self, one.name))
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", OPTIMIZERS[self.optimizer].usual_rate)
        product = self.learning_rate * self.weight_decay
        if product >= 1:
            raise OptionError("weight_decay", self.weight_decay,
                              f"times --learning-rate {self.learning_rate} it is {product:.4g}, so that a step would "
                              "take more of every weight than there is; choose a smaller one")
        if self.label_smoothing and self.loss != "cross-entropy":
            raise OptionError("label_smoothing", self.label_smoothing,
                              f"goes with --loss cross-entropy alone, not with {self.loss}; leave one of them out")
        if self.dropout and not self.hidden:
            raise OptionError("dropout", self.dropout,
                              "there is no hidden layer to leave neurons out of; give --hidden")

    def check_data(self, count, inputs, classes):
        """Raise OptionError where ``count`` training images of this many inputs and classes cannot be learned so."""
        left = count - self.validation
        if left < 1:
            raise OptionError("validation", self.validation,
                              f"there are {count:,} training images; leave some to learn")
        if self.batch_size > left:
            raise OptionError("batch_size", self.batch_size,
                              f"there are {left:,} training images; choose at most that many, or 0 for all of them")
        if self.augment != "none" and inputs != PIXELS:
            raise OptionError("augment", self.augment, f"warps pictures of {PIXELS} pixels, and these have {inputs}")
        sizes = (inputs, *self.hidden, classes)
        parameters = sum((before + 1) * after for before, after in pairwise(sizes))
        needed = 4 * (COPIES * parameters + 4 * (self.batch_size or left) * sum(sizes))
        if needed > MEMORY_LIMIT:
            raise OptionError("hidden", " ".join(map(str, self.hidden)),
                              f"training {parameters:,} parameters would take {needed / 2**30:,.1f} GiB of memory, and "
                              f"the limit is {MEMORY_LIMIT / 2**30:.0f} GiB; choose fewer neurons or smaller batches")

    def network(self, inputs, classes, rng):
        """Return a random network of these options."""
        return Network.random((inputs, *self.hidden, classes), self.activation, LOSSES[self.loss], self.init, rng=rng)


def flag(name):
    """Return an option's name on the command line."""
    return "--" + name.replace("_", "-")


KINDS = {int: (int, "whole number"), float: ((int, float), "number"), str: (str, "name")}  # and what they are called


def check_alone(one, value):
    """Raise OptionError where a value cannot be that of ``one``, a field of TrainingOptions, whatever the others are.
    """
    if one.type is tuple and not isinstance(value, tuple):
        raise OptionError(one.name, value, "give a list of whole numbers")
    if value is None and one.default is None:
        return  # it depends on another option
    for single in value if one.type is tuple else (value,):
        check(one.name, single, int if one.type is tuple else one.type, one.metadata)


def check(name, value, kind, rules):
    """Raise OptionError where a value is not of its option's kind or breaks its rules."""
    types, word = KINDS[kind]
    if not isinstance(value, types) or isinstance(value, bool):
        raise OptionError(name, value, f"choose a {word}")
    if "choices" in rules:
        if value not in rules["choices"]:
            raise OptionError(name, value, f"choose one of {', '.join(rules['choices'])}")
    elif isinstance(value, int) and value > LARGEST:
        raise OptionError(name, value, f"choose a number of at most {LARGEST}")
    elif not isfinite(value):
        raise OptionError(name, value, "choose a finite number")
    elif "above" in rules and value <= rules["above"]:
        raise OptionError(name, value, f"choose a number above {rules['above']}")
    elif "below" in rules and value >= rules["below"]:
        raise OptionError(name, value, f"choose a number below {rules['below']}")
    elif "minimum" in rules and value < rules["minimum"]:
        raise OptionError(name, value, f"choose a number of at least {rules['minimum']}")


def add_training_options(parser, leave_out=()):
    """Give an argparse parser one option for each field, but for those whose names are to be left out."""
    for one in dataclasses.fields(TrainingOptions):
        if one.name in leave_out:
            continue
        many, choices = one.type is tuple, one.metadata.get("choices")
        default = " ".join(map(str, one.default)) if many else one.default
        kind = {"type": int, "nargs": "*"} if many else {"type": one.type}
        names = f": {', '.join(map(str, choices))}" if choices else ""
        default = "" if one.default is None else f" (default: {default})"
        parser.add_argument(flag(one.name), default=one.default, metavar="NAME" if choices else "N",
                            help=f"{one.metadata['help']}{names}{default}", **kind)


def from_arguments(arguments):
    """Return the TrainingOptions in argparse's result; raises InputError."""
    given = vars(arguments)
    return TrainingOptions(**{one.name: given[one.name] for one in dataclasses.fields(TrainingOptions)})
