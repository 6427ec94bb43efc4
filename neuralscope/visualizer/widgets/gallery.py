"""A gallery: small pictures of digits in rows, each with two captions below it; what does not fit is on later pages."""
import math

import numpy as np

from neuralscope.visualizer.drawing.heatmap import Picture
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS, look_up
from neuralscope.visualizer.widgets.pager import Pager
from neuralscope.visualizer.widgets.panel import Panel, inside

BELOW, SECOND_LINE = 32, 14  # units below a picture: for captions side by side, and more for one below the other
GAP = 15  # units between pictures, at least


class Gallery(Panel):
    """Test digits as pictures of ``pixels`` cells, ``least`` of them in sight or up to twice as many.

    What it shows is a subclass's: `digits` returns the indices of the test digits, `captions` the runs below one, and
    `widest` two runs that no caption is wider than; `account` and `choose` are about the digit of `digit_at`.
    """

    def __init__(self, painter, pixels, least):
        """Make the pictures and captions, and the way to turn pages."""
        super().__init__(painter)
        self.side, self.least = math.isqrt(pixels), least
        self.tiles = [(self.add(Picture()), self.add(Line()), self.add(Line(align="right"))) for _ in range(2 * least)]
        self.here = self.add(Block(self.theme.accent))
        self.pager = Pager(painter, self)
        self.all, self.first = np.zeros(0, np.int64), 0  # digits; the first row in sight

    def digits(self, session):
        """Return the indices of the test digits to show, in their order."""

    def captions(self, session, digit):
        """Return the runs of the caption at the left and of the one at the right."""

    def widest(self):
        """Return the widest runs that the captions can have, left and right."""

    def place(self, left, top, width, height):
        """Share the room so that the pictures are as large as they can be; the last ones end at the right edge."""
        lead, gap = self.painter.leading, GAP * self.painter.scale
        pixel = self.painter.figure.dpi / UNITS
        spare = 10 * lead  # nothing stands below the last captions
        captions = sum(self.tiles[0][1].measure(runs) for runs in self.widest()) + 8

        def arrange(columns):
            rows = -(-self.least // columns)
            for label in (BELOW * lead, (BELOW + SECOND_LINE) * lead):
                room = min((width + gap) / columns - gap, (height + spare) / rows - label)
                side = max(1, int(room / self.side * pixel + 1e-6)) * self.side / pixel
                if side >= captions:
                    break
            fitting = max(rows, int((height + spare) / (side + label)))
            return side, min(fitting, len(self.tiles) // columns), columns, label

        self.size, self.rows, self.columns, label = max(
            map(arrange, range(1, len(self.tiles) + 1)), key=lambda found: (found[0], found[1] * found[2]))
        across, down = (width - self.size) / max(1, self.columns - 1), (height + spare) / self.rows
        for number, (picture, one, two) in enumerate(self.tiles):
            row, column = divmod(number, self.columns)
            x, y = left + column * min(across, 1.5 * self.size), top - row * min(down, self.size + 1.4 * label)
            picture.room = (x, y, self.size, self.size)
            one.x, two.x = x, x + self.size
            one.y = two.y = y - self.size - 17 * lead
            two.align = "right"
            if label > BELOW * lead:
                two.x, two.align, two.y = x, "left", one.y - SECOND_LINE * lead

    @property
    def in_sight(self):
        """How many digits fit."""
        return self.rows * self.columns

    def look(self, session):
        """Find the digits to show; where they are others than before, begin with the first of them."""
        digits = self.digits(session)
        if not np.array_equal(digits, self.all):
            self.all, self.first = digits, self.opening_row(session, digits)
        self.first = max(0, min(self.first, -(-len(self.all) // self.columns) - self.rows))

    def opening_row(self, session, digits):
        """Return the row to begin with."""
        return 0

    def update(self, session, trace):
        """Show the digits in sight, and underline the one that the session shows."""
        self.look(session)
        start = self.first * self.columns
        self.here.set_visible(False)
        for number, (picture, one, two) in enumerate(self.tiles):
            visible = number < self.in_sight and start + number < len(self.all)
            for artist in (picture, one, two):
                artist.set_visible(visible)
            if visible:
                self._show(session, int(self.all[start + number]), picture, one, two)
        self.pager.say(start, start + self.in_sight, len(self.all))

    def _show(self, session, digit, picture, one, two):
        image = session.digits.images[digit].reshape(self.side, self.side)
        picture.set_cells(look_up(self.theme.ink, image, 1))
        for line, runs in zip((one, two), self.captions(session, digit), strict=True):
            line.set_runs(runs)
        if digit == session.index:
            left, bottom, width, _ = picture.bounds()
            self.here.set_bounds(left, bottom - 4, width, 2)
            self.here.set_visible(True)

    def turn(self, session, pages):
        """Go some pages on."""
        self.first += pages * self.rows
        self.look(session)

    # Spots: all digits, also those that are not in sight

    def parts(self):
        """Return the pictures, and the way to turn pages."""
        return [self, self.pager]

    def digit_at(self, row, column):
        """Return the digit at a place, or None."""
        place = row * self.columns + column
        return int(self.all[place]) if place < len(self.all) else None

    def tile_bounds(self, row, column):
        """Return the bounds of a place in sight, or None."""
        place = (row - self.first) * self.columns + column
        return self.tiles[place][0].bounds() if 0 <= place < self.in_sight else None

    def grid(self, session):
        """Return the rows and columns that all digits take."""
        self.look(session)
        count = len(self.all)
        return (-(-count // self.columns), min(count, self.columns)) if count else None

    def first_spot(self, session):
        """Begin at the digit shown, if it is in sight, else at the first that is."""
        self.look(session)
        start = self.first * self.columns
        found = np.flatnonzero(self.all[start:start + self.in_sight] == session.index)
        return divmod(start + (int(found[0]) if len(found) else 0), self.columns)

    def spot_at(self, session, x, y):
        """Return the place at a point."""
        for number, (picture, _, _) in enumerate(self.tiles[:self.in_sight]):
            if picture.get_visible() and inside(picture.bounds(), x, y):
                return self.first + number // self.columns, number % self.columns
        return None

    def moved(self, session, row, column):
        """Bring the cursor's row into sight."""
        self.first = min(max(self.first, row - self.rows + 1), row)

    def close(self):
        """Take everything off the board."""
        self.pager.close()
        super().close()


class Headed(Gallery):
    """Adds to a `Gallery` its heading, the order, the head of the numbers, and what is said where it is empty."""

    with_numbers = True  # whether there is room for a second caption, the digits' numbers

    def __init__(self, painter, pixels, least):
        """Make the lines."""
        super().__init__(painter, pixels, least)
        self.heading, self.order = self.add(Line()), self.add(Line())
        self.number_head, self.none = self.add(Line(align="right")), self.add(Line())

    def place(self, left, top, width, height):
        """Put the heading above the pictures."""
        super().place(left, top, width, height)
        lead, right = self.painter.leading, left + width
        self.left, self.width = left, width
        for line, x, y in ((self.heading, left, top + 33 * lead), (self.order, left, top + 10 * lead),
                           (self.number_head, right, top + 10 * lead), (self.none, left, top - 20 * lead)):
            line.x, line.y = x, y
        self.none.max_width = width
        self.pager.place(right, top + 33 * lead)

    def head(self, headings, orders, nones):
        """Set the wordings of heading, order and of what is said where there is none; the middle ones are texts."""
        count, where = len(self.all), self.pager.where
        where.max_width = where.x - self.left - self.heading.measure(headings[-1]) - 16
        self.heading.max_width = self.pager.left - 16 - self.left
        self.heading.set_runs(*headings)
        self.number_head.set_runs((self.run("test digit"),) if count and self.with_numbers else ())
        self.order.max_width = self.width - self.number_head.bounds()[2] - 16
        self.order.set_runs(*((self.run(words),) for words in (orders if count else ("",))))
        self.none.set_runs(*nones if not count else ((),))
