"""What the screen says of digits of which nobody said what they are: what is read, and never right or wrong."""

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.network.evaluation import Evaluation
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.panel import Panel

NO_TRUE_LABEL_TEXT = "no true label"  # of the digit shown
# of all of them, the longest wording first
NO_LABELS_WORDINGS = "no true labels: nothing can be counted as right or wrong", "no true labels"
NO_LABELS_TEXT = NO_LABELS_WORDINGS[0]


class NoLabelsNote(Panel):
    """Stands in the place of a panel that counts what is right or wrong, and says why there is none."""

    def __init__(self, surface):
        """Make the line."""
        super().__init__(surface)
        self.line = self.add(Line())

    def place(self, left, y, width):
        """Stand at a height."""
        self.line.x, self.line.y, self.line.max_width = left, y, width
        self.line.set_runs(*((self.run(words),) for words in NO_LABELS_WORDINGS))

    def update(self, session, trace):
        """Nothing changes."""


def changed_count(before, after):
    """Return how many digits are read otherwise: of the Answers before and after."""
    return int(np.count_nonzero(before.predictions != after.predictions))


def change_text(session, before, after):
    """Say of two Answers what became of the errors; where there are no labels, of what is read."""
    count = thousands(after.count)
    if isinstance(after, Evaluation):
        return f"{thousands(before.errors)} → {thousands(after.errors)} errors of {count}"
    return f"{thousands(changed_count(before, after))} of {count} {session.inputs.sample}s are read otherwise"
