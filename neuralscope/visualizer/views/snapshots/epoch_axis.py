"""What the charts over the epochs share: the line of snapshots that they stand above, their ground and their cursor."""

from dataclasses import dataclass

import numpy as np

from neuralscope.visualizer.drawing.shapes import Block, ChartLines
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.panel import Panel, inside

MAX_TICKS = 8  # lines across a chart, at most
MARGIN_BESIDE, MARGIN_ABOVE = 10, 4  # units beside, above and below a chart that still mean its edges


@dataclass
class EpochAxis:
    """Where snapshots stand: evenly from ``left`` on, so that the early epochs, of which more are kept, have room."""

    left: float = 0.0
    width: float = 1.0
    count: int = 1

    def x(self, index):
        """Return where a snapshot, or each of an array of them, stands."""
        return self.left + self.width * index / max(1, self.count - 1)

    def nearest(self, x):
        """Return the snapshot that stands closest to a point."""
        return min(max(0, round((x - self.left) / self.width * (self.count - 1))), self.count - 1)


class EpochAxisPanel(Panel):
    """What stands on an `EpochAxis` between two heights: a cell for each snapshot."""

    def __init__(self, surface, axis):
        """Stand nowhere yet."""
        super().__init__(surface)
        self.axis, self.box = axis, (0.0, 0.0, 1.0, 1.0)

    def grid(self, session):
        """Return a column for each snapshot."""
        return 1, self.axis.count

    def first_cell(self, session):
        """Begin at the snapshot shown."""
        return 0, session.training_history.index_of(session.base_network) or 0

    def cell_at(self, session, x, y):
        """Return the snapshot closest to a point."""
        left, bottom, width, height = self.box
        reach_bounds = left - MARGIN_BESIDE, bottom - MARGIN_ABOVE, width + 2 * MARGIN_BESIDE, height + 2 * MARGIN_ABOVE
        return (0, self.axis.nearest(x)) if inside(reach_bounds, x, y) else None

    def choose(self, session, row, column):
        """Look at the network as it was at a snapshot."""
        session.go_to_snapshot(column)


class EpochChart(EpochAxisPanel):
    """Curves with lines at round values, and one where the snapshot stands that is shown."""

    def __init__(self, surface, axis):
        """Make the ground, the curves, the title and the note at its right."""
        super().__init__(surface, axis)
        self.lines = [self.add(Block(self.theme.panel, zorder=0.8)) for _ in range(MAX_TICKS)]
        self.values = [self.add(Line(align="right")) for _ in range(MAX_TICKS)]
        self.snapshot_mark = self.add(Block(self.theme.accent, zorder=1.1))
        self.curves = self.add(ChartLines())
        self.title, self.note = self.add(Line()), self.add(Line(align="right"))

    def place(self, box):
        """Stand on the axis, as high as a box; words may go from its left edge to its right one."""
        self.box = self.axis.left, box.bottom, self.axis.width, box.height
        self.left, self.right = self.title.x, self.note.x = box.left, box.right
        self.title.y = self.note.y = box.top + 18 * self.surface.leading

    def y(self, share):
        """Return the height of a share of the chart, or of each of an array of them."""
        return self.box[1] + self.box[3] * share

    def points(self, shares):
        """Return the points (n, 2) of a curve: a share of the height for each snapshot."""
        return np.stack([self.axis.x(np.arange(len(shares))), self.y(shares)], axis=1)

    def set_ticks(self, ticks, index):
        """Draw a line for each of ``ticks``, shares with their words, and the mark of the snapshot at ``index``."""
        for line, value, tick in zip(self.lines, self.values, [*ticks, *[None] * MAX_TICKS], strict=False):
            share, words = tick or (0, "")
            line.set_bounds(self.box[0], self.y(share), self.box[2] * (tick is not None), 1)
            value.x, value.y = self.box[0] - 8, self.y(share) - 3.5 * self.surface.leading
            value.set_runs(self.key_end(words) if words else ())
        self.snapshot_mark.set_bounds(self.axis.x(index) - 0.75, self.box[1], 1.5 * (index is not None), self.box[3])

    def set_title(self, title, note):
        """Set the wordings of the note, and those of the title in the room that it leaves."""
        width = self.right - self.left
        self.note.max_width = 0.75 * width
        self.note.set_runs(*note)
        self.title.max_width = width - self.note.bounds()[2] - 16
        self.title.set_runs(*title)

    def ring(self, index, share):
        """Return the bounds of a ring around a point of a curve."""
        return self.axis.x(index) - 3, self.y(share) - 3, 6, 6


def spread_heights(heights, gap, low, high):
    """Return the heights of labels, at least ``gap`` apart and if possible within bounds; ``heights`` fall."""
    result = []
    for index, height in enumerate(heights):
        most = high if not index else result[-1] - gap
        result.append(max(min(height, most), low + gap * (len(heights) - 1 - index)))
    return [min(height, high - gap * index) for index, height in enumerate(result)]
