"""What is to be trained: the options of a training as they are chosen on the screen."""

import dataclasses
from math import floor, isfinite, log10
from pathlib import Path

from neuralscope.formatting import MINUS, plain
from neuralscope.network import storage
from neuralscope.network.optimizers import OPTIMIZERS
from neuralscope.network.options import LARGEST, OptionError, TrainingOptions, check_alone
from neuralscope.visualizer.live.launcher import Farewell, Launch, interrupted, make

OUTPUT = Path("my-training.npz")
FIELDS = {one.name: one for one in dataclasses.fields(TrainingOptions)}
DEFAULTS = {name: one.default for name, one in FIELDS.items()}
PRESETS = (  # a name, what it is, and in what it differs from the defaults
    ("the default", "what python -m neuralscope.network learns", {}),
    ("two layers", "784-128-64-10, the tutorials' network", {"hidden": (128, 64)}),
    ("classical", "784-100-10 sigmoid, squared error, all digits in each step",
     {"hidden": (100,), "activation": "sigmoid", "loss": "squared-error", "init": "normal", "optimizer": "sgd",
      "learning_rate": 2.0, "schedule": "constant", "batch_size": 0, "augment": "none", "epochs": 600}),
)
HIDDEN = ((), (16,), (32,), (64,), (100,), (128,), (256,), (512,), (64, 32), (128, 64), (256, 128), (128, 64, 32))
SMALLEST = 0.001  # the first step from 0 on


class Plan:
    """The ``values`` of the options by name, as they are; one that was typed and cannot be read is a text.

    ``refused``: why options cannot be so, in words, by name. ``given``: values from the command line.
    ``output``: the file that is to hold the network, ``facts``: what it is to say beside the options; ``resume``: the
    checkpoint that is continued, or None. ``launch`` and ``farewell``: the Launch and the Farewell at
    work, or None; ``failure``: why the last launch failed, in words, or ""; ``cause``: the same in general.
    ``interrupted``: what `launch.interrupted` found. ``make``: what makes the training of a plan on a Dataset.
    """

    make = staticmethod(make)

    def __init__(self, given=None, output=OUTPUT, threads=1):
        """Begin with the defaults, and with what was given."""
        self.output, self.threads, self.facts = Path(output), threads, {}
        self.launch, self.farewell, self.cause, self.interrupted = None, None, "", []
        self._take(DEFAULTS | (given or {}))

    def _take(self, values, resume=None):
        self.resume, self.failure = resume, ""  # another choice, another try
        self.values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        self._judge()

    def _judge(self):
        self.refused = {}
        for name, one in FIELDS.items():
            self._try(check_alone, one, self.values[name])
        if not self.refused:
            self._try(self.options)

    def _try(self, check, *arguments):
        try:
            check(*arguments)
        except OptionError as error:
            self.refused[error.option] = error.words

    def options(self):
        """Return the TrainingOptions; raises OptionError."""
        return TrainingOptions(**self.values)

    def take_preset(self, place):
        """Take the values of PRESETS[place]."""
        seed = self.values["seed"]
        kept = {"seed": seed} if isinstance(seed, int) and 0 <= seed <= LARGEST else {}
        self._take(DEFAULTS | PRESETS[place][2] | kept)

    def presets_taken(self):
        """Return for each of PRESETS whether these are its values."""
        return [not self.resume and all(self.values[name] == (DEFAULTS | differs)[name]
                                        for name in FIELDS if name != "seed") for _, _, differs in PRESETS]

    def go_on(self, checkpoint):
        """Continue the training of a checkpoint, with its options; raises InputError."""
        saved = storage.load(checkpoint)
        known = saved.metadata.get("options", {})
        values = {name: value for name, value in known.items() if name in FIELDS}
        self._take(DEFAULTS | values, Path(checkpoint))

    def set(self, name, value):
        """Choose the value of an option; what was to be continued is another training then."""
        self._take(self.values | {name: value})

    def reseed(self):
        """Choose the next seed."""
        seed = self.values["seed"]
        self.set("seed", seed + 1 if isinstance(seed, int) else 0)

    # Options on the screen

    def write(self, name):
        """Return the value of an option in words."""
        value = self.values[name]
        if name == "learning_rate" and value is None:
            return plain(OPTIMIZERS[self.values["optimizer"]].usual_rate)
        if name == "batch_size" and value == 0:
            return "all"
        if FIELDS[name].type is tuple and not isinstance(value, str):
            return " ".join(map(str, value)) or "none"
        return plain(value) if isinstance(value, float) and isfinite(value) else str(value)

    def read(self, name, text):
        """Choose what was typed for an option."""
        kind = FIELDS[name].type
        text = {(tuple, "none"): "", (int, "all"): "0"}.get((kind, text), text).replace(MINUS, "-")  # as `write` says
        try:
            value = tuple(map(int, text.replace(",", " ").split())) if kind is tuple else kind(text)
        except ValueError:
            value = text
        self.set(name, value)

    def step(self, name, direction):
        """Choose the value beside, upwards with ``direction`` 1; where that cannot be, the value stays.

        In place of one that cannot be itself, choose the default.
        """
        one, before = FIELDS[name], (self.values, self.resume)
        value = self.values[name]
        if name == "learning_rate" and value is None:
            value = OPTIMIZERS[self.values["optimizer"]].usual_rate
        if name in self.refused:
            self.set(name, DEFAULTS[name])
        elif "choices" in one.metadata:
            names = list(one.metadata["choices"])
            self.set(name, names[(names.index(value) + direction) % len(names)])
        elif one.type is tuple:
            at = HIDDEN.index(value) if value in HIDDEN else HIDDEN.index((128,))
            self.set(name, HIDDEN[(at + direction) % len(HIDDEN)])
        else:
            self.set(name, beside(value, direction, one.type))
            if name in self.refused:
                self._take(*before)

    @property
    def busy(self):
        """Whether something is being loaded or kept."""
        return bool(self.launch or self.farewell)

    def look_around(self, dataset):
        """Find the trainings that were interrupted."""
        self.interrupted = interrupted(self.output, dataset)

    def end(self, training):
        """End a training beside the window."""
        self.farewell = Farewell(training, "its card continues it")

    def begin(self, dataset, first):
        """Make the training on a Dataset, beside the window; ``first``: the method that it is told first."""
        self.failure, self.launch = "", Launch(self, dataset, first, self.make)


def beside(value, direction, kind):
    """Return the next of 0, 1, 2, 5, 10, ... and their tenths above a number, or with ``direction`` -1 below it."""
    least = 1 if kind is int else SMALLEST
    if value <= 0 or (value <= least and direction < 0 and kind is int):
        return least if direction > 0 else kind(0)
    power = 10.0 ** floor(log10(value) + 1e-9)
    ladder = [step * power for step in (0.2, 0.5, 1, 2, 5, 10)]
    near = [one for one in ladder if (one - value) * direction > 1e-9 * value]
    found = min(near) if direction > 0 else max(near)
    return round(found) if kind is int else float(f"{found:.6g}")
