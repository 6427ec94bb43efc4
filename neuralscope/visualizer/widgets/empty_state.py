"""Words in the middle of a view that has nothing to show, and the way to one that has."""

from neuralscope.formatting import elided
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.keys import Binding
from neuralscope.visualizer.widgets.panel import Panel, inside


class EmptyState(Panel):
    """What is the matter, and below it where to go, which can be clicked: the view of letter ``key``.

    ``hint``: what else helps, below that.
    """

    def __init__(self, surface, words, remedy, key, how=""):
        """Make the lines."""
        super().__init__(surface)
        self.message, self.remedy, self.key, self.hint = words, remedy, key, how
        self.lines = [self.add(Line(align="center")) for _ in "123"]

    def place(self):
        """Stand in the middle."""
        remedy = (self.run(self.key, LABEL_PT, "text", mono=True), self.run(self.remedy, LABEL_PT, gap=1.5))
        line_wordings = ([(self.run(words, SUBHEADLINE_PT, "text"),) for words in elided(self.message)], [remedy],
                         [(self.run(words, LABEL_PT),) for words in elided(self.hint)])
        for line, wordings, up in zip(self.lines, line_wordings, (14, -14, -42), strict=True):
            line.x, line.y = self.surface.width / 2, self.surface.height / 2 + up * self.surface.leading
            line.max_width = 0.9 * self.surface.width
            line.set_runs(*wordings)

    def binding_at(self, x, y):
        """Return the binding that opens the other view."""
        found = inside(self.lines[1].bounds(), x, y)
        return Binding((self.key,), "open_view", "", takes_key=True) if found else None
