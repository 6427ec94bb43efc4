"""The outputs as lamps in space, each with a line to its row of figures."""

import numpy as np

from neuralscope.visualizer.drawing.lines3d import RINGS, Dots, Strands
from neuralscope.visualizer.drawing.theme import rgb
from neuralscope.visualizer.widgets.outputs import choose_class, output_runs
from neuralscope.visualizer.widgets.panel import Panel

SMALLEST, LARGEST = 3.2, 6.0  # radius in units
REACH = 9  # units around a lamp in which the mouse points at it


class Lamps(Panel):
    """A lamp for each class, as bright as its output; the rows beside them are what Tab goes through."""

    chooses_class = True

    def __init__(self, painter):
        """Make the lamps and the lines."""
        super().__init__(painter)
        self.leads, self.dots = self.add(Strands(glows=False)), self.add(Dots())

    def update(self, session, trace):
        """Show how bright they are."""
        self.outputs, self.chosen = trace.outputs[0].astype(float), session.chosen

    def aim(self, room, points, rows, light):
        """Put lamps at ``points`` (n, 2), and lines from them to ``rows`` (n, 2)."""
        self.points, count = points, len(points)
        lit = light * np.clip(self.outputs, 0, 1)[:, None]
        dark, bright = (np.divide(rgb(color), 255) for color in (self.theme.others, self.theme.text))
        size = max(1, self.painter.scale) * (SMALLEST + (LARGEST - SMALLEST) * lit[:, 0])
        self.dots.set_dots(points, size, dark * (1 - lit) + bright * lit, lit[:, 0])
        colors = np.ones((count, 4))
        colors[:, :3] = np.divide(rgb(self.theme.hairline), 255)
        colors[self.chosen, :3] = np.divide(rgb(self.theme.muted), 255)
        self.leads.set_lines(np.stack([points, rows], axis=1), colors, np.ones(count))
        below = (RINGS[0][0] * LARGEST - REACH) * self.painter.scale  # the lowest lamp's glow
        self.dots.room = room[0], room[1] - below, room[2], room[3] + below
        self.leads.room = room[0], room[1], rows[0, 0] - room[0], room[3]

    def spot_at(self, session, x, y):
        """Return the lamp at a point."""
        left, bottom, width, height = self.dots.room
        distances = np.hypot(*(self.points - (x, y)).T)
        near = int(distances.argmin())
        inside = left <= x < left + width and bottom <= y < bottom + height
        return (near, 0) if inside and distances[near] <= REACH else None

    def choose(self, session, row, column):
        """Ask about a class; once more: why it."""
        return choose_class(session, row)

    def account(self, session, row, column):
        """Say where the output comes from."""
        return output_runs(self, session, row), None
