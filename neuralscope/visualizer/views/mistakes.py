"""What the network gets wrong: the confusion matrix, and the digits of the cell that is chosen, the surest first."""

from neuralscope.visualizer.entry import Answer
from neuralscope.visualizer.panels.confusions import (
    THERE_IS_NONE,
    chosen_cell,
    digit_runs,
    times,
    worst_of_truth,
)
from neuralscope.visualizer.panels.formulas import HEADS
from neuralscope.visualizer.panels.gallery import Gallery
from neuralscope.visualizer.panels.headline import Headline
from neuralscope.visualizer.panels.matrix import Matrix
from neuralscope.visualizer.style import HEADLINE, LABEL, SECOND
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.views.view import View
from neuralscope.visualizer.wording import interval, share, thousands


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

    def which_one(self, session):
        """Return nothing: it is about all test digits."""
        return ((),)


class Digits(Gallery):
    """The digits of the chosen cell, with the output for the answer and their numbers."""

    LEAST = 12

    def __init__(self, painter, session):
        """Make the gallery and its heading."""
        self.session = session
        super().__init__(painter, session.digits.images.shape[1], self.LEAST)
        self.words = HEADS[session.network.layers[-1].activation]
        self.heading, self.order = self.add(Line()), self.add(Line())
        self.number_head, self.none = self.add(Line(align="right")), self.add(Line())

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

    def place(self, left, top, width, height):
        """Put the heading above the pictures."""
        super().place(left, top, width, height)
        lead, right = self.painter.leading, left + width
        self.left, self.width = left, width
        for line, x, y in ((self.heading, left, top + 33 * lead), (self.order, left, top + 10 * lead),
                           (self.number_head, right, top + 10 * lead), (self.none, left, top - 20 * lead)):
            line.x, line.y = x, y
        self.none.max_width = width
        self.pager.place(right, top + 33 * lead)

    def update(self, session, trace):
        """Say which cell it is, and show its digits."""
        super().update(session, trace)
        truth, answer = chosen_cell(session)
        names, count = session.dataset.class_names, len(self.all)
        head = self.run(f"{names[truth]} read as {names[answer]}", SECOND, "text", bold=True)
        rightly = ", rightly" * (truth == answer and count > 0)
        self.heading.max_width = self.pager.left - 16 - self.left
        self.heading.set_runs((head, self.run(times(count) + rightly, LABEL, gap=2)), (head,))
        first, name = ("least sure" if truth == answer else "surest mistake"), self.words.name
        self.number_head.set_runs((self.run("test digit"),) if count else ())
        self.order.max_width = self.width - self.number_head.bounds()[2] - 16
        self.order.set_runs(*((self.run(words),) for words in (
            f"the {first} first, with the {name} given to {names[answer]}",
            f"the {first} first, with its {name}", f"the {first} first") if count))
        self.none.set_runs(*self.why_none(session, truth, answer) if not count else ((),))

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


class Mistakes(View):
    """The matrix and its sums at the left, the gallery at the right."""

    key, title = "m", "mistakes"
    headline_class = MistakesHeadline

    def __init__(self, painter, session):
        """Make the panels; the cursor stands in the matrix."""
        super().__init__(painter, session)
        self.gallery = Digits(painter, session)
        self.matrix = Matrix(painter, session.dataset.class_names, self.gallery)
        self.panels = [self.matrix, self.gallery]
        self.shown = session.index
        self.put_cursor(self.matrix)

    def place(self):
        """Put the panels side by side; in a window that is higher than wide, one above the other."""
        super().place()
        width, height, lead = self.painter.width, self.painter.height, self.painter.leading
        left, right, top = 0.029 * width, 0.971 * width, 0.8 * height
        if height > width:
            self.gallery.place(left, 0.47 * height - 116 * lead, right - left, 0.32 * height - 116 * lead)
            self.matrix.place(left, left, top, right, 0.33 * height)
        else:
            self.gallery.place(0.537 * width, top, 0.434 * width, 0.645 * height)
            self.matrix.place(left, 0.061 * width, top, 0.39 * width, 0.575 * height)

    def update(self):
        """Show what the session shows; a digit that was gone to and is a mistake leads to its cell."""
        index, found = self.session.index, self.session.evaluation
        if index != self.shown and found.predictions[index] != found.labels[index]:
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
