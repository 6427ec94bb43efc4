"""How the activations of a hidden layer are spread, and for what share of the images each neuron stands still."""

import numpy as np

from neuralscope.formatting import counted, number, sheet_shape, thousands
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import color_values
from neuralscope.visualizer.widgets.color_key import ColorKey
from neuralscope.visualizer.widgets.panel import Panel, inside

LEAST_COUNT = 0.5  # where the logarithmic axis begins, so that a single one is seen
GAP = 2  # units between two bars


class ActivationHistogram(Panel):
    """A histogram with a logarithmic height, and below it the layer's sheet."""

    def __init__(self, surface):
        """Make the artists."""
        super().__init__(surface)
        self.bounds, self.edges, self.counts = [], [], []
        self.bars, self.axis = self.add(Blocks()), self.add(Block(self.theme.hairline))
        self.grid_rules = [self.add(Block(self.theme.panel, zorder=0.5)) for _ in range(4)]
        self.grid_labels = [self.add(Line(align="right")) for _ in range(4)]
        self.ends = self.add(Line()), self.add(Line(align="right"))
        self.title, self.caption, self.sheet_title, self.sheet_caption = (self.add(Line()) for _ in "1234")
        self.sheet = self.add(Heatmap())
        self.key = ColorKey(self)

    def hide(self):
        """Show nothing."""
        for artist in self.artists:
            artist.set_visible(False)

    def show(self, session, result, box):
        """Show a result's histogram in a box; say whether it has one."""
        found = result.details.get("histogram")
        if not found:
            return False
        for artist in self.artists:
            artist.set_visible(True)
        lead = self.surface.leading
        upper, lower = box.above(box.bottom + 0.5 * box.height), box.below(box.bottom + 0.5 * box.height)
        self._show_bars(found, upper.above(upper.bottom + 52 * lead), lead)
        self._show_words(found, upper, lead)
        self._show_sheet(session, result, lower.below(lower.top - 10 * lead), lead)
        return True

    def _show_bars(self, found, box, lead):
        """Show the bars, as long as the logarithms of their counts."""
        edges, counts = np.asarray(found["edges"]), np.asarray(found["counts"])
        end = 10.0 ** np.ceil(np.log10(max(counts.max(), 10)))
        span = np.log10(end / LEAST_COUNT)
        left = box.left + 62 * lead
        width = (box.right - left) / len(counts)
        heights = np.log10(np.maximum(counts, LEAST_COUNT) / LEAST_COUNT) / span * box.height
        colors = color_values(self.theme.activations, 0.15 + 0.85 * np.linspace(0, 1, len(counts)), 1)
        self.edges, self.counts = edges, counts
        self.bounds = [(left + place * width, box.bottom, width, box.height) for place in range(len(counts))]
        self.bars.set_blocks([(left + place * width, box.bottom, max(1, width - GAP), height)
                              for place, height in enumerate(heights)], colors)
        self.axis.set_bounds(left, box.bottom, box.right - left, 1)
        ticks = [tick for tick in (1, 100, 10_000, 1_000_000) if tick <= end]
        for place, (rule, label) in enumerate(zip(self.grid_rules, self.grid_labels, strict=True)):
            tick = ticks[place] if place < len(ticks) else None
            y = box.bottom + np.log10((tick or LEAST_COUNT) / LEAST_COUNT) / span * box.height
            rule.set_bounds(left, y, (box.right - left) * (tick is not None), 1)
            label.x, label.y = left - 8, y - 4 * lead
            label.set_runs(self.key_end(thousands(tick)) if tick else ())
        for line, x, value in zip(self.ends, (left, box.right), edges[[0, -1]], strict=True):
            line.x, line.y = x, box.bottom - 16 * lead
            line.set_runs(self.key_end(number(value, 1)))

    def _show_words(self, found, box, lead):
        """Name the histogram."""
        total = int(np.sum(found["counts"]))
        for line, up in ((self.title, 14), (self.caption, -3)):
            line.x, line.y, line.max_width = box.left + 62 * lead, box.bottom + up * lead, box.width - 62 * lead
        self.title.set_runs(self.name(f"activations of hidden layer {found['layer'] + 1}, {found['activation']}"))
        self.caption.set_runs((self.run(f"{thousands(total)} in all; the counts are logarithmic"),),
                              (self.run("counts are logarithmic"),))

    def _show_sheet(self, session, result, box, lead):
        """Show for what share of the images each neuron of the layer stands where its slope is next to nothing."""
        shares = np.asarray(result.details["flat_shares"])
        rows, columns = sheet_shape(len(shares))
        cells = np.zeros((rows * columns, 4), np.uint8)
        cells[:len(shares)] = color_values(self.theme.activations, shares, 1)
        self.sheet.set_cells(cells.reshape(rows, columns, 4))
        side = min(box.height - 4 * lead, 0.42 * box.width)
        self.sheet.room = (box.left, box.top - 4 * lead, side, side)
        left, bottom, width, height = self.sheet.bounds()
        x = left + width + 20 * self.surface.scale
        for line, down in ((self.sheet_title, 14), (self.sheet_caption, 32)):
            line.x, line.y, line.max_width = x, bottom + height - down * lead, box.right - x
        share = f"share of {session.check_ups.data.noun}s without a slope"
        self.sheet_title.set_runs(self.name(share), self.name("without a slope"))
        self.sheet_caption.set_runs((self.run(f"{counted(len(shares), 'neuron')}, in the file's order"),),
                                    (self.run(counted(len(shares), "neuron")),))
        self.key.place(x, bottom + height - 46 * lead, min(150 * self.surface.scale, box.right - x - 10),
                       self.theme.activations)
        self.key.label("1")

    # Cells: one a bar

    def grid(self, session):
        """Return a cell a bar."""
        return 1, len(self.bounds)

    def cell_at(self, session, x, y):
        """Return the bar at a point."""
        return next(((0, place) for place, bounds in enumerate(self.bounds) if inside(bounds, x, y)), None)

    def describe(self, session, row, column):
        """Say how many activations lie between which two."""
        low, high = (number(edge, 2) for edge in self.edges[column:column + 2])
        return (self.run(f"activations from {low} to {high}", color="text", bold=True),
                self.run(thousands(int(self.counts[column])), color="text", mono=True, gap=2),
                self.run(f"of {thousands(int(self.counts.sum()))}", gap=1)), self.bounds[column]
