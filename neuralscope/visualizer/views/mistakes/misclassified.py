"""The digits of the chosen cell of the confusion matrix."""

from neuralscope.formatting import counted, thousands
from neuralscope.visualizer.drawing.theme import LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.widgets.confusion_text import digit_runs, none_text, selected_cell, times_text
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.gallery import HeadedGallery


class MisclassifiedDigits(HeadedGallery):
    """The digits of the chosen cell, with the output for the answer and their numbers."""

    MIN_PICTURES = 12

    def __init__(self, surface, session):
        """Make the gallery."""
        self.session = session
        super().__init__(surface, session.inputs, self.MIN_PICTURES)
        self.output_text = OUTPUT_TEXTS[session.network.layers[-1].activation]

    def digits(self, session):
        """Return the digits of the chosen cell, the surest mistake first; on the diagonal the least sure."""
        return session.evaluation.cell(*selected_cell(session))

    def captions(self, session, digit):
        """Return the output for the answer, and the digit's number."""
        output = session.evaluation.outputs[digit, session.evaluation.predictions[digit]]
        return ((self.run(self.output_text.write(output), color="text", mono=True),),
                (self.run(thousands(digit), mono=True),))

    def widest(self):
        """Return the widest runs that the captions can have."""
        return ((self.run(self.output_text.write(1), mono=True),),
                (self.run(thousands(len(self.session.digits) - 1), mono=True),))

    def initial_row(self, session, digits):
        """Begin with the first; where one of the mistakes is shown already, in its row."""
        truth, answer = selected_cell(session)
        found = [index for index, digit in enumerate(digits) if digit == session.index]
        return found[0] // self.columns if found and truth != answer else 0

    def update(self, session, trace):
        """Say which cell it is, and show its digits."""
        super().update(session, trace)
        truth, answer = selected_cell(session)
        names, count = session.dataset.class_names, len(self.all)
        head = self.run(f"{names[truth]} read as {names[answer]}", SUBHEADLINE_PT, "text", bold=True)
        rightly = ", rightly" * (truth == answer and count > 0)
        first, name = ("least sure" if truth == answer else "surest mistake"), self.output_text.name
        self.set_heading(((head, self.run(times_text(count) + rightly, LABEL_PT, gap=2)), (head,)),
                         (f"the {first} first, with the {name} given to {names[answer]}",
                          f"the {first} first, with its {name}", f"the {first} first"),
                         self.empty_wordings(session, truth, answer))

    def empty_wordings(self, session, truth, answer):
        """Return the wordings that say why there are no digits."""
        truth_name, answer_name = session.dataset.class_names[truth], session.dataset.class_names[answer]
        if not session.evaluation.label_counts[truth]:
            return (self.run(none_text(session, truth_name)),), (self.run(f"there is no {truth_name}"),)
        return (self.run(f"no {truth_name} is read as {answer_name}"),),

    def describe(self, session, row, column):
        """Say what a digit was read as, and how surely."""
        digit = self.digit_at(row, column)
        if digit is None:
            runs = self.run("an empty place", color="text", bold=True), self.run(
                f"{counted(len(self.all), session.inputs.sample)} in all", gap=2)
            return runs, self.tile_bounds(row, column)
        return digit_runs(self, session, digit), self.tile_bounds(row, column)

    def choose(self, session, row, column):
        """Show a digit, and ask why it is read so and not as what it is."""
        digit = self.digit_at(row, column)
        if digit is None:
            return None
        session.selection.awaits_contrast_class = False
        session.digit_history.go_to(digit)
        session.selection.select_class(int(session.evaluation.predictions[digit]))
        session.selection.compare(session.truth)  # the strongest other class, where it is read rightly
        return OpenView("w")
