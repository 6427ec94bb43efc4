"""What the charts over the epochs share: the line of snapshots that they stand above, their ground and their cursor."""

from dataclasses import dataclass

import numpy as np

from neuralscope.visualizer.drawing.shapes import Block, Curves
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.widgets.panel import Panel, inside

TICKS = 8  # lines across a chart, at most
BESIDE, ABOVE = 10, 4  # units beside, above and below a chart that still mean its edges


@dataclass
class Axis:
    """Where snapshots stand: evenly from ``left`` on, so that the early epochs, of which more are kept, have room."""

    left: float = 0.0
    width: float = 1.0
    count: int = 1

    def x(self, place):
        """Return where a snapshot, or each of an array of them, stands."""
        return self.left + self.width * place / max(1, self.count - 1)

    def place(self, x):
        """Return the snapshot that stands closest to a point."""
        return min(max(0, round((x - self.left) / self.width * (self.count - 1))), self.count - 1)


class OnAxis(Panel):
    """What stands on an `Axis` between two heights: a spot for each snapshot."""

    def __init__(self, painter, axis):
        """Stand nowhere yet."""
        super().__init__(painter)
        self.axis, self.box = axis, (0.0, 0.0, 1.0, 1.0)

    def grid(self, session):
        """Return a column for each snapshot."""
        return 1, self.axis.count

    def first_spot(self, session):
        """Begin at the snapshot shown."""
        return 0, session.past.place_of(session.whole) or 0

    def spot_at(self, session, x, y):
        """Return the snapshot closest to a point."""
        left, bottom, width, height = self.box
        around = left - BESIDE, bottom - ABOVE, width + 2 * BESIDE, height + 2 * ABOVE
        return (0, self.axis.place(x)) if inside(around, x, y) else None

    def choose(self, session, row, column):
        """Look at the network as it was at a snapshot."""
        session.go_to_snapshot(column)


class Chart(OnAxis):
    """Curves with lines at round values, and one where the snapshot stands that is shown."""

    def __init__(self, painter, axis):
        """Make the ground, the curves, the title and the note at its right."""
        super().__init__(painter, axis)
        self.lines = [self.add(Block(self.theme.panel, zorder=0.8)) for _ in range(TICKS)]
        self.values = [self.add(Line(align="right")) for _ in range(TICKS)]
        self.here = self.add(Block(self.theme.accent, zorder=1.1))
        self.curves = self.add(Curves())
        self.title, self.note = self.add(Line()), self.add(Line(align="right"))

    def place(self, left, bottom, right, top):
        """Stand on the axis between two heights; words may go from ``left`` to ``right``."""
        self.box = self.axis.left, bottom, self.axis.width, top - bottom
        self.left, self.right, self.title.x = left, right, left
        self.note.x, self.title.y = right, top + 18 * self.painter.leading
        self.note.y = self.title.y

    def y(self, share):
        """Return the height of a share of the chart, or of each of an array of them."""
        return self.box[1] + self.box[3] * share

    def points(self, shares):
        """Return the points (n, 2) of a curve: a share of the height for each snapshot."""
        return np.stack([self.axis.x(np.arange(len(shares))), self.y(shares)], axis=1)

    def mark(self, ticks, place):
        """Draw a line for each of ``ticks``, shares with what they stand for in words, and one at a place."""
        for line, value, tick in zip(self.lines, self.values, [*ticks, *[None] * TICKS], strict=False):
            share, words = tick or (0, "")
            line.set_bounds(self.box[0], self.y(share), self.box[2] * (tick is not None), 1)
            value.x, value.y = self.box[0] - 8, self.y(share) - 3.5 * self.painter.leading
            value.set_runs(self.key_end(words) if words else ())
        self.here.set_bounds(self.axis.x(place) - 0.75, self.box[1], 1.5 * (place is not None), self.box[3])

    def say(self, title, note):
        """Set the wordings of the note, and those of the title in the room that it leaves."""
        width = self.right - self.left
        self.note.max_width = 0.75 * width
        self.note.set_runs(*note)
        self.title.max_width = width - self.note.bounds()[2] - 16
        self.title.set_runs(*title)

    def ring(self, place, share):
        """Return the bounds of a ring around a point of a curve."""
        return self.axis.x(place) - 3, self.y(share) - 3, 6, 6


def apart(heights, gap, low, high):
    """Return the heights of labels, at least ``gap`` apart and if possible within bounds; ``heights`` fall."""
    result = []
    for place, height in enumerate(heights):
        most = high if not place else result[-1] - gap
        result.append(max(min(height, most), low + gap * (len(heights) - 1 - place)))
    return [min(height, high - gap * place) for place, height in enumerate(result)]
