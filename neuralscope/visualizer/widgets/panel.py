"""What every panel is: some artists, where they stand, and what the mouse finds there."""

from neuralscope.formatting import places, product, signed
from neuralscope.visualizer.drawing.text import Run
from neuralscope.visualizer.drawing.theme import CAPTION, KEY_END, NAME


class Panel:
    """A part of the window.

    Made once; `place` puts the artists where they belong, at the start and when the window changes its size; `update`
    sets data. It never draws and never connects.
    """

    chooses_class = False  # whether what is chosen in it is a class

    def __init__(self, painter):
        """Make the artists, which stand nowhere yet."""
        self.painter, self.theme = painter, painter.theme
        self.artists = []

    def add(self, artist):
        """Put an artist of this panel on the board and return it."""
        self.artists.append(self.painter.add(artist))
        return artist

    def close(self):
        """Take all artists off the board."""
        for artist in self.artists:
            artist.remove()
        self.artists.clear()

    def place(self):
        """Put the artists where they belong in a window of this size."""

    def update(self, session, trace):
        """Set the data of the artists from what the session shows and what the network did."""

    def parts(self):
        """Return the panels of which this one is made, each with its own spots."""
        return [self]

    # Spots: where a mouse can point and the cursor can stand, as (row, column)

    def grid(self, session):
        """Return how many rows and columns of spots there are, or None."""

    def first_spot(self, session):
        """Return the spot where the cursor begins."""
        return 0, 0

    def spot_at(self, session, x, y):
        """Return the spot at a point, or None."""

    def account(self, session, row, column):
        """Return the runs that say what a spot shows and where its number comes from, and the ring's bounds or None."""

    def choose(self, session, row, column):
        """Choose a spot; return the letter of the view that this opens, the panel the cursor goes to, or None."""

    def grasp(self, session, x, y, button):
        """Return what a press of a mouse button at a point takes hold of, or None; see `View.grasp`."""

    def moved(self, session, row, column):
        """Follow where the cursor has moved to."""

    def action_at(self, x, y):
        """Return the binding that a click at a point stands for, or None."""

    def run(self, text, size=CAPTION, color=None, **style):
        """Return a `Run` in the type of this window; ``color`` is a role of the theme, muted by default."""
        return Run(text, self.painter.points(size), getattr(self.theme, color or "muted"), **style)

    def push_runs(self, session, chosen, value, weight, decimals=2, versus=None):
        """Return the runs that say by how much ``value`` pushes class ``chosen`` through ``weight``.

        ``decimals``: how many the value is printed with at least; ``versus``: the weight is against that class.
        """
        push, names = value * weight, session.dataset.class_names
        whom = names[chosen] if versus is None else f"{names[chosen]} against {names[versus]}"
        return [self.run(f"pushes {whom} by", gap=2),
                self.run(f"{product(value, weight, decimals)} =", color="text", mono=True, gap=1.5),
                self.run(signed(push, places(push)), color="negative" if push < 0 else "positive", mono=True, gap=1.5)]

    def name(self, text):
        """Return the runs of a picture's name."""
        return (self.run(text, NAME, "text"),)

    def key_end(self, text):
        """Return the runs of a number at the end of a colour key."""
        return (self.run(text, KEY_END, mono=True),)


def inside(bounds, x, y):
    """Say whether a point lies in ``(left, bottom, width, height)``."""
    left, bottom, width, height = bounds
    return left <= x < left + width and bottom <= y < bottom + height
