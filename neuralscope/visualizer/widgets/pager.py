"""Which part of a gallery is in sight, and the way to the others."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.input.results import Focus
from neuralscope.visualizer.widgets.panel import Panel, inside

PAGE_WORDS = "↑ before", "↓ more"


def page_labels(noun):
    """Return what to click, and what that shows, for the pictures before and after."""
    return tuple(zip(PAGE_WORDS, (f"the {noun}s before", f"more {noun}s"), strict=True))


class Pager(Panel):
    """Which digits of how many are in sight, and two words to click for those before and after."""

    def __init__(self, surface, gallery, words):
        """Make the lines; ``words``: what to click, and what that shows, for those before and after."""
        super().__init__(surface)
        self.gallery, self.labels = gallery, words
        self.where, *self.words = (self.add(Line(align="right")) for _ in range(3))

    def place(self, right, y, short=False):
        """End at a point; ``short``: with arrows in place of words."""
        self.shown_labels = [word[:1] if short else word for word, _ in self.labels]
        for line, word in zip(self.words[::-1], self.shown_labels[::-1], strict=True):
            line.x, line.y = right, y
            right -= line.measure((self.run(word),)) + 12 * self.surface.scale
        self.where.x, self.where.y = right, y

    def show(self, start, end, count):
        """Say that of ``count`` digits those from ``start`` to before ``end`` are in sight, if not all are."""
        for line in (self.where, *self.words):
            line.set_visible(count > end - start)
        here = (self.run(thousands(start + 1), color="text", mono=True), self.run("to", gap=0.8),
                self.run(thousands(min(count, end)), color="text", mono=True, gap=0.8))
        self.where.set_runs((*here, self.run(f"of {thousands(count)}", gap=0.8)), here, ())
        for line, word, enabled in zip(self.words, self.shown_labels, (start > 0, end < count), strict=True):
            line.set_runs((self.run(word, color="text" if enabled else "muted"),))

    @property
    def left(self):
        """Where it begins."""
        return self.where.bounds()[0] if self.where.get_visible() else self.words[-1].x

    def grid(self, session):
        """Return a cell for each word."""
        return (1, len(self.words)) if self.where.get_visible() else None

    def first_cell(self, session):
        """Begin with more."""
        return 0, 1

    def cell_at(self, session, x, y):
        """Return the word at a point."""
        for index, word in enumerate(self.words):
            left, bottom, width, height = word.bounds()
            if word.get_visible() and inside((left - 5, bottom - 5, width + 10, height + 10), x, y):
                return 0, index
        return None

    def describe(self, session, row, column):
        """Say what the word does, and what else does it."""
        left, bottom, width, height = self.words[column].bounds()
        runs = (self.run(self.labels[column][1], color="text", bold=True),
                self.run("a click or Enter; also where the cursor leaves the pictures by ↑ or ↓", gap=2))
        return runs, (left - 3, bottom - 2, width + 6, height + 4)

    def choose(self, session, row, column):
        """Turn the page; the cursor goes to the pictures."""
        self.gallery.turn_pages(session, 2 * column - 1)
        return Focus(self.gallery)
