"""What the digit shown is taught as, how large a step is, and the way to take steps and to take them back."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import CAPTION_PT, SUBHEADLINE_PT
from neuralscope.visualizer.session.fine_tuning_steps import LEARNING_RATES
from neuralscope.visualizer.widgets.backprop_text import target_text
from neuralscope.visualizer.widgets.fine_tuning_text import no_steps_text, step_text, steps_text
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.slider import Slider

LINE_OFFSETS = 26, 52, 84, 108  # units below the top: the label, how to give another, one step, taking steps back

STEP_ACTIONS = "learn", "undo", "undo_all"


class LearningRateSlider(Slider):
    """Sets the learning rate of the steps to come, one of RATES."""

    attribute = "rate_index"

    def __init__(self, surface, binding):
        """Make the line; the keys of ``binding`` go to the next rate."""
        super().__init__(surface, "learning rate", (0, len(LEARNING_RATES) - 1), 1, binding)

    @staticmethod
    def holder(session):
        """Return what has the place among RATES."""
        return session.fine_tuning

    @staticmethod
    def write(value):
        """Return the rate at a place."""
        return f"{LEARNING_RATES[round(value)]:g}"

    @staticmethod
    def rounded(value):
        """Return a whole place."""
        return round(value)


class StepControls(Panel):
    """Four lines: the label, how to give another, one step, and taking steps back; the last two do what they say."""

    def __init__(self, surface, owner):
        """Make the lines; ``owner`` has the methods `learn`, `undo` and `undo_all`, and bindings of them."""
        super().__init__(surface)
        self.owner, self.bindings = owner, {binding.action: binding for binding in owner.bindings}
        self.lines = [self.add(Line()) for _ in LINE_OFFSETS]
        self.all = self.add(Line())

    def place(self, left, top, width):
        """Put the lines below each other."""
        for line, down in zip(self.lines, LINE_OFFSETS, strict=True):
            line.x, line.y, line.max_width = left, top - down * self.surface.leading, width
        self.all.y = self.lines[-1].y
        self.right = left + width

    def update(self, session, trace):
        """Say what the next step is, and which were taken."""
        fine_tuning, names = session.fine_tuning, session.dataset.class_names
        given = fine_tuning.target is not None
        name = self.run(f"taught as {names[fine_tuning.target]}" if given else "taught as ?", SUBHEADLINE_PT, "text",
                        bold=True)
        why = self.run(target_text(session) if given else "you have not said", gap=2)
        self.lines[0].set_runs((name, why), (name,))
        which = "another label" if given else "its label"
        self.lines[1].set_runs(*((self.run(words),) for words in (
            f"{which}: press its figure, or click its bar", f"{which}: 0–9 or a click", f"0–9: {which}")))
        self.lines[2].set_runs(*(self._key("learn", words) for words in (
            "learn this one: one step down its gradient", "learn this one: one step", "learn this one")))
        some = "text" if fine_tuning.count else "muted"
        if fine_tuning.set_aside_count:
            self.lines[3].set_runs(self._key("undo", f"bring back {steps_text(fine_tuning.set_aside_count)}"))
            self.all.set_runs(())
            return
        self.lines[3].set_runs(self._key("undo", "undo", some))
        self.all.x = self.lines[3].x + self.lines[3].bounds()[2] + 24 * self.surface.scale
        self.all.max_width = self.right - self.all.x
        self.all.set_runs(*(self._key("undo_all", words, some) for words in (
            f"undo all {thousands(fine_tuning.count)} steps" if fine_tuning.count > 1 else "undo all", "undo all")))

    def _key(self, action, words, color="text"):
        return (self.run(self.bindings[action].names[0], CAPTION_PT, color, mono=True),
                self.run(words, CAPTION_PT, gap=1))

    # Cells: the label, one step, undo, undo all

    def _cell_lines(self):
        return self.lines[0], self.lines[2], self.lines[3], self.all

    def grid(self, session):
        """Return a cell for each of the label and the things to do."""
        return (3 if session.fine_tuning.set_aside_count else 4), 1

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        return next(((row, 0) for row, line in enumerate(self._cell_lines()) if inside(line_bounds(line), x, y)), None)

    def describe(self, session, row, column):
        """Say what it is, or does."""
        fine_tuning, line = session.fine_tuning, self._cell_lines()[row]
        if not row:
            given, other = fine_tuning.target is not None, "the figures 0–9 or a click on a bar give "
            target = session.dataset.class_names[fine_tuning.target] if given else "?"
            whose = f"your own {session.inputs.sample}" if session.is_user_digit else "it"
            runs = (self.run(f"taught as {target}", color="text", bold=True),
                    self.run(target_text(session) if given else f"you have not said what {whose} is", gap=2),
                    self.run(other + ("another label" if given else "its label"), gap=2))
        else:
            action = STEP_ACTIONS[row - 1]
            binding = self.bindings[action]
            runs = (self.run(binding.label, color="text", mono=True), self.run(binding.help, gap=1.5),
                    *self._detail_runs(session, action))
        return runs, line_bounds(line)

    def _detail_runs(self, session, action):
        """Return runs with the formula of a step, or which would be taken back."""
        fine_tuning = session.fine_tuning
        if action == "learn":
            yield self.run("each weight becomes weight −", gap=2)
            yield self.run(f"{fine_tuning.rate:g}", color="text", mono=True, gap=1)
            yield self.run("× its gradient; neurons that are silenced learn nothing" if session.ablated else
                           "× its gradient, which b shows", gap=1)
        elif fine_tuning.count:
            last = step_text(session, fine_tuning.steps[-1])
            yield self.run(f"the last: {last}" if action == "undo" else
                           f"{thousands(fine_tuning.count)} taken; the file was never touched", gap=2)
        else:
            yield self.run(no_steps_text(session), gap=2)

    def choose(self, session, row, column):
        """Do what the line says."""
        return getattr(self.owner, STEP_ACTIONS[row - 1])() if row else None


def line_bounds(line):
    """Return the bounds in which a line is meant."""
    left, bottom, width, height = line.bounds()
    return left - 5, bottom - 3, width + 10, height + 6
