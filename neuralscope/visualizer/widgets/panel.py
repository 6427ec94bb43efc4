"""What every panel is: some artists, where they stand, and what the mouse finds there."""

from neuralscope.errors import printable
from neuralscope.formatting import decimals_needed, product_factors, sign_word, signed
from neuralscope.visualizer.drawing.text import TextRun
from neuralscope.visualizer.drawing.theme import CAPTION_PT, KEY_END_PT, NAME_PT


class Panel:
    """A part of the window.

    Made once; `place` puts the artists where they belong, at the start and when the window changes its size; `update`
    sets data. It never draws and never connects.
    """

    selects_class = False  # whether its cells stand for classes

    def __init__(self, surface):
        """Make the artists, which stand nowhere yet."""
        self.surface, self.theme = surface, surface.theme
        self.artists = []

    def add(self, artist):
        """Put an artist of this panel on the surface and return it."""
        self.artists.append(self.surface.add(artist))
        return artist

    def close(self):
        """Take all artists off the surface."""
        for artist in self.artists:
            artist.remove()
        self.artists.clear()

    def place(self):
        """Put the artists where they belong in a window of this size."""

    def update(self, session, trace):
        """Set the data of the artists from what the session shows and what the network did."""

    def parts(self):
        """Return the panels of which this one is made, each with its own cells."""
        return [self]

    # Cells: where a mouse can point and the cursor can stand, as (row, column)

    def grid(self, session):
        """Return how many rows and columns of cells there are, or None."""

    def first_cell(self, session):
        """Return the cell where the cursor begins."""
        return 0, 0

    def cell_at(self, session, x, y):
        """Return the cell at a point, or None."""

    def describe(self, session, row, column):
        """Return the runs that say what a cell shows and where its number comes from, and the ring's bounds or None."""

    def choose(self, session, row, column):
        """Choose a cell; return what comes of it, one of `input.results`, or None."""

    def start_drag(self, session, x, y, button):
        """Return what a press of a mouse button at a point takes hold of, or None; see `View.start_drag`."""

    def focus_moved(self, session, row, column):
        """Follow where the cursor has moved to."""

    def binding_at(self, x, y):
        """Return the binding that a click at a point stands for, or None."""

    def run(self, text, size=CAPTION_PT, color=None, **style):
        """Return a `TextRun` in the type of this window; ``color`` is a role of the theme, muted by default."""
        return TextRun(printable(text), self.surface.points(size), getattr(self.theme, color or "muted"), **style)

    def contribution_runs(self, session, selected_class, value, weight, decimals=2, contrast_class=None):
        """Return the runs that say what ``value`` contributes to class ``selected_class`` through ``weight``.

        ``decimals``: how many the value is printed with at least; ``contrast_class``: the weight is against that class.
        """
        contribution, names = value * weight, session.dataset.class_names
        against = "" if contrast_class is None else f" against {names[contrast_class]}"
        color, figure = sign_word(contribution), {"mono": True, "gap": 1.5}
        return [self.run(f"pushes {names[selected_class]}{against} by", gap=2),
                self.run(f"{product_factors(value, weight, decimals)} =", color="text", **figure),
                self.run(signed(contribution, decimals_needed(contribution)), color=color, **figure)]

    def name(self, text):
        """Return the runs of a picture's name."""
        return (self.run(text, NAME_PT, "text"),)

    def key_end(self, text):
        """Return the runs of a number at the end of a colour key."""
        return (self.run(text, KEY_END_PT, mono=True),)


def inside(bounds, x, y):
    """Say whether a point lies in ``(left, bottom, width, height)``."""
    left, bottom, width, height = bounds
    return left <= x < left + width and bottom <= y < bottom + height
