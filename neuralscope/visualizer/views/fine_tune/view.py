"""Learn this one: a step of learning on the digit shown, and what all others pay for it."""

from neuralscope.analysis.fine_tuning import FineTuningEffect
from neuralscope.errors import InputError
from neuralscope.visualizer.drawing.layout import DEEP_FOOT, Box
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.results import Say
from neuralscope.visualizer.live.save_network import save_fine_tuned
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.fine_tuning_text import no_steps_text, step_text, steps_text
from neuralscope.visualizer.widgets.no_labels import change_text
from neuralscope.visualizer.widgets.view import View

NO_STEP_TEXT = "there is no step to take back"

STEP_TOO_LARGE_TEXT = "; that was far too large a step: z takes it back, then , makes it smaller"


def has_collapsed(effect):
    """Say whether a network that read most digits rightly does not any more; without labels nobody can."""
    return isinstance(effect, FineTuningEffect) and (
        2 * effect.before.errors < effect.before.count <= 2 * effect.after.errors)


class FineTuneView(View):
    """The digit and the step at the left, the outputs before and now, and which digits turned at the right."""

    key, title = "l", "learn this one"
    bindings = KeyTable([
        Binding(("enter",), "learn", "teach the network what is shown: one step down the gradient of its loss",
                "learn"),
        Binding(("z", "backspace"), "undo", "take the last step back; bring back those put aside", "undo"),
        Binding(("Z",), "undo_all", "take all steps back", "undo all"),
        Binding(("k",), "keep", "keep the taught network in a file of its own", "keep"),
        Binding((",", "."), "set_rate", "a smaller or a larger learning rate for the steps to come", "rate",
                takes_key=True),
    ])

    def __init__(self, surface, session):
        """Make the panels."""
        from neuralscope.visualizer.views.fine_tune.before_after import BeforeAfter
        from neuralscope.visualizer.views.fine_tune.error_change import ErrorChange
        from neuralscope.visualizer.views.fine_tune.flipped_digits import FlippedDigits
        from neuralscope.visualizer.views.fine_tune.step_controls import LearningRateSlider, StepControls

        super().__init__(surface, session)
        head, names = session.network.layers[-1].activation, session.dataset.class_names
        self.digit = Digit(surface, session.inputs)
        self.step_controls, self.rate = StepControls(surface, self), LearningRateSlider(
            surface, self.bindings.find(",")
        )
        self.outputs, self.error_change = BeforeAfter(surface, names, head), ErrorChange(surface)
        kinds = ("forgotten", "learned") if session.has_labels else ("changed",)
        self.galleries = [FlippedDigits(surface, session, kind) for kind in kinds]
        self.wrong, self.right = self.galleries[0], self.galleries[-1]
        self.panels = [self.digit, self.step_controls, self.rate, self.outputs, self.error_change, *self.galleries]

    def place(self):
        """Three columns; in a window that is higher than wide, the galleries below the other two."""
        super().place()
        surface, lead = self.surface, self.surface.leading
        page, x, y = surface.page(foot=DEEP_FOOT), surface.x, surface.y
        if surface.is_upright:
            self._place_step_controls(*page.top_left, x(0.36), y(0.26))
            outputs = page.right_of(x(0.46)).above(page.top - y(0.33))
            self.outputs.place(outputs)
            below = min(outputs.bottom - 86 * lead, self.rate.name_line.y - 30 * lead)
            self._place_flipped_digits(page.below(below))
            return
        self._place_step_controls(*page.top_left, x(0.24), y(0.34))
        self.outputs.place(page.right_of(x(0.31)).left_of(x(0.58)).above(page.top - y(0.56)))
        self._place_flipped_digits(page.right_of(x(0.63)).below(page.top + 14 * lead))

    def _place_step_controls(self, left, top, width, side):
        """Put the digit there, what to do with it below, and the slider at the end."""
        side = min(width, side)
        self.digit.place(Box.hanging(left, top, side, side))
        below = self.digit.caption.y - 14 * self.surface.leading
        self.step_controls.place(left, below, width)
        self.rate.place(left, below - 140 * self.surface.leading, width, *self.rate.widths())

    def _place_flipped_digits(self, box):
        """Put the errors at the top of a box, and the galleries one below the other."""
        lead = self.surface.leading
        self.error_change.place(*box.top_left, box.width)
        rows = box.below(box.top - 92 * lead).above(box.bottom + 18 * lead).rows(len(self.galleries), 44 * lead)
        for gallery, row in zip(self.galleries, rows, strict=True):
            gallery.place(row.above(row.bottom + 18 * lead))

    def default_description(self):
        """Say what became of the errors."""
        return self.error_change.describe(self.session, 0, 0)[0], None

    def on_class_selected(self):
        """A figure gives the label."""
        self.session.fine_tuning.label = self.session.selected_class

    def learn(self):
        """Take a step on the digit shown."""
        session = self.session
        before, aside = session.answers, session.fine_tuning.set_aside_count
        try:
            session.fine_tuning.learn()
        except InputError as error:
            return Say(str(error))
        change = change_text(session, before, session.answers)
        return Say(f"taught {step_text(session, session.fine_tuning.steps[-1])}: {change}"
                   + f"; the {steps_text(aside)} put aside are gone" * (aside > 0)
                   + STEP_TOO_LARGE_TEXT * has_collapsed(session.fine_tuning.effect()))

    def undo(self):
        """Take the last step back; of steps put aside, bring back all."""
        fine_tuning = self.session.fine_tuning
        if fine_tuning.set_aside_count:
            return Say(f"{steps_text(fine_tuning.restore_set_aside())} brought back")
        step = fine_tuning.undo()
        if step:
            return Say(f"taken back: {step_text(self.session, step)}")
        return Say("steps so long ago can only be taken back all at once: Z" if fine_tuning.count else NO_STEP_TEXT)

    def undo_all(self):
        """Take all steps back; where they are put aside, bring them back."""
        if self.session.fine_tuning.set_aside_count:
            return self.undo()
        count = self.session.fine_tuning.undo_all()
        return Say(f"{steps_text(count)} taken back" if count else NO_STEP_TEXT)

    def keep(self):
        """Keep the taught network in a file of its own."""
        session = self.session
        return Say(save_fine_tuned(session) if session.fine_tuning.count else no_steps_text(session))

    def set_rate(self, key):
        """Choose the next learning rate, or the one before."""
        self.rate.step_by(self.session, 1 if key == "." else -1)
