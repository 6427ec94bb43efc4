"""What can be set on the screen about a training, each with a name, a value, a step down and a step up."""

import functools

from neuralscope.formatting import plain, to_figures
from neuralscope.network.optimizers import SCHEDULES
from neuralscope.network.options import OptionError, option_label
from neuralscope.visualizer.input.prompts import ValuePrompt
from neuralscope.visualizer.input.results import Ask, Say
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.setup import OPTION_FIELDS, adjacent_value

STEPS_PER_SECOND_CHOICES = (0.5, 1, 2, 5, 10, 20, 50, 100, None)  # steps a second; None: as many as there can be


def unless_read_only(action):
    """Return a method of what has a ``session`` that is refused, in words, where the training heeds others alone."""
    @functools.wraps(action)
    def act(self, *arguments):
        training = self.session.training
        return Say(training.read_only) if training and training.read_only else action(self, *arguments)

    return act


class OptionControl:
    """An option of the session's TrainingSetup."""

    def __init__(self, session, option):
        """Stand for the option of this name."""
        self.session, self.option = session, option
        self.name, self.help = option_label(option), OPTION_FIELDS[option].metadata["help"]
        self.widest = tuple(OPTION_FIELDS[option].metadata.get("choices", ("0.0001",)))

    def text(self):
        """Return its value in words."""
        return self.session.training_setup.format_value(self.option)

    def note(self):
        """Return what to know of the value."""
        setup = self.session.training_setup
        if self.option == "learning_rate" and setup.values[self.option] is None:
            return f"usual for {setup.values['optimizer']}"
        return {"hidden": "neurons a layer", "batch_size": "images a step"}.get(self.option, "")

    def refusal(self):
        """Return what is wrong with it, or ""."""
        return self.session.training_setup.invalid_options.get(self.option, "")

    def step(self, direction):
        """Choose the value beside."""
        self.session.training_setup.step(self.option, direction)

    def choose(self):
        """Choose the next name, or ask for a value."""
        if "choices" in OPTION_FIELDS[self.option].metadata:
            return self.step(1)
        setup = self.session.training_setup
        return Ask(ValuePrompt(self.name, self.help, lambda text: setup.parse_value(self.option, text)))


class LearningRateControl:
    """The learning rate of the training that runs."""

    name, widest = "learning rate", ("0.0001",)
    help = "of the steps to come; the schedule multiplies it"

    def __init__(self, session):
        """Begin with nothing wrong."""
        self.session, self.rejected = session, (None, "")

    def text(self):
        """Return it in words."""
        return plain(self.value)

    @property
    def value(self):
        """The learning rate."""
        return self.session.training.state.learning_rate

    def note(self):
        """Return what the schedule makes of it now."""
        state = self.session.training.state
        schedule = state.options.schedule
        share = SCHEDULES[schedule](state.steps / state.total_steps)
        return f"{schedule}: now {plain(float(to_figures(self.value * share, 2)))}" if share < 1 else schedule

    def refusal(self):
        """Return what is wrong with what was typed, or ""."""
        training, words = self.rejected
        return words if training is self.session.training else ""

    @unless_read_only
    def step(self, direction):
        """Choose the value beside."""
        rate = adjacent_value(self.value, direction, float)
        self._set(rate, plain(rate))

    @unless_read_only
    def choose(self):
        """Ask for it."""
        return Ask(ValuePrompt(self.name, self.help, self._read))

    def _read(self, text):
        try:
            rate = float(text)
        except ValueError:
            rate = text
        self._set(rate, text)

    def _set(self, rate, text):
        """Set it, or keep what is wrong with it: the same rules hold as before the start."""
        training, words = self.session.training, ""
        try:
            training.tell(Command.SET_LEARNING_RATE, rate)
        except OptionError as error:
            which = "" if error.option == "learning_rate" else f"{option_label(error.option)} "
            words = f"{text}: {which}{error.text(option_label)}"
        self.rejected = training, words


class PaceControl:
    """How many steps a second are taken."""

    name, widest = "speed", ("full",)
    help = "steps a second; + and − change it too"

    def __init__(self, session):
        """Stand for the speed of the session's training."""
        self.session = session

    def text(self):
        """Return it in words."""
        pace = self.session.training.state.pace
        return "full" if pace is None else f"{pace:g}"

    def note(self):
        """Return its unit."""
        return "as fast as it goes" if self.session.training.state.pace is None else "steps a second"

    def refusal(self):
        """Return nothing: every pace can be."""
        return ""

    @unless_read_only
    def step(self, direction):
        """Choose the pace beside, up to the ends."""
        training = self.session.training
        at = STEPS_PER_SECOND_CHOICES.index(training.state.pace) + direction
        pace = STEPS_PER_SECOND_CHOICES[min(max(at, 0), len(STEPS_PER_SECOND_CHOICES) - 1)]
        training.tell(Command.SET_PACE, pace)

    @unless_read_only
    def choose(self):
        """Choose full speed, or once more the slowest."""
        training = self.session.training
        training.tell(Command.SET_PACE, None if training.state.pace else STEPS_PER_SECOND_CHOICES[0])
