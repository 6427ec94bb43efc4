"""What all lessons did to the test digits: errors before and now."""

from neuralscope.formatting import change, share, thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import HEADLINE
from neuralscope.visualizer.views.fine_tune.step_controls import around, untaught_words
from neuralscope.visualizer.widgets.panel import Panel, inside


class Forgetting(Panel):
    """The errors in large figures, and below them how many more or fewer they are."""

    def __init__(self, painter):
        """Make the lines."""
        super().__init__(painter)
        self.figures, self.of = self.add(Line()), self.add(Line())

    def place(self, left, top, width):
        """Put the lines below each other."""
        for line, down in ((self.figures, 26), (self.of, 48)):
            line.x, line.y, line.max_width = left, top - down * self.painter.leading, width

    def update(self, session, trace):
        """Show what became of the errors."""
        effect, count = session.lessons.effect(), thousands(len(session.digits))
        before, after = effect.before.errors, effect.after.errors
        taught = session.lessons.count
        self.figures.set_runs((self.run(f"{thousands(before)} → {thousands(after)}" if taught else thousands(after),
                                        HEADLINE, "text", bold=True),))
        net = {0: "as many as before"}.get(after - before, f"{change(after - before)} for "
                                           f"{'this step' if taught == 1 else f'these {thousands(taught)} steps'}")
        untaught = untaught_words(session)
        wordings = (f"errors of {count} test digits; {untaught}", f"errors of {count} test digits")
        if session.lessons.aside:
            wordings = wordings[0], f"errors; {untaught}", untaught
        if taught:
            wordings = f"errors of {count} test digits, {net}", f"errors of {count}, {net}", f"errors, {net}", "errors"
        self.of.set_runs(*((self.run(words),) for words in wordings))

    def grid(self, session):
        """Return one spot."""
        return 1, 1

    def spot_at(self, session, x, y):
        """Return the spot if a line is at the point."""
        return (0, 0) if any(inside(around(line), x, y) for line in (self.figures, self.of)) else None

    def account(self, session, row, column):
        """Say how the errors come from what was forgotten and learned."""
        effect, figure = session.lessons.effect(), {"color": "text", "mono": True, "gap": 1.5}
        before, after, count = effect.before.errors, effect.after.errors, effect.after.count
        runs = [self.run("errors on the test digits", color="text", bold=True)]
        if session.lessons.count:
            forgotten, learned = len(effect.forgotten), len(effect.learned)
            runs += [self.run("before + forgotten − learned", gap=2),
                     self.run(f"{thousands(before)} + {thousands(forgotten)} − {thousands(learned)} = "
                              f"{thousands(after)}", **figure)]
        else:
            runs += [self.run(thousands(after), **figure), self.run(untaught_words(session), gap=2)]
        right = share(count - after, count)
        return (*runs, self.run("right now", gap=2), self.run(right, **figure)), around(self.figures)
