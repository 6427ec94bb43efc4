"""What all fine-tuning did to the test digits: errors before and now; without labels how many are read otherwise."""

from neuralscope.formatting import share, signed_count, thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import HEADLINE_PT
from neuralscope.visualizer.views.fine_tune.step_controls import line_bounds
from neuralscope.visualizer.widgets.fine_tuning_text import no_steps_text
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_TEXT
from neuralscope.visualizer.widgets.panel import Panel, inside


class ErrorChange(Panel):
    """The errors in large figures, and below them how many more or fewer they are."""

    def __init__(self, surface):
        """Make the lines."""
        super().__init__(surface)
        self.figures, self.caption = self.add(Line()), self.add(Line())

    def place(self, left, top, width):
        """Put the lines below each other."""
        for line, down in ((self.figures, 26), (self.caption, 48)):
            line.x, line.y, line.max_width = left, top - down * self.surface.leading, width

    def update(self, session, trace):
        """Show what became of the errors."""
        effect, samples = session.fine_tuning.effect(), f"test {session.inputs.sample}s"
        count = thousands(len(session.digits))
        if not session.has_labels:
            self._show_changed(effect, f"{count} {samples}")
            return
        before, after = effect.before.errors, effect.after.errors
        step_count = session.fine_tuning.count
        self.figures.set_runs((self.run(f"{thousands(before)} → {thousands(after)}" if step_count else thousands(after),
                                        HEADLINE_PT, "text", bold=True),))
        net = {0: "as many as before"}.get(
            after - before,
            f"{signed_count(after - before)} for "
            f"{'this step' if step_count == 1 else f'these {thousands(step_count)} steps'}",
        )
        no_steps = no_steps_text(session)
        wordings = (f"errors of {count} {samples}; {no_steps}", f"errors of {count} {samples}")
        if session.fine_tuning.set_aside_count:
            wordings = wordings[0], f"errors; {no_steps}", no_steps
        if step_count:
            wordings = f"errors of {count} {samples}, {net}", f"errors of {count}, {net}", f"errors, {net}", "errors"
        self.caption.set_runs(*((self.run(words),) for words in wordings))

    def _show_changed(self, effect, samples):
        """Show how many of all digits are read otherwise."""
        self.figures.set_runs((self.run(thousands(len(effect.changed)), HEADLINE_PT, "text", bold=True),))
        read = f"of {samples} read otherwise"
        self.caption.set_runs(*((self.run(words),) for words in (f"{read}; {NO_LABELS_TEXT}", read, "read otherwise")))

    def grid(self, session):
        """Return one cell."""
        return 1, 1

    def cell_at(self, session, x, y):
        """Return the cell if a line is at the point."""
        return (0, 0) if any(inside(line_bounds(line), x, y) for line in (self.figures, self.caption)) else None

    def describe(self, session, row, column):
        """Say how the errors come from what was forgotten and learned."""
        effect, figure = session.fine_tuning.effect(), {"color": "text", "mono": True, "gap": 1.5}
        samples = f"test {session.inputs.sample}s"
        if not session.has_labels:
            changed = f"{thousands(len(effect.changed))} of {thousands(effect.after.count)}"
            why = () if session.fine_tuning.count else (self.run(no_steps_text(session), gap=2),)
            return (self.run(f"{samples} read otherwise", color="text", bold=True), self.run(changed, **figure), *why,
                    self.run(NO_LABELS_TEXT, gap=2)), line_bounds(self.figures)
        before, after, count = effect.before.errors, effect.after.errors, effect.after.count
        runs = [self.run(f"errors on the {samples}", color="text", bold=True)]
        if session.fine_tuning.count:
            forgotten, learned = len(effect.forgotten), len(effect.learned)
            runs += [self.run("before + forgotten − learned", gap=2),
                     self.run(f"{thousands(before)} + {thousands(forgotten)} − {thousands(learned)} = "
                              f"{thousands(after)}", **figure)]
        else:
            runs += [self.run(thousands(after), **figure), self.run(no_steps_text(session), gap=2)]
        right = share(count - after, count)
        return (*runs, self.run("right now", gap=2), self.run(right, **figure)), line_bounds(self.figures)
