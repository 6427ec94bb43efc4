"""Learn this one: a step of learning on the digit shown, and what all others pay for it."""

from neuralscope.errors import InputError
from neuralscope.formatting import thousands
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.prompts import Message
from neuralscope.visualizer.live.save_network import keep_taught
from neuralscope.visualizer.views.fine_tune.before_after import BeforeAfter
from neuralscope.visualizer.views.fine_tune.error_change import Forgetting
from neuralscope.visualizer.views.fine_tune.flipped_digits import Turned
from neuralscope.visualizer.views.fine_tune.step_controls import Lesson, Rate, counted, step_words, untaught_words
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.view import View

NO_STEP = "there is no step to take back"

TOO_FAR = "; that was far too large a step: z takes it back, then , makes it smaller"


def is_lost(effect):
    """Say whether a network that read most digits rightly does not any more."""
    return 2 * effect.before.errors < effect.before.count <= 2 * effect.after.errors


class Teach(View):
    """The digit and the step at the left, the outputs before and now, and which digits turned at the right."""

    key, title = "l", "learn this one"
    bindings = KeyTable([
        Binding(("enter",), "learn", "teach the network the digit shown: one step down the gradient of its loss",
                "learn"),
        Binding(("z", "backspace"), "undo", "take the last step back; bring back those put aside", "undo"),
        Binding(("Z",), "undo_all", "take all steps back", "undo all"),
        Binding(("k",), "keep", "keep the taught network in a file of its own", "keep"),
        Binding((",", "."), "set_rate", "a smaller or a larger learning rate for the steps to come", "rate",
                takes_key=True),
    ])

    def __init__(self, painter, session):
        """Make the panels."""
        super().__init__(painter, session)
        head, names = session.network.layers[-1].activation, session.dataset.class_names
        self.digit = Digit(painter, session.digits.images.shape[1])
        self.lesson, self.rate = Lesson(painter, self), Rate(painter, self.bindings.find(","))
        self.outputs, self.forgetting = BeforeAfter(painter, names, head), Forgetting(painter)
        self.wrong, self.right = Turned(painter, session), Turned(painter, session, learned=True)
        self.panels = [self.digit, self.lesson, self.rate, self.outputs, self.forgetting, self.wrong, self.right]

    def place(self):
        """Three columns; in a window that is higher than wide, the galleries below the other two."""
        super().place()
        width, height, lead = self.painter.width, self.painter.height, self.painter.leading
        left, right, top, floor = 0.029 * width, 0.971 * width, 0.825 * height, 0.142 * height
        if height > width:
            self._place_lesson(left, top, 0.36 * width, 0.26 * height)
            start = 0.46 * width
            self.outputs.place(start, top, right - start, 0.33 * height)
            below = top - 0.33 * height - 86 * lead
            self._place_turned(left, min(below, self.rate.name_line.y - 30 * lead), right, floor)
            return
        self._place_lesson(left, top, 0.24 * width, 0.34 * height)
        start = 0.31 * width
        self.outputs.place(start, top, 0.27 * width, 0.56 * height)
        self._place_turned(0.63 * width, top + 14 * lead, right, floor)

    def _place_lesson(self, left, top, width, side):
        """Put the digit there, what to do with it below, and the slider at the end."""
        side = min(width, side)
        self.digit.place(left, top, side, side)
        below = self.digit.caption.y - 14 * self.painter.leading
        self.lesson.place(left, below, width)
        self.rate.place(left, below - 140 * self.painter.leading, width, *self.rate.widths())

    def _place_turned(self, left, top, right, floor):
        """Put the errors there, and the two galleries one below the other."""
        lead = self.painter.leading
        self.forgetting.place(left, top, right - left)
        top -= 92 * lead
        each = (top - floor - 62 * lead) / 2
        self.wrong.place(left, top, right - left, each - 18 * lead)
        self.right.place(left, top - each - 44 * lead, right - left, each - 18 * lead)

    def at_rest(self):
        """Say what became of the errors."""
        return self.forgetting.account(self.session, 0, 0)[0], None

    def class_asked(self):
        """A figure gives the label."""
        self.session.label_as(self.session.chosen)

    def learn(self):
        """Take a step on the digit shown."""
        session = self.session
        before, aside = session.evaluation.errors, session.lessons.aside
        try:
            session.lessons.learn()
        except InputError as error:
            return Message(str(error))
        return Message(f"taught {step_words(session, session.lessons.steps[-1])}: {thousands(before)} → "
                       f"{thousands(session.evaluation.errors)} errors of {thousands(len(session.digits))}"
                       + f"; the {counted(aside)} put aside are gone" * (aside > 0)
                       + TOO_FAR * is_lost(session.lessons.effect()))

    def undo(self):
        """Take the last step back; of steps put aside, bring back all."""
        lessons = self.session.lessons
        if lessons.aside:
            return Message(f"{counted(lessons.bring_back())} brought back")
        step = lessons.undo()
        if step:
            return Message(f"taken back: {step_words(self.session, step)}")
        return Message("steps so long ago can only be taken back all at once: Z" if lessons.count else NO_STEP)

    def undo_all(self):
        """Take all steps back; where they are put aside, bring them back."""
        if self.session.lessons.aside:
            return self.undo()
        count = self.session.lessons.undo_all()
        return Message(f"{counted(count)} taken back" if count else NO_STEP)

    def keep(self):
        """Keep the taught network in a file of its own."""
        session = self.session
        return Message(keep_taught(session) if session.lessons.count else untaught_words(session))

    def set_rate(self, key):
        """Choose the next learning rate, or the one before."""
        self.rate.go(self.session, 1 if key == "." else -1)
