"""What the colours of weights mean, and how far the bars of the biases below them reach."""

import numpy as np

from neuralscope.formatting import key_end, short_size
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH, color_values
from neuralscope.visualizer.widgets.panel import Panel, inside


class WeightLegend(Panel):
    """A key of signed colours with its numbers, and a caption."""

    def __init__(self, surface):
        """Make the key and the words."""
        super().__init__(surface)
        self.key, self.caption = self.add(Heatmap()), self.add(Line())
        self.low, self.middle, self.top = (self.add(Line(align=align)) for align in ("left", "center", "right"))

    def show(self, left, top, width, quantity, end, widest, full):
        """Stand below ``top``: colours up to ``end``, beyond which there are weights where ``full``.

        ``quantity`` the colours and bars are, in words; a bar of half a tile is a bias of ``widest``.
        """
        self.end, self.widest, self.full = end, widest, full
        lead, pixel, key_width = self.surface.leading, self.surface.figure.dpi / UNITS_PER_INCH, 0.4 * width
        columns, rows = round(key_width * pixel) | 1, max(1, round(6 * pixel))
        self.key.room = left + width - columns / pixel, top - 16 * lead, columns / pixel, rows / pixel
        self.key.set_cells(np.broadcast_to(color_values(self.theme.signed, np.linspace(-1, 1, columns), 1, True),
                                           (rows, columns, 4)))
        printed = key_end(end)
        words = (f"≤ −{printed}", "0", f"≥ +{printed}") if full else (f"−{printed}", "0", f"+{printed}")
        if sum(self.low.measure(self.key_end(word)) for word in words) + 12 > key_width:
            words = "", "", "±" + printed + " full" * full
        for line, share, text in zip((self.low, self.middle, self.top), (0, 0.5, 1), words, strict=True):
            line.x, line.y = left + width - columns / pixel * (1 - share), top - 37 * lead
            line.set_runs(self.key_end(text))
        self.caption.x, self.caption.y, self.caption.max_width = left, top - 24 * lead, 0.56 * width
        bars = f"full at ±{short_size(widest, 3)}" if widest else "all 0"
        self.caption.set_runs(*((self.run(text),) for text in (
            f"{quantity} below, {bars}", f"biases below, {bars}", "biases below", "")))

    def grid(self, session):
        """Return one cell for the colours, and one for the bars."""
        return (1, 2) if self.key.get_visible() else None

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        if not self.key.get_visible():
            return None
        label_bounds = [line.bounds() for line in (self.low, self.middle, self.top)]
        if any(inside(bounds, x, y) for bounds in (self.key.bounds(), *label_bounds)):
            return 0, 1
        return (0, 0) if inside(self.caption.bounds(), x, y) else None

    def describe(self, session, row, column):
        """Say what the colours or the bars reach to."""
        figure = {"color": "text", "mono": True, "gap": 1.5}
        if column:
            beyond = "the largest have the last colour too" if self.full else "none is larger"
            runs = (self.run("colours of the weights", color="text", bold=True),
                    self.run("0 in the middle, up to", gap=2), self.run(f"±{key_end(self.end)}", **figure),
                    self.run(beyond, gap=2))
            return runs, self.key.bounds()
        runs = (self.run("bars of the biases", color="text", bold=True),
                self.run("from the middle to the right where they are above 0; the largest bias is", gap=2),
                self.run(f"±{short_size(self.widest, 4)}", **figure))
        return runs, self.caption.bounds()
