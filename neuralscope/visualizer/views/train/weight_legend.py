"""What the colours of weights mean, and how far the bars of the biases below them reach."""

import numpy as np

from neuralscope.formatting import key_end, size
from neuralscope.visualizer.drawing.heatmap import Picture
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS, look_up
from neuralscope.visualizer.widgets.panel import Panel, inside


class Legend(Panel):
    """A key of signed colours with its numbers, and a caption."""

    def __init__(self, painter):
        """Make the key and the words."""
        super().__init__(painter)
        self.key, self.caption = self.add(Picture()), self.add(Line())
        self.low, self.middle, self.top = (self.add(Line(align=align)) for align in ("left", "center", "right"))

    def show(self, left, top, width, what, end, widest, full):
        """Stand below ``top``: colours up to ``end``, beyond which there are weights where ``full``.

        ``what`` the colours and bars are, in words; a bar of half a tile is a bias of ``widest``.
        """
        self.end, self.widest, self.full = end, widest, full
        lead, pixel, wide = self.painter.leading, self.painter.figure.dpi / UNITS, 0.4 * width
        columns, rows = round(wide * pixel) | 1, max(1, round(6 * pixel))
        self.key.room = left + width - columns / pixel, top - 16 * lead, columns / pixel, rows / pixel
        self.key.set_cells(np.broadcast_to(look_up(self.theme.signed, np.linspace(-1, 1, columns), 1, True),
                                           (rows, columns, 4)))
        printed = key_end(end)
        words = (f"≤ −{printed}", "0", f"≥ +{printed}") if full else (f"−{printed}", "0", f"+{printed}")
        if sum(self.low.measure(self.key_end(word)) for word in words) + 12 > wide:
            words = "", "", "±" + printed + " full" * full
        for line, share, text in zip((self.low, self.middle, self.top), (0, 0.5, 1), words, strict=True):
            line.x, line.y = left + width - columns / pixel * (1 - share), top - 37 * lead
            line.set_runs(self.key_end(text))
        self.caption.x, self.caption.y, self.caption.max_width = left, top - 24 * lead, 0.56 * width
        bars = f"full at ±{size(widest, 3)}" if widest else "all 0"
        self.caption.set_runs(*((self.run(text),) for text in (
            f"{what} below, {bars}", f"biases below, {bars}", "biases below", "")))

    def grid(self, session):
        """Return one spot for the colours, and one for the bars."""
        return (1, 2) if self.key.get_visible() else None

    def spot_at(self, session, x, y):
        """Return the spot at a point."""
        if not self.key.get_visible():
            return None
        places = [line.bounds() for line in (self.low, self.middle, self.top)]
        if any(inside(bounds, x, y) for bounds in (self.key.bounds(), *places)):
            return 0, 1
        return (0, 0) if inside(self.caption.bounds(), x, y) else None

    def account(self, session, row, column):
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
                self.run(f"±{size(self.widest, 4)}", **figure))
        return runs, self.caption.bounds()
