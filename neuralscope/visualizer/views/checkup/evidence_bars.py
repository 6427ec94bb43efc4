"""Rows of bars: a name, a bar, a figure."""

from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL_PT, NAME_PT, rgb
from neuralscope.visualizer.views.checkup.evidence_rows import MAX_ROWS, evidence_rows
from neuralscope.visualizer.widgets.panel import Panel, inside

ROW_HEIGHT, BAR_HEIGHT = 34, 16  # units


class EvidenceBars(Panel):
    """What `evidence_rows` makes of a result, all bars on one scale."""

    def __init__(self, surface):
        """Make the artists of as many rows as there may be."""
        super().__init__(surface)
        self.rows, self.bounds = [], []
        self.caption, self.axis, self.bars = self.add(Line()), self.add(Block(self.theme.hairline)), self.add(Blocks())
        self.names = [self.add(Line()) for _ in range(MAX_ROWS)]
        self.figures, self.additions = ([self.add(Line(align="right")) for _ in range(MAX_ROWS)] for _ in "12")

    def hide(self):
        """Show nothing."""
        for artist in self.artists:
            artist.set_visible(False)

    def show(self, session, result, box):
        """Show a result's rows in a box; say whether there are any."""
        found = evidence_rows(result, session.check_ups.data.noun)
        if not found:
            return False
        caption, rows = found
        for artist in self.artists:
            artist.set_visible(True)
        lead, scale = self.surface.leading, self.surface.scale
        self.caption.x, self.caption.y = box.left, box.top - 12 * lead
        self.caption.max_width = box.width
        self.caption.set_runs((self.run(caption),))
        self._show_rows(rows, box.below(box.top - 28 * lead), lead, scale)
        return True

    def _show_rows(self, rows, box, lead, scale):
        """Show the rows as high as there is room for them."""
        measure = self.caption.measure
        names = max(measure(self._name(row)) for row in rows)
        figures = max(measure(self._figure(row)) for row in rows)
        additions = max(measure((self.run(row.addition),)) for row in rows)
        gap = 14 * scale
        has_room = box.width - names - figures - additions - 3 * gap > 0.25 * box.width
        right = box.right - (additions + gap if additions and has_room else 0)
        left = box.left + names + gap
        width, height = right - figures - gap - left, min(ROW_HEIGHT * lead, box.height / len(rows))
        bar = min(BAR_HEIGHT * lead, 0.7 * height)
        bounds, colors = [], []
        for place in range(MAX_ROWS):
            row = rows[place] if place < len(rows) else None
            middle = box.top - (place + 0.5) * height
            for line, x in ((self.names[place], box.left), (self.figures[place], right),
                            (self.additions[place], box.right)):
                line.x, line.y = x, middle - 4.5 * lead
            self.names[place].set_runs(self._name(row) if row else ())
            self.figures[place].set_runs(self._figure(row) if row else ())
            self.additions[place].set_runs((self.run(row.addition),) if row and row.addition and has_room else ())
            if row and row.value is not None:
                bounds.append((left, middle - bar / 2, max(0, row.value * width), bar))
                colors.append((*rgb(self.theme.answer if row.strong else self.theme.others), 255))
        self.bars.set_blocks(bounds, colors)
        self.rows, self.bounds = rows, [(box.left, box.top - (place + 1) * height, box.width, height)
                                        for place in range(len(rows))]
        self.axis.set_bounds(left - 1, box.top - height * len(rows), 1 if bounds else 0, height * len(rows))

    def _name(self, row):
        return (self.run(row.name, NAME_PT, "text", bold=row.strong),)

    def _figure(self, row):
        return (self.run(row.figure, LABEL_PT if row.strong else NAME_PT, "text", mono=True, bold=row.strong),)

    # Cells: one a row

    def grid(self, session):
        """Return a cell a row."""
        return len(self.rows), 1

    def cell_at(self, session, x, y):
        """Return the row at a point."""
        return next(((place, 0) for place, bounds in enumerate(self.bounds) if inside(bounds, x, y)), None)

    def describe(self, session, row, column):
        """Say a row's figure, and what stands beside it where there is room."""
        found = self.rows[row]
        addition = [self.run(found.addition, gap=2)] if found.addition else []
        return (self.run(found.name, color="text", bold=True), self.run(found.figure, color="text", mono=True, gap=2),
                *addition), None
