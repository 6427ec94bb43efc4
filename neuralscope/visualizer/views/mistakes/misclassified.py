"""The digits of the chosen cell of the confusion matrix."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.theme import LABEL, SECOND
from neuralscope.visualizer.widgets.confusion_text import THERE_IS_NONE, chosen_cell, digit_runs, times
from neuralscope.visualizer.widgets.function_text import HEADS
from neuralscope.visualizer.widgets.gallery import Headed


class Misread(Headed):
    """The digits of the chosen cell, with the output for the answer and their numbers."""

    LEAST = 12

    def __init__(self, painter, session):
        """Make the gallery."""
        self.session = session
        super().__init__(painter, session.digits.images.shape[1], self.LEAST)
        self.words = HEADS[session.network.layers[-1].activation]

    def digits(self, session):
        """Return the digits of the chosen cell, the surest mistake first; on the diagonal the least sure."""
        return session.evaluation.cell(*chosen_cell(session))

    def captions(self, session, digit):
        """Return the output for the answer, and the digit's number."""
        output = session.evaluation.outputs[digit, session.evaluation.predictions[digit]]
        return ((self.run(self.words.write(output), color="text", mono=True),),
                (self.run(thousands(digit), mono=True),))

    def widest(self):
        """Return the widest runs that the captions can have."""
        return ((self.run(self.words.write(1), mono=True),),
                (self.run(thousands(len(self.session.digits) - 1), mono=True),))

    def opening_row(self, session, digits):
        """Begin with the first; where one of the mistakes is shown already, in its row."""
        truth, answer = chosen_cell(session)
        found = [place for place, digit in enumerate(digits) if digit == session.index]
        return found[0] // self.columns if found and truth != answer else 0

    def update(self, session, trace):
        """Say which cell it is, and show its digits."""
        super().update(session, trace)
        truth, answer = chosen_cell(session)
        names, count = session.dataset.class_names, len(self.all)
        head = self.run(f"{names[truth]} read as {names[answer]}", SECOND, "text", bold=True)
        rightly = ", rightly" * (truth == answer and count > 0)
        first, name = ("least sure" if truth == answer else "surest mistake"), self.words.name
        self.head(((head, self.run(times(count) + rightly, LABEL, gap=2)), (head,)),
                  (f"the {first} first, with the {name} given to {names[answer]}",
                   f"the {first} first, with its {name}", f"the {first} first"),
                  self.why_none(session, truth, answer))

    def why_none(self, session, truth, answer):
        """Return the wordings that say why there are no digits."""
        one, other = session.dataset.class_names[truth], session.dataset.class_names[answer]
        if not session.evaluation.confusion[truth].sum():
            return (self.run(THERE_IS_NONE.format(one)),), (self.run(f"there is no {one}"),)
        return (self.run(f"no {one} is read as {other}"),),

    def account(self, session, row, column):
        """Say what a digit was read as, and how surely."""
        digit = self.digit_at(row, column)
        if digit is None:
            runs = self.run("an empty place", color="text", bold=True), self.run(
                f"{thousands(len(self.all))} digits in all", gap=2)
            return runs, self.tile_bounds(row, column)
        return digit_runs(self, session, digit), self.tile_bounds(row, column)

    def choose(self, session, row, column):
        """Show a digit, and ask why it is read so and not as what it is."""
        digit = self.digit_at(row, column)
        if digit is None:
            return None
        session.awaits_versus = False
        session.go_to(digit)
        session.ask(int(session.evaluation.predictions[digit]))
        session.compare(session.truth)  # the strongest other class, where it is read rightly
        return "w"
