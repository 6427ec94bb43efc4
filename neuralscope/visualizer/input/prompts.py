"""What is asked in the readout's line: a number that is being typed, a class to compare with, what a drawing shows."""

from neuralscope.datasets import image_folder
from neuralscope.errors import InputError
from neuralscope.formatting import thousands
from neuralscope.visualizer.input.keys import (
    CONTRAST_CLASS_KEYS,
    LABEL_KEYS,
    NUMBER_KEYS,
    PREDICTED_CLASS_KEYS,
    VALUE_KEYS,
)
from neuralscope.visualizer.input.results import Say
from neuralscope.visualizer.session.selection import CONTRAST_NONE, CONTRAST_STRONGEST

MAX_FIGURES = 12  # figures; a longer number means nothing here
USER_DIGITS_FOLDER = "my-digits"  # the folder, in the current one, for digits that are kept


class Prompt:
    """Something asked: ``text`` is what the readout says until it is ``finished``.

    ``submits_on_click``: a click elsewhere takes what was typed, and does what it would without the question.
    """

    finished, submits_on_click = False, False

    def leave(self):
        """Ask no more."""
        self.finished = True


class NumberPrompt(Prompt):
    """The number of a ``noun`` from 0 to ``last``, as far as it is typed; ``go_to(number)`` goes there."""

    bindings = NUMBER_KEYS

    def __init__(self, noun, last, go_to):
        """Begin with nothing typed."""
        self.noun, self.last, self.go_to = noun, last, go_to
        self.typed = ""

    def type_digit(self, key):
        """Take a figure."""
        self.typed = (self.typed + key)[:MAX_FIGURES]

    def erase_digit(self):
        """Take the last figure back."""
        self.typed = self.typed[:-1]

    @property
    def text(self):
        """What the readout says meanwhile."""
        return f"go to {self.noun}: {self.typed}_   (0 to {thousands(self.last)})"

    def go(self):
        """Go to the number that was typed, or say why there is none such."""
        self.finished = True
        if self.typed and int(self.typed) > self.last:
            return Say(f"there is no {self.noun} {thousands(int(self.typed))}: "
                       f"they go from 0 to {thousands(self.last)}")
        if self.typed:
            self.go_to(int(self.typed))
        return None


class ValuePrompt(Prompt):
    """The value of ``noun``, which is ``help``, in letters and figures; ``take(text)`` is called with it."""

    bindings, submits_on_click = VALUE_KEYS, True

    def __init__(self, noun, help, take):
        """Begin with nothing typed."""
        self.noun, self.help, self.take, self.typed = noun, help, take, ""

    def type_character(self, key):
        """Take a letter."""
        self.typed = (self.typed + key)[:2 * MAX_FIGURES]

    def erase_character(self):
        """Take the last letter back."""
        self.typed = self.typed[:-1]

    @property
    def text(self):
        """What the readout says meanwhile."""
        return f"{self.noun}: {self.typed}_   ({self.help})"

    def go(self):
        """Take what was typed."""
        self.finished = True
        self.take(self.typed.strip())


class ContrastClassPrompt(Prompt):
    """The class that the one asked about is compared with: a figure, or a click on any class."""

    bindings = CONTRAST_CLASS_KEYS

    def __init__(self, session):
        """Ask; until then a class that is clicked means this one."""
        self.session = session
        session.selection.awaits_contrast_class = True

    @property
    def finished(self):
        """Whether there is an answer."""
        return not self.session.selection.awaits_contrast_class

    @property
    def text(self):
        """What the readout says meanwhile."""
        name = self.session.dataset.class_names[self.session.selected_class]
        return f"why {name} and not which class? A figure or a click; Enter: the strongest other; v: the score alone"

    def compare(self, key):
        """Compare with the class of a figure."""
        if int(key) < len(self.session.dataset.class_names):
            self.session.selection.compare(int(key))

    def compare_with_none(self):
        """Compare with no class."""
        self.session.selection.compare(CONTRAST_NONE)

    def compare_with_strongest(self):
        """Compare with the strongest other class."""
        self.session.selection.compare(CONTRAST_STRONGEST)

    def leave(self):
        """Ask no more."""
        self.session.selection.awaits_contrast_class = False


class PredictedClassPrompt(ContrastClassPrompt):
    """The answer that class ``truth`` was given: a figure, or a click on a cell; ``go_to(answer)`` goes there."""

    bindings = PREDICTED_CLASS_KEYS

    def __init__(self, session, truth, go_to):
        """Ask; until then a cell that is clicked is the answer."""
        super().__init__(session)
        self.truth, self.go_to = truth, go_to

    @property
    def text(self):
        """What the readout says meanwhile."""
        return f"{self.session.dataset.class_names[self.truth]} read as which class? A figure or a click on a cell"

    def compare(self, key):
        """Go to the answer of a figure."""
        if int(key) < len(self.session.dataset.class_names):
            self.leave()
            self.go_to(int(key))


class LabelPrompt(Prompt):
    """What the person's own digit is: a figure; then it is kept as a picture file."""

    bindings = LABEL_KEYS

    def __init__(self, session):
        """Ask."""
        self.session = session

    @property
    def text(self):
        """What the readout says meanwhile."""
        read = self.session.dataset.class_names[int(self.session.trace.predictions[0])]
        return f"keep it as which digit? A figure; Enter: as the {read} that is read; Esc: not at all"

    def keep(self, key):
        """Keep it as the digit of a figure."""
        self.finished, picture = True, self.session.user_digit.picture
        if self.session.download:
            return Say(self.session.download(f"drawn-{key}.png", image_folder.encode_png(picture)))
        try:
            path = image_folder.save_digit(USER_DIGITS_FOLDER, int(key), picture)
        except InputError as error:
            return Say(f"not kept: {error}")
        return Say(f"kept as {path}; to look at all of them: --dataset {USER_DIGITS_FOLDER}")

    def keep_as_predicted(self):
        """Keep it as what the network reads."""
        return self.keep(str(int(self.session.trace.predictions[0])))
