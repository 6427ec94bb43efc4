"""A figure in units, its margins, and one frame for any number of changes."""

from neuralscope.visualizer.drawing.layout import FOOT, LEFT, PLATE_WIDTH, RIGHT, TOP, Box
from neuralscope.visualizer.drawing.theme import KEY_END_PT, UNITS_PER_INCH

DESIGN_WIDTH, DESIGN_HEIGHT = 1400, 800  # the window that the sizes are made for


class Surface:
    """Puts artists on ``figure`` and asks its canvas for frames.

    Since text is stamped and pictures are looked up, a whole frame costs less than keeping a background to blit over:
    so there is one way to draw, everywhere. ``draw_idle`` makes any number of changes one frame, and a held key never
    falls behind.
    """

    def __init__(self, figure, theme):
        """Take over ``figure``, which is empty."""
        self.figure, self.theme = figure, theme
        figure.set_facecolor(theme.background)

    def add(self, artist):
        """Put ``artist`` on the figure and return it."""
        return self.figure.add_artist(artist)

    def redraw(self):
        """Ask for a frame."""
        self.figure.canvas.draw_idle()

    @property
    def width(self):
        """The window's width in units."""
        return float(self.figure.get_figwidth()) * UNITS_PER_INCH

    @property
    def height(self):
        """The window's height in units."""
        return float(self.figure.get_figheight()) * UNITS_PER_INCH

    @property
    def scale(self):
        """How large the window is, 1 at 1400 x 800."""
        return min(self.width / DESIGN_WIDTH, self.height / DESIGN_HEIGHT)

    @property
    def leading(self):
        """How far lines of text stand apart, 1 at 1400 x 800; it stops shrinking where the type does."""
        return max(self.scale, 0.85)

    def points(self, size):
        """Return the size of type in this window, in points, never below the smallest."""
        return max(KEY_END_PT, size * self.scale)

    def x(self, share):
        """Return where a share of the window's width ends, in units."""
        return share * self.width

    def y(self, share):
        """Return where a share of the window's height ends, in units."""
        return share * self.height

    def page(self, foot=FOOT, top=TOP, by_height=False):
        """Return the `Box` between the margins, from one share of the height to another.

        ``by_height``: its upper edge is the sum of foot and height, which may be another float. Where something stands
        half a pixel off, this decides to which side it goes: a view keeps to one of the two.
        """
        if by_height:
            return Box(self.x(LEFT), self.y(foot), self.x(round(RIGHT - LEFT, 6)), self.y(round(top - foot, 6)))
        return Box.between(self.x(LEFT), self.x(RIGHT), self.y(foot), self.y(top))

    def plate(self, foot, top):
        """Return the `Box` of a plate under text, from one share of the height to another."""
        return Box(self.x(LEFT), self.y(foot), self.x(PLATE_WIDTH), self.y(round(top - foot, 6)))

    @property
    def is_upright(self):
        """Whether the window is higher than wide."""
        return self.height > self.width

    def to_units(self, event):
        """Return where a mouse event is, in units."""
        unit = self.figure.dpi / UNITS_PER_INCH
        return event.x / unit, event.y / unit
