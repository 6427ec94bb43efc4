"""The keyboard's cursor: it stands on a cell of one panel, arrows move it, Enter chooses what it is on."""

from neuralscope.visualizer.input.keys import FOCUS_KEYS


class Cursor:
    """Stands in ``panel``, whose `Panel.grid` says how many rows and columns there are to stand on."""

    bindings = FOCUS_KEYS

    def __init__(self, session, panel):
        """Stand where the panel starts."""
        self.session, self.panel = session, panel
        self.cell = panel.first_cell(session)

    def clamped_cell(self):
        """Return the cell, brought inside what the panel has now; None if it has nothing."""
        grid = self.panel.grid(self.session)
        if not grid:
            return None
        self.cell = tuple(min(max(0, at), count - 1) for at, count in zip(self.cell, grid, strict=True))
        return self.cell

    def move_focus(self, key):
        """Move by one cell, not over the edge."""
        row, column = self.cell
        step = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}[key]
        self.cell = row + step[0], column + step[1]
        if self.clamped_cell():
            self.panel.focus_moved(self.session, *self.cell)

    def choose(self):
        """Choose what it is on; return what comes of it, as `Panel.choose` says."""
        return self.panel.choose(self.session, *self.cell) if self.clamped_cell() else None

    def describe(self):
        """Return the runs and the ring for the readout, or None."""
        return self.panel.describe(self.session, *self.cell) if self.clamped_cell() else None
