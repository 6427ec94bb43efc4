"""What is to be trained: the options of a training as they are chosen on the screen."""

import dataclasses
from math import floor, isfinite, log10
from pathlib import Path

from neuralscope.formatting import MINUS, plain, to_figures
from neuralscope.network import storage
from neuralscope.network.optimizers import OPTIMIZERS
from neuralscope.network.options import MAX_WHOLE_NUMBER, OptionError, TrainingOptions, check_field, option_label
from neuralscope.network.presets import PRESETS
from neuralscope.runs.output_paths import checkpoint_path
from neuralscope.visualizer.live.interrupted import find_interrupted
from neuralscope.visualizer.live.launcher import BackgroundCall, Launcher, end_training, make_training

DEFAULT_OUTPUT = Path("my-training.npz")
OPTION_FIELDS = {field.name: field for field in dataclasses.fields(TrainingOptions)}
DEFAULT_VALUES = {name: field.default for name, field in OPTION_FIELDS.items()}
HIDDEN_LAYER_CHOICES = ((), (16,), (32,), (64,), (100,), (128,), (256,), (512,), (64, 32), (128, 64), (256, 128),
                        (128, 64, 32))
TYPED_WORDS = {tuple: {"none": ()}, int: {"all": 0}}  # what may be typed in place of figures, by the kind of a value
SMALLEST_STEP = 0.001  # the first step from 0 on


class TrainingSetup:
    """The ``values`` of the options by name, as they are; one that was typed and cannot be read is a text.

    ``invalid_options``: why options cannot be so, in words, by name. ``given``: values from the command line.
    ``output``: the file that is to hold the network, ``metadata``: what it is to say beside the options; ``resume``:
    the checkpoint that is continued, or None. ``launcher`` makes a training, ``shutdown`` ends one, or they are None;
    ``failure``: why the last launch failed, in words, or ""; ``cause``: the same in general. ``interrupted``: what
    `find_interrupted` found. ``make_training``: what makes the training of a setup on a Dataset, ``close_training``:
    what does as `end_training`. ``disk_bytes``: what all files of such trainings may have together, or None.
    """

    make_training, close_training = staticmethod(make_training), staticmethod(end_training)
    disk_bytes = None

    def __init__(self, given=None, output=DEFAULT_OUTPUT, threads=1):
        """Begin with the defaults, and with what was given."""
        self.output, self.threads, self.metadata = Path(output), threads, {}
        self.launcher, self.shutdown, self.cause, self.interrupted = None, None, "", []
        self.always = {}  # values that every beginning has, by name: of inputs that cannot be warped no warps
        self._set_values(DEFAULT_VALUES | (given or {}))

    def _set_values(self, values, resume=None):
        self.resume, self.failure = resume, ""  # another choice, another try
        self.values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        self._validate()

    def _validate(self):
        self.invalid_options = {}
        for name, field in OPTION_FIELDS.items():
            self._record_invalid(check_field, field, self.values[name])
        if not self.invalid_options:
            self._record_invalid(self.options)

    def _record_invalid(self, check, *arguments):
        try:
            check(*arguments)
        except OptionError as error:
            self.invalid_options[error.option] = error.text(option_label)

    def options(self):
        """Return the TrainingOptions; raises OptionError."""
        return TrainingOptions(**self.values)

    def apply_preset(self, name):
        """Take the values of the preset of this name."""
        seed = self.values["seed"]
        kept = {"seed": seed} if isinstance(seed, int) and 0 <= seed <= MAX_WHOLE_NUMBER else {}
        self._set_values(DEFAULT_VALUES | PRESETS[name].differences | self.always | kept)

    def leave_out_warps(self):
        """Begin without warps, for the inputs are no pictures that can be warped."""
        self.always = {"augment": "none"}
        if not self.resume and self.values["augment"] == DEFAULT_VALUES["augment"]:
            self._set_values(self.values | self.always)

    def is_preset(self, name):
        """Return whether these are the values of the preset of this name."""
        values = DEFAULT_VALUES | PRESETS[name].differences | self.always
        return not self.resume and all(self.values[option] == values[option] for option in values if option != "seed")

    def continue_from(self, path, epochs=None):
        """Continue the training of a checkpoint with its options; return its metadata; raises InputError.

        ``epochs``: where it is that of a finished network, and so many in all.
        """
        saved = storage.load(path)
        known = saved.metadata.get("options", {})
        values = {name: value for name, value in known.items() if name in OPTION_FIELDS}
        if epochs:
            values, path = values | {"epochs": epochs}, checkpoint_path(path)
        self._set_values(DEFAULT_VALUES | values, Path(path))
        return saved.metadata

    def set(self, name, value):
        """Choose the value of an option; what was to be continued is another training then."""
        self._set_values(self.values | {name: value})

    def reseed(self):
        """Choose the next seed."""
        seed = self.values["seed"]
        self.set("seed", seed + 1 if isinstance(seed, int) else 0)

    # Options on the screen

    def format_value(self, name, minus=MINUS):
        """Return the value of an option in words, with the minus sign of the window or of the command line."""
        value = self.values[name]
        if name == "learning_rate" and value is None:
            return plain(OPTIMIZERS[self.values["optimizer"]].default_learning_rate, minus)
        if name == "batch_size" and value == 0:
            return "all"
        if OPTION_FIELDS[name].type is tuple and not isinstance(value, str):
            return " ".join(map(str, value)) or "none"
        return plain(value, minus) if isinstance(value, float) and isfinite(value) else str(value)

    def parse_value(self, name, text):
        """Choose what was typed for an option."""
        kind, text = OPTION_FIELDS[name].type, text.replace(MINUS, "-")
        try:
            value = TYPED_WORDS[kind][text] if text in TYPED_WORDS.get(kind, {}) else (
                tuple(map(int, text.replace(",", " ").split())) if kind is tuple else kind(text))
        except ValueError:
            value = text
        self.set(name, value)

    def step(self, name, direction):
        """Choose the value beside, upwards with ``direction`` 1; where that cannot be, the value stays.

        In place of one that cannot be itself, choose the default.
        """
        field, before = OPTION_FIELDS[name], (self.values, self.resume)
        value = self.values[name]
        if name == "learning_rate" and value is None:
            value = OPTIMIZERS[self.values["optimizer"]].default_learning_rate
        if name in self.invalid_options:
            self.set(name, DEFAULT_VALUES[name])
        elif "choices" in field.metadata:
            names = list(field.metadata["choices"])
            self.set(name, names[(names.index(value) + direction) % len(names)])
        elif field.type is tuple:
            at = HIDDEN_LAYER_CHOICES.index(value if value in HIDDEN_LAYER_CHOICES else (128,))
            self.set(name, HIDDEN_LAYER_CHOICES[(at + direction) % len(HIDDEN_LAYER_CHOICES)])
        else:
            self.set(name, adjacent_value(value, direction, field.type))
            if name in self.invalid_options:
                self._set_values(*before)

    @property
    def busy(self):
        """Whether something is being loaded or kept."""
        return bool(self.launcher or self.shutdown)

    def find_interrupted_trainings(self, dataset):
        """Find the trainings that were interrupted."""
        self.interrupted = find_interrupted(self.output, dataset)

    def end_training(self, training):
        """End a training beside the window."""
        self.shutdown = BackgroundCall("shutdown", self.close_training, training, "its card continues it")

    def launch_training(self, dataset, command):
        """Make the training on a Dataset, beside the window; ``command``: what it is told first."""
        self.failure, self.launcher = "", Launcher(self, dataset, self.make_training, command)


def adjacent_value(value, direction, kind):
    """Return the next of 0, 1, 2, 5, 10, ... and their tenths above a number, or with ``direction`` -1 below it."""
    least = 1 if kind is int else SMALLEST_STEP
    if value <= 0 or (value <= least and direction < 0 and kind is int):
        return least if direction > 0 else kind(0)
    power = 10.0 ** floor(log10(value) + 1e-9)
    ladder = [step * power for step in (0.2, 0.5, 1, 2, 5, 10)]
    near = [field for field in ladder if (field - value) * direction > 1e-9 * value]
    found = min(near) if direction > 0 else max(near)
    return round(found) if kind is int else float(to_figures(found, 6))
