"""The names of the views, each with the letter that opens it underlined."""

from neuralscope.visualizer.drawing.layout import LEFT, TAB_ROW
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.panel import Panel, inside

NAME_GAP, MIN_NAME_GAP = 24, 8  # units between two names; where the window is narrow, at least
NOTICE_ROOM = 206  # units at the right of them, for the headline's words about silenced neurons


class TabBar(Panel):
    """The names of the views at the top; the present one has the accent."""

    def __init__(self, surface, bindings):
        """Make a name for each of ``(view, binding)``; set ``present`` to the title that is shown before `place`."""
        super().__init__(surface)
        self.bindings, self.present = bindings, None
        self.names = [self.add(Line()) for _ in bindings]
        self.rules = [self.add(Block(self.theme.muted)) for _ in bindings]
        self.underline = self.add(Block(self.theme.accent))

    def place(self):
        """Set the names side by side."""
        x, y = self.surface.x(LEFT), self.surface.y(TAB_ROW)
        words = [(self.run(view.title, color="text" if view.title == self.present else "muted"),)
                 for view, _ in self.bindings]
        widths = [name.measure(runs) for name, runs in zip(self.names, words, strict=True)]
        gap = self._gap(sum(widths))
        for name, rule, runs, width, (view, _) in zip(self.names, self.rules, words, widths, self.bindings,
                                                      strict=True):
            name.x, name.y, title = x, y, view.title
            name.set_runs(runs)
            if title == self.present:  # one line below a word is enough
                rule.set_bounds(0, 0, 0, 0)
                self.underline.set_bounds(x, y - 10 * self.surface.leading, width, 2)
            elif view.key_index is None:
                rule.set_bounds(0, 0, 0, 0)
            else:
                self._underline(rule, title, view.key_index, x, y)
            x += width + gap
        self.end = x

    def _gap(self, width):
        """Return the gap after each name, all of which are so wide together."""
        room = self.surface.page().width - NOTICE_ROOM * self.surface.leading - width
        return max(MIN_NAME_GAP, min(NAME_GAP * self.surface.scale, room / len(self.names)))

    def _underline(self, rule, title, index, x, y):
        """Draw a hairline below the letter of a title that opens its view."""
        measure = self.names[0].measure
        start = measure((self.run(title[:index]),)) if index else 0
        rule.set_bounds(x + start, y - 3, measure((self.run(title[index]),)), 1)

    def binding_at(self, x, y):
        """Return the binding of the name at a point."""
        return next((binding for (_, binding), name in zip(self.bindings, self.names, strict=True)
                     if inside(name.bounds(), x, y)), None)
