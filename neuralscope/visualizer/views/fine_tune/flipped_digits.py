"""The test digits that fine-tuning turned wrong, or right; without labels those that are read otherwise."""

from collections import Counter

from neuralscope.formatting import counted, thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import NAME_PT
from neuralscope.visualizer.input.results import OpenView
from neuralscope.visualizer.views.fine_tune.step_controls import line_bounds
from neuralscope.visualizer.widgets.confusion_text import digit_runs
from neuralscope.visualizer.widgets.fine_tuning_text import no_steps_text
from neuralscope.visualizer.widgets.gallery import Gallery
from neuralscope.visualizer.widgets.panel import Panel, inside

# of each kind: its mark, what it is called, and what that says of before and of now
GALLERY_WORDS = {"forgotten": ("✗", "forgotten", "right before", "wrong now"),
                 "learned": ("✓", "learned", "wrong before", "right now"),
                 "changed": ("≠", "read otherwise", "than before", "whatever they are")}
GALLERY_COLORS = {"forgotten": "wrong", "learned": "right", "changed": "text"}


class FlipCount(Panel):
    """The heading of a `FlippedDigits`: how many digits turned."""

    def __init__(self, surface, gallery):
        """Make the line."""
        super().__init__(surface)
        self.gallery, self.line = gallery, self.add(Line())

    def update(self, session, trace):
        """Say how many; what that means comes before the pager's second number."""
        gallery, where = self.gallery, self.gallery.pager.where
        mark, turn_word, before, now = gallery.words
        color, count = GALLERY_COLORS[gallery.kind], thousands(len(gallery.all))
        head, short = (self.run(f"{mark} {count}{words}", NAME_PT, color, bold=True) for words in (f" {turn_word}", ""))
        meanings = f"{before}, {now}", before
        wordings = *((head, self.run(words, gap=2)) for words in meanings), (head,), (short,)
        for runs in wordings:
            where.max_width = where.x - self.line.x - self.line.measure(runs) - 16
            if where.text:
                break
        self.line.max_width = gallery.pager.left - 16 - self.line.x
        self.line.set_runs(*wordings)

    def grid(self, session):
        """Return one cell."""
        return 1, 1

    def cell_at(self, session, x, y):
        """Return the cell if the point is on the line."""
        return (0, 0) if inside(line_bounds(self.line), x, y) else None

    def describe(self, session, row, column):
        """Say what the count is of, and which turn is the most frequent."""
        gallery, effect, ring = self.gallery, session.fine_tuning.effect(), line_bounds(self.line)
        _, turn_word, before, now = gallery.words
        runs = [self.run(f"{thousands(len(gallery.all))} {turn_word}", color="text", bold=True),
                self.run(f"of {counted(effect.after.count, f'test {session.inputs.sample}')}", gap=2)]
        if not session.fine_tuning.count:
            return (*runs, self.run(no_steps_text(session), gap=2)), ring
        runs.append(self.run(f"{before}, {now}", gap=2))
        if len(gallery.all):
            turns = Counter((int(effect.before.predictions[digit]), int(effect.after.predictions[digit]))
                            for digit in gallery.all)
            (turn, count), names = turns.most_common(1)[0], session.dataset.class_names
            flip = "→".join(names[index] for index in turn)
            runs += [self.run("most often", gap=2), self.run(flip, color="text", mono=True, gap=1),
                     self.run(f"{thousands(count)} of them", gap=1), self.run("the surest answers first", gap=2)]
        return tuple(runs), ring


class FlippedDigits(Gallery):
    """The digits of a ``kind``: "forgotten", "learned", which are right now and were not, or only "changed"."""

    MIN_PICTURES = 6

    def __init__(self, surface, session, kind):
        """Make the gallery and its heading."""
        self.session, self.kind = session, kind
        super().__init__(surface, session.inputs, self.MIN_PICTURES)
        self.count, self.empty_line = FlipCount(surface, self), self.add(Line())
        self.words = GALLERY_WORDS[kind]
        names = session.dataset.class_names
        self.short_names = names if max(map(len, names)) <= 2 else tuple(map(str, range(len(names))))

    def digits(self, session):
        """Return the digits, the surest answers first."""
        return getattr(session.fine_tuning.effect(), self.kind)

    def captions(self, session, digit):
        """Return what it was read as and is."""
        effect = session.fine_tuning.effect()
        was, now = (self.short_names[int(found.predictions[digit])] for found in (effect.before, effect.after))
        return (self.run(f"{was}→{now}", color="text", mono=True),), ()

    def widest(self):
        """Return the widest runs that the captions can have."""
        widest = max(self.short_names, key=len)
        return (self.run(f"{widest}→{widest}", mono=True),), ()

    def place(self, box):
        """Put the heading above the pictures."""
        super().place(box)
        up = box.top + 10 * self.surface.leading
        self.count.line.x, self.count.line.y = box.left, up
        self.empty_line.x, self.empty_line.y = box.left, box.top - 20 * self.surface.leading
        self.empty_line.max_width = box.width
        self.pager.place(box.right, up)

    def update(self, session, trace):
        """Show the digits."""
        super().update(session, trace)
        self.count.update(session, trace)
        sample = session.inputs.sample
        words = f"no test {sample} yet" if not session.fine_tuning.count else f"none of the test {sample}s"
        self.empty_line.set_runs((self.run(words),) if not len(self.all) else ())

    def parts(self):
        """Return the heading too."""
        return [self.count, *super().parts()]

    def close(self):
        """Take everything off the figure."""
        self.count.close()
        super().close()

    def describe(self, session, row, column):
        """Say what a digit was read as and is."""
        digit, ring = self.digit_at(row, column), self.tile_bounds(row, column)
        if digit is None:
            return (self.run("an empty place", color="text", bold=True),
                    self.run(f"{counted(len(self.all), session.inputs.sample)} in all", gap=2)), ring
        before = session.fine_tuning.effect().before
        was = session.dataset.class_names[int(before.predictions[digit])]
        return (*digit_runs(self, session, digit), self.run(f"before the steps read as {was}", gap=2)), ring

    def choose(self, session, row, column):
        """Show a digit, to teach it in turn; once more: why it is read so."""
        digit = self.digit_at(row, column)
        if digit == session.index:
            return OpenView("w")
        if digit is not None:
            session.digit_history.go_to(digit)
        return None
