"""What the network gets wrong: the confusion matrix, and the digits of the cell that is chosen, the surest first."""

import numpy as np

from neuralscope.formatting import interval, share, thousands
from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.input.prompts import Answer
from neuralscope.visualizer.views.mistakes.confusion_matrix import Matrix
from neuralscope.visualizer.views.mistakes.misclassified import Misread
from neuralscope.visualizer.widgets.confusion_text import chosen_cell, worst_of_truth
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.view import View


class MistakesHeadline(Headline):
    """How many mistakes there are, and how sure that number is."""

    @property
    def title(self):
        """The words for the window's title."""
        return self.verdict.text

    def say(self, session, trace):
        """Return the wordings of the errors and their interval."""
        found = session.evaluation
        many = f"{thousands(found.errors) if found.errors else 'no'} mistake{'s' * (found.errors != 1)}"
        head = self.run(many, HEADLINE, "text", bold=True)
        of = tuple(self.run(f"in {thousands(found.count)}{words}", SECOND, "text", gap=3)
                   for words in (" test digits", ""))
        right = f"{share(found.count - found.errors, found.count)} right"
        between = " to ".join(interval(*found.interval))
        sure = tuple(self.run(right + words, LABEL, gap=2.5)
                     for words in (f", 95 % interval {between}", f", 95 %: {between}", ""))
        return ((head, of[0], sure[0]), (head, of[0], sure[1]), (head, of[1], sure[1]), (head, of[1], sure[2]),
                (head, of[1]), (head,))


class Mistakes(View):
    """The matrix and its sums at the left, the gallery at the right."""

    key, title = "m", "mistakes"
    headline_class = MistakesHeadline

    def __init__(self, painter, session):
        """Make the panels; the cursor stands in the matrix."""
        super().__init__(painter, session)
        self.gallery = Misread(painter, session)
        names = session.dataset.class_names
        most = int(np.bincount(session.digits.labels, minlength=len(names)).max())
        self.matrix = Matrix(painter, names, most, self.gallery)
        self.panels = [self.matrix, self.gallery]
        self.shown = session.index
        self.put_cursor(self.matrix)

    def place(self):
        """Put the panels side by side; in a window that is higher than wide, one above the other."""
        super().place()
        width, height, lead = self.painter.width, self.painter.height, self.painter.leading
        left, right, top = 0.029 * width, 0.971 * width, 0.8 * height
        if height > width:
            self.gallery.place(left, 0.47 * height - 124 * lead, right - left, 0.32 * height - 124 * lead)
            self.matrix.place(left, left, top, right, 0.33 * height)
        else:
            self.gallery.place(0.537 * width, top, 0.434 * width, 0.645 * height)
            self.matrix.place(left, 0.061 * width, top, self.gallery.left, 0.575 * height)

    def update(self):
        """Show what the session shows; a digit that was gone to and is a mistake leads to its cell."""
        index, found = self.session.index, self.session.evaluation
        if index not in (self.shown, None) and found.predictions[index] != found.labels[index]:
            self.session.cell = int(found.labels[index]), int(found.predictions[index])
            self.put_cursor(self.cursor.panel)
        self.shown = index
        super().update()

    def at_rest(self):
        """Say how often the chosen cell happened."""
        return self.matrix.account(self.session, *chosen_cell(self.session))

    def leave_cursor(self):
        """Go back from the gallery to the matrix; say whether there was a way to go back."""
        inside = self.cursor.panel is not self.matrix
        if inside:
            self.put_cursor(self.matrix)
        return inside

    def class_asked(self):
        """Go to the most frequent mistake of the class asked about."""
        self.go_to_cell(*worst_of_truth(self.session, self.session.chosen))

    def versus(self):
        """Ask which answer to look at."""
        truth = chosen_cell(self.session)[0]
        return Answer(self.session, truth, lambda answer: self.go_to_cell(truth, answer))

    def go_to_cell(self, truth, answer):
        """Choose a cell; the cursor follows."""
        self.session.cell = truth, answer
        self.put_cursor(self.matrix)
