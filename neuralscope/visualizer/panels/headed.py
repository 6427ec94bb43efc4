"""A gallery below a heading, with a line that says in which order its digits stand."""

from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.panels.gallery import Gallery


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
