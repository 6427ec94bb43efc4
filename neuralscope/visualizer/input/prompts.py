"""What is asked in the readout's line: a number that is being typed, a class to compare with, what a drawing shows."""

from neuralscope.datasets import image_folder
from neuralscope.errors import InputError
from neuralscope.formatting import thousands
from neuralscope.visualizer.input.keys import ANSWER, ENTRY, LABEL, VALUE, VERSUS
from neuralscope.visualizer.session.session import ALONE, STRONGEST

LONGEST = 12  # figures; a longer number means nothing here
KEPT = "my-digits"  # the folder, in the current one, for digits that are kept


class Message(str):
    """What an action has to say in the readout's line."""


class Question:
    """Something asked: ``prompt`` is what the readout says meanwhile; once ``finished`` it says ``last_words``.

    ``ends_by_click``: a click elsewhere takes what was typed, and does what it would without the question.
    """

    finished, last_words, ends_by_click = False, "", False

    def leave(self):
        """Ask no more."""
        self.finished = True


class Entry(Question):
    """The number of a ``what`` from 0 to ``last``, as far as it is typed; ``go_to(number)`` goes there."""

    bindings = ENTRY

    def __init__(self, what, last, go_to):
        """Begin with nothing typed."""
        self.what, self.last, self.go_to = what, last, go_to
        self.typed = ""

    def type_figure(self, key):
        """Take a figure."""
        self.typed = (self.typed + key)[:LONGEST]

    def erase_figure(self):
        """Take the last figure back."""
        self.typed = self.typed[:-1]

    @property
    def prompt(self):
        """What the readout says meanwhile."""
        return f"go to {self.what}: {self.typed}_   (0 to {thousands(self.last)})"

    def go(self):
        """Go to the number that was typed, or say why there is none such."""
        self.finished = True
        if self.typed and int(self.typed) > self.last:
            self.last_words = (f"there is no {self.what} {thousands(int(self.typed))}: "
                               f"they go from 0 to {thousands(self.last)}")
        elif self.typed:
            self.go_to(int(self.typed))


class Typed(Question):
    """The value of ``what``, which is ``help``, in letters and figures; ``take(text)`` is called with it."""

    bindings, ends_by_click = VALUE, True

    def __init__(self, what, help, take):
        """Begin with nothing typed."""
        self.what, self.help, self.take, self.typed = what, help, take, ""

    def type_letter(self, key):
        """Take a letter."""
        self.typed = (self.typed + key)[:2 * LONGEST]

    def erase_letter(self):
        """Take the last letter back."""
        self.typed = self.typed[:-1]

    @property
    def prompt(self):
        """What the readout says meanwhile."""
        return f"{self.what}: {self.typed}_   ({self.help})"

    def go(self):
        """Take what was typed."""
        self.finished = True
        self.take(self.typed.strip())


class Versus(Question):
    """The class that the one asked about is compared with: a figure, or a click on any class."""

    bindings = VERSUS

    def __init__(self, session):
        """Ask; until then a class that is clicked means this one."""
        self.session = session
        session.awaits_versus = True

    @property
    def finished(self):
        """Whether there is an answer."""
        return not self.session.awaits_versus

    @property
    def prompt(self):
        """What the readout says meanwhile."""
        name = self.session.dataset.class_names[self.session.chosen]
        return f"why {name} and not which class? A figure or a click; Enter: the strongest other; v: the score alone"

    def compare(self, key):
        """Compare with the class of a figure."""
        if int(key) < len(self.session.dataset.class_names):
            self.session.compare(int(key))

    def compare_with_none(self):
        """Compare with no class."""
        self.session.compare(ALONE)

    def compare_with_strongest(self):
        """Compare with the strongest other class."""
        self.session.compare(STRONGEST)

    def leave(self):
        """Ask no more."""
        self.session.awaits_versus = False


class Answer(Versus):
    """The answer that class ``truth`` was given: a figure, or a click on a cell; ``go_to(answer)`` goes there."""

    bindings = ANSWER

    def __init__(self, session, truth, go_to):
        """Ask; until then a cell that is clicked is the answer."""
        super().__init__(session)
        self.truth, self.go_to = truth, go_to

    @property
    def prompt(self):
        """What the readout says meanwhile."""
        return f"{self.session.dataset.class_names[self.truth]} read as which class? A figure or a click on a cell"

    def compare(self, key):
        """Go to the answer of a figure."""
        if int(key) < len(self.session.dataset.class_names):
            self.leave()
            self.go_to(int(key))


class Keep(Question):
    """What the person's own digit is: a figure; then it is kept as a picture file."""

    bindings = LABEL

    def __init__(self, session):
        """Ask."""
        self.session = session

    @property
    def prompt(self):
        """What the readout says meanwhile."""
        read = self.session.dataset.class_names[int(self.session.trace.predictions[0])]
        return f"keep it as which digit? A figure; Enter: as the {read} that is read; Esc: not at all"

    def keep(self, key):
        """Keep it as the digit of a figure."""
        self.finished, picture = True, self.session.sketch.picture
        if self.session.hand_over:
            self.last_words = self.session.hand_over(f"drawn-{key}.png", image_folder.png(picture))
            return
        try:
            path = image_folder.keep(KEPT, int(key), picture)
        except InputError as error:
            self.last_words = f"not kept: {error}"
        else:
            self.last_words = f"kept as {path}; to look at all of them: --dataset {KEPT}"

    def keep_as_read(self):
        """Keep it as what the network reads."""
        self.keep(str(int(self.session.trace.predictions[0])))
