"""A gallery: small pictures of digits in rows, each with two captions below it; what does not fit is on later pages."""

import numpy as np

from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import UNITS_PER_INCH
from neuralscope.visualizer.widgets.heatmap_panel import inputs_picture, show_inputs
from neuralscope.visualizer.widgets.pager import Pager, page_labels
from neuralscope.visualizer.widgets.panel import Panel, inside

# units below a picture: for captions side by side, and more for one below the other
CAPTION_ROOM, SECOND_CAPTION_ROOM = 32, 14
MIN_PICTURE_GAP = 15  # units between pictures, at least


class Gallery(Panel):
    """Test digits as pictures of `Inputs`, ``min_pictures`` of them in sight or up to twice as many.

    What it shows is a subclass's: `digits` returns the indices of the test digits, `captions` the runs below one, and
    `widest` two runs that no caption is wider than; `describe` and `choose` are about the digit of `digit_at`.
    """

    def __init__(self, surface, inputs, least):
        """Make the pictures and captions, and the way to turn pages."""
        super().__init__(surface)
        self.inputs, self.min_pictures = inputs, least
        self.tiles = [(self.add(inputs_picture(self.theme, inputs)), self.add(Line()), self.add(Line(align="right")))
                      for _ in range(2 * least)]
        self.shown_mark = self.add(Block(self.theme.accent))
        self.pager = Pager(surface, self, page_labels(inputs.sample))
        self.all, self.first = np.zeros(0, np.int64), 0  # digits; the first row in sight

    def digits(self, session):
        """Return the indices of the test digits to show, in their order."""

    def captions(self, session, digit):
        """Return the runs of the caption at the left and of the one at the right."""

    def widest(self):
        """Return the widest runs that the captions can have, left and right."""

    def place(self, box):
        """Share the room so that the pictures are as large as they can be; the last ones end at the right edge."""
        left, _, width, height = box
        lead, gap = self.surface.leading, MIN_PICTURE_GAP * self.surface.scale
        pixel = self.surface.figure.dpi / UNITS_PER_INCH
        spare = 10 * lead  # nothing stands below the last captions
        down, across = self.inputs.shape if self.inputs.is_picture else (1, 1)
        captions = sum(self.tiles[0][1].measure(runs) for runs in self.widest()) + 8

        def arrange(columns):
            rows = -(-self.min_pictures // columns)
            for label in (CAPTION_ROOM * lead, (CAPTION_ROOM + SECOND_CAPTION_ROOM) * lead):
                room = (width + gap) / columns - gap, (height + spare) / rows - label
                cell = min(side / count for side, count in zip(room, (across, down), strict=True)) * pixel
                cell = (int(cell + 1e-6) or max(cell, 0.1)) / pixel
                if cell * across >= captions:
                    break
            fitting = max(rows, int((height + spare) / (cell * down + label)))
            return cell, min(fitting, len(self.tiles) // columns), columns, label

        cell, self.rows, self.columns, label = max(
            map(arrange, range(1, len(self.tiles) + 1)), key=lambda found: (found[0], found[1] * found[2]))
        self.size, self.tile_height = cell * across, cell * down
        across, down = (width - self.size) / max(1, self.columns - 1), (height + spare) / self.rows
        for number in range(len(self.tiles)):
            row, column = divmod(number, self.columns)
            self._place_tile(number, left + column * min(across, 1.5 * self.size),
                             box.top - row * min(down, self.tile_height + 1.4 * label), label > CAPTION_ROOM * lead)

    def _place_tile(self, number, x, y, captions_stacked):
        picture, left_caption, right_caption = self.tiles[number]
        picture.room = (x, y, self.size + 1e-3, self.tile_height + 1e-3)
        left_caption.x, right_caption.x = x, x + self.size
        left_caption.y = right_caption.y = y - self.tile_height - 17 * self.surface.leading
        right_caption.align = "right"
        if captions_stacked:
            right_caption.x, right_caption.align = x, "left"
            right_caption.y = left_caption.y - SECOND_CAPTION_ROOM * self.surface.leading

    @property
    def visible_count(self):
        """How many digits fit."""
        return self.rows * self.columns

    def find_digits(self, session):
        """Find the digits to show; where they are others than before, begin with the first of them."""
        digits = self.digits(session)
        if not np.array_equal(digits, self.all):
            self.all, self.first = digits, self.initial_row(session, digits)
        self.first = max(0, min(self.first, -(-len(self.all) // self.columns) - self.rows))

    def initial_row(self, session, digits):
        """Return the row to begin with."""
        return 0

    def update(self, session, trace):
        """Show the digits in sight, and underline the one that the session shows."""
        self.find_digits(session)
        start = self.first * self.columns
        self.shown_mark.set_visible(False)
        for number, (picture, left_caption, right_caption) in enumerate(self.tiles):
            visible = number < self.visible_count and start + number < len(self.all)
            for artist in (picture, left_caption, right_caption):
                artist.set_visible(visible)
            if visible:
                self._show(session, int(self.all[start + number]), picture, left_caption, right_caption)
        self.pager.show(start, start + self.visible_count, len(self.all))

    def _show(self, session, digit, picture, left_caption, right_caption):
        show_inputs(picture, self.theme, self.inputs, session.digits.images[digit])
        for line, runs in zip((left_caption, right_caption), self.captions(session, digit), strict=True):
            line.set_runs(runs)
        if digit == session.index:
            left, bottom, width, _ = picture.bounds()
            self.shown_mark.set_bounds(left, bottom - 4, width, 2)
            self.shown_mark.set_visible(True)

    def turn_pages(self, session, pages):
        """Go some pages on."""
        self.first += pages * self.rows
        self.find_digits(session)

    # Cells: all digits, also those that are not in sight

    def parts(self):
        """Return the pictures, and the way to turn pages."""
        return [self, self.pager]

    def digit_at(self, row, column):
        """Return the digit at a place, or None."""
        index = row * self.columns + column
        return int(self.all[index]) if index < len(self.all) else None

    def tile_bounds(self, row, column):
        """Return the bounds of a place in sight, or None."""
        index = (row - self.first) * self.columns + column
        return self.tiles[index][0].bounds() if 0 <= index < self.visible_count else None

    def grid(self, session):
        """Return the rows and columns that all digits take."""
        self.find_digits(session)
        count = len(self.all)
        return (-(-count // self.columns), min(count, self.columns)) if count else None

    def first_cell(self, session):
        """Begin at the digit shown, if it is in sight, else at the first that is."""
        self.find_digits(session)
        start = self.first * self.columns
        found = np.flatnonzero(self.all[start:start + self.visible_count] == session.index)
        return divmod(start + (int(found[0]) if len(found) else 0), self.columns)

    def cell_at(self, session, x, y):
        """Return the place at a point."""
        for number, (picture, _, _) in enumerate(self.tiles[:self.visible_count]):
            if picture.get_visible() and inside(picture.bounds(), x, y):
                return self.first + number // self.columns, number % self.columns
        return None

    def focus_moved(self, session, row, column):
        """Bring the cursor's row into sight."""
        self.first = min(max(self.first, row - self.rows + 1), row)

    def close(self):
        """Take everything off the figure."""
        self.pager.close()
        super().close()


class HeadedGallery(Gallery):
    """Adds to a `Gallery` its heading, the order, the head of the numbers, and what is said where it is empty."""

    with_numbers = True  # whether there is room for a second caption, the digits' numbers

    def __init__(self, surface, inputs, least):
        """Make the lines."""
        super().__init__(surface, inputs, least)
        self.heading, self.order = self.add(Line()), self.add(Line())
        self.number_head, self.empty_line = self.add(Line(align="right")), self.add(Line())

    def place(self, box):
        """Put the heading above the pictures."""
        super().place(box)
        lead, (left, _, width, _), top, right = self.surface.leading, box, box.top, box.right
        self.left, self.width = left, width
        for line, x, y in ((self.heading, left, top + 33 * lead), (self.order, left, top + 10 * lead),
                           (self.number_head, right, top + 10 * lead), (self.empty_line, left, top - 20 * lead)):
            line.x, line.y = x, y
        self.empty_line.max_width = width
        self.pager.place(right, top + 33 * lead)

    def set_heading(self, headings, orders, nones):
        """Set the wordings of heading, order and of what is said where there is none; the middle ones are texts."""
        count, where = len(self.all), self.pager.where
        where.max_width = where.x - self.left - self.heading.measure(headings[-1]) - 16
        self.heading.max_width = self.pager.left - 16 - self.left
        self.heading.set_runs(*headings)
        self.number_head.set_runs((self.run(f"test {self.inputs.sample}"),) if count and self.with_numbers else ())
        self.order.max_width = self.width - self.number_head.bounds()[2] - 16
        self.order.set_runs(*((self.run(words),) for words in (orders if count else ("",))))
        self.empty_line.set_runs(*nones if not count else ((),))
