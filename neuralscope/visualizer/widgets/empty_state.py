"""Words in the middle of a view that has nothing to show, and the way to one that has."""

from neuralscope.formatting import shortened
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL, SECOND
from neuralscope.visualizer.input.keys import Binding
from neuralscope.visualizer.widgets.panel import Panel, inside


class Notice(Panel):
    """What is the matter, and below it where to go, which can be clicked: the view of letter ``key``.

    ``how``: what else helps, below that.
    """

    def __init__(self, painter, words, remedy, key, how=""):
        """Make the lines."""
        super().__init__(painter)
        self.words, self.remedy, self.key, self.how = words, remedy, key, how
        self.lines = [self.add(Line(align="center")) for _ in "123"]

    def place(self):
        """Stand in the middle."""
        remedy = (self.run(self.key, LABEL, "text", mono=True), self.run(self.remedy, LABEL, gap=1.5))
        told = ([(self.run(words, SECOND, "text"),) for words in shortened(self.words)], [remedy],
                [(self.run(words, LABEL),) for words in shortened(self.how)])
        for line, wordings, up in zip(self.lines, told, (14, -14, -42), strict=True):
            line.x, line.y = self.painter.width / 2, self.painter.height / 2 + up * self.painter.leading
            line.max_width = 0.9 * self.painter.width
            line.set_runs(*wordings)

    def action_at(self, x, y):
        """Return the binding that opens the other view."""
        found = inside(self.lines[1].bounds(), x, y)
        return Binding((self.key,), "open_view", "", takes_key=True) if found else None
