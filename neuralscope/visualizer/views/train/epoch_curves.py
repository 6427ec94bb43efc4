"""A chart of what a training has measured: a value for each epoch, on training and on test digits."""

import numpy as np

from neuralscope.formatting import number, plain, short_size, thousands
from neuralscope.visualizer.drawing.scales import MAX_TICKS, accuracy_scale, epoch_axis_end, epoch_ticks, loss_scale
from neuralscope.visualizer.drawing.shapes import Block, Blocks, Polyline
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import NAME_PT, READOUT_PT, UNITS_PER_INCH, rgb
from neuralscope.visualizer.widgets.panel import Panel, inside

MAX_LINE_POINTS = 200  # points of the line of all batches
DOT_SIZE = 5  # units


class EpochCurves(Panel):
    """Curves over the epochs, their names and last values at their ends; ``train`` and ``test`` name the rows' columns.

    On a log axis a loss shows its ratios, and a share that is right those of what is wrong.
    """

    def __init__(self, surface, name, train, test):
        """Make the artists; with ``train`` "loss" there is a thin line for the batches as they came."""
        super().__init__(surface)
        self.title_text, self.train, self.test, self.is_loss = name, train, test, train == "loss"
        self.title, self.note = self.add(Line()), self.add(Line(align="right"))
        self.grid_lines = self.add(Blocks())
        self.value_labels = [self.add(Line(align="right")) for _ in range(MAX_TICKS)]
        self.epoch_labels = [self.add(Line(align="center")) for _ in range(MAX_TICKS)]
        self.batches = self.add(Polyline(self.theme.faint, 1))
        self.batches.set_zorder(1.2)  # below the others
        self.curves = {train: self.add(Polyline(self.theme.muted, 1.6, (5, 3))),
                       test: self.add(Polyline(self.theme.text, 2))}
        self.rows = ()
        self.dots, self.position_mark = self.add(Blocks()), self.add(Block(self.theme.accent))
        self.ends = {name: self.add(Line()) for name in (test, train)}

    def place(self, box):
        """Put the name above, and numbers left of and below the lines."""
        lead = self.surface.leading
        figures = self.note.measure((self.run("99.99 %", mono=True),)) + 10
        last = self.note.measure((self.run("train", gap=0), self.run("100.00 %", mono=True, gap=1))) + 12
        self.box = box.right_of(box.left + figures).left_of(box.right - last)
        self.title.x, self.note.x = box.left, box.right
        self.title.y = self.note.y = box.top + 13 * lead
        for line in self.epoch_labels:
            line.y = box.bottom - 19 * lead

    def show(self, observation, log):
        """Show a TrainingObservation, on a log axis or not."""
        left, bottom, width, height = self.box
        self.rows = observation.rows
        done = observation.step / observation.steps_per_epoch
        self.end = epoch_axis_end(done, observation.epochs)
        steps, losses = downsampled_losses(observation.losses) if self.is_loss else (np.zeros(0), np.zeros(0))
        epochs = np.array([row["epoch"] for row in self.rows], float)
        values = {name: np.array([row[name] for row in self.rows], float) for name in self.curves}
        self.axis = (loss_scale if self.is_loss else accuracy_scale)(np.concatenate([losses, *values.values()]), log)
        across = {name: self._points(epochs, column) for name, column in values.items()}
        self.batches.set_points(self._points(steps / observation.steps_per_epoch, losses))
        for name, curve in self.curves.items():
            curve.set_points(across[name])
        self.points = across[self.test]
        dots = self.points if 2 * DOT_SIZE * len(self.points) <= width * done / self.end else self.points[-1:]
        self.dots.set_blocks([(x - DOT_SIZE / 2, y - DOT_SIZE / 2, DOT_SIZE, DOT_SIZE) for x, y in dots],
                             np.full((len(dots), 4), (*rgb(self.theme.text), 255)))
        now = left + width * done / self.end
        self.position_mark.set_bounds(now - 0.75, bottom, 1.5 * (done > 0), height)
        self._label(log)
        self._name_ends(values, across)

    def _points(self, epochs, values):
        left, bottom, width, height = self.box
        finite = np.isfinite(values)
        return np.stack([left + width * epochs[finite] / self.end,
                         bottom + height * self.axis.heights(values[finite])], axis=1)

    def _label(self, log):
        left, bottom, width, height = self.box
        ticks = self.axis.ticks
        heights = bottom + height * self.axis.heights(ticks)
        self.title.set_runs(self.name(self.title_text))
        self.note.max_width = self.note.x - self.title.x - self.title.bounds()[2] - 12
        self.note.set_runs(*((self.run(words),) for words in (
            ("thin line: the batches as they came", "thin: batches") if self.is_loss else
            ("log of what is wrong",) if log else ())), ())
        pixel = UNITS_PER_INCH / self.surface.figure.dpi
        self.grid_lines.set_blocks([(left, y - pixel / 2, width, pixel) for y in heights],
                                   np.full((len(heights), 4), (*rgb(self.theme.panel), 255)))
        for line in (*self.value_labels, *self.epoch_labels):
            line.set_runs(())
        for line, tick, y in zip(self.value_labels, ticks, heights, strict=False):
            line.x, line.y = left - 10, y - 4 * self.surface.leading
            line.set_runs((self.run(self.tick(tick), mono=True),))
        for line, epoch in zip(self.epoch_labels, epoch_ticks(self.end), strict=False):
            line.x = left + width * epoch / self.end
            line.set_runs((self.run(str(epoch), mono=True),))

    def tick(self, value):
        """Write a value of the axis."""
        return plain(value) if self.is_loss else f"{100 * value:g} %"

    def write(self, value):
        """Write a value."""
        return short_size(value, 3) if self.is_loss else f"{100 * value:.2f} %"

    def _name_ends(self, values, points):
        """Put name and last value at the end of each curve, one above the other where they would overlap."""
        lead, ends = 15 * self.surface.leading, {}
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
            line.y = ends[name] + floor - 4 * self.surface.leading
            strong = {"color": "text", "bold": True} if name == self.test else {}
            line.set_runs((self.run("test" if name == self.test else "train", **strong),
                           self.run(self.write(values[name][-1]), color=strong.get("color"), mono=True, gap=1)))

    def grid(self, session):
        """Return a cell for each epoch."""
        return (1, len(self.rows)) if self.title.get_visible() and self.rows else None

    def first_cell(self, session):
        """Begin with the last epoch."""
        return 0, len(self.rows) - 1

    def cell_at(self, session, x, y):
        """Return the nearest epoch."""
        left, bottom, width, height = self.box
        if self.grid(session) and any(inside(line.bounds(), x, y) for line in self.ends.values()):
            return self.first_cell(session)
        if not self.grid(session) or not inside(
            (left - DOT_SIZE, bottom - DOT_SIZE, width + 2 * DOT_SIZE, height + 2 * DOT_SIZE), x, y
        ):
            return None
        return 0, int(np.abs(self.points[:, 0] - x).argmin())

    def describe(self, session, row, column):
        """Say what was measured in an epoch."""
        measured, (x, y) = self.rows[column], self.points[column]
        figure = {"color": "text", "mono": True, "gap": 1.5}
        train, test = (round(100 * measured[name], 2) for name in ("train_accuracy", "test_accuracy"))
        runs = (self.run(f"epoch {thousands(measured['epoch'])}", READOUT_PT, "text", bold=True),
                self.run("loss", gap=2), self.run(short_size(measured["loss"], 4), **figure),
                self.run("as it learned,", gap=1), self.run(short_size(measured["test_loss"], 4), **figure),
                self.run("on test", gap=1),
                self.run("right", NAME_PT, gap=2), self.run(f"{train:.2f} %", **figure),
                self.run("as it learned,", gap=1), self.run(f"{test:.2f} %", **figure), self.run("on test", gap=1),
                self.run("gap", gap=2), self.run(f"{train:.2f} − {test:.2f} = {number(train - test)}", **figure))
        return runs, (x - 4, y - 4, 8, 8)


def downsampled_losses(losses):
    """Return steps and losses, from some hundreds on the means of equally many, for a line as fine as the screen."""
    steps = np.flatnonzero(np.isfinite(losses))
    many = -(-len(steps) // MAX_LINE_POINTS)
    if many <= 1:
        return steps + 1.0, losses[steps]
    rows = steps[:len(steps) // many * many].reshape(-1, many)
    return (rows + 1.0).mean(axis=1), losses[rows].mean(axis=1)
