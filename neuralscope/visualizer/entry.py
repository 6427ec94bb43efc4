"""A number that is being typed in the window."""

from neuralscope.visualizer.keys import ENTRY
from neuralscope.visualizer.wording import thousands

LONGEST = 12  # figures; a longer number means nothing here


class Entry:
    """The number of a test digit from 0 to ``last``, as far as it is typed."""

    bindings = ENTRY

    def __init__(self, last):
        """Begin with nothing typed."""
        self.last, self.typed = last, ""

    def type_figure(self, key):
        """Take a figure."""
        self.typed = (self.typed + key)[:LONGEST]

    def erase_figure(self):
        """Take the last figure back."""
        self.typed = self.typed[:-1]

    @property
    def prompt(self):
        """What the readout says meanwhile."""
        return f"go to test digit: {self.typed}_   (0 to {thousands(self.last)})"

    @property
    def complaint(self):
        """Why what was typed is no test digit's number; empty if it is one, or nothing."""
        if self.typed and int(self.typed) > self.last:
            return f"there is no test digit {thousands(int(self.typed))}: they go from 0 to {thousands(self.last)}"
        return ""
