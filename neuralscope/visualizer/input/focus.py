"""The keyboard's cursor: it stands on a spot of one panel, arrows move it, Enter chooses what it is on."""

from neuralscope.visualizer.input.keys import CURSOR


class Cursor:
    """Stands in ``panel``, whose `Panel.grid` says how many rows and columns there are to stand on."""

    bindings = CURSOR

    def __init__(self, session, panel):
        """Stand where the panel starts."""
        self.session, self.panel = session, panel
        self.spot = panel.first_spot(session)

    def within(self):
        """Return the spot, brought inside what the panel has now; None if it has nothing."""
        grid = self.panel.grid(self.session)
        if not grid:
            return None
        self.spot = tuple(min(max(0, at), count - 1) for at, count in zip(self.spot, grid, strict=True))
        return self.spot

    def move_cursor(self, key):
        """Move by one spot, not over the edge."""
        row, column = self.spot
        step = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}[key]
        self.spot = row + step[0], column + step[1]
        if self.within():
            self.panel.moved(self.session, *self.spot)

    def choose(self):
        """Choose what it is on; return what comes of it, as `Panel.choose` says."""
        return self.panel.choose(self.session, *self.spot) if self.within() else None

    def account(self):
        """Return the runs and the ring for the readout, or None."""
        return self.panel.account(self.session, *self.spot) if self.within() else None
