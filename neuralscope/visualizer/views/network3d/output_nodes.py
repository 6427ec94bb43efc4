"""The outputs as lamps in space, each with a line to its row of figures."""

import numpy as np

from neuralscope.visualizer.drawing.lines3d import GLOW_RINGS, Dots, Lines3D
from neuralscope.visualizer.drawing.theme import rgb
from neuralscope.visualizer.widgets.outputs import output_runs, select_or_explain_class
from neuralscope.visualizer.widgets.panel import Panel

SMALLEST_RADIUS, LARGEST_RADIUS = 3.2, 6.0  # radius in units
POINTING_REACH = 9  # units around an output node in which the mouse points at it


class OutputNodes(Panel):
    """A node for each class, as bright as its output; the rows beside them are what Tab goes through."""

    selects_class = True

    def __init__(self, surface):
        """Make the lamps and the lines."""
        super().__init__(surface)
        self.lead_lines, self.dots = self.add(Lines3D(glows=False)), self.add(Dots())

    def update(self, session, trace):
        """Show how bright they are."""
        self.outputs, self.selected_class = trace.outputs[0].astype(float), session.selected_class

    def aim(self, room, points, rows, light):
        """Put lamps at ``points`` (n, 2), and lines from them to ``rows`` (n, 2)."""
        self.points, count = points, len(points)
        lit = light * np.clip(self.outputs, 0, 1)[:, None]
        dark, bright = (np.divide(rgb(color), 255) for color in (self.theme.others, self.theme.text))
        size = max(1, self.surface.scale) * (SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * lit[:, 0])
        self.dots.set_dots(points, size, dark * (1 - lit) + bright * lit, lit[:, 0])
        colors = np.ones((count, 4))
        colors[:, :3] = np.divide(rgb(self.theme.hairline), 255)
        colors[self.selected_class, :3] = np.divide(rgb(self.theme.muted), 255)
        self.lead_lines.set_lines(np.stack([points, rows], axis=1), colors, np.ones(count))
        below = (GLOW_RINGS[0][0] * LARGEST_RADIUS - POINTING_REACH) * self.surface.scale  # the lowest node's glow
        self.dots.room = room[0], room[1] - below, room[2], room[3] + below
        self.lead_lines.room = room[0], room[1], rows[0, 0] - room[0], room[3]

    def cell_at(self, session, x, y):
        """Return the output node at a point."""
        left, bottom, width, height = self.dots.room
        distances = np.hypot(*(self.points - (x, y)).T)
        near = int(distances.argmin())
        inside = left <= x < left + width and bottom <= y < bottom + height
        return (near, 0) if inside and distances[near] <= POINTING_REACH else None

    def choose(self, session, row, column):
        """Select a class; once more: explain it."""
        return select_or_explain_class(session, row)

    def describe(self, session, row, column):
        """Say where the output comes from."""
        return output_runs(self, session, row), None
