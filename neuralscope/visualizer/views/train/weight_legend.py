"""What the colours of weights mean, and how far the bars of the biases below them reach."""

from neuralscope.formatting import key_end, short_size
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.color_key import ColorKey
from neuralscope.visualizer.widgets.panel import Panel, inside


class WeightLegend(Panel):
    """A key of signed colours with its numbers, and a caption."""

    def __init__(self, surface):
        """Make the key and the words."""
        super().__init__(surface)
        self.key, self.caption = ColorKey(self), self.add(Line())

    def show(self, left, top, width, quantity, end, widest, full):
        """Stand below ``top``: colours up to ``end``, beyond which there are weights where ``full``.

        ``quantity`` the colours and bars are, in words; a bar of half a tile is a bias of ``widest``.
        """
        self.end, self.widest, self.full = end, widest, full
        lead = self.surface.leading
        self.key.place(left + width, top - 16 * lead, 0.4 * width, self.theme.signed, signed=True, align="right")
        self.key.label(key_end(end), signed=True, full=full)
        self.caption.x, self.caption.y, self.caption.max_width = left, top - 24 * lead, 0.56 * width
        bars = f"full at ±{short_size(widest, 3)}" if widest else "all 0"
        self.caption.set_runs(*((self.run(text),) for text in (
            f"{quantity} below, {bars}", f"biases below, {bars}", "biases below", "")))

    def grid(self, session):
        """Return one cell for the colours, and one for the bars."""
        return (1, 2) if self.caption.get_visible() else None

    def cell_at(self, session, x, y):
        """Return the cell at a point."""
        if not self.caption.get_visible():
            return None
        if any(inside(artist.bounds(), x, y) for artist in self.key.artists):
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
            return runs, self.key.bar.bounds()
        runs = (self.run("bars of the biases", color="text", bold=True),
                self.run("from the middle to the right where they are above 0; the largest bias is", gap=2),
                self.run(f"±{short_size(self.widest, 4)}", **figure))
        return runs, self.caption.bounds()
