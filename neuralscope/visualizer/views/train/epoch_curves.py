"""A chart of what a training has measured: a value for each epoch, on training and on test digits."""

import numpy as np

from neuralscope.formatting import number, plain, size, thousands
from neuralscope.visualizer.drawing.scales import MOST, epoch_ticks, epochs_end, loss_axis, right_axis
from neuralscope.visualizer.drawing.shapes import Block, Blocks, Polyline
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import NAME, READOUT, UNITS, rgb
from neuralscope.visualizer.widgets.panel import Panel, inside

DETAIL = 200  # points of the line of all batches
DOT = 5  # units


class Chart(Panel):
    """Curves over the epochs, their names and last values at their ends; ``train`` and ``test`` name the rows' columns.

    On a log axis a loss shows its ratios, and a share that is right those of what is wrong.
    """

    def __init__(self, painter, name, train, test):
        """Make the artists; with ``train`` "loss" there is a thin line for the batches as they came."""
        super().__init__(painter)
        self.words, self.train, self.test, self.is_loss = name, train, test, train == "loss"
        self.title, self.note = self.add(Line()), self.add(Line(align="right"))
        self.grid_lines = self.add(Blocks())
        self.up = [self.add(Line(align="right")) for _ in range(MOST)]
        self.across = [self.add(Line(align="center")) for _ in range(MOST)]
        self.batches = self.add(Polyline(self.theme.faint, 1))
        self.batches.set_zorder(1.2)  # below the others
        self.curves = {train: self.add(Polyline(self.theme.muted, 1.6, (5, 3))), test: self.add(Polyline(self.theme.text, 2))}
        self.rows = ()
        self.dots, self.here = self.add(Blocks()), self.add(Block(self.theme.accent))
        self.ends = {name: self.add(Line()) for name in (test, train)}

    def place(self, left, top, width, height):
        """Put the name above, and numbers left of and below the lines."""
        lead = self.painter.leading
        figures = self.note.measure((self.run("99.99 %", mono=True),)) + 10
        last = self.note.measure((self.run("train", gap=0), self.run("100.00 %", mono=True, gap=1))) + 12
        self.box = left + figures, top - height, width - figures - last, height
        self.title.x, self.note.x, self.title.y = left, left + width, top + 13 * lead
        self.note.y = self.title.y
        for line in self.across:
            line.y = top - height - 19 * lead

    def show(self, moment, log):
        """Show a Moment, on a log axis or not."""
        left, bottom, width, height = self.box
        self.rows = moment.rows
        done = moment.step / moment.steps_per_epoch
        self.end = epochs_end(done, moment.epochs)
        steps, losses = thinned(moment.losses) if self.is_loss else (np.zeros(0), np.zeros(0))
        epochs = np.array([row["epoch"] for row in self.rows], float)
        values = {name: np.array([row[name] for row in self.rows], float) for name in self.curves}
        self.axis = (loss_axis if self.is_loss else right_axis)(np.concatenate([losses, *values.values()]), log)
        across = {name: self._points(epochs, column) for name, column in values.items()}
        self.batches.set_points(self._points(steps / moment.steps_per_epoch, losses))
        for name, curve in self.curves.items():
            curve.set_points(across[name])
        self.points = across[self.test]
        dots = self.points if 2 * DOT * len(self.points) <= width * done / self.end else self.points[-1:]
        self.dots.set_blocks([(x - DOT / 2, y - DOT / 2, DOT, DOT) for x, y in dots],
                             np.full((len(dots), 4), (*rgb(self.theme.text), 255)))
        now = left + width * done / self.end
        self.here.set_bounds(now - 0.75, bottom, 1.5 * (done > 0), height)
        self._label(log)
        self._name_ends(values, across)

    def _points(self, epochs, values):
        left, bottom, width, height = self.box
        there = np.isfinite(values)
        return np.stack([left + width * epochs[there] / self.end,
                         bottom + height * self.axis.heights(values[there])], axis=1)

    def _label(self, log):
        left, bottom, width, height = self.box
        ticks = self.axis.ticks
        heights = bottom + height * self.axis.heights(ticks)
        self.title.set_runs(self.name(self.words))
        self.note.max_width = self.note.x - self.title.x - self.title.bounds()[2] - 12
        self.note.set_runs(*((self.run(words),) for words in (
            ("thin line: the batches as they came", "thin: batches") if self.is_loss else
            ("log of what is wrong",) if log else ())), ())
        pixel = UNITS / self.painter.figure.dpi
        self.grid_lines.set_blocks([(left, y - pixel / 2, width, pixel) for y in heights],
                                   np.full((len(heights), 4), (*rgb(self.theme.panel), 255)))
        for line in (*self.up, *self.across):
            line.set_runs(())
        for line, tick, y in zip(self.up, ticks, heights, strict=False):
            line.x, line.y = left - 10, y - 4 * self.painter.leading
            line.set_runs((self.run(self.tick(tick), mono=True),))
        for line, epoch in zip(self.across, epoch_ticks(self.end), strict=False):
            line.x = left + width * epoch / self.end
            line.set_runs((self.run(str(epoch), mono=True),))

    def tick(self, value):
        """Write a value of the axis."""
        return plain(value) if self.is_loss else f"{100 * value:g} %"

    def write(self, value):
        """Write a value."""
        return size(value, 3) if self.is_loss else f"{100 * value:.2f} %"

    def _name_ends(self, values, points):
        """Put name and last value at the end of each curve, one above the other where they would overlap."""
        lead, ends = 15 * self.painter.leading, {}
        for name in self.ends:
            ends[name] = points[name][-1][1] if len(points[name]) else None
            self.ends[name].set_runs(())
        if None in ends.values():
            return
        first, second = sorted(ends, key=ends.get)  # from below
        gap = max(0.0, lead - (ends[second] - ends[first]))
        ends[first], ends[second] = ends[first] - gap / 2, ends[second] + gap / 2
        floor = max(0.0, self.box[1] + 4 - ends[first])
        for name, line in self.ends.items():
            line.x = self.box[0] + self.box[2] + 12
            line.y = ends[name] + floor - 4 * self.painter.leading
            strong = {"color": "text", "bold": True} if name == self.test else {}
            line.set_runs((self.run("test" if name == self.test else "train", **strong),
                           self.run(self.write(values[name][-1]), color=strong.get("color"), mono=True, gap=1)))

    def grid(self, session):
        """Return a spot for each epoch."""
        return (1, len(self.rows)) if self.title.get_visible() and self.rows else None

    def first_spot(self, session):
        """Begin with the last epoch."""
        return 0, len(self.rows) - 1

    def spot_at(self, session, x, y):
        """Return the nearest epoch."""
        left, bottom, width, height = self.box
        if self.grid(session) and any(inside(line.bounds(), x, y) for line in self.ends.values()):
            return self.first_spot(session)
        if not self.grid(session) or not inside((left - DOT, bottom - DOT, width + 2 * DOT, height + 2 * DOT), x, y):
            return None
        return 0, int(np.abs(self.points[:, 0] - x).argmin())

    def account(self, session, row, column):
        """Say what was measured in an epoch."""
        measured, (x, y) = self.rows[column], self.points[column]
        figure = {"color": "text", "mono": True, "gap": 1.5}
        train, test = (round(100 * measured[name], 2) for name in ("train_accuracy", "test_accuracy"))
        runs = (self.run(f"epoch {thousands(measured['epoch'])}", READOUT, "text", bold=True),
                self.run("loss", gap=2), self.run(size(measured["loss"], 4), **figure),
                self.run("as it learned,", gap=1), self.run(size(measured["test_loss"], 4), **figure),
                self.run("on test", gap=1),
                self.run("right", NAME, gap=2), self.run(f"{train:.2f} %", **figure),
                self.run("as it learned,", gap=1), self.run(f"{test:.2f} %", **figure), self.run("on test", gap=1),
                self.run("gap", gap=2), self.run(f"{train:.2f} − {test:.2f} = {number(train - test)}", **figure))
        return runs, (x - 4, y - 4, 8, 8)


def thinned(losses):
    """Return steps and losses, from some hundreds on the means of equally many, for a line as fine as the screen."""
    steps = np.flatnonzero(np.isfinite(losses))
    many = -(-len(steps) // DETAIL)
    if many <= 1:
        return steps + 1.0, losses[steps]
    whole = len(steps) // many * many
    return ((steps[:whole] + 1.0).reshape(-1, many).mean(axis=1), losses[steps[:whole]].reshape(-1, many).mean(axis=1))
