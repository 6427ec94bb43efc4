"""The line of snapshots: a knob at the one that is shown, their epochs below."""

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, rgb
from neuralscope.visualizer.views.snapshots.epoch_axis import EpochAxisPanel

LINE_THICKNESS, KNOB_SIZE, TICK_SIZE = 3, (8, 18), (2, 7)  # units
POINTING_REACH = 11  # units above and below the line in which the mouse takes hold of the knob


class Timeline(EpochAxisPanel):
    """A slider along the snapshots' axis."""

    def __init__(self, surface, axis):
        """Make line, knob and labels."""
        super().__init__(surface, axis)
        self.line, self.filled = self.add(Block(self.theme.hairline)), self.add(Block(self.theme.others))
        self.ticks, self.knob = self.add(Blocks()), self.add(Block(self.theme.accent, zorder=1.3))
        self.name_line = self.add(Line(align="right"))
        self.epoch_line = self.add(Line())
        self.labels = []

    def place(self, y, right):
        """Stand at a height, the labels below it; words may go to ``right``."""
        self.middle, self.box = y, (self.axis.left, y - POINTING_REACH, self.axis.width, 2 * POINTING_REACH)
        self.name_line.x, self.name_line.y = self.axis.left - 12, y - 3.5 * self.surface.leading
        self.epoch_line.x, self.epoch_line.y = self.axis.left + self.axis.width + 12, self.name_line.y
        self.epoch_line.max_width = right - self.epoch_line.x

    def update(self, session, trace):
        """Show where it stands."""
        history, (left, _, width, _) = session.training_history, self.box
        self.shown_snapshot = history.index_of(session.base_network) or 0
        x = self.axis.x(self.shown_snapshot)
        self.line.set_bounds(left, self.middle - LINE_THICKNESS / 2, width, LINE_THICKNESS)
        self.filled.set_bounds(left, self.middle - LINE_THICKNESS / 2, x - left, LINE_THICKNESS)
        self.knob.set_bounds(x - KNOB_SIZE[0] / 2, self.middle - KNOB_SIZE[1] / 2, *KNOB_SIZE)
        at = self.axis.x(np.arange(self.axis.count))
        bounds = [(tick_x - TICK_SIZE[0] / 2, self.middle - TICK_SIZE[1] / 2, *TICK_SIZE) for tick_x in at]
        self.ticks.set_blocks(bounds, [(*rgb(self.theme.faint), 255)] * len(bounds))
        self.name_line.set_runs((self.run("epoch"),))
        epoch = self.run(thousands(int(history.epochs[self.shown_snapshot])), READOUT_PT, "text", mono=True, bold=True)
        self.epoch_line.set_runs((epoch, self.run(f"of {thousands(history.snapshots.epoch_count)}", gap=1)), (epoch,))
        self._label([thousands(int(epoch)) for epoch in history.epochs])

    def _label(self, words):
        """Write the epochs below as many snapshots as there is room for, the last one always."""
        while len(self.labels) < len(words):
            self.labels.append(self.add(Line(align="center")))
        widths = [self.name_line.measure(self.key_end(word)) for word in words]
        step = next(step for step in range(1, len(words) + 1) if step == len(words) or all(
            self.axis.x(snapshot + step) - self.axis.x(snapshot) > (widths[snapshot] + widths[snapshot + step]) / 2 + 8
            for snapshot in range(0, len(words) - step, step)))
        last = len(words) - 1
        free = self.axis.x(last) - widths[last] / 2 - 8
        for snapshot, label in enumerate(self.labels):
            shown = snapshot == last or (snapshot < last and snapshot % step == 0
                                         and self.axis.x(snapshot) + widths[snapshot] / 2 < free)
            label.x, label.y = self.axis.x(snapshot), self.middle - 24 * self.surface.leading
            label.set_runs(self.key_end(words[snapshot]) if shown else ())

    def start_drag(self, session, x, y, button):
        """Take the knob to the point."""
        if button != 1 or self.cell_at(session, x, y) is None:
            return None
        self.session = session
        self.drag(x, y)
        return self

    def drag(self, x, y):
        """Take the knob along."""
        if (snapshot := self.axis.nearest(x)) != self.session.training_history.index_of(self.session.base_network):
            self.session.go_to_snapshot(snapshot)

    def release(self):
        """Leave the knob where it is."""

    def describe(self, session, row, column):
        """Say which snapshot it is, and how well it read."""
        history = session.training_history
        x, misread = self.axis.x(column), ()
        if session.has_labels:
            wrong = f"{thousands(int(history.errors[column]))} of {thousands(len(history.digits))}"
            misread = (self.run("misread", gap=2), self.run(wrong, color="text", mono=True, gap=1.5),
                       self.run(f"test {session.inputs.sample}s;", gap=1))
        return (self.run(f"epoch {thousands(int(history.epochs[column]))}", color="text", bold=True),
                self.run(f"snapshot {column + 1} of {len(history)}", gap=2), *misread,
                self.run("a click or Enter: all views show the network as it was then",
                         gap=0.5 if misread else 2)), (
                    x - KNOB_SIZE[0] / 2, self.middle - KNOB_SIZE[1] / 2, *KNOB_SIZE)
