"""What the network gets wrong: the confusion matrix, and the digits of the cell that is chosen, the surest first."""

import numpy as np

from neuralscope.formatting import counted, percent_interval, share, thousands
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.prompts import PredictedClassPrompt
from neuralscope.visualizer.session.non_finite import NO_ANSWER_REASON, NO_ANSWER_TEXT
from neuralscope.visualizer.widgets.confusion_text import selected_cell, worst_cell_of_truth
from neuralscope.visualizer.widgets.empty_state import EmptyState
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_TEXT, NO_LABELS_WORDINGS
from neuralscope.visualizer.widgets.view import View

NO_LABELS_HINT = "to count them: a table with a column of labels, or pictures in folders named 0 to 9"


class MistakesHeadline(Headline):
    """How many mistakes there are, and how sure that number is."""

    @property
    def title(self):
        """The words for the window's title."""
        return self.verdict.text

    def wordings(self, session, trace):
        """Return the wordings of the errors and their interval."""
        if not session.has_labels:
            head = self.run(NO_LABELS_WORDINGS[-1], HEADLINE_PT, "text", bold=True)
            count = f"for {counted(len(session.digits), f'test {session.inputs.sample}')}"
            return (head, self.run(count, SUBHEADLINE_PT, "text", gap=3)), (head,)
        evaluation = session.evaluation
        many = f"{thousands(evaluation.errors) if evaluation.errors else 'no'} mistake{'s' * (evaluation.errors != 1)}"
        head = self.run(many, HEADLINE_PT, "text", bold=True)
        of = tuple(self.run(f"in {thousands(evaluation.count)}{words}", SUBHEADLINE_PT, "text", gap=3)
                   for words in (f" test {session.inputs.sample}s", ""))
        if evaluation.unanswered_count:
            none = f"✗ {NO_ANSWER_TEXT} to {thousands(evaluation.unanswered_count)}"
            told = self.run(f"{none}: {NO_ANSWER_REASON}", LABEL_PT, "wrong", gap=2.5)
            return (head, of[0], told), (head, of[1], told), (head, self.run(none, LABEL_PT, "wrong", gap=2.5)), (head,)
        right = f"{share(evaluation.count - evaluation.errors, evaluation.count)} right"
        between = " to ".join(percent_interval(*evaluation.interval))
        sure = tuple(self.run(right + words, LABEL_PT, gap=2.5)
                     for words in (f", 95 % interval {between}", f", 95 %: {between}", ""))
        return ((head, of[0], sure[0]), (head, of[0], sure[1]), (head, of[1], sure[1]), (head, of[1], sure[2]),
                (head, of[1]), (head,))


class MistakesView(View):
    """The matrix and its sums at the left, the gallery at the right."""

    key, title = "m", "mistakes"
    headline_class = MistakesHeadline

    def __init__(self, surface, session):
        """Make the panels; the cursor stands in the matrix."""
        from neuralscope.visualizer.views.mistakes.confusion_matrix import ConfusionMatrix
        from neuralscope.visualizer.views.mistakes.misclassified import MisclassifiedDigits

        super().__init__(surface, session)
        self.matrix, self.shown_index = None, session.index
        if not session.has_labels:
            self.panels = [EmptyState(surface, NO_LABELS_TEXT, "what each of them is read as", "e", NO_LABELS_HINT)]
            return
        self.gallery = MisclassifiedDigits(surface, session)
        names = session.dataset.class_names
        most = int(np.bincount(session.digits.labels, minlength=len(names)).max())
        self.matrix = ConfusionMatrix(surface, names, most, self.gallery)
        self.panels = [self.matrix, self.gallery]
        self.set_focus(self.matrix)

    def place(self):
        """Put the panels side by side; in a window that is higher than wide, one above the other."""
        super().place()
        if not self.matrix:
            self.panels[0].place()
            return
        surface, page, lead = self.surface, self.surface.page(top=0.8), self.surface.leading
        if surface.is_upright:
            self.gallery.place(surface.page(foot=0.15, top=0.47).below(surface.y(0.47) - 124 * lead))
            self.matrix.place(surface.page(foot=0.47, top=0.8), page.left)
        else:
            gallery = surface.page(foot=0.155, top=0.8).right_of(surface.x(0.537))
            self.gallery.place(gallery)
            self.matrix.place(surface.page(foot=0.225, top=0.8).left_of(gallery.left), surface.x(0.061))

    def update(self):
        """Show what the session shows; a digit that was gone to and is a mistake leads to its cell."""
        index, evaluation = self.session.index, self.session.evaluation
        if self.matrix and index not in (self.shown_index, None) and (
                evaluation.wrong[index] and evaluation.answered[index]):
            self.session.cell = int(evaluation.labels[index]), int(evaluation.predictions[index])
            self.set_focus(self.focus.panel)
        self.shown_index = index
        super().update()

    def default_description(self):
        """Say how often the chosen cell happened."""
        return self.matrix.describe(self.session, *selected_cell(self.session)) if self.matrix else None

    def clear_focus(self):
        """Go back from the gallery to the matrix; say whether there was a way to go back."""
        if not self.matrix:
            return super().clear_focus()
        inside = self.focus.panel is not self.matrix
        if inside:
            self.set_focus(self.matrix)
        return inside

    def on_class_selected(self):
        """Go to the most frequent mistake of the selected class."""
        if self.matrix:
            self.go_to_cell(*worst_cell_of_truth(self.session, self.session.selected_class))

    def contrast_prompt(self):
        """Ask which answer to look at."""
        if not self.matrix:
            return super().contrast_prompt()
        truth = selected_cell(self.session)[0]
        return PredictedClassPrompt(self.session, truth, lambda answer: self.go_to_cell(truth, answer))

    def go_to_cell(self, truth, answer):
        """Choose a cell; the cursor follows."""
        self.session.cell = truth, answer
        self.set_focus(self.matrix)
