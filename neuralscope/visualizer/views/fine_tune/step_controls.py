"""What the digit shown is taught as, how large a step is, and the way to take steps and to take them back."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import CAPTION, SECOND
from neuralscope.visualizer.session.fine_tuning_steps import RATES
from neuralscope.visualizer.widgets.backprop_text import target_words
from neuralscope.visualizer.widgets.panel import Panel, inside
from neuralscope.visualizer.widgets.slider import Slider

LINES = 26, 52, 84, 108  # units below the top: the label, how to give another, one step, taking steps back

ACTIONS = "learn", "undo", "undo_all"


class Rate(Slider):
    """Sets the learning rate of the steps to come, one of RATES."""

    attribute = "place"

    def __init__(self, painter, binding):
        """Make the line; the keys of ``binding`` go to the next rate."""
        super().__init__(painter, "learning rate", (0, len(RATES) - 1), 1, binding)

    @staticmethod
    def holder(session):
        """Return what has the place among RATES."""
        return session.lessons

    @staticmethod
    def write(value):
        """Return the rate at a place."""
        return f"{RATES[round(value)]:g}"

    @staticmethod
    def rounded(value):
        """Return a whole place."""
        return round(value)


class Lesson(Panel):
    """Four lines: the label, how to give another, one step, and taking steps back; the last two do what they say."""

    def __init__(self, painter, owner):
        """Make the lines; ``owner`` has the methods `learn`, `undo` and `undo_all`, and bindings of them."""
        super().__init__(painter)
        self.owner, self.bindings = owner, {binding.action: binding for binding in owner.bindings}
        self.lines = [self.add(Line()) for _ in LINES]
        self.all = self.add(Line())

    def place(self, left, top, width):
        """Put the lines below each other."""
        for line, down in zip(self.lines, LINES, strict=True):
            line.x, line.y, line.max_width = left, top - down * self.painter.leading, width
        self.all.y = self.lines[-1].y
        self.right = left + width

    def update(self, session, trace):
        """Say what the next step is, and which were taken."""
        lessons, names = session.lessons, session.dataset.class_names
        given = lessons.target is not None
        name = self.run(f"taught as {names[lessons.target]}" if given else "taught as ?", SECOND, "text", bold=True)
        why = self.run(target_words(session) if given else "you have not said", gap=2)
        self.lines[0].set_runs((name, why), (name,))
        which = "another label" if given else "its label"
        self.lines[1].set_runs(*((self.run(words),) for words in (
            f"{which}: press its figure, or click its bar", f"{which}: 0–9 or a click", f"0–9: {which}")))
        self.lines[2].set_runs(*(self._key("learn", words) for words in (
            "learn this one: one step down its gradient", "learn this one: one step", "learn this one")))
        some = "text" if lessons.count else "muted"
        if lessons.aside:
            self.lines[3].set_runs(self._key("undo", f"bring back {counted(lessons.aside)}"))
            self.all.set_runs(())
            return
        self.lines[3].set_runs(self._key("undo", "undo", some))
        self.all.x = self.lines[3].x + self.lines[3].bounds()[2] + 24 * self.painter.scale
        self.all.max_width = self.right - self.all.x
        self.all.set_runs(*(self._key("undo_all", words, some) for words in (
            f"undo all {thousands(lessons.count)} steps" if lessons.count > 1 else "undo all", "undo all")))

    def _key(self, action, words, color="text"):
        return (self.run(self.bindings[action].names[0], CAPTION, color, mono=True), self.run(words, CAPTION, gap=1))

    # Spots: the label, one step, undo, undo all

    def _spots(self):
        return self.lines[0], self.lines[2], self.lines[3], self.all

    def grid(self, session):
        """Return a spot for each of the label and the things to do."""
        return (3 if session.lessons.aside else 4), 1

    def spot_at(self, session, x, y):
        """Return the spot at a point."""
        return next(((place, 0) for place, line in enumerate(self._spots()) if inside(around(line), x, y)), None)

    def account(self, session, row, column):
        """Say what it is, or does."""
        lessons, line = session.lessons, self._spots()[row]
        if not row:
            given, other = lessons.target is not None, "the figures 0–9 or a click on a bar give "
            target = session.dataset.class_names[lessons.target] if given else "?"
            runs = (self.run(f"taught as {target}", color="text", bold=True),
                    self.run(target_words(session) if given else "you have not said what your own digit is", gap=2),
                    self.run(other + ("another label" if given else "its label"), gap=2))
        else:
            action = ACTIONS[row - 1]
            binding = self.bindings[action]
            runs = (self.run(binding.label, color="text", mono=True), self.run(binding.help, gap=1.5),
                    *self._more(session, action))
        return runs, around(line)

    def _more(self, session, action):
        """Return runs with the formula of a step, or which would be taken back."""
        lessons = session.lessons
        if action == "learn":
            yield self.run("each weight becomes weight −", gap=2)
            yield self.run(f"{lessons.rate:g}", color="text", mono=True, gap=1)
            yield self.run("× its gradient; neurons that are silenced learn nothing" if session.silenced else
                           "× its gradient, which b shows", gap=1)
        elif lessons.count:
            last = step_words(session, lessons.steps[-1])
            yield self.run(f"the last: {last}" if action == "undo" else
                           f"{thousands(lessons.count)} taken; the file was never touched", gap=2)
        else:
            yield self.run(untaught_words(session), gap=2)

    def choose(self, session, row, column):
        """Do what the line says."""
        return getattr(self.owner, ACTIONS[row - 1])() if row else None


def counted(steps):
    """Return how many steps."""
    return f"{thousands(steps)} step{'s' * (steps != 1)}"


def untaught_words(session):
    """Say that nothing is taught, or how what was taught comes back."""
    count = session.lessons.aside
    them = "it" if count == 1 else "them"
    return (f"{counted(count)} {'is' if count == 1 else 'are'} put aside: z brings {them} back" if count else
            "nothing is taught yet")


def around(line):
    """Return the bounds in which a line is meant."""
    left, bottom, width, height = line.bounds()
    return left - 5, bottom - 3, width + 10, height + 6


def step_words(session, step):
    """Say what a step taught."""
    what = "your own digit" if step.digit is None else f"digit {thousands(step.digit)}"
    return f"{what} as {session.dataset.class_names[step.label]}, learning rate {step.rate:g}"
