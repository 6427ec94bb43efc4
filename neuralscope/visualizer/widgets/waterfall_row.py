"""One row of a waterfall, and the bars of all of them."""

from neuralscope.formatting import number, sign_word, signed
from neuralscope.visualizer.drawing.heatmap import Heatmap
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT
from neuralscope.visualizer.widgets.panel import Panel

TILE_SIDE = 28  # units


class WaterfallRow(Panel):
    """One row: tile, name, factors, contribution, bar with a joint to the next one, total."""

    def __init__(self, surface):
        """Make the artists of the row."""
        super().__init__(surface)
        self.tile = self.add(Heatmap())
        self.name, self.factors, self.contribution, self.total = (
            self.add(Line(align=align)) for align in ("left", "right", "right", "right"))
        self.bar, self.joint = self.add(Block(self.theme.others)), self.add(Block(self.theme.faint))

    def place(self, columns, y):
        """Stand at a height; ``columns``: where tile, name, factors, contribution and total stand."""
        self.columns, self.y = columns, y
        self.tile.room = (columns[0], y + TILE_SIDE / 2, TILE_SIDE, TILE_SIDE)
        for line, x in zip((self.name, self.factors, self.contribution, self.total), columns[1:], strict=True):
            line.x, line.y = x, y - 4.5 * self.surface.leading

    def show(self, names=(), factors="", contribution=None, total=0.0, bold=False, indent=True):
        """Set the words; no ``contribution``: an empty row."""
        self.name.x = self.columns[1 if indent else 0]
        texts = "−00.00", "" if contribution is None else signed(contribution)
        widest = max(self.contribution.measure((self.run(text, READOUT_PT, mono=True, bold=True),)) for text in texts)
        self.name.max_width = None if factors else self.columns[3] - widest - self.name.x
        self.name.set_runs(*((self.run(words, READOUT_PT, "text" if indent or bold else "muted", bold=bold),)
                             for words in names))
        self.factors.max_width = self.factors.x - sum(self.name.bounds()[0:3:2]) - 10
        self.factors.set_runs((self.run(factors, mono=True),) if factors else (), ())  # long ones: the readout has them
        if contribution is None:
            self.contribution.set_runs(())
            self.total.set_runs(())
            return
        sign = "text" if bold else sign_word(contribution)
        self.contribution.set_runs((self.run(signed(contribution), READOUT_PT, sign, mono=True, bold=bold),))
        figures = {"size": READOUT_PT, "color": "text", "bold": True} if bold else {}
        self.total.set_runs((self.run(number(total), mono=True, **figures),))

    def draw_bar(self, start, end, color, joint, below):
        """Draw the bar between two places, and a joint at a third to the row ``below``, if there is one."""
        thick = 17 * self.surface.scale
        self.bar.set_bounds(min(start, end), self.y - thick / 2, abs(end - start), thick)
        self.bar.set_facecolor(color)
        reach = self.y - thick / 2 - (below + thick / 2) if below is not None else 0
        self.joint.set_bounds(joint - 0.5, self.y - thick / 2 - reach, 1 if reach > 0 else 0, max(0, reach))


def draw_waterfall(rows, steps, start, end):
    """Draw the bars of ``steps`` and of their sum in ``rows``, between two places; return where zero is."""
    totals = [0.0, *(step.total for step in steps)]
    low, theme = min(totals), rows[0].theme
    stretch = (end - start) / ((max(totals) - low) or 1)

    def at(total):
        return start + (total - low) * stretch

    for index, step in enumerate(steps):
        color = theme.negative if step.contribution < 0 else theme.positive
        end_at = at(step.total)
        rows[index].draw_bar(at(step.total - step.contribution), end_at, color, end_at, rows[index + 1].y)
    rows[len(steps)].draw_bar(at(0), at(totals[-1]), theme.answer, 0, None)
    for row in rows[len(steps) + 1:]:
        row.draw_bar(0, 0, theme.answer, 0, None)
    return at(0)
