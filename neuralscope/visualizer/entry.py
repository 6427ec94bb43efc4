"""What is asked in the readout's line: a number that is being typed, or a class to compare with."""

from neuralscope.visualizer.keys import ANSWER, ENTRY, VERSUS
from neuralscope.visualizer.session import ALONE, STRONGEST
from neuralscope.visualizer.wording import thousands

LONGEST = 12  # figures; a longer number means nothing here


class Entry:
    """The number of a ``what`` from 0 to ``last``, as far as it is typed; ``go_to(number)`` goes there."""

    bindings = ENTRY

    def __init__(self, what, last, go_to):
        """Begin with nothing typed."""
        self.what, self.last, self.go_to = what, last, go_to
        self.typed, self.finished, self.complaint = "", False, ""

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
            self.complaint = (f"there is no {self.what} {thousands(int(self.typed))}: "
                              f"they go from 0 to {thousands(self.last)}")
        elif self.typed:
            self.go_to(int(self.typed))

    def leave(self):
        """Ask no more."""
        self.finished = True


class Versus:
    """The class that the one asked about is compared with: a figure, or a click on any class."""

    bindings = VERSUS
    complaint = ""

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
